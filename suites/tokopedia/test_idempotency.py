"""Order ids and repetition: nothing is ordered or paid twice, whatever the reply says."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import pytest

from kontrak.clauses.catalogue import cited, clause
from kontrak.errors import NotOffered
from kontrak.interface.concurrency import together
from kontrak.interface.refid import new_ref_id
from kontrak.judging.expect import expect, note, reading
from kontrak.providers.tokopedia import Offer, Tokopedia, TokopediaAnswer
from kontrak.providers.tokopedia.documents import (
    Document,
    changed,
    encode,
    inquiry_document,
    whole_rupiah,
)
from kontrak.providers.tokopedia.refusal import expect_refused
from kontrak.providers.tokopedia.settings import other_number
from kontrak.providers.tokopedia.shop import Order, Shop, has_code
from kontrak.providers.tokopedia.till import Till

ROUNDS = range(3)


def _backwards(document: Document) -> Document:
    attributes = dict(reversed(document["data"]["attributes"].items()))
    return {"data": {"attributes": attributes, "id": document["data"]["id"], "type": "order"}}


WRITTEN: dict[str, Callable[[Document], Document]] = {
    "byte for byte": lambda document: document,
    "in other order": _backwards,
    "with an empty downline_id": lambda document: changed(document, downline_id=""),
}
"""How a repetition is written."""


@pytest.fixture
def till(shop: Shop) -> Till:
    """The balance before anything is ordered."""
    shop.price(shop.simplest())
    return Till(shop)


@pytest.fixture
def first(shop: Shop, till: Till) -> Order:  # noqa: ARG001 - the balance comes first
    """An order that was just accepted."""
    order = shop.place(shop.simplest())
    order.require_taken()
    return order


@clause("TOKOPEDIA-IDEM-REPEAT")
@pytest.mark.parametrize("written", WRITTEN)
def test_the_same_checkout_again_is_refused(
    tokopedia: Tokopedia, shop: Shop, till: Till, first: Order, written: str
) -> None:
    document = WRITTEN[written](first.document)
    with _costs_no_more(shop, till, first):
        again = tokopedia.checkout(document, first.offer, first.price)
    expect_refused(again)


@clause("TOKOPEDIA-IDEM-REPEAT-FINAL")
def test_the_same_checkout_after_the_end_is_refused(
    tokopedia: Tokopedia, shop: Shop, fulfilled: list[Order]
) -> None:
    tried = shop.taken()
    for order in [one for one in fulfilled if one.offer in tried]:
        till = Till(shop)
        again = tokopedia.checkout(order.document, order.offer, order.price)
        expect_refused(again)
        till.expect_nothing_taken(order.require_success(), again)


@clause("TOKOPEDIA-IDEM-OTHER-PRODUCT")
def test_another_product_under_a_used_id_is_refused(
    tokopedia: Tokopedia, shop: Shop, till: Till, first: Order
) -> None:
    offer = shop.simplest(other=first.offer)
    document, price = shop.document(offer, first.id), shop.price(offer)
    with _costs_no_more(shop, till, first):
        again = tokopedia.checkout(document, offer, price)
    expect_refused(again)


@clause("TOKOPEDIA-IDEM-OTHER-NUMBER")
def test_another_number_under_a_used_id_is_refused(
    tokopedia: Tokopedia, shop: Shop, till: Till, first: Order
) -> None:
    with _costs_no_more(shop, till, first):
        again = _checkout_for(tokopedia, first, other_number(first.offer.number) or new_ref_id())
    expect_refused(again)


@clause("TOKOPEDIA-IDEM-FIRST-KEPT")
def test_a_repetition_leaves_the_first_order_alone(
    tokopedia: Tokopedia, shop: Shop, fulfilled: list[Order], first: Order
) -> None:
    # What an order that is not repeated does not keep has clauses of its own.
    kept = _kept(fulfilled[0])
    again = _checkout_for(tokopedia, first, other_number(first.offer.number) or new_ref_id())
    shop.settle([first])
    if first.final and first.final.order_status == "Failed":
        with expect(first.checkout, again, first.final) as that:
            that.equal("status", "Failed", "Success", "as of an order that is not repeated")
    details = first.require_success()
    with expect(first.checkout, again, details) as that:
        for name in kept:
            came, wanted = details.attributes.get(name), first.checkout.attributes.get(name)
            that.equal(name, came, wanted, "as first ordered")


@pytest.fixture(scope="module")
def every(shop: Shop) -> tuple[Till, list[Order]]:
    """An order of every product that was just accepted, and the balance before them."""
    offers = shop.taken()
    till = Till(shop)
    placed = shop.client.buy_side_by_side([partial(shop.place, one) for one in offers])
    return till, [one for one in placed if one.is_taken]


Again = Callable[[Shop, Order], TokopediaAnswer]


def _the_same(shop: Shop, first: Order) -> TokopediaAnswer:
    return shop.client.checkout(first.document, first.offer, first.price)


def _for_another(shop: Shop, first: Order) -> TokopediaAnswer:
    if shop.client.settings.is_live:
        raise NotOffered(
            "real money is risked for one invented customer only", hint="see the clause's other row"
        )
    number = other_number(first.offer.number) or new_ref_id()
    return _checkout_for(shop.client, first, number)


def _of_another(shop: Shop, first: Order) -> TokopediaAnswer:
    offer = shop.simplest(other=first.offer)
    return shop.client.checkout(shop.document(offer, first.id), offer, shop.price(offer))


@pytest.mark.parametrize(
    "again",
    [
        cited("TOKOPEDIA-IDEM-REPEAT", _the_same),
        cited("TOKOPEDIA-IDEM-OTHER-NUMBER", _for_another),
        cited("TOKOPEDIA-IDEM-OTHER-PRODUCT", _of_another),
    ],
)
def test_no_product_is_ordered_under_a_used_id(
    shop: Shop, every: tuple[Till, list[Order]], again: Again
) -> None:
    till, firsts = every
    with _costs_no_more(shop, till, *firsts):
        answers = shop.client.buy_side_by_side([partial(again, shop, one) for one in firsts])
    expect_refused(*answers)


@clause("TOKOPEDIA-IDEM-FIRST-KEPT")
def test_a_repetition_leaves_every_product_alone(
    shop: Shop, fulfilled: list[Order], every: tuple[Till, list[Order]]
) -> None:
    kept = {one.offer.code: _kept(one) for one in fulfilled}
    firsts = [one for one in every[1] if one.offer.code in kept]
    answers = shop.client.buy_side_by_side([partial(_for_another, shop, one) for one in firsts])
    shop.settle(firsts)
    with expect(*(one.final or one.checkout for one in firsts), *answers) as that:
        for order in firsts:
            if order.final is None or order.final.order_status != "Success":
                continue  # whether an order ends, and how, has clauses of its own
            that.about(order.final)
            for name in kept[order.offer.code]:
                came, wanted = order.final.attributes.get(name), order.checkout.attributes[name]
                that.equal(f"{order.offer.code}: {name}", came, wanted, "as first ordered")


@clause("TOKOPEDIA-IDEM-OWN-CODE")
def test_no_two_orders_have_one_code(
    shop: Shop, fulfilled: list[Order], every: tuple[Till, list[Order]]
) -> None:
    shop.settle(every[1])
    first = {one.offer.code: one for one in fulfilled if has_code(one.offer)}
    pairs = [(first[one.offer.code], one) for one in every[1] if one.offer.code in first]
    pairs = [(one, other) for one, other in pairs if _has_succeeded(other)]
    if not pairs:
        raise NotOffered(
            "no voucher or token was ordered twice", hint="add one under [tokopedia.products]"
        )
    answers = [one.require_success() for pair in pairs for one in pair]
    with expect(*answers) as that:
        for one, other in pairs:
            that.about(other.require_success())
            for name in ("serial_number", "voucher_code"):
                codes = [each.require_success().attributes.get(name) for each in (one, other)]
                if codes[0] and codes[0] != one.offer.number:
                    expected = f"{one.offer.code}: another {name} than order {one.id}"
                    that.that(codes[0] != codes[1], expected, f"{codes[1]} again")


def _has_succeeded(order: Order) -> bool:
    return order.final is not None and order.final.order_status == "Success"


@clause("TOKOPEDIA-IDEM-RACE")
def test_no_product_is_ordered_twice_at_once(shop: Shop) -> None:
    offers = shop.taken()
    till = Till(shop)
    answers, most = [], 0
    for offer in offers:
        document, price = shop.document(offer), shop.price(offer)
        pair = together([partial(shop.client.checkout, document, offer, price)] * 2)
        _expect_one(pair)
        answers += pair
        # That an order costs another price than was listed has a clause of its own.
        asked = [whole_rupiah(one.attributes.get("sales_price")) for one in pair]
        most += max(price, *(one or 0 for one in asked))
    till.expect_less_taken(most + 1, *answers)


@clause("TOKOPEDIA-IDEM-RACE")
@pytest.mark.parametrize("_round", ROUNDS)
def test_one_of_two_checkouts_at_once_is_refused(
    tokopedia: Tokopedia, shop: Shop, _round: int
) -> None:
    offer, price = _simplest(shop)
    document = shop.document(offer)
    till = Till(shop)
    answers = together([lambda: tokopedia.checkout(document, offer, price)] * 2)
    _expect_one(answers)
    till.expect_less_taken(2 * price, *answers)


@clause("TOKOPEDIA-IDEM-RACE-OTHER")
@pytest.mark.parametrize("_round", ROUNDS)
def test_one_of_two_different_checkouts_at_once_is_refused(
    tokopedia: Tokopedia, shop: Shop, _round: int
) -> None:
    offer, price = _simplest(shop)
    other = shop.simplest(other=offer)
    document, cost = shop.document(offer), shop.price(other)
    another = shop.document(other, document["data"]["id"])
    till = Till(shop)
    answers = together(
        [
            lambda: tokopedia.checkout(document, offer, price),
            lambda: tokopedia.checkout(another, other, cost),
        ]
    )
    _expect_one(answers)
    till.expect_less_taken(price + cost, *answers)


@clause("TOKOPEDIA-IDEM-REFUSED-FREE")
def test_the_id_of_a_refused_checkout_is_free(tokopedia: Tokopedia, shop: Shop) -> None:
    offer, price = _simplest(shop)
    document = shop.document(offer)
    unsigned = tokopedia.checkout_body(encode(document), None, document, offer, price)
    right = tokopedia.checkout(document, offer, price)
    with expect(unsigned, right) as that:
        that.that(
            not right.is_refused, "the order: nothing was ordered under this id", right.stated
        )


@clause("TOKOPEDIA-IDEM-INQUIRY-FREE")
def test_an_inquiry_costs_nothing(tokopedia: Tokopedia, shop: Shop) -> None:
    shop.inquiries()
    till = Till(shop)
    answers = [tokopedia.inquire(inquiry_document(offer)) for offer in shop.inquirable()[:3]]
    till.expect_nothing_taken(*answers)


@contextmanager
def _costs_no_more(shop: Shop, till: Till, *firsts: Order) -> Iterator[None]:
    """What is done while ``firsts`` are open takes nothing; ``till`` is from before those orders.

    What the orders themselves take meanwhile, some take their money when they end, is their price.
    """
    if "account" not in shop.client.settings.operations:
        note("the target has no account: what it costs is not seen")
        yield
        return
    before = shop.saldo()
    yield
    if before != shop.saldo():
        most = sum(one.price for one in firsts)
        till.expect_less_taken(most + 1, *(one.checkout for one in firsts))


def _checkout_for(tokopedia: Tokopedia, order: Order, number: str) -> TokopediaAnswer:
    """The same checkout, for another number."""
    attributes = {**order.document["data"]["attributes"], "client_number": number}
    document: Document = {"data": {**order.document["data"], "attributes": attributes}}
    return tokopedia.checkout(document, order.offer, order.price)


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
