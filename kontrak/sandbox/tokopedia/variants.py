"""Variants of Tokopedia: correct but different answers, which no clause may mind."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from kontrak.sandbox.changes import Variant, Wrapper
from kontrak.sandbox.http import SandboxRequest
from kontrak.sandbox.tokopedia.bills import Asked, Bill, without_penalty
from kontrak.sandbox.tokopedia.catalogue import Attributes, Product
from kontrak.sandbox.tokopedia.codes import Reason
from kontrak.sandbox.tokopedia.interface import Answer, Document, Kind
from kontrak.sandbox.tokopedia.making import (
    about,
    always,
    because_of,
    both,
    failed,
    failing,
    fulfilled,
    inquired,
    of,
    ordered,
    pending,
    refused,
    variant,
    with_answer,
    with_attributes,
    with_bill,
    with_body,
    with_document,
    with_values,
)
from kontrak.sandbox.tokopedia.orders import Order, State
from kontrak.sandbox.tokopedia.other_bills import (
    comet_of_two,
    free_of_fee,
    in_indonesian,
    indihome_of_two,
    medan_of,
    pln_of,
    pln_short_meter,
    restyled,
    still_masked,
    times,
    unmasked,
    with_denda_pkb,
    with_fee_more,
    with_names,
    with_rp,
    without_rp,
)
from kontrak.sandbox.tokopedia.service import TokopediaService
from kontrak.sandbox.tokopedia.variants_customers import OTHER_CUSTOMERS
from kontrak.sandbox.wire import wire_variants


def _everything(_answer: Answer) -> bool:
    return True


def _rewritten(write: Callable[[Any], str]) -> Wrapper:
    """Wraps ``write``: the same document in another hand."""
    return with_body(lambda body: write(json.loads(body)).encode(), _everything)


def _backwards(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _backwards(value[key]) for key in reversed(value)}
    return [_backwards(one) for one in value] if isinstance(value, list) else value


def _any_amount(code: str) -> Wrapper:
    """Wraps ``accepts_amount``: any amount is one of this product."""

    def accepts_amount(
        _service: object, original: Callable[[Asked, Bill], bool], asked: Asked, bill: Bill
    ) -> bool:
        chosen = bill.asked.product.code == code and asked.amount is not None
        return chosen or original(asked, bill)

    return accepts_amount


def _failing_of_another_amount(
    _service: object, original: Callable[[Order], None], order: Order
) -> None:
    asked = order.bill.asked
    right = {order.bill.sales_price, *(() if asked.product.needs_amount else (None,))}
    if asked.amount not in right:
        order.fate = Reason.AMOUNT
    original(order)


def _priced(factor: int) -> Wrapper:
    """Wraps ``listing``: the fixed prices, too."""

    def listing(
        _service: object,
        original: Callable[[str, Product], Document],
        code: str,
        product: Product,
    ) -> Document:
        listed = original(code, product)
        listed["attributes"]["price"] *= factor
        return listed

    return listing


def _fourteen(attributes: Attributes) -> None:
    attributes.update(admin_fee=0, client_name="", fulfillment_result=None, voucher_code="")


def _listed_fields(attributes: Attributes) -> None:
    if attributes["fields"] is None:
        attributes["fields"] = []


def _more(document: Document) -> None:
    document["links"] = {"self": "/v2"}


def _limits(attributes: Attributes) -> None:
    attributes.update(ref_id="", max_payment=0, min_payment=0, min_amount=0)


def _reported(document: Document) -> None:
    for one in document["errors"]:
        one.update(id="e-1", title="Error", meta={"retry": False})


def _twofold(document: Document) -> None:
    document["errors"].append({**document["errors"][0], "code": "P00", "detail": "Refused"})


def _signed_with_pkcs(
    service: TokopediaService, _original: object, _answer: Answer, body: bytes
) -> str:
    return base64.b64encode(service.own_key.sign(body, PKCS1v15(), SHA256())).decode("ascii")


def _oauth(answer: Answer) -> Answer:
    return replace(answer, document={"error": "invalid_token"})


def _statused(status: int, *reasons: Reason) -> Wrapper:
    """Wraps ``http_status``: another one for these reasons."""

    def http_status(_service: object, original: Callable[[Reason], int], reason: Reason) -> int:
        return status if reason in reasons else original(reason)

    return http_status


def _patience(looks: int | None, *, late: bool = False) -> Wrapper:
    """Wraps ``new_order``: orders are pending for so many looks; ``late`` takes time's effect."""

    def new_order(
        _service: object, original: Callable[[str, Bill], Order], order_id: str, bill: Bill
    ) -> Order:
        order = original(order_id, bill)
        if order.patience is not None:
            order.patience = looks
            order.settles_at += timedelta(days=1 if late else 0)
        return order

    return new_order


def _unpaid_yet(service: TokopediaService, _original: object, _order_id: str, bill: Bill) -> bool:
    return bill.sales_price <= service.deposit.balance


def _paid_at_the_end(
    service: TokopediaService, original: Callable[[Order], None], order: Order
) -> None:
    original(order)
    if order.state is State.SUCCESS:
        service.deposit.debit(order.id, order.bill.sales_price)


def _of_each_order(
    service: TokopediaService, original: Callable[..., Order], *reported: Any
) -> Order:
    """Serial numbers without an entry of their own differ from order to order."""
    order = original(*reported)
    product = order.bill.asked.product
    if not order.bill.serial_number and not product.tied("serial-number", "order"):
        order.bill = replace(order.bill, serial_number=f"SN{len(service.orders):08d}")
    return order


def _more_products(
    _service: object, original: Callable[[SandboxRequest], Document], request: SandboxRequest
) -> Document:
    document = original(request)
    if not request.query:
        document["data"].reverse()
        for code, status in (("25k-xl", 2), ("kta-bank-dbs", 3)):
            attributes = {
                "is_inquiry": False,
                "price": 24_913,
                "product_name": "",
                "status": status,
            }
            document["data"].append({"type": "product", "id": code, "attributes": attributes})
    return document


OTHER_BILLS = (
    variant("checkout-created", "A checkout is answered with HTTP 201.",
            finish=with_answer(lambda answer: replace(answer, status=201), ordered)),
    variant("indonesian-months", "Months are short for Indonesian names: Mei, Agu, Okt, Des.",
            bill_of=with_bill(in_indonesian)),
    variant("dearer", "Everything costs twice as much.",
            bill_of=with_bill(times(2)), listing=_priced(2)),
    variant("other-names", "Customers have names with an apostrophe and an ampersand.",
            bill_of=with_bill(with_names("TO** MA'*** & AN**", "TOKO MA'RUF & ANAK"))),
    variant("non-ascii-names", "Customers have names outside ASCII.",
            bill_of=with_bill(with_names("RENÉ Ş****", "RENÉ ŞAHÍN"))),
    variant("unmasked", "Names are clear in an inquiry.", bill_of=with_bill(unmasked)),
    variant("still-masked", "Names stay masked in an order.", bill_of=with_bill(still_masked)),
    variant("nameless", "client_name is empty in an order.",
            finish=with_values(fulfilled, client_name="")),
    variant("restyled", "Amounts have a blank behind Rp where the document has none.",
            bill_of=with_bill(restyled)),
    variant("no-penalties", "No one has a penalty.", bill_of=with_bill(without_penalty)),
    variant("kep-riau-denda-pkb", "SAMSAT KEP RIAU has a penalty of its tax.",
            bill_of=with_bill(with_denda_pkb, "samsat-kep-riau")),
    variant("medan-one-month", "PDAM Medan has the bill of one month.",
            bill_of=with_bill(medan_of("Januari 2023"), "pdam-sumatera-kota-medan")),
    variant("medan-three-months", "PDAM Medan has the bills of three months.",
            bill_of=with_bill(medan_of("November 2022", "Desember 2022", "Januari 2023"),
                              "pdam-sumatera-kota-medan")),
    variant("comet-two-months", "Comet has the bills of two months.",
            bill_of=with_bill(comet_of_two, "comet-internet")),
    variant("pln-one-month", "PLN postpaid has the bill of one month.",
            bill_of=with_bill(pln_of(1), "pln-postpaid-new")),
    variant("pln-two-months", "PLN postpaid has the bills of two months.",
            bill_of=with_bill(pln_of(2), "pln-postpaid-new")),
    variant("pln-three-months", "PLN postpaid has the bills of three months.",
            bill_of=with_bill(pln_of(3), "pln-postpaid-new")),
    variant("pln-short-meter", "STAND METER of PLN postpaid has five digits.",
            bill_of=with_bill(pln_short_meter, "pln-postpaid-new")),
    variant("indihome-two-months", "Indihome has the bills of two months.",
            bill_of=with_bill(indihome_of_two, "speedy-indihome")),
    variant("free-of-fee", "No bill has an admin fee.", bill_of=with_bill(free_of_fee)),
    variant("fee-of-others", "The admin fee is 1,750 rupiah higher.",
            bill_of=with_bill(with_fee_more(1_750))),
    variant("names-with-title", "Customers have a title behind a comma.",
            bill_of=with_bill(with_names("SIT* NUR******, S.E.", "SITI NURHALIZA, S.E."))),
    variant("masked-with-x", "Names are masked with X, and shortened.",
            bill_of=with_bill(with_names("TXX UXX", "TOKOPEDIA USER"))),
    variant("masked-whole", "Names are masked as a whole.",
            bill_of=with_bill(with_names("**************", "TOKOPEDIA USER"))),
    variant("nameless-at-inquiry", "client_name is empty in an inquiry.",
            finish=with_values(inquired, client_name="")),
    variant("plain-samsat", "The unified SAMSAT products write amounts without Rp.",
            bill_of=with_bill(without_rp, "samsat-jatim-new", "samsat-jateng-new")),
    variant("samsat-with-rp", "The unified SAMSAT products write amounts with Rp.",
            bill_of=with_bill(with_rp, "samsat-jatim-new", "samsat-jateng-new")),
    variant("corrected-spellings", "samsat-jateng spells Nomor Rangka in both lists.",
            write=with_body(lambda body: body.replace(b"Nomor Krangka", b"Nomor Rangka"),
                             about("samsat-jateng"))),
)  # fmt: skip

OTHER_FORMS = (
    variant("keys-backwards", "Fields stand in the opposite order.",
            write=_rewritten(lambda document: json.dumps(_backwards(document)))),
    variant("pretty", "Answers are written over several lines, without escapes.",
            write=_rewritten(
                lambda document: json.dumps(document, indent=4, ensure_ascii=False) + "\n")),
    variant("charset", "Content-Types have a charset.",
            content_type=always("application/json; charset=utf-8")),
    variant("vnd-api", "Answers but refusals are application/vnd.api+json.",
            content_type=lambda _service, original, answer: (
                original(answer) if refused(answer) else "application/vnd.api+json")),
    variant("links", "Documents have links beside data.",
            finish=with_document(_more, of(Kind.INQUIRY, Kind.CHECKOUT, Kind.STATUS,
                                           Kind.ACCOUNT, Kind.PRODUCTS))),
    variant("fourteen-keys", "Pending orders have fourteen keys.",
            finish=with_attributes(_fourteen, pending)),
    variant("empty-fields", "fields is an empty list where none were sent.",
            finish=with_attributes(_listed_fields, of(Kind.INQUIRY, Kind.CHECKOUT, Kind.STATUS))),
    variant("fields-not-repeated", "fields is null in the answer to a checkout.",
            finish=with_values(ordered, fields=None)),
    variant("inquiry-limits", "Inquiries have the optional limits that client libraries know.",
            finish=with_attributes(_limits, inquired)),
    variant("own-serial-numbers", "Every order has a serial number.", new_order=_of_each_order),
    variant("meter-number", "PLN prepaid has a meter number of its own.",
            finish=with_values(both(inquired, about("pln-prepaid-token-50k-sat-new")),
                               meter_id="528611111111")),
    variant("short-tokens", "Tokens live for a quarter of an hour.", token_seconds=always(900)),
    variant("token-bearer-lower", "token_type is bearer, and there are further members.",
            finish=with_document(
                lambda document: document.update(
                    token_type="bearer", event_code="", last_login_type="8", sq_check=False),  # noqa: S106 - a word
                of(Kind.TOKEN))),
    variant("more-products", "The product list has further products, and another order.",
            product_list=_more_products),
)  # fmt: skip

OTHER_WAYS = (
    variant("settles-at-once", "Orders are settled at the first look.", new_order=_patience(0)),
    variant("settles-late", "Orders are settled at the fifth look, or in a minute.",
            new_order=_patience(4)),
    variant("settles-by-looks", "Orders are settled at the ninth look, however late it is.",
            new_order=_patience(8, late=True)),
    variant("one-product-fails", "An order of topup-dana always fails: the product is sold out.",
            settle=failing("topup-dana")),
    variant("failed-of-fourteen-keys", "Failed orders have fourteen keys.",
            finish=with_attributes(_fourteen, failed)),
    variant("fulfilled-long-ago", "fulfilled_at is the moment of the document's example.",
            finish=with_values(fulfilled, fulfilled_at="2022-12-01T03:26:39Z")),
    variant("signed-with-pkcs", "The provider signs order details with PKCS#1 v1.5.",
            sign=_signed_with_pkcs),
    variant("two-errors", "A refusal has a second, general error.",
            finish=with_document(_twofold, refused)),
    variant("settles-by-time", "Orders are settled by time alone.", new_order=_patience(None)),
    variant("paid-at-the-end", "An order takes its money when it is fulfilled.",
            debit=_unpaid_yet, settle=_paid_at_the_end),
    variant("any-amount-of-kvision", "The customer chooses what to pay for kvision.",
            accepts_amount=_any_amount("kvision")),
    variant("other-amount-fails", "An order of a wrong amount is taken, and fails.",
            accepts_amount=always(True), settle=_failing_of_another_amount),  # noqa: FBT003 - what the method returns
    variant("refusals-reported", "Errors have the optional members of JSON:API.",
            finish=with_document(_reported, refused)),
    variant("unauthorized-oauth", "A request without a valid token is refused as OAuth2 does.",
            finish=with_answer(_oauth, because_of(Reason.AUTHORIZATION))),
    variant("unauthorized-403", "A request without a valid token is refused with HTTP 403.",
            http_status=_statused(403, Reason.AUTHORIZATION)),
    variant("signature-401", "A wrong signature is refused with HTTP 401.",
            http_status=_statused(401, Reason.SIGNATURE)),
    variant("malformed-422", "A body that is no document is refused with HTTP 422.",
            http_status=_statused(422, Reason.MALFORMED, Reason.MISSING, Reason.TYPE)),
)  # fmt: skip

VARIANTS: tuple[Variant, ...] = (
    *OTHER_BILLS, *OTHER_CUSTOMERS, *OTHER_FORMS, *OTHER_WAYS, *wire_variants("tokopedia"),
)  # fmt: skip
