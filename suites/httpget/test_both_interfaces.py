"""Both interfaces: text and JSON agree about one platform and one balance."""

import re
from dataclasses import dataclass

import pytest

from kontrak.clauses.catalogue import clause
from kontrak.clauses.response_codes import Outcome
from kontrak.errors import NotOffered
from kontrak.judging.expect import Blocked, expect
from kontrak.providers.httpget import HttpGet, HttpGetAccount, TextAnswer, TextPurchase
from kontrak.providers.rqid import Rqid, RqidAnswer
from kontrak.providers.rqid.answer import outcome_of
from kontrak.providers.rqid.movements import new_movements
from kontrak.providers.rqid.records import Row, records_of
from kontrak.providers.rqid.refusal import expect_refused as expect_json_refused
from kontrak.pytest_plugin.selection import conversation_of

SERIAL = re.compile(r"\bSN\s*:\s*(\S+)")


@dataclass(frozen=True, slots=True)
class ByJson:
    """A topup by JSON, and what the text interface says of it."""

    paid: RqidAnswer
    status: TextAnswer


@conversation_of("r-one")
def by_json(httpget: HttpGet, rqid: Rqid, account: HttpGetAccount) -> ByJson:
    """A topup by JSON that succeeded."""
    account.mark()
    topup = httpget.settings.topup
    paid = rqid.topup(topup.get("success"), product=topup.get("product"))
    ref = str(paid.sent["ref_1"])
    if paid.outcome is Outcome.PENDING:
        rqid.settled(ref)
    elif not paid.is_success:
        raise Blocked("HTTPGET-BOTH-STATUS")
    pairs = httpget.pairs(topup.get("product"), topup.get("success"), ref, cek="1")
    return ByJson(paid, httpget.ask("status", pairs, promised_by="HTTPGET-BOTH-STATUS"))


@pytest.fixture
def by_text(account: HttpGetAccount) -> TextPurchase:
    """A topup by text that succeeded."""
    bought = account.topup()
    _ = bought.reported
    return bought


@pytest.fixture
def agreeing(by_text: TextPurchase) -> TextPurchase:
    """The same, where the text agrees with itself: whether it does has clauses of its own."""
    by_text.took_its_price()
    returned, reported = by_text.paid.values, by_text.settled.require_success().values
    asked = by_text.paid.asked
    sent = {
        "product": asked["product"],
        "dest": asked["dest"],
        "price": by_text.price,
        "serial": returned.get("serial", reported.get("serial")),
    }
    if any(name in reported and reported[name] != value for name, value in sent.items()):
        raise Blocked("HTTPGET-STATUS-AGREES")
    return by_text


@clause("HTTPGET-BOTH-STATUS")
def test_both_report_the_same_status(
    httpget: HttpGet, rqid: Rqid, account: HttpGetAccount, by_json: ByJson
) -> None:
    reported = httpget.settings.topup.configured
    for case in [case for case in ("success", "failed") if case in reported]:
        bought = account.topup(case)
        if case == "failed" and bought.settled.is_success:
            raise Blocked(f"HTTPGET-{'TOPUP' if bought.paid.is_success else 'STATUS'}-FAILED")
        answer = rqid.status(bought.ref)
        with expect(bought.settled, answer) as that:
            wanted = bought.settled.outcome
            that.equal(f"outcome of {case} by JSON", answer.outcome, wanted, "as by text")
    with expect(by_json.paid, by_json.status) as that:
        returned = repr(by_json.status.text[:160])
        that.that(by_json.status.is_success, "a text of success for a topup by JSON", returned)


@clause("HTTPGET-BOTH-PRICE")
def test_both_report_the_same_price(rqid: Rqid, agreeing: TextPurchase, by_json: ByJson) -> None:
    row, answer = _record(rqid, agreeing.ref)
    with expect(agreeing.paid, answer, by_json.paid, by_json.status) as that:
        came = answer.whole(row.get("total_price"), "data[].total_price")
        that.equal("total_price by JSON", came, agreeing.price, "HRG by text")
        price = by_json.status.require_success().value("price")
        that.equal("HRG by text", price, by_json.paid.number("total_price"), "total_price by JSON")


@clause("HTTPGET-BOTH-PRODUCT")
def test_both_report_the_same_product(rqid: Rqid, agreeing: TextPurchase, by_json: ByJson) -> None:
    answer = rqid.status(agreeing.ref).require_success()
    with expect(agreeing.paid, answer, by_json.status) as that:
        wanted = agreeing.paid.asked["product"]
        that.equal("product_code by JSON", answer.text("product_code"), wanted, "bought by text")
        came = by_json.status.require_success().value("product")
        that.equal("product by text", came, by_json.paid.sent["product_code"], "bought by JSON")


@clause("HTTPGET-BOTH-CUSTOMER")
def test_both_report_the_same_customer(rqid: Rqid, agreeing: TextPurchase, by_json: ByJson) -> None:
    row, answer = _record(rqid, agreeing.ref)
    with expect(agreeing.paid, answer, by_json.status) as that:
        wanted = agreeing.paid.asked["dest"]
        that.equal("customer_id by JSON", row.get("customer_id"), wanted, "bought by text")
        came = by_json.status.require_success().value("dest")
        that.equal("dest by text", came, by_json.paid.sent["customer_id"], "bought by JSON")


@clause("HTTPGET-BOTH-SERIAL")
def test_both_report_the_same_serial_number(
    rqid: Rqid, agreeing: TextPurchase, by_json: ByJson
) -> None:
    answer = rqid.status(agreeing.ref).require_success()
    pairs = [
        (agreeing.settled, SERIAL.search(answer.text("msg"))),
        (by_json.status, SERIAL.search(by_json.paid.text("msg"))),
    ]
    compared = [(text, found) for text, found in pairs if found and "serial" in text.values]
    if not compared:
        raise NotOffered("one of the two names no serial number", hint="nothing to compare")
    with expect(agreeing.settled, answer, by_json.paid, by_json.status) as that:
        for text, found in compared:
            that.equal("SN by text", text.values["serial"], found[1].rstrip("."), "SN in msg")


@clause("HTTPGET-BOTH-BALANCE")
def test_both_report_the_same_balance(
    httpget: HttpGet, rqid: Rqid, account: HttpGetAccount
) -> None:
    account.mark()
    by_text, by_json = httpget.balance(), rqid.balance().require_success()
    with expect(by_text, by_json) as that:
        that.equal("saldo by text", by_text.saldo, by_json.number("saldo"), "saldo by JSON")


@clause("HTTPGET-BOTH-DEBIT")
def test_a_purchase_by_text_lowers_the_json_balance(
    httpget: HttpGet, rqid: Rqid, account: HttpGetAccount, by_text: TextPurchase
) -> None:
    by_text.took_its_price()
    before = rqid.balance().require_success().number("saldo")
    bought = account.fresh(httpget.settings.topup)
    after = rqid.balance().require_success()
    with expect(bought.paid, after) as that:
        price = bought.price
        that.equal("saldo by JSON", after.number("saldo"), before - price, f"{before} less {price}")


@clause("HTTPGET-BOTH-MUTATION")
def test_a_purchase_by_text_is_one_movement(
    httpget: HttpGet, rqid: Rqid, account: HttpGetAccount, by_text: TextPurchase
) -> None:
    rqid.require("mutations")
    by_text.took_its_price()
    before = rqid.recent_mutations()
    bought = account.fresh(httpget.settings.topup)
    after = rqid.recent_mutations()
    with expect(bought.paid, after) as that:
        came = [abs(one) for one in new_movements(before, after)]
        that.equal("new movements by JSON", came, [bought.price], "HRG by text")


@clause("HTTPGET-BOTH-HISTORY")
def test_a_bill_paid_by_text_is_in_the_json_history(
    httpget: HttpGet, rqid: Rqid, account: HttpGetAccount
) -> None:
    rqid.require("history")
    bought = account.purchase(httpget.first_family())
    bought.took_its_price()
    rows, listed = _listed_today(rqid, bought.ref)
    if not rows:
        # The list is that of today: the bill may have been paid before midnight.
        bought = account.fresh(httpget.first_family())
        rows, listed = _listed_today(rqid, bought.ref)
    with expect(bought.paid, listed) as that:
        # Its inquiry may stand in the list besides.
        that.one_of(f"records of {bought.ref}", len(rows), [1, 2])
        for row in rows:
            came = listed.row_number(row, "total_price")
            that.equal("total_price", came, bought.price, "HRG by text")
            that.equal("outcome", outcome_of(row), Outcome.SUCCESS, "paid by text")


@clause("HTTPGET-BOTH-REF-TEXT")
def test_a_reference_of_text_is_not_charged_again(rqid: Rqid, account: HttpGetAccount) -> None:
    bought = account.topup(use="repeated")
    mark = account.mark()
    answer = _again_by_json(rqid, bought)
    with expect(bought.paid, answer) as that:
        that.equal("money taken, in rupiah", account.spent_since(mark), 0)


@clause("HTTPGET-BOTH-REF-TEXT-RC")
def test_a_reference_of_text_is_rc_94(rqid: Rqid, account: HttpGetAccount) -> None:
    bought = account.topup(use="repeated")
    answer = _again_by_json(rqid, bought)
    expect_json_refused(answer)
    with expect(bought.paid, answer) as that:
        that.equal("rc", answer.rc, "94", "a used reference")


@clause("HTTPGET-BOTH-REF-JSON")
def test_a_reference_of_json_is_taken_for_text(
    httpget: HttpGet, account: HttpGetAccount, by_json: ByJson
) -> None:
    mark = account.mark()
    sent = by_json.paid.sent
    answer = httpget.topup(str(sent["customer_id"]), ref=str(sent["ref_1"]), right=False)
    with expect(by_json.paid, answer) as that:
        that.equal("money taken, in rupiah", account.spent_since(mark), 0)


@clause("HTTPGET-BOTH-PENDING")
@pytest.mark.parametrize("case", ["pending_success", "pending_failed"])
def test_what_is_in_process_settles_alike(
    httpget: HttpGet, rqid: Rqid, account: HttpGetAccount, case: str
) -> None:
    with account.in_process(httpget.settings.topup, case) as (paid, _):
        ref = paid.asked["refID"]
        # It may end between two questions: by JSON it is what it is by text before or afterwards.
        first, before, then = httpget.status(paid), rqid.status(ref), httpget.status(paid)
        settled = httpget.settled(paid)
        after = rqid.status(ref)
    with expect(paid, first, before, then, settled, after) as that:
        wanted = dict.fromkeys([first.outcome, then.outcome])
        that.one_of("outcome by JSON at first", before.outcome, wanted, "by text around it")
        that.equal("outcome by JSON in the end", after.outcome, settled.outcome, "as by text")


def _listed_today(rqid: Rqid, ref: str) -> tuple[list[Row], RqidAnswer]:
    listed = rqid.history().require_success()
    return [row for row in listed.rows() if row.get("ref_1") == ref], listed


def _again_by_json(rqid: Rqid, bought: TextPurchase) -> RqidAnswer:
    """A topup by JSON under the reference of one by text."""
    asked = bought.reported.asked
    return rqid.topup(asked["dest"], product=asked["product"], ref_1=bought.ref, right=False)


def _record(rqid: Rqid, ref: str) -> tuple[Row, RqidAnswer]:
    answer = rqid.history_of(ref)
    rows = records_of(answer)
    if not rows:
        raise Blocked("HTTPGET-BOTH-HISTORY")
    return rows[0], answer
