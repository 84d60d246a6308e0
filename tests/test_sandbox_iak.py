"""The imitation of IAK, spoken to over HTTP like any other target: shapes, numbers, payments."""

from __future__ import annotations

import json

import pytest
import requests

from kontrak.config.paths import FIXTURES
from tests.iak_partner import EIGHT, KEY, USERNAME, Partner, md5

# Shapes


def test_the_documented_example_is_answered(iak: Partner) -> None:
    """Field by field what the document shows, but for the ids."""
    answer = iak.send(
        '{"commands": "inq-pasca", "username": "081200000000", "code": "PLNPOSTPAID",'
        ' "hp": "530000000001", "ref_id": "09128374655",'
        f' "sign": "{md5(USERNAME + KEY + "09128374655")}"}}'
    )
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/json"
    wanted = json.loads((FIXTURES / "iak" / "inquiry_response.json").read_text(encoding="utf-8"))
    wanted["data"]["tr_id"] = answer.json()["data"]["tr_id"]
    assert answer.json() == wanted


def test_xml_has_the_same_fields_in_the_same_order(iak: Partner) -> None:
    """They stand directly inside mp, and selling_price is the one of JSON."""
    root = iak.ask_xml(**iak.inquiry())
    json_fields = iak.inquire()
    assert root.tag == "mp"
    assert [field.tag for field in root] == list(json_fields)
    assert root.findtext("selling_price") == str(json_fields["selling_price"]) == "301900"
    assert root.findtext("desc/tagihan/detail/total") == "302500"


def test_several_bills_are_repeated_elements(iak: Partner) -> None:
    """Eight detail elements stand directly inside tagihan."""
    root = iak.ask_xml(**iak.inquiry(EIGHT))
    assert len(root.findall("desc/tagihan/detail")) == 8


def test_eight_bills_add_up(iak: Partner) -> None:
    """Different amounts, some with a fine, and every sum holds."""
    bill = iak.inquire(EIGHT)
    details = bill["desc"]["tagihan"]["detail"]
    assert bill["desc"]["lembar_tagihan"] == "8" == str(len(details))
    assert len({one["nilai_tagihan"] for one in details}) == 8
    assert 0 < sum(one["denda"] != "0" for one in details) < 8
    for one in details:
        parts = [int(one[name]) for name in ("nilai_tagihan", "admin", "denda")]
        assert one["total"] == sum(parts)
    assert bill["nominal"] == sum(int(d["nilai_tagihan"]) + int(d["denda"]) for d in details)
    assert bill["price"] == bill["nominal"] + bill["admin"] == sum(d["total"] for d in details)
    assert bill["price"] - bill["selling_price"] == 600
    assert bill["period"].split(",") == [one["periode"] for one in details]


@pytest.mark.parametrize("suffix", ["", "/"])
@pytest.mark.parametrize("content_type", ["application/xml", "text/xml", "text/xml; charset=utf-8"])
def test_xml_is_known_by_two_names(iak: Partner, suffix: str, content_type: str) -> None:
    """With a charset and a slash at the path's end as well."""
    inside = "".join(f"<{name}>{value}</{name}>" for name, value in iak.inquiry().items())
    answer = requests.post(
        f"{iak.sandbox.url}/api/v1/bill/check{suffix}",
        data=f"<mp>{inside}</mp>",
        headers={"Content-Type": content_type},
        timeout=30,
    )
    assert b"<response_code>00</response_code>" in answer.content


# Test cases


@pytest.mark.parametrize(
    ("hp", "rc"),
    [
        ("530000000001", "00"),
        ("530000000002", "00"),
        ("530000000003", "103"),
        ("530000000004", "01"),
        ("530000000005", "14"),
        ("530000000006", "00"),
        ("530000000007", "00"),
        ("530000000008", "00"),
        ("530000000009", "14"),
        ("5300000000010", "14"),
        ("abc", "14"),
    ],
)
def test_each_number_leads_to_its_inquiry(iak: Partner, hp: str, rc: str) -> None:
    """The document's table, in both codecs; a refusal repeats the request and has no bill."""
    answer = iak.inquire(hp)
    assert answer["response_code"] == rc
    assert iak.ask_xml(**iak.inquiry(hp)).findtext("response_code") == rc
    if rc != "00":
        assert set(answer) == {"ref_id", "code", "hp", "response_code", "message"}


@pytest.mark.parametrize(("hp", "rc"), [("530000000006", "37"), ("530000000008", "105")])
def test_a_failed_payment_is_free_and_stays_failed(iak: Partner, hp: str, rc: str) -> None:
    """Its RC is repeated by a second payment and by checkstatus."""
    before = iak.balance()
    bill = iak.inquire(hp)
    assert iak.pay(bill["tr_id"])["response_code"] == rc
    assert iak.pay(bill["tr_id"])["response_code"] == rc
    status = iak.status(bill["ref_id"])
    assert (status["status"], status["response_code"]) == (2, rc)
    assert iak.balance() == before


def test_a_pending_payment_settles_when_its_time_has_come(iak: Partner) -> None:
    """It is debited once at once, stays in process for a minute, and then is a success."""
    before = iak.balance()
    bill = iak.inquire("530000000007")
    answer = iak.pay(bill["tr_id"])
    assert answer["response_code"] == "39"
    assert "noref" not in answer
    assert iak.pay(bill["tr_id"])["response_code"] == "39"
    status = iak.status(bill["ref_id"])
    assert (status["status"], status["response_code"]) == (3, "39")
    iak.advance(60)
    status = iak.status(bill["ref_id"])
    assert (status["status"], status["response_code"]) == (1, "00")
    assert iak.pay(bill["tr_id"])["response_code"] == "34"
    assert before - iak.balance() == bill["selling_price"]


# Payment and status


def test_a_payment_repeats_its_inquiry_and_costs_selling_price(iak: Partner) -> None:
    """The balance it reports is the balance there is."""
    before = iak.balance()
    bill = iak.inquire(EIGHT)
    paid = iak.pay(bill["tr_id"])
    same = set(bill) - {"message", "desc"}
    assert {name: paid[name] for name in same} == {name: bill[name] for name in same}
    assert len(paid["datetime"]) == 14
    assert paid["datetime"].isdigit()
    assert paid["balance"] == iak.balance() == before - bill["selling_price"]
    assert paid["desc"]["lembar_tagihan_sisa"] == 0
    assert {"meter_awal", "meter_akhir"} <= set(paid["desc"]["tagihan"]["detail"][0])


def test_a_tr_id_may_be_a_number_or_its_digits(iak: Partner) -> None:
    """Both are shown in public; a truth value is neither."""
    assert iak.pay(iak.inquire()["tr_id"])["response_code"] == "00"
    assert iak.pay(str(iak.inquire()["tr_id"]))["response_code"] == "00"
    truth: object = True
    assert iak.pay(truth)["response_code"] == "107"


def test_paying_a_paid_bill_is_refused(iak: Partner) -> None:
    """RC 34, and no money moves."""
    bill = iak.inquire()
    iak.pay(bill["tr_id"])
    before = iak.balance()
    assert iak.pay(bill["tr_id"])["response_code"] == "34"
    assert iak.balance() == before


def test_an_unknown_transaction_is_refused(iak: Partner) -> None:
    """RC 06, for payment and for checkstatus."""
    assert iak.pay(1)["response_code"] == "06"
    assert iak.status("NEVERUSED")["response_code"] == "06"


def test_an_inquiry_of_yesterday_cannot_be_paid(iak: Partner) -> None:
    """RC 04, and its status stays as it was."""
    bill = iak.inquire()
    iak.advance(86_400)
    assert iak.pay(bill["tr_id"])["response_code"] == "04"
    assert iak.status(bill["ref_id"])["status"] == 0


def test_a_poor_deposit_pays_nothing(iak: Partner, monkeypatch: pytest.MonkeyPatch) -> None:
    """RC 17, and the bill stays payable."""
    monkeypatch.setattr("kontrak.sandbox.iak.service.START_BALANCE", 301_900)
    iak.sandbox.reset()
    first, second = iak.inquire(), iak.inquire()
    assert iak.pay(first["tr_id"])["response_code"] == "00"
    assert iak.pay(second["tr_id"])["response_code"] == "17"
    assert iak.status(second["ref_id"])["status"] == 0
    assert iak.balance() == 0


def test_status_follows_the_payment(iak: Partner) -> None:
    """0 with RC 42, then 1 with RC 00; asking costs nothing."""
    bill = iak.inquire()
    status = iak.status(bill["ref_id"])
    assert (status["status"], status["response_code"]) == (0, "42")
    iak.pay(bill["tr_id"])
    before = iak.balance()
    first, second = iak.status(bill["ref_id"]), iak.status(bill["ref_id"])
    assert first == second
    assert (first["status"], first["response_code"]) == (1, "00")
    sign = md5(USERNAME + KEY + "cs")
    in_xml = iak.ask_xml(
        commands="checkstatus", username=USERNAME, ref_id=bill["ref_id"], sign=sign
    )
    assert in_xml.findtext("status") == "1"
    assert iak.balance() == before
