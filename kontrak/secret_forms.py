"""The forms in which a secret may turn up in written text."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Iterator
from urllib.parse import quote, quote_plus
from xml.sax.saxutils import escape

SHORTEST = 4
"""Characters; a shorter form would be found in any text by chance."""

_XML_QUOTES = {'"': "&quot;", "'": "&apos;"}
_XML_SPACES = {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}
_PERCENT_SAFE = ("", "/", "!~*'()", "/?:@!$&'()*+,;=")


def forms(secret: str) -> frozenset[str]:
    """Every form of ``secret`` of at least 4 characters.

    Raw; JSON with and without ``ensure_ascii``, with ``/`` escaped or not; XML and HTML; percent
    encoding as of ``quote`` and ``quote_plus``; hex; base64 (standard and URL-safe, padded or not),
    also as part of a longer value. Hexadecimal digits come in both cases.
    """
    raw = secret.encode("utf-8", errors="surrogatepass")
    found = {secret, raw.hex(), raw.hex().upper(), *_base64(raw)}
    # Letters and digits are written as they are everywhere else; most signatures are such.
    if not (secret.isascii() and secret.isalnum()):
        found |= {*_json(secret), *_markup(secret), *_percent(raw)}
    if _is_hex(secret):
        found |= {secret.lower(), secret.upper()}
    return frozenset(form for form in found if len(form) >= SHORTEST)


def _json(secret: str) -> Iterator[str]:
    for ensure_ascii in (False, True):
        form = json.dumps(secret, ensure_ascii=ensure_ascii)[1:-1]
        for each in (form, form.replace("/", "\\/")):
            yield each
            yield _upper_digits(each, "\\u", 4)


def _markup(secret: str) -> Iterator[str]:
    for quotes in (_XML_QUOTES, {'"': "&quot;"}, {}):
        yield escape(secret, quotes)
        yield escape(secret, quotes | _XML_SPACES)
    yield html.escape(secret)
    yield html.escape(secret).replace("&#x27;", "&#39;")


def _percent(raw: bytes) -> Iterator[str]:
    for safe in _PERCENT_SAFE:
        for form in (quote(raw, safe=safe), quote_plus(raw, safe=safe)):
            yield form
            yield _lower_digits(form)


def _base64(raw: bytes) -> Iterator[str]:
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        whole = encode(raw).decode("ascii")
        yield whole
        yield whole.rstrip("=")
        # Within a longer value, "user:secret" for one, a secret starts at any of three places of a
        # group; the characters that it alone decides are the same each time.
        for offset in range(3):
            padded = encode(bytes(offset) + raw).decode("ascii")
            first = -(-offset * 8 // 6)
            last = (offset + len(raw)) * 8 // 6
            if last - first > SHORTEST:
                yield padded[first:last]


def _is_hex(text: str) -> bool:
    return all(each in "0123456789abcdefABCDEF" for each in text)


def _upper_digits(text: str, mark: str, count: int) -> str:
    head, *rest = text.split(mark)
    return mark.join((head, *(each[:count].upper() + each[count:] for each in rest)))


def _lower_digits(text: str) -> str:
    head, *rest = text.split("%")
    return "%".join((head, *(each[:2].lower() + each[2:] for each in rest)))
