"""Result lists against the documented ones: entry by entry, names verbatim and in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kontrak.judging.expect import Blocked
from kontrak.providers.tokopedia.answer import TokopediaAnswer
from kontrak.providers.tokopedia.formats import matches
from kontrak.providers.tokopedia.products import Entry, Product
from kontrak.providers.tokopedia.relations import LISTS

NOTHING_MORE = "0"
"""The value of a documented entry of one more bill than the answer has: it adds nothing."""


@dataclass(frozen=True, slots=True)
class Aligned:
    """A list that has the documented names. ``values`` go by documented place.

    Each place holds the values that belong there: none where an optional entry is absent, one as a
    rule, several where an entry comes once for each bill. ``spelled`` are the other spellings met.
    """

    values: tuple[tuple[str, ...], ...]
    spelled: tuple[str, ...]


def shown(answer: TokopediaAnswer, message: str) -> list[tuple[str, str]]:
    """Names and values of an answer's list; ``Blocked`` where they cannot be read."""
    found = answer.attributes.get(LISTS[message])
    behind = "TOKOPEDIA-INQUIRY-RESULT" if message == "inquiry" else "TOKOPEDIA-SUCCESS-RESULT"
    if not isinstance(found, list) or not found:
        raise Blocked(behind)
    rows = []
    for one in found:
        name = one.get("name") if isinstance(one, dict) else None
        value = one.get("value") if isinstance(one, dict) else None
        if not isinstance(name, str) or not isinstance(value, str):
            raise Blocked(behind)
        rows.append((name, value))
    return rows


def align(entries: Sequence[Entry], rows: Sequence[tuple[str, str]]) -> Aligned | int:
    """The rows in the places of the documented entries, or the first row that has no place.

    The number of all rows means that a documented entry is missing behind the last one.
    """
    values: list[list[str]] = [[] for _ in entries]
    spelled = []
    place = row = 0
    while place < len(entries):
        end = _end_of_bills(entries, place)
        if end > place:
            bill = _bill(entries[place:end])
            begin = row
            while _is_bill(bill, rows[row : row + len(bill)]):
                for offset in range(len(bill)):
                    values[place + offset].append(rows[row + offset][1])
                row += len(bill)
            if row == begin:
                return row
            place = end
        elif row < len(rows) and _named(entries[place], rows[row][0]):
            values[place].append(rows[row][1])
            spelled += [rows[row][0]] if rows[row][0] in entries[place].also else []
            place, row = place + 1, row + 1
        elif entries[place].optional:
            place += 1
        else:
            return row
    return row if row < len(rows) else Aligned(tuple(map(tuple, values)), tuple(spelled))


def aligned(answer: TokopediaAnswer, product: Product, message: str) -> Aligned:
    """A product's list in its documented places; ``Blocked`` behind the clause of its names."""
    found = align(product.lists[message], shown(answer, message))
    if isinstance(found, int):
        raise Blocked(product.clause(f"{message.upper()}-NAMES"))
    return found


def as_documented(answer: TokopediaAnswer, product: Product, message: str) -> dict[str, Any]:
    """The answer's document with its list as the relations name its entries."""
    attributes = dict(answer.attributes)
    if message in product.lists:
        entries = product.lists[message]
        values = _spread(entries, aligned(answer, product, message).values)
        attributes[LISTS[message]] = [
            {"name": entry.name, "value": value}
            for entry, value in zip(entries, values, strict=True)
        ]
    return {"data": {**answer.data, "attributes": attributes}}


def _spread(entries: Sequence[Entry], values: Sequence[Sequence[str]]) -> list[str]:
    """One text for each documented place; of several bills, the last place has all the rest."""
    texts = [held[0] if held else "" for held in values]
    kinds: dict[str, list[int]] = {}
    for place, entry in enumerate(entries):
        if entry.per_bill:
            kinds.setdefault(entry.name_format or entry.name, []).append(place)
    for places in kinds.values():
        held = [value for place in places for value in values[place]]
        for order, place in enumerate(places):
            last = order == len(places) - 1
            texts[place] = ", ".join(held[order:] if last else held[order : order + 1])
            texts[place] = texts[place] or NOTHING_MORE
    return texts


def _end_of_bills(entries: Sequence[Entry], place: int) -> int:
    end = place
    while end < len(entries) and entries[end].per_bill:
        end += 1
    return end


def _bill(entries: Sequence[Entry]) -> Sequence[Entry]:
    """The entries of one bill, of those of all the example's bills."""
    kinds = [entry.name_format or entry.name for entry in entries]
    return entries[: len(dict.fromkeys(kinds))]


def _is_bill(bill: Sequence[Entry], rows: Sequence[tuple[str, str]]) -> bool:
    return len(rows) == len(bill) and all(
        _named(entry, name) for entry, (name, _) in zip(bill, rows, strict=True)
    )


def _named(entry: Entry, name: str) -> bool:
    if entry.name_format is not None:
        return matches(entry.name_format, name)
    return name == entry.name or name in entry.also


def names_of(entries: Sequence[Entry]) -> str:
    """The documented names, as a message lists them."""
    return ", ".join(f"[{entry.name}]" if entry.optional else entry.name for entry in entries)
