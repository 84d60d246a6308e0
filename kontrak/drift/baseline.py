"""The baseline: the last accepted run, kept in a folder that no run ever writes to.

It lies in ``baseline/<target's name>/`` beside the target file, for the embedded sandbox in
``reports/baseline/embedded/`` of the working directory, and holds two files as a run writes them:
``inventory.json`` and ``conformance.json``. Accepting a run of some providers keeps what is
accepted of the others.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from kontrak.clauses.verdict import NOT_SELECTED
from kontrak.config.files import write_whole
from kontrak.config.paths import REPORTS
from kontrak.drift import document
from kontrak.drift.difference import Record
from kontrak.errors import ConfigurationError
from kontrak.reporting.merge import merged_results

RESULTS = "conformance.json"


def folder(target: Path | None, chosen: Path | None = None) -> Path:
    """Where the baseline of a target file lies (None: the embedded sandbox), unless chosen."""
    if chosen is not None:
        return chosen
    if target is None:
        return REPORTS.absolute() / "baseline" / "embedded"
    return target.absolute().parent / "baseline" / target.stem


def exists(place: Path) -> bool:
    """Whether a run was ever accepted there."""
    return (place / document.NAME).is_file()


def read(place: Path) -> Record:
    """The record in a folder of results or of a baseline.

    Raises ``ConfigurationError`` naming what is missing or misshapen.
    """
    if not place.is_dir():
        raise ConfigurationError(
            f"there is no folder {place}",
            hint="name a folder of results, or accept a run first: `kontrak accept`",
        )
    results = document.checked(place / RESULTS, RESULTS)
    inventory = document.read(place / document.NAME)
    return Record(inventory, results)


def accept(run: Path, into: Path) -> list[str]:
    """Make a run's results the baseline; what was accepted of other providers stays.

    Returns what is worth knowing of the run, a line each. Raises ``ConfigurationError`` when the
    run was inconclusive or judged a part only: what it did not see would be gone for good.
    """
    fresh = read(run)
    _require_whole(fresh, run)
    inventory, results = fresh.inventory, dict(fresh.results)
    if exists(into):
        held = read(into)
        others = {
            key: reported
            for key, reported in held.providers.items()
            if key not in results["providers"]
        }
        inventory = {"format": 1, "providers": {**others, **inventory["providers"]}}
        if others:
            results = merged_results([results, _only(held.results, set(others))])
    write_whole(_text(results), into / RESULTS)
    write_whole(document.text(inventory).encode(), into / document.NAME)
    failed = [one["id"] for one in fresh.results["clauses"] if one["verdict"] == "failed"]
    return (
        [f"accepted with {len(failed)} failed clauses: {', '.join(failed[:5])}"] if failed else []
    )


def _require_whole(record: Record, run: Path) -> None:
    clauses = record.results["clauses"]
    broken = [one["id"] for one in clauses if one["verdict"] == "broken"]
    if broken or record.results["exit_code"] not in (0, 1):
        raise ConfigurationError(
            f"the run in {run} was inconclusive ({', '.join(broken[:3]) or 'nothing was judged'})",
            hint="fix what its report says, run again, then accept",
        )
    left = sum(one["reason"] == NOT_SELECTED for one in clauses)
    if left:
        raise ConfigurationError(
            f"the run in {run} judged a part only: {left} clauses were not selected",
            hint="run without -k and --clause, then accept",
        )


def _only(results: Any, providers: set[str]) -> dict[str, Any]:
    """What results say of some providers."""
    clauses = [one for one in results["clauses"] if one["provider"] in providers]
    tests = sum(len(one["tests"]) for one in clauses)
    kept = {**results, "clauses": clauses, "planned": tests, "executed": tests}
    kept["providers"] = [one for one in results["providers"] if one in providers]
    prefixes = tuple(f"{one.upper()}-" for one in providers)
    for name in ("readings", "waivers"):
        rows = results.get(name, ())
        kept[name] = [one for one in rows if one["clause"].startswith(prefixes)]
    return kept


def _text(data: Any) -> bytes:
    return (json.dumps(data, indent=1, ensure_ascii=False) + "\n").encode()
