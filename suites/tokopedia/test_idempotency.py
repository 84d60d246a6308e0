"""Order ids and repetition: nothing is ordered or paid twice, whatever the reply says."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from kontrak.catalogue import clause
from kontrak.judge import expect, note, reading
from kontrak.providers.tokopedia import Offer, Tokopedia, TokopediaAnswer
from kontrak.providers.tokopedia.documents import Document, encode, inquiry_document
from kontrak.providers.tokopedia.refusal import expect_refused
from kontrak.providers.tokopedia.shop import Order, Shop
from kontrak.refid import new_ref_id
from kontrak.together import together

ROUNDS = range(3)


@pytest.fixture
def first(shop: Shop) -> Order:
    """An order that was just accepted."""
    order = shop.place(shop.simplest())
    if not order.is_taken:
        order.checkout.require("CHECKOUT")
    return order


@clause("TOKOPEDIA-IDEM-REPEAT")
def test_the_same_checkout_again_is_refused(tokopedia: Tokopedia, shop: Shop, first: Order) -> None:
    with _costs_nothing(shop, first.checkout):
        again = tokopedia.checkout(first.document, first.offer, first.price)
    expect_refused(again)


@clause("TOKOPEDIA-IDEM-REPEAT-FINAL")
def test_the_same_checkout_after_the_end_is_refused(
    tokopedia: Tokopedia, shop: Shop, fulfilled: list[Order]
) -> None:
    order = fulfilled[0]
    with _costs_nothing(shop, order.require_success()):
        again = tokopedia.checkout(order.document, order.offer, order.price)
    expect_refused(again)


@clause("TOKOPEDIA-IDEM-OTHER-PRODUCT")
def test_another_product_under_a_used_id_is_refused(
    tokopedia: Tokopedia, shop: Shop, first: Order
) -> None:
    offer = shop.simplest(other=first.offer)
    document = shop.document(offer, first.id)
    with _costs_nothing(shop, first.checkout):
        again = tokopedia.checkout(document, offer, shop.price(offer))
    expect_refused(again)


@clause("TOKOPEDIA-IDEM-OTHER-NUMBER")
def test_another_number_under_a_used_id_is_refused(
    tokopedia: Tokopedia, shop: Shop, first: Order
) -> None:
    with _costs_nothing(shop, first.checkout):
        again = _checkout_for(tokopedia, first, _other_number(first.offer.number))
    expect_refused(again)


@clause("TOKOPEDIA-IDEM-FIRST-KEPT")
def test_a_repetition_leaves_the_first_order_alone(
    tokopedia: Tokopedia, shop: Shop, fulfilled: list[Order], first: Order
) -> None:
    # What an order that nobody repeats does not keep has clauses of its own.
    kept = _kept(fulfilled[0])
    again = _checkout_for(tokopedia, first, _other_number(first.offer.number))
    shop.settle([first])
    details = first.require_success()
    with expect(first.checkout, again, details) as that:
        for name in kept:
            came, wanted = details.attributes.get(name), first.checkout.attributes.get(name)
            that.equal(name, came, wanted, "as first ordered")


@clause("TOKOPEDIA-IDEM-RACE")
@pytest.mark.parametrize("_round", ROUNDS)
def test_one_of_two_checkouts_at_once_is_refused(
    tokopedia: Tokopedia, shop: Shop, _round: int
) -> None:
    offer, price = _simplest(shop)
    document = shop.document(offer)
    answers = together([lambda: tokopedia.checkout(document, offer, price)] * 2)
    _expect_one(answers)


@clause("TOKOPEDIA-IDEM-RACE-OTHER")
@pytest.mark.parametrize("_round", ROUNDS)
def test_one_of_two_different_checkouts_at_once_is_refused(
    tokopedia: Tokopedia, shop: Shop, _round: int
) -> None:
    offer, price = _simplest(shop)
    other = shop.simplest(other=offer)
    document, cost = shop.document(offer), shop.price(other)
    another = shop.document(other, document["data"]["id"])
    answers = together(
        [
            lambda: tokopedia.checkout(document, offer, price),
            lambda: tokopedia.checkout(another, other, cost),
        ]
    )
    _expect_one(answers)


@clause("TOKOPEDIA-IDEM-REFUSED-FREE")
def test_the_id_of_a_refused_checkout_is_free(tokopedia: Tokopedia, shop: Shop) -> None:
    offer, price = _simplest(shop)
    document = shop.document(offer)
    unsigned = tokopedia.checkout_body(encode(document), None, document, offer, price)
    right = tokopedia.checkout(document, offer, price)
    with expect(unsigned, right) as that:
        that.that(not right.is_refused, "the order: nothing was ordered under this id", right.told)


@clause("TOKOPEDIA-IDEM-INQUIRY-FREE")
def test_an_inquiry_costs_nothing(tokopedia: Tokopedia, shop: Shop) -> None:
    answer = shop.inquiries()[0]
    with _costs_nothing(shop, answer):
        for offer in shop.inquirable()[:3]:
            tokopedia.inquire(inquiry_document(offer))


@contextmanager
def _costs_nothing(shop: Shop, evidence: TokopediaAnswer) -> Iterator[None]:
    """The balance is the same before and after, where the target lets us see it."""
    if "account" not in shop.client.settings.operations:
        note("the target has no account: what it costs is not seen")
        yield
        return
    before = shop.saldo()
    yield
    after = shop.saldo()
    with expect(evidence) as that:
        that.equal("money taken, in rupiah", before - after, 0)


def _checkout_for(tokopedia: Tokopedia, order: Order, number: str) -> TokopediaAnswer:
    """The same checkout, for another number."""
    attributes = {**order.document["data"]["attributes"], "client_number": number}
    document: Document = {"data": {**order.document["data"], "attributes": attributes}}
    return tokopedia.checkout(document, order.offer, order.price)


def _other_number(number: str) -> str:
    """Another number of the same length; of a product without numbers, any."""
    return number[:-1] + ("1" if number[-1] != "1" else "2") if number else new_ref_id()


def _kept(order: Order) -> list[str]:
    """The attributes that this order's details repeat from its checkout."""
    before, now = order.checkout.attributes, order.require_success().attributes
    names = ("client_number", "product_code", "sales_price")
    return [name for name in names if name in before and before[name] == now.get(name)]


def _expect_one(answers: list[TokopediaAnswer]) -> None:
    accepted = [answer for answer in answers if not answer.is_refused]
    with expect(*answers) as that:
        that.that(len(accepted) <= 1, "at most one of the two accepted", "both accepted")
    if not accepted:
        reading("two checkouts under one id at once", "both are refused", warns=True)


def _simplest(shop: Shop) -> tuple[Offer, int]:
    offer = shop.simplest()
    return offer, shop.price(offer)
