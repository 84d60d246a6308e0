"""What a target says of Digiswitch, as typed values; the family's test numbers fill the gaps."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from kontrak.config.paths import FIXTURES
from kontrak.config.target import ProviderTarget
from kontrak.errors import NotOffered

PATH = "/v1/user/api/transaction"
PRODUCTS = (
    "pln",
    "pdam",
    "hp",
    "internet",
    "bpjs",
    "multifinance",
    "pbb",
    "pgas",
    "tv",
    "plnnontaglis",
    "emoney",
    "samsat",
    "kirimuang",
)
"""The shapes of the document, in its order; each has a schema of this name."""
CASES = (
    "success",
    "two_bills",
    "inquiry_failed",
    "payment_failed",
    "pending_success",
    "pending_failed",
)
"""What a customer number may lead to (``fixtures/digiswitch/test_cases.toml``)."""


@dataclass(frozen=True, slots=True)
class Product:
    """One product: ``key`` names its shape, ``code`` is what is sent, ``numbers`` are by case."""

    key: str
    code: str
    numbers: Mapping[str, str]

    def number(self, case: str) -> str:
        """The customer number of a case; ``NotOffered`` where the target has none."""
        found = self.numbers.get(case)
        if found is None:
            raise NotOffered(
                f"the target has no customer number for {case} of {self.key}",
                hint=f"give one in the target: [digiswitch.products.{self.key}] {case} = ...",
            )
        return found


@dataclass(frozen=True, slots=True)
class Settings:
    """The ``[digiswitch]`` table of a target."""

    url: str
    username: str = field(repr=False)
    api_key: str = field(repr=False)
    testing: bool
    operations: frozenset[str]
    payment_ref_id: Literal["inquiry", "own"]
    products: Mapping[str, Product]
    control_url: str | None
    control_token: str | None = field(repr=False)

    @classmethod
    def of(cls, target: ProviderTarget) -> Settings:
        """Read a checked target table."""
        options = target.options
        reported = options.get("products", dict.fromkeys(PRODUCTS, True))
        known = _documented()
        every_operation = ("inq-pasca", "pay-pasca", "status-pasca")
        return cls(
            url=options.get("transaction_url", options["base_url"].rstrip("/") + PATH),
            username=options["username"],
            api_key=options["api_key"],
            testing=options.get("testing", False),
            operations=frozenset(options.get("operations", every_operation)),
            payment_ref_id=options.get("payment_ref_id", "inquiry"),
            products={
                key: _adjusted(known[key], reported[key])
                for key in PRODUCTS
                if reported.get(key, False)
            },
            control_url=options.get("control_url"),
            control_token=options.get("control_token"),
        )


def _documented() -> dict[str, Product]:
    path = FIXTURES / "digiswitch" / "test_cases.toml"
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    return {
        key: Product(key, row["code"], {case: row[case] for case in CASES if case in row})
        for key, row in data["product"].items()
    }


def _adjusted(product: Product, reported: Any) -> Product:
    if reported is True:
        return product
    numbers = {**product.numbers, **{case: reported[case] for case in CASES if case in reported}}
    offered = {case: number for case, number in numbers.items() if number is not False}
    return Product(product.key, reported.get("code", product.code), offered)
