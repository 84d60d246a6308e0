"""Reference ids and repetition: nothing is paid twice, whatever the reply says.

The same reference with the same request, another customer and another product; one after the
other, at the same instant, while in process, after success, after failure and after expiry.
"""

from collections.abc import Sequence
from functools import partial

import pytest

from kontrak.clauses.catalogue import clause
from kontrak.clauses.response_codes import Outcome
from kontrak.errors import NotOffered
from kontrak.interface.concurrency import together
from kontrak.interface.refid import new_ref_id
from kontrak.judging.expect import Blocked, expect, reading
from kontrak.providers.rqid import Purchase, Rqid, RqidAccount, RqidAnswer
from kontrak.providers.rqid.records import Row, is_formed, records_of
from kontrak.providers.rqid.refusal import expect_refused

ROUNDS = range(3)
_NAMED = ("ref_1", "product_code", "customer_id", "status", "status_label", "total_price")
FIFTEEN_MINUTES = 15 * 60


@clause("RQID-IDEM-DUPLICATE")
def test_a_used_ref_1_is_rc_94(rqid: Rqid, account: RqidAccount) -> None:
    used = _succeeded(account)
    _expect_94(rqid.topup(used.sent("customer_id"), ref_1=used.ref_1, right=False))


@clause("RQID-IDEM-DUPLICATE-FREE")
def test_a_used_ref_1_is_not_charged_again(rqid: Rqid, account: RqidAccount) -> None:
    used, variations = _succeeded(account), _variations(rqid)
    mark = account.mark()
    answers = _repeated(rqid, used.ref_1, variations)
    _expect_free(account, mark, answers)


@clause("RQID-IDEM-RACE")
@pytest.mark.parametrize("_round", ROUNDS)
def test_topups_at_the_same_instant_cost_once(
    rqid: Rqid, account: RqidAccount, _round: int
) -> None:
    _succeeded(account)
    ref_1 = new_ref_id()
    asked = _variations(rqid)
    asked = [asked[0], asked[0], *asked[1:]]
    prices = {account.cost_of(product) for product, _ in asked}
    mark = account.mark()
    again = partial(rqid.purchase, "topup", right=False)
    answers = together([partial(again, product, customer, ref_1) for product, customer in asked])
    if any(one.outcome is Outcome.PENDING for one in answers):
        rqid.settled(ref_1)
    spent = account.spent_since(mark)
    with expect(*answers) as that:
        words = " or ".join(str(price) for price in sorted(prices))
        that.that(spent in {0, *prices}, f"{words} rupiah taken, once", f"{spent} rupiah taken")
    if spent == 0:
        reading("several topups with one ref_1 at once", "none takes the money", warns=True)


@clause("RQID-IDEM-PENDING")
def test_a_ref_1_in_process_is_taken(rqid: Rqid, account: RqidAccount) -> None:
    variations = _variations(rqid, "pending_success")
    with account.in_process("prepaid") as (first, _):
        ref_1 = str(first.sent["ref_1"])
        mark = account.mark_if_any()
        answers = _repeated(rqid, ref_1, variations)
        _expect_94(*answers)
        _expect_free(account, mark, answers)


@clause("RQID-IDEM-FAILED")
def test_a_failed_ref_1_is_not_charged(rqid: Rqid, account: RqidAccount) -> None:
    first = _failed_late(account)
    variations = _variations(rqid, "pending_failed")
    mark = account.mark()
    _expect_free(account, mark, _repeated(rqid, first.ref_1, variations))


@clause("RQID-IDEM-FAILED-RC")
def test_a_failed_ref_1_is_rc_94(rqid: Rqid, account: RqidAccount) -> None:
    first = _failed_late(account)
    _expect_94(*_repeated(rqid, first.ref_1, _variations(rqid, "pending_failed")))


def _failed_late(account: RqidAccount) -> Purchase:
    """A topup that was in process and failed."""
    _succeeded(account)
    first = account.purchase("prepaid", "pending_failed", "repeated")
    if first.settled.is_success:
        raise Blocked("RQID-STATUS-SETTLES-FAILED")
    if not is_formed(first):
        # A request that is refused may leave its reference free.
        raise NotOffered("the target refuses this number", hint="name one that fails in the end")
    return first


@clause("RQID-IDEM-ALIAS")
def test_payment_and_topup_share_references(rqid: Rqid, account: RqidAccount) -> None:
    rqid.require("payment")
    used = _succeeded(account)
    product, customer = used.sent("product_code"), used.sent("customer_id")
    through_payment = rqid.purchase("payment", product, customer, new_ref_id())
    if through_payment.outcome is Outcome.FAILED:
        raise Blocked("RQID-TOPUP-ALIAS")
    if through_payment.outcome is Outcome.PENDING:
        rqid.settled(str(through_payment.sent["ref_1"]))
    mark = account.mark_if_any()
    answers = [
        rqid.purchase("payment", product, customer, used.ref_1, right=False),
        rqid.purchase("topup", product, customer, str(through_payment.sent["ref_1"]), right=False),
    ]
    _expect_94(*answers)
    _expect_free(account, mark, answers)


@clause("RQID-IDEM-KEEPS")
def test_a_repetition_leaves_the_first_as_it_was(rqid: Rqid, account: RqidAccount) -> None:
    rqid.require("history/ref_1")
    used = _succeeded(account, use="kept")
    before = rqid.status(used.ref_1).require_success(), rqid.history_of(used.ref_1)
    _repeated(rqid, used.ref_1, _variations(rqid))
    after = rqid.status(used.ref_1), rqid.history_of(used.ref_1)
    with expect(*before, *after) as that:
        for earlier, later in zip(before, that.each(after), strict=True):
            returned = [[_kept(row) for row in records_of(one)] for one in (earlier, later)]
            that.equal("what it says", returned[1], returned[0], "as before")


@clause("RQID-IDEM-PAY-TWICE")
def test_paying_twice_costs_once(rqid: Rqid, account: RqidAccount) -> None:
    bought = account.purchase("postpaid", "success", "repeated")
    bought.succeeded()
    _expect_free_payments(rqid, account, bought.bill)


@clause("RQID-IDEM-PAY-RACE")
@pytest.mark.parametrize("_round", ROUNDS)
def test_two_payments_at_once_cost_once(rqid: Rqid, account: RqidAccount, _round: int) -> None:
    rqid.require("payment")
    account.purchase("postpaid", "success").took_its_price()
    bill = rqid.inquiry(rqid.numbers("postpaid").get("success")).require_success()
    changes = _payments(rqid)
    mark = account.mark()
    answers = together([partial(rqid.pay, bill, right=False, **one) for one in ({}, {}, *changes)])
    if any(one.outcome is Outcome.PENDING for one in answers):
        rqid.settled(str(bill.sent["ref_1"]))
    spent, total = account.spent_since(mark), bill.number("total_price")
    with expect(bill, *answers) as that:
        that.that(spent in (0, total), f"{total} rupiah taken once", f"{spent} rupiah taken")
    if spent == 0:
        reading("several payments at once", "none takes the money", warns=True)


@clause("RQID-IDEM-PAY-PENDING")
def test_paying_again_while_in_process_costs_nothing(rqid: Rqid, account: RqidAccount) -> None:
    with account.in_process("postpaid") as (bill, _):
        _expect_free_payments(rqid, account, bill)


@clause("RQID-IDEM-PAY-FAILED")
def test_paying_again_after_failure_costs_nothing(rqid: Rqid, account: RqidAccount) -> None:
    bought = account.purchase("postpaid", "failed", "repeated")
    if bought.settled.outcome is not Outcome.FAILED:
        raise Blocked("RQID-PAYMENT-FAILED")
    _expect_free_payments(rqid, account, bought.bill)


@clause("RQID-IDEM-PAY-EXPIRED")
def test_paying_after_expiry_costs_nothing(rqid: Rqid, account: RqidAccount) -> None:
    rqid.require("payment")
    bill = rqid.inquiry(rqid.numbers("postpaid").get("success")).require_success()
    rqid.advance_clock(FIFTEEN_MINUTES + 60)
    _expect_free_payments(rqid, account, bill)


@clause("RQID-IDEM-CASE")
def test_a_near_ref_1_is_another(rqid: Rqid, account: RqidAccount) -> None:
    used = _succeeded(account)
    last = "A" if used.ref_1[-1] != "A" else "B"
    near = rqid.topup(used.sent("customer_id"), ref_1=used.ref_1[:-1] + last)
    with expect(near) as that:
        that.that(near.rc != "94", "a reference of its own", f"rc {near.rc}")


def _variations(rqid: Rqid, case: str = "success") -> list[tuple[str, str]]:
    """Product and customer of the same request, another customer, and another product."""
    numbers = rqid.numbers("prepaid")
    product, customer = numbers.get("product"), numbers.get(case)
    found = [(product, customer)]
    if "other" in numbers.configured:
        found.append((product, numbers.configured["other"]))
    if "other_product" in numbers.configured:
        found.append((numbers.configured["other_product"], numbers.get("success")))
    for bought, _ in found:
        rqid.price_of(bought)
    return found


def _succeeded(account: RqidAccount, use: str = "repeated") -> Purchase:
    bought = account.purchase("prepaid", "success", use)
    bought.ended_well()
    return bought


def _repeated(rqid: Rqid, ref_1: str, variations: Sequence[tuple[str, str]]) -> list[RqidAnswer]:
    """Topups under a used reference."""
    again = partial(rqid.purchase, "topup", right=False)
    return [again(product, customer, ref_1) for product, customer in variations]


def _expect_94(*answers: RqidAnswer) -> None:
    expect_refused(*answers)
    with expect(*answers) as that:
        for answer in that.each(answers):
            that.equal("rc", answer.rc, "94", "a used ref_1")


def _expect_free(account: RqidAccount, mark: int | None, answers: Sequence[RqidAnswer]) -> None:
    with expect(*answers) as that:
        that.equal("money taken, in rupiah", account.spent_since(mark), 0)


def _expect_free_payments(rqid: Rqid, account: RqidAccount, bill: RqidAnswer | None) -> None:
    """Paying costs nothing, whether it names the same customer and product or others."""
    if bill is None:
        raise Blocked("RQID-INQUIRY-SUCCESS")
    mark = account.mark()
    answers = [rqid.pay(bill, right=False, **change) for change in _payments(rqid)]
    _expect_free(account, mark, answers)


def _payments(rqid: Rqid) -> list[dict[str, str]]:
    """What a repeated payment changes: nothing, the customer, the product."""
    reported = rqid.numbers("postpaid").configured
    changes: list[dict[str, str]] = [{}]
    if "other" in reported:
        changes.append({"customer_id": reported["other"]})
    if "other_product" in reported:
        changes.append({"product_code": reported["other_product"]})
    return changes


def _kept(row: Row) -> dict[str, object]:
    """What a record says of a purchase, as far as the document names it."""
    return {name: row[name] for name in _NAMED if name in row}
