"""What has changed in the answers of one sort: members, types, values, headers.

New is a warning, gone or narrowed a failure. Where a run has seen too little to report, it warns.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kontrak.drift.changes import Kind
from kontrak.drift.document import ALWAYS, parent_of
from kontrak.interface.inventory import MOST_VALUES

Fields = Mapping[str, Mapping[str, Any]]
Found = tuple[Kind, str, bool]
"""Kind, what has changed, and whether that is a failure."""

_PASSING_HEADERS = re.compile(
    r"accept-ranges|age|alt-svc|cache-control|connection|content-encoding|content-length|date|etag"
    r"|expires|keep-alive|last-modified|nel|pragma|report-to|retry-after|server|server-timing"
    r"|set-cookie|trailer|transfer-encoding|upgrade|vary|via|warning|x-powered-by|x-runtime"
    r"|(?:access-control|cf|x-amz|x-cache|x-envoy|x-ratelimit|x-served|x-varnish|ratelimit)[\w-]*"
)
"""Headers of servers, caches and networks on the way: they say nothing about the interface."""


@dataclass(frozen=True, slots=True)
class Sampling:
    """How firmly something may be called gone.

    ``sure``: the tests that showed it have judged again. ``records``: the operation lists what was
    bought before. ``passing`` are values that are met by chance of the moment.
    """

    sure: bool
    records: bool
    passing: frozenset[str]


def changed_fields(old: Fields, new: Fields, how: Sampling) -> Iterator[Found]:
    """What has changed in the members of the answers."""
    for at, was in old.items():
        if at.endswith("[]"):
            continue
        now = new.get(at)
        if now is None:
            yield from _gone(at, was, new, how)
        else:
            yield from _narrowed(at, was, now, how)
            yield from _types(at, was["types"], now["types"], how)
            yield from _values(at, was["values"], now["values"], how)
    for at, now in new.items():
        if at and at not in old and not at.endswith("[]"):
            known = old.get(parent_of(at), {}).get("types", {}).get("object")
            always = now["presence"] == ALWAYS
            if known and (always or not how.records):
                yield Kind.NEW, f"{at}, {_types_reported(now['types'])}, {now['presence']}", False
    yield from _element_types(old, new, how)


def _gone(at: str, was: Mapping[str, Any], new: Fields, how: Sampling) -> Iterator[Found]:
    if at == "":
        yield Kind.GONE, "no answer can be read as a document any more", how.sure
    elif new.get(parent_of(at), {}).get("types", {}).get("object"):
        always = was["presence"] == ALWAYS
        if always or not how.records:
            often = "always" if always else f"{was['n']} times"
            # What came once, and not always, may stay away by chance.
            yield Kind.GONE, f"{at}, which was there {often}", how.sure and (always or was["n"] > 1)


def _narrowed(
    at: str, was: Mapping[str, Any], now: Mapping[str, Any], how: Sampling
) -> Iterator[Found]:
    lost = was["presence"] == ALWAYS and now["presence"] != ALWAYS
    if lost and not how.records:
        yield Kind.NARROWED, f"{at} was always there and is now at times", how.sure and was["n"] > 1


def _types(
    at: str, was: Mapping[str, int], now: Mapping[str, int], how: Sampling
) -> Iterator[Found]:
    for kind in sorted(now.keys() - was.keys()):
        whole = kind == "integer" and "number" in was
        if not whole and not how.records:
            yield Kind.NEW, f"{at} is also {kind} (was {_types_reported(was)})", False
    for kind in sorted(was.keys() - now.keys() - {"null"}):
        # 5.0 may come as 5, and whole numbers are numbers.
        same = kind in ("integer", "number") and bool({"integer", "number"} & now.keys())
        replaced = not (was.keys() & now.keys())
        if not same and (replaced or not how.records):
            reported = f"{at} is not {kind} any more (now {_types_reported(now)})"
            yield Kind.GONE, reported, how.sure and (replaced or was[kind] > 1)


def _element_types(old: Fields, new: Fields, how: Sampling) -> Iterator[Found]:
    for at in old.keys() & new.keys():
        if at.endswith("[]"):
            yield from _types(at, old[at]["types"], new[at]["types"], how)


def _values(
    at: str, was: Mapping[str, int], now: Mapping[str, int], how: Sampling
) -> Iterator[Found]:
    if not was or not now or len(was) >= MOST_VALUES or len(now) >= MOST_VALUES or how.records:
        return
    for value in sorted(now.keys() - was.keys() - how.passing):
        yield Kind.NEW, f"{at} = {value}", False
    for value in sorted(was.keys() - now.keys() - how.passing):
        # A list's labels come and go with what a bill contains.
        yield Kind.GONE, f"{at} = {value}", how.sure and not at.endswith("[].name")


def changed_counts(
    name: str, old: Mapping[str, int], new: Mapping[str, int], how: Sampling
) -> Iterator[Found]:
    """What has changed in what every answer has one of, such as the media type."""
    for value in sorted(new.keys() - old.keys()):
        yield Kind.NEW, f"{name} {value or '(none)'}", False
    for value in sorted(old.keys() - new.keys()):
        yield Kind.GONE, f"{name} {value or '(none)'}", how.sure


def changed_headers(
    old: Mapping[str, Any], new: Mapping[str, Any], how: Sampling
) -> Iterator[Found]:
    """What has changed in the response headers; those of the way in between are left out."""
    was, now = old["headers"], new["headers"]
    for name in sorted(now.keys() - was.keys()):
        if not _PASSING_HEADERS.fullmatch(name):
            yield Kind.NEW, f"header {name}", False
    for name in sorted(was.keys() - now.keys()):
        if not _PASSING_HEADERS.fullmatch(name):
            always = was[name] == old["n"]
            yield Kind.GONE, f"header {name}", how.sure and always


def _types_reported(types: Mapping[str, int]) -> str:
    return " or ".join(sorted(types))
