"""Reference ids and repetition: nothing is paid twice, whatever the reply says."""

from decimal import Decimal
from functools import partial

import pytest

from kontrak.clauses.catalogue import cited, clause
from kontrak.clauses.response_codes import Outcome
from kontrak.errors import NotOffered
from kontrak.interface.concurrency import together
from kontrak.judging.expect import expect, reading
from kontrak.providers.digiswitch import Digiswitch, DigiswitchAnswer, Order, Product
from kontrak.providers.digiswitch.account import DigiswitchAccount
from kontrak.providers.digiswitch.repetition import (
    ASKED,
    ASKED_FAILED,
    FAILED,
    PAID,
    PENDING,
    Repetitions,
)
from kontrak.pytest_plugin.selection import conversation

ROUNDS = range(3)
OTHERS = [
    cited("DIGISWITCH-IDEM-OTHER-CUSTOMER", "customer_no", id="customer"),
    cited("DIGISWITCH-IDEM-OTHER-CODE", "code", id="code"),
]


@conversation
def repetitions(account: DigiswitchAccount) -> Repetitions:
    """What was sent a second time."""
    return Repetitions(account)


@clause("DIGISWITCH-IDEM-PAY-TWICE")
def test_paying_twice_costs_once(repetitions: Repetitions, product: Product) -> None:
    repeated = repetitions.held(PAID, product)
    with expect(repeated.first.paid, repeated.again) as that:
        that.equal("money taken by the second payment", repeated.cost.taken, Decimal(0))


@clause("DIGISWITCH-IDEM-PAY-SAME")
def test_paying_twice_answers_one_transaction(repetitions: Repetitions, product: Product) -> None:
    repeated = repetitions.held(PAID, product)
    first, again = repeated.first.paid, repeated.again.require_wellformed()
    with expect(first, again) as that:
        pending = again.outcome is Outcome.PENDING
        that.that(not pending, "the payment that succeeded, or a refusal", again.returned)
        if again.is_success:
            for place in ("ref_id", "customer_no", "code", "price", "selling_price"):
                came, wanted = again.members.get(place), first.value(place)
                that.equal(place, came, wanted, "as at the first payment")
            # An sn that is empty in one of them has not come yet; the examples have such.
            if again.members.get("sn") and first.text("sn"):
                that.equal("sn", again.members["sn"], first.text("sn"), "as at the first payment")
    reported = "the success again" if again.is_success else again.returned
    reading("a repeated payment", reported, warns=not again.is_success)


@clause("DIGISWITCH-IDEM-PAY-RACE")
@pytest.mark.parametrize("_round", ROUNDS)
def test_two_payments_at_once_cost_once(
    digiswitch: Digiswitch, account: DigiswitchAccount, order: Order, _round: int
) -> None:
    mark = account.mark()
    answers = together([lambda: digiswitch.pay(order)] * 2)
    spent = account.spent_since(mark)
    known = account.purchase(order.product, "success").paid
    price = (order.bill or known).number("price")
    with expect(*answers) as that:
        that.that(spent in (price, 0), f"{price} rupiah taken once", f"{spent} rupiah taken")
    if spent == 0:
        reading("two payments at once", "none takes the money", warns=True)


@pytest.mark.parametrize("field", OTHERS)
def test_a_paid_ref_id_pays_nothing_else(
    digiswitch: Digiswitch, account: DigiswitchAccount, field: str
) -> None:
    # Each product's own payment is there already: what is sent under its ref_id costs nothing.
    first = [account.purchase(one.product, one.case).paid for one in account.paid_orders()]
    pairs = [(paid, _other(digiswitch, paid, field)) for paid in first]
    pairs = [(paid, other) for paid, other in pairs if other is not None]
    if not pairs:
        raise NotOffered(f"the target has nothing with another {field}", hint="list more of it")
    mark = account.mark()
    pays = [partial(digiswitch.pay, other) for _, other in pairs if other is not None]
    answers = digiswitch.buy_side_by_side(pays)
    with expect(*answers) as that:
        for (paid, _), answer in zip(pairs, that.each(answers), strict=True):
            accepted = answer.outcome in (Outcome.SUCCESS, Outcome.PENDING)
            names_other = answer.members.get(field) != paid.sent[field]
            that.that(
                not (accepted and names_other),
                f"a refusal, or the transaction of {field} {paid.sent[field]}",
                f"{answer.returned}, {field} {answer.members.get(field)}",
            )
        taken = account.spent_since(mark)
        that.equal("money taken by the second payments", taken, Decimal(0))


@clause("DIGISWITCH-IDEM-PAY-PENDING")
@pytest.mark.usefixtures("pending_payments")
def test_paying_again_what_is_pending_costs_nothing_more(
    digiswitch: Digiswitch, repetitions: Repetitions, product: Product
) -> None:
    repeated = repetitions.held(PENDING, product)
    if repeated.cost.taken != 0 and digiswitch.settings.control_url is None:
        # Another pending payment may have ended meanwhile; it does not do so twice.
        repeated = repetitions.alone(PENDING, product)
    first = repeated.first
    price = (first.order.bill or first.paid).number("price")
    spent = first.cost.taken + repeated.cost.taken
    with expect(first.paid, repeated.again) as that:
        # Where it takes its money when it ends, it may do so now.
        that.that(spent <= price, f"{price} rupiah taken once at most", f"{spent} rupiah taken")


@clause("DIGISWITCH-IDEM-PAY-FAILED")
def test_paying_again_what_failed_costs_nothing(repetitions: Repetitions, product: Product) -> None:
    repeated = repetitions.held(FAILED, product)
    again = repeated.again
    with expect(repeated.first.paid, again) as that:
        that.equal("money taken by the second payment", repeated.cost.taken, Decimal(0))
        that.that(not again.is_success, "no success, as at the first payment", again.returned)


@clause("DIGISWITCH-IDEM-INQUIRY-FREE")
def test_inquiries_cost_nothing(digiswitch: Digiswitch, account: DigiswitchAccount) -> None:
    digiswitch.require("inq-pasca")
    mark = account.mark()
    answers = [
        digiswitch.inquiry(product, case)
        for product in digiswitch.settings.products.values()
        for case in ("success", "inquiry_failed")
        if case in product.numbers
    ]
    with expect(*answers) as that:
        that.equal("money taken, in rupiah", account.spent_since(mark), Decimal(0))


@clause("DIGISWITCH-IDEM-STATUS")
@pytest.mark.usefixtures("offers_status")
def test_asking_the_status_changes_nothing(repetitions: Repetitions, product: Product) -> None:
    for kind in (ASKED, ASKED_FAILED):
        if kind.case not in product.numbers:
            continue
        repeated = repetitions.held(kind, product)
        first, again = repeated.first.status, repeated.again
        with expect(again) as that:
            that.equal("money taken, in rupiah", repeated.cost.taken, Decimal(0))
            if first is not None:
                that.that(
                    _says(first) == _says(again), f"as before: {first.returned}", again.returned
                )


def _says(answer: DigiswitchAnswer) -> tuple[object, ...]:
    return answer.outcome, answer.rc


def _other(digiswitch: Digiswitch, paid: DigiswitchAnswer, field: str) -> Order | None:
    """An order under a paid ref_id that differs in the customer, or in the product."""
    product = next(
        one for one in digiswitch.settings.products.values() if one.code == paid.sent["code"]
    )
    if field == "customer_no":
        cases = ("two_bills", "pending_success", "payment_failed")
        found = [(product, case) for case in cases if case in product.numbers]
    else:
        others = digiswitch.settings.products.values()
        found = [(one, "success") for one in others if one != product]
    if not found:
        return None
    other, case = found[0]
    return Order(other, case, other.number(case), str(paid.sent["ref_id"]), None)
