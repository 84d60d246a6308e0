"""Inquiry: what a customer owes."""

from collections.abc import Callable
from typing import Any

import pytest

from kontrak.clauses.catalogue import Clause, cited, clause, of_shape
from kontrak.interface.refid import new_ref_id
from kontrak.judging.expect import expect, judge_place, note, reading
from kontrak.providers.tokopedia import Tokopedia, TokopediaAnswer
from kontrak.providers.tokopedia.documents import (
    Document,
    changed,
    encode,
    inquiry_document,
)
from kontrak.providers.tokopedia.places import held, require_place, rupiah
from kontrak.providers.tokopedia.refusal import expect_refused
from kontrak.providers.tokopedia.shop import Shop
from kontrak.providers.tokopedia.till import Till

PLACES = [cited(one.id, one) for one in of_shape("tokopedia", "inquiry")]
PRICES = ("base_price", "admin_fee", "sales_price")
PLN_PREPAID = "pln-prepaid"
NO_SUCH_PRODUCT = "kontrak-no-such-product"

Change = Callable[[Document], Document]

EMPTY = {"amount": 0, "fields": None, "downline_id": ""}


def _with_id(document: Document) -> Document:
    return {"data": {**document["data"], "id": document["data"]["attributes"]["client_number"]}}


def _as_order(document: Document) -> Document:
    """The inquiry as a document of type order, which the inquiry's address may not carry out."""
    return {"data": {**document["data"], "type": "order", "id": new_ref_id()}}


def _backwards(document: Document) -> Document:
    attributes = dict(reversed(document["data"]["attributes"].items()))
    return {"data": {"attributes": attributes, "type": "inquiry"}}


def _filled(document: Document, options: dict[str, Any]) -> Document:
    """The options that a right request of the product does not use."""
    used = document["data"]["attributes"]
    return changed(document, **{key: held for key, held in options.items() if key not in used})


LIKE_THE_RIGHT_ONE = [
    cited("TOKOPEDIA-INQUIRY-WITH-ID", _with_id),
    cited("TOKOPEDIA-INQUIRY-EMPTY-OPTIONS", lambda one: _filled(one, EMPTY)),
    cited("TOKOPEDIA-INQUIRY-EMPTY-FIELDS", lambda one: _filled(one, {"fields": []})),
    cited("TOKOPEDIA-INQUIRY-KEY-ORDER", _backwards),
]

REFUSED = [
    cited(
        "TOKOPEDIA-INQUIRY-UNKNOWN-PRODUCT",
        lambda one: changed(one, product_code=NO_SUCH_PRODUCT),
    ),
    cited("TOKOPEDIA-INQUIRY-NO-PRODUCT", lambda one: changed(one, product_code=...)),
    cited("TOKOPEDIA-INQUIRY-NO-PRODUCT", lambda one: changed(one, product_code=""), id="empty"),
    cited("TOKOPEDIA-INQUIRY-TYPE-ORDER", _as_order),
]


@clause("TOKOPEDIA-INQUIRY-ACCEPTED")
def test_a_right_inquiry_is_answered_with_the_bill(shop: Shop) -> None:
    for offer in shop.inquirable():
        answer = shop.inquiry(offer.product.code)
        with expect(answer) as that:
            right = answer.status == 200 and not answer.is_refused
            that.that(right, f"{offer.code}: HTTP 200 and the bill", answer.stated)


@clause("TOKOPEDIA-INQUIRY-WELLFORMED")
def test_an_inquiry_is_answered_in_json(shop: Shop) -> None:
    for offer in shop.inquirable():
        answer = shop.inquiry(offer.product.code)
        if answer.status == 200:
            with expect(answer) as that:
                that.that(answer.malformed is None, "well-formed JSON", str(answer.malformed))


@pytest.mark.parametrize("place", PLACES)
def test_a_place_of_the_inquiry(shop: Shop, place: Clause) -> None:
    answers = [shop.inquiry(one.product.code) for one in shop.inquirable()]
    found = [one for one in answers if not one.is_refused and one.malformed is None]
    if not found:
        answers[0].require("INQUIRY")
    for answer in found:
        judge_place(answer, place)


@clause("TOKOPEDIA-INQUIRY-ECHO-ID")
def test_the_id_is_the_customer_number(bills: list[TokopediaAnswer]) -> None:
    for bill in bills:
        with expect(bill) as that:
            require_place(bill, "INQUIRY", "id")
            number = held(bill, "INQUIRY", "client_number")
            that.equal("data.id", bill.data.get("id"), number, "client_number")


@clause("TOKOPEDIA-INQUIRY-ECHO-NUMBER")
def test_the_customer_number_repeats_the_request(bills: list[TokopediaAnswer]) -> None:
    for bill in bills:
        came = str(held(bill, "INQUIRY", "client_number"))
        sent = bill.asked["client_number"]
        padded = str(bill.asked["product_code"]).startswith("bpjs") and came.lstrip("0") == (
            sent.lstrip("0")
        )
        with expect(bill) as that:
            that.that(came == sent or padded, f"client_number = {sent}", f"client_number = {came}")
        if came != sent and padded:
            stated = "with other leading zeros than sent"
            reading("client_number", stated, about=bill.asked["product_code"], warns=True)


@clause("TOKOPEDIA-INQUIRY-ECHO-PRODUCT")
def test_the_product_repeats_the_request(bills: list[TokopediaAnswer]) -> None:
    for bill in bills:
        with expect(bill) as that:
            code = held(bill, "INQUIRY", "product_code")
            that.equal("product_code", code, bill.asked["product_code"], "as sent")


@clause("TOKOPEDIA-INQUIRY-ECHO-FIELDS")
def test_the_fields_repeat_the_request(bills: list[TokopediaAnswer]) -> None:
    for bill in bills:
        sent, came = bill.asked.get("fields"), held(bill, "INQUIRY", "fields")
        with expect(bill) as that:
            that.one_of("fields", came, (sent, None, []))
        if sent:
            stated = "repeats what was sent" if came else "is empty"
            code = bill.asked["product_code"]
            reading("fields of an inquiry", stated, about=code, warns=not came)


@clause("TOKOPEDIA-INQUIRY-METER")
def test_only_pln_prepaid_has_a_meter(shop: Shop) -> None:
    for offer in shop.inquirable():
        bill = shop.inquiry(offer.product.code)
        if not bill.is_accepted:
            continue
        meter = held(bill, "INQUIRY", "meter_id")
        prepaid = offer.product.code.startswith(PLN_PREPAID)
        with expect(bill) as that:
            if prepaid:
                that.that(bool(meter), "a meter number", 'meter_id = ""')
                if meter and meter not in _numbers(bill):
                    note(f"{offer.code}: meter_id {meter} stands nowhere else in the bill")
            else:
                allowed = ("", bill.attributes.get("client_number"))
                that.that(meter in allowed, f'{offer.code}: meter_id = ""', f"meter_id = {meter}")
        if not prepaid:
            stated = "repeats client_number" if meter else "is empty"
            reading("meter_id of what is no meter", stated, about=offer.code, warns=bool(meter))


def _numbers(bill: TokopediaAnswer) -> set[object]:
    """The customer number and whatever the list shows."""
    rows = bill.attributes.get("inquiry_result")
    rows = rows if isinstance(rows, list) else []
    shown = {str(row.get("value")) for row in rows if isinstance(row, dict)}
    return {bill.attributes.get("client_number"), *shown}


@clause("TOKOPEDIA-INQUIRY-PRICE-SUM")
def test_the_price_is_base_price_plus_admin_fee(bills: list[TokopediaAnswer]) -> None:
    for bill in bills:
        base, fee, price = (rupiah(bill, "INQUIRY", name) for name in PRICES)
        with expect(bill) as that:
            code = bill.asked.get("product_code")
            because = f"{code}: base_price {base} + admin_fee {fee}"
            that.equal("sales_price", price, base + fee, because)


@clause("TOKOPEDIA-INQUIRY-AMOUNT")
def test_the_amount_asked_for_is_the_price(bills: list[TokopediaAnswer]) -> None:
    asked = [bill for bill in bills if bill.asked.get("amount")]
    if not asked:
        pytest.skip("no product of an open amount is inquired")
    for bill in asked:
        wanted = [rupiah(bill, "INQUIRY", name) for name in ("base_price", "sales_price")]
        with expect(bill) as that:
            came = f"base_price {wanted[0]}, sales_price {wanted[1]}"
            amount = bill.asked["amount"]
            that.that(amount in wanted, f"base_price or sales_price = {amount}", came)


@pytest.mark.parametrize("change", LIKE_THE_RIGHT_ONE)
def test_an_inquiry_written_otherwise_is_answered_alike(
    tokopedia: Tokopedia, shop: Shop, change: Change
) -> None:
    offer = shop.inquirable()[0]
    right = shop.inquiries()[0]
    answer = tokopedia.inquire(change(inquiry_document(offer)))
    with expect(right, answer) as that:
        that.that(answer.is_accepted, "the bill", answer.stated)
        if answer.is_accepted:
            price = answer.attributes.get("sales_price")
            that.equal("sales_price", price, right.attributes.get("sales_price"), "as before")


@pytest.mark.parametrize("change", REFUSED)
def test_a_wrong_inquiry_is_refused(tokopedia: Tokopedia, shop: Shop, change: Change) -> None:
    shop.inquiries()
    expect_refused(tokopedia.inquire(change(inquiry_document(shop.inquirable()[0]))))


@clause("TOKOPEDIA-INQUIRY-TYPE-ORDER-FREE")
def test_an_inquiry_of_type_order_orders_nothing(tokopedia: Tokopedia, shop: Shop) -> None:
    shop.inquiries()
    offer = next((one for one in shop.inquirable() if one.buy), shop.inquirable()[0])
    # Complete, so that nothing but its address keeps it from being carried out.
    document = shop.document(offer)
    order_id = document["data"]["id"]
    till = Till(shop)
    answer = tokopedia.inquire(document)
    till.expect_nothing_taken(answer)
    if "order" in tokopedia.settings.operations:
        details = tokopedia.order(order_id)
        with expect(answer, details) as that:
            that.that(not details.has_data, f"no order {order_id}", details.stated)


@clause("TOKOPEDIA-INQUIRY-MALFORMED")
@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"<data/>", b'{"data": []}'])
def test_an_inquiry_that_is_no_document_is_refused(
    tokopedia: Tokopedia, shop: Shop, body: bytes
) -> None:
    right = encode(inquiry_document(shop.inquirable()[0]))
    shop.inquiries()
    expect_refused(tokopedia.post("/v2/inquiry", body or right[:-2], {}))
