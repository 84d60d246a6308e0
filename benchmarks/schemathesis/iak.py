"""IAK for a general tool: every command in JSON. XML, which it cannot read, is left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

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
    record,
    ref,
    shape,
)
from kontrak.clauses.response_codes import Outcome, response_codes
from kontrak.config.target import load_target
from kontrak.providers.iak.client import PATH
from kontrak.providers.iak.settings import Case, Settings

BALANCE_PATH = "/api/check-balance"
REPORTED = "/data/response_code"
CONFLICT = ("01", "11", "34")
SHAPES = ("inquiry-json", "payment-json", "checkstatus-json", "balance-json", "failure-json")
TR_ID = {"body:/tr_id": Value("inquiry", "/data/tr_id", text=True)}
DIGITS: Schema = {"type": "string", "pattern": "^[0-9]+$"}
TEXT: Schema = {"type": "string", "minLength": 1}
SIGNED: Schema = one_of([PLACEHOLDER])


def describe() -> Description:
    """Every command, and what each documented test case leads to."""
    settings = Settings.of(load_target().provider("iak", sandbox_url="http://embedded"))
    iak = _Iak(settings)
    return Description(
        "iak",
        "IAK postpaid",
        SHAPES,
        tuple(iak.operations()),
        dict(iak.steps()),
        left_out="(?i)xml",
    )


class _Iak:
    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.cases = tuple(settings.cases.values())
        self.paid = [one for one in self.cases if not one.rc and not one.payment_rc]

    def operations(self) -> Iterator[Operation]:
        """The right requests first, then the test cases that are refused."""
        yield self.inquiry("inquiry", self.paid, ("00",), ref("inquiry-json"))
        yield self.payment("payment", ("inquiry",), ("00",), ref("payment-json"))
        yield self.status()
        yield self.balance()
        for case in self.cases:
            name = case.name.replace("_", "-")
            if case.rc:
                codes = (*case.rc, *case.also)
                yield self.inquiry(name, [case], codes, _refused_for(codes))
            elif case.payment_rc:
                codes = (*case.payment_rc, *case.payment_also)
                yield self.payment(name, (f"inquiry {name}",), codes, _refused_for(codes))

    def steps(self) -> Iterator[tuple[str, Step]]:
        """The inquiries that payments need, and the payment that a status needs."""
        yield "inquiry", self.inquiry_step(self.paid[0])
        body = {**self.common("pay-pasca"), "tr_id": ""}
        yield "payment", Step("POST", PATH, body, TR_ID, self.sign("/tr_id"))
        for case in self.cases:
            if case.payment_rc:
                yield f"inquiry {case.name.replace('_', '-')}", self.inquiry_step(case)

    def common(self, command: str) -> dict[str, str]:
        return {
            "commands": command,
            "username": self.settings.username,
            "sign": PLACEHOLDER,
        }

    def inquiry_fields(self, case: Case) -> dict[str, str]:
        asked = {"code": self.settings.product, "hp": case.number, "ref_id": "09128374655"}
        return {**self.common("inq-pasca"), **asked}

    def inquiry_step(self, case: Case) -> Step:
        body = self.inquiry_fields(case)
        return Step("POST", PATH, body, {"body:/ref_id": FRESH}, self.sign("/ref_id"))

    def sign(self, salt: str) -> Sign:
        return Sign("md5", "/sign", (self.settings.username, self.settings.api_key, salt))

    def recipe(self, salt: str, accepted: Sequence[str] = ("00",)) -> Recipe:
        return Recipe(
            sign=self.sign(salt), reported_at=REPORTED, accepted=tuple(accepted), conflict=CONFLICT
        )

    def inquiry(
        self, name: str, cases: Sequence[Case], codes: Sequence[str], ok: Schema
    ) -> Operation:
        body = narrowed(
            shape("iak", "inquiry-request"),
            username=const(self.settings.username),
            code=const(self.settings.product),
            hp=one_of([case.number for case in cases]),
            sign=SIGNED,
        )
        recipe = replace(
            self.recipe("/ref_id", codes), put={"body:/ref_id": FRESH}, well_formed="[0-9A-Za-z]+"
        )
        pay = {"operationId": "payment", "requestBody": {"tr_id": "$response.body#/data/tr_id"}}
        return Operation(
            name=name,
            path=f"{PATH}#{name}",
            body=body,
            example=self.inquiry_fields(cases[0]),
            ok=ok,
            refusal=_refusal(),
            recipe=recipe,
            links={"pay": pay} if name == "inquiry" else {},
        )

    def payment(
        self, name: str, steps: tuple[str, ...], codes: Sequence[str], ok: Schema
    ) -> Operation:
        body = record(
            commands=const("pay-pasca"),
            username=const(self.settings.username),
            tr_id=DIGITS,
            sign=SIGNED,
        )
        at = {"body:/tr_id": Value(steps[-1], "/data/tr_id", text=True)}
        status = {
            "operationId": "checkstatus",
            "requestBody": {"ref_id": "$response.body#/data/ref_id"},
        }
        return Operation(
            name=name,
            path=f"{PATH}#{name}",
            body=body,
            example={**self.common("pay-pasca"), "tr_id": "9732792"},
            ok=ok,
            refusal=_refusal(),
            recipe=replace(self.recipe("/tr_id", codes), steps=steps, put=at, well_formed="[0-9]+"),
            links={"status": status} if name == "payment" else {},
        )

    def status(self) -> Operation:
        body = record(
            commands=const("checkstatus"),
            username=const(self.settings.username),
            ref_id=shape("iak", "inquiry-request")["properties"]["ref_id"],
            sign=SIGNED,
        )
        at = {"body:/ref_id": Value("payment", "/data/ref_id")}
        return Operation(
            name="checkstatus",
            path=f"{PATH}#checkstatus",
            body=body,
            example={**self.common("checkstatus"), "ref_id": "09128374655"},
            ok=ref("checkstatus-json"),
            refusal=_refusal(),
            recipe=replace(
                self.recipe("cs"),
                steps=("inquiry", "payment"),
                put=at,
                well_formed="[0-9A-Za-z]+",
            ),
        )

    def balance(self) -> Operation:
        body = record(username=const(self.settings.username), sign=SIGNED)
        return Operation(
            name="check-balance",
            path=BALANCE_PATH,
            body=body,
            example={"username": self.settings.username, "sign": PLACEHOLDER},
            ok=ref("balance-json"),
            refusal=record(data=record(rc=TEXT, message=TEXT)),
            recipe=replace(self.recipe("bl"), reported_at="/data/rc"),
        )


def _refused_for(codes: Sequence[str]) -> Schema:
    reason = {"properties": {"data": {"properties": {"response_code": one_of(codes)}}}}
    return both(ref("failure-json"), reason)


def _refusal() -> Schema:
    """A refusal, whose code is one of the table."""
    table = response_codes("iak").values()
    return _refused_for([one.rc for one in table if one.outcome is not Outcome.SUCCESS])
