"""Payment (pay-pasca): money, in rupiah. What was paid is read from the balance."""

import functools
import itertools
from decimal import Decimal

import pytest

from kontrak.clauses.amounts import as_number
from kontrak.clauses.catalogue import clause
from kontrak.clauses.response_codes import Outcome
from kontrak.interface.concurrency import together
from kontrak.judging.expect import Blocked, expect
from kontrak.providers.digiswitch import Digiswitch, DigiswitchAnswer, Order, Product
from kontrak.providers.digiswitch.account import DigiswitchAccount, Purchase
from kontrak.providers.digiswitch.client import promise
from kontrak.providers.digiswitch.refusal import expect_refused, expect_true_balance

A_DAY = 24 * 60 * 60


@clause("DIGISWITCH-PAY-DEBIT")
def test_a_payment_costs_its_price(purchases: list[Purchase]) -> None:
    for one in purchases:
        price, cost = one.paid.number("price"), one.cost
        with expect(one.paid) as that:
            that.equal("money taken, in rupiah", cost.taken, price, "price")
            because = f"balance before {cost.before} - price {price}"
            that.equal("balance", one.paid.number("balance"), cost.before - price, because)


@clause("DIGISWITCH-PAY-FAILED-FREE")
def test_a_failed_payment_costs_nothing(account: DigiswitchAccount, product: Product) -> None:
    one = account.purchase(product, "payment_failed")
    if one.paid.outcome is not Outcome.FAILED:
        raise Blocked(promise(product, "payment_failed"))
    with expect(one.paid) as that:
        that.equal("money taken, in rupiah", one.cost.taken, Decimal(0))
        expect_true_balance(that, one.paid, (one.cost.before,))


@clause("DIGISWITCH-PAY-TOGETHER")
@pytest.mark.parametrize("_round", range(2))
def test_two_bills_paid_at_once_cost_both_prices(
    digiswitch: Digiswitch, account: DigiswitchAccount, order: Order, _round: int
) -> None:
    others = [one for one in digiswitch.settings.products.values() if one != order.product]
    orders = [order, digiswitch.order(others[0] if others else order.product)]
    alone = [account.purchase(one.product, "success") for one in orders]
    mark = account.mark()
    answers = together([functools.partial(digiswitch.pay, one) for one in orders])
    taken = account.spent_since(mark)
    accepted = [answer.outcome is not Outcome.FAILED for answer in answers]
    costs = [one.cost.taken for one in alone]
    wanted = sum(itertools.compress(costs, accepted), Decimal(0))
    with expect(*answers) as that:
        for answer, paid, first in zip(that.each(answers), orders, alone, strict=True):
            if answer.is_success:
                balances = mark - first.cost.taken, mark - wanted
                _expect_as_alone(that, answer, paid, first, balances)
        that.equal("money taken, in rupiah", taken, wanted, "what the two cost one by one")


def _expect_as_alone(
    that: expect,
    answer: DigiswitchAnswer,
    order: Order,
    first: Purchase,
    balances: tuple[Decimal, Decimal],
) -> None:
    """What a payment beside others gets wrong, and ``first``, which was made alone, got right."""
    if first.paid.members.get("ref_id") == first.order.ref_id:
        that.equal("ref_id", answer.members.get("ref_id"), order.ref_id, "as sent")
    left = first.cost.before - first.cost.taken
    if as_number(first.paid.members.get("balance")) == left:
        expect_true_balance(that, answer, balances)


@clause("DIGISWITCH-PAY-SAME-DAY")
@pytest.mark.usefixtures("account")
def test_an_inquiry_of_yesterday_cannot_be_paid(
    digiswitch: Digiswitch, orders: list[Order]
) -> None:
    digiswitch.require("inq-pasca")
    digiswitch.advance_clock(A_DAY)
    expect_refused(*(digiswitch.pay(one) for one in orders))


@clause("DIGISWITCH-PAY-SAME-DAY-FREE")
def test_a_refused_payment_of_yesterdays_inquiry_costs_nothing(
    digiswitch: Digiswitch, account: DigiswitchAccount, orders: list[Order]
) -> None:
    digiswitch.require("inq-pasca")
    digiswitch.advance_clock(A_DAY)
    mark = account.mark()
    answers = [digiswitch.pay(one) for one in orders]
    if any(one.outcome in (Outcome.SUCCESS, Outcome.PENDING) for one in answers):
        pytest.skip("accepted: the clause that requires a refusal fails")
    with expect(*answers) as that:
        taken = account.spent_since(mark)
        that.equal("money taken, in rupiah", taken, Decimal(0), "a refusal is free")
