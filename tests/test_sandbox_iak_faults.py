"""IAK's faults and variants: their registry, and that each of them can be seen from outside.

The walk below hands its requests to the service itself: what the service answers is what the
server sends, and hundreds of walks over sockets would take minutes.
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest

from kontrak.sandbox import Fault, Variant, all_faults, all_variants
from kontrak.sandbox.changes import install
from kontrak.sandbox.http import Framing, SandboxRequest, SandboxResponse
from kontrak.sandbox.iak import ACCOUNT, IakService
from tests.still_clock import StillClock

CLAUSES = {
    row["id"]: row
    for row in tomllib.loads(
        (Path(__file__).parents[1] / "suites" / "iak" / "clauses.toml").read_text(encoding="utf-8")
    )["clause"]
}
FAULTS = all_faults("iak")
VARIANTS = all_variants("iak")
USERNAME, KEY = "081200000000", "sandbox-key"


def md5(*parts: str) -> str:
    return hashlib.md5("".join(parts).encode(), usedforsecurity=False).hexdigest()


def sign(salt: object) -> str:
    return md5(USERNAME, KEY, str(salt))


def test_ids_are_words_and_unique() -> None:
    """No fault and no variant shares its id."""
    ids = [*(fault.id for fault in FAULTS), *(variant.id for variant in VARIANTS)]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"iak(-[a-z0-9]+)+", one) for one in ids)


def test_every_cited_clause_exists() -> None:
    """A fault breaks what the catalogue promises, and nothing else."""
    cited = {clause for fault in FAULTS for clause in fault.clauses}
    assert cited <= set(CLAUSES)


def test_every_clause_has_a_fault() -> None:
    """Also the inferred ones."""
    assert {fault.clauses[0] for fault in FAULTS} == set(CLAUSES)


def test_sentences_end_and_differ() -> None:
    """Each fault and variant says what it does in a sentence of its own."""
    texts = [*(fault.text for fault in FAULTS), *(variant.text for variant in VARIANTS)]
    assert all(text.endswith(".") for text in texts)
    assert len(set(texts)) == len(texts)


def test_all_faults_are_those_of_all_providers() -> None:
    """A provider that does not exist has none."""
    assert set(FAULTS) <= set(all_faults())
    assert all_faults("no_one") == ()
    assert all_variants("no_one") == ()


def as_xml(fields: dict[str, object]) -> bytes:
    inside = "".join(f"<{name}>{value}</{name}>" for name, value in fields.items())
    return f"<mp>{inside}</mp>".encode()


Send = Callable[..., bytes]


class Walk:
    """A walk through the whole interface, whose answers are compared word by word."""

    def __init__(self, change: Fault | Variant | None = None) -> None:
        self.clock = StillClock()
        self.service = IakService(ACCOUNT, self.clock)
        if change is not None:
            install(self.service, change)
        self.responses: list[SandboxResponse] = []

    @property
    def heard(self) -> list[tuple[int, bytes]]:
        """Status and body of every answer."""
        return [(one.status, one.body) for one in self.responses]

    @property
    def kinds(self) -> list[str]:
        """The Content-Type of every answer."""
        return [dict(one.headers)["Content-Type"] for one in self.responses]

    def post(
        self, body: bytes, kind: str = "application/json", path: str = "/api/v1/bill/check"
    ) -> bytes:
        headers = (("Content-Type", kind),)
        response = self.service.answer(SandboxRequest("POST", path, (), headers, body))
        self.responses.append(response)
        return response.body

    def json(self, **fields: object) -> bytes:
        return self.post(json.dumps(fields).encode())

    def xml(self, **fields: object) -> bytes:
        return self.post(as_xml(fields), "application/xml")

    def inquiry(self, ref_id: str, hp: str = "530000000001", **change: object) -> dict[str, object]:
        fields = {
            "commands": "inq-pasca", "username": USERNAME, "code": "PLNPOSTPAID", "hp": hp,
            "ref_id": ref_id, "sign": sign(ref_id),
        }  # fmt: skip
        return {**fields, **change}

    def pay(self, send: Send, answer: bytes, **change: object) -> bytes:
        found = re.search(rb"tr_id\D*?(\d+)", answer)
        tr_id = int(found[1]) if found else 0
        fields = {
            "commands": "pay-pasca",
            "username": USERNAME,
            "tr_id": tr_id,
            "sign": sign(tr_id),
        }
        return send(**{**fields, **change})

    def status(self, send: Send, ref_id: str, **change: object) -> bytes:
        fields = {"commands": "checkstatus", "username": USERNAME, "ref_id": ref_id}
        return send(**{**fields, "sign": sign("cs"), **change})

    def balance(self, sign_: str | None = None) -> None:
        body = {"username": USERNAME, "sign": sign("bl") if sign_ is None else sign_}
        self.post(json.dumps(body).encode(), path="/api/check-balance")


def numbers_and_payments(walk: Walk) -> None:
    """Every documented number in both codecs, paid twice, and asked about."""
    for place in range(1, 10):
        for name, send in (("J", walk.json), ("X", walk.xml)):
            ref_id, hp = f"{name}{place}ABC", f"53000000000{place}"
            answer = send(**walk.inquiry(ref_id, hp))
            walk.status(send, ref_id)
            walk.pay(send, answer)
            walk.balance()
            walk.pay(send, answer)
            for _ in range(3):
                walk.status(send, ref_id)
            walk.balance()


def wrong_requests(walk: Walk) -> None:
    """Each request is wrong in one way; the right one with its ref_id follows."""
    values = (None, "", 530000000001, "no words\u00e9'", "x" * 40, "absent", "inqtest")
    for number, (name, value) in enumerate(product(walk.inquiry(""), values)):
        changed = {**walk.inquiry(f"W{number}X"), name: value}
        if value == "absent":
            del changed[name]
        walk.json(**changed)
    known = walk.inquiry("W2ABC")
    walk.json(**known)
    near = sign("W3ABC")
    ends = (sign("Q")[:16] + near[16:], near[:16] + sign("Q")[16:], near[:-1] + "g")
    for wrong in (*ends, sign("NEVERSEEN"), sign("W2ABC"), "0" * 32, ""):
        walk.json(**walk.inquiry("W3ABC", sign=wrong))
    for parts in ((KEY, "W3ABC"), (USERNAME, KEY), (KEY, USERNAME, "W3ABC")):
        walk.json(**walk.inquiry("W3ABC", sign=md5(*parts)))
    walk.json(**walk.inquiry("W3ABC"))
    for ref_id in ("A-1", "A 1", "R\u00c9F", "A\x01", "7", "0123", "P", "X" * 65):
        walk.json(**walk.inquiry(ref_id))
    stranger = hashlib.md5(f"0899{KEY}W4ABC".encode(), usedforsecurity=False).hexdigest()
    walk.json(**walk.inquiry("W4ABC", username="0899", sign=stranger))
    zeros = next(f"Z{n}" for n in range(100_000) if sign(f"Z{n}").startswith("00"))
    walk.json(**walk.inquiry(zeros))
    unsigned = walk.inquiry("W5ABC")
    del unsigned["sign"]
    walk.json(**unsigned)
    walk.json(**walk.inquiry("W5ABC"))


def odd_documents(walk: Walk) -> None:
    """Documents that are written in another way, or not well."""
    plain = json.dumps(walk.inquiry("D1ABC"))
    walk.post(plain.replace('"}', '",}').encode())
    walk.post(json.dumps(walk.inquiry("D2ABC"), indent=1).encode())
    walk.post(plain.replace("D1ABC", "D3\\u0041BC").replace(sign("D1ABC"), sign("D3ABC")).encode())
    walk.json(**dict(reversed(walk.inquiry("D4ABC").items())))
    walk.post(json.dumps(walk.inquiry("D5ABC")).encode(), "application/xml")
    expanding = b'<!DOCTYPE mp [<!ENTITY hp "530000000001">]>'
    walk.post(expanding + as_xml(walk.inquiry("D6ABC", hp="&hp;")), "application/xml")
    walk.post(as_xml(walk.inquiry("D7ABC")), "text/xml")
    walk.post(b"<mp><commands>inq-pasca</commands>", "application/xml")
    walk.post(json.dumps(walk.inquiry("D8ABC"), separators=(",", ":")).encode())
    walk.json(**walk.inquiry("D11ABC", "5300-0000-0001"))
    walk.json(**walk.inquiry("D12ABC", commands="INQ-PASCA"))
    walk.json(**walk.inquiry("d9abc"))
    section = as_xml(walk.inquiry("D10ABC")).replace(b"PLNPOSTPAID", b"<![CDATA[PLNPOSTPAID]]>")
    walk.post(section, "application/xml")


def repeated_requests(walk: Walk) -> None:
    """The same ref_id again, other users of it, wrong signs elsewhere, and other days."""
    first = walk.json(**walk.inquiry("R1ABC"))
    walk.json(**walk.inquiry("R1ABC"))
    walk.json(**walk.inquiry("R1ABC", "530000000002"))
    walk.xml(**walk.inquiry("R1ABC"))
    found = re.search(rb"tr_id\D*?(\d+)", first)
    tr_id = found[1].decode() if found else "0"
    for parts in ((KEY, USERNAME, tr_id), (tr_id, USERNAME, KEY)):
        walk.pay(walk.json, first, sign=md5(*parts))
    for wrong in ("f" * 32, "", "no"):
        walk.pay(walk.json, first, sign=wrong)
        walk.status(walk.json, "R1ABC", sign=wrong)
        walk.balance(wrong)
    walk.balance()
    walk.pay(walk.json, first)
    walk.json(**walk.inquiry("R1ABC"))
    walk.pay(walk.json, b'"tr_id": 1')
    walk.status(walk.json, "NEVERUSED")
    walk.balance()
    pending = walk.json(**walk.inquiry("R2ABC", "530000000007"))
    walk.pay(walk.json, pending)
    late = walk.json(**walk.inquiry("R3ABC"))
    walk.clock.advance(60)
    for _ in range(3):
        walk.status(walk.json, "R2ABC")
    walk.clock.advance(86_400)
    walk.pay(walk.json, late)
    walk.balance()
    older, _ = (walk.json(**walk.inquiry(f"R{number}ABC")) for number in (4, 5))
    walk.pay(walk.json, older)
    walk.pay(walk.json, b"", tr_id="", sign=sign(""))
    walk.status(walk.json, "")


def wrong_payments(walk: Walk) -> None:
    """Payments and status requests that are wrong in one place each, or malformed."""
    for name, send, kind in (
        ("J", walk.json, "application/json"),
        ("X", walk.xml, "application/xml"),
    ):
        ref_id = f"{name}P1ABC"
        answer = send(**walk.inquiry(ref_id))
        found = re.search(rb"tr_id\D*?(\d+)", answer)
        tr_id = found[1].decode() if found else "0"
        stranger = {"username": "0899", "sign": md5("0899", KEY, tr_id)}
        for change in (
            {"commands": "pay"},
            stranger,
            {"tr_id": f"{tr_id}x", "sign": sign(f"{tr_id}x")},
        ):
            walk.pay(send, answer, **change)
        walk.pay(walk.json, answer, tr_id=[])
        fields: dict[str, object] = {
            "commands": "pay-pasca",
            "username": USERNAME,
            "tr_id": tr_id,
            "sign": sign(tr_id),
        }
        walk.post(_cut(fields, kind), kind)
        walk.pay(send, answer)
        stranger = {"username": "0899", "sign": md5("0899", KEY, "cs")}
        for change in ({"commands": "status"}, stranger):
            walk.status(send, ref_id, **change)
        walk.status(send, f"{ref_id}x")
        walk.json(commands="checkstatus", username=USERNAME, ref_id=[], sign=sign("cs"))
        asked = {"commands": "checkstatus", "username": USERNAME, "ref_id": ref_id}
        walk.post(_cut({**asked, "sign": sign("cs")}, kind), kind)


def _cut(fields: dict[str, object], kind: str) -> bytes:
    """A body without its last character."""
    whole = json.dumps(fields).encode() if kind == "application/json" else as_xml(fields)
    return whole[:-1]


def walked(change: Fault | Variant | None = None) -> Walk:
    walk = Walk(change)
    numbers_and_payments(walk)
    wrong_requests(walk)
    odd_documents(walk)
    repeated_requests(walk)
    wrong_payments(walk)
    return walk


@pytest.fixture(scope="module")
def honest() -> Walk:
    return walked()


def test_an_honest_service_repeats_itself(honest: Walk) -> None:
    """Two walks hear the same, so that a difference is a change's doing."""
    assert walked().heard == honest.heard
    assert {status for status, _ in honest.heard} == {200, 400}


RACES = {"iak-repeat-payment-race", "iak-repeat-ref-id-race"}
"""Seen only by two requests at once, in test_sandbox_iak.py."""


@pytest.mark.parametrize("fault", [f for f in FAULTS if f.id not in RACES], ids=lambda f: f.id)
def test_every_fault_is_seen_from_outside(honest: Walk, fault: Fault) -> None:
    """Somewhere in the walk an answer is another than the honest one."""
    wrong = walked(fault)
    assert (wrong.heard, wrong.kinds) != (honest.heard, honest.kinds)


ON_THE_WIRE = {
    "iak-chunked",
    "iak-gzip",
    "iak-hangs-up",
    "iak-http-1-0",
    "iak-lower-case-headers",
    "iak-slow",
    "iak-upper-case-headers",
}
IN_HEADERS = {"iak-charset", "iak-text-xml", "iak-content-type-as-asked"}


@pytest.mark.parametrize(
    "variant", [v for v in VARIANTS if v.id not in ON_THE_WIRE | IN_HEADERS], ids=lambda v: v.id
)
def test_every_variant_is_seen_from_outside(honest: Walk, variant: Variant) -> None:
    """The answers are others than the plain ones, and all of them are still answers."""
    varied = walked(variant).heard
    assert varied != honest.heard
    assert len(varied) == len(honest.heard)
    assert {status for status, _ in varied} <= {200, 400}


@pytest.mark.parametrize(
    "variant", [v for v in VARIANTS if v.id in ON_THE_WIRE], ids=lambda v: v.id
)
def test_variants_of_the_wire_change_the_framing_alone(honest: Walk, variant: Variant) -> None:
    """Status and body stay as they were."""
    varied = walked(variant)
    assert varied.heard == honest.heard
    assert {one.framing for one in varied.responses} != {Framing()}


@pytest.mark.parametrize("variant", [v for v in VARIANTS if v.id in IN_HEADERS], ids=lambda v: v.id)
def test_variants_of_headers_change_them_alone(honest: Walk, variant: Variant) -> None:
    """Status and body stay as they were, the Content-Type does not."""
    varied = walked(variant)
    assert varied.heard == honest.heard
    assert varied.kinds != honest.kinds
    assert all(re.match(r"(application|text)/(json|xml|plain)", kind) for kind in varied.kinds)
