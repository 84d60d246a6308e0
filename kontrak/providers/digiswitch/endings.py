"""Payments in process until they have ended, and what they cost in all. Amounts are rupiah.

The clock of a kontrak sandbox is moved for all of them at once; elsewhere they are asked about a
few times, and what has not ended by then is not judged.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from kontrak.clauses.response_codes import Outcome
from kontrak.errors import NotOffered, SpendingRefused
from kontrak.judging.expect import Blocked
from kontrak.providers.digiswitch.account import AN_HOUR, LOOKS, Cost, DigiswitchAccount, Purchase
from kontrak.providers.digiswitch.answer import DigiswitchAnswer
from kontrak.providers.digiswitch.client import Order, promise
from kontrak.providers.digiswitch.settings import Product

CASES = ("pending_success", "pending_failed")
FINAL = (Outcome.SUCCESS, Outcome.FAILED)
NOT_YET = NotOffered(
    "a payment in process has not ended yet", hint="only a kontrak sandbox has a clock to move"
)


@dataclass(frozen=True, slots=True)
class Ending:
    """A payment that was in process: its answers at the end, and once more later."""

    order: Order
    paid: DigiswitchAnswer
    settled: DigiswitchAnswer
    later: DigiswitchAnswer

    @property
    def costs(self) -> Decimal:
        """What it is to have cost in the end."""
        bill = self.order.bill or self.paid
        return bill.number("price") if self.later.outcome is Outcome.SUCCESS else Decimal(0)


@dataclass(frozen=True, slots=True)
class Ended:
    """The endings of a product, and what its payments cost; or why neither can be measured."""

    endings: tuple[Ending, ...]
    measured: Cost | Blocked | NotOffered

    @property
    def cost(self) -> Cost:
        """What all payments took; ``Blocked`` or ``NotOffered`` where it cannot be measured."""
        if isinstance(self.measured, Blocked):
            raise Blocked(self.measured.clause_id)
        if isinstance(self.measured, NotOffered):
            raise self.measured
        return self.measured


class Endings:
    """The payments in process of each product until they have ended, held once."""

    def __init__(self, account: DigiswitchAccount) -> None:
        self._account = account
        self._client = account.client
        self._held: dict[str, Ended] | None = None

    def held(self, product: Product) -> Ended:
        """How a product's payments in process ended.

        Raises ``Blocked`` where one was not in process, ``NotOffered`` where there is no number or
        one has not ended.
        """
        self._in_process(product)
        if self._held is None:
            self._held = self._together()
        found = self._held[product.key]
        if not found.endings:
            raise NOT_YET
        return found

    def _in_process(self, product: Product) -> list[Purchase]:
        cases = [case for case in CASES if case in product.numbers]
        if not cases:
            product.number(CASES[0])
        bought = [self._account.purchase(product, case) for case in cases]
        for one in bought:
            if one.paid.outcome is not Outcome.PENDING:
                raise Blocked(promise(product, one.order.case))
        return bought

    def _together(self) -> dict[str, Ended]:
        bought: dict[str, list[Purchase]] = {}
        for product in self._client.settings.products.values():
            with contextlib.suppress(Blocked, NotOffered, SpendingRefused):
                bought[product.key] = self._in_process(product)
        mark = self._account.marked()
        paid = [(one.order, one.paid) for several in bought.values() for one in several]
        first = {one.order.ref_id: one.status for several in bought.values() for one in several}
        looked = {one.order.ref_id: one for one in self._looked(paid, first)}
        total = self._account.measured(mark)
        endings = {
            key: tuple(looked[one.order.ref_id] for one in several if one.order.ref_id in looked)
            for key, several in bought.items()
        }
        whole = {key: found for key, found in endings.items() if len(found) == len(bought[key])}
        as_returned = len(whole) == len(bought) and self._costs_what_is_returned(
            bought, whole, total
        )
        return {
            key: self._with_cost(key, whole.get(key, ()), total, as_returned=as_returned)
            for key in bought
        }

    def _costs_what_is_returned(
        self,
        bought: dict[str, list[Purchase]],
        endings: dict[str, tuple[Ending, ...]],
        total: Cost | Blocked,
    ) -> bool:
        """Whether the payments of all products took together what they are to have cost."""
        before = [one.measured for several in bought.values() for one in several]
        costs = [one for one in before if isinstance(one, Cost)]
        if isinstance(total, Blocked) or len(costs) != len(before):
            return False
        wanted = sum((one.costs for several in endings.values() for one in several), Decimal(0))
        return sum((one.taken for one in costs), total.taken) == wanted

    def _with_cost(
        self, key: str, endings: tuple[Ending, ...], total: Cost | Blocked, *, as_returned: bool
    ) -> Ended:
        if not endings:
            return Ended((), NOT_YET)
        if isinstance(total, Blocked):
            return Ended(endings, total)
        if as_returned:
            costs = sum((one.costs for one in endings), Decimal(0))
            return Ended(endings, Cost(total.before, costs))
        return self._alone(self._client.product(key), endings)

    def _alone(self, product: Product, endings: tuple[Ending, ...]) -> Ended:
        """Fresh payments of one product, measured from before they are made until they ended."""
        if self._client.unended and self._client.settings.control_url is not None:
            self._client.advance_clock(AN_HOUR)
        for other in list(self._client.unended.values()):
            self._until_it_ends(other, None)
        if self._client.unended:
            return Ended(endings, NOT_YET)
        try:
            orders = [self._client.order(product, one.order.case) for one in endings]
        except Blocked as blocked:
            return Ended(endings, blocked)
        found: list[Ending] = []

        def happen() -> None:
            found.extend(self._looked([(order, self._client.pay(order)) for order in orders]))

        measured = self._account.measure(happen)
        if len(found) != len(orders):
            return Ended(endings, NOT_YET)
        return Ended(tuple(found), measured)

    def _looked(
        self,
        paid: list[tuple[Order, DigiswitchAnswer]],
        first: Mapping[str, DigiswitchAnswer | None] | None = None,
    ) -> list[Ending]:
        """Ask until each has ended, and once more later; what does not end is left out.

        ``first`` are statuses of some, by ref_id, that were asked before.
        """
        if self._client.settings.control_url is not None:
            reported = []
            for _ in range(2):
                self._client.advance_clock(AN_HOUR)
                reported.append([self._look(order) for order, _ in paid])
            return [Ending(*one, *both) for one, *both in zip(paid, *reported, strict=True)]
        found: list[Ending] = []
        for order, answer in paid:
            settled = self._until_it_ends(order, (first or {}).get(order.ref_id))
            if settled is not None:
                found.append(Ending(order, answer, settled, self._look(order)))
        return found

    def _until_it_ends(
        self, order: Order, first: DigiswitchAnswer | None
    ) -> DigiswitchAnswer | None:
        if first is not None and first.reports_transaction and first.outcome in FINAL:
            return first
        for _ in range(LOOKS):
            reported = self._look(order)
            if reported.outcome in FINAL:
                return reported
        return None

    def _look(self, order: Order) -> DigiswitchAnswer:
        # Where there is no status-pasca, the same payment once more says how the first one stands.
        if self._account.reports_status():
            return self._client.status(order)
        return self._client.pay(order)
