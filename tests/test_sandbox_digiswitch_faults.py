"""Digiswitch's faults and variants: their registry, and that each can be seen from outside.

The walk below hands its requests to the service itself: what the service answers is what the
server sends, and hundreds of walks over sockets would take minutes.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import re
import tomllib
from pathlib import Path

import pytest

from kontrak.sandbox import Fault, Variant, all_faults, all_variants
from kontrak.sandbox.changes import install
from kontrak.sandbox.digiswitch import ACCOUNT, DigiswitchService
from kontrak.sandbox.http import Framing, SandboxRequest, SandboxResponse
from tests.still_clock import StillClock

CLAUSES = {
    row["id"]: row
    for row in tomllib.loads(
        (Path(__file__).parents[1] / "suites" / "digiswitch" / "clauses.toml").read_text("utf-8")
    )["clause"]
}
FAULTS = all_faults("digiswitch")
VARIANTS = all_variants("digiswitch")
USERNAME, KEY = "sandbox-user", "sandbox-key"
SAMSAT = "0212502110170100"

NUMBERS = {
    "pln": "530000000001 530000000002 530000000003 530000000006 630000000001 630000000006",
    "pdam": "1013226",
    "hp": "081234554320 1013226",
    "internet": "6391601001",
    "bpjs": "8801234560001",
    "multifinance": "6391601201",
    "pbb": "329801092375999991",
    "pgas": "0110014601 0110014602",
    "tv": "127246500101 127246500105",
    "plnnontaglis": "3225030005921",
    "emoney": "082100000001",
    "samsat": f"9658548523568701,{SAMSAT} 9658548523568701 9658548523568701, ,{SAMSAT}",
    "kirimuang": "5830000004 6830000004",
}
"""Customer numbers with a blank between them."""


def md5(*parts: str) -> str:
    return hashlib.md5("".join(parts).encode(), usedforsecurity=False).hexdigest()


def sign(ref_id: str, username: str = USERNAME) -> str:
    return md5(username, KEY, ref_id)


def test_ids_are_words_and_unique() -> None:
    """No fault and no variant shares its id."""
    ids = [*(fault.id for fault in FAULTS), *(variant.id for variant in VARIANTS)]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"digiswitch(-[a-z0-9]+)+", one) for one in ids)


def test_every_clause_has_a_fault() -> None:
    """Also the inferred ones; and no fault cites what the catalogue does not promise."""
    assert {fault.clauses[0] for fault in FAULTS} == set(CLAUSES)
    assert {clause for fault in FAULTS for clause in fault.clauses} <= set(CLAUSES)


def test_sentences_end_and_differ() -> None:
    """Each fault and variant says what it does in a sentence of its own."""
    texts = [*(fault.text for fault in FAULTS), *(variant.text for variant in VARIANTS)]
    assert all(text.endswith(".") for text in texts)
    assert len(set(texts)) == len(texts)


class Walk:
    """A walk through the whole interface, whose answers are compared word by word."""

    def __init__(self, change: Fault | Variant | None = None) -> None:
        self.clock = StillClock()
        self.service = DigiswitchService(ACCOUNT, self.clock)
        if change is not None:
            install(self.service, change)
        self.responses: list[SandboxResponse] = []
        self.refs = (f"W-{number:04d}" for number in itertools.count(1))

    @property
    def heard(self) -> list[tuple[int, bytes]]:
        """Status and body of every answer."""
        return [(one.status, one.body) for one in self.responses]

    def post(self, body: bytes) -> None:
        headers = (("Content-Type", "application/json"),)
        request = SandboxRequest("POST", "/v1/user/api/transaction", (), headers, body)
        self.responses.append(self.service.answer(request))

    def ask(self, **fields: object) -> None:
        self.post(json.dumps(fields).encode())

    def fields(self, command: str, code: str, number: str, ref_id: str) -> dict[str, object]:
        return {
            "command": command, "username": USERNAME, "code": code, "customer_no": number,
            "ref_id": ref_id, "sign": sign(ref_id),
        }  # fmt: skip

    def inquiry(self, number: str = "530000000001", code: str = "pln") -> str:
        ref_id = next(self.refs)
        self.ask(**self.fields("inq-pasca", code, number, ref_id))
        return ref_id

    def pay(self, ref_id: str, number: str = "530000000001", code: str = "pln") -> None:
        self.ask(**self.fields("pay-pasca", code, number, ref_id))

    def status(self, ref_id: str, number: str = "530000000001", code: str = "pln") -> None:
        self.ask(**self.fields("status-pasca", code, number, ref_id))


def numbers_and_payments(walk: Walk) -> None:
    """Numbers of every product, paid twice, asked about twice, and again when they ended."""
    bills = []
    for code, numbers in NUMBERS.items():
        for number in numbers.split(" "):
            ref_id = walk.inquiry(number, code)
            bills.append((ref_id, number, code))
            for _ in range(2):
                walk.pay(ref_id, number, code)
                walk.status(ref_id, number, code)
    walk.inquiry(f"9658548523568701, {SAMSAT}", "samsat")
    walk.inquiry()
    walk.clock.advance(60)
    for bill in bills:
        walk.status(*bill)
        walk.status(*bill)
    walk.inquiry()


def wrong_requests(walk: Walk) -> None:
    """Each payment is wrong in one way; an inquiry that shows the balance follows."""
    values = (None, "", 530000000001, "no words\u00e9'", "x" * 40, "absent", "topup")
    for name in walk.fields("pay-pasca", "", "", ""):
        for value in values:
            changed = walk.fields("pay-pasca", "pln", "530000000001", walk.inquiry())
            changed[name] = value
            if value == "absent":
                del changed[name]
            walk.ask(**changed)
            walk.ask(**changed | {"command": "inq-pasca"})
    for command in ("inq-pasca", "pay-pasca", "status-pasca"):
        ref_id = walk.inquiry()
        right = sign(ref_id)
        wrong = (
            sign("Q")[:16] + right[16:], right[:16] + sign("Q")[16:], right[:-1] + "g",
            sign("NEVER"), sign("W-0001"), "0" * 32, "", right.upper(),
            md5(KEY, ref_id), md5(USERNAME, ref_id), md5(USERNAME, KEY),
            md5(KEY, USERNAME, ref_id), md5(ref_id, USERNAME, KEY),
        )  # fmt: skip
        for one in wrong:
            reported = walk.fields(command, "pln", "530000000001", ref_id)
            walk.ask(**reported | {"sign": one})
            walk.inquiry()
    ref_id = walk.inquiry()
    reported = walk.fields("pay-pasca", "pln", "530000000001", ref_id)
    walk.ask(**reported | {"username": "no_one", "sign": sign(ref_id, "no_one")})
    walk.ask(**reported | {"username": "no_one"})
    walk.ask(**reported | {"customer_no": "530000000002"})
    walk.ask(**reported | {"code": "pdam"})
    walk.inquiry()


def odd_requests(walk: Walk) -> None:
    """Requests that are written in another way, or not well."""
    reported = walk.fields("inq-pasca", "pln", "530000000001", "ODD-1")
    walk.ask(**dict(reversed(reported.items())))
    walk.ask(**reported | {"testing": True})
    walk.ask(**reported | {"testing": "yes"})
    walk.status("ODD-1")
    walk.inquiry("1" * 21)
    walk.inquiry("no digits")
    walk.inquiry("5300-0000-0001")
    plain = json.dumps(reported)
    walk.post(plain.replace('"}', '",}').encode())
    walk.post(json.dumps(reported, indent=1).encode())
    walk.post(json.dumps(reported, separators=(",", ":")).encode())
    walk.post(plain.replace("ODD-1", "OD\\u0044-1").encode())
    for ref_id in (
        "7",
        "0123",
        "odd",
        next(f"Z{n}" for n in range(9_999) if sign(f"Z{n}")[:2] == "00"),
    ):
        walk.ask(**walk.fields("inq-pasca", "pln", "530000000001", ref_id))


def repetition(walk: Walk) -> None:
    """Other users of a ref_id, ref_ids that were never used, and other days."""
    ref_id = walk.inquiry()
    walk.ask(**walk.fields("inq-pasca", "pln", "530000000001", ref_id))
    walk.pay(ref_id)
    walk.pay(ref_id, "530000000002")
    walk.inquiry()
    walk.pay(ref_id, "1013226", "pdam")
    walk.inquiry()
    walk.pay("NEVER")
    walk.inquiry()
    walk.status("NEVER-EITHER")
    late = walk.inquiry()
    walk.clock.advance(86_400)
    walk.pay(late)
    walk.inquiry()


def wrong_statuses(walk: Walk) -> None:
    """Malformed payments and statuses, and statuses that are wrong in one place."""
    ref_id = walk.inquiry()
    payment = walk.fields("pay-pasca", "pln", "530000000001", ref_id)
    walk.post(json.dumps(payment).encode()[:-1])
    walk.inquiry()
    walk.pay(ref_id)
    status = walk.fields("status-pasca", "pln", "530000000001", ref_id)
    walk.post(json.dumps(status).encode()[:-1])
    walk.ask(**status | {"ref_id": []})
    walk.ask(**status | {"command": "status"})
    walk.ask(**status | {"username": "no_one"})


def walked(change: Fault | Variant | None = None) -> Walk:
    walk = Walk(change)
    numbers_and_payments(walk)
    wrong_requests(walk)
    odd_requests(walk)
    repetition(walk)
    wrong_statuses(walk)
    return walk


@pytest.fixture(scope="module")
def honest() -> Walk:
    return walked()


def test_an_honest_service_repeats_itself(honest: Walk) -> None:
    """Two walks hear the same, so that a difference is a change's doing."""
    assert walked().heard == honest.heard
    assert {status for status, _ in honest.heard} == {200, 400}


RACES = {
    "digiswitch-repeat-payment-race",
    "digiswitch-payments-at-once-lose-a-debit",
    "digiswitch-payments-at-once-mixed-up",
}
"""Seen only by two requests at once."""


@pytest.mark.parametrize("fault", [f for f in FAULTS if f.id not in RACES], ids=lambda f: f.id)
def test_every_fault_is_seen_from_outside(honest: Walk, fault: Fault) -> None:
    """Somewhere in the walk an answer is another than the honest one."""
    assert walked(fault).heard != honest.heard


ON_THE_WIRE = {
    f"digiswitch-{name}"
    for name in (
        "chunked",
        "http-1-0",
        "lower-case-headers",
        "upper-case-headers",
        "gzip",
        "hangs-up",
        "slow",
    )
}
IN_HEADERS = {"digiswitch-charset"}


@pytest.mark.parametrize(
    "variant", [v for v in VARIANTS if v.id not in ON_THE_WIRE | IN_HEADERS], ids=lambda v: v.id
)
def test_every_variant_is_seen_from_outside(honest: Walk, variant: Variant) -> None:
    """The answers are others than the plain ones, and all of them are still answers."""
    varied = walked(variant).heard
    assert varied != honest.heard
    assert len(varied) == len(honest.heard)
    assert {status for status, _ in varied} <= {200, 201, 400, 401, 403}


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
    kinds = {dict(one.headers)["Content-Type"] for one in varied.responses}
    assert kinds == {"application/json; charset=utf-8"}
