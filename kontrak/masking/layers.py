"""What a text says once its encodings are undone, and where each part of that stands in the text.

A secret may be written in many ways, and in one way within another: percent-encoded twice, JSON in
XML, base64 of base64. Instead of listing the ways, the text is read layer by layer; what is found
in a layer is traced back to the characters it was written with.
"""

from __future__ import annotations

import binascii
import html
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

_DEEPEST = 7
"""Layers: JSON within JSON within XML, percent-encoded twice, is five beside the text itself."""
_MOST_READINGS = 400
"""Of one text; a body made of runs that read like base64 would otherwise never be done with."""

Place = Callable[[int, int], tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Reading:
    """A text, or what one of its encodings hides.

    ``place`` gives the half-open span of the original text that a span of ``text`` was read from;
    ``packed`` says that it was written as bytes in base64 or hexadecimal.
    """

    text: str
    place: Place
    packed: bool = False


def readings(text: str) -> Iterator[Reading]:
    """The text itself, and everything that can be read in it."""
    layer = [Reading(text, lambda start, end: (start, end))]
    seen = {text}
    for _ in range(_DEEPEST):
        found: list[Reading] = []
        for one in layer:
            yield one
            for inner in _within(one):
                if inner.text not in seen and len(seen) < _MOST_READINGS:
                    seen.add(inner.text)
                    found.append(inner)
        layer = found


def _within(one: Reading) -> Iterator[Reading]:
    for pattern, decode in _ESCAPES:
        if pattern.search(one.text):
            found = _undone(one, pattern, decode)
            if found is not None:
                yield found
    yield from _packed(one, _BASE64, _base64_pieces)
    yield from _packed(one, _HEX, _hex_pieces)


# Each way by itself: what looks like another's escape may be part of the value.
_PERCENT = re.compile(r"%(?P<percent>[0-9A-Fa-f]{2})")
# A run of backslashes is looked at once, from its first: an answer may be a megabyte of them.
_BACKSLASH = re.compile(
    r"(?<!\\)\\++(?:u(?P<high>[Dd][89ABab][0-9A-Fa-f]{2})\\+u(?P<low>[Dd][C-Fc-f][0-9A-Fa-f]{2})"
    r"|u(?P<u>[0-9A-Fa-f]{4})"
    r"|u\{(?P<braced>[0-9A-Fa-f]{1,6})\}"
    r"|U(?P<long>[0-9A-Fa-f]{8})"
    r"|x(?P<x>[0-9A-Fa-f]{2})"
    r"|(?P<octal>[0-3][0-7]{2})"
    r"|(?P<letter>[nrtbfv]))"
)
_ENTITY = re.compile(
    r"&(?:\#(?P<decimal>[0-9]{1,7});?"
    r"|\#[xX](?P<hexadecimal>[0-9A-Fa-f]{1,6});?"
    r"|(?P<name>[A-Za-z][A-Za-z0-9]{1,31});)"
)
_QUOTED_PRINTABLE = re.compile(r"=(?:(?P<byte>[0-9A-F]{2})|\r?\n)")
_UTF8 = re.compile(r"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_WINDOWS = re.compile(r"[^\x00-\x7f]*[^\x00-\xff][^\x00-\x7f]*")


_LETTERS = {"n": "\n", "r": "\r"}


def _unescaped(found: re.Match[str]) -> str | None:
    kind, reported = found.lastgroup or "", found[found.lastgroup or 0]
    if kind == "low":
        pair = bytes.fromhex(found["high"] + reported)
        return pair.decode("utf-16-be")
    if kind == "name":
        plain = html.unescape(found[0])
        return None if plain == found[0] else plain
    if kind == "letter":
        return _LETTERS.get(reported, " ")
    number = int(reported, 8 if kind == "octal" else 10 if kind == "decimal" else 16)
    return chr(number) if number < 0x110000 else None


def _unquoted(found: re.Match[str]) -> str:
    return chr(int(found["byte"], 16)) if found["byte"] else ""


def _read_as(codec: str) -> Callable[[re.Match[str]], str | None]:
    """Undoes that UTF-8 was read by another rule."""

    def undo(found: re.Match[str]) -> str | None:
        try:
            return found[0].encode(codec).decode()
        except UnicodeError:
            return None

    return undo


_ESCAPES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str | None]], ...] = (
    (_PERCENT, _unescaped),
    (_BACKSLASH, _unescaped),
    (_ENTITY, _unescaped),
    (_QUOTED_PRINTABLE, _unquoted),
    (_UTF8, _read_as("latin-1")),
    (_WINDOWS, _read_as("cp1252")),
)


def _undone(
    one: Reading, pattern: re.Pattern[str], decode: Callable[[re.Match[str]], str | None]
) -> Reading | None:
    """The text with every match decoded; None where none can be."""
    parts: list[str] = []
    # Per replacement: where it begins and ends in the decoded text, and in the one it is made of.
    begins, ends, sources = [-1], [0], [(0, 0)]
    done = length = 0
    for found in pattern.finditer(one.text):
        plain = decode(found)
        if plain is None:
            continue
        parts += (one.text[done : found.start()], plain)
        begins.append(length + found.start() - done)
        length = begins[-1] + len(plain)
        ends.append(length)
        sources.append(found.span())
        done = found.end()
    if not parts:
        return None
    parts.append(one.text[done:])

    def place(start: int, end: int) -> tuple[int, int]:
        first, last = bisect_right(begins, start) - 1, bisect_right(begins, end - 1) - 1
        inside = start < ends[first]
        begin = sources[first][0] if inside else sources[first][1] + start - ends[first]
        inside = end <= ends[last]
        return one.place(begin, sources[last][1] + (0 if inside else end - ends[last]))

    return Reading("".join(parts), place, one.packed)


_BASE64 = re.compile(
    r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]++(?:\r?\n[ \t]*+[A-Za-z0-9+/_-]++)*+={0,2}"
)
_HEX = re.compile(r"(?<![0-9A-Fa-f])(?:(?:0[xX])?[0-9A-Fa-f]{2}[\s:,;-]{0,2}){5,}+[0-9A-Fa-f]?")
_SHORTEST_BASE64 = 10
_BASE64_SIGNS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-")
_HEX_SIGNS = frozenset("0123456789abcdefABCDEF")
_URL_SIGNS = str.maketrans("-_", "+/")
# Four characters in a row; NUL stands between the letters of UTF-16.
_READABLE = re.compile(
    rb"(?:[\x00\t\n\r\x20-\x7e]|[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}"
    rb"|[\xf0-\xf4][\x80-\xbf]{3}){4}"
)

_Pieces = Callable[[str, int], Iterator[tuple[bytes, Sequence[int], int]]]


def _packed(one: Reading, pattern: re.Pattern[str], pieces: _Pieces) -> Iterator[Reading]:
    for found in pattern.finditer(one.text):
        for raw, signs, bits in pieces(found[0], found.start()):
            # Most runs are no text: an id, a path, a signature.
            if _READABLE.search(raw):
                yield Reading(
                    raw.decode("latin-1"), _spread(one.place, signs, bits, found.end()), packed=True
                )


def _spread(outer: Place, signs: Sequence[int], bits: int, stop: int) -> Place:
    """Where bytes stand that were written in signs of so many bits; padding ends at ``stop``."""

    def place(start: int, end: int) -> tuple[int, int]:
        last = min(-(-end * 8 // bits), len(signs)) - 1
        end = stop if last == len(signs) - 1 else signs[last] + 1
        return outer(signs[start * 8 // bits], end)

    return place


def _base64_pieces(run: str, at: int) -> Iterator[tuple[bytes, Sequence[int], int]]:
    # Text in base64 has letters of both cases; most names, paths and ids have not.
    if len(run) < _SHORTEST_BASE64 or run.islower() or run.isupper() or run.isdecimal():
        return
    # Where the run was cut out of a longer one, a group begins at any of four places.
    signs: Sequence[int]
    if run.isalnum():
        text, signs = run, range(at, at + len(run))
    else:
        signs = [at + number for number, sign in enumerate(run) if sign in _BASE64_SIGNS]
        text = "".join([sign for sign in run if sign in _BASE64_SIGNS]).translate(_URL_SIGNS)
    for skipped in range(4):
        rest = text[skipped:]
        rest = rest[: len(rest) - (len(rest) % 4 == 1)]
        yield binascii.a2b_base64(rest + "=" * (-len(rest) % 4)), signs[skipped:], 6


def _hex_pieces(run: str, at: int) -> Iterator[tuple[bytes, Sequence[int], int]]:
    plain = re.sub("0[xX]", "--", run) if "x" in run or "X" in run else run
    signs: Sequence[int]
    if plain.isalnum():
        text, signs = plain, range(at, at + len(plain))
    else:
        signs = [at + number for number, sign in enumerate(plain) if sign in _HEX_SIGNS]
        text = "".join([sign for sign in plain if sign in _HEX_SIGNS])
    for skipped in range(2):
        rest = text[skipped:]
        yield bytes.fromhex(rest[: len(rest) // 2 * 2]), signs[skipped:], 4
