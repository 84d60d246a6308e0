"""Reads a document that shows example payloads under product headings, and cuts them out.

The layout understood here: chapter and section headings on lines of their own, then
``Product code example: CODE``, then blocks under ``Request payload:`` and ``Response payload:``
(flattened JSON, one token group a line) and the address of a GET under ``Request URL:``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

Line = tuple[int, str]
"""A line of the document and its number, counted from 1."""

_CODE = re.compile(r"Product code example:\s*(?P<code>\S*)\s*$")
_BLOCK = re.compile(r"(?P<kind>Request|Response)\s+payload:\s*$")
_TABS = re.compile(r"(?P<inquiry>Inquiry)?CheckoutOrder Details\s*$")
_URL = re.compile(r"https://\{\{base_url\}\}(?P<path>/\S+)")
_FURNITURE = re.compile(r"(GET|Request URL:|Skip to main content)\s*$")
_JSON = re.compile(r'["{}\[\]]')
_PROSE = re.compile(r"Notes?:|\d+\. |.*[.]$|.{100}")

Kind = Literal["request", "response"]


@dataclass(frozen=True, slots=True)
class Block:
    """One example payload: its kind, the number of its first line, and its text."""

    kind: Kind
    line: int
    text: str


@dataclass(slots=True)
class Section:
    """What the document shows of one product. ``code`` is as in the heading, perhaps empty.

    ``headings`` are those since the chapter began or the previous product, innermost last;
    ``notes`` are the lines of prose that follow the heading or the payloads.
    """

    line: int
    code: str
    chapter: str
    version: str
    headings: tuple[str, ...]
    inquiry: bool = False
    blocks: list[Block] = field(default_factory=list)
    url: Line | None = None
    empty_headings: list[int] = field(default_factory=list)
    notes: list[Line] = field(default_factory=list)


@dataclass(slots=True)
class _Outline:
    """The headings that hold where the reader stands."""

    chapters: frozenset[str]
    chapter: str = ""
    version: str = ""
    headings: list[str] = field(default_factory=list)
    notes: list[Line] = field(default_factory=list)

    def heading(self, text: str) -> None:
        if text in self.chapters:
            self.chapter, self.version, self.headings = text, "", []
        if "Old Version" in text or "New Version" in text:
            self.version = "old" if "Old Version" in text else "unified"
        self.headings.append(text)


def read_sections(lines: Sequence[Line], *, chapters: Iterable[str]) -> list[Section]:
    """Every product section, in the document's order.

    ``chapters`` are the titles of the top-level headings, exactly as printed. Prose between two
    products belongs to the product before it, except where it follows a heading of its own.
    """
    outline = _Outline(frozenset(chapters))
    sections: list[Section] = []
    for kind, number, text in _tokens(lines):
        section = sections[-1] if sections else None
        if kind == "code":
            sections.append(_open(outline, number, text))
        elif kind == "prose":
            (section.notes if section and not outline.headings else outline.notes).append(
                (number, text)
            )
        elif kind == "heading":
            outline.heading(text)
        elif section is not None:
            _fill(section, kind, number, text)
    return sections


def _open(outline: _Outline, number: int, code: str) -> Section:
    section = Section(
        line=number,
        code=code,
        chapter=outline.chapter,
        version=outline.version,
        headings=tuple(outline.headings),
        notes=outline.notes,
    )
    outline.headings, outline.notes = [], []
    return section


def _fill(section: Section, kind: str, number: int, text: str) -> None:
    match kind:
        case "tabs":
            section.inquiry = text.startswith("Inquiry")
        case "url":
            section.url = (number, text)
        case "request":
            section.blocks.append(Block("request", number, text))
        case "response":
            section.blocks.append(Block("response", number, text))
        case _:
            section.empty_headings.append(number)


def _tokens(lines: Sequence[Line]) -> Iterator[tuple[str, int, str]]:
    """Each meaningful piece of the document: its kind, its first line and its text."""
    position = 0
    announced: Line | None = None
    while position < len(lines):
        number, text = lines[position]
        position += 1
        if _JSON.match(text):
            start, position = position - 1, _end_of_block(lines, position)
            body = "\n".join(line for _, line in lines[start:position])
            yield (announced[1] if announced else "response"), number, body
            announced = None
        elif block := _BLOCK.match(text):
            if announced:
                yield "nothing", announced[0], ""
            announced = (number, block["kind"].lower())
        elif text.strip() and not _FURNITURE.match(text):
            yield _line_token(number, text)


def _end_of_block(lines: Sequence[Line], position: int) -> int:
    while position < len(lines) and _JSON.match(lines[position][1]):
        position += 1
    return position


def _line_token(number: int, text: str) -> tuple[str, int, str]:
    if code := _CODE.match(text):
        return "code", number, code["code"]
    if _TABS.match(text):
        return "tabs", number, text
    if url := _URL.match(text):
        return "url", number, url["path"]
    return ("prose" if _PROSE.match(text.strip()) else "heading"), number, text.strip()
