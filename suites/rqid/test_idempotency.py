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
from kontrak.providers.rqid import Purchase, Purse, Rqid, RqidAnswer
from kontrak.providers.rqid.records import Row, is_formed, records_of
from kontrak.providers.rqid.refusal import expect_refused

ROUNDS = range(3)
_NAMED = ("ref_1", "product_code", "customer_id", "status", "status_label", "total_price")
FIFTEEN_MINUTES = 15 * 60


@clause("RQID-IDEM-DUPLICATE")
def test_a_used_ref_1_is_rc_94(rqid: Rqid, purse: Purse) -> None:
    used = _succeeded(purse)
    _expect_94(rqid.topup(used.sent("customer_id"), ref_1=used.ref_1, right=False))


@clause("RQID-IDEM-DUPLICATE-FREE")
def test_a_used_ref_1_is_not_charged_again(rqid: Rqid, purse: Purse) -> None:
    used, variations = _succeeded(purse), _variations(rqid)
    mark = purse.mark()
    answers = _repeated(rqid, used.ref_1, variations)
    _expect_free(purse, mark, answers)


@clause("RQID-IDEM-RACE")
@pytest.mark.parametrize("_round", ROUNDS)
def test_topups_at_the_same_instant_cost_once(rqid: Rqid, purse: Purse, _round: int) -> None:
    _succeeded(purse)
    ref_1 = new_ref_id()
    asked = _variations(rqid)
    asked = [asked[0], asked[0], *asked[1:]]
    prices = {purse.cost_of(product) for product, _ in asked}
    mark = purse.mark()
    again = partial(rqid.purchase, "topup", right=False)
    answers = together([partial(again, product, customer, ref_1) for product, customer in asked])
    if any(one.outcome is Outcome.PENDING for one in answers):
        rqid.settled(ref_1)
    spent = purse.spent_since(mark)
    with expect(*answers) as that:
        words = " or ".join(str(price) for price in sorted(prices))
        that.that(spent in {0, *prices}, f"{words} rupiah taken, once", f"{spent} rupiah taken")
    if spent == 0:
        reading("several topups with one ref_1 at once", "none takes the money", warns=True)


@clause("RQID-IDEM-PENDING")
def test_a_ref_1_in_process_is_taken(rqid: Rqid, purse: Purse) -> None:
    variations = _variations(rqid, "pending_success")
    with purse.in_process("prepaid") as (first, _):
        ref_1 = str(first.sent["ref_1"])
        mark = purse.mark_if_any()
        answers = _repeated(rqid, ref_1, variations)
        _expect_94(*answers)
        _expect_free(purse, mark, answers)


@clause("RQID-IDEM-FAILED")
def test_a_failed_ref_1_is_not_charged(rqid: Rqid, purse: Purse) -> None:
    first = _failed_late(purse)
    variations = _variations(rqid, "pending_failed")
    mark = purse.mark()
    _expect_free(purse, mark, _repeated(rqid, first.ref_1, variations))


@clause("RQID-IDEM-FAILED-RC")
def test_a_failed_ref_1_is_rc_94(rqid: Rqid, purse: Purse) -> None:
    first = _failed_late(purse)
    _expect_94(*_repeated(rqid, first.ref_1, _variations(rqid, "pending_failed")))


def _failed_late(purse: Purse) -> Purchase:
    """A topup that was in process and failed."""
    _succeeded(purse)
    first = purse.purchase("prepaid", "pending_failed", "repeated")
    if first.settled.is_success:
        raise Blocked("RQID-STATUS-SETTLES-FAILED")
    if not is_formed(first):
        # A request that is refused may leave its reference free.
        raise NotOffered("the target refuses this number", hint="name one that fails in the end")
    return first


@clause("RQID-IDEM-ALIAS")
def test_payment_and_topup_share_references(rqid: Rqid, purse: Purse) -> None:
    rqid.require("payment")
    used = _succeeded(purse)
    product, customer = used.sent("product_code"), used.sent("customer_id")
    through_payment = rqid.purchase("payment", product, customer, new_ref_id())
    if through_payment.outcome is Outcome.FAILED:
        raise Blocked("RQID-TOPUP-ALIAS")
    if through_payment.outcome is Outcome.PENDING:
        rqid.settled(str(through_payment.sent["ref_1"]))
    mark = purse.mark_if_any()
    answers = [
        rqid.purchase("payment", product, customer, used.ref_1, right=False),
        rqid.purchase("topup", product, customer, str(through_payment.sent["ref_1"]), right=False),
    ]
    _expect_94(*answers)
    _expect_free(purse, mark, answers)


@clause("RQID-IDEM-KEEPS")
def test_a_repetition_leaves_the_first_as_it_was(rqid: Rqid, purse: Purse) -> None:
    rqid.require("history/ref_1")
    used = _succeeded(purse, use="kept")
    before = rqid.status(used.ref_1).require_success(), rqid.history_of(used.ref_1)
    _repeated(rqid, used.ref_1, _variations(rqid))
    after = rqid.status(used.ref_1), rqid.history_of(used.ref_1)
    with expect(*before, *after) as that:
        for earlier, later in zip(before, that.each(after), strict=True):
            said = [[_kept(row) for row in records_of(one)] for one in (earlier, later)]
            that.equal("what it says", said[1], said[0], "as before")


@clause("RQID-IDEM-PAY-TWICE")
def test_paying_twice_costs_once(rqid: Rqid, purse: Purse) -> None:
    bought = purse.purchase("postpaid", "success", "repeated")
    bought.succeeded()
    _expect_free_payments(rqid, purse, bought.bill)


@clause("RQID-IDEM-PAY-RACE")
@pytest.mark.parametrize("_round", ROUNDS)
def test_two_payments_at_once_cost_once(rqid: Rqid, purse: Purse, _round: int) -> None:
    rqid.require("payment")
    purse.purchase("postpaid", "success").took_its_price()
    bill = rqid.inquiry(rqid.numbers("postpaid").get("success")).require_success()
    changes = _payments(rqid)
    mark = purse.mark()
    answers = together([partial(rqid.pay, bill, right=False, **one) for one in ({}, {}, *changes)])
    if any(one.outcome is Outcome.PENDING for one in answers):
        rqid.settled(str(bill.sent["ref_1"]))
    spent, total = purse.spent_since(mark), bill.number("total_price")
    with expect(bill, *answers) as that:
        that.that(spent in (0, total), f"{total} rupiah taken once", f"{spent} rupiah taken")
    if spent == 0:
        reading("several payments at once", "none takes the money", warns=True)


@clause("RQID-IDEM-PAY-PENDING")
def test_paying_again_while_in_process_costs_nothing(rqid: Rqid, purse: Purse) -> None:
    with purse.in_process("postpaid") as (bill, _):
        _expect_free_payments(rqid, purse, bill)


@clause("RQID-IDEM-PAY-FAILED")
def test_paying_again_after_failure_costs_nothing(rqid: Rqid, purse: Purse) -> None:
    bought = purse.purchase("postpaid", "failed", "repeated")
    if bought.settled.outcome is not Outcome.FAILED:
        raise Blocked("RQID-PAYMENT-FAILED")
    _expect_free_payments(rqid, purse, bought.bill)


@clause("RQID-IDEM-PAY-EXPIRED")
def test_paying_after_expiry_costs_nothing(rqid: Rqid, purse: Purse) -> None:
    rqid.require("payment")
    bill = rqid.inquiry(rqid.numbers("postpaid").get("success")).require_success()
    rqid.advance_clock(FIFTEEN_MINUTES + 60)
    _expect_free_payments(rqid, purse, bill)


@clause("RQID-IDEM-CASE")
def test_a_near_ref_1_is_another(rqid: Rqid, purse: Purse) -> None:
    used = _succeeded(purse)
    last = "A" if used.ref_1[-1] != "A" else "B"
    near = rqid.topup(used.sent("customer_id"), ref_1=used.ref_1[:-1] + last)
    with expect(near) as that:
        that.that(near.rc != "94", "a reference of its own", f"rc {near.rc}")


def _variations(rqid: Rqid, case: str = "success") -> list[tuple[str, str]]:
    """Product and customer of the same request, another customer, and another product."""
    numbers = rqid.numbers("prepaid")
    product, customer = numbers.get("product"), numbers.get(case)
    found = [(product, customer)]
    if "other" in numbers.told:
        found.append((product, numbers.told["other"]))
    if "other_product" in numbers.told:
        found.append((numbers.told["other_product"], numbers.get("success")))
    for bought, _ in found:
        rqid.price_of(bought)
    return found


def _succeeded(purse: Purse, use: str = "repeated") -> Purchase:
    bought = purse.purchase("prepaid", "success", use)
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


def _expect_free(purse: Purse, mark: int | None, answers: Sequence[RqidAnswer]) -> None:
    with expect(*answers) as that:
        that.equal("money taken, in rupiah", purse.spent_since(mark), 0)


def _expect_free_payments(rqid: Rqid, purse: Purse, bill: RqidAnswer | None) -> None:
    """Paying costs nothing, whether it names the same customer and product or others."""
    if bill is None:
        raise Blocked("RQID-INQUIRY-SUCCESS")
    mark = purse.mark()
    answers = [rqid.pay(bill, right=False, **change) for change in _payments(rqid)]
    _expect_free(purse, mark, answers)


def _payments(rqid: Rqid) -> list[dict[str, str]]:
    """What a repeated payment changes: nothing, the customer, the product."""
    told = rqid.numbers("postpaid").told
    changes: list[dict[str, str]] = [{}]
    if "other" in told:
        changes.append({"customer_id": told["other"]})
    if "other_product" in told:
        changes.append({"product_code": told["other_product"]})
    return changes


def _kept(row: Row) -> dict[str, object]:
    """What a record says of a purchase, as far as the document names it."""
    return {name: row[name] for name in _NAMED if name in row}
