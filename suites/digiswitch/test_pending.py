"""Payment (pay-pasca): pending. It has taken price once at most, and it ends."""

from dataclasses import dataclass
from decimal import Decimal

import pytest

from kontrak.catalogue import clause
from kontrak.judge import Blocked, expect, note
from kontrak.providers.digiswitch import DigiswitchAnswer, Order, Product
from kontrak.providers.digiswitch.client import promise
from kontrak.providers.digiswitch.purse import Purchase, Purse
from kontrak.rc import Outcome
from kontrak.selection import conversation

AN_HOUR = 60 * 60
CASES = ("pending_success", "pending_failed")


@dataclass(frozen=True, slots=True)
class Ending:
    """A pending purchase whose clock has run on: what was asked an hour and two hours later."""

    purchase: Purchase
    settled: DigiswitchAnswer
    later: DigiswitchAnswer


class Endings:
    """Pending purchases that have ended, each held once."""

    def __init__(self, purse: Purse) -> None:
        self._purse = purse
        self._held: dict[tuple[str, str], Ending] = {}

    def held(self, product: Product, case: str) -> Ending:
        """Buy, let an hour pass, ask, let another pass, ask again."""
        key = (product.key, case)
        if key not in self._held:
            self._held[key] = self._fresh(product, case)
        return self._held[key]

    def _fresh(self, product: Product, case: str) -> Ending:
        client = self._purse.client
        known = self._purse.purchase(product, case)
        _require_pending(known, product, case)
        client.advance_clock(AN_HOUR)  # what else is pending ends before the balance is looked at
        asked: list[DigiswitchAnswer] = []

        def meanwhile(order: Order) -> None:
            for _ in range(2):
                client.advance_clock(AN_HOUR)
                asked.append(self._look(order))

        purchase = self._purse.fresh_purchase(product, case, meanwhile)
        _require_pending(purchase, product, case)
        return Ending(purchase, *asked)

    def _look(self, order: Order) -> DigiswitchAnswer:
        # Where there is no status-pasca, the same payment once more says how the first one stands.
        client = self._purse.client
        if "status-pasca" in client.settings.operations:
            return client.status(order)
        return client.pay(order)


@conversation
def endings(purse: Purse) -> Endings:
    """The pending purchases that have ended."""
    return Endings(purse)


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> str:
    """Each test case of a payment that is pending at first."""
    return str(request.param)


@clause("DIGISWITCH-PENDING-MONEY")
def test_a_pending_payment_takes_price_at_most_once(
    purse: Purse, product: Product, case: str
) -> None:
    one = purse.purchase(product, case)
    _require_pending(one, product, case)
    bill = one.order.bill or one.paid
    price = bill.number("price")
    with expect(bill, one.paid) as that:
        came = f"{one.debit} rupiah taken"
        that.that(one.debit in (0, price), f"nothing or {price} rupiah taken", came)
    if one.paid.members.get("price", price) != price:
        note(f"the pending answer says another price than the inquiry: {one.paid.members['price']}")


@clause("DIGISWITCH-PENDING-SETTLES")
def test_a_pending_payment_ends_and_stays(endings: Endings, product: Product, case: str) -> None:
    ending = endings.held(product, case)
    first, later = (_told(answer) for answer in (ending.settled, ending.later))
    with expect(ending.purchase.paid, first, later) as that:
        final = (Outcome.SUCCESS, Outcome.FAILED)
        that.that(first.outcome in final, "Sukses or Gagal an hour later", first.said)
        if first.outcome in final:
            same = later.outcome is first.outcome
            that.that(same, f"{first.outcome} for good", later.said)


@clause("DIGISWITCH-PENDING-FINAL-MONEY")
def test_a_settled_payment_has_cost_what_it_ended_as(
    endings: Endings, product: Product, case: str
) -> None:
    ending = endings.held(product, case)
    later = _told(ending.later)
    if later.outcome not in (Outcome.SUCCESS, Outcome.FAILED):
        raise Blocked("DIGISWITCH-PENDING-SETTLES")
    purchase = ending.purchase
    price = (purchase.order.bill or purchase.paid).number("price")
    wanted = price if later.outcome is Outcome.SUCCESS else Decimal(0)
    with expect(purchase.paid, later) as that:
        that.equal("money taken, in rupiah", purchase.debit, wanted, f"it ended as {later.outcome}")


def _require_pending(purchase: Purchase, product: Product, case: str) -> None:
    if purchase.paid.outcome is not Outcome.PENDING:
        raise Blocked(promise(product, case))


def _told(answer: DigiswitchAnswer) -> DigiswitchAnswer:
    if not answer.tells_transaction:
        raise Blocked("DIGISWITCH-STATUS-ANSWERED")
    return answer
