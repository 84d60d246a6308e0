"""Text templates: compiled once into a parser and a renderer that are inverse to each other.

A template is one line of text with typed fields, ``TRX {product:code}.{dest:customer} SUKSES``.
``read`` gives the fields' values, or raises ``Mismatch``, which says which piece of the template
broke and at which character. ``render`` writes values, and refuses those that would not be read
back as they are. Only the asking side uses this.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kontrak.clauses.amounts import digits_of, read_money
from kontrak.errors import ConfigurationError
from kontrak.masking.masker import excerpt

_FIELD = re.compile(r"\{([a-z_][a-z0-9_]*):([a-z-]+)\}")
_SEEN = 20
LONGEST_TEXT = 2_000
"""How many characters a text has at most. To hold a longer one against fields of any length may
take hours, and no text of a purchase is nearly as long."""
_TIME = "%Y-%m-%d %H:%M:%S"
_DIGITS = r"[0-9](?:[0-9.,]*[0-9])?(?:,-)?(?![0-9])"
_MONEY = rf"(?:[Rr][Pp]\.?\s?)?{_DIGITS}"
_SIGNED = rf"(?:-\s?)?{_MONEY}|[Rr][Pp]\.?\s?-\s?{_DIGITS}"


@dataclass(frozen=True, slots=True)
class Kind:
    """One type of field: its pattern, and what it is in words."""

    name: str
    pattern: str
    words: str


KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("amount", r"(?:0|[1-9][0-9]*)(?![0-9])", "rupiah in digits, without separators"),
        Kind("money", _MONEY, "rupiah, with or without Rp, separators and ,00"),
        Kind("signed", _SIGNED, "rupiah, below zero with a minus"),
        Kind("code", r"[^\s.,]+?", "a product code"),
        Kind("customer", r"[^\s,](?:[^\n,]*?[^\s,])??", "a customer number"),
        Kind("reference", r"[A-Za-z0-9_-]+", "a reference"),
        Kind("serial", r"[^\s.](?:[^\n]*?[^\s.])??", "a serial number"),
        Kind("loose-serial", r"\S(?:[^\n]*?\S)??", "a serial number, which may end in dots"),
        Kind("text", r"\S(?:[^\n]*?\S)??", "a text"),
        Kind("word", r"[A-Za-z]+", "a word"),
        Kind("rest", r"[\s\S]*?", "anything"),
        Kind(
            "date-time",
            r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}(?![0-9])",
            "a time of the calendar, YYYY-MM-DD hh:mm:ss",
        ),
    )
}


class Mismatch(ValueError):  # noqa: N818 - a finding about a text, not an error of ours
    """A text that a template does not read: ``piece`` broke at character ``at`` (from 0)."""

    def __init__(self, piece: str, at: int, text: str) -> None:
        self.piece, self.at, self.text = piece, at, text
        super().__init__(piece, at, text)

    def __str__(self) -> str:
        # Most are never shown: a text is compared with many templates.
        came = excerpt(self.text, self.at, _SEEN)
        seen = f"{came!r}" if came else "the end of the text"
        return f"{self.piece} expected at character {self.at + 1}, where {seen} stands"


@dataclass(frozen=True, slots=True)
class _Piece:
    literal: str = ""
    field: str = ""
    kind: Kind | None = None

    @property
    def pattern(self) -> str:
        if self.kind is None:
            return re.escape(self.literal)
        return f"(?P<{self.field}>{self.kind.pattern})"


class Template:
    """One compiled template. Raises ``ConfigurationError`` for a text that is not valid."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._pieces = tuple(_pieces(text))
        self.fields = tuple(piece.field for piece in self._pieces if piece.kind)
        if len(set(self.fields)) != len(self.fields):
            raise ConfigurationError(
                f"the template {text!r} names a field twice", hint="give each field its own name"
            )
        self._whole = re.compile("".join(piece.pattern for piece in self._pieces))

    def read(self, text: str) -> dict[str, Any]:
        """The values of a text: ``int`` for rupiah, ``datetime`` for times, else ``str``.

        Raises ``Mismatch``.
        """
        if len(text) > LONGEST_TEXT:
            raise Mismatch("the end of the text", LONGEST_TEXT, text)
        found = self._whole.fullmatch(text)
        if found is None:
            raise self._mismatch(text)
        values: dict[str, Any] = {}
        for piece in self._pieces:
            if piece.kind is None:
                continue
            try:
                values[piece.field] = _value(piece.kind, found[piece.field])
            except ValueError:
                raise Mismatch(_words(piece), found.start(piece.field), text) from None
        return values

    def reads(self, text: str) -> bool:
        """Whether a text is one of this template."""
        try:
            self.read(text)
        except Mismatch:
            return False
        return True

    def render(self, values: Mapping[str, Any]) -> str:
        """The text of some values. Raises ``ValueError`` if it would not be read back as them."""
        wanted = {name: values[name] for name in self.fields}
        parts = [
            piece.literal if piece.kind is None else _written(wanted[piece.field])
            for piece in self._pieces
        ]
        text = "".join(parts)
        if not self.reads(text) or self.read(text) != wanted:
            raise ValueError(f"{wanted!r} cannot be distinguished again in {self.text!r}")
        return text

    def _mismatch(self, text: str) -> Mismatch:
        """The first piece that cannot follow the longest beginning that fits."""
        for count in range(len(self._pieces) - 1, -1, -1):
            before = "".join(piece.pattern for piece in self._pieces[:count])
            begun = re.compile(before).match(text)
            if begun is not None:
                piece = self._pieces[count]
                return Mismatch(_words(piece), _break(before, piece, text, begun.end()), text)
        return Mismatch(_words(self._pieces[0]), 0, text)


def _break(before: str, piece: _Piece, text: str, start: int) -> int:
    """The character at which a piece is left: behind as much of a literal as fits."""
    for kept in range(len(piece.literal) - 1, 0, -1):
        found = re.compile(before + re.escape(piece.literal[:kept])).match(text)
        if found is not None:
            return found.end()
    return start


def _pieces(text: str) -> Iterator[_Piece]:
    if not text or "\n" in text:
        raise ConfigurationError("a template is one line of text", hint="write it on one line")
    end = 0
    for field in _FIELD.finditer(text):
        yield from _literal(text[end : field.start()], text)
        kind = KINDS.get(field[2])
        if kind is None:
            raise ConfigurationError(
                f"the template {text!r} has a field of the unknown kind {field[2]!r}",
                hint=f"kinds are {', '.join(KINDS)}",
            )
        yield _Piece(field=field[1], kind=kind)
        end = field.end()
    yield from _literal(text[end:], text)


def _literal(part: str, text: str) -> Iterator[_Piece]:
    if "{" in part or "}" in part:
        raise ConfigurationError(
            f"the template {text!r} has a brace that is no field", hint="write {name:kind}"
        )
    if part:
        yield _Piece(literal=part)


def _words(piece: _Piece) -> str:
    if piece.kind is None:
        return repr(piece.literal)
    return f"{piece.field}, {piece.kind.words}"


def _value(kind: Kind, text: str) -> Any:
    if kind.name == "amount":
        found = digits_of(text)
        if found is None:
            raise ValueError("more than an amount")
        return found
    if kind.name in ("money", "signed"):
        return read_money(text)
    if kind.name == "date-time":
        return datetime.strptime(text, _TIME)  # noqa: DTZ007 - the document names no time zone
    return text


def _written(value: Any) -> str:
    # strftime writes the year 1 without its zeros.
    return value.isoformat(" ", "seconds") if isinstance(value, datetime) else str(value)
