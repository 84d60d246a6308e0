"""First step: the document's payloads as files, and an index that says where they stand.

``fixtures/<provider>/<product>/<payload>.json`` is the payload as printed, line for line, fixed by
``repairs.toml``; ``index.json`` holds titles, lines, order addresses and the rules of the notes.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kontrak.errors import ConfigurationError
from tools.derive.document import Section, read_sections
from tools.derive.repairs import fix, load_repairs

PAYLOADS = (
    "inquiry_request",
    "checkout_request",
    "inquiry_response",
    "checkout_response",
    "order_response",
)
"""The payloads of a product in the order of the document; the inquiry's two may be absent."""

INDEX = "index.json"
_DIRECTORY = re.compile(r"\w[\w+.-]*")


@dataclass(frozen=True, slots=True)
class Reading:
    """``document.toml``: the chapter titles, and the phrase by which each note's rule is known."""

    chapters: tuple[str, ...]
    rules: Mapping[str, str]


def load_reading(home: Path) -> Reading:
    """Reads ``document.toml`` in ``home``; raises ``ConfigurationError`` when it is not there."""
    path = home / "document.toml"
    if not path.is_file():
        raise ConfigurationError(
            f"no document.toml in {home.name}/",
            hint="it lists the document's chapter titles and the phrases of its notes",
        )
    table = tomllib.loads(path.read_text("utf-8"))
    return Reading(tuple(table["chapters"]), table["rules"])


def from_document(document: Path, home: Path) -> dict[str, str]:
    """The fixture files of a document: relative path and contents, ``index.json`` included.

    ``home`` holds ``document.toml`` and ``repairs.toml``. Raises ``ConfigurationError`` when a
    repair does not fit, a payload is missing or a block is not JSON.
    """
    reading = load_reading(home)
    repairs = load_repairs(home / "repairs.toml").repairs
    sections = read_sections(fix(document.read_text("utf-8"), repairs), chapters=reading.chapters)
    files: dict[str, str] = {}
    index: dict[str, Any] = {}
    heading = ""
    for section in sections:
        heading = section.headings[-1] if section.headings else heading
        payloads = _payloads(section)
        code = _code(payloads["checkout_request"][1])
        index[code] = _entry(section, heading, code, payloads, reading)
        files |= {f"{code}/{name}.json": text + "\n" for name, (_, text) in payloads.items()}
    files[INDEX] = _dump({"document": document.name, "products": index})
    return files


def _payloads(section: Section) -> dict[str, tuple[int, str]]:
    """The blocks of a section by name, with their lines."""
    names = [name for name in PAYLOADS if section.inquiry or not name.startswith("inquiry")]
    kinds = [name.rpartition("_")[2] for name in names]
    if kinds != [block.kind for block in section.blocks]:
        raise ConfigurationError(
            f"line {section.line}: the payloads of {section.code or 'a product'} are incomplete",
            hint=f"expected, in this order: {', '.join(names)}",
        )
    for block in section.blocks:
        _parse(block.text, block.line)
    return {
        name: (block.line, block.text) for name, block in zip(names, section.blocks, strict=True)
    }


def _parse(text: str, line: int) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise ConfigurationError(
            f"the payload at line {line} is not JSON: {error}",
            hint="add a [[repair]] to repairs.toml",
        ) from error


def _code(checkout_request: str) -> str:
    code = str(json.loads(checkout_request)["data"]["attributes"]["product_code"])
    if not _DIRECTORY.fullmatch(code):
        raise ConfigurationError(
            f"product code {code!r} cannot name a directory",
            hint="fix it by a [[repair]] in repairs.toml",
        )
    return code


def _entry(
    section: Section,
    heading: str,
    code: str,
    payloads: Mapping[str, tuple[int, str]],
    reading: Reading,
) -> dict[str, Any]:
    order_line, order_path = section.url or (section.line, "")
    return {
        "chapter": section.chapter,
        "heading": heading,
        "version": section.version or None,
        "line": section.line,
        "also_called": [section.code] if section.code not in ("", code) else [],
        "payloads": {name: line for name, (line, _) in payloads.items()},
        "order_path": order_path,
        "order_path_line": order_line,
        "empty_headings": section.empty_headings,
        "notes": [
            {"rule": rule, "line": line}
            for line, text in section.notes
            for rule, phrase in reading.rules.items()
            if phrase in text
        ],
    }


def _dump(index: Mapping[str, Any]) -> str:
    """Indented JSON with short lists and tables on one line each, as a person would write it."""
    text = json.dumps(index, indent=2, ensure_ascii=False)
    return re.sub(r"(?<=[\[{])\n\s+([^\[\]{}]*?)\n\s+(?=[\]}])", _joined, text) + "\n"


def _joined(found: re.Match[str]) -> str:
    return re.sub(r"\n\s+", " ", found[1])


def read_examples(home: Path, pattern: str) -> Sequence[tuple[str, Any]]:
    """The parsed fixtures that match a glob pattern, with their paths below ``home``, sorted."""
    return [
        (path.relative_to(home).as_posix(), json.loads(path.read_text("utf-8")))
        for path in sorted(home.glob(pattern))
    ]


def load_index(home: Path) -> dict[str, Any]:
    """``index.json``; raises ``ConfigurationError`` when the first step has not been run."""
    path = home / INDEX
    if not path.is_file():
        raise ConfigurationError(
            f"no {INDEX} in {home.name}/",
            hint="derive the fixtures first: python -m tools.derive PROVIDER --document PATH",
        )
    index: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return index
