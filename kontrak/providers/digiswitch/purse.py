"""The balance at Digiswitch, and purchases held from inquiry to status. Amounts are rupiah.

The document gives the balance in the answer of a payment and nowhere else, so a small payment, the
witness, tells it. What the witness itself costs is measured once and left out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from kontrak.errors import NotOffered
from kontrak.judge import Blocked
from kontrak.providers.digiswitch.answer import DigiswitchAnswer
from kontrak.providers.digiswitch.client import Digiswitch, Order
from kontrak.providers.digiswitch.settings import Product


@dataclass(frozen=True, slots=True)
class Cost:
    """What was in the purse before something, and what left it meanwhile."""

    before: Decimal
    taken: Decimal


@dataclass(frozen=True, slots=True)
class Purchase:
    """One order's whole story. ``status`` was asked right after the payment.

    The answers can be judged where the balance cannot be told; ``cost`` then raises ``Blocked``.
    """

    order: Order
    paid: DigiswitchAnswer
    status: DigiswitchAnswer | None
    measured: Cost | Blocked

    @property
    def cost(self) -> Cost:
        """What the payment took, in rupiah."""
        return known(self.measured)


@dataclass(frozen=True, slots=True)
class Repetition:
    """A paid order paid again. ``cost`` is what the second payment took."""

    first: Purchase
    again: DigiswitchAnswer
    measured: Cost | Blocked

    @property
    def cost(self) -> Cost:
        """What the second payment took, in rupiah."""
        return known(self.measured)


class Purse:
    """Tells what left the balance, and keeps purchases that many tests judge."""

    def __init__(self, client: Digiswitch) -> None:
        self.client = client
        self._held: dict[tuple[str, str], Purchase | Blocked] = {}
        self._repeated: dict[str, Repetition] = {}
        self._known: tuple[int, Decimal] | None = None
        self._overhead: Decimal | None = None
        self._tells_status: bool | None = None

    def mark(self) -> Decimal:
        """The balance now, to be compared with later."""
        if self._known is not None and self._known[0] == self.client.moves:
            return self._known[1]
        balance, _ = self._witness()
        return balance

    def spent_since(self, mark: Decimal) -> Decimal:
        """What has left the purse since a mark."""
        balance, cost = self._witness()
        return mark - balance - cost

    def purchase(self, product: Product, case: str) -> Purchase:
        """Buy a test case's bill and ask its status; once per product and case.

        Raises ``Blocked`` where the inquiry is refused, ``NotOffered`` where there is no number.
        """
        key = (product.key, case)
        if key not in self._held:
            try:
                self._held[key] = self.fresh_purchase(product, case)
            except Blocked as blocked:
                self._held[key] = blocked
        found = self._held[key]
        if isinstance(found, Blocked):
            raise Blocked(found.clause_id)
        return found

    def fresh_purchase(self, product: Product, case: str) -> Purchase:
        """The same, anew."""
        order = self.client.order(product, case)
        before = self._marked()
        paid = self.client.pay(order)
        offered = "status-pasca" in self.client.settings.operations
        status = self.client.status(order) if offered else None
        return Purchase(order, paid, status, self._measured(before))

    def paid(self, product: Product) -> list[Purchase]:
        """The successful purchases of a product: of one bill, and of two where there are such.

        Raises ``Blocked`` where the first is none; the second has a clause of its own.
        """
        first = self.purchase(product, "success")
        first.paid.require_success()
        try:
            second = self.purchase(product, "two_bills")
        except (Blocked, NotOffered):
            return [first]
        return [first, second] if second.paid.is_success else [first]

    def repeated(self, product: Product) -> Repetition:
        """A successful payment sent a second time; once per product."""
        if product.key not in self._repeated:
            first = self.purchase(product, "success")
            first.paid.require_success()
            mark = self._marked()
            again = self.client.pay(first.order)
            self._repeated[product.key] = Repetition(first, again, self._measured(mark))
        return self._repeated[product.key]

    def require_status(self) -> None:
        """Raise ``NotOffered`` where the target has no status-pasca, by its word or its answers."""
        self.client.require("status-pasca")
        if self._tells_status is None:
            self._tells_status = self._is_status_known()
        if not self._tells_status:
            raise NotOffered(
                "the target answers status-pasca as it answers a command that does not exist",
                hint="leave status-pasca out of [digiswitch] operations, or ask the provider",
            )

    def measure(self, happen: Callable[[], object]) -> Cost | Blocked:
        """What something takes from the purse; ``Blocked`` where the balance cannot be told."""
        before = self._marked()
        happen()
        return self._measured(before)

    def _marked(self) -> Decimal | Blocked:
        try:
            return self.mark()
        except Blocked as blocked:
            return blocked

    def _measured(self, before: Decimal | Blocked) -> Cost | Blocked:
        if isinstance(before, Blocked):
            return before
        try:
            return Cost(before, self.spent_since(before))
        except Blocked as blocked:
            return blocked

    def _is_status_known(self) -> bool:
        order = self.purchase(self.client.usual, "success").order
        asked = self.client.status(order)
        if asked.is_success:
            return True
        fields = self.client.fields("no-such-command", order.product, order.number, order.ref_id)
        unknown = self.client.ask(fields, order.product)
        return (asked.rc, asked.status) != (unknown.rc, unknown.status)

    def _witness(self) -> tuple[Decimal, Decimal]:
        """The balance after one more small payment, and what that payment took."""
        if self._overhead is None:
            before, _ = self._small_payment()
            after, price = self._small_payment()
            self._overhead = before - after - price
        balance, price = self._small_payment()
        self._known = (self.client.moves, balance)
        return balance, price + self._overhead

    def _small_payment(self) -> tuple[Decimal, Decimal]:
        paid = self.client.pay(self.client.order(self.client.usual)).require_success()
        return paid.number("balance"), paid.number("price")


def known(measured: Cost | Blocked) -> Cost:
    """The cost; ``Blocked`` where it could not be told."""
    if isinstance(measured, Blocked):
        raise Blocked(measured.clause_id)
    return measured
