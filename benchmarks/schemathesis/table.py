"""What ``results.json`` says, as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from statistics import median
from typing import Any

Trials = list[Mapping[str, Any]]
KINDS = {"fault": "by hand", "derived": "by rule"}


def page(results: Mapping[str, Any]) -> str:
    """The table of providers and the table of families."""
    providers = results["providers"]
    return "\n".join([*_providers(providers), "", *_families(providers)])


def estimate(reported: Mapping[str, Any], who: str) -> float:
    """The share that one would find of all visible faults of the families drawn, in percent.

    Each family is drawn from alike, so its score counts by its size.
    """
    found = total = 0.0
    for (kind, family), faults in _by_family([reported]).items():
        size = reported["visible"][kind].get(family, 0)
        found += size * _found(faults, who) / len(faults)
        total += size
    return 100 * found / total if total else 0.0


def _providers(providers: Mapping[str, Any]) -> Iterator[str]:
    heads = (
        "provider", "faults drawn", "kontrak", "Schemathesis", "by size of family",
        "Schemathesis again, at length", "false alarms", "seconds", "requests",
    )  # fmt: skip
    yield f"| {' | '.join(heads)} |"
    yield "|---" * len(heads) + "|"
    for key, reported in providers.items():
        faults = _faults(reported)
        variants = [one for one in reported["trials"] if one["kind"] == "variant"]
        again = [one for one in faults if "deeper" in one]
        visible = sum(sum(reported["visible"][kind].values()) for kind in KINDS)
        cells = [
            f"`{key}`",
            f"{len(faults)} of {visible}",
            _score(faults, "kontrak"),
            _score(faults, "tool"),
            f"{estimate(reported, 'kontrak'):.0f} % : {estimate(reported, 'tool'):.0f} %",
            f"{_found(again, 'deeper')} of {len(again)}",
            f"{_found(variants, 'kontrak')} : {_found(variants, 'tool')} of {len(variants)}",
            _beside(faults, "seconds", 1),
            _beside(faults, "requests", 0),
        ]
        yield f"| {' | '.join(cells)} |"


def _families(providers: Mapping[str, Any]) -> Iterator[str]:
    yield "| family of faults | kontrak | Schemathesis |"
    yield "|---|---|---|"
    for (kind, family), faults in sorted(_by_family(providers.values()).items(), reverse=True):
        named = f"{family} ({KINDS[kind]})"
        yield f"| {named} | {_score(faults, 'kontrak')} | {_score(faults, 'tool')} |"


def _by_family(reported: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], Trials]:
    families: dict[tuple[str, str], Trials] = {}
    for provider in reported:
        for one in _faults(provider):
            families.setdefault((one["kind"], one["family"]), []).append(one)
    return families


def _faults(reported: Mapping[str, Any]) -> Trials:
    """What there was to be found: damage that changes nothing, or only warns, is not."""
    trials = reported["trials"]
    return [one for one in trials if one["kind"] != "variant" and not one["kontrak"]["excuse"]]


def _found(trials: Iterable[Mapping[str, Any]], who: str) -> int:
    return sum(one[who]["found"] for one in trials)


def _score(trials: Trials, who: str) -> str:
    found = _found(trials, who)
    share = f" ({100 * found / len(trials):.0f} %)" if trials else ""
    return f"{found} of {len(trials)}{share}"


def _beside(trials: Trials, what: str, digits: int) -> str:
    ours, theirs = (_middle(trials, who, what) for who in ("kontrak", "tool"))
    return f"{ours:.{digits}f} : {theirs:.{digits}f}"


def _middle(trials: Trials, who: str, what: str) -> float:
    return median([one[who][what] for one in trials]) if trials else 0.0
