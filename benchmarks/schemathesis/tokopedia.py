"""Tokopedia for a general tool: the service's addresses, and three of its seventy products.

A bill with an amount, a product without an inquiry, and one with a field of its own. The names and
formats of their result lists are those of ``schemas/tokopedia/products.json``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from benchmarks.schemathesis.description import (
    FRESH,
    PLACEHOLDER,
    Description,
    Operation,
    Recipe,
    Schema,
    Sign,
    Step,
    Value,
    both,
    const,
    one_of,
    record,
    ref,
)
from kontrak.config.paths import FIXTURES
from kontrak.config.target import load_target
from kontrak.providers.tokopedia.documents import inquiry_document, order_document
from kontrak.providers.tokopedia.formats import FORMATS, UNKNOWN
from kontrak.providers.tokopedia.product_clauses import clause_id
from kontrak.providers.tokopedia.products import Entry, products
from kontrak.providers.tokopedia.relations import LISTS
from kontrak.providers.tokopedia.settings import Offer, Settings

PRODUCTS = ("pln-postpaid-new", "50k-simpati", "mobile-legends-18-diamonds")
SHAPES = (
    "token", "ping", "account", "product-list", "inquiry", "order-pending", "order-success",
    "order-failed", "error",
)  # fmt: skip
KEY = FIXTURES / "tokopedia" / "keys" / "partner-private.pem"
BEARER, CLIENT = "bearer", "client"
REFERENCE: Schema = {"type": "string", "pattern": "^[A-Za-z0-9]+$", "maxLength": 64}
TEXT: Schema = {"type": "string", "minLength": 1}
WELL_FORMED = r"[A-Za-z0-9]+|\d+\.0"
ORDER = "/api/v2/order"


def describe() -> Description:
    """Token, ping, account, products; inquiry, checkout and order details of each product."""
    settings = Settings.of(load_target().provider("tokopedia", sandbox_url="http://embedded"))
    made = _Tokopedia(settings)
    others = [clause_id("tokopedia", code, "")[:-1] for code in products() if code not in PRODUCTS]
    return Description(
        "tokopedia",
        "Tokopedia B2B digital",
        SHAPES,
        tuple(made.operations()),
        dict(made.steps()),
        {
            BEARER: {"type": "http", "scheme": "bearer"},
            CLIENT: {"type": "http", "scheme": "basic"},
        },
        {
            CLIENT: {"username": settings.client_id, "password": settings.client_secret},
            BEARER: {"bearer": "${CONTROL_TOKEN}"},
        },
        {"Authorization": "Bearer ${CONTROL_TOKEN}"},
        f"({'|'.join(others)})-|_result-of-(?!({'|'.join(PRODUCTS)})~)",
    )


def client_credentials() -> tuple[str, str]:
    """The client's name and secret at the sandbox."""
    settings = Settings.of(load_target().provider("tokopedia", sandbox_url="http://embedded"))
    return settings.client_id, settings.client_secret


class _Tokopedia:
    def __init__(self, settings: Settings) -> None:
        self.offers = [settings.offers[code] for code in PRODUCTS]
        self.failing = settings.failing

    def operations(self) -> Iterator[Operation]:
        """What stands alone, then every product from its inquiry to its fulfilled order."""
        yield _token()
        yield _reading("ping", "/api/ping", "ping")
        yield _reading("account", "/api/v2/account", "account")
        yield self.product_list()
        for offer in self.offers:
            if offer.product.inquired:
                yield self.inquiry(offer)
            yield self.checkout(offer)
            yield self.details(f"fulfilled-{offer.code}", f"polled {offer.code}", _success(offer))
        yield self.details("pending", f"checkout {self.offers[0].code}", ref("order-success"))
        if self.failing:
            yield self.details("failed", "polled failing", ref("order-success"))

    def steps(self) -> Iterator[tuple[str, Step]]:
        """An inquiry and a checkout of each product, and a first look at the order."""
        for offer in self.offers:
            if offer.product.inquired:
                inquiry = Step("POST", "/api/v2/inquiry", inquiry_document(offer))
                yield f"inquiry {offer.code}", inquiry
            yield from _order_steps(offer, offer.code)
        if self.failing:
            yield from _order_steps(self.failing, "failing")

    def product_list(self) -> Operation:
        wanted = {"name": "product_code", "in": "query", "schema": one_of(PRODUCTS)}
        return _reading(
            "product-list", "/api/v2/product-list", "product-list", parameters=(wanted,)
        )

    def inquiry(self, offer: Offer) -> Operation:
        body = record(data=record(type=const("inquiry"), attributes=_asked(offer)))
        return Operation(
            name=f"inquiry-{offer.code}",
            path=f"/api/v2/inquiry#{offer.code}",
            body=body,
            example=inquiry_document(offer),
            ok=both(ref("inquiry"), _attributes(**_echoed(offer), **_list(offer, "inquiry"))),
            refusal=ref("error"),
            recipe=Recipe(put=_number(offer), well_formed=WELL_FORMED),
            security=BEARER,
        )

    def checkout(self, offer: Offer) -> Operation:
        members = {"type": const("order"), "id": REFERENCE, "attributes": _asked(offer, order=True)}
        signature = {"name": "Signature", "in": "header", "required": True}
        link = {"operationId": "pending", "parameters": {"id": "$response.body#/data/id"}}
        document = order_document(offer, "testorder196", 936246)
        return Operation(
            name=f"checkout-{offer.code}",
            path=f"{ORDER}#{offer.code}",
            body=record(data=record(**members)),
            example=document,
            parameters=({**signature, "schema": one_of([PLACEHOLDER])},),
            ok=both(ref("order-pending"), _attributes(**_echoed(offer))),
            refusal=ref("error"),
            recipe=Recipe(
                steps=_before(offer), put=_put(offer), well_formed=WELL_FORMED, sign=_SIGN
            ),
            security=BEARER,
            links={"details": link},
        )

    def details(self, name: str, last: str, success: Schema) -> Operation:
        """Order details after some steps; they are signed, whatever they say."""
        named = {"name": "id", "in": "path", "required": True, "schema": REFERENCE}
        code = last.partition(" ")[2]
        inquired = (f"inquiry {code}",) if f"inquiry {code}" in dict(self.steps()) else ()
        checkout = f"checkout {code}"
        return Operation(
            name=name,
            method="get",
            path=f"{ORDER}/{{id}}#{name}",
            parameters=(named,),
            ok={
                "if": _attributes(status=const("Success")),
                "then": success,
                "else": {"anyOf": [ref("order-pending"), ref("order-failed")]},
            },
            refusal=ref("error"),
            reply_headers={"Signature": {"type": "string", "pattern": "^[A-Za-z0-9+/]+=*$"}},
            recipe=Recipe(
                steps=(*inquired, *dict.fromkeys((checkout, last))),
                put={"path:id": Value(checkout, "/data/id")},
                well_formed=WELL_FORMED,
            ),
            security=BEARER,
        )


_SIGN = Sign("rsa", "Signature", (str(KEY),))


def _token() -> Operation:
    return Operation(
        name="token",
        path="/token",
        body=record(grant_type=const("client_credentials")),
        example={"grant_type": "client_credentials"},
        request_type="application/x-www-form-urlencoded",
        ok=ref("token"),
        recipe=Recipe(),
        security=CLIENT,
    )


def _reading(name: str, path: str, shape: str, **more: Any) -> Operation:
    return Operation(
        name=name, method="get", path=path, ok=ref(shape), recipe=Recipe(), security=BEARER, **more
    )


def _before(offer: Offer) -> tuple[str, ...]:
    return (f"inquiry {offer.code}",) if offer.product.inquired else ()


def _put(offer: Offer) -> dict[str, Value]:
    """A fresh id, and the price that the inquiry reported where the checkout sends one."""
    put = {"body:/data/id": FRESH, **_number(offer)}
    if offer.product.amount:
        stated = Value(f"inquiry {offer.code}", "/data/attributes/sales_price")
        put["body:/data/attributes/amount"] = stated
    return put


def _number(offer: Offer) -> dict[str, Value]:
    """The customer of the offer: any number may be a customer's, and this one's bill is known."""
    attributes = "body:/data/attributes"
    put = {f"{attributes}/client_number": Value("given", offer.number)}
    for place, (_, value) in enumerate(offer.fields):
        put[f"{attributes}/fields/{place}/value"] = Value("given", value)
    return put


def _order_steps(offer: Offer, name: str) -> Iterator[tuple[str, Step]]:
    document = order_document(offer, "", 0)
    yield f"checkout {name}", Step("POST", ORDER, document, _put(offer), _SIGN)
    at = {"path:id": Value(f"checkout {name}", "/data/id")}
    yield f"polled {name}", Step("GET", f"{ORDER}/{{id}}", put=at)


def _asked(offer: Offer, *, order: bool = False) -> Schema:
    """The attributes of a request, held to the product and the number of the offer."""
    members: dict[str, Schema] = {
        "product_code": const(offer.code),
        "client_number": TEXT,
    }
    if order and offer.product.amount:
        members["amount"] = {"type": "integer", "minimum": 1}
    if offer.fields:
        named = record(name=one_of([name for name, _ in offer.fields]), value=TEXT)
        members["fields"] = {"type": "array", "items": named, "minItems": 1}
    return record(**members)


def _echoed(offer: Offer) -> dict[str, Schema]:
    # A product that is ordered without an inquiry may be ordered without a number.
    numbers = [offer.number] if offer.product.inquired else [offer.number, ""]
    return {"product_code": const(offer.code), "client_number": one_of(numbers)}


def _success(offer: Offer) -> Schema:
    return both(ref("order-success"), _attributes(**_echoed(offer), **_list(offer, "order")))


def _attributes(**members: Schema) -> Schema:
    """What holds of some attributes of a document, where it has them."""
    return {"properties": {"data": {"properties": {"attributes": {"properties": members}}}}}


def _list(offer: Offer, message: str) -> Mapping[str, Schema]:
    """The result list of a product: its names, each value in its format.

    The order of the list is left out: Schemathesis 4.32 takes prefixItems in a reply's schema for
    an invalid one.
    """
    entries = offer.product.lists.get(message, ())
    items = [record(name=one_of([one.name, *one.also]), value=_written(one)) for one in entries]
    named = [{"contains": {"properties": {"name": one["properties"]["name"]}}} for one in items]
    count = {"minItems": len(items), "maxItems": len(items)}
    return {LISTS[message]: {"items": {"anyOf": items}, "allOf": named, **count}} if items else {}


def _written(entry: Entry) -> Schema:
    kind = entry.format.removeprefix("list:")
    # A name may be masked or not, and free text is free.
    if kind in {UNKNOWN, "free", "masked"}:
        return {"type": "string"}
    pattern = f"^({FORMATS[kind]})(, ({FORMATS[kind]}))*$"
    return {"type": "string", "pattern": f"^$|{pattern}" if entry.may_be_empty else pattern}
