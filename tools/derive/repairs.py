"""Repairs of a document's slips: data with a line, what was there, what we put, and the reason.

``repairs.toml`` holds ``[[repair]]`` tables, each replacing whole lines of the document,
``[[private]]`` tables, which put something neutral in place of what may name a real person, and
``[[left]]`` tables: slips that stay as printed, with the reason.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kontrak.errors import ConfigurationError
from tools.derive.document import Line

PRIVATE = "private"
"""The id of every ``[[private]]`` repair."""


@dataclass(frozen=True, slots=True)
class Repair:
    """One repair. ``was`` and ``now`` are whole lines, without the last line break.

    ``payload`` names the fixture that holds the lines (``order_response``), or ``heading`` or
    ``url``. ``id`` is the slip's number in the register of contradictions.

    Of a ``private`` one, ``was`` is a regular expression for the line: what the document prints
    there must not stand here either. It cannot be undone.
    """

    id: str
    product: str
    payload: str
    line: int
    was: str
    now: str
    reason: str
    private: bool = False

    def fits(self, printed: str) -> bool:
        """Whether the document prints what the repair expects."""
        if self.private:
            return re.fullmatch(self.was, printed) is not None
        return printed == self.was

    @property
    def height(self) -> int:
        """How many lines of the document the repair replaces."""
        return self.was.count("\n") + 1


@dataclass(frozen=True, slots=True)
class Left:
    """A slip that stays as the document prints it; ``lines`` are those of the document."""

    id: str
    lines: str
    reason: str


@dataclass(frozen=True, slots=True)
class Repairs:
    """All of one document's repairs, in the order of its lines, and what is left alone."""

    repairs: tuple[Repair, ...]
    left: tuple[Left, ...]

    def of(self, product: str, payload: str) -> tuple[Repair, ...]:
        """The repairs inside one payload."""
        return tuple(r for r in self.repairs if (r.product, r.payload) == (product, payload))


def load_repairs(path: Path) -> Repairs:
    """Reads ``repairs.toml``; a file that is absent means that nothing needs repair.

    Raises ``ConfigurationError`` for a missing or unknown key, naming the table.
    """
    if not path.is_file():
        return Repairs((), ())
    tables = tomllib.loads(path.read_text("utf-8"))
    try:
        repairs = [Repair(**table) for table in tables.get("repair", [])]
        repairs += [
            Repair(id=PRIVATE, private=True, **table) for table in tables.get("private", [])
        ]
        left = [Left(**table) for table in tables.get("left", [])]
    except TypeError as error:
        raise ConfigurationError(
            f"{path.name}: {error}",
            hint="a [[repair]] has id, product, payload, line, was, now, reason; "
            "a [[private]] has the same but id; a [[left]] has id, lines, reason",
        ) from error
    return Repairs(tuple(sorted(repairs, key=lambda repair: repair.line)), tuple(left))


def fix(text: str, repairs: Iterable[Repair]) -> list[Line]:
    """The document's lines with all repairs made; put lines have the number of the first replaced.

    Raises ``ConfigurationError`` when the document does not say what the repair expects there.
    """
    lines = text.splitlines()
    fixed: list[Line] = []
    position = 0
    for repair in repairs:
        start = repair.line - 1
        found = "\n".join(lines[start : start + repair.height])
        if not repair.fits(found) or start < position:
            written = "something else" if repair.private else repr(found)
            raise ConfigurationError(
                f"repair {repair.id}: line {repair.line} says {written}, not {repair.was!r}",
                hint="the document has changed, or the repair has a wrong line: see repairs.toml",
            )
        fixed += enumerate(lines[position:start], position + 1)
        fixed += [(repair.line, line) for line in _lines(repair.now)]
        position = start + repair.height
    return fixed + list(enumerate(lines[position:], position + 1))


def numbered(text: str, start: int, repairs: Iterable[Repair]) -> Iterator[Line]:
    """The lines of a fixed payload with the document's line numbers; ``start`` is its first."""
    lines = text.splitlines()
    number, position = start, 0
    for repair in repairs:
        untouched = repair.line - number
        yield from enumerate(lines[position : position + untouched], number)
        position += untouched
        put = _lines(repair.now)
        yield from ((repair.line, line) for line in lines[position : position + len(put)])
        position += len(put)
        number = repair.line + repair.height
    yield from enumerate(lines[position:], number)


def as_printed(text: str, start: int, repairs: Iterable[Repair]) -> str:
    """A fixed payload as the document prints it: every repair undone but the private ones."""
    by_line = {repair.line: repair for repair in repairs if not repair.private}
    printed: list[str] = []
    done: set[int] = set()
    for number, line in numbered(text, start, by_line.values()):
        if number not in by_line:
            printed.append(line)
        elif number not in done:
            printed.append(by_line[number].was)
            done.add(number)
    return "\n".join(printed)


def _lines(text: str) -> list[str]:
    return text.split("\n") if text else []
