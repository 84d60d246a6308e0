"""Payment (pay-pasca): pending. It has taken price once at most, and it ends."""

from dataclasses import dataclass
from decimal import Decimal

import pytest

from kontrak.catalogue import clause
from kontrak.judge import Blocked, expect, note, reading
from kontrak.providers.digiswitch import DigiswitchAnswer, Order, Product
from kontrak.providers.digiswitch.client import promise
from kontrak.providers.digiswitch.purse import Cost, Purse, known
from kontrak.rc import Outcome
from kontrak.selection import conversation

pytestmark = pytest.mark.usefixtures("pending_payments")

AN_HOUR = 60 * 60
CASES = ("pending_success", "pending_failed")


@dataclass(frozen=True, slots=True)
class Ending:
    """A pending payment whose clock has run on: what was asked an hour and two hours later."""

    order: Order
    paid: DigiswitchAnswer
    settled: DigiswitchAnswer
    later: DigiswitchAnswer


class Endings:
    """The pending payments of each product until they have ended, each held once."""

    def __init__(self, purse: Purse) -> None:
        self._purse = purse
        self._held: dict[str, tuple[list[Ending], Cost | Blocked]] = {}

    def held(self, product: Product) -> tuple[list[Ending], Cost | Blocked]:
        """Pay, let an hour pass, ask, let another pass, ask again; and what it cost in all."""
        if product.key not in self._held:
            self._held[product.key] = self._fresh(product)
        return self._held[product.key]

    def _fresh(self, product: Product) -> tuple[list[Ending], Cost | Blocked]:
        client = self._purse.client
        cases = [case for case in CASES if case in product.numbers]
        if not cases:
            product.number(CASES[0])
        for case in cases:
            _require_pending(self._purse.purchase(product, case).paid, product, case)
        if client.pending:
            client.advance_clock(AN_HOUR)  # what else is pending ends before the balance is read
        orders = [client.order(product, case) for case in cases]
        endings: list[Ending] = []

        def happen() -> None:
            paid = [client.pay(order) for order in orders]
            told = []
            for _ in range(2):
                client.advance_clock(AN_HOUR)
                told.append([self._look(order) for order in orders])
            endings.extend(map(Ending, orders, paid, *told))

        cost = self._purse.measure(happen)
        for ending in endings:
            _require_pending(ending.paid, product, ending.order.case)
        return endings, cost

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
    _require_pending(one.paid, product, case)
    bill = one.order.bill or one.paid
    price = bill.number("price")
    taken = one.cost.taken
    if taken not in (0, price) and purse.client.settings.control_url is None:
        # Another pending payment may have ended meanwhile; it does not do so twice.
        one = purse.fresh_purchase(product, case)
        taken = one.cost.taken
    with expect(bill, one.paid) as that:
        came = f"{taken} rupiah taken"
        that.that(taken in (0, price), f"nothing or {price} rupiah taken", came)
    if one.paid.members.get("price", price) != price:
        note(f"the pending answer says another price than the inquiry: {one.paid.members['price']}")
    reading("a pending payment", "takes the price at once" if taken else "takes nothing yet")


@clause("DIGISWITCH-PENDING-SETTLES")
def test_a_pending_payment_ends_and_stays(endings: Endings, product: Product) -> None:
    for ending in endings.held(product)[0]:
        first, later = _told(ending.settled), _told(ending.later)
        with expect(ending.paid, first, later) as that:
            final = (Outcome.SUCCESS, Outcome.FAILED)
            that.that(first.outcome in final, "Sukses or Gagal an hour later", first.said)
            if first.outcome in final:
                same = later.outcome is first.outcome
                that.that(same, f"{first.outcome} for good", later.said)


@clause("DIGISWITCH-PENDING-FINAL-MONEY")
def test_settled_payments_have_cost_what_they_ended_as(endings: Endings, product: Product) -> None:
    held, measured = endings.held(product)
    ends = {ending.order.case: _told(ending.later).outcome for ending in held}
    if not set(ends.values()) <= {Outcome.SUCCESS, Outcome.FAILED}:
        raise Blocked("DIGISWITCH-PENDING-SETTLES")
    wanted = sum(
        (
            (ending.order.bill or ending.paid).number("price")
            for ending in held
            if ends[ending.order.case] is Outcome.SUCCESS
        ),
        Decimal(0),
    )
    with expect(*(answer for ending in held for answer in (ending.paid, ending.later))) as that:
        because = ", ".join(f"{case} ended as {end}" for case, end in ends.items())
        that.equal("money taken, in rupiah", known(measured).taken, wanted, because)


def _require_pending(paid: DigiswitchAnswer, product: Product, case: str) -> None:
    if paid.outcome is not Outcome.PENDING:
        raise Blocked(promise(product, case))


def _told(answer: DigiswitchAnswer) -> DigiswitchAnswer:
    if not answer.tells_transaction:
        raise Blocked("DIGISWITCH-STATUS-ANSWERED")
    return answer
