"""The imitation of Digiswitch, spoken to over HTTP like any other target."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import requests

from kontrak.sandbox import Sandbox
from tests.digiswitch_partner import BARE, DAY, KEY, NUMBERS, PATH, USERNAME, Partner, md5, together


@pytest.fixture
def digiswitch(running: Sandbox) -> Partner:
    running.reset()
    return Partner(running)


# Shapes


def test_each_product_answers_the_documented_fields(digiswitch: Partner) -> None:
    """In the documented order, with a balance that is lower by price."""
    for code, (number, *_) in NUMBERS.items():
        bill = digiswitch.inquire(code, number)
        paid = digiswitch.pay(bill)
        assert list(paid)[:5] == ["ref_id", "customer_no", "name", "code", "admin"]
        assert (paid["code"], paid["customer_no"], paid["ref_id"]) == (code, number, bill["ref_id"])
        assert (paid["status"], paid["rc"], paid["message"]) == ("Sukses", "00", "Transaksi Sukses")
        assert paid["balance"] == bill["balance"] - paid["price"]
        assert paid["price"] < paid["selling_price"]
        details = paid["desc"].get("detail")
        assert details is None or len(details) == paid["desc"]["lembar_tagihan"]


def test_an_inquiry_shows_no_meters_and_no_serial_number(digiswitch: Partner) -> None:
    """Everything else is as in the payment."""
    for code, (number, *_) in NUMBERS.items():
        bill = digiswitch.inquire(code, number)
        paid = digiswitch.pay(bill)
        assert bill["sn"] == ""
        assert paid["sn"]
        assert list(bill) == list(paid)
        for detail in paid["desc"].get("detail", []):
            detail.pop("meter_awal", None)
            detail.pop("meter_akhir", None)
        assert {**paid, "sn": "", "balance": bill["balance"]} == bill


def test_sums_hold_where_the_document_shows_one(digiswitch: Partner) -> None:
    """selling_price for PLN, PDAM, INTERNET and TV; price for SAMSAT."""
    for code in ("pln", "pdam", "internet", "tv"):
        for number in (*NUMBERS[code][::2], "530000000002" if code == "pln" else NUMBERS[code][0]):
            bill = digiswitch.inquire(code, number)
            names = ("nilai_tagihan", "denda", "biaya_lain")
            details = bill["desc"]["detail"]
            parts = sum(int(one.get(name, 0)) for one in details for name in names)
            assert parts + bill["admin"] == bill["selling_price"]
            if "admin" in details[0]:
                assert sum(int(one["admin"]) for one in details) == bill["admin"]
    for number in NUMBERS["samsat"][2:]:
        bill = digiswitch.inquire("samsat", number)
        desc = bill["desc"]
        fees = sum(int(value) for name, value in desc.items() if name.startswith("biaya_"))
        assert fees + bill["admin"] == bill["price"]
        assert desc["nomor_identitas"] == number.partition(",")[2]


def test_some_customers_have_two_bills(digiswitch: Partner) -> None:
    """The documented ones, and their months differ."""
    for code, number in (
        ("pln", "530000000002"), ("pln", "630000000002"), ("internet", "6391601001"),
        ("pgas", "0110014602"), ("pgas", "1110014602"),
    ):  # fmt: skip
        desc = digiswitch.inquire(code, number)["desc"]
        assert desc["lembar_tagihan"] == 2 == len({one["periode"] for one in desc["detail"]})


def test_the_family_example_of_two_bills(digiswitch: Partner) -> None:
    """25,000 for the customer, 23,000 for the partner."""
    bill = digiswitch.inquire("pln", "530000000002")
    assert (bill["selling_price"], bill["price"], bill["admin"]) == (25_000, 23_000, 5_000)


def test_a_blank_after_the_comma_is_nothing(digiswitch: Partner) -> None:
    """The number is echoed as it was sent."""
    number = "9658548523568701, 0212502110170100"
    bill = digiswitch.inquire("samsat", number)
    assert bill["rc"] == "00"
    assert bill["customer_no"] == number
    assert bill["desc"]["nomor_identitas"] == "0212502110170100"
    assert digiswitch.pay(bill, customer_no=number.replace(" ", ""))["rc"] == "00"


@pytest.mark.parametrize("path", [PATH, PATH + "/"])
def test_a_slash_at_the_end_is_nothing(digiswitch: Partner, path: str) -> None:
    """Both paths are answered in JSON."""
    body = digiswitch.request("inq-pasca", "tv", "127246500101", "SLASH")
    answer = digiswitch.send(json.dumps(body), path)
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.json()["data"]["status"] == "Sukses"


def test_the_documented_examples_are_answered(digiswitch: Partner) -> None:
    """Field by field what the document shows, but for the ids, names and balance."""
    fixtures = Path(__file__).parents[1] / "fixtures" / "digiswitch"
    for code, (number, *_) in NUMBERS.items():
        text = (fixtures / code / "payment_response.json").read_text(encoding="utf-8")
        example = json.loads(text)["data"]
        # HP's example has a number of PDAM, TV's one whose payment fails.
        asked = number if code == "tv" else example["customer_no"]
        answer = digiswitch.pay(digiswitch.inquire(code, asked))
        own_words = ("ref_id", "customer_no", "name", "sn", "balance")
        assert list(answer) == list(example)
        for name in own_words:
            assert type(answer.pop(name)) is type(example.pop(name))
        assert answer == example


# Test cases


@pytest.mark.parametrize("code", NUMBERS)
def test_every_product_has_its_five_outcomes(digiswitch: Partner, code: str) -> None:
    """Success, a failing inquiry, a failing payment, and two ends of a pending one."""
    good, no_bill, no_payment, later, never = NUMBERS[code]
    failed = digiswitch.inquire(code, no_bill)
    assert set(failed) == BARE
    assert (failed["status"], failed["rc"]) == ("Gagal", "02")

    before = digiswitch.balance()
    refused = digiswitch.pay(digiswitch.inquire(code, no_payment))
    assert set(refused) == BARE
    assert (refused["status"], refused["rc"]) == ("Gagal", "02")
    assert digiswitch.balance() == before

    bill, doomed = digiswitch.inquire(code, later), digiswitch.inquire(code, never)
    for one in (bill, doomed):
        pending = digiswitch.pay(one)
        assert (pending["status"], pending["rc"], pending["sn"]) == ("Pending", "03", "")
        assert digiswitch.status(one)["status"] == "Pending"
    assert digiswitch.balance() == before - bill["price"] - doomed["price"]
    digiswitch.advance(60)
    assert digiswitch.balance() == before - bill["price"]
    assert digiswitch.status(bill)["status"] == "Sukses"
    assert digiswitch.status(doomed)["status"] == "Gagal"
    assert digiswitch.pay(digiswitch.inquire(code, good))["status"] == "Sukses"


def test_unknown_numbers_and_codes_are_refused(digiswitch: Partner) -> None:
    """Also a number of another product."""
    assert digiswitch.inquire("pln", "530000000009")["rc"] == "54"
    assert digiswitch.inquire("pln", "1013226")["rc"] == "54"
    assert digiswitch.inquire("PLN", "530000000001")["rc"] == "43"


# Requests


@pytest.mark.parametrize("name", ["command", "username", "code", "customer_no", "ref_id"])
@pytest.mark.parametrize("value", ["absent", "", None, 7, True, [], {}])
def test_mandatory_fields_are_strings(digiswitch: Partner, name: str, value: object) -> None:
    """RC 40 for each, and nothing is echoed but strings."""
    fields = digiswitch.request("inq-pasca", "pln", "530000000001", "MANDATORY") | {name: value}
    if value == "absent":
        del fields[name]
    answer = digiswitch.ask(**fields)
    assert (answer["rc"], answer["status"]) == ("40", "Gagal")
    assert set(answer) <= BARE
    assert all(isinstance(reported, str) for reported in answer.values())


@pytest.mark.parametrize("command", ["inq-pasca", "pay-pasca", "status-pasca"])
def test_a_wrong_sign_is_refused(digiswitch: Partner, command: str) -> None:
    """Whatever is wrong about it; nothing is paid."""
    bill = digiswitch.inquire("pln", "530000000001", "SIGNED")
    for sign in ("", "0" * 32, md5(USERNAME + KEY), md5(USERNAME + KEY + "SIGNED").upper()):
        request = digiswitch.request(command, "pln", "530000000001", "SIGNED")
        assert digiswitch.ask(**request | {"sign": sign})["rc"] == "41"
        del request["sign"]
        assert digiswitch.ask(**request)["rc"] == "41"
    assert digiswitch.balance() == bill["balance"]


def test_other_users_commands_and_types_are_refused(digiswitch: Partner) -> None:
    """Each with its code of the family."""
    request = digiswitch.request("inq-pasca", "pln", "530000000001", "OTHERS")
    assert digiswitch.ask(**request | {"username": "no_one"})["rc"] == "42"
    assert digiswitch.ask(**request | {"command": "topup"})["rc"] == "40"
    assert digiswitch.ask(**request | {"testing": "true"})["rc"] == "40"
    assert digiswitch.ask(**request | {"testing": False})["rc"] == "00"
    del request["testing"]
    assert digiswitch.ask(**request)["rc"] == "00"
    too_long = digiswitch.request("inq-pasca", "pln", "530000000001", "x" * 256)
    assert digiswitch.ask(**too_long)["rc"] == "40"


MALFORMED = [
    b"", b"[]", b"null", b'"text"', b'{"command": "inq-pasca"', b'{"a": 1, "a": 2}', b'{"a": NaN}',
    b"\xff", b"{}{}", b"<data/>", b'{"a": "\\ud800"}', b"[" * 100_000,
]  # fmt: skip


@pytest.mark.parametrize("body", MALFORMED, ids=range(len(MALFORMED)))
def test_malformed_json_is_refused(digiswitch: Partner, body: bytes) -> None:
    """RC 40 with HTTP 400."""
    answer = digiswitch.send(body)
    assert answer.status_code == 400
    assert answer.json()["data"]["rc"] == "40"
    got = requests.get(f"{digiswitch.sandbox.url}{PATH}", timeout=30)
    assert got.status_code == 400


def test_another_account_may_be_configured() -> None:
    """Its own key signs, the default one does not."""
    with Sandbox(accounts={"digiswitch": {"api_key": "another"}}) as sandbox:
        partner = Partner(sandbox)
        request = partner.request("inq-pasca", "hp", "081234554320", "R1")
        assert partner.ask(**request)["rc"] == "41"
        assert partner.ask(**request | {"sign": md5(USERNAME + "another" + "R1")})["rc"] == "00"


# Reference ids and repetition


def test_paying_again_answers_the_same_transaction(digiswitch: Partner) -> None:
    """Successful, failed, or in process: the same words, and no money."""
    for number in ("530000000001", "530000000006", "630000000001"):
        bill = digiswitch.inquire("pln", number)
        first = digiswitch.pay(bill)
        left = digiswitch.balance()
        assert digiswitch.pay(bill) == first
        assert digiswitch.status(bill) == first
        assert digiswitch.balance() == left


def test_simultaneous_payments_debit_once(digiswitch: Partner) -> None:
    """All of them get the same answer."""
    bill = digiswitch.inquire("pln", "530000000001")
    answers = together(*[lambda: digiswitch.pay(bill)] * 6)
    assert all(one == answers[0] for one in answers)
    assert digiswitch.balance() == bill["balance"] - bill["price"]


def test_a_ref_id_belongs_to_one_customer_and_one_product(digiswitch: Partner) -> None:
    """Every command of another is refused with RC 49, and nothing moves."""
    bill = digiswitch.inquire("pln", "530000000001")
    for change in ({"customer_no": "530000000002"}, {"code": "tv", "customer_no": "127246500101"}):
        reported = {"code": "pln", **change}
        assert digiswitch.inquire(**reported, ref_id=bill["ref_id"])["rc"] == "49"
        assert digiswitch.pay(bill, **change)["rc"] == "49"
        assert digiswitch.status(bill, **change)["rc"] == "49"
    assert digiswitch.balance() == bill["balance"]
    digiswitch.pay(bill)
    assert digiswitch.pay(bill, customer_no="530000000002")["rc"] == "49"
    assert digiswitch.balance() == bill["balance"] - bill["price"]


def test_an_inquiry_may_be_repeated_until_it_is_paid(digiswitch: Partner) -> None:
    """The bill is the same, afterwards the ref_id is used up."""
    bill = digiswitch.inquire("pln", "530000000001", "AGAIN")
    assert digiswitch.inquire("pln", "530000000001", "AGAIN") == bill
    digiswitch.pay(bill)
    assert digiswitch.inquire("pln", "530000000001", "AGAIN")["rc"] == "49"


def test_simultaneous_inquiries_have_one_bill(digiswitch: Partner) -> None:
    """One customer may have the ref_id, the other not."""
    answers = together(
        *[lambda: digiswitch.inquire("pln", "530000000001", "RACE")] * 3,
        *[lambda: digiswitch.inquire("pln", "530000000002", "RACE")] * 3,
    )
    assert sorted(one["rc"] for one in answers) == ["00"] * 3 + ["49"] * 3


def test_a_payment_needs_its_inquiry(digiswitch: Partner) -> None:
    """Of the same day; without it RC 50."""
    unknown = {"code": "pln", "customer_no": "530000000001", "ref_id": "NEVER"}
    assert digiswitch.pay(unknown)["rc"] == "50"
    assert digiswitch.status(unknown)["rc"] == "50"
    bill = digiswitch.inquire("pln", "530000000001")
    assert digiswitch.status(bill)["rc"] == "50"
    digiswitch.advance(DAY)
    assert digiswitch.pay(bill)["rc"] == "50"
    assert digiswitch.balance() == bill["balance"]


def test_a_payment_is_the_same_on_later_days(digiswitch: Partner) -> None:
    """Its answer and its status stay."""
    bill = digiswitch.inquire("pln", "530000000001")
    first = digiswitch.pay(bill)
    digiswitch.advance(3 * DAY)
    assert digiswitch.pay(bill) == first == digiswitch.status(bill)


def test_a_failed_inquiry_cannot_be_paid(digiswitch: Partner) -> None:
    """It stays failed, and costs nothing."""
    before = digiswitch.balance()
    failed = digiswitch.inquire("pln", "530000000003")
    assert digiswitch.pay(failed) == failed == digiswitch.status(failed)
    assert digiswitch.balance() == before


def test_too_little_money_is_no_payment(running: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """RC 44, and the bill stays payable."""
    monkeypatch.setattr("kontrak.sandbox.digiswitch.service.START_BALANCE", 12_000)
    running.reset()
    partner = Partner(running)
    first, second = (partner.inquire("pln", "530000000001") for _ in range(2))
    assert partner.pay(first)["balance"] == 2_000
    assert partner.pay(second)["rc"] == "44"
    assert partner.status(second)["rc"] == "50"
    assert partner.balance() == 2_000


def test_the_racing_fault_is_seen_from_outside(running: Sandbox) -> None:
    """Two at once take the money twice; one after the other do not."""
    running.reset(faults=["digiswitch-repeat-payment-race"])
    partner = Partner(running)
    bill = partner.inquire("pln", "530000000001")
    answers = together(*[lambda: partner.pay(bill)] * 2)
    assert [one["rc"] for one in answers] == ["00", "00"]
    assert partner.balance() == bill["balance"] - 2 * bill["price"]
    partner.pay(bill)
    assert partner.balance() == bill["balance"] - 2 * bill["price"]
