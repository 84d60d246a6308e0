"""``python -m kontrak.commands.measure``: count the requests of every test to the sandbox.

Writes ``fixtures/requests.json``, on which the plan of a run rests: by provider, test and profile
how many requests only read, how many may move money, and how many of its rows were skipped. A
conversation that many tests share counts for the first of them. Clock moves are not counted.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Generator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

import pytest

from kontrak.config.paths import SUITES
from kontrak.config.registry import PROVIDERS
from kontrak.errors import KontrakError, SpendingRefused
from kontrak.exchange import Exchange, Request, Spend
from kontrak.http.transport import Transport
from kontrak.pytest_plugin.arguments import ALWAYS
from kontrak.pytest_plugin.run_plan import COUNTED, MEASURED, short_name

Rows = dict[str, dict[str, Any]]


class Counter:
    """A pytest plugin that counts what each test sends."""

    def __init__(self) -> None:
        self.counts: dict[str, list[int]] = {}
        self.items: dict[str, int] = {}
        self._now = ""

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Note which test sends what comes next."""
        self._now = short_name(item.nodeid)
        self.counts.setdefault(self._now, [0, 0, 0])
        self.items[self._now] = self.items.get(self._now, 0) + 1
        return (yield)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count a skipped row."""
        if report.skipped:
            self.counts[short_name(report.nodeid)][2] += 1

    def sent(self, request: Request, spend: Spend | None) -> None:
        """Count a request for the test that runs."""
        if "/_sandbox/" not in request.url and self._now:
            self.counts[self._now][0 if spend is None else 1] += 1


def measure(provider: str) -> Rows:
    """Run a provider's suite in every profile; the counts by test."""
    found: Rows = {}
    for profile in COUNTED:
        # A process of its own: test modules keep the profile with which they were imported.
        context = get_context("spawn")
        with ProcessPoolExecutor(1, mp_context=context) as pool:
            items, counts = pool.submit(_run, provider, profile).result()
        for test, counted in counts.items():
            found.setdefault(test, {"items": items[test]})[profile] = counted
    return found


def _run(provider: str, profile: str) -> tuple[dict[str, int], dict[str, list[int]]]:
    plain, counter = Transport.send, Counter()

    def send(self: Transport, request: Request, spend: Spend | None = None) -> Exchange:
        try:
            exchange = plain(self, request, spend)
        except SpendingRefused:
            raise
        except KontrakError:
            counter.sent(request, spend)
            raise
        counter.sent(request, spend)
        return exchange

    Transport.send = send  # type: ignore[method-assign]  # to count, and put back below
    try:
        with tempfile.TemporaryDirectory(prefix="kontrak-") as folder:
            options = ["--seed=1", f"--profile={profile}", f"--output={folder}"]
            without = ["-p", "no:xdist", "-p", "no:allure_pytest"]
            pytest.main([*ALWAYS, str(SUITES / provider), *options, *without], plugins=[counter])
    finally:
        Transport.send = plain  # type: ignore[method-assign]  # as above
    return counter.items, counter.counts


def main(chosen: list[str]) -> None:
    """Measure the providers named, or all, and write the file anew."""
    data: dict[str, Rows] = json.loads(MEASURED.read_text()) if MEASURED.exists() else {}
    for provider in chosen or PROVIDERS:
        data[provider] = measure(provider)
    ordered = {key: data[key] for key in PROVIDERS if key in data}
    MEASURED.write_text(_text(ordered), encoding="utf-8")


def _text(data: dict[str, Rows]) -> str:
    """The file's text, a line for every test."""
    blocks = []
    for provider, rows in data.items():
        lines = ",\n".join(f"  {json.dumps(test)}: {json.dumps(row)}" for test, row in rows.items())
        blocks.append(f" {json.dumps(provider)}: {{\n{lines}\n }}")
    return "{\n" + ",\n".join(blocks) + "\n}\n"


if __name__ == "__main__":
    main(sys.argv[1:])
