"""The table ``fixtures/citations.toml``: which names the cited lines of the documents hold.

The documents are not part of the project. ``python -m tests.citations FOLDER`` makes the table anew
from a folder that holds them; ``tests/test_citations.py`` compares it with the clauses. The table
holds names alone: fields, codes, labels and words in capitals, never a sentence.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

from kontrak.clauses.catalogue import Clause, clauses
from kontrak.config.paths import FIXTURES
from kontrak.config.registry import PROVIDERS

TABLE = FIXTURES / "citations.toml"
COMMAND = "python -m tests.citations FOLDER"
Table = Mapping[str, Mapping[str, list[str]]]

_SOURCE = re.compile(r"(\S+\.txt):([0-9][0-9,-]*)")
_WORD = re.compile(r"[A-Za-z0-9_]{2,}")
_GLUED = re.compile(r"\b([a-z_]+?)(?:String|Integer|Double|Object|Array)(?=[A-Z])")
"""A row of a table that was copied without its borders: name, type and description in one word."""
_NAMES = re.compile(
    r'"([^"{}]{2,40})"'  # a member, or a short value
    r"|<([A-Za-z_][\w-]*)>"  # an element
    r"|^([A-Za-z_][\w ]{1,30})\s*\|"  # the first cell of a row
    r"|([A-Za-z_]\w+)="  # a parameter
    r"|\{([a-z_]\w+)\}"  # a place in an address
    r"|([A-Za-z]+_\w+)"  # a word that only a program writes
    r"|\b([A-Z][A-Z0-9]+)\b",  # a label or a code
    re.MULTILINE,
)


def cited(clause: Clause) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Every place of a document that a clause cites: the file and its lines, a range at once."""
    for source in clause.source.split(";"):
        found = _SOURCE.fullmatch(source.strip())
        if found is None:
            continue  # a public page, or a known contradiction
        for part in found[2].split(","):
            first, _, last = part.partition("-")
            yield found[1], tuple(range(int(first), int(last or first) + 1))


def words(text: str) -> set[str]:
    """The words of a sentence or a place, as the table has them."""
    return {word.lower() for word in _WORD.findall(text)}


def read() -> Table:
    """The table: by document and line, the names that stand there."""
    data: dict[str, dict[str, list[str]]] = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    return data


def all_clauses() -> list[Clause]:
    """The clauses of all providers."""
    return [one for key in PROVIDERS for one in clauses(key).values()]


def made(folder: Path) -> Iterator[str]:
    """The lines of the table for all citations. Raises ``OSError`` where a document is missing."""
    wanted: dict[str, set[int]] = {}
    for clause in all_clauses():
        for name, lines in cited(clause):
            wanted.setdefault(name, set()).update(lines)
    yield f"# The names on each cited line of the documents. Made by: {COMMAND}"
    for name in sorted(wanted):
        text = (folder / name).read_text(encoding="utf-8")
        known = _vocabulary(text)
        there = text.splitlines()
        yield f'\n["{name}"]'
        for number in sorted(wanted[name]):
            line = there[number - 1] if 0 < number <= len(there) else ""
            here = sorted(words(line) & known | set(_GLUED.findall(line)))
            yield f"{number} = {json.dumps(here)}"


def _vocabulary(text: str) -> set[str]:
    """The names of a document, wherever they stand in it."""
    names = [part for found in _NAMES.findall(text) for part in found if part]
    return {word for name in names for word in words(name)}


def main() -> None:
    """Write the table anew from the folder that the command line names."""
    table = "\n".join(made(Path(sys.argv[1]))) + "\n"
    TABLE.write_text(table, encoding="utf-8")


if __name__ == "__main__":
    main()
