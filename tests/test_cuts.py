"""What is too long is masked first and cut afterwards, at every place that cuts."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable, Iterator

import pytest

from kontrak.clauses.catalogue import find
from kontrak.clauses.shapes import received
from kontrak.clauses.text_template import Mismatch
from kontrak.config.paths import ROOT
from kontrak.exchange import Exchange, Reply, Request, Spend
from kontrak.http.connection import Attempt
from kontrak.http.deadline import Deadline
from kontrak.http.transport import _too_many
from kontrak.judging.expect import Finding
from kontrak.judging.failure_text import curl, deviation_text, http_attachment
from kontrak.limits.kill_switch import Switch
from kontrak.limits.ledger import Ledger
from kontrak.limits.spend_guard import Gate
from kontrak.masking.masker import MASK, Masker, excerpt, shorten

KEY = "kunciRahasia2026abcdEFGHwxyz"
PHRASE = "my very long secret phrase"
LEAST = 6
"""So many characters in a row distinguish a part of a secret from chance."""


def exchange(body: bytes = b"", *, request: bytes = b"", header: str = "") -> Exchange:
    headers = (("Retry-After", header), ("Content-Type", "text/plain"))
    asked = Request("POST", "http://127.0.0.1/x", (), request, "inq")
    return Exchange(asked, Reply(429, "Too Many", headers, body), 0.0, 0.1)


def _reply(text: str, masker: Masker) -> str:
    return deviation_text(
        find("IAK-ECHO-HP"), [Finding("x", "y")], [exchange(text.encode())], masker
    )


def _finding(text: str, masker: Masker) -> str:
    return deviation_text(find("IAK-ECHO-HP"), [Finding("x", received(text))], [], masker)


def _attachment(text: str, masker: Masker) -> str:
    reported = json.loads(http_attachment(exchange(text.encode()), masker)[1])
    return str(reported["response"]["body"]["value"])


def _rc(text: str, masker: Masker) -> str:
    ledger = Ledger(":memory:")
    gate = Gate(ledger, masker, run="r", provider="iak", target="t", kind="sandbox")
    gate.undocumented("ref", text)
    entry = gate.before(exchange().request, Spend(1, "p", "c", "ref"))
    gate.settle(entry, text, "pending")
    kept = [str(one.rc) for one in ledger.entries(target="t")]
    return json.dumps([*kept, *Switch(ledger, "r").notes()])


def _retry_after(text: str, _: Masker) -> str:
    attempt = Attempt("here", "/", 1.0, Deadline(1.0))
    return str(_too_many(exchange(header=text), attempt))


def _mismatch(text: str, _: Masker) -> str:
    return str(Mismatch("SN:", 30, text))


CUTS: dict[str, tuple[Callable[[str, Masker], str], int]] = {
    "the reply in a message": (_reply, 600),
    "a value received": (_finding, 159),
    "an attachment": (_attachment, 65_536),
    "the body of a curl line": (
        lambda text, masker: curl(exchange(request=text.encode()), masker), 2_000,
    ),
    "Retry-After": (_retry_after, 40),
    "a template's mismatch, from": (_mismatch, 30),
    "a template's mismatch, to": (_mismatch, 50),
    "shorten": (lambda text, masker: shorten(text, 100, masker), 100),
    "the beginning that is masked at all": (
        lambda text, masker: shorten(text, 20, masker), 20 + 65_536,
    ),
}  # fmt: skip


@pytest.mark.parametrize("secret", [KEY, PHRASE, KEY.encode().hex(), "%6B" + KEY[1:]])
@pytest.mark.parametrize(("show", "limit"), CUTS.values(), ids=CUTS.keys())
def test_no_part_of_a_secret_across_a_cut_is_written(
    show: Callable[[str, Masker], str], limit: int, secret: str
) -> None:
    masker = Masker([KEY, PHRASE])
    parts = {secret[at : at + LEAST] for at in range(len(secret) - LEAST + 1)}
    # At the ends and in the middle for what takes long, at every place for the rest.
    step = 1 if limit < 1_000 else 7
    for begin in range(limit - len(secret) - 2, limit + 3, step):
        shown = show(f"{'.' * begin}{secret}{'.' * 70}", masker)
        assert not [part for part in parts if part in shown], (begin, shown)


def test_a_long_response_code_is_cut_behind_the_masker() -> None:
    masker = Masker([KEY])
    for begin in range(30, 70):
        shown = _rc("7" * begin + KEY, masker)
        assert KEY[:LEAST] not in shown


def test_a_secret_is_masked_before_its_words_are_wrapped_or_joined() -> None:
    masker = Masker([PHRASE])
    for words in range(20, 32):
        text = deviation_text(
            find("IAK-ECHO-HP"), [Finding("x", "word " * words + PHRASE)], [], masker
        )
        assert MASK in text
        assert "secret phrase" not in text
        assert "my very" not in text
    spread = PHRASE.replace(" ", "\n\n  ")
    assert "secret" not in _reply(spread, masker)


def test_what_is_short_enough_is_left_alone() -> None:
    assert shorten(f"x {KEY}", 40, Masker([KEY])) == f"x {KEY}"
    assert received({"a": 1}) == '{"a": 1}'


def test_an_excerpt_keeps_its_place() -> None:
    Masker([KEY])
    assert excerpt("abcdefgh", 2, 3) == "cde"


# Slices of what others have written happen in ``cut`` and ``excerpt``. These are not of such a
# text: what is cut is ours or a list, is never written, or has been masked before.
OURS = """
allure_bridge.py:attach_evidence baseline.py:_require_whole baseline.py:accept
chat_summary.py:_few chat_summary.py:digest compare.py:compare difference.py:_provider
doctor.py:doctor document.py:checked document.py:text doubt.py:_judged drift.py:_run
first_page.py:_listed history.py:history_of install.py:_fingerprint inventory.py:_walk
lists.py:_bill lists.py:_spread lists.py:align merge.py:_clause merge.py:_write outcome.py:_facts
packing.py:_content packing.py:packed page.py:_fetch_nothing page.py:_look_at_address
plugin.py:_begin reconcile.py:reconcile refusals.py:_dash_in_ref_id refusals.py:_malformed_body
run_lock.py:_account run_summary.py:lines session.py:ask
settings.py:other_number shop.py:taken statement.py:verify strategies.py:document
strategies.py:malformed_json strategies.py:malformed_xml strategies.py:without_one
strategies.py:wrong_ref_ids strategies.py:wrong_texts terminal.py:_few
text_template.py:_break text_template.py:_mismatch text_template.py:_pieces waivers.py:_entry
waivers.py:parse_waivers words.py:_few wrong.py:names
"""
NEVER_WRITTEN = """
amounts.py:digits_of answer.py:is_plain encodings.py:_found encodings.py:add formats.py:_month
inventory.py:_walk layers.py:_base64_pieces layers.py:_hex_pieces layers.py:_undone personal.py:
personal.py:_members trouble.py:is_page
"""
MASKED_BEFORE = """
chat_summary.py:_cut masker.py:_mask_known masker.py:blotted masker.py:cut masker.py:excerpt
personal.py:_begin personal.py:short_number verdicts.py:turned
"""
APART = ("sandbox", "derive", "selfcheck")
"""The answering side, what makes fixtures, and what plays faults of the sandbox."""


def _cuts(node: ast.AST, function: str = "") -> Iterator[str]:
    for inner in ast.iter_child_nodes(node):
        if isinstance(inner, ast.Subscript) and isinstance(inner.slice, ast.Slice):
            if inner.slice.upper is not None:
                yield function
        elif isinstance(inner, ast.Attribute) and inner.attr in ("truncate", "shorten"):
            yield function
        yield from _cuts(inner, inner.name if isinstance(inner, ast.FunctionDef) else function)


def test_text_of_others_is_cut_in_one_place_only() -> None:
    package = ROOT / "kontrak"
    found = {
        f"{path.name}:{function}"
        for path in package.rglob("*.py")
        if path.relative_to(package).parts[0] not in APART
        for function in _cuts(ast.parse(path.read_text(encoding="utf-8")))
    }
    known = {*OURS.split(), *NEVER_WRITTEN.split(), *MASKED_BEFORE.split()}
    assert found - known == set(), "mask first and cut afterwards: use masking.shorten"
