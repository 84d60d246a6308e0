"""What a target says of the R-ONE JSON interface, as typed values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from kontrak.config.target import ProviderTarget
from kontrak.errors import NotOffered

Kind = Literal["prepaid", "postpaid"]
SIGNATURE_STRING = "R-ONE|{mmid}|{product_code}|{customer_id}|{ref_1}|{pin}|{api_key}"
OPERATIONS = (
    "price",
    "product-categories",
    "products",
    "topup",
    "inquiry",
    "payment",
    "status",
    "history/ref_1",
    "history",
    "balance",
    "mutations",
)


@dataclass(frozen=True, slots=True)
class Partner:
    """Who asks. ``signs``: its requests have the header sign in place of rqid."""

    mmid: str = field(repr=False)
    api_key: str = field(repr=False)
    pin: str = field(repr=False)
    signs: bool


@dataclass(frozen=True, slots=True)
class Numbers:
    """A product and the customer numbers that the target file names for it."""

    kind: Kind
    configured: Mapping[str, str]

    def get(self, name: str) -> str:
        """A product or number by name; ``NotOffered`` when the target file does not name it."""
        if name not in self.configured:
            raise NotOffered(
                f"the target names no {name} for {self.kind}",
                hint=f"give it in the target: [rqid.{self.kind}] {name} = ...",
            )
        return self.configured[name]


@dataclass(frozen=True, slots=True)
class Settings:
    """The ``[rqid]`` table of a target."""

    base_url: str
    control_url: str | None
    control_token: str | None = field(repr=False)
    partner: Partner
    other: Partner | None
    signature_string: str
    settle_seconds: int | None
    operations: frozenset[str]
    numbers: Mapping[Kind, Numbers]

    @classmethod
    def of(cls, target: ProviderTarget) -> Settings:
        """Read a checked target table."""
        options = target.options
        return cls(
            base_url=options["base_url"].rstrip("/"),
            control_url=options.get("control_url"),
            control_token=options.get("control_token"),
            partner=_partner(options, "", signs=options.get("signature") == "sha1"),
            other=_partner(options, "signed_", signs=True) if "signed_mmid" in options else None,
            signature_string=options.get("signature_string", SIGNATURE_STRING),
            settle_seconds=options.get("settle_seconds"),
            operations=frozenset(options.get("operations", OPERATIONS)),
            numbers={
                "prepaid": Numbers("prepaid", options["prepaid"]),
                "postpaid": Numbers("postpaid", options.get("postpaid", {})),
            },
        )


def _partner(options: Mapping[str, Any], prefix: str, *, signs: bool) -> Partner:
    return Partner(
        mmid=options[f"{prefix}mmid"],
        api_key=options[f"{prefix}api_key"],
        pin=options.get(f"{prefix}pin", ""),
        signs=signs,
    )
