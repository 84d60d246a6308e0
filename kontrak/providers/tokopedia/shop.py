"""Inquiries and orders held once and judged by many tests. Amounts are rupiah."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from kontrak.config.profiles import asks_every_product
from kontrak.errors import NotOffered
from kontrak.interface.refid import new_ref_id
from kontrak.judging.expect import Blocked, note
from kontrak.providers.tokopedia.answer import TokopediaAnswer
from kontrak.providers.tokopedia.client import Tokopedia
from kontrak.providers.tokopedia.documents import (
    Document,
    inquiry_document,
    order_document,
    whole_rupiah,
)
from kontrak.providers.tokopedia.places import require_place
from kontrak.providers.tokopedia.settings import Offer

_WAITS = (0.5, 1.0, 2.0)
_WAIT_SECONDS = 5.0
"""How long to wait between two looks: a little at first, then this long."""
SETTLING_SECONDS = 300
"""How far a sandbox's clock is moved for its orders to end."""
_LOOKS = 20
"""How often a sandbox is asked after that: some orders end by being asked for."""


@dataclass(slots=True)
class Order:
    """One order's story: the inquiry before it, the checkout, and its details as they came.

    ``details`` are oldest first; the last of them is final unless the order stays Pending.
    ``placed_at`` and ``seen_at`` are the moments before the checkout and behind the last look.
    """

    offer: Offer
    price: int
    document: Document
    inquiry: TokopediaAnswer | None
    checkout: TokopediaAnswer
    placed_at: datetime
    details: list[TokopediaAnswer] = field(default_factory=list)
    seen_at: datetime | None = None

    @property
    def id(self) -> str:
        """The order's id, as it was sent."""
        return str(self.document["data"]["id"])

    @property
    def is_taken(self) -> bool:
        """Whether the checkout was not refused, however its answer reads."""
        return 200 <= self.checkout.status < 300 and not self.checkout.is_refused

    @property
    def final(self) -> TokopediaAnswer | None:
        """The last details that were asked for."""
        return self.details[-1] if self.details else None

    def require_taken(self) -> None:
        """Raise ``Blocked`` behind what promises the order, where the checkout gave none."""
        if not self.is_taken:
            self.checkout.require("CHECKOUT")
            raise Blocked("TOKOPEDIA-CHECKOUT-ACCEPTED")

    def require_success(self) -> TokopediaAnswer:
        """The details of the fulfilled order, or ``Blocked`` behind what promises them.

        ``NotOffered`` where it has failed: a product may be sold out at any time, so that no clause
        is broken by one such order. That all of them fail is judged by ORDER-SUCCEEDS.
        """
        self.require_taken()
        if self.final is None:
            raise NotOffered("the target has no order details", hint="see [tokopedia] operations")
        self.final.require("ORDER")
        if self.final.order_status is None:
            raise Blocked("TOKOPEDIA-ORDER-STATUS")
        if self.final.order_status == "Pending":
            raise Blocked("TOKOPEDIA-ORDER-SETTLES")
        if self.final.order_status == "Failed":
            raise NotOffered(
                f"the order of {self.offer.code} ended as Failed",
                hint="order it again when the product is available",
            )
        return self.final


class Shop:
    """What is asked and ordered in a run.

    ``planned`` are the products that the run is about, all that the target offers where it is
    None: nothing else is ordered. All of them are ordered together, so that there is one wait.
    """

    def __init__(self, client: Tokopedia, planned: Collection[str] | None = None) -> None:
        self.client = client
        self._offers = client.settings.offers
        wanted = self._offers if planned is None else planned
        self._planned = tuple(code for code in self._offers if code in wanted)
        self._inquiries: dict[tuple[str, str], TokopediaAnswer] = {}
        self._orders: dict[str, Order] | None = None
        self.taken_together: int | None = None
        """What the planned orders took from the balance, in rupiah; None where it was not seen."""
        self._prices: dict[str, int | None] | None = None
        self._given_up: set[str] = set()

    def offer(self, product: str) -> Offer:
        """The offer of a documented product; ``NotOffered`` where the target has none."""
        if product not in self._offers:
            raise NotOffered(
                f"the target does not offer {product}",
                hint=f'add [tokopedia.products."{product}"] with a client_number',
            )
        return self._offers[product]

    def planned(self) -> list[Offer]:
        """The products that the run is about, in the target's order."""
        return [self._offers[code] for code in self._planned]

    def inquirable(self) -> list[Offer]:
        """The planned products that are inquired."""
        self.client.require("inquiry")
        found = [one for one in self.planned() if one.product.inquired]
        if not found:
            raise NotOffered("the target offers no product with an inquiry", hint=_ADD)
        return found

    def inquiry(self, product: str) -> TokopediaAnswer:
        """The answer to a product's inquiry, asked once."""
        return self._inquired(self.offer(product))

    def _inquired(self, offer: Offer) -> TokopediaAnswer:
        """The answer to the inquiry of this offer's own number, asked once."""
        key = (offer.product.code, offer.number)
        if key not in self._inquiries:
            self._inquiries[key] = self.client.inquire(inquiry_document(offer))
        return self._inquiries[key]

    def _inquire_all(self, offers: Iterable[Offer]) -> None:
        """Ask the inquiries that have not been asked yet, side by side."""
        if "inquiry" in self.client.settings.operations:
            wanted = [one for one in offers if one.product.inquired]
            self.client.side_by_side([partial(self._inquired, one) for one in wanted])

    def inquiries(self) -> list[TokopediaAnswer]:
        """The answers that have a bill; ``Blocked`` where there is none at all."""
        offers = self.inquirable()
        self._inquire_all(offers)
        answers = [self.inquiry(one.product.code) for one in offers]
        return [one for one in answers if one.is_accepted] or [answers[0].require("INQUIRY")]

    def taken(self) -> list[Offer]:
        """The products to try wrong checkouts and repetitions on: their right order was taken.

        On a live target, whose money is real, one of each kind.
        """
        taken = [one.offer for one in self.orders() if one.is_taken]
        if not taken:
            self.orders()[0].require_taken()
        every = asks_every_product() and not self.client.settings.is_live
        few = () if every else self.of_each_kind()
        return [one for one in taken if not few or one in few] or taken[:1]

    def order(self, product: str) -> Order:
        """A product's order, from inquiry to its end; ``NotOffered`` where we may not buy."""
        offer = self.offer(product)
        if not offer.buy:
            raise NotOffered(
                f"the target does not let us buy {product}",
                hint=f'set at_most in [tokopedia.products."{product}"]',
            )
        held = self._held()
        if product not in held:
            held[product] = self.place(offer)
            self.settle([held[product]])
        return held[product]

    def orders(self) -> list[Order]:
        """The planned orders; one of the simplest product where none of them can be placed."""
        held = self._held()
        return list(held.values()) or [self.order(self.simplest().product.code)]

    def simplest(self, other: Offer | None = None) -> Offer:
        """A product for tests that order something of their own, without an inquiry if possible.

        ``other`` is one that is not wanted.
        """
        self.client.require("checkout")
        found = [one for one in self._offers.values() if one.buy and one is not other]
        if not found:
            raise NotOffered("the target lets us buy no such product", hint=_ADD)
        plain = [one for one in found if not one.product.inquired and not one.product.amount]
        listed = "product-list" in self.client.settings.operations
        return (plain if plain and listed else found)[0]

    def of_each_kind(self) -> list[Offer]:
        """One product that may be bought of each kind, the simplest first.

        Kinds differ by what a checkout needs: an inquiry, an amount, an open one, further fields.
        """
        every = reversed([self.simplest(), *self.planned()])
        found = {_kind(one): one for one in every if one.buy}
        return list(reversed(found.values()))

    def price(self, offer: Offer) -> int:
        """What an order costs: the inquired price, or that of the product list.

        ``Blocked`` where the inquiry reports none, ``NotOffered`` where neither can be asked.
        """
        if offer.product.inquired and "inquiry" in self.client.settings.operations:
            inquiry = self._inquired(offer)
            if inquiry.is_refused and offer is self.client.settings.failing:
                raise NotOffered(
                    f"the inquiry of the number that fails is refused: {inquiry.stated}",
                    hint="name one in [tokopedia] failing whose order fails, not its inquiry",
                )
            inquiry.require("INQUIRY")
            price = whole_rupiah(inquiry.attributes.get("sales_price"))
            if price is None:
                raise Blocked("TOKOPEDIA-INQUIRY-SALES-PRICE")
            return price
        return self.listed_price(offer)

    def listed_price(self, offer: Offer) -> int:
        """The price that the product list reports."""
        if self._prices is None:
            self._prices = _prices(self.client.product_list())
        if offer.code not in self._prices:
            raise Blocked(self._unlisted())
        price = self._prices[offer.code]
        if price is None:
            raise Blocked("TOKOPEDIA-PRODUCTS-PRICE")
        return price

    def _unlisted(self) -> str:
        """The clause that is broken where the list lacks a product."""
        listed = self.client.product_list()
        for name in ("data", "id", "is_inquiry"):
            try:
                require_place(listed, "PRODUCTS", name)
            except Blocked as blocked:
                return blocked.clause_id
        return "TOKOPEDIA-PRODUCTS-COMPLETE"

    def document(self, offer: Offer, order_id: str | None = None) -> Document:
        """A right checkout of a product, to be changed or signed otherwise by a test."""
        return order_document(offer, order_id or new_ref_id(), self.price(offer))

    def place(self, offer: Offer, began: datetime | None = None) -> Order:
        """Order something new; its details are not asked for yet. ``began`` is now, or earlier."""
        price = self.price(offer)
        return self.send(offer, order_document(offer, new_ref_id(), price), price, began)

    def send(
        self, offer: Offer, document: Document, price: int, began: datetime | None = None
    ) -> Order:
        """Send a checkout as it is, right or wrong; it may cost ``price``."""
        began = began or self.client.now()
        checkout = self.client.checkout(document, offer, price)
        inquiry = self._inquiries.get((offer.product.code, offer.number))
        return Order(offer, price, document, inquiry, checkout, began)

    def settle(self, orders: Iterable[Order]) -> None:
        """Ask for the details of orders until they have ended, or for ``settle_seconds``."""
        if "order" not in self.client.settings.operations:
            return
        taken = [one for one in orders if one.is_taken]
        waiting = self._ask(taken)
        if waiting and self.client.settings.control_url is not None:
            self.client.advance_clock(SETTLING_SECONDS)
            for _ in range(_LOOKS):
                waiting = self._ask(waiting)
        else:
            self._wait_for(waiting)
        now = self.client.now()
        for order in taken:
            order.seen_at = now

    def calm(self) -> bool:
        """Let every order end, so that no other money moves; False while one may still be open."""
        if self.client.settings.control_url is not None:
            if self.client.open:
                self.client.advance_clock(SETTLING_SECONDS)
            return True
        if "order" in self.client.settings.operations:
            give_up = time.monotonic() + self.client.settings.settle_seconds
            waits = iter(_WAITS)
            while self._look_at_open() and time.monotonic() < give_up:
                time.sleep(next(waits, _WAIT_SECONDS))
            self._given_up |= self.client.open
        return not self.client.open

    def saldo(self) -> int:
        """The balance; ``Blocked`` where it cannot be read."""
        saldo = whole_rupiah(self.client.account().attributes.get("saldo"))
        if saldo is None:
            raise Blocked("TOKOPEDIA-ACCOUNT-SALDO")
        return saldo

    def _wait_for(self, waiting: list[Order]) -> None:
        """Ask for the details of orders until they have ended, or for ``settle_seconds``."""
        give_up = time.monotonic() + self.client.settings.settle_seconds
        waits = iter(_WAITS)
        while waiting and time.monotonic() < give_up:
            time.sleep(next(waits, _WAIT_SECONDS))
            waiting = self._ask(waiting)

    def _look_at_open(self) -> bool:
        """Ask for the details of open orders; whether one is left that may still end."""
        for order_id in sorted(self.client.open - self._given_up):
            self.client.order(order_id)
        return bool(self.client.open - self._given_up)

    def _ask(self, orders: list[Order]) -> list[Order]:
        seen = self.client.side_by_side([partial(self.client.order, one.id) for one in orders])
        for order, details in zip(orders, seen, strict=True):
            order.details.append(details)
        return [one for one in orders if not _has_ended(one.details[-1])]

    def _held(self) -> dict[str, Order]:
        if self._orders is None:
            self.client.require("checkout")
            self._orders = {}
            offers = [one for one in self.planned() if one.buy]
            self._inquire_all(offers)
            offers = [one for one in offers if self._is_priced(one)]
            before = self.seen_saldo()
            began = self.client.now()
            placed = self.client.buy_side_by_side(
                [partial(self.place, one, began) for one in offers]
            )
            self._orders = {one.offer.product.code: one for one in placed}
            self.settle(self._orders.values())
            after = self.seen_saldo() if before is not None else None
            if before is not None and after is not None:
                self.taken_together = before - after
        return self._orders

    def seen_saldo(self) -> int | None:
        """The balance while no order is open; None, with a note, where that is not seen."""
        if "account" not in self.client.settings.operations:
            note("the target has no account: what it costs is not seen")
            return None
        if not self.calm():
            note("another order is still open: what it costs is not seen")
            return None
        return whole_rupiah(self.client.account().attributes.get("saldo"))

    def _is_priced(self, offer: Offer) -> bool:
        try:
            self.price(offer)
        except (Blocked, NotOffered):
            return False
        return True


_MAY_CHOOSE = "kvision"
"""Whether its customers may choose what to pay is not clear (C002-26, C002-66)."""
_ADD = "add one under [tokopedia.products] in the target"


def _has_ended(details: TokopediaAnswer) -> bool:
    return details.is_refused or details.order_status in ("Success", "Failed")


def _prices(answer: TokopediaAnswer) -> dict[str, int | None]:
    """The prices of the list by product code; None where one cannot be read."""
    document = answer.document if isinstance(answer.document, dict) else {}
    rows = document.get("data")
    found: dict[str, int | None] = {}
    for row in rows if isinstance(rows, list) else []:
        if isinstance(row, dict):
            attributes = row.get("attributes")
            price = attributes.get("price") if isinstance(attributes, dict) else None
            found[str(row.get("id"))] = whole_rupiah(price)
    return found


def has_code(offer: Offer) -> bool:
    """Whether an order of the product has a voucher, token or serial number of its own."""
    return not offer.product.inquired or offer.product.code.startswith("pln-prepaid")


def pays_exactly(offer: Offer) -> bool:
    """Whether a checkout of the product names an amount that can be wrong."""
    product = offer.product
    return product.amount and not product.open_amount and product.code != _MAY_CHOOSE


def _kind(offer: Offer) -> tuple[bool, ...]:
    product = offer.product
    return product.inquired, product.amount, product.open_amount, bool(offer.fields)
