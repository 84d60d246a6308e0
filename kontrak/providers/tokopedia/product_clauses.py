"""The clauses of a product: their ids, and which formats and relations they judge."""

from __future__ import annotations

import re

from kontrak.providers.tokopedia.relations import Relation

_AMOUNTS = frozenset({"equal", "at_most", "length", "range"})


def word(product: str) -> str:
    """A product code as it stands in clause ids: ``bsd-city-ipl+air`` is ``BSD-CITY-IPL-AIR``."""
    return re.sub(r"[^A-Z0-9]+", "-", product.upper()).strip("-")


def clause_id(provider: str, product: str, what: str) -> str:
    """The id of a product's clause; ``what`` is INQUIRY-NAMES, ORDER-NAMES, AMOUNTS or VALUES."""
    return f"{provider.upper()}-{word(product)}-{what}"


def on_entries(relation: Relation) -> bool:
    """Whether a relation is about entries of a list, and not about attributes only."""
    terms = (*relation.left, *relation.right, *relation.plus, *relation.minus)
    return relation.reading != "none" and any("#" in term for term in terms)


def is_amount(relation: Relation) -> bool:
    """Whether a relation compares amounts or counts, rather than texts."""
    return relation.how in _AMOUNTS
