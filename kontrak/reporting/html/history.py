"""The history file: one line per run, for the report's trends. Losing it loses no verdict.

A file belongs to one target and the providers that were judged together: what another target did
is no trend of this one. The files are in ``history/`` in the folder of results.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kontrak.config.files import write_whole

_NEEDED: tuple[tuple[str, type | tuple[type, ...]], ...] = (
    ("uuid", str),
    ("name", str),
    ("timestamp", (int, float)),
    ("knownTestCaseIds", list),
    ("testResults", dict),
)


HISTORY = "history"


def history_of(folder: Path) -> Path:
    """The history file for the run whose results are in a folder.

    Without readable results no one knows the target: such a report begins a trend of its own.
    """
    try:
        run = json.loads((folder / "conformance.json").read_text(encoding="utf-8"))
        target, providers = str(run["target"]["name"]), [str(one) for one in run["providers"]]
    except (OSError, ValueError, LookupError, TypeError):
        return folder / HISTORY / "unknown.jsonl"
    name = re.sub(r"[^A-Za-z0-9._-]+", "_", target)[:60]
    # Two names must not meet in one file because of what a file's name cannot hold.
    mark = hashlib.sha256(target.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return folder / HISTORY / f"{name}-{mark}-{'-'.join(providers)}.jsonl"


def usable_history(history: Path, *, starts: frozenset[int], notify: Callable[[str], None]) -> str:
    """The readable lines of ``history``, less those of the run now reported; empty if none.

    ``starts`` are the start times (Unix, milliseconds) of that run's tests: a report that is built
    twice counts once. What cannot be read is left out, and ``notify`` says so.
    """
    try:
        text = history.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return ""
    except OSError as error:
        notify(
            f"warning: the history {history} cannot be read ({error.strerror}): no trend is shown"
        )
        return ""
    lines = [line for line in text.splitlines() if line.strip()]
    runs = [(line, _run(line)) for line in lines]
    broken = sum(run is None for _, run in runs)
    if broken:
        notify(
            f"warning: {broken} of {len(lines)} runs in {history} cannot be read and are left out"
        )
    kept = [run for _, run in runs if run is not None and not _is_same_run(run, starts)]
    return "".join(f"{json.dumps(_slim(run), separators=(',', ':'))}\n" for run in kept)


def _slim(run: dict[str, Any]) -> dict[str, Any]:
    """What a trend needs of a run: verdicts and durations.

    Allure repeats every earlier result inside every test of the page, with all its labels. Every
    test of a run has the run's own time here, which is that of its first test.
    """
    tests = run["testResults"]
    begin = _begin(tests)
    return {
        **{key: run[key] for key in ("uuid", "name", "knownTestCaseIds")},
        "timestamp": begin,
        "testResults": {key: _slim_test(test, begin) for key, test in tests.items()},
        "metrics": {},
        "url": "",
    }


def _slim_test(test: dict[str, Any], begin: int) -> dict[str, Any]:
    duration = test.get("duration")
    duration = duration if isinstance(duration, int) else 0
    return {
        "id": "",
        "name": "",
        "status": test.get("status", ""),
        "start": begin,
        "stop": begin + duration,
        "duration": duration,
        "historyId": test.get("historyId", ""),
        "environment": "default",
        "labels": [],
        "url": "",
    }


def _begin(tests: dict[str, Any]) -> int:
    starts = [test.get("start") for test in tests.values()]
    return min((start for start in starts if isinstance(start, int)), default=0)


def keep_history(fresh: Path, history: Path, *, notify: Callable[[str], None]) -> None:
    """Put the file ``fresh`` in the place of ``history``, whole or not at all."""
    try:
        write_whole(fresh.read_bytes(), history)
    except OSError as error:
        notify(f"warning: the history {history} cannot be written ({error.strerror})")


def _run(line: str) -> dict[str, Any] | None:
    """One run as Allure wrote it, or None where Allure would stumble."""
    try:
        run = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(run, dict) or not all(isinstance(run.get(k), t) for k, t in _NEEDED):
        return None
    tests = run["testResults"].values()
    return run if all(isinstance(test, dict) for test in tests) else None


def _is_same_run(run: dict[str, Any], starts: frozenset[int]) -> bool:
    tests = run["testResults"]
    return isinstance(tests, dict) and bool(tests) and _begin(tests) in starts
