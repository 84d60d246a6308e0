"""The pytest side of drift: workers hand over what they counted, the controller writes it down.

A worker that dies takes its counts with it; the tests that it ran are then broken as well, so
nothing is concluded from what is missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from _pytest.terminal import TerminalReporter

from kontrak.asking.run import Run
from kontrak.drift import baseline, document, words
from kontrak.drift import chat_summary as digest
from kontrak.drift.changes import Change
from kontrak.drift.difference import Record, differences
from kontrak.errors import KontrakError
from kontrak.interface.inventory import Raw, added

_KEY = "kontrak_inventory"
UNWRITTEN = "kontrak_unwritten"


class Giver:
    """Registered in every xdist worker; ``unwritten`` collects what it could not write."""

    def __init__(self, run: Run, unwritten: list[str]) -> None:
        self._run = run
        self._unwritten = unwritten

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Give the counts to the controller with what xdist sends at the end."""
        output: dict[str, Any] = getattr(session.config, "workeroutput", {})
        output[_KEY] = self._run.inventory.raw(self._run.masker)
        output[UNWRITTEN] = self._unwritten


class Gatherer:
    """Registered once per run, in the process that started it; the recorder makes it write.

    ``accepted`` is the folder of the baseline, which is read and never written.
    """

    def __init__(self, run: Run, accepted: Path) -> None:
        self._run = run
        self._accepted = accepted
        self._parts: list[Raw] = []
        self._changes: tuple[Change, ...] | None = None
        self._trouble = ""
        self._written = False

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take a worker's counts, if it lived to give them."""
        self._parts.append(getattr(node, "workeroutput", {}).get(_KEY, {}))

    def write(self, results: Mapping[str, Any], folder: Path) -> None:
        """Write ``inventory.json`` and ``summary.txt`` beside the results of the run."""
        own = self._run.inventory.raw(self._run.masker)
        total = added(iter([own, *self._parts]))
        # A suite may look at a neighbour's interface; what it sees there is not the whole of it.
        judged = {key: reported for key, reported in total.items() if key in results["providers"]}
        inventory = document.document(judged, results)
        document.write(inventory, folder)
        if baseline.exists(self._accepted):
            try:
                self._changes = differences(
                    baseline.read(self._accepted),
                    Record(inventory, dict(results)),
                    tuple(results["providers"]),
                )
            except KontrakError as error:
                self._trouble = str(error)
        digest.write(digest.digest(results, self._changes, self._run.masker), folder)
        self._written = True

    @pytest.hookimpl(tryfirst=True)
    def pytest_terminal_summary(self, terminalreporter: TerminalReporter) -> None:
        """Nightly, what has changed since the baseline is shown before anything else."""
        if self._run.profile != "nightly" or not self._written:
            return
        for line in self._lines():
            terminalreporter.write_line(self._run.masker.text(line))

    def _lines(self) -> list[str]:
        if self._trouble:
            return ["", f"no comparison with the baseline: {self._trouble}"]
        if self._changes is None:
            return ["", f"no baseline in {self._accepted}: `kontrak accept` makes this run one"]
        reported = words.lines(self._changes)
        return ["", f"since the baseline: {words.closing(self._changes)}", *reported]
