"""Digiswitch for a general tool: three of its thirteen products, paid, failing and pending."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
    narrowed,
    one_of,
    ref,
    shape,
)
from kontrak.clauses.response_codes import Outcome, response_codes
from kontrak.config.target import load_target
from kontrak.providers.digiswitch.settings import PATH, Product, Settings

PRODUCTS = ("pln", "hp", "samsat")
SHAPES = ("payment", *PRODUCTS, "inquiry", "unpaid", "status", "refusal")
UNPAID = {"payment_failed": Outcome.FAILED, "pending_success": Outcome.PENDING}
REFUSED_REQUEST = {"40", "41", "42", "43", "49", "50"}
"""What is wrong with a request; the other failures are what became of a transaction."""
WORDS = {Outcome.SUCCESS: "Sukses", Outcome.FAILED: "Gagal", Outcome.PENDING: "Pending"}


def describe() -> Description:
    """Inquiry and payment of each product; the status and what goes wrong of the first."""
    settings = Settings.of(load_target().provider("digiswitch", sandbox_url="http://embedded"))
    made = _Digiswitch(settings)
    return Description(
        "digiswitch",
        "Digiswitch Mitra Pintar postpaid",
        SHAPES,
        tuple(made.operations()),
        dict(made.steps()),
        left_out=f"(?i)\\b({'|'.join(set(settings.products) - set(PRODUCTS))})\\b",
    )


class _Digiswitch:
    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.products = [settings.products[key] for key in PRODUCTS]
        self.usual = self.products[0]

    def operations(self) -> Iterator[Operation]:
        """The products in order, then the status and the test cases that are not paid."""
        bill = _reported(ref("inquiry"), Outcome.SUCCESS)
        for product in self.products:
            yield self.inquiry(product, "success", Outcome.SUCCESS, bill)
            paid = _reported(ref(product.key), Outcome.SUCCESS)
            yield self.after_inquiry("pay-pasca", product, "success", Outcome.SUCCESS, paid)
        status = _reported(ref("status"), Outcome.SUCCESS)
        yield self.after_inquiry("status-pasca", self.usual, "success", Outcome.SUCCESS, status)
        for case, outcome in UNPAID.items():
            unpaid = _reported(ref("unpaid"), outcome)
            yield self.after_inquiry("pay-pasca", self.usual, case, outcome, unpaid)
        unknown = _reported(ref("refusal"), Outcome.FAILED)
        yield self.inquiry(self.usual, "inquiry_failed", Outcome.FAILED, unknown)

    def steps(self) -> Iterator[tuple[str, Step]]:
        """The inquiry of every bill, and the payment that the status needs."""
        for product in self.products:
            yield f"inquiry {product.key} success", self.inquiry_step(product, "success")
        for case in UNPAID:
            yield f"inquiry {self.usual.key} {case}", self.inquiry_step(self.usual, case)
        bill = f"inquiry {self.usual.key} success"
        body = self.fields("pay-pasca", self.usual, "success")
        at = {"body:/ref_id": Value(bill, "/data/ref_id")}
        yield "payment", Step("POST", PATH, body, at, self.sign)

    @property
    def sign(self) -> Sign:
        """The same for every command."""
        return Sign("md5", "/sign", (self.settings.username, self.settings.api_key, "/ref_id"))

    def fields(self, command: str, product: Product, case: str) -> dict[str, Any]:
        return {
            "command": command,
            "username": self.settings.username,
            "code": product.code,
            "customer_no": product.number(case),
            "ref_id": "ref1",
            "sign": PLACEHOLDER,
        }

    def inquiry_step(self, product: Product, case: str) -> Step:
        body = self.fields("inq-pasca", product, case)
        return Step("POST", PATH, body, {"body:/ref_id": FRESH}, self.sign)

    def body(self, command: str, product: Product, numbers: Sequence[str]) -> Schema:
        named = "samsat-request" if product.key == "samsat" else "payment-request"
        return narrowed(
            shape("digiswitch", named),
            command=const(command),
            username=const(self.settings.username),
            code=const(product.code),
            customer_no=one_of(numbers),
            sign=one_of([PLACEHOLDER]),
        )

    def inquiry(self, product: Product, case: str, outcome: Outcome, ok: Schema) -> Operation:
        name = f"inq-pasca-{product.key}-{case}"
        pay = {
            "operationId": f"pay-pasca-{product.key}-success",
            "requestBody": {"ref_id": "$response.body#/data/ref_id"},
        }
        return Operation(
            name=name,
            path=f"{PATH}#{name}",
            body=self.body("inq-pasca", product, [product.number(case)]),
            example=self.fields("inq-pasca", product, case),
            ok=ok,
            refusal=_refusal(),
            recipe=self.recipe({"body:/ref_id": FRESH}, (), outcome),
            links={"pay": pay} if case == "success" else {},
        )

    def after_inquiry(
        self, command: str, product: Product, case: str, outcome: Outcome, ok: Schema
    ) -> Operation:
        """A payment, or the status of one."""
        bill = f"inquiry {product.key} {case}"
        steps = (bill, "payment") if command == "status-pasca" else (bill,)
        name = f"{command}-{product.key}-{case}"
        return Operation(
            name=name,
            path=f"{PATH}#{name}",
            status="2XX",
            body=self.body(command, product, [product.number(case)]),
            example=self.fields(command, product, case),
            ok=ok,
            refusal=_refusal(),
            recipe=self.recipe({"body:/ref_id": Value(bill, "/data/ref_id")}, steps, outcome),
        )

    def recipe(self, at: dict[str, Value], steps: tuple[str, ...], outcome: Outcome) -> Recipe:
        return Recipe(
            steps=steps,
            put=at,
            sign=self.sign,
            reported_at="/data/rc",
            accepted=tuple(_ends(outcome)),
            conflict=("49",),
        )


def _codes(outcome: Outcome) -> list[str]:
    return [one.rc for one in response_codes("digiswitch").values() if one.outcome is outcome]


def _ends(outcome: Outcome) -> list[str]:
    """The codes by which a transaction that was carried out ends so."""
    return [rc for rc in _codes(outcome) if rc not in REFUSED_REQUEST]


def _reported(ok: Schema, outcome: Outcome) -> Schema:
    """A reply whose status and code say this outcome."""
    reported = {"status": const(WORDS[outcome]), "rc": one_of(_ends(outcome))}
    return both(ok, {"properties": {"data": {"properties": reported}}})


def _refusal() -> Schema:
    codes = [*_codes(Outcome.FAILED), *_codes(Outcome.PENDING)]
    return both(ref("refusal"), {"properties": {"data": {"properties": {"rc": one_of(codes)}}}})
