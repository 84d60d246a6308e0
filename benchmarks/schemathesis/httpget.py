"""The R-ONE HTTP-GET interface for a general tool: texts, whose templates become patterns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
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
)
from kontrak.clauses.text_template import KINDS
from kontrak.config.target import load_target
from kontrak.providers.httpget.settings import Family, Settings

PATH = "/V1/http-get"
TEXT_TYPE = "text/*"
BILLS = ("pln_postpaid", "bpjs_kesehatan")
REFERENCE: Schema = {"type": "string", "pattern": "^[A-Za-z0-9_-]+$", "maxLength": 64}
Query = Mapping[str, str]


def describe() -> Description:
    """Topup, two bill families (one with an @ part), status and balance."""
    settings = Settings.of(load_target().provider("httpget", sandbox_url="http://embedded"))
    made = _HttpGet(settings)
    others = "|".join(key.upper().replace("_", "-") for key in settings.bills if key not in BILLS)
    return Description(
        "httpget",
        "R-ONE HTTP-GET API",
        (),
        tuple(made.operations()),
        dict(made.steps()),
        left_out=f"HTTPGET-(SIGN|{others})",
    )


class _HttpGet:
    def __init__(self, settings: Settings) -> None:
        partner = settings.partner
        self.templates = settings.templates
        self.texts = settings.texts
        self.who = {
            "memberID": partner.member_id,
            "pin": partner.pin,
            "password": partner.password,
        }
        topup = settings.topup
        self.credit = {"product": topup.product(), "dest": topup.dest(), "qty": "1"}
        self.bills = {key: _bill(settings.bills[key]) for key in BILLS}

    def operations(self) -> Iterator[Operation]:
        """The commands in the order of the document."""
        yield self.operation("trx", "trx", self.credit, FRESH)
        for key, bill in self.bills.items():
            yield self.operation(f"cek-{key}", "cek", {**bill, "jenis": "5"}, FRESH)
            paid = {**bill, "jenis": "6"}
            yield self.operation(f"bayar-{key}", "bayar", paid, FRESH, f"cek {key}")
        bought = {"product": self.credit["product"], "dest": self.credit["dest"], "cek": "1"}
        yield self.operation("status", "status", bought, FRESH, "trx")
        yield self.operation("balance", "balance", {}, None)

    def steps(self) -> Iterator[tuple[str, Step]]:
        """The bill that a payment pays, and the purchase whose status is asked."""
        yield "trx", self.step(self.credit)
        for key, bill in self.bills.items():
            yield f"cek {key}", self.step({**bill, "jenis": "5"})

    def step(self, query: Query) -> Step:
        return Step("GET", PATH, put={"query:refID": FRESH}, query={**query, **self.who})

    def operation(
        self, name: str, template: str, query: Query, ref: Value | None, *steps: str
    ) -> Operation:
        fixed = {**query, **self.who}
        parameters = [_parameter(key, const(value)) for key, value in fixed.items()]
        if ref is not None:
            parameters.append(_parameter("refID", REFERENCE))
        return Operation(
            name=name,
            method="get",
            path=f"{PATH}/balance" if name == "balance" else f"{PATH}#{name}",
            parameters=tuple(parameters),
            ok={"type": "string", "pattern": self.pattern(template, query)},
            refusal={"type": "string", "minLength": 1},
            reply_type=TEXT_TYPE,
            recipe=Recipe(
                steps=steps,
                put={} if ref is None else {"query:refID": ref},
                well_formed="[A-Za-z0-9_-]+",
                refused="GAGAL",
            ),
        )

    def pattern(self, name: str, query: Query) -> str:
        """The whole text of success, or of a purchase in process where the target file has it."""
        texts = [self.templates[name]]
        if name in {"trx", "bayar", "status"} and "pending" in self.texts:
            texts.append(self.texts["pending"])
        return "|".join(f"^{_expression(one.text, query)}$" for one in texts)


_FIELD = re.compile(r"\{([a-z_]+):([a-z-]+)\}")
_SPECIAL = re.compile(r"[.*+?^$()|\[\]\\{}]")


def _expression(text: str, query: Query) -> str:
    """A template as a regular expression, held to the product and customer that are asked for.

    What stands behind an @ may be left out of the text.
    """
    made, end = "", 0
    for field in _FIELD.finditer(text):
        made += _literally(text[end : field.start()])
        asked, _, part = query.get(field[1], "").partition("@")
        optional = f"(@{_literally(part)})?" if part else ""
        made += _literally(asked) + optional if asked else f"(?:{KINDS[field[2]].pattern})"
        end = field.end()
    return made + _literally(text[end:])


def _literally(text: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", text)


def _parameter(name: str, schema: Schema) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": True, "schema": schema}


def _bill(family: Family) -> Query:
    return {"product": family.product(), "dest": family.dest()}
