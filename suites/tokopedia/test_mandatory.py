"""What a request must name, asked of every product: number, fields, amount. Amounts are rupiah."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import TypeVar

import pytest

from kontrak.clauses.catalogue import cited, clause
from kontrak.errors import NotOffered
from kontrak.interface.refid import new_ref_id
from kontrak.judging.expect import expect
from kontrak.providers.tokopedia import Offer, Tokopedia
from kontrak.providers.tokopedia.documents import (
    Document,
    changed,
    inquiry_document,
    order_document,
)
from kontrak.providers.tokopedia.refusal import (
    expect_none_ordered,
    expect_not_fulfilled,
    expect_refused,
)
from kontrak.providers.tokopedia.settings import needs_number
from kontrak.providers.tokopedia.shop import Shop, pays_exactly

T = TypeVar("T")
Wrongs = Callable[[Offer, Document], Iterable[Document]]


def _without_number(offer: Offer, right: Document) -> Iterable[Document]:
    if needs_number(offer.product):
        yield changed(right, client_number=...)
        yield changed(right, client_number="")


def _without_fields(_: Offer, right: Document) -> Iterable[Document]:
    """Without all fields, and without each one of several."""
    fields = right["data"]["attributes"].get("fields", [])
    if fields:
        yield changed(right, fields=...)
    if len(fields) > 1:
        yield from (
            changed(right, fields=[*fields[:i], *fields[i + 1 :]]) for i in range(len(fields))
        )


def _without_amount(offer: Offer, right: Document) -> Iterable[Document]:
    if offer.product.inquired and right["data"]["attributes"].get("amount"):
        yield changed(right, amount=...)


def _with_another_amount(offer: Offer, right: Document) -> Iterable[Document]:
    """A digit short, and a thousand more than is to be paid."""
    amount = right["data"]["attributes"].get("amount")
    if pays_exactly(offer):
        most = amount + 1000 if offer.at_most is None else min(amount + 1000, offer.at_most)
        yield changed(right, amount=amount // 10 or amount + 1)
        if most > amount:
            yield changed(right, amount=most)


@pytest.mark.parametrize(
    "wrongs",
    [
        cited("TOKOPEDIA-INQUIRY-NO-NUMBER", _without_number),
        cited("TOKOPEDIA-INQUIRY-NO-FIELDS", _without_fields),
        cited("TOKOPEDIA-INQUIRY-NO-AMOUNT", _without_amount),
    ],
)
def test_an_inquiry_that_lacks_something_is_refused(
    tokopedia: Tokopedia, shop: Shop, wrongs: Wrongs
) -> None:
    shop.inquiries()
    offers = [one for one in shop.inquirable() if shop.inquiry(one.product.code).is_accepted]
    asked = [wrong for one in offers for wrong in wrongs(one, inquiry_document(one))]
    answers = tokopedia.side_by_side([partial(tokopedia.inquire, one) for one in _some(asked)])
    expect_refused(*answers)


@clause("TOKOPEDIA-INQUIRY-OTHER-NUMBER")
def test_another_number_is_not_answered_with_the_first_bill(
    tokopedia: Tokopedia, shop: Shop
) -> None:
    shop.inquiries()
    asked = [
        changed(inquiry_document(one), client_number=one.other_number)
        for one in shop.inquirable()
        if one.other_number and shop.inquiry(one.product.code).is_accepted
    ]
    answers = tokopedia.side_by_side([partial(tokopedia.inquire, one) for one in _some(asked)])
    with expect(*answers) as that:
        for bill in that.each(answers):
            if bill.is_accepted:
                came, sent = (str(one["client_number"]) for one in (bill.attributes, bill.asked))
                right = came.lstrip("0") == sent.lstrip("0")
                code = bill.asked["product_code"]
                that.that(right, f"{code}: client_number = {sent}", f"client_number = {came}")


@pytest.mark.parametrize(
    "wrongs",
    [
        cited("TOKOPEDIA-CHECKOUT-NO-NUMBER", _without_number),
        cited("TOKOPEDIA-CHECKOUT-NO-FIELDS", _without_fields),
    ],
)
def test_a_checkout_that_lacks_something_orders_nothing(
    tokopedia: Tokopedia, shop: Shop, wrongs: Wrongs
) -> None:
    asked = [
        (partial(tokopedia.checkout, wrong, offer, price), wrong["data"]["id"])
        for offer, wrong, price in _wrong_checkouts(shop, wrongs)
    ]
    expect_none_ordered(shop, asked)


@pytest.mark.parametrize(
    "wrongs",
    [
        cited("TOKOPEDIA-CHECKOUT-NO-AMOUNT", _without_amount),
        cited("TOKOPEDIA-CHECKOUT-OTHER-AMOUNT", _with_another_amount),
    ],
)
def test_a_checkout_of_a_wrong_amount_is_not_fulfilled(shop: Shop, wrongs: Wrongs) -> None:
    expect_not_fulfilled(shop, _wrong_checkouts(shop, wrongs))


@clause("TOKOPEDIA-CHECKOUT-NO-INQUIRY")
@pytest.mark.usefixtures("before_inquiries")
def test_an_optional_inquiry_may_be_skipped(shop: Shop) -> None:
    offers = [one for one in shop.planned() if one.buy and one.product.inquiry_optional]
    for offer in _some(offers):
        amount = offer.amount or 0
        order = shop.send(offer, order_document(offer, new_ref_id(), amount), amount)
        if shop.price(offer) != amount and not order.is_taken:
            raise NotOffered(
                f"what {offer.code} costs is more than its amount: it is seen by an inquiry only",
                hint="ask the provider which amount is the right one without an inquiry",
            )
        with expect(order.checkout) as that:
            that.that(order.is_taken, f"{offer.code}: the pending order", order.checkout.stated)


@clause("TOKOPEDIA-INQUIRY-NO-DOWNLINE")
def test_an_inquiry_needs_no_downline(tokopedia: Tokopedia, shop: Shop) -> None:
    shop.inquiries()
    asked = [
        changed(inquiry_document(one), downline_id=...)
        for one in shop.inquirable()
        if one.product.downline and shop.inquiry(one.product.code).is_accepted
    ]
    answers = tokopedia.side_by_side([partial(tokopedia.inquire, one) for one in _some(asked)])
    with expect(*answers) as that:
        for answer in that.each(answers):
            that.that(answer.is_accepted, "the bill", answer.stated)


@clause("TOKOPEDIA-CHECKOUT-NO-DOWNLINE")
def test_a_checkout_needs_no_downline(tokopedia: Tokopedia, shop: Shop) -> None:
    offers = [one for one in shop.taken() if one.product.downline]
    for offer in _some(offers):
        document = changed(shop.document(offer), downline_id=...)
        answer = tokopedia.checkout(document, offer, shop.price(offer))
        with expect(answer) as that:
            that.that(not answer.is_refused, f"{offer.code}: the pending order", answer.stated)


def _wrong_checkouts(shop: Shop, wrongs: Wrongs) -> list[tuple[Offer, Document, int]]:
    """What is wrong of every product whose right order was taken, with what it may cost."""
    found = []
    for offer in shop.taken():
        price = shop.price(offer)
        for wrong in wrongs(offer, shop.document(offer)):
            wrong["data"]["id"] = new_ref_id()
            amount = wrong["data"]["attributes"].get("amount", price)
            found.append((offer, wrong, max(price, amount)))
    return _some(found)


def _some(found: list[T]) -> list[T]:
    if not found:
        raise NotOffered(
            "no product that is asked for needs it", hint="see [tokopedia.products] in the target"
        )
    return found
