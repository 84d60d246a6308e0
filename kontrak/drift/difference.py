"""What has changed between two runs: new (a warning), gone or narrowed (a failure), slower, turned.

Only answers to right requests are compared member by member. Of requests that were changed on
purpose, status and RC are compared, and warn: documents leave refusals open. Generated requests
vary with the seed and are not compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kontrak.config.registry import PROVIDERS
from kontrak.drift.changes import Change, Kind
from kontrak.drift.document import Document
from kontrak.drift.fields import Sampling, changed_counts, changed_fields, changed_headers
from kontrak.drift.latency import slower
from kontrak.drift.verdicts import Results, not_judged_again, switched, turned
from kontrak.interface.provider import provider
from kontrak.interface.response_view import Observation

Sort = tuple[int, str | None, str | None]
_PASSING_STATUS = frozenset({408, 429})


@dataclass(frozen=True, slots=True)
class Record:
    """What is kept of a run: its inventory and its results."""

    inventory: Document
    results: Results

    @property
    def providers(self) -> Mapping[str, Any]:
        """The inventory by provider."""
        found: Mapping[str, Any] = self.inventory["providers"]
        return found


def differences(old: Record, new: Record, providers: tuple[str, ...] = ()) -> tuple[Change, ...]:
    """What has changed from one run to another, provider by provider, failures first."""
    found: list[Change] = []
    for key in providers or PROVIDERS:
        if key in old.providers and key in new.providers:
            found += _provider(key, old, new)
        elif key in new.providers:
            found.append(Change(key, Kind.NOTE, "there is no baseline of it: `kontrak accept`"))
        elif key in old.providers:
            found.append(Change(key, Kind.NOTE, "is in the baseline and was not asked this time"))
    kinds = list(Kind)
    places = list(PROVIDERS)
    order = sorted(
        dict.fromkeys(found),
        key=lambda one: (places.index(one.provider), not one.fails, kinds.index(one.kind)),
    )
    return tuple(order)


def _provider(key: str, old: Record, new: Record) -> Iterator[Change]:
    was, now = old.providers[key], new.providers[key]
    missing = not_judged_again(old.results, new.results, key)
    if was["target"] != now["target"]:
        reported = f"the baseline is of another target: {was['target']}, now {now['target']}"
        yield Change(key, Kind.NOTE, reported)
    if missing:
        few = ", ".join(one.rpartition("::")[2] for one in missing[:3])
        more = ", ..." if len(missing) > 3 else ""
        reported = f"{len(missing)} tests of the baseline did not judge again ({few}{more}): "
        reported += "what is missing only warns"
        yield Change(key, Kind.NOTE, reported)
    yield from turned(old.results, new.results, key)
    yield from switched(old.results, new.results, key)
    for kind, latency in now["latency_ms"].items():
        for reported in slower(was["latency_ms"].get(kind, latency), latency):
            yield Change(key, Kind.SLOWER, reported, kind)
    looked = provider(key).observation
    yield from _operations(key, was["operations"], now["operations"], looked, sure=not missing)


def _operations(
    key: str,
    was: Mapping[str, Any],
    now: Mapping[str, Any],
    looked: Observation,
    *,
    sure: bool,
) -> Iterator[Change]:
    for name in sorted(was.keys() | now.keys()):
        old, new = _sorts(was.get(name), "right"), _sorts(now.get(name), "right")
        how = Sampling(sure, name in looked.records, looked.passing)
        if old and not new:
            yield Change(key, Kind.NOTE, "was not asked, or not answered, this time", name)
        elif new and not old:
            yield Change(key, Kind.NOTE, "is asked for the first time", name)
        else:
            yield from _rightly(key, name, old, new, how)
        old, new = _sorts(was.get(name), "changed"), _sorts(now.get(name), "changed")
        yield from _changed(key, name, old, new, how)


def _rightly(
    key: str, name: str, old: Mapping[Sort, Any], new: Mapping[Sort, Any], how: Sampling
) -> Iterator[Change]:
    for sort in sorted(new.keys() - old.keys(), key=_reported):
        if not _passes(sort, how):
            yield Change(key, Kind.NEW, f"answer {_reported(sort)}", name)
    for sort in sorted(old.keys() - new.keys(), key=_reported):
        if not _passes(sort, how):
            yield Change(key, Kind.GONE, f"answer {_reported(sort)}", name, fails=how.sure)
    for sort in sorted(old.keys() & new.keys(), key=_reported):
        one, other = old[sort], new[sort]
        found = (
            *changed_counts("media type", one["media_types"], other["media_types"], how),
            *changed_headers(one, other, how),
            *changed_fields(one["fields"], other["fields"], how),
        )
        for kind, what, fails in found:
            yield Change(key, kind, what, f"{name}, {_reported(sort)}", fails=fails)


def _changed(
    key: str, name: str, old: Mapping[Sort, Any], new: Mapping[Sort, Any], how: Sampling
) -> Iterator[Change]:
    if not (old and new and how.sure):
        return
    for sort in sorted(new.keys() - old.keys(), key=_reported):
        yield Change(key, Kind.NEW, f"answer to wrong requests: {_reported(sort)}", name)
    for sort in sorted(old.keys() - new.keys(), key=_reported):
        yield Change(key, Kind.GONE, f"answer to wrong requests: {_reported(sort)}", name)


def _sorts(operation: Mapping[str, Any] | None, asked: str) -> dict[Sort, Any]:
    answers = operation["answers"] if operation else ()
    return {
        (one["http"], one["rc"], one["template"]): one for one in answers if one["asked"] == asked
    }


def _passes(sort: Sort, how: Sampling) -> bool:
    """Whether an answer is one of a moment: trouble of the network, or still in process."""
    status, rc, template = sort
    return status >= 500 or status in _PASSING_STATUS or bool({rc, template} & how.passing)


def _reported(sort: Sort) -> str:
    status, rc, template = sort
    code = f" RC {rc}" if rc is not None else ""
    kept = f" text {template}" if template is not None else ""
    return f"HTTP {status}{code}{kept}"
