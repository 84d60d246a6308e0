"""The seventy products: the documented payloads, corrected where they contradict themselves."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from kontrak.config.paths import FIXTURES, SCHEMAS
from kontrak.sandbox.tokopedia.corrections import CORRECTIONS, UNSEEN, Correction, Values

HOME = FIXTURES / "tokopedia"

Attributes = dict[str, Any]
"""The attributes of a document; amounts in rupiah."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line to display; ``value`` is None where it does not apply and is left out."""

    name: str
    value: str | None


Entries = tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Relation:
    """Values that belong together; terms are written as in ``schemas/tokopedia/products.json``."""

    id: str
    how: str
    terms: tuple[str, ...]

    def places(self, message: str) -> set[int]:
        """Which entries of this message's list take part, counted from 0."""
        prefix = f"{message}#"
        return {
            int(term.removeprefix(prefix).partition(" ")[0])
            for term in self.terms
            if term.startswith(prefix)
        }


@dataclass(frozen=True, slots=True)
class Product:
    """One product and the documented bill of its documented customer.

    ``request`` is what the documented checkout sends; ``inquiry`` and ``order`` are attributes
    without their lists, ``inquiry`` None for a product that is not inquired. ``optional`` holds, by
    message, the places of entries that are absent when they do not apply. ``open_amount`` is set
    where the partner chooses the amount.
    """

    code: str
    codes: tuple[str, ...]
    request: Mapping[str, Any]
    inquiry: Mapping[str, Any] | None
    inquiry_result: Entries
    order: Mapping[str, Any]
    fulfillment_result: Entries
    field_names: tuple[str, ...]
    optional: Mapping[str, frozenset[int]]
    relations: tuple[Relation, ...]
    open_amount: bool

    @property
    def needs_number(self) -> bool:
        """Whether its requests name a customer."""
        return self.inquiry is not None or bool(self.request.get("client_number"))

    @property
    def needs_amount(self) -> bool:
        """Whether its checkout names what was inquired."""
        return self.inquiry is not None and "amount" in self.request

    def tied(self, prefix: str, message: str) -> set[int]:
        """The places of entries in the relations whose id begins so."""
        found = (one.places(message) for one in self.relations if one.id.startswith(prefix))
        return {place for places in found for place in places}


@cache
def products() -> dict[str, Product]:
    """Every product, by each code the document calls it by."""
    facts = json.loads((SCHEMAS / "tokopedia" / "products.json").read_text(encoding="utf-8"))
    known = [_product(code, reported) for code, reported in facts["products"].items()]
    return {name: product for product in known for name in product.codes}


def _product(code: str, reported: Mapping[str, Any]) -> Product:
    correction = CORRECTIONS.get(code, Correction())
    lists = {
        "inquiry": reported["inquiry_result"] or (),
        "order": reported["fulfillment_result"] or (),
    }
    inquiry = _attributes(code, "inquiry_response")
    order = _attributes(code, "order_response")
    shown = _entries((inquiry or {}).pop("inquiry_result", ()), lists["inquiry"])
    done = _entries((order or {}).pop("fulfillment_result", ()), lists["order"])
    return Product(
        code=code,
        codes=tuple(reported["codes"]),
        request=_attributes(code, "checkout_request") or {},
        inquiry=_corrected(inquiry, correction.inquiry) if inquiry else None,
        inquiry_result=_amended(shown, correction.inquiry),
        order=_corrected(order or {}, correction.order),
        fulfillment_result=_amended(done, correction.order)
        or tuple(Entry(*pair) for pair in UNSEEN.get(code, ())),
        field_names=tuple(reported["fields"]),
        optional={message: _optional(entries) for message, entries in lists.items()},
        relations=tuple(_relation(one) for one in reported["relations"]),
        open_amount=reported["inquiry_amount"],
    )


def _attributes(code: str, payload: str) -> Attributes | None:
    path = HOME / code / f"{payload}.json"
    if not path.exists():
        return None
    attributes: Attributes = json.loads(path.read_text(encoding="utf-8"))["data"]["attributes"]
    return attributes


def _entries(shown: Any, documented: Any) -> Entries:
    """The entries of the example, and None for those that only a note names."""
    values = iter(shown or ())
    return tuple(
        Entry(one["name"], None if "not_in_sample" in one else next(values)["value"])
        for one in documented
    )


def _corrected(attributes: Attributes, values: Values) -> Attributes:
    return {key: values.get(key, value) for key, value in attributes.items()}


def _amended(entries: Entries, values: Values) -> Entries:
    return tuple(
        Entry(entry.name, str(values[place])) if place in values else entry
        for place, entry in enumerate(entries)
    )


def _optional(entries: Any) -> frozenset[int]:
    return frozenset(place for place, one in enumerate(entries) if "optional" in one)


def _relation(reported: Mapping[str, Any]) -> Relation:
    terms = (
        *reported.get("left", ()),
        *reported.get("plus", ()),
        *reported.get("minus", ()),
        *reported["right"],
    )
    return Relation(reported["id"], reported["how"], terms)
