"""Faults that only requests of all kinds find: what is read too leniently, or too strictly."""

from __future__ import annotations

import json
from collections.abc import Callable

from kontrak.sandbox.changes import Fault, Wrapper
from kontrak.sandbox.http import SandboxRequest
from kontrak.sandbox.tokopedia.bills import Asked
from kontrak.sandbox.tokopedia.catalogue import Attributes, Product, products
from kontrak.sandbox.tokopedia.codes import Reason, Refusal
from kontrak.sandbox.tokopedia.interface import INQUIRY, Answer, Document
from kontrak.sandbox.tokopedia.making import fault
from kontrak.sandbox.tokopedia.orders import Order
from kontrak.sandbox.tokopedia.service import TokopediaService


def _unescaped(
    _service: object,
    original: Callable[[SandboxRequest, str], Answer],
    request: SandboxRequest,
    path: str,
) -> Answer:
    if path == INQUIRY and b"\\u" in request.body:
        raise Refusal(Reason.MALFORMED)
    return original(request, path)


def _stringified(kind: str) -> Wrapper:
    """Wraps ``asked``: a client_number of any type is written out."""

    def asked(
        _service: object,
        original: Callable[[str, Attributes], Asked],
        wanted: str,
        reported: Attributes,
    ) -> Asked:
        if wanted != kind or "client_number" not in reported:
            return original(wanted, reported)
        return original(wanted, {**reported, "client_number": str(reported["client_number"])})

    return asked


def _by_beginning(kind: str) -> Wrapper:
    """Wraps ``product_of``: a code with more behind it is the code."""

    def product_of(
        _service: object, original: Callable[[str, object], Product], wanted: str, code: object
    ) -> Product:
        if wanted == kind and isinstance(code, str):
            known = [one for one in products() if code.startswith(one)]
            return original(wanted, max(known, key=len, default=code))
        return original(wanted, code)

    return product_of


def _with_any_end(kind: str) -> Wrapper:
    """Wraps ``document``: what stands behind the document is not read."""

    def document(
        _service: object, original: Callable[[str, bytes], Document], wanted: str, body: bytes
    ) -> Document:
        if wanted != kind:
            return original(wanted, body)
        try:
            found, _ = json.JSONDecoder().raw_decode(body.decode())
        except ValueError as error:
            raise Refusal(Reason.MALFORMED) from error
        return original(wanted, json.dumps(found).encode())

    return document


def _named_anyway(_service: object, original: Callable[[Document], str], data: Document) -> str:
    return original({**data, "id": str(data["id"])} if data.get("id") is not None else data)


def _found_by_beginning(
    service: TokopediaService, original: Callable[[str], Order], order_id: str
) -> Order:
    known = [one for one in service.orders if one.startswith(order_id)]
    return original(known[0] if known else order_id)


FAULTS: tuple[Fault, ...] = (
    fault(
        "inquiry-escapes-refused", "GEN-INQUIRY-VALID",
        "An inquiry whose letters are written as escapes is refused.", perform=_unescaped,
    ),
    fault(
        "inquiry-number-of-any-type", "GEN-INQUIRY-TYPE",
        "An inquiry is answered whatever type its client_number has.",
        asked=_stringified("inquiry"),
    ),
    fault(
        "inquiry-product-by-beginning", "GEN-INQUIRY-PRODUCT",
        "An inquiry of a product code with anything behind it is answered.",
        product_of=_by_beginning("inquiry"),
    ),
    fault(
        "inquiry-with-any-end", "GEN-INQUIRY-JSON",
        "An inquiry is answered whatever stands behind its document.",
        document=_with_any_end("inquiry"),
    ),
    fault(
        "checkout-number-of-any-type", "GEN-CHECKOUT-TYPE",
        "A checkout buys whatever type its client_number has.", asked=_stringified("order"),
    ),
    fault(
        "checkout-product-by-beginning", "GEN-CHECKOUT-PRODUCT",
        "A checkout of a product code with anything behind it buys the product.",
        product_of=_by_beginning("order"),
    ),
    fault(
        "checkout-with-any-end", "GEN-CHECKOUT-JSON",
        "A checkout buys whatever stands behind its document.", document=_with_any_end("order"),
    ),
    fault(
        "checkout-id-of-any-type", "GEN-CHECKOUT-ID",
        "A checkout buys whatever type its data.id has.", order_id=_named_anyway,
    ),
    fault(
        "order-by-beginning", "GEN-ORDER-ID", "An order is found by the beginning of its id.",
        find=_found_by_beginning,
    ),
)  # fmt: skip
