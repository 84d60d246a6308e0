"""What a run is going to do and may cost, shown before anything is sent.

The number of requests is an estimate: ``fixtures/requests.json`` holds what every test sent in a
run against kontrak's own sandbox (``python -m kontrak.commands.measure``), and a test of which
fewer rows are selected is counted in proportion. A conversation that tests share counts for the
first of them.
"""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from math import ceil
from typing import Any

import pytest
from rich.console import Console
from rich.table import Table

from kontrak.asking.run import Run, read_only
from kontrak.clauses.catalogue import Clause, find
from kontrak.config.paths import FIXTURES
from kontrak.config.target import Target
from kontrak.errors import ConfigurationError, LedgerFailure
from kontrak.interface.provider import provider
from kontrak.limits.ledger import Ledger
from kontrak.limits.ledger_file import ledger_path
from kontrak.limits.rate_limit import rates
from kontrak.pytest_plugin.selection import Plan

MEASURED = FIXTURES / "requests.json"
COUNTED = ("smoke", "full", "nightly")
"""The profiles that are measured."""
_READ_ONLY = "it needs a request that moves money, and none is sent"


@dataclass(slots=True)
class Row:
    """A section of a document: its clauses and tests, and what they are going to send."""

    provider: str
    section: str
    clauses: set[str]
    tests: int = 0
    skipped: float = 0.0
    reading: float = 0.0
    money: float = 0.0


@dataclass(frozen=True, slots=True)
class Forecast:
    """The plan of a run in figures. ``skips`` are known reasons, ``unmeasured`` counts tests."""

    rows: tuple[Row, ...]
    skips: Counter[str]
    unmeasured: int
    read_only: str | None

    @classmethod
    def of(cls, plan: Plan, target: Target, profile: str) -> Forecast:
        """The figures of a plan."""
        reason = read_only(target, profile)
        column = "smoke" if reason else profile if profile in COUNTED else "full"
        rows: dict[tuple[str, str], Row] = {}
        skips: Counter[str] = Counter()
        unmeasured = 0
        for test, clause_id in plan.clauses.items():
            clause = find(clause_id)
            key = (clause.provider, clause.section)
            row = rows.setdefault(key, Row(*key, set()))
            row.clauses.add(clause_id)
            row.tests += 1
            if test in plan.unoffered:
                skips[plan.unoffered[test]] += 1
                row.skipped += 1
                continue
            counted = measured().get(clause.provider, {}).get(short_name(test))
            if counted is None:
                unmeasured += 1
                continue
            reading, money, left = (one / counted["items"] for one in counted[column])
            row.reading += reading
            row.money += money
            if reason:
                row.skipped += left
        ahead = sum(row.skipped for row in rows.values()) - skips.total()
        if reason and round(ahead):
            skips[_READ_ONLY] += round(ahead)
        return cls(tuple(rows.values()), skips, unmeasured, reason)

    @property
    def tests(self) -> int:
        """How many tests are planned."""
        return sum(row.tests for row in self.rows)

    @property
    def requests(self) -> int:
        """About how many requests are going to be sent, those that may move money included."""
        return sum(ceil(row.reading) + ceil(row.money) for row in self.rows)

    @property
    def money(self) -> int:
        """About how many of them may move money."""
        return sum(ceil(row.money) for row in self.rows)

    def of_provider(self, key: str) -> int:
        """About how many requests one provider gets."""
        mine = [row for row in self.rows if row.provider == key]
        return sum(ceil(row.reading) + ceil(row.money) for row in mine)


@cache
def measured() -> dict[str, dict[str, dict[str, Any]]]:
    """The counts by provider and test: rows, and requests by profile."""
    found: dict[str, dict[str, dict[str, Any]]] = json.loads(MEASURED.read_text(encoding="utf-8"))
    return found


def ahead(run: Run, item: pytest.Item, clause: Clause) -> str | None:
    """Why a test is going to be skipped, as far as the target file shows; None otherwise."""
    if run.target.embedded:
        return None
    table = run.provider(clause.provider)
    chosen = provider(clause.provider)
    call = getattr(item, "callspec", None)
    params = call.params if call else {}
    rows = {name: value for name, value in params.items() if isinstance(value, str)}
    fixtures = getattr(item, "fixturenames", ())
    return chosen.unoffered(chosen.settings.of(table), fixtures, rows)


def short_name(nodeid: str) -> str:
    """A test without its folder and its row, as in ``test_payment.py::test_it_is_paid``."""
    return nodeid.partition("[")[0].rpartition("/")[2]


def lines(forecast: Forecast, run: Run, profile: str) -> Iterator[str]:
    """The plan in words: a line for the embedded sandbox, a table for any other target."""
    target = run.target
    clauses = sum(len(row.clauses) for row in forecast.rows)
    about = f"{forecast.tests} tests of {clauses} clauses, about {forecast.requests} requests"
    if target.embedded:
        yield f"plan: {about} to the embedded sandbox; {forecast.money} of them move play money"
        return
    yield f"plan: target {target.name} ({target.file}, {target.kind}), profile {profile}"
    yield from _table(forecast.rows).split("\n")
    yield f"{about}, {forecast.money} of which may move money"
    yield (
        "  requests are those of a run against kontrak's own sandbox, in proportion to the tests; "
        "what tests share counts for the first"
    )
    if forecast.unmeasured:
        yield f"  {forecast.unmeasured} tests are not measured and not in these figures"
    for reason, count in forecast.skips.most_common():
        yield f"  {count} tests will be skipped: {reason}"
    for reason in dict.fromkeys(target.disabled.values()):
        yield f"  disabled by the target: {reason}"
    yield from _minutes(forecast, target)
    yield from _cost(forecast, run)


def _table(rows: Iterable[Row]) -> str:
    grid = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for name in ("provider", "section"):
        grid.add_column(name, no_wrap=True)
    for name in ("clauses", "tests", "skipped", "requests", "may cost"):
        grid.add_column(name, justify="right", no_wrap=True)
    for row in rows:
        asked = ceil(row.reading) + ceil(row.money)
        figures = (len(row.clauses), row.tests, round(row.skipped), asked, ceil(row.money))
        grid.add_row(row.provider, row.section, *map(str, figures))
    sink = io.StringIO()
    Console(file=sink, width=110, no_color=True).print(grid)
    return "\n".join(line.rstrip() for line in sink.getvalue().rstrip("\n").split("\n"))


def _minutes(forecast: Forecast, target: Target) -> Iterator[str]:
    found = rates(target.limits)
    for key in dict.fromkeys(row.provider for row in forecast.rows):
        if found:
            slowest = max(one.interval / one.limit for one in found) / 1000
            minutes = forecast.of_provider(key) * slowest / 60
            yield f"rate: {key} takes at least {minutes:.0f} minutes at the pace of [limits]"


def _cost(forecast: Forecast, run: Run) -> Iterator[str]:
    target, limits = run.target, run.target.limits
    if forecast.read_only:
        yield f"money: 0 rupiah: {forecast.read_only}"
        return
    if target.kind == "sandbox":
        yield "money: none: the target is a sandbox, whose money is play money"
        return
    most = int(limits["spend_rupiah"])
    words = f"[limits] spend_rupiah = {most}"
    per_day = limits.get("spend_rupiah_per_day")
    if per_day is not None:
        try:
            spent = _spent_today(run)
        except (ConfigurationError, LedgerFailure) as error:
            yield f"money: {error.sentence}"
            return
        words += f"; {spent} of {per_day} are spent or may be today"
        most = min(most, max(per_day - spent, 0))
    yield f"money: at most {most} rupiah ({words})"
    for one in limits["may_buy"]:
        yield f"  may buy {one['product']} for {one['customer']}"


def _spent_today(run: Run) -> int:
    path = ledger_path(run.target, run.output)
    if not path.exists():
        return 0
    with Ledger(path) as ledger:
        return ledger.spent_today(run.target.name)
