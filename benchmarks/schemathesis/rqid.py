"""The R-ONE JSON interface for a general tool: all eleven endpoints, known by the header rqid."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from benchmarks.schemathesis.description import (
    FRESH,
    Description,
    Operation,
    Recipe,
    Schema,
    Step,
    Value,
    const,
    one_of,
    record,
    ref,
)
from kontrak.config.target import load_target
from kontrak.providers.rqid.settings import Settings

SHAPES = (
    "price", "categories", "products", "topup", "inquiry", "payment", "status", "history",
    "history-page", "balance", "mutations",
)  # fmt: skip
ROOT = "/V1/api/"
SCHEME = "partner"
REFERENCE: Schema = {"type": "string", "pattern": "^[A-Za-z0-9_-]+$", "maxLength": 64}
DAY: Schema = {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
COUNT: Schema = {"type": "integer", "enum": [1, 10, 50]}
PAGE: Schema = {"type": "integer", "enum": [1, 2]}


def describe() -> Description:
    """Every endpoint with the numbers of the target that succeed."""
    settings = Settings.of(load_target().provider("rqid", sandbox_url="http://embedded"))
    made = _Rqid(settings)
    return Description(
        "rqid",
        "R-ONE JSON API",
        SHAPES,
        tuple(made.operations()),
        made.steps(),
        {SCHEME: {"type": "apiKey", "in": "header", "name": "rqid"}},
        {SCHEME: {"api_key": settings.partner.api_key}},
        {"rqid": settings.partner.api_key},
        left_out="RQID-(SIGN|BYREF-PRIVATE)",
    )


class _Rqid:
    def __init__(self, settings: Settings) -> None:
        self.mmid = settings.partner.mmid
        self.prepaid = settings.numbers["prepaid"]
        self.postpaid = settings.numbers["postpaid"]

    def operations(self) -> Iterator[Operation]:
        """The endpoints in the order of the document."""
        yield self.reading("price", "price", product_code=one_of(self.products))
        yield self.reading("product-categories", "categories")
        yield self.products_list()
        yield self.trade("topup", self.asked(self.prepaid.get("product"), self.customers))
        asked = self.asked(self.postpaid.get("product"), self.bills)
        yield self.trade("inquiry", asked)
        yield self.payment()
        yield self.status()
        yield self.by_reference()
        yield self.reading("history", "history", optional={"date": DAY, "per_page": COUNT})
        yield self.reading("history", "history-page", page=PAGE, optional={"per_page": COUNT})
        yield self.reading("balance", "balance")
        yield self.reading("mutations", "mutations", start_date=DAY, end_date=DAY)

    def steps(self) -> dict[str, Step]:
        """The bill that a payment pays, and the purchase that status and history know."""
        bill = {"product_code": self.postpaid.get("product"), "ref_1": ""}
        bill |= {"customer_id": self.postpaid.get("success"), "mmid": self.mmid}
        credit = {"product_code": self.prepaid.get("product"), "ref_1": ""}
        credit |= {"customer_id": self.prepaid.get("success"), "mmid": self.mmid}
        at = {"body:/ref_1": FRESH}
        return {
            "inquiry": Step("POST", f"{ROOT}inquiry", bill, at),
            "topup": Step("POST", f"{ROOT}topup", credit, at),
        }

    @property
    def products(self) -> list[str]:
        return [self.prepaid.get("product"), self.prepaid.get("other_product")]

    @property
    def customers(self) -> list[str]:
        return [self.prepaid.get("success"), self.prepaid.get("other")]

    @property
    def bills(self) -> list[str]:
        return [self.postpaid.get("success")]

    def asked(self, product: str, customers: list[str]) -> dict[str, Schema]:
        return {
            "product_code": const(product),
            "customer_id": one_of(customers),
            "ref_1": REFERENCE,
        }

    def operation(
        self, name: str, path: str, ok: str | Schema, body: Schema, **more: Any
    ) -> Operation:
        shape = ref(ok) if isinstance(ok, str) else ok
        if name in {"topup", "payment", "status"}:
            shape = _unless_in_process(shape)
        return Operation(name=name, path=path, body=body, ok=shape, security=SCHEME, **more)

    def body(self, members: dict[str, Schema], optional: dict[str, Schema] | None = None) -> Schema:
        mandatory = {"mmid": const(self.mmid), **members}
        return {**record(**mandatory), "properties": {**mandatory, **(optional or {})}}

    def reading(
        self, path: str, shape: str, *, optional: dict[str, Schema] | None = None, **members: Schema
    ) -> Operation:
        """An endpoint that needs nothing to exist."""
        body = self.body(members, optional)
        return self.operation(shape, f"{ROOT}{path}#{shape}", shape, body, recipe=_recipe({}))

    def products_list(self) -> Operation:
        filters = {
            "type": one_of(["PRABAYAR", "PASCABAYAR"]),
            "category": one_of(["PULSA"]),
            "per_page": COUNT,
            "page": PAGE,
        }
        example = {"mmid": self.mmid, "type": "PRABAYAR", "category": "PULSA"}
        return self.operation(
            "products", f"{ROOT}products", "products", self.body({}, filters),
            recipe=_recipe({}), example=example,
        )  # fmt: skip

    def trade(self, name: str, members: dict[str, Schema]) -> Operation:
        """Topup or inquiry, under a reference of its own."""
        following = {"topup": "status", "inquiry": "payment"}[name]
        link = {
            "operationId": following,
            "requestBody": {"ref_1": "$response.body#/data/ref_1"},
        }
        return self.operation(
            name, f"{ROOT}{name}", name, self.body(members),
            recipe=_recipe({"body:/ref_1": FRESH}), links={following: link},
        )  # fmt: skip

    def payment(self) -> Operation:
        members = self.asked(self.postpaid.get("product"), self.bills)
        at = {"body:/ref_1": Value("inquiry", "/data/ref_1")}
        return self.operation(
            "payment", f"{ROOT}payment", "payment", self.body(members),
            recipe=_recipe(at, ("inquiry",)),
        )  # fmt: skip

    def status(self) -> Operation:
        at = {"body:/ref_1": Value("topup", "/data/ref_1")}
        return self.operation(
            "status", f"{ROOT}status", "status", self.body({"ref_1": REFERENCE}),
            recipe=_recipe(at, ("topup",)),
        )  # fmt: skip

    def by_reference(self) -> Operation:
        named = {"name": "ref_1", "in": "path", "required": True, "schema": REFERENCE}
        at = {"path:ref_1": Value("topup", "/data/ref_1")}
        return self.operation(
            "history-by-reference", f"{ROOT}history/{{ref_1}}", _ONE, self.body({}),
            recipe=_recipe(at, ("topup",)), parameters=(named,),
        )  # fmt: skip


_RECORD = record(ref_1={"type": "string", "minLength": 1})
# The document shows no reply of the history of one reference: one record, or a list of it.
_ONE = record(
    status=const("success"),
    code=const(200),
    data={"anyOf": [_RECORD, {"type": "array", "items": _RECORD, "minItems": 1}]},
)


def _unless_in_process(success: Schema) -> Schema:
    """The shape of success where code or status say success; in process, only types are known."""
    returned = [{"properties": {"rc": const("00")}}, _data(status={"const": 1})]
    return {"if": {"anyOf": returned}, "then": success, "else": _data(status={"type": "integer"})}


def _data(**members: Schema) -> Schema:
    return {"properties": {"data": {"properties": members}}}


def _recipe(at: dict[str, Value], steps: tuple[str, ...] = ()) -> Recipe:
    return Recipe(
        steps=steps,
        put=at,
        well_formed="[A-Za-z0-9_-]+",
        reported_at="/status",
        accepted=("success",),
    )
