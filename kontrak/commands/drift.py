"""``kontrak diff`` and ``kontrak accept``: what has changed since the accepted run."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from kontrak.clauses.verdict import ExitCode
from kontrak.config.target import load_target
from kontrak.drift import baseline, words
from kontrak.drift.difference import Record, differences
from kontrak.errors import ConfigurationError
from kontrak.masking.visible import echo, visible_data


def diff(old: Path, new: Path, providers: Sequence[str], form: str) -> int:
    """Print what has changed from one folder of results to another; exit code 1 on a failure.

    Raises ``ConfigurationError`` for a folder without results.
    """
    was, now = baseline.read(old), baseline.read(new)
    for key in providers:
        if key not in now.providers:
            raise ConfigurationError(
                f"{new} has no results of {key}", hint="run it, or leave it out"
            )
    changes = differences(was, now, tuple(providers))
    fails = any(one.fails for one in changes)
    if form == "json":
        echo(json.dumps(visible_data(words.plain(changes)), indent=1, ensure_ascii=False))
    else:
        echo(f"from {_run(was)} to {_run(now)}: {words.closing(changes)}")
        for line in words.lines(changes):
            echo(line)
    return ExitCode.DEVIATES if fails else ExitCode.CONFORMS


def accept(run: Path, target: Path | None, chosen: Path | None) -> None:
    """Make the run in a folder of results the baseline of its target.

    Raises ``ConfigurationError`` when the run is of another target or inconclusive.
    """
    named = load_target(target).name
    found = baseline.read(run).results["target"]["name"]
    if found != named:
        raise ConfigurationError(
            f"the run in {run} is of {found}, not of {named}",
            hint="name its target: --target FILE",
        )
    into = baseline.folder(target, chosen)
    for line in baseline.accept(run, into):
        echo(f"note: {line}", err=True)
    echo(f"accepted: {into}")


def _run(record: Record) -> str:
    results = record.results
    return f"{results['target']['name']} {str(results['started'])[:16].replace('T', ' ')}"
