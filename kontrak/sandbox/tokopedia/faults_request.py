"""Faults of what is accepted: right requests refused, and wrong ones answered."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

from kontrak.sandbox.changes import Fault, Wrapper
from kontrak.sandbox.http import SandboxRequest
from kontrak.sandbox.tokopedia.bills import Asked
from kontrak.sandbox.tokopedia.catalogue import Attributes, Product, products
from kontrak.sandbox.tokopedia.codes import Reason, Refusal
from kontrak.sandbox.tokopedia.interface import INQUIRY, ORDER, Answer, Document
from kontrak.sandbox.tokopedia.making import (
    about,
    both,
    fault,
    inquired,
    ordered,
    with_answer,
)
from kontrak.sandbox.tokopedia.service import TokopediaService

Perform = Callable[[SandboxRequest, str], Answer]
Refuses = Callable[[Document], bool]


def _refusing(path: str, wrong: Refuses) -> Wrapper:
    """Wraps ``perform``: a request at this path whose ``data`` is like this is refused."""

    def perform(_service: object, original: Perform, request: SandboxRequest, asked: str) -> Answer:
        if asked == path and request.method == "POST" and _matches(request.body, wrong):
            raise Refusal(Reason.MALFORMED)
        return original(request, asked)

    return perform


def _matches(body: bytes, wrong: Refuses) -> bool:
    try:
        return wrong(json.loads(body)["data"])
    except (ValueError, KeyError, TypeError):
        return False


def _has(name: str, *values: object) -> Refuses:
    """Whether an attribute of the request is one of these."""

    def wrong(data: Document) -> bool:
        attributes = data["attributes"]
        return name in attributes and attributes[name] in values

    return wrong


def _guessing(wanted: str, **values: str) -> Wrapper:
    """Wraps ``document``: a body that has no type gets a document of this type."""

    def document(
        _service: object, original: Callable[[str, bytes], Document], kind: str, body: bytes
    ) -> Document:
        try:
            return original(kind, body)
        except Refusal:
            if kind != wanted:
                raise
            return {"type": kind, "id": "guessed", "attributes": dict(values)}

    return document


Ask = Callable[[str, Attributes], Asked]


def _sold_anyway(kind: str) -> Wrapper:
    """Wraps ``asked``: another product takes the place of an unknown one."""

    def asked(_service: object, original: Ask, wanted: str, attributes: Attributes) -> Asked:
        code = attributes.get("product_code")
        if wanted != kind or not isinstance(code, str) or not code or code in products():
            return original(wanted, attributes)
        found = original(wanted, {**attributes, "product_code": "50k-simpati"})
        return replace(found, code=code)

    return asked


def _any_type(
    _service: object, original: Callable[[str, Document], None], wanted: str, data: Document
) -> None:
    if wanted != "inquiry":
        original(wanted, data)


Inquire = Callable[[SandboxRequest], Answer]


def _ordered_at_the_inquiry(
    service: TokopediaService, original: Inquire, request: SandboxRequest
) -> Answer:
    try:
        return original(request)
    except Refusal as refusal:
        if refusal.reason is Reason.TYPE:
            data = service.document("inquiry", request.body)
            service.open(service.order_id(data), service.asked("order", data["attributes"]))
        raise


def _charged_at_the_inquiry(
    service: TokopediaService, original: Inquire, request: SandboxRequest
) -> Answer:
    try:
        return original(request)
    except Refusal as refusal:
        if refusal.reason is Reason.TYPE:
            service.deposit.debit(f"inquiry {len(service.deposit.mutations)}", 100)
        raise


def _number_unneeded(_service: object, original: Ask, wanted: str, attributes: Attributes) -> Asked:
    code = attributes.get("product_code")
    known = products().get(code) if isinstance(code, str) else None
    if wanted != "inquiry" or attributes.get("client_number") or known is None:
        return original(wanted, attributes)
    return original(wanted, {**attributes, "client_number": known.request["client_number"]})


def _guessed(kind: str, code: str) -> Wrapper:
    """Wraps ``product_of``: a request of this type without product_code is about this product."""

    def product_of(
        _service: object,
        original: Callable[[str, object], Product],
        wanted: str,
        asked: object,
    ) -> Product:
        missing = asked is None or asked == ""
        return original(wanted, code if missing and wanted == kind else asked)

    return product_of


def _numbered(
    service: TokopediaService, original: Callable[[Document], str], data: Document
) -> str:
    try:
        return original(data)
    except Refusal:
        return f"own{len(service.orders)}"


INQUIRIES = (
    fault(
        "inquiry-created", "INQUIRY-ACCEPTED", "An inquiry is answered with HTTP 201.",
        finish=with_answer(lambda answer: replace(answer, status=201), inquired),
    ),
    fault(
        "inquiry-of-one-product-refused", "INQUIRY-ACCEPTED", "An inquiry of pgn is refused.",
        perform=_refusing(INQUIRY, _has("product_code", "pgn")),
    ),
    fault(
        "inquiry-with-id-refused", "INQUIRY-WITH-ID", "An inquiry with data.id is refused.",
        perform=_refusing(INQUIRY, lambda data: "id" in data),
    ),
    fault(
        "inquiry-amount-zero-refused", "INQUIRY-EMPTY-OPTIONS",
        "An inquiry with the amount 0 is refused.",
        perform=_refusing(INQUIRY, _has("amount", 0)),
    ),
    fault(
        "inquiry-fields-null-refused", "INQUIRY-EMPTY-OPTIONS",
        "An inquiry whose fields are null is refused.",
        perform=_refusing(
            INQUIRY,
            lambda data: _has("fields", None)(data) and not _has("amount", 300_000)(data),
        ),
    ),
    fault(
        "inquiry-fields-empty-refused", "INQUIRY-EMPTY-FIELDS",
        "An inquiry with an empty list of fields is refused.",
        perform=_refusing(INQUIRY, lambda data: data["attributes"].get("fields") == []),
    ),
    fault(
        "inquiry-attributes-first-refused", "INQUIRY-KEY-ORDER",
        "An inquiry whose attributes stand before its type is refused.",
        perform=_refusing(
            INQUIRY,
            lambda data: list(data).index("attributes") < list(data).index("type"),
        ),
    ),
    fault(
        "inquiry-unknown-product-answered", "INQUIRY-UNKNOWN-PRODUCT",
        "An inquiry of an unknown product is answered with the bill of another one.",
        also=("ERROR-UNKNOWN-PRODUCT", "GEN-INQUIRY-PRODUCT"),
        because="what is not refused has no code, and any text is such a product",
        asked=_sold_anyway("inquiry"),
    ),
    fault(
        "inquiry-without-product-answered", "INQUIRY-NO-PRODUCT",
        "An inquiry without product_code is answered with the bill of pasca-telkomsel.",
        also=("GEN-INQUIRY-TYPE",), because="null is refused alike",

        product_of=_guessed("inquiry", "pasca-telkomsel"),
    ),
    fault(
        "inquiry-without-number-answered", "INQUIRY-NO-NUMBER",
        "An inquiry without client_number is answered with someone's bill.",
        also=("GEN-INQUIRY-TYPE",), because="null is refused alike",

        asked=_number_unneeded,
    ),
    fault(
        "inquiry-malformed-answered", "INQUIRY-MALFORMED",
        "An inquiry that is no JSON document is answered with the bill of pasca-telkomsel.",
        also=("GEN-INQUIRY-JSON",), because="these are no document either",

        document=_guessing(
            "inquiry", product_code="pasca-telkomsel", client_number="081222308111"
        ),
    ),
    fault(
        "inquiry-of-type-order-answered", "INQUIRY-TYPE-ORDER",
        "An inquiry of any type is answered.",
        require_type=_any_type,
    ),
    fault(
        "inquiry-of-type-order-orders", "INQUIRY-TYPE-ORDER-FREE",
        "An inquiry of type order is refused, and ordered nevertheless.",
        inquire=_ordered_at_the_inquiry,
    ),
    fault(
        "inquiry-of-type-order-costs", "INQUIRY-TYPE-ORDER-FREE",
        "An inquiry of type order is refused, and takes 100 rupiah.",
        inquire=_charged_at_the_inquiry,
    ),
)  # fmt: skip

CHECKOUTS = (
    fault(
        "checkout-of-one-product-with-404", "CHECKOUT-ACCEPTED",
        "A checkout of topup-dana is answered with HTTP 404.",
        also=("CHECKOUT-TOTAL",), because="its money is taken all the same",
        finish=with_answer(
            lambda answer: replace(answer, status=404), both(ordered, about("topup-dana"))
        ),
    ),
    fault(
        "checkout-amount-zero-refused", "CHECKOUT-EMPTY-OPTIONS",
        "A checkout with the amount 0 is refused.",
        perform=_refusing(ORDER, _has("amount", 0)),
    ),
    fault(
        "checkout-request-id-refused", "CHECKOUT-EMPTY-OPTIONS",
        "A checkout with a request_id is refused.",
        perform=_refusing(ORDER, lambda data: "request_id" in data["attributes"]),
    ),
    fault(
        "checkout-unknown-product-sold", "CHECKOUT-UNKNOWN-PRODUCT",
        "A checkout of an unknown product buys another one.",
        also=("ERROR-UNKNOWN-PRODUCT", "GEN-CHECKOUT-PRODUCT"),
        because="what is not refused has no code, and any text is such a product",
        asked=_sold_anyway("order"),
    ),
    fault(
        "checkout-without-product-sold", "CHECKOUT-NO-PRODUCT",
        "A checkout without product_code buys 50k-simpati.",
        also=("GEN-CHECKOUT-TYPE",), because="null is refused alike",

        product_of=_guessed("order", "50k-simpati"),
    ),
    fault(
        "checkout-without-id-sold", "CHECKOUT-NO-ID",
        "A checkout without data.id gets an id of the provider's.",
        also=("GEN-CHECKOUT-ID",), because="null is refused alike",
        order_id=_numbered,
    ),
    fault(
        "checkout-malformed-sold", "CHECKOUT-MALFORMED",
        "A checkout that is no JSON document buys 50k-simpati.",
        also=("GEN-CHECKOUT-JSON",), because="these are no document either",

        document=_guessing("order", product_code="50k-simpati", client_number="081211311111"),
    ),
)  # fmt: skip

FAULTS: tuple[Fault, ...] = (*INQUIRIES, *CHECKOUTS)
