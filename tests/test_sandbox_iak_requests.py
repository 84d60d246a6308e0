"""The imitation of IAK: what it refuses, and what is asked twice."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import requests

from kontrak.sandbox import Sandbox
from tests.iak_partner import EIGHT, KEY, ONE, USERNAME, Partner, md5, together

# Requests


@pytest.mark.parametrize(
    ("name", "sign"),
    [
        ("wrong", "0" * 32),
        ("empty", ""),
        ("foreign", md5(USERNAME + KEY + "SOMEOTHER")),
        ("upper-case", md5(USERNAME + KEY + "SIGNTABLE").upper()),
        ("without key", md5(USERNAME + "SIGNTABLE")),
        ("half", md5(USERNAME + KEY + "SIGNTABLE")[:16]),
    ],
)
def test_a_wrong_sign_is_refused_and_nothing_happens(iak: Partner, name: str, sign: str) -> None:
    """RC 100, and the ref_id stays free."""
    request = iak.inquiry(ref_id="SIGNTABLE")
    assert iak.ask(**{**request, "sign": sign})["response_code"] == "100", name
    assert iak.ask(**request)["response_code"] == "00"


def test_a_missing_sign_and_an_unknown_user_are_refused(iak: Partner) -> None:
    """RC 100 for both."""
    request = iak.inquiry()
    unsigned = {name: value for name, value in request.items() if name != "sign"}
    assert iak.ask(**unsigned)["response_code"] == "100"
    stranger = {**request, "username": "089900000000"}
    stranger["sign"] = md5(stranger["username"] + KEY + request["ref_id"])
    assert iak.ask(**stranger)["response_code"] == "100"


def test_every_command_has_its_own_signature(iak: Partner) -> None:
    """The sign of one is refused by another; check-balance has the prepaid code for it."""
    bill = iak.inquire()
    ref_sign = md5(USERNAME + KEY + bill["ref_id"])
    paying = {"commands": "pay-pasca", "username": USERNAME, "tr_id": bill["tr_id"]}
    asking = {"commands": "checkstatus", "username": USERNAME, "ref_id": bill["ref_id"]}
    assert iak.ask(**paying, sign=ref_sign)["response_code"] == "100"
    assert iak.ask(**asking, sign=ref_sign)["response_code"] == "100"
    answer = requests.post(
        f"{iak.sandbox.url}/api/check-balance",
        json={"username": USERNAME, "sign": ref_sign},
        timeout=30,
    )
    assert answer.json()["data"] == {"rc": "204", "message": "WRONG AUTHENTICATION"}
    assert iak.status(bill["ref_id"])["status"] == 0


@pytest.mark.parametrize("name", ["commands", "username", "code", "hp", "ref_id"])
@pytest.mark.parametrize("value", [None, "", 7, True, [], {}, "absent"])
def test_mandatory_fields_are_text(iak: Partner, name: str, value: object) -> None:
    """Absent, empty or of another type: RC 107 with HTTP 400."""
    request: dict[str, object] = {**iak.inquiry(), name: value}
    if value == "absent":
        del request[name]
    answer = requests.post(f"{iak.sandbox.url}/api/v1/bill/check", json=request, timeout=30)
    assert answer.status_code == 400
    assert answer.json()["data"]["response_code"] == "107"


@pytest.mark.parametrize(
    ("change", "rc"),
    [
        ({"commands": "inq-prabayar"}, "101"),
        ({"code": "PLNNONH"}, "20"),
        ({"ref_id": "A-1"}, "03"),
        ({"ref_id": "A 1"}, "03"),
        ({"ref_id": "A1\n"}, "03"),
        ({"ref_id": "RÉF1"}, "03"),
        ({"ref_id": "A" * 65}, "03"),
    ],
)
def test_wrong_values_are_refused(iak: Partner, change: dict[str, str], rc: str) -> None:
    """Each with the code that says what is wrong."""
    request = {**iak.inquiry(), **change}
    request["sign"] = md5(USERNAME + KEY + request["ref_id"])
    assert iak.ask(**request)["response_code"] == rc


MALFORMED_JSON = [
    b"", b"{", b"[]", b"null", b'"text"', b"{'commands': 'inq-pasca'}", b'{"a": 1,}',
    b'{"hp": "1", "hp": "2"}', b'{"hp": NaN}', b"\xff\xfe{\x00}\x00", b'{"hp": "\xe9"}',
    b'{"hp": "\\ud800"}', b"[" * 100_000, b'{"hp": ' + b"9" * 5_000 + b"}",
]  # fmt: skip


@pytest.mark.parametrize("body", MALFORMED_JSON, ids=range(len(MALFORMED_JSON)))
def test_malformed_json_is_refused(iak: Partner, body: bytes) -> None:
    """RC 107 with HTTP 400."""
    answer = iak.send(body)
    assert answer.status_code == 400
    assert answer.json()["data"]["response_code"] == "107"


MALFORMED_XML = [
    b"", b"<mp>", b"<mq></mq>", b"<mp><hp>1</hp><hp>2</hp></mp>", b"<mp><hp><b/></hp></mp>",
    b'<!DOCTYPE mp><mp/>', b'<!DOCTYPE mp [<!ENTITY a "b">]><mp><hp>&a;</hp></mp>',
    b'<?xml version="1.0" encoding="klingon"?><mp/>', b"<mp>&nbsp;</mp>", b"{}", b"<mp>\x00</mp>",
]  # fmt: skip


@pytest.mark.parametrize("body", MALFORMED_XML, ids=range(len(MALFORMED_XML)))
def test_malformed_xml_is_refused(iak: Partner, body: bytes) -> None:
    """RC 107 with HTTP 400, in XML; a document type counts as malformed."""
    answer = iak.send(body, "application/xml")
    assert answer.status_code == 400
    assert b"<response_code>107</response_code>" in answer.content


def test_other_content_types_and_methods_are_refused(iak: Partner) -> None:
    """The body alone does not say what it is."""
    assert iak.send(b"{}", "text/plain").status_code == 400
    assert requests.get(f"{iak.sandbox.url}/api/v1/bill/check", timeout=30).status_code == 400


def test_another_account_may_be_configured() -> None:
    """Its own key signs, the default one does not."""
    with Sandbox(accounts={"iak": {"api_key": "another"}}) as sandbox:
        partner = Partner(sandbox)
        request = partner.inquiry()
        assert partner.ask(**request)["response_code"] == "100"
        request["sign"] = md5(USERNAME + "another" + request["ref_id"])
        assert partner.ask(**request)["response_code"] == "00"


# Repetition


@pytest.mark.parametrize("hp", [ONE, EIGHT, "530000000005"])
def test_a_used_ref_id_is_refused(iak: Partner, hp: str) -> None:
    """RC 11, even if its inquiry was refused; the first bill stays payable."""
    first = iak.inquire(hp, "USED")
    assert iak.inquire(ONE, "USED")["response_code"] == "11"
    assert iak.ask_xml(**iak.inquiry(ONE, "USED")).findtext("response_code") == "11"
    if "tr_id" in first:
        assert iak.pay(first["tr_id"])["response_code"] == "00"


def test_of_simultaneous_inquiries_one_is_accepted(iak: Partner) -> None:
    """The other ones have RC 11."""
    answers = together(*[lambda: iak.inquire(ONE, "RACE")] * 6)
    assert sorted(one["response_code"] for one in answers) == ["00", *["11"] * 5]


def test_simultaneous_payments_debit_once(iak: Partner) -> None:
    """One is a success, the others find the bill paid."""
    bill, before = iak.inquire(), iak.balance()
    answers = together(*[lambda: iak.pay(bill["tr_id"])] * 6)
    assert sorted(one["response_code"] for one in answers) == ["00", *["34"] * 5]
    assert before - iak.balance() == bill["selling_price"]


def test_the_racing_faults_are_seen_from_outside(iak_with: Callable[[str], Partner]) -> None:
    """Two at once get what one may have; one after the other do not."""
    iak = iak_with("iak-repeat-payment-race")
    bill, before = iak.inquire(), iak.balance()
    answers = together(*[lambda: iak.pay(bill["tr_id"])] * 2)
    assert [one["response_code"] for one in answers] == ["00", "00"]
    assert before - iak.balance() == 2 * bill["selling_price"]
    assert iak.pay(bill["tr_id"])["response_code"] == "34"

    iak = iak_with("iak-repeat-ref-id-race")
    answers = together(*[lambda: iak.inquire(ONE, "RACE")] * 2)
    assert [one["response_code"] for one in answers] == ["00", "00"]
    assert iak.inquire(ONE, "RACE")["response_code"] == "11"
