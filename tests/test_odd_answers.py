"""Whatever a provider answers: no crash, no hang, and the right exit code."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace

import pytest

from kontrak.clauses.text_template import LONGEST_TEXT, Mismatch, Template
from kontrak.config.paths import ROOT
from kontrak.config.registry import PROVIDERS
from kontrak.exchange import Exchange, Reply, Request
from kontrak.judging.downgrade import blocked_skips
from kontrak.judging.expect import Blocked
from kontrak.judging.outcome import SOFT
from kontrak.masking.layers import _BACKSLASH
from kontrak.masking.personal import Personal
from kontrak.providers.httpget.answer import TextAnswer
from kontrak.providers.tokopedia.relations import measured, value
from tests.odd_answers.__main__ import Counts, by_body, by_suite, by_wire
from tests.odd_answers.bodies import Oddity
from tests.odd_answers.suite import breaks
from tests.odd_answers.ways import WAYS, Arena, Ended, faults

DRAWN = {"probe": 60, "doctor": 8, "compare": 12, "reconcile": 12}
SEED = int(os.environ.get("KONTRAK_ODD_SEED", "1"))
"""What is drawn; another seed draws others."""


@pytest.fixture(scope="module", params=PROVIDERS)
def arena(request: pytest.FixtureRequest) -> Iterator[Arena]:
    with Arena(request.param) as arena:
        yield arena


@pytest.mark.parametrize("way", WAYS)
def test_odd_bodies_end_in_the_right_code(way: str, arena: Arena) -> None:
    counts = Counts()
    by_body(arena, way, DRAWN[way], SEED, counts)
    assert not counts.wrong, "\n".join(counts.wrong)
    assert counts.sent.total() >= DRAWN[way]


def test_half_a_surrogate_pair_reaches_no_ledger(arena: Arena) -> None:
    """It stands in an RC or in a reference, which a ledger is written with or asked for."""
    found = [one for one in arena.catalogue("reconcile") if "half" in str(one)]
    assert len(found) > 20
    for one in found:
        ended = arena.go("reconcile", one)
        assert not faults("reconcile", ended, one, provider=arena.provider), one


@pytest.mark.parametrize("way", ["doctor", "compare", "reconcile"])
def test_odd_http_ends_in_the_right_code(way: str, arena: Arena) -> None:
    counts = Counts()
    by_wire(arena, way, 8, SEED, counts)
    assert not counts.wrong, "\n".join(counts.wrong)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="suites are played in forks")
@pytest.mark.parametrize("provider", PROVIDERS)
def test_odd_answers_in_whole_runs_end_in_the_right_code(provider: str) -> None:
    counts = Counts()
    by_suite(provider, 1, SEED, counts)
    assert not counts.wrong, "\n".join(counts.wrong)
    assert counts.sent.total() > 50


@pytest.mark.skipif(not hasattr(os, "fork"), reason="suites are played in forks")
def test_a_target_that_never_repeats_itself_is_no_fault_of_ours() -> None:
    """Hypothesis plays a story again that the target then answers otherwise."""
    counts = Counts()
    by_suite("rqid", 1, 29, counts)
    assert not counts.wrong, "\n".join(counts.wrong)


def test_the_command_says_what_it_sent() -> None:
    command = [sys.executable, "-m", "tests.odd_answers", "--draw=3", "-p", "iak", "--way=probe"]
    ended = subprocess.run(  # noqa: S603 - our own interpreter and arguments
        command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert re.search(r"probe +iak +3\n", ended.stdout)
    assert "0 wrong" in ended.stdout


def test_what_is_wrong_is_seen() -> None:
    assert faults("doctor", Ended(4, "")) == ["exit code 4"]
    assert faults("compare", Ended(3, "error: a fault of kontrak's own: X"))
    assert faults("probe", Ended(0, "\x1b[2J"))
    assert not faults("reconcile", Ended(1, "THE BOOKS DO NOT AGREE"))


def test_a_broken_judged_place_is_seen() -> None:
    with Arena("iak") as arena:
        arena.go("probe")
        (honest,) = next(iter(arena.sandbox.kept.values()))
    document = json.loads(honest.body)

    def broken(**members: object) -> bool:
        changed = {**document, "data": {**document["data"], **members}}
        return breaks("iak", honest.body, json.dumps(changed).encode())

    assert not broken()
    assert not broken(undocumented=1)
    assert broken(price=None)


class TestKindsThatWereFound:
    """One test for every kind of answer that broke something."""

    def test_a_name_with_half_a_surrogate_pair_is_learnt(self) -> None:
        personal = Personal()
        personal.look(_exchange(b'{"tr_name": "RINA KARTIKA \\ud83d"}'))
        assert "KARTIKA" not in personal.hide("of RINA KARTIKA \ud83d here")

    def test_a_name_beside_a_number_of_5000_digits_is_learnt(self) -> None:
        personal = Personal()
        body = b'{"tr_name": "RINA KARTIKA", "price": ' + b"7" * 5_000 + b"}"
        personal.look(_exchange(body))
        assert "KARTIKA" not in personal.hide("of RINA KARTIKA here")

    def test_a_megabyte_of_blanks_hides_no_name_and_costs_nothing(self) -> None:
        personal = Personal()
        personal.look(_exchange(b"DATA: RINA KARTIKA" + b" " * 500_000))
        personal.look(_exchange(b"DATA: RINA KARTIKA TAGIHAN:5"))
        assert "KARTIKA" not in personal.hide("of RINA KARTIKA here")

    def test_a_run_of_backslashes_is_looked_at_once(self) -> None:
        assert [one[0] for one in _BACKSLASH.finditer("\\" * 300_000 + " \\\\u0041")] == [
            "\\\\u0041"
        ]

    def test_a_text_longer_than_any_of_a_purchase_is_none(self) -> None:
        template = Template("CEK {product:code}.{dest:customer} SUKSES {name:text} END")
        with pytest.raises(Mismatch, match="end of the text"):
            template.read("CEK PLN.1 SUKSES " + "SUKSES " * 100_000)
        assert template.reads("CEK PLN.1 SUKSES RINA END")
        answer = TextAnswer(_exchange(b"saldo = 5 " + b" " * LONGEST_TEXT), None)
        assert answer.saldo is None
        wrapped = TextAnswer(_exchange(b'{"text": "saldo = 5"' + b" }" * 300_000), None)
        assert wrapped.saldo is None
        assert TextAnswer(_exchange(b'{"text": "saldo = 5"}'), None).saldo == 5

    def test_generated_requests_that_are_all_blocked_are_a_skip(self) -> None:
        blocked = [Blocked("RQID-BALANCE-SALDO"), Blocked("RQID-BALANCE-FREE")]
        item = _Item()
        with (
            pytest.raises(pytest.skip.Exception, match="hidden behind RQID-BALANCE-SALDO"),
            blocked_skips(item),  # type: ignore[arg-type] # the stash is all it needs
        ):
            raise ExceptionGroup("several", blocked)
        assert item.stash[SOFT] is blocked[0]

    def test_what_is_blocked_beside_another_error_does_not_hide_it(self) -> None:
        with pytest.raises(ExceptionGroup), blocked_skips(_Item()):  # type: ignore[arg-type] # as above
            raise ExceptionGroup("several", [Blocked("RQID-BALANCE-SALDO"), ZeroDivisionError()])

    @pytest.mark.parametrize("text", ["7" * 5_000, "Rp " + "7" * 5_000, "-Rp " + "7" * 5_000])
    def test_an_entry_of_5000_digits_is_no_amount(self, text: str) -> None:
        assert measured(text) is None
        assert measured("Rp 302.500") == 302_500

    @pytest.mark.parametrize(
        "fields", ["x", 1e308, {"a": 1}, [None, 1, []], [{"value": "5"}], [{"name": "nominal"}]]
    )
    def test_fields_that_are_no_list_of_entries_name_nothing(self, fields: object) -> None:
        order = {"data": {"attributes": {"fields": fields}}}
        assert value("order.nominal", {"order": order}) is None

    @pytest.mark.parametrize("way", ["doctor", "compare", "reconcile"])
    @pytest.mark.parametrize(("token", "words"), [("7", "ACCESS"), ('"a b"', "no header")])
    def test_a_token_that_is_none_ends_in_a_line(self, way: str, token: str, words: str) -> None:
        body = f'{{"access_token": {token}, "expires_in": 3600}}'.encode()
        with Arena("tokopedia") as arena:
            odd = Oddity("POST /token", "no token", lambda one: replace(one, body=body))
            ended = arena.go(way, odd)
        assert ended.code == 3, ended.output
        assert not faults(way, ended)
        assert words in ended.output


class _Item:
    """A test item as far as it is needed here."""

    def __init__(self) -> None:
        self.stash = pytest.Stash()


def _exchange(body: bytes) -> Exchange:
    request = Request("GET", "http://x.invalid/", (), b"", "a request", right=True)
    return Exchange(request, Reply(200, "OK", (("Content-Type", "text/plain"),), body), 0.0, 0.0)
