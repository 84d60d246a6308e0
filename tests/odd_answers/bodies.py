"""Odd bodies: what a provider may send in place of the answer that its document shows.

An ``Oddity`` changes the honest answers to one operation. Those of JSON and XML go through every
place of an answer; the values are written as JSON text, since most of them are what no encoder
writes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from xml.sax.saxutils import escape

from kontrak.sandbox.http import SandboxResponse
from tests.odd_answers.values import MARK, TEXTS, VALUES

Body = Callable[[bytes], bytes]
Change = Callable[[SandboxResponse], SandboxResponse]

WHOLE: Mapping[str, Body] = {
    "empty": lambda _: b"",
    "blank": lambda _: b" \r\n\t",
    "null": lambda _: b"null",
    "true": lambda _: b"true",
    "number": lambda _: b"0",
    "digits": lambda _: b"9" * 5_000,
    "text": lambda _: b'"x"',
    "half a pair": lambda _: b'"\\ud800"',
    "array": lambda _: b"[]",
    "array of null": lambda _: b"[null]",
    "array of objects": lambda _: b"[{}, {}]",
    "object": lambda _: b"{}",
    "object of nothing": lambda _: b'{"data": null, "meta": null, "errors": null}',
    "empty members": lambda _: b'{"data": {}, "meta": [], "errors": [null, {}, 1]}',
    "nested": lambda _: b'{"data":' * 800 + b"1" + b"}" * 800,
    "nested too deeply": lambda _: b"[" * 10_000,
    "truncated": lambda body: body[: len(body) // 2],
    "without its end": lambda body: body[:-1],
    "garbage behind": lambda body: body + b"\r\n<br />\n<b>Warning</b>: x in <b>/a.php</b>",
    "garbage before": lambda body: b"\n<b>Notice</b>: x\n" + body,
    "twice": lambda body: body + body,
    "byte order mark": lambda body: b"\xef\xbb\xbf" + body,
    "UTF-16": lambda body: body.decode("utf-8", "replace").encode("utf-16"),
    "UTF-16 without mark": lambda body: body.decode("utf-8", "replace").encode("utf-16-be"),
    "UTF-32": lambda body: body.decode("utf-8", "replace").encode("utf-32"),
    "Latin-1": lambda body: body.replace(b"A", b"\xc4"),
    "wrong UTF-8": lambda body: body.replace(b"A", b"\xed\xa0\x80"),
    "NUL": lambda body: b"\0" + body + b"\0" * 9,
    "bytes": lambda _: bytes(range(256)),
    "in an array": lambda body: b"[" + body + b"]",
    "in data": lambda body: b'{"data": ' + body + b"}",
    "as text": lambda body: json.dumps(body.decode("utf-8", "replace")).encode(),
    "callback": lambda body: b"callback(" + body + b");",
    "guarded": lambda body: b")]}',\n" + body,
    "single quotes": lambda body: body.replace(b'"', b"'"),
    "comment": lambda body: b"/* x */" + body,
    "page": lambda _: b"<!DOCTYPE html><html><body>\x1b[2J maintenance</body></html>",
    "XML": lambda _: b'<?xml version="1.0"?><mp><rc>00</rc></mp>',
    "form": lambda _: b"rc=00&status=success&price=302500",
    "everything twice": lambda body: re.sub(rb'("\w+":)', rb"\1 1, \1", body),
    "blanks and backslashes": lambda body: b" " * 20_000 + b"\\" * 20_000 + body,
    "a megabyte": lambda _: b'{"data": "' + b"x" * 1_000_000 + b'"}',
}
"""Odd bodies whatever the format is; each is given the honest one."""

XML_WHOLE: Mapping[str, Body] = {
    "entity": lambda body: _behind(body, b'<!DOCTYPE mp [<!ENTITY x "y">]>'),
    "outer entity": lambda body: _behind(body, b'<!DOCTYPE mp SYSTEM "http://127.0.0.1:9/x">'),
    "laughs": lambda body: _behind(
        body,
        b'<!DOCTYPE mp [<!ENTITY a "' + b"x" * 99 + b'"><!ENTITY b "' + b"&a;" * 99 + b'">]>',
    ),
    "unknown entity": lambda body: body.replace(b"</", b"&nbsp;</", 3),
    "CDATA": lambda body: re.sub(rb">([^<>]+)</", rb"><![CDATA[\1]]></", body),
    "unclosed CDATA": lambda body: re.sub(rb">([^<>]+)</", rb"><![CDATA[\1</", body),
    "another root": lambda body: body.replace(b"<mp", b"<x").replace(b"</mp", b"</x"),
    "namespace": lambda body: body.replace(b"<mp", b'<mp xmlns="urn:x"', 1),
    "prefix": lambda body: body.replace(b"<mp", b'<p:mp xmlns:p="urn:x"', 1).replace(
        b"</mp", b"</p:mp"
    ),
    "unbound prefix": lambda body: body.replace(b"<mp", b"<p:mp", 1).replace(b"</mp", b"</p:mp"),
    "everything twice": lambda body: re.sub(rb"(<(\w+)>[^<>]*</\2>)", rb"\1\1", body),
    "everything 50 times": lambda body: re.sub(
        rb"(<(\w+)>[^<>]*</\2>)", lambda found: found[1] * 50, body
    ),
    "attributes": lambda body: re.sub(rb"<(\w+)>", rb'<\1 x="1">', body),
    "attribute twice": lambda body: re.sub(rb"<(\w+)>", rb'<\1 x="1" x="2">', body),
    "comments": lambda body: body.replace(b"</", b"<!-- x --></"),
    "instruction": lambda body: body.replace(b"</", b"<?php exit ?></"),
    "elements in texts": lambda body: re.sub(rb">([^<>]+)</", rb">\1<x/>\1</", body),
    "unknown encoding": lambda body: _declared(body, b"x-none"),
    "UTF-16 declared": lambda body: _declared(body, b"UTF-16"),
    "Latin-1 declared": lambda body: _declared(body, b"ISO-8859-1"),
    "EBCDIC declared": lambda body: _declared(body, b"cp037"),
    "base64 declared": lambda body: _declared(body, b"base64"),
    "XML 1.1": lambda body: body.replace(b'version="1.0"', b'version="1.1"'),
    "two declarations": lambda body: b'<?xml version="1.0"?>' + body,
    "nested": lambda _: b"<mp>" + b"<a>" * 400 + b"</a>" * 400 + b"</mp>",
    "nested too deeply": lambda _: b"<a>" * 10_000 + b"</a>" * 10_000,
    "empty root": lambda _: b"<mp/>",
    "control character": lambda body: body.replace(b"</", b"\x1b</", 1),
    "as JSON": lambda _: b'{"mp": {"response_code": "00"}}',
}


@dataclass(frozen=True, slots=True)
class Oddity:
    """One change to the honest answers to an operation.

    ``whole`` reports that no answer of that operation can be read any more.
    """

    operation: str
    name: str
    change: Change
    whole: bool = False

    def __str__(self) -> str:
        return f"{self.operation}: {self.name}"


def oddities(operation: str, honest: SandboxResponse) -> Iterator[Oddity]:
    """All that is tried in place of an answer like this one."""
    for name, body in WHOLE.items():
        yield Oddity(operation, f"whole {name}", _with_body(body), name in _UNREADABLE)
    text = honest.body.lstrip()
    if text.startswith((b"{", b"[")):
        yield from _of_json(operation, honest.body)
    elif text.startswith(b"<"):
        yield from _of_xml(operation, honest.body)
    else:
        yield from _of_text(operation, honest.body)
    yield from _of_head(operation)


_UNREADABLE = frozenset({
    "empty", "blank", "null", "number", "array", "object", "truncated", "bytes", "page",
})  # fmt: skip


def _with_body(body: Body) -> Change:
    return lambda honest: replace(honest, body=body(honest.body))


def _of_json(operation: str, honest: bytes) -> Iterator[Oddity]:
    for place in _places(json.loads(honest)):
        shown = ".".join(map(str, place))
        for name, value in VALUES.items():
            change = _with_body(_putting(place, value))
            yield Oddity(operation, f"{shown} is {name}", change)
        for name, edit in _EDITS.items():
            yield Oddity(operation, f"{shown} {name}", _with_body(_edited(place, edit)))


def _places(document: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every member of a document, of lists the last element only."""
    if isinstance(document, dict):
        for key, value in document.items():
            yield (*path, key)
            yield from _places(value, (*path, key))
    elif isinstance(document, list) and document:
        yield (*path, -1)
        yield from _places(document[-1], (*path, -1))


def _putting(place: tuple[str | int, ...], value: str) -> Body:
    """Put a value, written as JSON, into a place."""

    def body(honest: bytes) -> bytes:
        def put(holder: Any, key: Any) -> None:
            holder[key] = MARK

        marked = _edited(place, put)(honest).decode()
        return marked.replace(f'"{MARK}"', value).encode()

    return body


def _edited(place: tuple[str | int, ...], edit: Callable[[Any, Any], None]) -> Body:
    """Change what holds a place; the body as it is where there is no such place."""

    def body(honest: bytes) -> bytes:
        try:
            document = holder = json.loads(honest)
            for step in place[:-1]:
                holder = holder[step]
            edit(holder, place[-1])
        except (ValueError, LookupError, TypeError):
            return honest
        return json.dumps(document).encode()

    return body


def _drop(holder: Any, key: Any) -> None:
    del holder[key]


def _rename(holder: Any, key: Any) -> None:
    if isinstance(holder, dict):
        holder[f"{key}\ud800\0"] = holder.pop(key)


def _beside(holder: Any, key: Any) -> None:
    if isinstance(holder, dict):
        holder |= {"": None, "\x1b[2J": [], "A" * 5_000: {}, "\ud83d": "\ud83d", "[x]": holder[key]}


def _listed(holder: Any, key: Any) -> None:
    holder[key] = [holder[key]] * 3


def _texted(holder: Any, key: Any) -> None:
    holder[key] = json.dumps(holder[key])


_EDITS: Mapping[str, Callable[[Any, Any], None]] = {
    "is left out": _drop,
    "has an odd name": _rename,
    "has odd neighbours": _beside,
    "is a list of itself": _listed,
    "is JSON in a text": _texted,
}


def _behind(body: bytes, doctype: bytes) -> bytes:
    """A document type, behind the declaration if there is one."""
    head, mark, rest = body.partition(b"?>")
    return head + mark + doctype + rest if mark else doctype + body


def _declared(body: bytes, encoding: bytes) -> bytes:
    rest = body.partition(b"?>")[2] or body
    return b'<?xml version="1.0" encoding="' + encoding + b'"?>' + rest


def _of_xml(operation: str, honest: bytes) -> Iterator[Oddity]:
    for name, body in XML_WHOLE.items():
        yield Oddity(operation, f"whole XML {name}", _with_body(body))
    for tag in dict.fromkeys(re.findall(rb"<(\w+)>", honest)):
        pattern = re.compile(rb"<(" + tag + rb")>.*?</" + tag + rb">", re.DOTALL)
        for name, inside in _INSIDE.items():
            change = _with_body(_replacing(pattern, inside))
            yield Oddity(operation, f"{tag.decode()} is {name}", change)


def _replacing(pattern: re.Pattern[bytes], inside: bytes) -> Body:
    return lambda honest: pattern.sub(
        lambda found: b"<" + found[1] + b">" + inside + b"</" + found[1] + b">", honest
    )


_INSIDE: Mapping[str, bytes] = {
    **{
        name: escape(text).encode("utf-8", "replace")
        for name, text in TEXTS.items()
        if name not in {"NUL", "terminal"}
    },
    "a character reference": b"&#xD800;",
    "an element": b"<x>1</x>",
    "elements": b"<x/><x/>",
    "nested": b"<x>" * 300 + b"</x>" * 300,
    "text and elements": b"1<x/>2",
    "blank lines": b"\n\n",
}


def _of_text(operation: str, honest: bytes) -> Iterator[Oddity]:
    for name, text in TEXTS.items():
        odd = text.encode("utf-8", "surrogatepass")
        yield Oddity(operation, f"text {name}", _with_body(_always(odd)))
        for number, _ in enumerate(re.finditer(rb"[\w.]+", honest)):
            change = _with_body(_word_replaced(number, odd))
            yield Oddity(operation, f"word {number} is {name}", change)
    for name, body in _TEXT_EDITS.items():
        yield Oddity(operation, f"text {name}", _with_body(body))


def _always(odd: bytes) -> Body:
    return lambda _: odd


def _word_replaced(number: int, odd: bytes) -> Body:
    def body(honest: bytes) -> bytes:
        words = list(re.finditer(rb"[\w.]+", honest))
        if number >= len(words):
            return honest
        found = words[number]
        return honest[: found.start()] + odd + honest[found.end() :]

    return body


_TEXT_EDITS: Mapping[str, Body] = {
    "1,000 times": lambda body: body * 1_000,
    "in lines": lambda body: body.replace(b" ", b"\r\n"),
    "without blanks": lambda body: body.replace(b" ", b""),
    "with many blanks": lambda body: body.replace(b" ", b" " * 3_000),
    "in capitals": lambda body: body.upper(),
    "in small letters": lambda body: body.lower(),
    "backwards": lambda body: body[::-1],
    "in tags": lambda body: b"<pre>" + body + b"</pre>",
    "half a tag": lambda body: b"<" * 5_000 + body,
    "with odd digits": lambda body: body.replace(b"0", "\u0660".encode()),
    "with entities": lambda body: body.replace(b" ", b"&nbsp;"),
    "with marks": lambda body: b"Rp. -,-" * 500 + body,
}

_CONTENT_TYPES = (
    "", ";", "text/html", "image/png", "application/json; charset=x-none", "application/JSON",
    "application/json; charset=utf-16", "multipart/form-data; boundary=", "x" * 5_000,
    "application/json\x1b[2J", "application/json, text/html", "\xe9\xff",
)  # fmt: skip
_LOCATIONS = ("", "http://[", "//", "http://127.0.0.1:9/login", "javascript:x", "\x1b[2J", "?x")


def _of_head(operation: str) -> Iterator[Oddity]:
    """Odd statuses and headers, the body being as it is."""
    statuses = (*range(100, 600, 7), 401, 403, 404, 407, 500, 502, 503, 504, 520, 600, 999, 0, 1000)
    for status in statuses:
        yield Oddity(operation, f"HTTP {status}", _with_status(status))
    for kind in _CONTENT_TYPES:
        yield Oddity(
            operation, f"Content-Type {kind[:40]!r}", _with_headers(("Content-Type", kind))
        )
    yield Oddity(operation, "no header", _with_headers())
    many = tuple((f"X-{number}", "x") for number in range(300))
    yield Oddity(operation, "300 headers", _with_headers(*many))
    for place in _LOCATIONS:
        change = _with_headers(("Location", place), status=302)
        yield Oddity(operation, f"Location {place!r}", change)


def _with_status(status: int) -> Change:
    return lambda honest: replace(honest, status=status)


def _with_headers(*headers: tuple[str, str], status: int = 200) -> Change:
    return lambda honest: replace(honest, headers=headers, status=status)
