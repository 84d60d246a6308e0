"""A difference in words, and as data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from kontrak.drift.changes import Change, Kind

_FEW = 3


def lines(changes: Sequence[Change]) -> list[str]:
    """The changes, provider by provider, the same one in several operations once."""
    reported: list[str] = []
    alike = _alike(changes)
    for provider in dict.fromkeys(one.provider for one in changes):
        reported.append(provider)
        for one, places in alike.items():
            if one.provider == provider:
                mark = "!" if one.fails else " "
                reported.append(f" {mark} {one.kind.value:<9} {_line(one, places)}")
    return reported


def _line(one: Change, places: Sequence[str]) -> str:
    """Of a clause, its id comes first; of an answer, what has changed in it."""
    if one.kind in (Kind.TURNED, Kind.READING):
        return f"{_few(places, ', ')}: {one.what}"
    named = [place for place in places if place]
    return f"{one.what}  ({_few(named, '; ')})" if named else one.what


def _alike(changes: Iterable[Change]) -> dict[Change, list[str]]:
    """The changes without their places, each with the places that it was seen in."""
    found: dict[Change, list[str]] = {}
    for one in changes:
        found.setdefault(replace(one, where=""), []).append(one.where)
    return found


def closing(changes: Iterable[Change]) -> str:
    """How many failures and warnings there are, the same one in several operations once."""
    counts = Counter(one.fails for one in _alike(changes))
    if not counts:
        return "no difference"
    failures, warnings = counts[True], counts[False]
    return f"{_number(failures, 'failure')}, {_number(warnings, 'warning')}"


def brief(changes: Iterable[Change]) -> str:
    """The same by kind, for a line of a summary."""
    counts = Counter(one.kind for one in _alike(changes))
    reported = ", ".join(f"{counts[kind]} {kind.value}" for kind in Kind if counts[kind])
    return reported or "no difference"


def plain(changes: Iterable[Change]) -> list[dict[str, Any]]:
    """The changes as data."""
    return [
        {
            "provider": one.provider,
            "kind": one.kind.value,
            "where": one.where,
            "what": one.what,
            "fails": one.fails,
        }
        for one in changes
    ]


def _few(places: Sequence[str], between: str) -> str:
    more = f" and {len(places) - _FEW} more" if len(places) > _FEW else ""
    return between.join(places[:_FEW]) + more


def _number(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
