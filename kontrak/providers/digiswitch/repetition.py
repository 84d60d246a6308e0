"""Payments and questions sent a second time, and what that took. Amounts are rupiah.

None of it costs anything, so that all products are asked again under one measurement; only where
something was taken is each measured alone, on a fresh purchase.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from kontrak.clauses.response_codes import Outcome
from kontrak.errors import NotOffered, SpendingRefused
from kontrak.judging.expect import Blocked
from kontrak.providers.digiswitch.account import Cost, DigiswitchAccount, Purchase, known
from kontrak.providers.digiswitch.answer import DigiswitchAnswer
from kontrak.providers.digiswitch.client import Digiswitch, Order, promise
from kontrak.providers.digiswitch.settings import Product

Act = Callable[[Digiswitch, Order], DigiswitchAnswer]


@dataclass(frozen=True, slots=True)
class Kind:
    """What is sent again, of which test case, and how its first payment went."""

    case: str
    outcome: Outcome
    act: Act


PAID = Kind("success", Outcome.SUCCESS, lambda client, order: client.pay(order))
FAILED = Kind("payment_failed", Outcome.FAILED, lambda client, order: client.pay(order))
PENDING = Kind("pending_success", Outcome.PENDING, lambda client, order: client.pay(order))
ASKED = Kind("success", Outcome.SUCCESS, lambda client, order: client.status(order))
ASKED_FAILED = Kind("payment_failed", Outcome.FAILED, lambda client, order: client.status(order))


@dataclass(frozen=True, slots=True)
class Repetition:
    """A purchase, and the answer to what was sent again; ``cost`` is what that took."""

    first: Purchase
    again: DigiswitchAnswer
    measured: Cost | Blocked

    @property
    def cost(self) -> Cost:
        """What it took to send it again, in rupiah."""
        return known(self.measured)


class Repetitions:
    """The repetitions of each kind, held once."""

    def __init__(self, account: DigiswitchAccount) -> None:
        self._account = account
        self._held: dict[Kind, dict[str, Repetition]] = {}

    def held(self, kind: Kind, product: Product) -> Repetition:
        """What was sent again of a product.

        Raises ``Blocked`` where its first payment went otherwise, ``NotOffered`` without a number.
        """
        first = self._account.purchase(product, kind.case)
        if first.paid.outcome is not kind.outcome:
            raise Blocked(promise(product, kind.case))
        if kind not in self._held:
            self._held[kind] = self._together(kind)
        return self._held[kind][product.key]

    def alone(self, kind: Kind, product: Product) -> Repetition:
        """The same on a fresh purchase, measured alone."""
        first = self._account.fresh_purchase(product, kind.case)
        if first.paid.outcome is not kind.outcome:
            raise Blocked(promise(product, kind.case))
        heard: list[DigiswitchAnswer] = []
        client = self._account.client
        cost = self._account.measure(lambda: heard.append(kind.act(client, first.order)))
        return Repetition(first, heard[0], cost)

    def _together(self, kind: Kind) -> dict[str, Repetition]:
        firsts = self._firsts(kind)
        mark = self._account.marked()
        client = self._account.client
        asks = [partial(kind.act, client, one.order) for one in firsts.values()]
        again = dict(zip(firsts, client.buy_side_by_side(asks), strict=True))
        total = self._account.measured(mark)
        held = {key: Repetition(one, again[key], total) for key, one in firsts.items()}
        if isinstance(total, Blocked) or total.taken == 0 or len(held) == 1:
            return held
        alone = dict(held)
        for key, one in firsts.items():
            with contextlib.suppress(Blocked):
                alone[key] = self.alone(kind, one.order.product)
        nothing = all(isinstance(o.measured, Cost) and o.cost.taken == 0 for o in alone.values())
        # What is taken from all together and from none alone is still taken.
        return held if nothing else alone

    def _firsts(self, kind: Kind) -> dict[str, Purchase]:
        found: dict[str, Purchase] = {}
        for product in self._account.client.settings.products.values():
            try:
                one = self._account.purchase(product, kind.case)
            except (Blocked, NotOffered, SpendingRefused):
                continue
            if one.paid.outcome is kind.outcome:
                found[product.key] = one
        return found
