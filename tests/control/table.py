"""What ``results.json`` says, as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from statistics import median
from typing import Any

Trials = list[Mapping[str, Any]]


def page(results: Mapping[str, Any]) -> str:
    """The table of providers and the table of families."""
    providers = results["providers"]
    return "\n".join([*_providers(providers), "", *_families(providers)])


def _providers(providers: Mapping[str, Any]) -> Iterator[str]:
    yield (
        "| provider | faults sampled (of those visible) | found by kontrak | found by Schemathesis "
        "| again, at length | false alarms on variants | seconds a fault | requests a fault |"
    )
    yield "|---|---|---|---|---|---|---|---|"
    for key, told in providers.items():
        faults = _faults(told)
        variants = [one for one in told["trials"] if one["kind"] == "variant"]
        again = [one for one in faults if "deeper" in one]
        alarms = f"{_found(variants, 'kontrak')} : {_found(variants, 'tool')} of {len(variants)}"
        cells = [
            f"`{key}`",
            f"{len(faults)} of {told['visible']['fault'] + told['visible']['derived']}",
            _score(faults, "kontrak"),
            _score(faults, "tool"),
            f"{_found(again, 'deeper')} of {len(again)}",
            alarms,
            _beside(faults, "seconds", 1),
            _beside(faults, "requests", 0),
        ]
        yield f"| {' | '.join(cells)} |"


def _families(providers: Mapping[str, Any]) -> Iterator[str]:
    families: dict[tuple[str, str], Trials] = {}
    for told in providers.values():
        for one in _faults(told):
            families.setdefault((one["kind"], one["family"]), []).append(one)
    yield "| family of faults | kontrak | Schemathesis |"
    yield "|---|---|---|"
    for (kind, family), faults in sorted(families.items()):
        made = {"fault": "by hand", "derived": "by rule"}[kind]
        cells = f"{family} ({made}) | {_score(faults, 'kontrak')} | {_score(faults, 'tool')}"
        yield f"| {cells} |"


def _faults(told: Mapping[str, Any]) -> Trials:
    """What there was to be found: damage that changes nothing, or is told as a warning, is not."""
    trials = told["trials"]
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
