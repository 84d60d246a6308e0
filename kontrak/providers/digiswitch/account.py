"""The balance at Digiswitch, and purchases held from inquiry to status. Amounts are rupiah.

The document gives the balance in the answer of a payment and nowhere else, so a small payment, the
witness, reports it. What the witness itself costs is measured once and left out. The purchases of a
product share a witness: only where they took another sum than they say is each measured alone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from itertools import accumulate

from kontrak.clauses.amounts import as_number
from kontrak.clauses.response_codes import Outcome
from kontrak.config.profiles import asks_every_product
from kontrak.errors import NotOffered, SpendingRefused
from kontrak.judging.expect import Blocked
from kontrak.providers.digiswitch.answer import DigiswitchAnswer
from kontrak.providers.digiswitch.client import Digiswitch, Order
from kontrak.providers.digiswitch.inquiries import Inquiries
from kontrak.providers.digiswitch.settings import Product

SETS = (("success", "two_bills", "payment_failed"), ("pending_success", "pending_failed"))
"""The test cases that are bought together."""
SUCCEEDING = ("success", "two_bills")
LOOKS = 3
"""How often a payment that is in process is asked about before it is left as it is."""
AN_HOUR = 60 * 60


@dataclass(frozen=True, slots=True)
class Cost:
    """What was in the balance before something, and what left it meanwhile."""

    before: Decimal
    taken: Decimal


@dataclass(frozen=True, slots=True)
class Purchase:
    """One order's whole story. ``status`` was asked right after the payment.

    ``paid`` is the answer to the payment; where that was Pending for a number that succeeds, it is
    the last status, and ``pending`` the first answer. The answers can be judged
    where the balance cannot be read; ``cost`` then raises ``Blocked``.
    """

    order: Order
    paid: DigiswitchAnswer
    status: DigiswitchAnswer | None
    measured: Cost | Blocked
    pending: DigiswitchAnswer | None = None

    @property
    def cost(self) -> Cost:
        """What the payment took, in rupiah."""
        return known(self.measured)


class DigiswitchAccount:
    """Measures what leaves the balance, and keeps purchases that many tests judge.

    ``planned`` are the products that the run is about, all where it is None. Except on
    a live target all of them are bought in one block between two looks at the balance; where the
    sum does not fit, each product is bought anew and measured alone.
    """

    def __init__(
        self,
        client: Digiswitch,
        inquiries: Inquiries,
        planned: Collection[str] | None = None,
    ) -> None:
        self.client = client
        self._inquiries = inquiries
        products = client.settings.products.values()
        self._planned = [one for one in products if planned is None or one.key in planned]
        self._first: dict[Sequence[str], str] = {}
        self._blocks: set[Sequence[str]] = set()
        self._held: dict[tuple[str, str], Purchase | Blocked | SpendingRefused] = {}
        self._known: tuple[int, Decimal] | None = None
        self._overhead: Decimal | None = None
        self._status_known: bool | None = None

    def mark(self) -> Decimal:
        """The balance now, to be compared with later."""
        if self._known is not None and self._known[0] == self.client.moves:
            return self._known[1]
        balance, _ = self._witness()
        return balance

    def spent_since(self, mark: Decimal) -> Decimal:
        """What has left the balance since a mark."""
        balance, cost = self._witness()
        return mark - balance - cost

    def purchase(self, product: Product, case: str) -> Purchase:
        """Buy a test case's bill and ask its status; once per product and case.

        Raises ``Blocked`` where the inquiry is refused, ``NotOffered`` where there is no number.
        """
        product.number(case)
        if (product.key, case) not in self._held:
            self._buy(product, next(one for one in SETS if case in one))
        found = self._held[product.key, case]
        if isinstance(found, Blocked):
            raise Blocked(found.clause_id)
        if isinstance(found, SpendingRefused):
            raise found
        return found

    def fresh_purchase(self, product: Product, case: str) -> Purchase:
        """The same, anew and measured alone."""
        order = self.client.order(product, case)
        before = self.marked()
        return replace(self._bought(order), measured=self.measured(before))

    def paid(self, product: Product) -> list[Purchase]:
        """The successful purchases of a product: of one bill, and of two where there are such.

        Raises ``Blocked`` where the first is not one; the second has a clause of its own.
        """
        first = self.purchase(product, "success")
        first.paid.require_success()
        try:
            second = self.purchase(product, "two_bills")
        except (Blocked, NotOffered, SpendingRefused):
            return [first]
        return [first, second] if second.paid.is_success else [first]

    def unpaid(self) -> list[Order]:
        """A fresh bill of every planned product, the usual one first, to try wrong payments on.

        Raises ``Blocked`` where no bill of the usual product is paid with success: what is wrong
        with a request is then not what is changed in it.
        """
        usual = self.client.usual
        self.purchase(usual, "success").paid.require_success()
        others = [one for one in self._planned if one != usual and "success" in one.numbers]
        others = others if asks_every_product() else others[-1:]
        asked = [partial(self._fresh, one) for one in (usual, *others)]
        return [one for one in self.client.side_by_side(asked) if one is not None]

    def paid_orders(self) -> list[Order]:
        """Every planned product's bill that was paid with success, the usual one's first."""
        usual = self.client.usual
        first = self.purchase(usual, "success")
        first.paid.require_success()
        found = [first]
        for product in self._planned if asks_every_product() else self._planned[-1:]:
            with suppress(Blocked, NotOffered, SpendingRefused):
                if product != usual:
                    found.append(self.purchase(product, "success"))
        return [one.order for one in found if one.paid.is_success]

    def _fresh(self, product: Product) -> Order | None:
        try:
            return self.client.order(product)
        except (Blocked, SpendingRefused):
            return None  # raised again where the product is bought

    def pay(self, order: Order) -> DigiswitchAnswer:
        """Pay an order; of a number that succeeds, how it ended where it was in process first."""
        return self._ended(order, self.client.pay(order))

    def require_status(self) -> None:
        """Raise ``NotOffered`` where the target has no status-pasca, by its word or its answers."""
        self.client.require("status-pasca")
        if self._status_known is None:
            self._status_known = self._is_status_known()
        if not self._status_known:
            raise NotOffered(
                "the target answers status-pasca as it answers a command that does not exist",
                hint="leave status-pasca out of [digiswitch] operations, or ask the provider",
            )

    def reports_status(self) -> bool:
        """Whether the target has a status-pasca."""
        try:
            self.require_status()
        except NotOffered:
            return False
        return True

    def measure(self, happen: Callable[[], object]) -> Cost | Blocked:
        """What something takes from the balance; ``Blocked`` where the balance cannot be read."""
        before = self.marked()
        happen()
        return self.measured(before)

    def marked(self) -> Decimal | Blocked:
        """A mark, or what hides the balance."""
        try:
            return self.mark()
        except Blocked as blocked:
            return blocked

    def measured(self, before: Decimal | Blocked) -> Cost | Blocked:
        """What has left the balance since a mark, or what hides it."""
        if isinstance(before, Blocked):
            return before
        try:
            return Cost(before, self.spent_since(before))
        except Blocked as blocked:
            return blocked

    def _buy(self, product: Product, cases: Sequence[str]) -> None:
        # A run about one product buys that one; with the second one all of them are bought.
        if self._first.setdefault(cases, product.key) != product.key and cases not in self._blocks:
            self._blocks.add(cases)
            self._buy_block(cases)
        left = [one for one in cases if one in product.numbers]
        left = [one for one in left if (product.key, one) not in self._held]
        if not left:
            return
        before = self.marked()
        bought: dict[str, Purchase] = {}
        for case in left:
            try:
                # What the block has paid is paid: it needs another reference.
                alone = self.client.order if self.client.buys_several else self._order
                bought[case] = self._bought(alone(product, case))
            except (Blocked, SpendingRefused) as problem:
                self._held[product.key, case] = problem
        if not bought:
            return
        costs = _shares(self.measured(before), list(bought.values()))
        for place, (case, one) in enumerate(bought.items()):
            if costs is not None:
                self._held[product.key, case] = replace(one, measured=costs[place])
                continue
            try:
                self._held[product.key, case] = self.fresh_purchase(product, case)
            except Blocked as blocked:
                self._held[product.key, case] = blocked

    def _buy_block(self, cases: Sequence[str]) -> None:
        """Buy the cases of all planned products; hold none unless the sum fits.

        They are inquired side by side and paid one after the other: a payment's answer shows the
        balance behind it, and its status is asked right afterwards.
        """
        if not self.client.buys_several:
            return
        before = self.marked()
        wanted = [(one, case) for one in self._planned for case in cases if case in one.numbers]
        wanted = [(one, case) for one, case in wanted if (one.key, case) not in self._held]
        found = self.client.side_by_side([partial(self._orderable, *one) for one in wanted])
        orders = [one for one in found if one is not None]
        bought = [self._bought(one) for one in orders]
        costs = _shares(self.measured(before), bought) if bought else None
        for one, cost in zip(bought, costs or (), strict=False):
            self._held[one.order.product.key, one.order.case] = replace(one, measured=cost)

    def _orderable(self, product: Product, case: str) -> Order | None:
        try:
            return self._order(product, case)
        except (Blocked, SpendingRefused):
            return None  # raised again where the product is bought alone

    def _order(self, product: Product, case: str) -> Order:
        asked = self._inquiries.payable(product, case) if self.client.inquires else None
        return self.client.order(product, case, asked=asked)

    def _bought(self, order: Order) -> Purchase:
        first = self.client.pay(order)
        paid = self._ended(order, first)
        offered = "status-pasca" in self.client.settings.operations
        status = self.client.status(order) if offered else None
        pending = None if paid is first else first
        return Purchase(order, paid, status, Blocked("DIGISWITCH-PAY-DEBIT"), pending)

    def _ended(self, order: Order, paid: DigiswitchAnswer) -> DigiswitchAnswer:
        if paid.outcome is not Outcome.PENDING or order.case not in SUCCEEDING:
            return paid
        if "status-pasca" not in self.client.settings.operations:
            return paid
        for look in range(LOOKS):
            if look == LOOKS - 1 and self.client.settings.control_url is not None:
                self.client.advance_clock(AN_HOUR)
            reported = self.client.status(order)
            if reported.is_success and reported.carries_bill:
                return replace(reported, asked=paid.sent, promised_by=paid.promised_by)
        return paid

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
        paid = self.pay(self.client.order(self.client.usual)).require_success()
        return paid.number("balance"), paid.number("price")


def known(measured: Cost | Blocked) -> Cost:
    """The cost; ``Blocked`` where it could not be measured."""
    if isinstance(measured, Blocked):
        raise Blocked(measured.clause_id)
    return measured


def _shares(total: Cost | Blocked, bought: Sequence[Purchase]) -> list[Cost | Blocked] | None:
    """What each of several purchases took; None where the sum is not what they say they take."""
    if isinstance(total, Blocked) or len(bought) == 1:
        return [total] * len(bought)
    says = [_says_it_takes(one) for one in bought]
    parts = [part for part in says if part is not None]
    if len(parts) != len(says):
        return None
    if total.taken == 0 and all(one.paid.outcome is Outcome.PENDING for one in bought):
        parts = [Decimal(0)] * len(bought)  # it is taken when they end
    if total.taken != sum(parts):
        return None
    spent = accumulate(parts, initial=Decimal(0))
    return [Cost(total.before - gone, part) for gone, part in zip(spent, parts, strict=False)]


def _says_it_takes(one: Purchase) -> Decimal | None:
    if one.paid.outcome is Outcome.FAILED:
        return Decimal(0)
    if one.paid.outcome is None:
        return None
    price = as_number(one.paid.members.get("price"))
    if price is None and one.order.bill is not None:
        price = as_number(one.order.bill.members.get("price"))
    return price
