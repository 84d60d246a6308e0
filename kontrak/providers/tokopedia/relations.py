"""Relations between values of one product's messages, as data, and whether they hold.

A *term* names one value: ``inquiry.sales_price`` is an attribute of a message, ``order#4 Total
Bayar`` the fifth entry of its documented list, whose name is given too since names repeat. The
messages are ``inquiry``, ``checkout`` and ``order`` (answers), ``asked`` and ``request`` (what the
inquiry and the checkout sent);
``MESSAGE.id`` is the id of its document, and ``request.zone_id`` may also be one of its ``fields``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from itertools import combinations
from typing import Any
from urllib.parse import unquote_plus

from kontrak.providers.tokopedia.formats import amount, moment

MESSAGES: Mapping[str, str] = {
    "inquiry": "inquiry_response",
    "checkout": "checkout_response",
    "order": "order_response",
    "asked": "inquiry_request",
    "request": "checkout_request",
}
"""Each message a term can name, and the payload that shows it."""

LISTS: Mapping[str, str] = {"inquiry": "inquiry_result", "order": "fulfillment_result"}
"""The attribute that holds a message's list of entries."""

HOLDS, BROKEN, EMPTY = "holds", "broken", "empty"
_MASK = re.compile(r"\*|xx")
_TERM = re.compile(r"(?P<message>\w+)(\.(?P<attribute>\w+)|#(?P<entry>\d+) (?P<name>.+))")


@dataclass(frozen=True, slots=True)
class Relation:
    """One relation of a product.

    ``how`` is ``equal`` (``left`` plus ``plus`` less ``minus`` is one of ``right``, as numbers),
    ``at_most`` (it is no more than one of ``right``), ``text`` (the left value is one of the right
    ones, letter for letter), ``padded`` (the same but for leading zeros), ``digits`` (the same
    digits, whatever separates them), ``mask`` (compatible where either is masked), ``length`` (a
    list has as many parts as ``right`` says), ``months`` (as ``mask``, bill by bill) or ``range``
    (``1124-1134`` spans it). All of ``left``
    is needed to compare; ``plus`` and ``minus`` count where they are present. ``maybe_plus`` and
    ``maybe_minus`` are what no example shows above nothing (a penalty, a discount, a fee): whether
    they are in the sum is not reported, so it may hold with them or without.

    ``reading`` is ``strict`` (fails), ``warn`` or ``none`` (observed only). ``sample`` says how the
    document's own example fares: ``holds``, ``broken`` or ``empty`` (nothing to compare).
    ``register`` is the entry of the register of contradictions that decided the reading.
    """

    id: str
    how: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    reading: str
    source: str
    plus: tuple[str, ...] = ()
    minus: tuple[str, ...] = ()
    maybe_plus: tuple[str, ...] = ()
    maybe_minus: tuple[str, ...] = ()
    register: str | None = None
    sample: str = HOLDS

    @classmethod
    def from_json(cls, stated: Mapping[str, Any]) -> Relation:
        """The relation from its entry in ``products.json``."""
        return cls(
            id=stated["id"],
            how=stated["how"],
            left=tuple(stated.get("left", ())),
            right=tuple(stated["right"]),
            reading=stated["reading"],
            source=stated["source"],
            plus=tuple(stated.get("plus", ())),
            minus=tuple(stated.get("minus", ())),
            maybe_plus=tuple(stated.get("maybe_plus", ())),
            maybe_minus=tuple(stated.get("maybe_minus", ())),
            register=stated.get("register"),
            sample=stated.get("sample", HOLDS),
        )

    def as_json(self) -> dict[str, Any]:
        """Its entry in ``products.json``: without what is empty or ``holds``."""
        stated = asdict(self).items()
        return {key: held for key, held in stated if held not in ((), None, HOLDS)}


def evaluate(relation: Relation, messages: Mapping[str, Mapping[str, Any]]) -> str:
    """``holds``, ``broken`` or ``empty`` for documents by message name (``inquiry`` and so on).

    The lists of the messages must be the documented ones, entry for entry: align optional entries
    first. ``empty`` is the answer whenever a value that is needed is absent, null or "".
    """
    left = [value(term, messages) for term in relation.left]
    right = _present(relation.right, messages)
    if not right or None in left:
        return EMPTY
    if relation.how == "months":
        return _months(str(left[0]), [str(other) for other in right])
    if relation.how in _NUMERIC:
        more = [*left, *_present(relation.plus, messages)]
        less = _present(relation.minus, messages)
        return _numbers(relation.how, more, less, right, _open(relation, messages))
    holds = _TEXT[relation.how]
    return HOLDS if any(holds(str(left[0]), str(other)) for other in right) else BROKEN


def value(term: str, messages: Mapping[str, Mapping[str, Any]]) -> object | None:
    """What a term names; ``None`` when it is absent, null or empty.

    Raises ``ValueError`` when the entry at that place has another name.
    """
    found = _TERM.fullmatch(term)
    if found is None:
        raise ValueError(f"not a term: {term}")
    message = messages.get(found["message"])
    if message is None:
        return None
    attributes = message["data"]["attributes"]
    if found["attribute"] == "id":
        return message["data"].get("id") or None
    if found["attribute"]:
        held = attributes.get(found["attribute"], _field(attributes, found["attribute"]))
        return None if held == "" else held
    entries = attributes.get(LISTS[found["message"]]) or []
    place = int(found["entry"])
    name = entries[place]["name"] if place < len(entries) else None
    if name != found["name"]:
        raise ValueError(f"{term}: the entry there is {name!r}")
    return entries[place]["value"] or None


def _field(attributes: Mapping[str, Any], name: str) -> object | None:
    fields = attributes.get("fields")
    # What is no list of named entries has a clause of its own.
    named = [one for one in fields if isinstance(one, dict)] if isinstance(fields, list) else []
    return next((one.get("value") for one in named if one.get("name") == name), None)


def _open(relation: Relation, messages: Mapping[str, Mapping[str, Any]]) -> list[int]:
    """The numbers that may be in the sum or not."""
    more = [measured(held) for held in _present(relation.maybe_plus, messages)]
    less = [_negative(measured(held)) for held in _present(relation.maybe_minus, messages)]
    return [number for number in (*more, *less) if number]


_NUMERIC = frozenset({"equal", "at_most", "length", "range"})


def _numbers(
    how: str,
    left: Sequence[object],
    minus: Sequence[object],
    right: Sequence[object],
    maybe: Sequence[int],
) -> str:
    measure = {"length": _length, "range": _span}.get(how, measured)
    terms = [measure(held) for held in left] + [_negative(measured(held)) for held in minus]
    wanted = [number for held in right if (number := measured(held)) is not None]
    if not terms:
        return EMPTY
    known = [number for number in terms if number is not None]
    if len(known) < len(terms) or not wanted:
        return BROKEN
    sums = [
        sum(known) + sum(more)
        for count in range(len(maybe) + 1)
        for more in combinations(maybe, count)
    ]
    holds = min(sums) <= max(wanted) if how == "at_most" else bool({*sums} & {*wanted})
    return HOLDS if holds else BROKEN


def _present(terms: Sequence[str], messages: Mapping[str, Mapping[str, Any]]) -> list[object]:
    return [found for term in terms if (found := value(term, messages)) is not None]


def _negative(number: int | None) -> int | None:
    return None if number is None else -abs(number)


_MOST = 10**18
"""No amount or count is as large; a number with a huge exponent is not written out."""


def measured(held: object) -> int | None:
    """A number as it is meant: ``2000.0`` is 2000, since JSON has one kind of number."""
    if isinstance(held, float | Decimal):
        whole = abs(float(held)) < _MOST and held == int(held)
        return int(held) if whole else None
    return held if isinstance(held, int) else amount(str(held))


def _length(held: object) -> int:
    return len(str(held).split(", "))


def _span(held: object) -> int | None:
    """What ``1124-1134`` spans; of several meters, all of them together."""
    found = [re.match(r"(\d{1,18})-(\d{1,18})(?!\d)", part) for part in str(held).split(", ")]
    known = [int(one[2]) - int(one[1]) for one in found if one]
    return sum(known) if len(known) == len(found) else None


def _unpadded(text: str) -> str:
    return re.sub(r"(?<!\d)0+(?=\d)", "", text)


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def is_masked(text: str) -> bool:
    """Whether some of its letters are hidden behind ``*`` or X."""
    return "*" in text or "xx" in text.lower()


def compatible(one: str, other: str) -> bool:
    """Whether two texts can be the same one, masked with ``*`` (or X) in either, URL-decoded.

    Two ways to write one date or month are the same.
    """
    if (when := moment(one)) is not None and when == moment(other):
        return True
    one, other = unquote_plus(one).strip().lower(), unquote_plus(other).strip().lower()
    if one == other:
        return True
    if not is_masked(one + other):
        return False
    pairs = zip(one, other, strict=False)
    return len(one) == len(other) and all(a == b or {a, b} & {"*", "x"} for a, b in pairs)


def may_be_one_name(one: str, other: str) -> bool:
    """Whether two names may be one customer's: compatible, or shortened by a mask or at the end.

    A mask of another length says nothing of the letters that it hides, and some lists cut a name:
    the letters before a mask are still those of one customer.
    """
    if compatible(one, other):
        return True
    if is_masked(one + other):
        return len(one.strip()) != len(other.strip()) and _begin_alike(one, other)
    short, long = sorted((one.strip().lower(), other.strip().lower()), key=len)
    return long.startswith(short)


def _begin_alike(one: str, other: str) -> bool:
    """Whether the letters that both show before their masks agree."""
    shown = [_MASK.split(unquote_plus(name).strip().lower())[0] for name in (one, other)]
    return all(first == second for first, second in zip(*shown, strict=False))


def _months(left: str, right: Sequence[str]) -> str:
    """The months of several bills, one by one; nothing to compare where one side has more."""
    parts = left.split(", ")
    others = [other.split(", ") for other in right if len(other.split(", ")) == len(parts)]
    if not others:
        return EMPTY
    same = any(all(map(compatible, parts, other)) for other in others)
    return HOLDS if same else BROKEN


_TEXT = {
    "text": lambda one, other: one == other,
    "padded": lambda one, other: _unpadded(one) == _unpadded(other),
    "digits": lambda one, other: _digits(one) == _digits(other),
    "mask": compatible,
}
