"""The controller's ear: collects what the tests say, writes the results, tells the terminal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from _pytest.terminal import TerminalReporter

from kontrak import selection, terminal
from kontrak.allure_bridge import complete, write_environment
from kontrak.results import Results, TestRecord
from kontrak.run import Run
from kontrak.tally import Tally
from kontrak.verdict import ExitCode, Verdict


class Recorder:
    """Registered once per run, in the process that started it."""

    def __init__(self, results: Results, run: Run, plan: Path) -> None:
        self.results = results
        self._run = run
        self._plan = plan
        self._trouble = False
        self._tally: Tally | None = None

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A suite that cannot be collected is a configuration error, not a verdict."""
        self._trouble = self._trouble or report.failed

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep a test's record; a worker's death breaks the test it was running."""
        record: dict[str, Any] | None = getattr(report, "kontrak", None)
        if record is not None:
            self.results.records.append(TestRecord.of(record))
        elif str(report.when) == "???":
            self._died(report.nodeid)

    def _died(self, test: str) -> None:
        clause_id = selection.Plan.read(self._plan).clauses.get(test)
        if clause_id is not None:
            reason = "its worker died while this test ran\n  hint: run it alone with -n 0 -k"
            self.results.records.append(
                TestRecord(test, clause_id, Verdict.BROKEN.word, reason=reason)
            )

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Write ``conformance.json`` and end with the exit code that the verdicts give."""
        if session.config.option.collectonly or session.config.option.plan:
            return
        if self._trouble or exitstatus == pytest.ExitCode.USAGE_ERROR:
            session.exitstatus = ExitCode.CONFIGURATION
            return
        self.results.planned = selection.Plan.read(self._plan).clauses
        providers = self.results.about["providers"]
        self.results.unselected = selection.left_out(providers, self._run.target)
        self._tally = tally = Tally.of(self._run)
        self.results.about["money"] = tally.to_json()
        self.results.unsure, self.results.unfinished = tally.unsure, tally.unfinished
        self.results.write(self._run.output)
        folder = self._run.output / "allure-results"
        trouble = self.results.trouble()
        complete(
            self.results.clauses(), folder, self._run.masker, run=self._run.id, trouble=trouble
        )
        write_environment(self.results.about, folder)
        session.exitstatus = int(self.results.exit_code())

    def pytest_terminal_summary(self, terminalreporter: TerminalReporter) -> None:
        """Tell deviations, warnings, what is broken, and the table of clauses."""
        if self.results.planned and not self._trouble:
            for line in self._tally.lines() if self._tally else ():
                terminalreporter.write_line(self._run.masker.text(line))
            terminal.summary(terminalreporter, self.results, self._run)
