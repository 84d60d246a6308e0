"""What a target says of the R-ONE HTTP-GET interface, as typed values."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

from kontrak.clauses.text_template import Template
from kontrak.config.paths import SCHEMAS
from kontrak.config.target import ProviderTarget
from kontrak.errors import NotOffered

SIGNATURE_STRING = "R-ONE|{memberID}|{product}|{dest}|{refID}|{pin}|{password}"
Side = Literal["none", "dest", "product"]

FAMILIES: Mapping[str, Side] = {
    "pln_postpaid": "none",
    "pln_nontaglis": "none",
    "pdam": "none",
    "bpjs_kesehatan": "dest",
    "bpjs_ketenagakerjaan": "none",
    "indihome": "none",
    "hp_postpaid": "none",
    "tv": "none",
    "multifinance": "none",
    "pgn": "none",
    "pertagas": "none",
    "vehicle_tax": "dest",
    "property_tax": "product",
    "credit_card": "product",
}
"""The document's fourteen bill families in its order, and where their @ part stands."""


@dataclass(frozen=True, slots=True)
class Partner:
    """Who asks. ``signs``: its requests have sign in place of pin and password."""

    member_id: str = field(repr=False)
    pin: str = field(repr=False)
    password: str = field(repr=False)
    signs: bool


@dataclass(frozen=True, slots=True)
class Family:
    """A bill family, or the topup: its product and the customer numbers of the target file."""

    key: str
    configured: Mapping[str, Any]

    @property
    def side(self) -> Side:
        """Where the @ part stands."""
        return FAMILIES.get(self.key, "none")

    def get(self, name: str) -> str:
        """A product or number by name; ``NotOffered`` when the target file does not name it."""
        if name not in self.configured:
            raise NotOffered(
                f"the target names no {name} for {self.key}",
                hint=f"give it in the target: {self._place} {name} = ...",
            )
        return str(self.configured[name])

    def product(self, name: str = "product", part: str | None = None) -> str:
        """The product parameter, with its @ part where it belongs there."""
        return self._with_part(self.get(name), "product", part)

    def dest(self, name: str = "success", part: str | None = None) -> str:
        """The dest parameter of a number, with its @ part where it belongs there."""
        return self._with_part(self.get(name), "dest", part)

    def _with_part(self, value: str, side: Side, part: str | None) -> str:
        if self.side != side:
            return value
        part = self.get("part") if part is None else part
        return f"{value}@{part}" if part else value

    @property
    def _place(self) -> str:
        return "[httpget.topup]" if self.key == "topup" else f"[httpget.bills] {self.key}:"


@dataclass(frozen=True, slots=True)
class Settings:
    """The ``[httpget]`` table of a target. ``templates`` are the texts of success by name."""

    base_url: str
    control_url: str | None
    control_token: str | None = field(repr=False)
    partner: Partner
    other: Partner | None
    signature_string: str
    settle_seconds: int | None
    is_live: bool
    topup: Family
    most_rupiah: int
    bills: Mapping[str, Family]
    templates: Mapping[str, Template]
    texts: Mapping[str, Template]

    @classmethod
    def of(cls, target: ProviderTarget) -> Settings:
        """Read a checked target table. Raises ``ConfigurationError`` for an unusable template."""
        options = target.options
        topup = options.get("topup", {})
        return cls(
            base_url=options["base_url"].rstrip("/"),
            control_url=options.get("control_url"),
            control_token=options.get("control_token"),
            partner=_partner(options, "", signs=options.get("signature") == "sha1"),
            other=_partner(options, "signed_", signs=True)
            if "signed_member_id" in options
            else None,
            signature_string=options.get("signature_string", SIGNATURE_STRING),
            settle_seconds=options.get("settle_seconds"),
            is_live=target.is_live,
            topup=Family("topup", topup),
            most_rupiah=topup.get("most_rupiah", 0),
            bills={
                key: Family(key, options["bills"][key])
                for key in FAMILIES
                if key in options.get("bills", {})
            },
            templates={**documented_templates(), **_templates(options.get("templates", {}))},
            texts=_templates(options.get("texts", {})),
        )


@cache
def documented_templates() -> dict[str, Template]:
    """The templates of ``schemas/httpget/templates.toml`` by name."""
    path = SCHEMAS / "httpget" / "templates.toml"
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    return {name: Template(row["text"]) for name, row in data.items()}


def _templates(texts: Mapping[str, str]) -> dict[str, Template]:
    return {name: Template(text) for name, text in texts.items()}


def _partner(options: Mapping[str, Any], prefix: str, *, signs: bool) -> Partner:
    return Partner(
        member_id=options[f"{prefix}member_id"],
        pin=options[f"{prefix}pin"],
        password=options[f"{prefix}password"],
        signs=signs,
    )
