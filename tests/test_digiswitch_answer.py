"""digiswitch: answers are read leniently, and what cannot be read blocks behind its own clause."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from kontrak.clauses.catalogue import find
from kontrak.clauses.response_codes import Outcome
from kontrak.config.paths import FIXTURES
from kontrak.errors import NotTheInterface
from kontrak.exchange import Exchange, Reply, Request
from kontrak.http.body import read_json
from kontrak.judging.expect import Blocked, Deviation, judge_place
from kontrak.providers.digiswitch import DigiswitchAnswer
from kontrak.providers.digiswitch.probe import require_interface
from kontrak.providers.digiswitch.refusal import expect_refused


def answer(
    document: Any, product: str = "pln", command: str = "pay-pasca", status: int = 200
) -> DigiswitchAnswer:
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    request = Request("POST", "http://127.0.0.1/v1/user/api/transaction", (), b"", "pay-pasca")
    reply = Reply(status, "OK", (("Content-Type", "application/json"),), body)
    read = read_json(Exchange(request, reply, 0.0, 0.0))
    asked = {"command": command}
    return DigiswitchAnswer(read.exchange, read.document, read.malformed, asked, product)


def example(product: str = "pln") -> dict[str, Any]:
    path = FIXTURES / "digiswitch" / product / "payment_response.json"
    found: dict[str, Any] = json.loads(path.read_bytes())
    return found


@pytest.mark.parametrize(
    ("rc", "status", "message", "outcome"),
    [
        ("00", "Sukses", "Transaksi Sukses", Outcome.SUCCESS),
        ("02", "Gagal", "Transaksi Gagal", Outcome.FAILED),
        ("03", "Pending", "Transaksi Pending", Outcome.PENDING),
        ("99", "Pending", "Sedang diproses", Outcome.PENDING),
        ("02", "Sukses", "Transaksi Sukses", Outcome.SUCCESS),
        ("00", "Pending", "Transaksi Pending", Outcome.PENDING),
        (None, "Gagal", "", Outcome.FAILED),
        ("00", None, None, Outcome.SUCCESS),
        ("00", "Gagal", None, Outcome.FAILED),
        (None, None, None, None),
    ],
)
def test_the_outcome_is_what_most_of_the_three_say(
    rc: str | None, status: str | None, message: str | None, outcome: Outcome | None
) -> None:
    reported = {"rc": rc, "status": status, "message": message}

    assert answer({"data": reported}).outcome is outcome


def test_of_two_that_disagree_the_bill_decides() -> None:
    document = example()
    document["data"] |= {"status": "Gagal", "message": "?"}

    assert answer(document).outcome is Outcome.SUCCESS


@pytest.mark.parametrize(
    "message",
    ["Tagihan sudah berhasil dibayar", "Transaksi tidak dapat diproses", "Tidak berhasil"],
)
def test_a_message_that_names_no_outcome_at_its_beginning_says_nothing(message: str) -> None:
    assert answer({"data": {"rc": "02", "message": message}}).worded is None


@pytest.mark.parametrize("envelope", [{}, {"data": None}, {"hasil": None}])
def test_fields_are_found_whatever_is_around_them(envelope: dict[str, None]) -> None:
    data = example()["data"]
    document = dict.fromkeys(envelope, data) if envelope else data

    assert answer({"data": [data]}).is_success
    assert answer({"data": json.dumps(data)}).is_success
    assert not answer({"data": "Sukses"}).is_success
    assert answer(document).number("price") == Decimal(10000)
    assert answer(document).is_success


@pytest.mark.parametrize(
    ("place", "clause_id"),
    [
        ("price", "DIGISWITCH-FIELD-PRICE"),
        ("balance", "DIGISWITCH-FIELD-BALANCE"),
        ("desc.lembar_tagihan", "DIGISWITCH-PLN-DESC"),
    ],
)
def test_what_is_absent_blocks_behind_its_own_clause(place: str, clause_id: str) -> None:
    document = example()
    holder = document["data"]["desc"] if place.startswith("desc.") else document["data"]
    del holder[place.rpartition(".")[2]]

    with pytest.raises(Blocked) as blocked:
        answer(document).number(place)
    assert blocked.value.clause_id == clause_id


@pytest.mark.parametrize(
    ("wrong", "clause"),
    [("lima ratus", "DIGISWITCH-AMOUNT-DIGITS"), (None, "DIGISWITCH-PLN-DETAIL")],
)
def test_an_unreadable_amount_of_a_bill_blocks_behind_its_clause(
    wrong: object, clause: str
) -> None:
    document = example()
    document["data"]["desc"]["detail"][0]["denda"] = wrong

    with pytest.raises(Blocked) as blocked:
        answer(document).bill_numbers("denda")
    assert blocked.value.clause_id == clause


@pytest.mark.parametrize(("text", "wanted"), [("", 0), ("-1500", -1500), ("8.000", 8000)])
def test_an_amount_of_a_bill_may_be_empty_below_zero_or_with_points(text: str, wanted: int) -> None:
    document = example()
    document["data"]["desc"]["detail"][0]["denda"] = text

    assert answer(document).bill_numbers("denda") == [wanted]


def test_a_common_field_is_not_judged_by_the_products_clause() -> None:
    document = example()
    document["data"]["admin"] = "2500"

    judge_place(answer(document), find("DIGISWITCH-PLN-DESC"), builds_on="payment")
    with pytest.raises(Deviation):
        judge_place(answer(document), find("DIGISWITCH-FIELD-ADMIN"))


def test_a_wrong_desc_is_judged_by_the_products_clause_alone() -> None:
    document = example()
    document["data"]["desc"]["daya"] = "1300"

    judge_place(answer(document), find("DIGISWITCH-FIELD-ADMIN"))
    with pytest.raises(Deviation) as deviation:
        judge_place(answer(document), find("DIGISWITCH-PLN-DESC"), builds_on="payment")
    assert "data.desc.daya" in str(deviation.value)


def test_a_missing_envelope_blocks_the_products_clause() -> None:
    with pytest.raises(Blocked) as blocked:
        judge_place(
            answer({"hasil": example()["data"]}), find("DIGISWITCH-PLN-DESC"), builds_on="payment"
        )
    assert blocked.value.clause_id == "DIGISWITCH-ENVELOPE"


def test_a_refusal_is_refused_and_a_success_is_not() -> None:
    expect_refused(answer({"data": {"rc": "41", "status": "Gagal", "message": "Signature salah"}}))
    expect_refused(answer(b"Bad Request", status=400))
    with pytest.raises(Deviation):
        expect_refused(answer(example()))
    with pytest.raises(Deviation):
        expect_refused(answer({"data": {"rc": "03", "status": "Pending", "message": ""}}))


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"data": {"rc": "41", "status": "Gagal", "message": "Signature salah"}}, 200),
        ({"data": {"rc": "42", "status": "Gagal", "message": "User salah"}}, 200),
        (b"<html>Not found</html>", 404),
        ({"message": "Forbidden"}, 403),
        ({"message": "Not found"}, 404),
        ({"message": "Bad gateway"}, 502),
    ],
)
def test_what_is_not_the_interface_is_reported_once(body: object, status: int) -> None:
    with pytest.raises(NotTheInterface) as error:
        require_interface(answer(body, command="inq-pasca", status=status))
    assert error.value.hint


def test_a_refused_number_is_still_the_interface() -> None:
    require_interface(answer({"data": {"rc": "54", "status": "Gagal", "message": "Nomor salah"}}))
