"""Payment (pay-pasca): money, in rupiah. What was paid is read from the balance."""

from decimal import Decimal

import pytest

from kontrak.catalogue import clause
from kontrak.judge import Blocked, expect
from kontrak.providers.digiswitch import Digiswitch, Order, Product
from kontrak.providers.digiswitch.client import promise
from kontrak.providers.digiswitch.purse import Purchase, Purse
from kontrak.providers.digiswitch.refusal import expect_refused
from kontrak.rc import Outcome

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
def test_a_failed_payment_costs_nothing(purse: Purse, product: Product) -> None:
    one = purse.purchase(product, "payment_failed")
    if one.paid.outcome is not Outcome.FAILED:
        raise Blocked(promise(product, "payment_failed"))
    with expect(one.paid) as that:
        that.equal("money taken, in rupiah", one.cost.taken, Decimal(0))


@clause("DIGISWITCH-PAY-SAME-DAY")
@pytest.mark.usefixtures("purse")
def test_an_inquiry_of_yesterday_cannot_be_paid(digiswitch: Digiswitch, order: Order) -> None:
    digiswitch.require("inq-pasca")
    digiswitch.advance_clock(A_DAY)
    expect_refused(digiswitch.pay(order))
