"""Judging refusals: no document, and nothing ordered. How a refusal looks has its own clauses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from kontrak.judging.expect import Drift, Finding, expect, note
from kontrak.providers.tokopedia.answer import TokopediaAnswer
from kontrak.providers.tokopedia.documents import Document
from kontrak.providers.tokopedia.settings import Offer
from kontrak.providers.tokopedia.shop import Shop
from kontrak.providers.tokopedia.till import Till

Ask = Callable[[], TokopediaAnswer]


def expect_refused(*answers: TokopediaAnswer) -> None:
    """Raise ``Deviation`` for every answer that has data."""
    with expect(*answers) as that:
        for answer in that.each(answers):
            that.that(not answer.has_data, "a refusal: no data", answer.stated)
    for answer in answers:
        if answer.status >= 500:
            note(f"refused with HTTP {answer.status}, which leaves the outcome unknown")
        elif answer.status < 400:
            note(f"refused with HTTP {answer.status}")


def expect_refused_generated(answer: TokopediaAnswer) -> None:
    """The same for a generated request: a 5xx is raised as ``Drift``, so that it is shrunk."""
    with expect(answer) as that:
        that.that(not answer.has_data, "a refusal: no data", answer.stated)
    if answer.status >= 500:
        raise Drift([Finding("a refusal", f"HTTP {answer.status}")], [answer.exchange])


def expect_not_ordered(shop: Shop, ask: Ask, order_id: str | None) -> None:
    """The checkout that ``ask`` sends is refused, costs nothing and leaves no order behind.

    ``order_id`` is what it was to be called; None where it has no name.
    """
    expect_none_ordered(shop, [(ask, order_id)])


def expect_none_ordered(shop: Shop, asked: Sequence[tuple[Ask, str | None]]) -> None:
    """The same for several checkouts that have nothing to do with each other, sent side by side."""
    till = Till(shop)
    answers = shop.client.buy_side_by_side([ask for ask, _ in asked])
    expect_refused(*answers)
    till.expect_nothing_taken(*answers)
    if "order" not in shop.client.settings.operations:
        return
    named = [
        (answer, order_id)
        for answer, (_, order_id) in zip(answers, asked, strict=True)
        if order_id is not None
    ]
    seen = shop.client.side_by_side([partial(shop.client.order, order_id) for _, order_id in named])
    for (refused, order_id), details in zip(named, seen, strict=True):
        with expect(refused, details) as that:
            that.that(not details.has_data, f"no order {order_id}", details.stated)


def expect_not_fulfilled(shop: Shop, asked: Sequence[tuple[Offer, Document, int]]) -> None:
    """Wrong checkouts, each with the most it may cost, are refused, or fail and cost nothing.

    The document says nothing of how such an order ends (C002-62), only that it is wrong.
    """
    till = Till(shop)
    orders = shop.client.buy_side_by_side([partial(shop.send, *one) for one in asked])
    shop.settle(orders)
    seen = [order.final or order.checkout for order in orders]
    with expect(*(order.checkout for order in orders), *seen) as that:
        for order, last in zip(orders, seen, strict=True):
            that.about(last)
            served = order.final is not None and last.order_status == "Success"
            expected = f"{order.offer.code}: a refusal, or an order that fails"
            that.that(not served, expected, last.stated)
    for order in orders:
        if order.is_taken and order.final is None:
            note(f"{order.offer.code}: taken, and how it ended is not seen")
    till.expect_nothing_taken(*seen)
