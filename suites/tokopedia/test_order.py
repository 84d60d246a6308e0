"""Order details: Pending, then Success or Failed, and final afterwards."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from kontrak.clauses.catalogue import Clause, cited, clause, find, of_shape
from kontrak.errors import NotOffered
from kontrak.interface.refid import new_ref_id
from kontrak.judging.expect import Blocked, expect, judge_place, note, reading
from kontrak.providers.tokopedia import Tokopedia, TokopediaAnswer
from kontrak.providers.tokopedia.places import held, kind_of, require_place, rupiah
from kontrak.providers.tokopedia.refusal import expect_refused
from kontrak.providers.tokopedia.relations import BROKEN, compatible, may_be_one_name
from kontrak.providers.tokopedia.shop import SETTLING_SECONDS, Order, Shop
from kontrak.providers.tokopedia.till import Till

SUCCESS = [cited(one.id, one) for one in of_shape("tokopedia", "order-success")]
FAILED = [cited(one.id, one) for one in of_shape("tokopedia", "order-failed")]
BARE = ("DATA", "ATTRIBUTES")
MOMENT = "%Y-%m-%dT%H:%M:%SZ"
ENDS = ("Success", "Failed")
INDONESIA = (7, 8, 9)
"""The time zones of Indonesia, in hours before UTC."""
CLOCKS_DIFFER = timedelta(minutes=15)
A_MOMENT = timedelta(minutes=1)
LATER_LOOKS = 3
"""How often an order is looked at once it has ended."""


@pytest.fixture(scope="module")
def failed(tokopedia: Tokopedia, shop: Shop) -> tuple[Order, int | None]:
    """The order that cannot be served, and what it took in the end (None: not to be seen)."""
    offer = tokopedia.settings.failing
    if offer is None:
        raise NotOffered(
            "the target names no order that fails", hint="see `failing` in fixtures/targets"
        )
    shop.orders()
    shop.price(offer)
    till = Till(shop)
    order = shop.place(offer)
    shop.settle([order])
    order.require_taken()
    return order, till.taken()


@clause("TOKOPEDIA-ORDER-ACCEPTED")
def test_an_order_is_found_under_its_id(asked: list[Order]) -> None:
    for order in asked:
        for details in order.details:
            with expect(order.checkout, details) as that:
                right = details.status == 200 and not details.is_refused
                that.that(right, f"{order.offer.code}: HTTP 200 and the order", details.stated)


@clause("TOKOPEDIA-ORDER-WELLFORMED")
def test_order_details_are_json(asked: list[Order]) -> None:
    for order in asked:
        for details in order.details:
            if details.status == 200:
                with expect(details) as that:
                    that.that(details.malformed is None, "JSON", str(details.malformed))


@clause("TOKOPEDIA-ORDER-STATUS")
def test_the_status_is_a_documented_one(asked: list[Order]) -> None:
    for order in asked:
        for details in order.details:
            if details.is_accepted:
                with expect(details) as that:
                    status = details.attributes.get("status")
                    that.one_of("status", status, ["Pending", "Success", "Failed"])


@clause("TOKOPEDIA-ORDER-SETTLES")
def test_an_order_ends(asked: list[Order]) -> None:
    for order in asked:
        if order.final is not None and order.final.order_status is not None:
            with expect(*order.details[-2:]) as that:
                status = order.final.order_status
                ended = status != "Pending"
                that.that(ended, f"{order.offer.code}: Success or Failed", f"status = {status}")


@clause("TOKOPEDIA-ORDER-SUCCEEDS")
def test_an_order_ends_as_success(asked: list[Order]) -> None:
    ended = [one.final for one in asked if one.final and one.final.order_status in ENDS]
    failed = [one for one in ended if one.order_status == "Failed"]
    # A product may be sold out at any time; that every one of several is, nothing explains.
    with expect(*failed) as that:
        sold = len(ended) > len(failed) or len(failed) < 2
        that.that(sold, "an order that ends as Success", f"all {len(failed)} orders have failed")
    for one in failed:
        code = one.attributes.get("error_code")
        note(f"{one.attributes.get('product_code')}: the order ended as Failed, {code}")
    if not ended:
        asked[0].require_success()


@clause("TOKOPEDIA-ORDER-FINAL")
def test_an_order_that_has_ended_stays_as_it_is(
    tokopedia: Tokopedia, fulfilled: list[Order]
) -> None:
    if tokopedia.settings.control_url is not None:
        tokopedia.advance_clock(SETTLING_SECONDS)
    for _ in range(LATER_LOOKS):
        seen = tokopedia.side_by_side([partial(tokopedia.order, one.id) for one in fulfilled])
        for order, later in zip(fulfilled, seen, strict=True):
            _expect_still(order.require_success(), later)


@pytest.mark.parametrize("place", SUCCESS)
def test_a_place_of_the_successful_order(fulfilled: list[Order], place: Clause) -> None:
    for order in fulfilled:
        judge_place(order.require_success(), place)


@pytest.mark.parametrize(
    "place", [cited(f"TOKOPEDIA-SUCCESS-{one}", find(f"TOKOPEDIA-SUCCESS-{one}")) for one in BARE]
)
def test_order_details_have_a_document(asked: list[Order], place: Clause) -> None:
    for order in asked:
        for details in order.details:
            has = not details.is_refused and details.malformed is None
            # Of another status, an order has another shape.
            if has and (details.order_status == "Success" or not details.is_accepted):
                judge_place(details, place)
                if place.id.endswith("-ATTRIBUTES"):
                    with expect(details) as that:
                        that.that(details.is_accepted, "attributes of an order", details.stated)


@clause("TOKOPEDIA-SUCCESS-FULFILLED-AT")
def test_fulfilled_at_is_in_the_calendar(fulfilled: list[Order]) -> None:
    for order in fulfilled:
        came = held(order.require_success(), "SUCCESS", "fulfilled_at")
        with expect(order.require_success()) as that:
            that.that(_is_moment(came), "a moment of the calendar in UTC", f"{came!r}")


@clause("TOKOPEDIA-SUCCESS-FULFILLED-AT")
def test_fulfilled_at_is_in_utc(fulfilled: list[Order]) -> None:
    for order in fulfilled:
        details = order.require_success()
        came = held(details, "SUCCESS", "fulfilled_at")
        if not _is_moment(came) or order.seen_at is None:
            continue
        at = datetime.strptime(str(came), MOMENT).replace(tzinfo=UTC)
        in_time = _is_between(order, at, CLOCKS_DIFFER)
        zones = [h for h in INDONESIA if _is_between(order, at - timedelta(hours=h), A_MOMENT)]
        ahead = zones[0] if zones and not in_time else 0
        with expect(order.checkout, details) as that:
            expected = f"a moment from {order.placed_at:%H:%M} to {order.seen_at:%H:%M} UTC"
            that.that(not ahead, expected, f"{came}, {ahead} hours ahead: local time")
        if not in_time:
            note(f"fulfilled_at {came} is not between the checkout and the look at the order")


@pytest.mark.parametrize("place", FAILED)
def test_a_place_of_the_failed_order(failed: tuple[Order, int | None], place: Clause) -> None:
    final = failed[0].final
    bare = final and final.malformed is None and not final.is_refused and not final.is_accepted
    judge_place(final if final and bare else _failure(failed[0]), place)


@clause("TOKOPEDIA-FAILED-HTTP")
def test_a_failed_order_is_stated_with_http_200(failed: tuple[Order, int | None]) -> None:
    details = _failure(failed[0])
    with expect(details) as that:
        that.equal("HTTP status", details.status, 200)


@clause("TOKOPEDIA-FAILED-ECHO")
def test_a_failed_order_repeats_its_checkout(failed: tuple[Order, int | None]) -> None:
    order, details = failed[0], _failure(failed[0])
    sent, came = order.checkout.asked, details.attributes
    with expect(order.checkout, details) as that:
        that.equal("data.id", details.data.get("id"), order.id, "as sent")
        for name in ("client_number", "product_code"):
            that.equal(name, came.get(name), sent.get(name), "as sent")
    for name in ("sales_price", "partner_fee"):
        before = order.checkout.attributes.get(name)
        if came.get(name) != before:
            note(f"{name} of the failed order is {came.get(name)}, of its checkout {before}")


@clause("TOKOPEDIA-FAILED-ENDS")
def test_an_order_that_cannot_be_served_fails(failed: tuple[Order, int | None]) -> None:
    order = failed[0]
    if order.final is None:
        raise NotOffered("the target has no order details", hint="see [tokopedia] operations")
    if order.final.status == 200 and order.final.malformed is None and not order.final.is_accepted:
        raise Blocked(f"TOKOPEDIA-FAILED-{order.final.lacking}")
    with expect(order.checkout, order.final) as that:
        that.equal("status", order.final.attributes.get("status"), "Failed")


@clause("TOKOPEDIA-FAILED-FINAL")
def test_an_order_that_has_failed_stays_so(
    tokopedia: Tokopedia, failed: tuple[Order, int | None]
) -> None:
    final = _failure(failed[0])
    for _ in range(LATER_LOOKS):
        _expect_still(final, tokopedia.order(failed[0].id))


@clause("TOKOPEDIA-FAILED-FREE")
def test_a_failed_order_costs_nothing(failed: tuple[Order, int | None]) -> None:
    order, cost = failed
    if cost is None:
        raise NotOffered("what it costs is not seen", hint="see [tokopedia] operations")
    details = _failure(order)
    with expect(order.checkout, details) as that:
        that.equal("money taken, in rupiah", cost, 0)


@clause("TOKOPEDIA-ORDER-ECHO-ID")
def test_the_id_repeats_the_checkout(asked: list[Order]) -> None:
    for order in asked:
        for details in order.details:
            if details.is_accepted:
                require_place(details, kind_of(details), "id")
                with expect(details) as that:
                    that.equal("data.id", details.data.get("id"), order.id, "as sent")


@clause("TOKOPEDIA-ORDER-ECHO-NUMBER")
def test_the_customer_number_repeats_the_checkout(asked: list[Order]) -> None:
    _expect_echo(asked, "client_number")


@clause("TOKOPEDIA-ORDER-ECHO-PRODUCT")
def test_the_product_repeats_the_checkout(asked: list[Order]) -> None:
    _expect_echo(asked, "product_code")


@clause("TOKOPEDIA-ORDER-ECHO-FIELDS")
def test_the_fields_repeat_the_checkout(asked: list[Order]) -> None:
    for order in asked:
        sent = order.checkout.asked.get("fields")
        for details in order.details:
            if not details.is_accepted:
                continue
            came = held(details, kind_of(details), "fields")
            with expect(details) as that:
                that.one_of("fields", came, (sent, None, []))
            if sent:
                stated = "repeats what was sent" if came else "is empty"
                reading("fields of an order", stated, about=order.offer.code, warns=not came)


@pytest.mark.parametrize(
    "name",
    [
        cited("TOKOPEDIA-ORDER-PRICE", "sales_price"),
        cited("TOKOPEDIA-ORDER-PARTNER-FEE", "partner_fee"),
    ],
)
def test_an_amount_is_the_one_of_the_checkout(fulfilled: list[Order], name: str) -> None:
    for order in fulfilled:
        before = rupiah(order.checkout.require("CHECKOUT"), "PENDING", name)
        for details in order.details:
            now = rupiah(details, kind_of(details), name)
            if now != before and _is_excepted(order, f"order-{name.replace('_', '-')}"):
                note(f"{order.offer.code}: {name} is {now}, in the checkout {before}")
                continue
            with expect(order.checkout, details) as that:
                that.equal(name, now, before, f"{order.offer.code}: as in the checkout")


@clause("TOKOPEDIA-ORDER-PARTNER-FEE-CAP")
def test_the_partner_fee_is_not_above_the_price(fulfilled: list[Order]) -> None:
    for order in fulfilled:
        details = order.require_success()
        fee, price = (rupiah(details, "SUCCESS", one) for one in ("partner_fee", "sales_price"))
        if not _is_excepted(order, "partner-fee-cap"):
            with expect(details) as that:
                that.that(fee <= price, f"at most {price}", f"partner_fee = {fee}")


@clause("TOKOPEDIA-ORDER-ADMIN-FEE")
def test_the_admin_fee_is_the_inquired_one(fulfilled: list[Order]) -> None:
    inquired = [one for one in fulfilled if one.inquiry is not None]
    if not inquired:
        pytest.skip("no product with an inquiry was ordered")
    for order in inquired:
        details = order.require_success()
        assert order.inquiry is not None
        before = rupiah(order.inquiry, "INQUIRY", "admin_fee")
        now = rupiah(details, "SUCCESS", "admin_fee")
        if now != before and _is_excepted(order, "order-admin-fee"):
            note(f"{order.offer.code}: admin_fee is {now}, inquired was {before}")
            continue
        with expect(order.inquiry, details) as that:
            that.equal("admin_fee", now, before, f"{order.offer.code}: as inquired")


@clause("TOKOPEDIA-ORDER-NAME")
def test_the_name_is_the_inquired_one(fulfilled: list[Order]) -> None:
    for order in fulfilled:
        if order.inquiry is None:
            continue
        details = order.require_success()
        before, now = (one.attributes.get("client_name") for one in (order.inquiry, details))
        if isinstance(before, str) and isinstance(now, str) and before and now:
            expected, came = f"client_name is {before!r}", f"{now!r}"
            if may_be_one_name(before, now) or _is_excepted(order, "order-name"):
                if not compatible(before, now):
                    note(f"{order.offer.code}: expected {expected}; received {came}")
                continue
            with expect(order.inquiry, details) as that:
                that.that(kept=False, expected=expected, came=came)


@clause("TOKOPEDIA-ORDER-POLLING")
def test_asking_changes_nothing(tokopedia: Tokopedia, shop: Shop, fulfilled: list[Order]) -> None:
    order = fulfilled[0]
    till = Till(shop)
    answers = [tokopedia.order(order.id) for _ in range(3)]
    final = order.require_success()
    with expect(final, *answers) as that:
        for answer in answers:
            that.equal("data.id", answer.data.get("id"), final.data.get("id"), "the same order")
        _expect_same(that, answers[2], answers[0])
        that.equal("money taken, in rupiah", till.taken() or 0, 0)


@clause("TOKOPEDIA-ORDER-UNKNOWN")
@pytest.mark.usefixtures("shop")
def test_an_order_never_placed_is_refused(tokopedia: Tokopedia) -> None:
    expect_refused(tokopedia.order(new_ref_id()))


@clause("TOKOPEDIA-ORDER-ID-CASE")
def test_an_id_in_other_case_names_no_order(tokopedia: Tokopedia, asked: list[Order]) -> None:
    answer = tokopedia.order(asked[0].id.swapcase())
    with expect(answer) as that:
        that.that(not answer.has_data, "a refusal: ids are exact in case", answer.stated)


def _is_excepted(order: Order, relation: str) -> bool:
    """Whether the document's own example of the product breaks this relation."""
    return any(one.id == relation and one.sample == BROKEN for one in order.offer.product.relations)


def _failure(order: Order) -> TokopediaAnswer:
    if order.final is None or order.final.attributes.get("status") != "Failed":
        raise Blocked("TOKOPEDIA-FAILED-ENDS")
    return order.final


def _expect_still(final: TokopediaAnswer, later: TokopediaAnswer) -> None:
    if later.malformed is not None:
        raise Blocked("TOKOPEDIA-ORDER-WELLFORMED")
    with expect(final, later) as that:
        _expect_same(that, later, final)


def _expect_same(that: expect, later: TokopediaAnswer, earlier: TokopediaAnswer) -> None:
    for name, before in earlier.attributes.items():
        that.equal(name, later.attributes.get(name), before, "as in the answer before")


def _expect_echo(orders: list[Order], name: str) -> None:
    for order in orders:
        for details in order.details:
            if not details.is_accepted:
                continue
            came = held(details, kind_of(details), name)
            with expect(details) as that:
                that.equal(name, came, order.checkout.asked[name], "as sent")


def _is_between(order: Order, moment: datetime, leeway: timedelta) -> bool:
    """Whether it lies between the checkout and the last look, or so little beside them."""
    return order.placed_at - leeway <= moment <= (order.seen_at or order.placed_at) + leeway


def _is_moment(came: object) -> bool:
    try:
        datetime.strptime(str(came), MOMENT)  # noqa: DTZ007 - Z says UTC; only the calendar counts
    except ValueError:
        return False
    return True
