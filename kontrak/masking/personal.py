"""Customers' names, addresses and numbers: known from the target and the answers, shown shortened.

A report leaves for a partner, so it shows ``RINA K******`` and ``5300******01``: enough to see what
differs, not who it is. ``[reports] personal_data = "show"`` of a target shows them as they are.
"""

from __future__ import annotations

import html
import json
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, quote, quote_plus, urlsplit

from kontrak.config.registry import PROVIDERS
from kontrak.exchange import Exchange

HIDDEN = " (the difference is in the part that is not shown)"
"""Added to what was received where both values look the same shortened."""

_NAMES = frozenset(
    (
        "tr_name",
        "client_name",
        "customer_name",
        "nama_pelanggan",
        "subscriber_name",
        "milik_kenama",
        "nama_wp",
        "alamat",
        "address",
    )
)
_NUMBERS = frozenset(
    (
        "hp",
        "customer_no",
        "customer_id",
        "customer_number",
        "client_number",
        "dest",
        "phone",
        "phone_number",
        "msisdn",
        "nik",
        "nomor_identitas",
        "id_pelanggan",
        "no_pelanggan",
        "idpel",
        "nomor_polisi",
        "no_pol",
        "nomor_rangka",
        "no_rangka",
        "nomor_mesin",
        "machine_number",
        "meter_id",
    )
)
# A name in an object that has one of these is a product's or a list entry's label.
_THINGS = frozenset(
    (
        "value",
        "kode",
        "harga",
        "kategori",
        "type",
        "id",
        "operator",
        "product_name",
    )
)
_NAME_LABEL = re.compile(r"(?:atas )?nama(?: pelanggan.*| pemilik.*)?|alamat.*", re.IGNORECASE)
_LABEL = re.compile(r"(?:atas )?nama(?: pelanggan)?|alamat", re.IGNORECASE)
_NUMBER_LABEL = re.compile(
    r".*(?:pelanggan|\bhp|telepon|\bnik\b|polisi|rangka|krangka|mesin).*", re.IGNORECASE
)
# Bounded, as an answer may be a megabyte of blanks.
_IN_TEXT = re.compile(r"DATA:\s{0,9}([^\"\n\\]{2,80}?)\s{1,9}TAGIHAN:")
_ELEMENT = re.compile(r"<([\w-]{1,40})>([^<>]{2,200})</\1>")
_TARGET_KEYS = frozenset(
    (
        "success",
        "other",
        "pending_success",
        "pending_failed",
        "failed",
        "wrong_number",
        "two_bills",
        "number",
        "client_number",
        "customer",
    )
)
_MOST_NAMES = 500
_LEAST_DIGITS, _LEAST_FROM_ANSWER, _WHOLE_ENDS = 5, 8, 10
_FIRST_LETTERS = 4
# Words that a wrong answer may give for a name, and that reports are full of.
_NO_NAMES = frozenset(
    (
        "success",
        "sukses",
        "failed",
        "gagal",
        "pending",
        "proses",
        "string",
        "null",
        "none",
        "true",
        "false",
        # A service may give its own name, which stands in every clause's id.
        *PROVIDERS,
    )
)
_TOKEN = re.compile(r"(?<![^\W_])(?=[A-Za-z]*[0-9])[A-Za-z0-9]{5,40}(?![^\W_])")


class Personal:
    """What is known of customers. Safe to use from several threads."""

    def __init__(self) -> None:
        self.shown = False
        self.version = 0
        self._numbers: frozenset[str] = frozenset()
        self._names: dict[str, str] = {}
        self._pattern: re.Pattern[str] | None = None
        self._lock = threading.Lock()

    def learn_target(self, table: Any, secrets: tuple[str, ...] = ()) -> None:
        """Learn the customer numbers of a target's table, wherever they stand in it."""
        for key, value in _leaves(table, ""):
            number = key in _TARGET_KEYS or (value.isdigit() and len(value) > _LEAST_DIGITS)
            if number and value not in secrets and "://" not in value:
                self._learn_number(value, _LEAST_DIGITS)

    def look(self, exchange: Exchange) -> None:
        """Learn the customer data of an exchange."""
        request = exchange.request
        if request.right:
            self._learn(_members(request.body), _LEAST_DIGITS)
            self._learn(parse_qsl(urlsplit(request.url).query), _LEAST_DIGITS)
        # An answer that is wrong may give an amount for a number.
        self._learn(_members(exchange.reply.body), _LEAST_FROM_ANSWER if request.right else None)

    def hide(self, text: str) -> str:
        """The text with everything personal shortened, whatever the target says."""
        if self._numbers:
            text = _TOKEN.sub(self._number, text)
        return self._pattern.sub(self._name, text) if self._pattern else text

    def hidden(self, text: str) -> Mapping[str, set[str]]:
        """What ``hide`` shortens in a text, by what it is shortened to."""
        found: dict[str, set[str]] = {}
        patterns = [_TOKEN, *([self._pattern] if self._pattern else [])]
        for pattern, shorten in zip(patterns, (self._number, self._name), strict=False):
            for one in pattern.finditer(text):
                if (short := shorten(one)) != one[0]:
                    found.setdefault(short, set()).add(one[0])
        return found

    def _learn(self, members: Iterable[tuple[str, str]], least: int | None) -> None:
        """Learn names, and numbers of at least so many characters."""
        for name, value in members:
            if name in _NAMES:
                self._learn_name(value)
            elif least is not None and name in _NUMBERS:
                self._learn_number(value, least)

    def _learn_number(self, value: str, least: int) -> None:
        value = value.strip()
        if len(value) < least or not any(each.isdigit() for each in value):
            return
        if value not in self._numbers and _TOKEN.fullmatch(value):
            with self._lock:
                self._numbers |= {value}
                self.version += 1

    def _learn_name(self, value: str) -> None:
        name = " ".join(value.split())
        letters = sum(each.isalpha() for each in name)
        if letters < _FIRST_LETTERS or "*" in name or name.casefold() in _NO_NAMES:
            return
        # "Nama Pelanggan" is a word for a name, in documents and sandboxes.
        if _LABEL.fullmatch(name) or len(self._names) > _MOST_NAMES * len(_SPELLINGS):
            return
        with self._lock:
            known = {**self._names, **{_key(spell(name)): name for spell in _SPELLINGS}}
            if len(known) == len(self._names):
                return
            self._names = known
            options = "|".join(
                r"\s+".join(re.escape(part) for part in one.split())
                for one in sorted(known, key=len, reverse=True)
            )
            # What a name begins with may be a name too: "RINA" in "RINA K******" is not one.
            self._pattern = re.compile(
                rf"(?<![^\W_])(?:{options})(?![^\W_])(?!(?:\s+[^\W_])?\*)", re.IGNORECASE
            )
            self.version += 1

    def _number(self, found: re.Match[str]) -> str:
        token = found[0]
        if token in self._numbers:
            return short_number(token)
        if token.isdigit() and len(token) > _WHOLE_ENDS:
            # A request that is wrong on purpose may ask for a number with a digit too many.
            for number in self._numbers:
                if len(number) >= _WHOLE_ENDS and number in token:
                    token = token.replace(number, short_number(number))
        return token

    def _name(self, found: re.Match[str]) -> str:
        name = self._names.get(_key(found[0]), found[0])
        return short_name(found[0] if _key(name) == _key(found[0]) else name)


def short_number(number: str) -> str:
    """``530000000001`` as ``5300******01``, as long as it was."""
    first = 4 if len(number) >= _WHOLE_ENDS else 2 if len(number) > _LEAST_DIGITS else 1
    last = 2 if len(number) > _LEAST_DIGITS else 1
    return f"{number[:first]}{'*' * (len(number) - first - last)}{number[len(number) - last :]}"


def short_name(name: str) -> str:
    """``RINA KARTIKA`` as ``RINA K******``: lengths, first letters and blanks stay."""
    first, *rest = re.split(r"(\s+)", name)
    kept = _FIRST_LETTERS if rest else min(_FIRST_LETTERS, len(first) // 2)
    parts = [_begin(first, kept), *(one if one.isspace() else _begin(one, 1) for one in rest)]
    return "".join(parts)


def _begin(word: str, kept: int) -> str:
    return word[:kept] + "*" * (len(word) - kept)


def _key(name: str) -> str:
    return " ".join(name.split()).casefold()


_SPELLINGS: tuple[Callable[[str], str], ...] = (
    str,
    html.escape,
    # JSON allows half a surrogate pair.
    lambda name: quote(name, errors="surrogatepass"),
    lambda name: quote_plus(name, errors="surrogatepass"),
    lambda name: json.dumps(name)[1:-1],
    lambda name: html.escape(name, quote=False),
)


def _members(body: bytes) -> list[tuple[str, str]]:
    """Names and values of whatever may be personal in a body."""
    text = body.decode("utf-8", "replace")
    found = [("alamat", one[1]) for one in _IN_TEXT.finditer(text)]
    if text.lstrip()[:1] == "<":
        return found + [(one[1], html.unescape(one[2])) for one in _ELEMENT.finditer(text)]
    try:
        # As text: Python converts no integer of thousands of digits.
        document = json.loads(text, parse_int=str)
        return found + list(_named(document))
    except (ValueError, RecursionError):
        return found


def _named(value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        yield from _labelled(value)
        for name, inner in value.items():
            if isinstance(inner, str | int) and not isinstance(inner, bool):
                yield name, str(inner)
            else:
                yield from _named(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _named(inner)


def _labelled(value: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """A name that only its surroundings make one: of a list of entries, or of no product."""
    label, reported = value.get("name"), value.get("value")
    if isinstance(label, str) and isinstance(reported, str):
        if _NAME_LABEL.fullmatch(label):
            yield "alamat", reported
        elif _NUMBER_LABEL.fullmatch(label):
            yield "hp", reported
    elif _NUMBERS & set(value) or not _THINGS & set(value):
        for name in ("name", "nama"):
            if isinstance(value.get(name), str):
                yield "alamat", value[name]


def _leaves(value: Any, key: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield key, value
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _leaves(inner, name)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _leaves(inner, key)
