"""Secrets are masked where text is written: reports, terminal, ledger, curl lines.

Two nets, one behind the other: the values we know, in every form they may be written in
(``kontrak.secret_forms``), and the values of keys whose name says that they are secret, in whatever
is left of JSON, XML, query, form or header when the text is broken.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kontrak.exchange import Headers
from kontrak.secret_forms import SHORTEST, forms

MASK = "****"

_PLAIN_KEYS = (
    r"sign|pin|pwd|pass|cookie|set-cookie|authorization|proxy-authorization|rqid"
    r"|user|user[_-]?name|member[_-]?id|client[_-]?id|private[_-]?key"
)
_KEY_ENDINGS = r"signature|api[_-]?key|pass(?:word|wd|phrase)|token|secret|secret[_-]?key"
_KEY = rf"(?:(?:[\w.-]{{0,40}}[_.-])?(?:{_PLAIN_KEYS})|[\w.-]{{0,40}}?(?:{_KEY_ENDINGS}))"

_SECRET_NAME = re.compile(_KEY, re.IGNORECASE)
_SCHEME = re.compile(r"(Basic|Bearer|Digest)\s", re.IGNORECASE)


_STRING = r'"(?:[^"\\]++|\\[\s\S]|\\\Z)*+(?:"|\Z)'
_IN_DOUBLE = r'(?:[^"\\]++|\\[\s\S]|\\\Z)++'
_IN_SINGLE = r"(?:[^'\\]++|\\[\s\S]|\\\Z)++"
# Looking ahead for any key spares most places the long list of names.
_ANY = r"[\w.-]{1,60}"
_ASSIGNED = rf"(?<![\w.%-])(?={_ANY}=){_KEY}="
_MEMBER = rf"""["'](?={_ANY}["']\s*:\s*[\[\d-]){_KEY}["']\s*:\s*"""


class _Rule(NamedTuple):
    """Keeps the pattern's first group and masks the value after it.

    ``needle`` is in every text that the pattern can match.
    """

    needle: str
    pattern: re.Pattern[str]
    replacement: str


def _rule(needle: str, pattern: str, mask: str = MASK) -> _Rule:
    return _Rule(needle, re.compile(pattern, re.IGNORECASE), rf"\1{mask}")


# A value may end with the text instead of its own end.
_RULES = (
    # "key": "value" and Python's 'key': 'value'
    _rule('"', rf"""("(?={_ANY}"\s*:\s*"){_KEY}"\s*:\s*"){_IN_DOUBLE}"""),
    _rule("'", rf"""('(?={_ANY}'\s*:\s*b?'){_KEY}'\s*:\s*b?'){_IN_SINGLE}"""),
    # ('key', 'value'), a header in a traceback
    _rule("'", rf"""(\(\s*'(?={_ANY}'\s*,){_KEY}'\s*,\s*b?'){_IN_SINGLE}"""),
    # \"key\": \"value\", JSON within a string
    _rule('\\"', rf"""((?<!\\)\\+"{_KEY}\\+"\s*:\s*\\+")[^"\\]+"""),
    # "key": 1234
    _rule(":", rf"({_MEMBER})-?\d[\d.eE+-]*", f'"{MASK}"'),
    # "key": ["value", ...]
    _rule("[", rf"""({_MEMBER}\[\s*){_STRING}(?:\s*,\s*{_STRING})*""", f'"{MASK}"'),
    # <key>value</key>, also escaped and as CDATA
    _rule("<![", rf"(<(?:\w+:)?{_KEY}(?:\s[^<>]*)?>\s*<!\[CDATA\[)(?:(?!\]\]>)[\s\S])+"),
    _rule("<", rf"(<(?:\w+:)?{_KEY}(?:\s[^<>]*)?>)(?!\s*<)[^<]+"),
    _rule("&lt;", rf"(&lt;{_KEY}&gt;)(?:(?!&lt;)[^<])+"),
    # <name>key</name><value><string>value, XML-RPC
    _rule("<", rf"(<name>\s*{_KEY}\s*</name>\s*<value>\s*(?:<\w+>)?)(?!\s*<)[^<]+"),
    # key="value", key='value', key=value; key={name} and key=[name] are documentation
    _rule('="', rf"""({_ASSIGNED}")[^"]+"""),
    _rule("=", rf"""({_ASSIGNED}b?')[^']+"""),
    _rule("=", rf"""({_ASSIGNED})(?!b?["']|[\[{{])[^&\s"'<>;,)}}\]\\]+"""),
    # Authorization: Basic value
    _rule(
        ":",
        r"((?<![\w-])(?:(?:proxy-)?authorization|(?:set-)?cookie)[ \t]*:[ \t]*"
        r"(?:(?:Basic|Bearer|Digest)[ \t]+)?)"
        r"""(?!(?:Basic|Bearer|Digest)\s)[^\s"'][^\r\n"']*""",
    ),
    # http://user:password@host
    _rule("://", r"""(://)[^/\s@"'<>]+(?=@)"""),
)


class Masker:
    """Replaces secrets by ``****``. Safe to use from several threads.

    A known value shorter than 4 characters is masked under a secret key only, since it would
    turn up by chance.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        # Forms by their first characters. A run learns thousands of signatures; looking a text's
        # positions up here costs the same for one as for all, which no regular expression does.
        self._forms: dict[str, tuple[str, ...]] = {}
        # What was learnt since text was last masked: most signatures are never near any text.
        self._fresh: list[str] = []
        self._lock = threading.Lock()
        for secret in secrets:
            self.learn(secret)

    def learn(self, secret: str) -> None:
        """Mask this value from now on: a key, a user name, a signature just computed."""
        if len(secret) >= SHORTEST:
            with self._lock:
                self._fresh.append(secret)

    def _known(self) -> dict[str, tuple[str, ...]]:
        with self._lock:
            for secret in dict.fromkeys(self._fresh):
                for form in forms(secret):
                    head = form[:SHORTEST]
                    known = self._forms.get(head, ())
                    if form not in known and form not in MASK:
                        self._forms[head] = tuple(sorted((*known, form), key=len, reverse=True))
            self._fresh.clear()
        return self._forms

    def text(self, text: str) -> str:
        """The text with every secret masked; masking it again changes nothing."""
        while True:
            # What is left beside a mask may read like another secret, so: until nothing changes.
            masked = self._mask_known(text)
            for rule in _RULES:
                if rule.needle in masked:
                    masked = rule.pattern.sub(rule.replacement, masked)
            if masked == text:
                return masked
            text = masked

    def bytes(self, body: bytes) -> str:
        """A body as masked text; bytes that are not UTF-8 become U+FFFD."""
        return self.text(body.decode("utf-8", errors="replace"))

    def headers(self, headers: Headers) -> Headers:
        """Headers with the values of secret ones masked, an Authorization's scheme kept."""
        return tuple((name, self._header(name, value)) for name, value in headers)

    def structure(self, value: object) -> object:
        """A deep copy of JSON-like data with its strings masked, keys included."""
        return self._structure(value, secret=False)

    def _header(self, name: str, value: str) -> str:
        if not value or not _SECRET_NAME.fullmatch(name):
            return self.text(value)
        scheme = _SCHEME.match(value)
        return f"{scheme[1]} {MASK}" if scheme else MASK

    def _structure(self, value: object, *, secret: bool) -> object:
        if isinstance(value, str):
            return MASK if secret and value else self.text(value)
        if isinstance(value, dict):
            return {
                self.text(key) if isinstance(key, str) else key: self._structure(
                    inner, secret=isinstance(key, str) and bool(_SECRET_NAME.fullmatch(key))
                )
                for key, inner in value.items()
            }
        if isinstance(value, list | tuple):
            inner_values = [self._structure(inner, secret=secret) for inner in value]
            return tuple(inner_values) if isinstance(value, tuple) else inner_values
        if secret and isinstance(value, int | float) and not isinstance(value, bool):
            return MASK
        return value

    def _mask_known(self, text: str) -> str:
        parts: list[str] = []
        end = 0
        for start, stop in self._spans(text):
            parts += (text[end:start], MASK)
            end = stop
        return "".join((*parts, text[end:])) if parts else text

    def _spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Where known values stand, overlapping ones as one."""
        known = self._known()
        begin = end = -1
        places = range(len(text) - SHORTEST + 1)
        for start in [each for each in places if text[each : each + SHORTEST] in known]:
            for form in known[text[start : start + SHORTEST]]:
                if text.startswith(form, start):
                    if start >= end:
                        if end > 0:
                            yield begin, end
                        begin = start
                    end = max(end, start + len(form))
                    break
        if end > 0:
            yield begin, end
