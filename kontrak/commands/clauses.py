"""``kontrak clauses``: every clause with its source, its tests and its faults, and the gaps."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import click
import pytest
from rich.console import Console
from rich.table import Table

from kontrak.clauses.catalogue import Clause, clauses
from kontrak.clauses.verdict import ExitCode, Strength
from kontrak.config.paths import SUITES
from kontrak.errors import ConfigurationError
from kontrak.pytest_plugin.arguments import ALWAYS
from kontrak.sandbox import all_faults


@dataclass(frozen=True, slots=True)
class Coverage:
    """A clause with the tests that judge it and the faults that break it."""

    clause: Clause
    tests: tuple[str, ...]
    faults: tuple[str, ...]

    @property
    def gap(self) -> str | None:
        """What is missing, or None."""
        if self.clause.untested:
            return "has a reason to be untested and a test" if self.tests else None
        if not self.tests:
            return "no test, and no reason written in `untested`"
        if not self.faults and self.clause.strength is not Strength.INFERRED:
            return "no fault breaks it"
        return None


class _Collector:
    """A pytest plugin that notes which test cites which clause."""

    def __init__(self) -> None:
        self.tests: dict[str, list[str]] = {}

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        for item in session.items:
            for mark in item.iter_markers("clause"):
                self.tests.setdefault(mark.args[0], []).append(item.nodeid)


def coverage(providers: Iterable[str]) -> list[Coverage]:
    """The clauses of some providers with their tests and faults.

    Raises ``ConfigurationError`` when the suites cannot be collected.
    """
    chosen = list(providers)
    collector, output = _Collector(), io.StringIO()
    arguments = [*ALWAYS, "--collect-only", "-p", "no:xdist"]
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
        suites = [str(SUITES / key) for key in chosen]
        code = pytest.main([*arguments, *suites], plugins=[collector])
    if code != pytest.ExitCode.OK:
        raise ConfigurationError(
            f"the suites cannot be collected:\n{output.getvalue().strip()}",
            hint="fix what is listed above",
        )
    faults: dict[str, list[str]] = {}
    for key in chosen:
        for fault in all_faults(key):
            faults.setdefault(fault.clauses[0], []).append(fault.id)
    return [
        Coverage(one, tuple(collector.tests.get(one.id, ())), tuple(faults.get(one.id, ())))
        for key in chosen
        for one in clauses(key).values()
    ]


def print_clauses(providers: Sequence[str], form: str) -> int:
    """Print the coverage as a table or as JSON; exit code 1 when there is a gap."""
    rows = coverage(providers)
    if form == "json":
        click.echo(json.dumps([_plain(one) for one in rows], indent=2, ensure_ascii=False))
    else:
        _print_table(rows)
    gaps = [one for one in rows if one.gap]
    for one in gaps:
        click.echo(f"gap: {one.clause.id}: {one.gap}", err=True)
    return ExitCode.DEVIATES if gaps else ExitCode.CONFORMS


def _print_table(rows: Iterable[Coverage]) -> None:
    grid = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    longest = max((len(one.clause.id) for one in rows), default=0)
    grid.add_column("clause", no_wrap=True, min_width=longest)
    grid.add_column("strength", no_wrap=True)
    grid.add_column("tests", justify="right", no_wrap=True)
    grid.add_column("faults", justify="right", no_wrap=True)
    grid.add_column("sentence", overflow="fold", ratio=1)
    grid.add_column("source", overflow="fold", min_width=28)
    for one in rows:
        tests = str(len(one.tests)) if not one.clause.untested else "untested"
        grid.add_row(
            one.clause.id,
            one.clause.strength.value,
            tests,
            str(len(one.faults)),
            one.clause.text
            if not one.clause.untested
            else f"{one.clause.text} {one.clause.untested}",
            one.clause.source,
        )
    console = Console()
    console.width = max(console.width, 120)
    console.print(grid)


def _plain(one: Coverage) -> dict[str, object]:
    clause = one.clause
    return {
        "id": clause.id,
        "provider": clause.provider,
        "section": clause.section,
        "text": clause.text,
        "text_id": clause.text_id,
        "source": clause.source,
        "strength": clause.strength.value,
        "kind": clause.kind,
        "untested": clause.untested,
        "tests": list(one.tests),
        "faults": list(one.faults),
        "gap": one.gap,
    }
