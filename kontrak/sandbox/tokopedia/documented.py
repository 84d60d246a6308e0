"""Tokopedia's documented answers, for derived faults, and the lists of every product."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from kontrak.config.paths import SCHEMAS
from kontrak.sandbox.damage import Seen
from kontrak.sandbox.derived import Derived, Documented, derived_at
from kontrak.sandbox.tokopedia.interface import Answer, Kind
from kontrak.sandbox.tokopedia.making import failed, fulfilled, pending, refused

When = Callable[[Answer], bool]
Entries = list[dict[str, str]]


def _of(kind: Kind, state: When | None = None) -> When:
    return lambda answer: answer.kind is kind and (state is None or state(answer))


def _answer(name: str, schema: str, when: When) -> Documented:
    return Documented("tokopedia", name, schema, when, content="document")


DOCUMENTED = (
    # An unknown token opens nothing: then there is nothing to judge.
    replace(_answer("token", "token", _of(Kind.TOKEN)), without=frozenset({"wrong case"})),
    _answer("ping", "ping", _of(Kind.PING)),
    _answer("account", "account", _of(Kind.ACCOUNT)),
    _answer("product list", "product-list", _of(Kind.PRODUCTS)),
    _answer("inquiry", "inquiry", _of(Kind.INQUIRY)),
    _answer("checkout", "order-pending", _of(Kind.CHECKOUT, pending)),
    _answer("pending order", "order-pending", _of(Kind.STATUS, pending)),
    _answer("fulfilled order", "order-success", _of(Kind.STATUS, fulfilled)),
    _answer("failed order", "order-failed", _of(Kind.STATUS, failed)),
    _answer("refusal", "error", refused),
)

LISTS = {
    "inquiry_result": _of(Kind.INQUIRY),
    "fulfillment_result": _of(Kind.STATUS, fulfilled),
}


def list_faults() -> Iterator[Derived]:
    """Damage to the lists of every product, entry by entry."""
    path = SCHEMAS / "tokopedia" / "products.json"
    products: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["products"]
    for name, product in products.items():
        for listed, when in LISTS.items():
            entries = product[listed]
            if entries:
                names = [entry["name"] for entry in entries]
                yield from _of_list(name, product["codes"], listed, names, when)


def _of_list(
    product: str, codes: list[str], listed: str, names: list[str], when: When
) -> Iterator[Derived]:
    answer = _answer(
        f"{listed} of {product}", "", lambda reported: when(reported) and reported.product in codes
    )
    for place, name in enumerate(names):
        for family, text, change in _ENTRY:
            yield derived_at(
                answer,
                f"{place + 1} {name}".strip(),
                family,
                f"In {answer.name}, entry {place + 1}, {name}, {text}.",
                _changing(listed, place, change),
            )
    yield derived_at(
        answer, "", "reordered list", f"{answer.name} is backwards.", _changing(listed, 0, _reverse)
    )


Change = Callable[[Entries, int], bool]


def _changing(listed: str, place: int, change: Change) -> Callable[[Any, Seen], Any]:
    def damage(document: Any, _seen: Seen) -> Any:
        entries = document["data"]["attributes"].get(listed)
        if not entries or place >= len(entries):
            return None
        return document if change(entries, place) else None

    return damage


def _drop(entries: Entries, place: int) -> bool:
    del entries[place]
    return True


def _rename(entries: Entries, place: int) -> bool:
    entries[place]["name"] += " Baru"
    return True


def _empty(entries: Entries, place: int) -> bool:
    if not entries[place]["value"]:
        return False
    entries[place]["value"] = ""
    return True


def _twice(entries: Entries, place: int) -> bool:
    entries.insert(place, dict(entries[place]))
    return True


def _off_by_one(entries: Entries, place: int) -> bool:
    """One rupiah, one cubic metre, or one digit more at the end of the value."""
    value = entries[place]["value"]
    found = re.search(r"\d(?=\D*( [mM]3)?$)", value)
    if found is None:
        return False
    digit = str((int(found[0]) + 1) % 10)
    entries[place]["value"] = value[: found.start()] + digit + value[found.end() :]
    return True


def _reverse(entries: Entries, _place: int) -> bool:
    before = list(entries)
    entries.reverse()
    return entries != before


_ENTRY: tuple[tuple[str, str, Change], ...] = (
    ("drop", "is left out", _drop),
    ("rename", "has another name", _rename),
    ("empty", "has an empty value", _empty),
    ("duplicated element", "stands twice", _twice),
    ("off by one", "is one too much", _off_by_one),
)
