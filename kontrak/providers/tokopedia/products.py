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

    ``inquired`` is whether an inquiry comes before the checkout, ``amount`` whether the checkout
    sends one, ``open_amount`` whether the inquiry does. ``never_blank`` means that a note has
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
    return {code: _product(code, stated) for code, stated in json.loads(text)["products"].items()}


def _product(code: str, stated: Mapping[str, Any]) -> Product:
    return Product(
        code=code,
        inquired=stated["inquiry"],
        inquiry_optional="inquiry_optional" in stated["notes"],
        amount=stated["amount"],
        open_amount=stated["inquiry_amount"],
        downline=stated["downline_id"],
        never_blank="entries_optional" in stated["notes"],
        lists={
            message: tuple(_entry(one) for one in stated[key])
            for message, key in LISTS.items()
            if stated[key]
        },
        relations=tuple(Relation.from_json(one) for one in stated["relations"]),
    )


def _entry(stated: Mapping[str, Any]) -> Entry:
    return Entry(
        name=stated["name"],
        format=stated["format"],
        name_format=stated.get("name_format"),
        also=tuple(stated.get("also", ())),
        may_be_empty=stated.get("may_be_empty", False),
        optional=stated.get("optional", False),
        per_bill=stated.get("per_bill", False),
    )
