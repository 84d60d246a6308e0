"""Pytest plugin of the controller process: collects records, writes results, prints totals."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from _pytest.junitxml import xml_key
from _pytest.terminal import TerminalReporter
from filelock import Timeout

from kontrak.asking.run import Run
from kontrak.clauses.verdict import ExitCode, Verdict
from kontrak.config.interruption import INTERRUPTION, NOTHING_JUDGED
from kontrak.errors import KontrakError
from kontrak.pytest_plugin import selection
from kontrak.pytest_plugin.gathering import UNWRITTEN, Gatherer
from kontrak.reporting import terminal
from kontrak.reporting.allure_bridge import complete, write_environment
from kontrak.reporting.results import Results, TestRecord
from kontrak.reporting.results_folder import ALLURE, PLAN, ResultsFolder, reason
from kontrak.reporting.run_summary import RunCounters

BY_YOU = "interrupted by you"
BY_OPTION = "stopped at your wish (-x or --maxfail)"


class Recorder:
    """Registered once per run, in the process that started it.

    ``unwritten`` collects what could not be written while the tests ran.
    """

    def __init__(
        self,
        results: Results,
        run: Run,
        folder: ResultsFolder,
        gatherer: Gatherer,
        unwritten: list[str],
    ) -> None:
        self.results = results
        self._run = run
        self._folder = folder
        self._gatherer = gatherer
        self._unwritten = unwritten
        self._trouble = False
        self._uncollected: list[str] = []
        self._counts: RunCounters | None = None
        self._words = ""
        """One line in the place of a summary, where nothing was judged or written."""

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A suite that cannot be collected is a configuration error, not a verdict."""
        self._trouble = self._trouble or report.failed
        if report.failed:
            lines = [one for one in report.longreprtext.splitlines() if one.strip()]
            errors = [one.removeprefix("E").strip() for one in lines if one.startswith("E ")]
            self._uncollected.append(f"{report.nodeid}: {' '.join(errors or lines[-1:])}")

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Learn what a worker could not write."""
        self._unwritten += getattr(node, "workeroutput", {}).get(UNWRITTEN, ())

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep a test's record; a worker's death breaks the test it was running."""
        record: dict[str, Any] | None = getattr(report, "kontrak", None)
        if record is not None:
            self.results.records.append(TestRecord.of(record))
        elif str(report.when) == "???":
            self._died(report.nodeid)

    def _died(self, test: str) -> None:
        clause_id = selection.Plan.read(self._folder.path / PLAN).clauses.get(test)
        if clause_id is not None:
            reason = "its worker died while this test ran\n  hint: run it alone with -n 0 -k"
            self.results.records.append(
                TestRecord(test, clause_id, Verdict.BROKEN.word, reason=reason)
            )

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_sessionfinish(
        self, session: pytest.Session, exitstatus: int
    ) -> Generator[None, object, object]:
        """Write the results and end with the exit code that the verdicts give.

        It comes after all other plugins have written theirs, and a full disk stops none of this.
        """
        done: object = None
        try:
            done = yield
        except OSError as error:
            self._unwritten.append(reason(error))
        session.exitstatus = int(self._ended(session, exitstatus))
        return done

    def _ended(self, session: pytest.Session, exitstatus: int) -> ExitCode | int:
        option = session.config.option
        nothing = option.collectonly or option.plan
        if not nothing and (self._trouble or exitstatus == pytest.ExitCode.USAGE_ERROR):
            return ExitCode.CONFIGURATION
        self._why_stopped(session, exitstatus)
        if nothing:
            return ExitCode.INTERRUPTED if self.results.interrupted else exitstatus
        self.results.planned = selection.Plan.read(self._folder.path / PLAN).clauses
        if not self.results.records and (self.results.interrupted or not self.results.planned):
            # Whatever an earlier run has found in this folder is worth more than nothing at all.
            self._words = (
                NOTHING_JUDGED
                if self.results.interrupted
                else "nothing was selected; the results of the last run stay as they are"
            )
            return self.results.exit_code()
        return self._written(session.config)

    def _why_stopped(self, session: pytest.Session, exitstatus: int) -> None:
        if INTERRUPTION.asked:
            self.results.interrupted, self.results.stopped = True, BY_YOU
        elif session.config.getoption("maxfail") and session.shouldfail:
            self.results.stopped = BY_OPTION
        elif session.shouldstop or exitstatus == pytest.ExitCode.INTERRUPTED:
            self.results.stopped = f"stopped by pytest: {session.shouldstop or 'a plugin'}"
        if self.results.stopped:
            self.results.whole = False

    def _written(self, config: pytest.Config) -> ExitCode:
        results = self.results
        results.unselected = selection.left_out(results.about["providers"], self._run.target)
        self._count_money()
        if self._unwritten:
            what = f"some results could not be written: {self._unwritten[0]}"
            results.unfinished = results.unfinished or what
        try:
            reported = results.write(self._folder.path)
            allure, masker = self._folder.path / ALLURE, self._run.masker
            words, later = results.not_green(), results.never_run if results.interrupted else set()
            complete(
                results.clauses(), allure, masker, run=self._run.id, trouble=words, later=later
            )
            write_environment(results.about, allure)
            self._gatherer.write(reported, self._folder.path)
            self._folder.publish()
        except (OSError, Timeout) as error:
            self._words = f"the results cannot be written to {self._run.output}: {reason(error)}"
            return ExitCode.INTERRUPTED if results.interrupted else ExitCode.INCONCLUSIVE
        junit = config.stash.get(xml_key, None)
        if junit is not None and Path(junit.logfile).parent == self._folder.path:
            junit.logfile = str(self._run.output / Path(junit.logfile).name)
        return results.exit_code()

    def _count_money(self) -> None:
        """What the ledger says of the run; one that cannot be read makes it inconclusive."""
        try:
            self._counts = counts = RunCounters.of(self._run)
        except KontrakError as error:
            self.results.unsure = error.sentence
            return
        self.results.about["money"] = counts.to_json()
        self.results.unsure, self.results.unfinished = counts.unsure, counts.unfinished
        self.results.troubles = counts.troubles
        self.results.about["trouble"] = [one.to_json() for one in counts.troubles]

    def pytest_terminal_summary(self, terminalreporter: TerminalReporter) -> None:
        """Report deviations, warnings, what is broken, and the table of clauses."""
        for line in self._uncollected:
            terminalreporter.write_line(self._run.masker.text(f"cannot be collected: {line}"))
        if self._words:
            terminalreporter.write_line(self._run.masker.text(self._words))
        if self.results.records and not self._trouble:
            for line in self._counts.lines() if self._counts else ():
                terminalreporter.write_line(self._run.masker.text(line))
            terminal.summary(terminalreporter, self.results, self._run)
