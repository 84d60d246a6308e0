"""The result lists of a product: ordered display entries, with names that repeat.

An entry is known by its place in the documented list. Optional entries keep their place there even
when an answer leaves them out, or when no example shows them at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kontrak.providers.tokopedia.formats import UNKNOWN, recognise
from kontrak.providers.tokopedia.relations import LISTS
from tools.derive.document import Line


@dataclass(frozen=True, slots=True)
class Entry:
    """One documented entry: its name, its value in the example, and the line of that value.

    ``in_sample`` is false where only a note speaks of it. ``name_format`` is set where the name
    itself is data (``Desember 2022``); ``per_bill`` where the entry comes once for each bill.
    """

    name: str
    value: str
    line: int
    optional: bool = False
    in_sample: bool = True
    may_be_empty: bool = False
    also: tuple[str, ...] = ()
    name_format: str | None = None
    per_bill: bool = False

    @property
    def format(self) -> str:
        """How the example's value is written."""
        return recognise(self.value)

    def as_json(self) -> dict[str, Any]:
        """The entry for ``products.json``; keys with their default value are left out."""
        extra: dict[str, Any] = {
            "name_format": self.name_format,
            "also": list(self.also),
            "may_be_empty": self.may_be_empty,
            "optional": self.optional,
            "not_in_sample": not self.in_sample,
            "per_bill": self.per_bill,
        }
        shown = {key: value for key, value in extra.items() if value}
        return {"name": self.name, "format": self.format, "line": self.line, **shown}


def read_entries(message: str, payload: Mapping[str, Any], lines: Iterable[Line]) -> list[Entry]:
    """The entries of a payload's list, with lines; empty when it has none.

    ``message`` is ``inquiry`` or ``order``; ``lines`` are the payload's, numbered as in the
    document.
    """
    shown = payload["data"]["attributes"].get(LISTS[message]) or []
    numbers = _value_lines(LISTS[message], lines)
    return [
        Entry(entry["name"], entry["value"], number, may_be_empty=not entry["value"])
        for entry, number in zip(shown, numbers, strict=False)
    ]


def _value_lines(key: str, lines: Iterable[Line]) -> Iterator[int]:
    inside = False
    for number, line in lines:
        if inside and line.startswith('"value":'):
            yield number
        inside = inside or line.startswith(f'"{key}":')


def insert_optional(entries: Sequence[Entry], name: str, after: str, line: int) -> list[Entry]:
    """The list with an optional entry: marked where it stands, put after ``after`` where absent."""
    if any(entry.name == name for entry in entries):
        return [replace(e, optional=True) if e.name == name else e for e in entries]
    place = [entry.name for entry in entries].index(after) + 1
    new = Entry(name, "", line, optional=True, in_sample=False)
    return [*entries[:place], new, *entries[place:]]


def mark_dynamic(entries: Sequence[Entry], name_format: str) -> list[Entry]:
    """The list with the names that are data marked; they come once for each bill."""
    return [
        replace(entry, name_format=name_format, per_bill=True)
        if recognise(entry.name) == name_format
        else entry
        for entry in entries
    ]


def complete(payload: Mapping[str, Any], message: str, entries: Sequence[Entry]) -> dict[str, Any]:
    """The payload with its list as documented: an entry that no example shows has value ""."""
    data = dict(payload["data"])
    attributes = dict(data["attributes"])
    if attributes.get(LISTS[message]):
        attributes[LISTS[message]] = [{"name": e.name, "value": e.value} for e in entries]
    return {**payload, "data": {**data, "attributes": attributes}}


def same_name(one: str, other: str, spellings: Iterable[Sequence[str]]) -> bool:
    """Whether two names are one, or two listed spellings of one."""
    return one == other or any(one in group and other in group for group in spellings)


def other_spellings(name: str, spellings: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """The other listed spellings of a name."""
    return tuple(other for group in spellings if name in group for other in group if other != name)


def is_blank(entry: Entry) -> bool:
    """Whether the example has nothing to compare here."""
    return entry.format == UNKNOWN


def squeezed(name: str) -> str:
    """A name for an identifier: lower case, words joined by ``-``."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
