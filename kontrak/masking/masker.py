"""Text is made fit to be written: reports, terminal, ledger, curl lines.

Secrets are masked by two nets, one behind the other: the values we know, however they are encoded
(``kontrak.masking.encodings``), and the values of keys whose name says that they are secret, in
whatever is left of JSON, XML, query, form or header when the text is broken. Then what would act
on a terminal or could not be written is shown as an escape (``kontrak.masking.visible``).

What is too long is shortened by ``shorten`` and nowhere else: it masks first and cuts afterwards,
since no part of a secret is recognised behind a cut.
"""

from __future__ import annotations

import re
import threading
import weakref
from collections.abc import Iterable
from typing import NamedTuple

from kontrak.exchange import Headers, Request
from kontrak.masking.encodings import Secrets
from kontrak.masking.memory import Memory
from kontrak.masking.personal import HIDDEN, Personal
from kontrak.masking.visible import visible

MASK = "****"

_PLAIN_KEYS = (
    r"sign|pin|pwd|pass|cookie|set-cookie|authorization|proxy-authorization|rqid"
    r"|user|user[_-]?name|member[_-]?id|mmid|client[_-]?id|private[_-]?key"
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


# A number in these headers is a length, an age or a time.
_COUNTING_HEADERS = re.compile(
    r"content-length|retry-after|age|date|expires|.*-limit.*|.*-remaining"
)

_BRIEF = 32
"""Characters; a shorter text cannot hold a value that is longer, however that is written."""
_MOST_BRIEF = 4_096

_AHEAD = 65_536
_LONGEST_SECRET = 16_384
"""Characters; a private key in base64 within JSON has less than half."""

_ALIVE: weakref.WeakSet[Masker] = weakref.WeakSet()


class Fit(str):
    """A text that is fit to be written: put together of masked parts and of words of ours.

    Whatever is made of it is a plain ``str`` again.
    """

    __slots__ = ()


def _blot(found: re.Match[str]) -> str:
    return found[1] + "*" * (len(found[0]) - len(found[1]))


class Masker:
    """Replaces secrets by ``****``. Safe to use from several threads.

    A known value shorter than 8 characters is masked where it stands as a value only, since it
    would turn up by chance: see ``kontrak.masking.encodings.ShortSecrets``.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self.personal = Personal()
        self._secrets = Secrets()
        # What was learnt since text was last masked: most signatures are never near any text.
        self._fresh: list[str] = []
        # Names and values of headers, words of summaries: the same thousands of times in a run.
        self._brief: dict[str, str] = {}
        self._brief_of = (0, False)
        self._memory = Memory()
        self._lock = threading.Lock()
        for secret in secrets:
            self.learn(secret)
        _ALIVE.add(self)

    def learn(self, secret: str) -> None:
        """Mask this value from now on: a key, a user name, a signature just computed."""
        if secret:
            with self._lock:
                self._fresh.append(secret)

    def _known(self) -> Secrets:
        with self._lock:
            for secret in dict.fromkeys(self._fresh):
                self._secrets.add(secret)
                if len(secret) < _BRIEF:
                    self._brief = {}
            self._fresh.clear()
        return self._secrets

    def text(self, text: str) -> str:
        """The text fit to be written; doing it again changes nothing."""
        if isinstance(text, Fit):
            return text
        if len(text) >= _BRIEF:
            return self._fit(text)
        self._known()
        state = self.personal.version, self.personal.shown
        if self._brief_of != state or len(self._brief) >= _MOST_BRIEF:
            self._brief, self._brief_of = {}, state
        brief = self._brief
        if text not in brief:
            brief[text] = self._fit(text)
        return brief[text]

    def _fit(self, text: str) -> str:
        masked = self.secrets(text)
        return visible(masked if self.personal.shown else self.personal.hide(masked))

    def plain(self, text: str) -> str:
        """The text without secrets, customers as they are: for the ledger and for fixed phrases."""
        return visible(self.secrets(text))

    def shortens(self, request: Request) -> bool:
        """Whether a customer is shortened where this request is written."""
        sent = f"{request.url} {request.body.decode('utf-8', 'replace')}"
        return not self.personal.shown and bool(self.personal.hidden(self.secrets(sent)))

    def pair(self, expected: str, received: str) -> tuple[str, str]:
        """Two texts that differ, fit to be written.

        The second says so where what is shown of a customer is the same in both.
        """
        shown = self.text(received)
        if not self.personal.shown:
            wanted = self.personal.hidden(expected)
            came = self.personal.hidden(received)
            if any(wanted[one] != came[one] for one in wanted.keys() & came.keys()):
                shown += HIDDEN
        return self.text(expected), shown

    def secrets(self, text: str) -> str:
        """The text with every secret masked and nothing else changed."""
        return self._memory.masked(text, self._known(), self._masked)

    def _masked(self, text: str, bares: list[str]) -> str:
        while True:
            # What is left beside a mask may read like another secret, so: until nothing changes.
            masked = self._mask_known(text, bares)
            for rule in _RULES:
                if rule.needle in masked:
                    masked = rule.pattern.sub(rule.replacement, masked)
            if masked == text:
                return masked
            text = masked

    def blotted(self, text: str) -> str:
        """The text with every character of a secret made an asterisk: all places stay the same."""
        for start, end in self._known().spans(text):
            text = f"{text[:start]}{'*' * (end - start)}{text[end:]}"
        for rule in _RULES:
            if rule.needle in text:
                text = rule.pattern.sub(_blot, text)
        return text

    def bytes(self, body: bytes, limit: int | None = None) -> str:
        """A body as masked text, the first ``limit`` characters; bytes not UTF-8 become U+FFFD."""
        text = body.decode("utf-8", errors="replace")
        if self._known().is_short_one(text.strip("\"' \r\n\t")):
            return MASK
        shown = None if limit is None else cut(text, limit, self)
        return self.text(text) if shown is None else shown

    def headers(self, headers: Headers) -> Headers:
        """Headers with the values of secret ones masked, an Authorization's scheme kept."""
        return tuple((self.text(name), self._header(name, value)) for name, value in headers)

    def structure(self, value: object) -> object:
        """A deep copy of JSON-like data with its strings masked, keys included."""
        return self._structure(value, secret=False)

    def _header(self, name: str, value: str) -> str:
        if not value:
            return value
        if not _SECRET_NAME.fullmatch(name):
            counting = _COUNTING_HEADERS.fullmatch(name.lower())
            whole = not counting and self._known().is_short_one(value.strip("\"' "))
            return MASK if whole else self.text(value)
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

    def _mask_known(self, text: str, bares: list[str]) -> str:
        parts: list[str] = []
        done = 0
        for start, end in self._known().spans(text, bares):
            parts += (text[done:start], MASK)
            done = end
        return "".join((*parts, text[done:])) if parts else text


def shorten(text: str, limit: int, masker: Masker | None = None) -> str:
    """The text, cut after ``limit`` characters if it is longer, its secrets masked before that.

    The one place that cuts what others have written. Without a ``masker`` those of all runs of this
    process are heeded, for places that know of none; what is not cut is not changed.
    """
    shown = cut(text, limit, masker)
    return text if shown is None else f"{shown}... ({len(text)} characters)"


def excerpt(text: str, at: int, length: int) -> str:
    """So many characters of a text from a place on; of a secret that lies across, asterisks."""
    begin = max(0, at - _AHEAD)
    shown = text[begin : at + length + _AHEAD]
    for one in [*_ALIVE, _NAMES_ONLY]:
        shown = one.blotted(shown)
    return visible(shown[at - begin : at - begin + length])


def cut(text: str, limit: int, masker: Masker | None = None) -> str | None:
    """What ``shorten`` leaves of a text that is too long, without its note; None otherwise."""
    if len(text) <= limit:
        return None
    # Of megabytes only the beginning is masked; what stands at its own end may be half a secret.
    shown = text[: limit + _AHEAD]
    unsure = _LONGEST_SECRET if len(shown) < len(text) else 0
    for one in [masker] if masker else [*_ALIVE, _NAMES_ONLY]:
        shown = one.text(shown)
    return shown[: max(0, min(limit, len(shown) - unsure))]


_NAMES_ONLY = Masker()
"""Knows no value; keys whose name says that they are secret are masked."""
