"""What is documented of every product: its lists, its relations, and what its requests need.

The facts are ``schemas/tokopedia/products.json``, derived from the document's examples.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from kontrak.config.paths import SCHEMAS
from kontrak.providers.tokopedia.product_clauses import clause_id
from kontrak.providers.tokopedia.relations import LISTS, Relation


@dataclass(frozen=True, slots=True)
class Entry:
    """One documented entry of a list; see ``schemas/tokopedia/products.schema.json``."""

    name: str
    format: str
    name_format: str | None = None
    also: tuple[str, ...] = ()
    may_be_empty: bool = False
    optional: bool = False
    per_bill: bool = False


@dataclass(frozen=True, slots=True)
class Product:
    """One documented product. ``lists`` go by message, ``inquiry`` and ``order``.

    ``inquired`` tells whether an inquiry comes before the checkout, ``amount`` whether the checkout
    sends one, ``open_amount`` whether the inquiry does. ``never_blank`` tells that a note has
    optional entries left out, not empty, where they do not apply.
    """

    code: str
    inquired: bool
    inquiry_optional: bool
    amount: bool
    open_amount: bool
    downline: bool
    never_blank: bool
    lists: Mapping[str, tuple[Entry, ...]]
    relations: tuple[Relation, ...]

    def clause(self, what: str) -> str:
        """The id of one of the product's clauses, as in ``product.clause("AMOUNTS")``."""
        return clause_id("tokopedia", self.code, what)


@cache
def products() -> Mapping[str, Product]:
    """Every documented product by code, in the document's order."""
    text = (SCHEMAS / "tokopedia" / "products.json").read_text(encoding="utf-8")
    return {code: _product(code, told) for code, told in json.loads(text)["products"].items()}


def _product(code: str, told: Mapping[str, Any]) -> Product:
    return Product(
        code=code,
        inquired=told["inquiry"],
        inquiry_optional="inquiry_optional" in told["notes"],
        amount=told["amount"],
        open_amount=told["inquiry_amount"],
        downline=told["downline_id"],
        never_blank="entries_optional" in told["notes"],
        lists={
            message: tuple(_entry(one) for one in told[key])
            for message, key in LISTS.items()
            if told[key]
        },
        relations=tuple(Relation.from_json(one) for one in told["relations"]),
    )


def _entry(told: Mapping[str, Any]) -> Entry:
    return Entry(
        name=told["name"],
        format=told["format"],
        name_format=told.get("name_format"),
        also=tuple(told.get("also", ())),
        may_be_empty=told.get("may_be_empty", False),
        optional=told.get("optional", False),
        per_bill=told.get("per_bill", False),
    )
