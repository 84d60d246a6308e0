"""The families of damage that a derived fault does to one place of an answer.

A family changes one value in a tree of JSON values: the last of a list's, where the place is inside
a list, because a check of the first alone would miss it. It says whether it changed anything: there
is nothing to swap where both values are equal.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from kontrak.sandbox.json_body import Fields

_FEW = 16


@dataclass(slots=True)
class Seen:
    """The answers given before, for damage that mixes answers up."""

    trees: list[Fields] = field(default_factory=list)

    def remember(self, tree: Fields) -> None:
        """Keep an honest answer; a few are enough."""
        self.trees = [*self.trees[-_FEW:], tree]


@dataclass(slots=True)
class _Spot:
    """One place of a tree: the object that has the member, and what other answers had there."""

    holder: Fields
    name: str
    before: list[Any]

    @property
    def value(self) -> Any:
        return self.holder[self.name]

    def put(self, value: object) -> bool:
        """Give the member another value; false if it is the same."""
        if type(value) is type(self.value) and value == self.value:
            return False
        self.holder[self.name] = value
        return True


Change = Callable[[_Spot], bool]


@dataclass(frozen=True, slots=True)
class Family:
    """A family of damage: its name, a sentence's end, and the JSON types it suits (none: all)."""

    name: str
    text: str
    types: frozenset[str]
    apply: Change
    only_listed: bool = False

    def suits(self, types: frozenset[str], listed: bool) -> bool:  # noqa: FBT001 - a place's fact
        """Whether a place of these types, with listed values or not, can be damaged so."""
        if self.only_listed and not listed:
            return False
        return not self.types or bool(self.types & types)

    def change(self, tree: Fields, path: str, seen: Seen) -> bool:
        """Do it to the last value at the path; false where there is none or nothing changes."""
        spot = _last(tree, path)
        if spot is None:
            return False
        for older in reversed(seen.trees):
            found = _last(older, path)
            if found is not None:
                spot.before.append(found.value)
        return self.apply(spot)


def _last(tree: Any, path: str) -> _Spot | None:
    *way, name = path.split(".")
    for step in way:
        tree = _into(tree, step)
    if not isinstance(tree, dict) or name not in tree:
        return None
    return _Spot(tree, name, [])


def _into(tree: Any, step: str) -> Any:
    name = step.removesuffix("[]")
    inside = tree.get(name) if isinstance(tree, dict) else None
    if not step.endswith("[]"):
        return inside
    return inside[-1] if isinstance(inside, list) and inside else None


def _drop(spot: _Spot) -> bool:
    del spot.holder[spot.name]
    return True


def _rename(spot: _Spot) -> bool:
    spot.holder[f"{spot.name}_"] = spot.holder.pop(spot.name)
    return True


def _retype(spot: _Spot) -> bool:
    value = spot.value
    if isinstance(value, str):
        return spot.put(int(value) if value.isascii() and value.isdigit() else 7)
    if isinstance(value, list):
        return spot.put({"0": value})
    if isinstance(value, dict):
        return spot.put([value])
    return spot.put("" if value is None else str(value).lower())


def _empty(spot: _Spot) -> bool:
    value = spot.value
    return isinstance(value, str | list | dict) and spot.put(type(value)())


def _unlisted(spot: _Spot) -> bool:
    value = spot.value
    if isinstance(value, bool):
        return spot.put(not value)
    return spot.put("LAINNYA" if isinstance(value, str) else 9_999)


def _off_by_one(spot: _Spot) -> bool:
    value = spot.value
    if isinstance(value, str) and value.isascii() and value.isdigit():
        return spot.put(str(int(value) + 1).rjust(len(value), "0"))
    return isinstance(value, int | float) and not isinstance(value, bool) and spot.put(value + 1)


def _swap(spot: _Spot) -> bool:
    """Exchange it with the next member of the same type and another value."""
    names = list(spot.holder)
    after = names[names.index(spot.name) + 1 :]
    for name in (*after, *names):
        other = spot.holder[name]
        if type(other) is type(spot.value) and other != spot.value:
            spot.holder[name], spot.holder[spot.name] = spot.value, other
            return True
    return False


def _stale(spot: _Spot) -> bool:
    """The value of the answer just before, which may have been the same."""
    return bool(spot.before) and spot.put(copy.deepcopy(spot.before[0]))


def _foreign(spot: _Spot) -> bool:
    """The value of the last answer that had another one."""
    others = [one for one in spot.before if one != spot.value]
    return bool(others) and spot.put(copy.deepcopy(others[0]))


def _other_case(spot: _Spot) -> bool:
    return isinstance(spot.value, str) and spot.put(spot.value.swapcase())


def _blanks(spot: _Spot) -> bool:
    return isinstance(spot.value, str) and spot.put(f" {spot.value} ")


def _twice(spot: _Spot) -> bool:
    value = spot.value
    return isinstance(value, list) and bool(value) and spot.put([*value, copy.deepcopy(value[-1])])


def _backwards(spot: _Spot) -> bool:
    return isinstance(spot.value, list) and spot.put(spot.value[::-1])


_TEXT = frozenset({"string"})
_NUMBER = frozenset({"number"})
_LIST = frozenset({"array"})
_SCALAR = _TEXT | _NUMBER

FAMILIES: tuple[Family, ...] = (
    Family("drop", "is left out", frozenset(), _drop),
    Family("rename", "has another name", frozenset(), _rename),
    Family("retype", "has another type", frozenset(), _retype),
    Family("null", "is null", frozenset(), lambda spot: spot.put(None)),
    Family("empty", "is empty", _TEXT | _LIST | {"object"}, _empty),
    Family(
        "out of enum", "has a value that is not listed", frozenset(), _unlisted, only_listed=True
    ),
    Family("off by one", "is one too much", _SCALAR, _off_by_one),
    Family("swap", "is exchanged with another member", _SCALAR, _swap),
    Family("stale", "has the value of the answer before", frozenset(), _stale),
    Family("foreign", "has the value of another answer", frozenset(), _foreign),
    Family("wrong case", "has capitals and small letters exchanged", _TEXT, _other_case),
    Family("extra blanks", "has blanks around it", _TEXT, _blanks),
    Family("duplicated element", "has its last element twice", _LIST, _twice),
    Family("reordered list", "has its elements backwards", _LIST, _backwards),
)
