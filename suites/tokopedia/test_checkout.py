"""Checkout: the order is taken and stays pending at first. Amounts are rupiah."""

from collections.abc import Callable

import pytest

from kontrak.clauses.catalogue import Clause, cited, clause, of_shape
from kontrak.errors import NotOffered
from kontrak.judging.expect import Blocked, expect, judge_place, reading
from kontrak.providers.tokopedia import Tokopedia, TokopediaAnswer
from kontrak.providers.tokopedia.documents import Document, changed, encode, whole_rupiah
from kontrak.providers.tokopedia.places import held, require_place, rupiah
from kontrak.providers.tokopedia.refusal import expect_not_ordered
from kontrak.providers.tokopedia.shop import Order, Shop
from kontrak.providers.tokopedia.signing import sign
from kontrak.providers.tokopedia.suspects import price_sum_is_wrong
from kontrak.providers.tokopedia.till import Till

PLACES = [cited(one.id, one) for one in of_shape("tokopedia", "order-pending")]
NO_SUCH_PRODUCT = "kontrak-no-such-product"
OPTIONS = {"amount": 0, "fields": None, "downline_id": "", "request_id": "kontrak"}

Change = Callable[[Document], Document]

ORDERS_NOTHING = [
    cited(
        "TOKOPEDIA-CHECKOUT-UNKNOWN-PRODUCT",
        lambda one: changed(one, product_code=NO_SUCH_PRODUCT),
    ),
    cited("TOKOPEDIA-CHECKOUT-NO-PRODUCT", lambda one: changed(one, product_code=...)),
    cited("TOKOPEDIA-CHECKOUT-NO-PRODUCT", lambda one: changed(one, product_code=""), id="empty"),
]


@clause("TOKOPEDIA-CHECKOUT-ACCEPTED")
def test_a_right_checkout_is_answered_with_the_pending_order(shop: Shop) -> None:
    for order in shop.orders():
        checkout = order.checkout
        if not order.is_taken:
            _require_right_price(order, shop)
        with expect(checkout) as that:
            came = checkout.stated
            that.that(order.is_taken, f"{order.offer.code}: HTTP 2xx and the order", came)
        stated = f"HTTP {checkout.status}"
        reading("HTTP status of a checkout", stated, warns=checkout.status != 200)


@clause("TOKOPEDIA-CHECKOUT-WELLFORMED")
def test_a_checkout_is_answered_in_json(shop: Shop) -> None:
    for order in shop.orders():
        if 200 <= order.checkout.status < 300:
            with expect(order.checkout) as that:
                malformed = order.checkout.malformed
                that.that(malformed is None, "well-formed JSON", str(malformed))


@pytest.mark.parametrize("place", PLACES)
def test_a_place_of_the_pending_order(shop: Shop, place: Clause) -> None:
    for answer in _pending(shop):
        judge_place(answer, place)


@clause("TOKOPEDIA-CHECKOUT-ECHO-ID")
def test_the_id_repeats_the_checkout(placed: list[Order]) -> None:
    for order in placed:
        require_place(order.checkout, "PENDING", "id")
        with expect(order.checkout) as that:
            that.equal("data.id", order.checkout.data.get("id"), order.id, "as sent")


@clause("TOKOPEDIA-CHECKOUT-ECHO-NUMBER")
def test_the_customer_number_repeats_the_checkout(placed: list[Order]) -> None:
    _expect_echo(placed, "client_number")


@clause("TOKOPEDIA-CHECKOUT-ECHO-PRODUCT")
def test_the_product_repeats_the_checkout(placed: list[Order]) -> None:
    _expect_echo(placed, "product_code")


@clause("TOKOPEDIA-CHECKOUT-ECHO-FIELDS")
def test_the_fields_repeat_the_checkout(placed: list[Order]) -> None:
    for order in placed:
        sent = order.checkout.asked.get("fields")
        came = held(order.checkout, "PENDING", "fields")
        with expect(order.checkout) as that:
            that.one_of("fields", came, (sent, None, []))
        if sent:
            stated = "repeats what was sent" if came else "is empty"
            reading("fields of a pending order", stated, about=order.offer.code, warns=not came)


@clause("TOKOPEDIA-CHECKOUT-PRICE")
def test_the_price_is_the_inquired_one(placed: list[Order]) -> None:
    inquired = [one for one in placed if one.inquiry is not None]
    if not inquired:
        pytest.skip("no product with an inquiry was ordered")
    for order in inquired:
        with expect(order.checkout) as that:
            price = rupiah(order.checkout, "PENDING", "sales_price")
            that.equal("sales_price", price, order.price, f"{order.offer.code}: as inquired")


@clause("TOKOPEDIA-CHECKOUT-LIST-PRICE")
def test_a_product_without_inquiry_costs_its_list_price(placed: list[Order]) -> None:
    listed = [one for one in placed if one.inquiry is None]
    if not listed:
        pytest.skip("every product that was ordered has an inquiry")
    for order in listed:
        with expect(order.checkout) as that:
            price = rupiah(order.checkout, "PENDING", "sales_price")
            that.equal("sales_price", price, order.price, f"{order.offer.code}: as listed")


@clause("TOKOPEDIA-CHECKOUT-EMPTY-OPTIONS")
def test_empty_options_change_nothing(tokopedia: Tokopedia, shop: Shop) -> None:
    offer = shop.simplest()
    right = shop.document(offer)
    options = {k: v for k, v in OPTIONS.items() if k not in right["data"]["attributes"]}
    answer = tokopedia.checkout(changed(right, **options), offer, shop.price(offer))
    with expect(answer) as that:
        that.that(not answer.is_refused, "the pending order", answer.stated)


@clause("TOKOPEDIA-CHECKOUT-AT-MOST")
def test_an_order_costs_no_more_than_its_price(own_order: Order, cost: int) -> None:
    most = max(_prices(own_order))
    with expect(own_order.checkout) as that:
        that.that(cost <= most, f"at most {most} rupiah", f"{cost} rupiah")


@clause("TOKOPEDIA-CHECKOUT-COST")
def test_a_successful_order_costs_its_price(own_order: Order, cost: int) -> None:
    details, prices = own_order.require_success(), _prices(own_order)
    if cost > max(prices):
        raise Blocked("TOKOPEDIA-CHECKOUT-AT-MOST")
    with expect(own_order.checkout, details) as that:
        that.one_of("money taken, in rupiah", cost, prices, "sales_price")


@clause("TOKOPEDIA-CHECKOUT-TOTAL")
def test_orders_together_cost_no_more_than_their_prices(shop: Shop, asked: list[Order]) -> None:
    if shop.taken_together is None:
        raise NotOffered("what the orders cost is not seen", hint="name account in operations")
    # One that stays Pending may have taken its price: that has a clause of its own.
    paid = [one for one in asked if not (one.final and one.final.order_status == "Failed")]
    most = sum(max(_prices(one)) for one in paid)
    with expect(*(one.checkout for one in paid)) as that:
        codes = ", ".join(one.offer.code for one in paid)
        taken = f"{shop.taken_together} rupiah"
        kept = shop.taken_together <= most
        that.that(kept, f"at most {most} rupiah for {len(paid)} orders: {codes}", taken)


@clause("TOKOPEDIA-CHECKOUT-TOTAL-COST")
def test_successful_orders_together_cost_their_prices(shop: Shop, fulfilled: list[Order]) -> None:
    if shop.taken_together is None:
        raise NotOffered("what the orders cost is not seen", hint="name account in operations")
    least = sum(min(_prices(one)) for one in fulfilled)
    with expect(*(one.checkout for one in fulfilled)) as that:
        codes = ", ".join(one.offer.code for one in fulfilled)
        taken = f"{shop.taken_together} rupiah"
        kept = shop.taken_together >= least
        that.that(kept, f"at least {least} rupiah for {len(fulfilled)} orders: {codes}", taken)


@pytest.mark.parametrize("change", ORDERS_NOTHING)
def test_a_wrong_checkout_orders_nothing(tokopedia: Tokopedia, shop: Shop, change: Change) -> None:
    offer = shop.simplest()
    document, price = change(shop.document(offer)), shop.price(offer)
    expect_not_ordered(
        shop, lambda: tokopedia.checkout(document, offer, price), document["data"]["id"]
    )


@clause("TOKOPEDIA-CHECKOUT-NO-ID")
def test_a_checkout_without_an_id_is_refused(tokopedia: Tokopedia, shop: Shop) -> None:
    offer = shop.simplest()
    right = shop.document(offer)
    document = {"data": {k: v for k, v in right["data"].items() if k != "id"}}
    price = shop.price(offer)
    expect_not_ordered(shop, lambda: tokopedia.checkout(document, offer, price), None)


@clause("TOKOPEDIA-CHECKOUT-MALFORMED")
@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"<data/>"])
def test_a_checkout_that_is_no_document_is_refused(
    tokopedia: Tokopedia, shop: Shop, body: bytes
) -> None:
    offer = shop.simplest()
    document = shop.document(offer)
    sent = body or encode(document)[:-2]
    signature = sign(sent, tokopedia.key)
    price = shop.price(offer)
    order_id = document["data"]["id"]
    expect_not_ordered(
        shop,
        lambda: tokopedia.checkout_body(sent, signature, document, offer, price),
        order_id if order_id.encode() in sent else None,
    )


@pytest.fixture(scope="module")
def balance(shop: Shop) -> tuple[Order, int]:
    """An order with the money that it took, in rupiah."""
    shop.orders()
    offer = shop.simplest()
    shop.price(offer)
    shop.saldo()  # says why, where it cannot be read
    till = Till(shop)
    order = shop.place(offer)
    shop.settle([order])
    order.require_taken()
    taken = till.taken()
    if taken is None:
        raise NotOffered("what an order costs is not seen", hint="another order is still open")
    return order, taken


@pytest.fixture
def own_order(balance: tuple[Order, int]) -> Order:
    """The order whose cost was seen."""
    return balance[0]


@pytest.fixture
def cost(balance: tuple[Order, int]) -> int:
    """What that order took from the balance, in rupiah."""
    return balance[1]


def _prices(order: Order) -> list[int]:
    """What an order may cost, in rupiah: the price that was announced, or its own.

    The product list may have another price than the order, which CHECKOUT-LIST-PRICE judges.
    """
    prices = {order.price}
    if order.inquiry is None:
        prices.add(rupiah(order.checkout, "PENDING", "sales_price"))
    return sorted(prices)


def _pending(shop: Shop) -> list[TokopediaAnswer]:
    """Every answer that shows an order while it is pending."""
    orders = shop.orders()
    details = [one for order in orders for one in order.details if one.order_status == "Pending"]
    checkouts = [one.checkout for one in orders]
    found = [one for one in checkouts if not one.is_refused and one.malformed is None]
    if not found:
        checkouts[0].require("CHECKOUT")
    return [*found, *details]


def _expect_echo(orders: list[Order], name: str) -> None:
    for order in orders:
        with expect(order.checkout) as that:
            came = held(order.checkout, "PENDING", name)
            that.equal(name, came, order.checkout.asked[name], "as sent")


def _require_right_price(order: Order, shop: Shop) -> None:
    """A checkout may be refused for an amount that was wrong before: not its own fault."""
    if order.inquiry and price_sum_is_wrong(order.inquiry.document):
        raise Blocked("TOKOPEDIA-INQUIRY-PRICE-SUM")
    listed = [one for one in shop.orders() if one.inquiry is None and one.is_taken]
    prices = [(whole_rupiah(one.checkout.attributes.get("sales_price")), one) for one in listed]
    if order.inquiry is None and any(price != one.price for price, one in prices):
        raise Blocked("TOKOPEDIA-CHECKOUT-LIST-PRICE")
