"""What a provider has answered in one process of a run, gathered as the exchanges pass.

Only names, types, counts and the values of a few listed members are kept: nothing of a customer,
no reference, no amount. What was asked rightly, what was changed on purpose, and what was generated
(it varies with the seed) are kept apart.
"""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import hypothesis

from kontrak.config.target import ProviderTarget
from kontrak.exchange import Exchange
from kontrak.interface.provider import provider as declared
from kontrak.interface.response_view import Sight
from kontrak.masking.masker import Masker

MOST_ELEMENTS = 200
"""How many elements of one list are looked at."""
MOST_PLACES = 2_000
MOST_VALUES = 24
LONGEST_VALUE = 40

_NAME = re.compile(r"(?=.*\D)[\w :/@-]{1,64}")
_LABEL_NUMBER = re.compile(r".*\d.*", re.DOTALL)
_OTHER = "*"
"""Stands for a member whose name is no name: digits alone may be a customer's number.

A label with a number in it (a month, a bill) is ``#`` among the values.
"""

Raw = dict[str, Any]
"""Counts as plain data, ready to cross a process boundary."""


@dataclass(slots=True)
class Place:
    """One place of an answer: how often it was there, with which types, with which values."""

    types: Counter[str] = field(default_factory=Counter)
    values: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class Answers:
    """Answers of one sort: to one operation, rightly asked or not, of one status, RC, template."""

    n: int = 0
    media_types: Counter[str] = field(default_factory=Counter)
    headers: Counter[str] = field(default_factory=Counter)
    places: dict[str, Place] = field(default_factory=dict)

    def add(self, exchange: Exchange, sight: Sight, is_enum: Callable[[str], bool]) -> None:
        """Count one answer in."""
        self.n += 1
        reply = exchange.reply
        kind = (reply.header("Content-Type") or "").partition(";")[0].strip().lower()
        self.media_types[kind] += 1
        self.headers.update({name.lower() for name, _ in reply.headers})
        if sight.document is not None:
            self._walk(sight.document, "", is_enum)

    def _walk(self, value: Any, at: str, is_enum: Callable[[str], bool]) -> None:
        place = self.places.get(at)
        if place is None:
            if len(self.places) >= MOST_PLACES:
                return
            place = self.places[at] = Place()
        place.types[_type(value)] += 1
        if isinstance(value, dict):
            for name, inner in value.items():
                reported = _reported(name)
                self._walk(inner, f"{at}.{reported}" if at else reported, is_enum)
        elif isinstance(value, list):
            for inner in value[:MOST_ELEMENTS]:
                self._walk(inner, f"{at}[]", is_enum)
        elif value is not None and is_enum(at):
            text = _LABEL_NUMBER.sub("#", str(value)) if at.endswith("[].name") else str(value)
            # One more than may be written is kept, to show that there were too many.
            if len(place.values) <= MOST_VALUES or text in place.values:
                place.values[text[: LONGEST_VALUE + 1]] += 1


@dataclass(slots=True)
class Operation:
    """The answers to one operation; ``milliseconds`` are those of right requests."""

    milliseconds: list[float] = field(default_factory=list)
    answers: dict[tuple[str, int, str | None, str | None], Answers] = field(default_factory=dict)


class Inventory:
    """The inventory of one process. ``observer`` gives what a transport hands its exchanges to."""

    def __init__(self) -> None:
        self._operations: dict[tuple[str, str], Operation] = {}
        self._lock = threading.Lock()

    def observer(self, target: ProviderTarget) -> Callable[[Exchange], None]:
        """Counts the exchanges with one provider in, from several threads if need be."""
        provider = target.provider
        observation = declared(provider).observation
        look, is_enum = observation.look(target), cache(observation.is_enum)

        def observe(exchange: Exchange) -> None:
            if exchange.request.operation:
                asked = _asked(exchange)
                # Of generated requests, status and type are enough.
                sight = Sight() if asked == "generated" else look(exchange)
                self._add(provider, exchange, asked, sight, is_enum)

        return observe

    def _add(
        self,
        provider: str,
        exchange: Exchange,
        asked: str,
        sight: Sight,
        is_enum: Callable[[str], bool],
    ) -> None:
        # A refusal of what was changed on purpose looks like anything: its shape is noise.
        seen = sight if asked == "right" else Sight(None, sight.rc, sight.template)
        sort = (asked, exchange.reply.status, _short(sight.rc), sight.template)
        with self._lock:
            key = (provider, exchange.request.operation)
            operation = self._operations.setdefault(key, Operation())
            if asked == "right":
                operation.milliseconds.append(round(exchange.seconds * 1000, 1))
            operation.answers.setdefault(sort, Answers()).add(exchange, seen, is_enum)

    def raw(self, masker: Masker) -> Raw:
        """What was counted, masked, as plain data."""
        mask = cache(masker.text)
        with self._lock:
            found: Raw = {}
            for (provider, name), operation in self._operations.items():
                found.setdefault(provider, {})[mask(name)] = {
                    "milliseconds": list(operation.milliseconds),
                    "answers": [
                        _plain(sort, answers, mask) for sort, answers in operation.answers.items()
                    ],
                }
            return found


def _asked(exchange: Exchange) -> str:
    if hypothesis.currently_in_test_context():
        return "generated"
    return "right" if exchange.request.right else "changed"


def _plain(
    sort: tuple[str, int, str | None, str | None], answers: Answers, mask: Callable[[str], str]
) -> Raw:
    asked, status, rc, template = sort
    return {
        "asked": asked,
        "http": status,
        "rc": None if rc is None else mask(rc),
        "template": template,
        "n": answers.n,
        "media_types": _counts(answers.media_types, mask),
        "headers": _counts(answers.headers, mask),
        "fields": {mask(at): _field(place, mask) for at, place in answers.places.items()},
    }


def _field(place: Place, mask: Callable[[str], str]) -> Raw:
    few = len(place.values) <= MOST_VALUES
    short = all(len(value) <= LONGEST_VALUE for value in place.values)
    reported = _counts(place.values, mask) if few and short else {}
    return {"types": dict(place.types), "values": reported}


def _counts(counted: Mapping[str, int], mask: Callable[[str], str]) -> dict[str, int]:
    found: Counter[str] = Counter()
    for name, count in counted.items():
        found[mask(name)] += count
    return dict(found)


def _type(value: Any) -> str:
    for kind, name in _TYPES:
        if isinstance(value, kind):
            return name
    return "null"


_TYPES: tuple[tuple[type, str], ...] = (
    (str, "string"),
    (bool, "boolean"),
    (int, "integer"),
    (float, "number"),
    (dict, "object"),
    (list, "array"),
)


def _reported(name: str) -> str:
    return name if _NAME.fullmatch(name) else _OTHER


def _short(rc: str | None) -> str | None:
    return rc if rc is None or len(rc) <= LONGEST_VALUE else _OTHER


def added(parts: Iterator[Raw]) -> Raw:
    """Several processes' counts as one."""
    total: Raw = {}
    for part in parts:
        for provider, operations in part.items():
            for name, operation in operations.items():
                held = total.setdefault(provider, {}).setdefault(
                    name, {"milliseconds": [], "answers": []}
                )
                held["milliseconds"] += operation["milliseconds"]
                add_answers(held["answers"], operation["answers"])
    return total


def add_answers(held: list[Raw], more: list[Raw]) -> None:
    """Count the second list's answers into the first, sort by sort."""
    known = {sort_of(one): one for one in held}
    for one in more:
        same = known.get(sort_of(one))
        if same is None:
            held.append(one)
            known[sort_of(one)] = one
            continue
        same["n"] += one["n"]
        for name in ("media_types", "headers"):
            same[name] = _summed(same[name], one[name])
        for at, place in one["fields"].items():
            mine = same["fields"].setdefault(at, {"types": {}, "values": {}})
            for name in ("types", "values"):
                mine[name] = _summed(mine[name], place[name])


def sort_of(answers: Mapping[str, Any]) -> tuple[str, int, str | None, str | None]:
    """What parts answers of one operation into sorts."""
    return answers["asked"], answers["http"], answers["rc"], answers["template"]


def _summed(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    return dict(Counter(one) + Counter(other))
