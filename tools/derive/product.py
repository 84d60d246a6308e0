"""One product as the fixtures show it: its messages and lists, with the lines of the document."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kontrak.providers.tokopedia.formats import MONEY
from kontrak.providers.tokopedia.relations import LISTS, MESSAGES
from tools.derive.document import Line
from tools.derive.entries import (
    Entry,
    complete,
    insert_optional,
    mark_dynamic,
    other_spellings,
    read_entries,
)
from tools.derive.repairs import Repairs, numbered
from tools.derive.rules import Rules


@dataclass(frozen=True, slots=True)
class Product:
    """``messages`` and ``lists`` go by message name (``inquiry``, ``order``, ...).

    The messages have their lists completed by the optional entries that no example shows.
    ``lines`` are those of the payloads, numbered as in the document.
    """

    code: str
    document: str
    messages: Mapping[str, Any]
    lists: Mapping[str, tuple[Entry, ...]]
    lines: Mapping[str, tuple[Line, ...]]

    def term(self, message: str, index: int) -> str:
        """The term that names an entry."""
        return f"{message}#{index} {self.lists[message][index].name}"

    def named(self, message: str, *names: str) -> Iterator[int]:
        """The places of the entries with one of the names."""
        return (i for i, entry in enumerate(self.lists.get(message, ())) if entry.name in names)

    def has(self, term: str) -> bool:
        """Whether a message shows an attribute (``order.admin_fee``), null or empty included."""
        message, _, attribute = term.partition(".")
        if message not in self.messages:
            return False
        data = self.messages[message]["data"]
        fields = data["attributes"].get("fields") or []
        return (
            attribute in data["attributes"]
            or attribute == "id"
            or any(field["name"] == attribute for field in fields)
        )

    def source(self, term: str) -> str:
        """Where the document shows a term, as ``file:line``."""
        message, _, attribute = term.partition(".")
        if "#" in message:
            message, _, rest = term.partition("#")
            return f"{self.document}:{self.lists[message][int(rest.partition(' ')[0])].line}"
        key = f'"{attribute}":'
        shown = (number for number, line in self.lines[message] if line.startswith(key))
        return f"{self.document}:{next(shown, self.lines[message][0][0])}"


def is_money(entry: Entry) -> bool:
    """Whether the example writes the entry as rupiah."""
    return entry.format in MONEY


def read_product(
    home: Path, code: str, index: Mapping[str, Any], rules: Rules, repairs: Repairs
) -> Product:
    """Reads one product's fixtures. ``index`` is the whole of ``index.json``."""
    shown = index["products"][code]["payloads"]
    messages: dict[str, Any] = {}
    lines: dict[str, tuple[Line, ...]] = {}
    for message, payload in MESSAGES.items():
        if payload in shown:
            text = (home / code / f"{payload}.json").read_text("utf-8")
            messages[message] = json.loads(text)
            lines[message] = tuple(numbered(text, shown[payload], repairs.of(code, payload)))
    notes = {note["rule"] for note in index["products"][code]["notes"]}
    lists = {
        message: _entries(code, message, messages[message], lines[message], rules, notes)
        for message in LISTS
        if message in messages
    }
    whole = {
        message: complete(payload, message, lists[message]) if message in lists else payload
        for message, payload in messages.items()
    }
    return Product(code, index["document"], whole, lists, lines)


def _entries(
    code: str,
    message: str,
    payload: Mapping[str, Any],
    lines: tuple[Line, ...],
    rules: Rules,
    notes: set[str],
) -> tuple[Entry, ...]:
    entries = read_entries(message, payload, lines)
    for table in rules.under("optional", code, message):
        for name in table["names"]:
            entries = insert_optional(entries, name, table.get("after", ""), table["line"])
    for table in rules.under("dynamic", code, message):
        entries = mark_dynamic(entries, table["name_format"])
    repeated = {n for table in rules.under("per_bill", code, message) for n in table["names"]}
    spellings = rules.spellings(code)
    return tuple(
        replace(
            entry,
            per_bill=entry.per_bill or entry.name in repeated,
            also=other_spellings(entry.name, spellings),
            may_be_empty=entry.may_be_empty or "may_be_empty" in notes,
        )
        for entry in entries
    )
