"""The imitation of IAK, spoken to over HTTP like any other target."""

from __future__ import annotations

import hashlib
import itertools
import threading
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from kontrak.sandbox import Sandbox

USERNAME, KEY = "081200000000", "sandbox-key"
ONE, EIGHT = "530000000001", "530000000002"


def md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


class Partner:
    """A client of these tests' own; what it sends is written out here."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.refs = (f"T{number:06d}" for number in itertools.count(1))

    def send(self, body: str | bytes, content_type: str = "application/json") -> requests.Response:
        return requests.post(
            f"{self.sandbox.url}/api/v1/bill/check",
            data=body,
            headers={"Content-Type": content_type},
            timeout=30,
        )

    def ask(self, **fields: Any) -> dict[str, Any]:
        answer = requests.post(f"{self.sandbox.url}/api/v1/bill/check", json=fields, timeout=30)
        data: dict[str, Any] = answer.json()["data"]
        return data

    def ask_xml(self, **fields: str) -> ET.Element:
        inside = "".join(f"<{name}>{value}</{name}>" for name, value in fields.items())
        answer = self.send(f'<?xml version="1.0" ?><mp>{inside}</mp>', "application/xml")
        return ET.fromstring(answer.content)  # noqa: S314 - the sandbox of this very process

    def inquiry(self, hp: str = ONE, ref_id: str | None = None) -> dict[str, str]:
        ref_id = ref_id or next(self.refs)
        return {
            "commands": "inq-pasca",
            "username": USERNAME,
            "code": "PLNPOSTPAID",
            "hp": hp,
            "ref_id": ref_id,
            "sign": md5(USERNAME + KEY + ref_id),
        }

    def inquire(self, hp: str = ONE, ref_id: str | None = None) -> dict[str, Any]:
        return self.ask(**self.inquiry(hp, ref_id))

    def pay(self, tr_id: object) -> dict[str, Any]:
        sign = md5(f"{USERNAME}{KEY}{tr_id}")
        return self.ask(commands="pay-pasca", username=USERNAME, tr_id=tr_id, sign=sign)

    def status(self, ref_id: str) -> dict[str, Any]:
        sign = md5(USERNAME + KEY + "cs")
        return self.ask(commands="checkstatus", username=USERNAME, ref_id=ref_id, sign=sign)

    def balance(self) -> Any:
        body = {"username": USERNAME, "sign": md5(USERNAME + KEY + "bl")}
        answer = requests.post(f"{self.sandbox.url}/api/check-balance", json=body, timeout=30)
        return answer.json()["data"]["balance"]

    def advance(self, seconds: float) -> None:
        url = f"{self.sandbox.url}/_sandbox/advance"
        requests.post(url, json={"seconds": seconds}, timeout=30).raise_for_status()


@pytest.fixture(scope="module")
def running() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def iak(running: Sandbox) -> Partner:
    running.reset()
    return Partner(running)


@pytest.fixture
def iak_with(running: Sandbox) -> Callable[[str], Partner]:
    """A partner of a sandbox with this fault."""

    def make(fault: str) -> Partner:
        running.reset(faults=[fault])
        return Partner(running)

    return make


def together(*calls: Callable[[], dict[str, Any]]) -> list[dict[str, Any]]:
    """The answers of calls made at the same instant."""
    start = threading.Barrier(len(calls))
    answers: list[dict[str, Any]] = []

    def run(call: Callable[[], dict[str, Any]]) -> None:
        start.wait()
        answers.append(call())

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


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
    tr_id = answer.json()["data"]["tr_id"]
    assert answer.json() == {
        "data": {
            "tr_id": tr_id,
            "code": "PLNPOSTPAID",
            "hp": "530000000001",
            "tr_name": "SUBCRIBER NAME",
            "period": "201608",
            "nominal": 300000,
            "admin": 2500,
            "ref_id": "09128374655",
            "response_code": "00",
            "message": "INQUIRY SUCCESS",
            "price": 302500,
            "selling_price": 301900,
            "desc": {
                "tarif": "R1",
                "daya": 1300,
                "lembar_tagihan": "1",
                "tagihan": {
                    "detail": [
                        {
                            "periode": "201608",
                            "nilai_tagihan": "300000",
                            "admin": "2500",
                            "denda": "0",
                            "total": 302500,
                        }
                    ]
                },
            },
        },
        "meta": [],
    }


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
    """The document's table, in both codecs; a refusal repeats the request and bears no bill."""
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
    """The balance it tells is the balance there is."""
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


def test_a_poor_purse_pays_nothing(iak: Partner, monkeypatch: pytest.MonkeyPatch) -> None:
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
