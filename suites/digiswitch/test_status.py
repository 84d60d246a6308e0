"""Transaction status (status-pasca): what it says after a payment."""

from dataclasses import replace
from functools import partial

import pytest

from kontrak.clauses.amounts import as_number
from kontrak.clauses.catalogue import cited, clause, find
from kontrak.clauses.response_codes import Outcome
from kontrak.interface.refid import new_ref_id
from kontrak.judging.expect import Blocked, expect, judge_place
from kontrak.providers.digiswitch import Digiswitch, DigiswitchAnswer, Order, Product
from kontrak.providers.digiswitch.account import DigiswitchAccount, Purchase
from kontrak.providers.digiswitch.client import promise
from kontrak.providers.digiswitch.conversations import shared_values

STATUSES = [
    cited("DIGISWITCH-STATUS-SUCCESS", "success", Outcome.SUCCESS, id="success"),
    cited("DIGISWITCH-STATUS-FAILED", "payment_failed", Outcome.FAILED, id="failed"),
]
ENDS = {"pending_success": Outcome.SUCCESS, "pending_failed": Outcome.FAILED}

pytestmark = pytest.mark.usefixtures("offers_status")


@clause("DIGISWITCH-STATUS-ANSWERED")
def test_a_status_is_about_the_transaction(purchases: list[Purchase]) -> None:
    for one in purchases:
        asked = _asked(one)
        with expect(one.paid, asked) as that:
            reported = asked.reports_transaction and bool(asked.voices)
            that.that(reported, "the status of the payment", asked.returned)
            if reported and asked.is_success:
                that.that(asked.status < 500, "an HTTP status below 500", f"HTTP {asked.status}")


@clause("DIGISWITCH-STATUS-FIELDS")
def test_a_status_has_its_fields(purchases: list[Purchase]) -> None:
    for one in purchases:
        judge_place(_asked(one), find("DIGISWITCH-STATUS-FIELDS"))


@pytest.mark.parametrize(("case", "outcome"), STATUSES)
def test_after_the_payment(
    account: DigiswitchAccount, product: Product, case: str, outcome: Outcome
) -> None:
    one = account.purchase(product, case)
    if one.paid.outcome is not outcome:
        raise Blocked(promise(product, case))
    asked = _reported(one)
    with expect(one.paid, asked) as that:
        that.that(asked.outcome is outcome, f"a status of a {outcome} payment", asked.returned)


@clause("DIGISWITCH-STATUS-PENDING")
@pytest.mark.usefixtures("pending_payments")
@pytest.mark.parametrize(("case", "end"), ENDS.items())
def test_after_a_pending_payment(
    account: DigiswitchAccount, product: Product, case: str, end: Outcome
) -> None:
    one = account.purchase(product, case)
    if one.paid.outcome is not Outcome.PENDING:
        raise Blocked(promise(product, case))
    asked = _reported(one)
    with expect(one.paid, asked) as that:
        kept = asked.outcome in (Outcome.PENDING, end)
        that.that(kept, f"Pending, or {end} if it has ended already", asked.returned)


@clause("DIGISWITCH-STATUS-AGREES")
def test_a_status_repeats_the_payment(purchases: list[Purchase]) -> None:
    for one in purchases:
        asked = _reported(one)
        with expect(one.paid, asked) as that:
            for place in ("ref_id", "customer_no", "code"):
                if place in asked.members:
                    that.equal(place, asked.members[place], one.paid.text(place), "as paid")
            # An sn that is empty in one of them has not come yet; the examples have such.
            if asked.members.get("sn") and one.paid.text("sn"):
                that.equal("sn", asked.members["sn"], one.paid.text("sn"), "as paid")
            if asked.members.get("name"):
                that.equal("name", asked.members["name"], one.paid.text("name"), "as paid")
            for place in ("admin", "price", "selling_price"):
                if asked.members.get(place) is not None:
                    that.equal(place, asked.number(place), one.paid.number(place), "as paid")
            commissions = [answer.members.get("base_commission") for answer in (asked, one.paid)]
            if all(type(commission) is int for commission in commissions):
                that.equal("base_commission", commissions[0], commissions[1], "as paid")


@clause("DIGISWITCH-STATUS-AGREES-DESC")
def test_a_status_describes_the_bill_that_was_paid(purchases: list[Purchase]) -> None:
    for one in purchases:
        asked = _reported(one)
        reported, paid = asked.members.get("desc"), one.paid.members.get("desc")
        with expect(one.paid, asked) as that:
            # A status need not describe the bill.
            that.that(
                not reported or isinstance(reported, dict), "an object in desc", str(reported)
            )
            for place, came, wanted in shared_values("desc", reported, paid):
                that.equal(place, came, wanted, "as paid")


@clause("DIGISWITCH-STATUS-BALANCE")
def test_a_status_shows_the_balance_of_its_payment(purchases: list[Purchase]) -> None:
    for one in purchases:
        asked = _reported(one)
        shown, paid = (as_number(answer.members.get("balance")) for answer in (asked, one.paid))
        if shown and paid and one.pending is None:
            with expect(one.paid, asked) as that:
                that.equal("balance", shown, paid, "asked right after the payment")


@clause("DIGISWITCH-STATUS-UNKNOWN")
def test_an_unused_ref_id_has_no_status(digiswitch: Digiswitch, account: DigiswitchAccount) -> None:
    unused = [replace(one, ref_id=new_ref_id()) for one in account.paid_orders()]
    answers = digiswitch.side_by_side([partial(digiswitch.status, one) for one in unused])
    with expect(*answers) as that:
        for answer in that.each(answers):
            reported = answer.outcome in (Outcome.SUCCESS, Outcome.PENDING)
            that.that(not reported, "no transaction", answer.returned)


@clause("DIGISWITCH-STATUS-INQUIRED")
def test_a_bill_that_was_only_inquired_is_not_paid(
    digiswitch: Digiswitch, account: DigiswitchAccount, product: Product
) -> None:
    account.purchase(product, "success").paid.require_success()
    digiswitch.require("inq-pasca")
    bill = digiswitch.inquiry(product, "success").require_success()
    unpaid = Order(product, "success", product.number("success"), str(bill.sent["ref_id"]), bill)
    answer = digiswitch.status(unpaid)
    with expect(bill, answer) as that:
        that.that(not answer.is_success, "no success: nothing was paid", answer.returned)


def _asked(purchase: Purchase) -> DigiswitchAnswer:
    if purchase.status is None:
        pytest.skip("the target does not offer status-pasca")
    return purchase.status.require_wellformed()


def _reported(purchase: Purchase) -> DigiswitchAnswer:
    asked = _asked(purchase)
    if not asked.reports_transaction:
        raise Blocked("DIGISWITCH-STATUS-ANSWERED")
    return asked
