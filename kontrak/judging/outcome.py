"""What a test's outcome says of its clause. The one place that turns exceptions into verdicts."""

from __future__ import annotations

import traceback
from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from typing import Any

import pytest
from hypothesis.errors import Flaky

from kontrak.clauses.catalogue import Clause
from kontrak.clauses.verdict import Strength, Verdict
from kontrak.errors import KontrakError, NotOffered, SpendingRefused
from kontrak.exchange import Exchange
from kontrak.http.trouble import of_status
from kontrak.judging.expect import Blocked, Deviation, Drift, Notebook
from kontrak.judging.failure_text import curl, deviation_text, sent_line
from kontrak.judging.rerun import rerun_line
from kontrak.judging.test_record import TestRecord
from kontrak.judging.waivers import Waivers
from kontrak.masking.masker import Masker

BOOK = pytest.StashKey[Notebook]()
SOFT = pytest.StashKey[Deviation | Blocked]()
"""A deviation that only warns, or what blocks the test: it did not fail the test."""

_NOT_JUDGED = (SpendingRefused, NotOffered)
"""What leaves a clause unjudged for a reason that is neither the target's deviation nor a fault."""
_DIFFERENTLY = (
    "the target answers the same generated requests differently each time: nothing follows from it"
    "\n  hint: ask the provider what the answers depend on, and run again with the same --seed"
)
_FEW = 4
_SIDES = ("expected", "received")
_PLACES = 8


def softened(problem: BaseException, clause: Clause, *, observed_fails: bool) -> Deviation | None:
    """The deviation that only warns, or None when something in the problem fails the test.

    Hypothesis raises several distinct failures as a group; the worst of them decides. What is
    blocked beside a deviation says nothing more.
    """
    found = [one for one in leaves(problem) if not isinstance(one, Blocked)]
    if not found or not all(isinstance(one, Deviation) for one in found):
        return None
    hard = [one for one in found if not isinstance(one, Drift)]
    lenient = clause.strength is Strength.INFERRED or (
        clause.strength is Strength.OBSERVED and not observed_fails
    )
    if hard and not lenient:
        return None
    return next(one for one in [*hard, *found] if isinstance(one, Deviation))


def judged(
    item: pytest.Item,
    call: pytest.CallInfo[None],
    report: pytest.TestReport,
    clause: Clause,
    masker: Masker,
    waivers: Waivers | None = None,
) -> dict[str, Any] | None:
    """The record of one phase of a test, ready to cross a process boundary; None for nothing new.

    The report is changed to say the same: its text becomes ours, masked.
    """
    problem = _decisive(call.excinfo.value) if call.excinfo else None
    if report.when == "setup" and problem is None:
        return None
    if report.when == "teardown" and problem is None:
        return None
    book = item.stash.get(BOOK, Notebook())
    soft = item.stash.get(SOFT, None)
    again = rerun_line(item, clause)
    if isinstance(problem, Deviation):
        record = _deviated(report, clause, problem, masker, again)
        record = _waived(record, report, waivers, masker) if waivers else record
    elif problem is None:
        record = _kept(report, clause, book, soft, masker, again)
    elif report.outcome == "skipped" or isinstance(problem, _NOT_JUDGED):
        record = _skipped(report, clause, problem, soft, masker)
    else:
        record = _broken(report, clause, problem, masker)
    reported = tuple(
        {name: masker.plain(text) for name, text in asdict(one).items()} for one in book.readings
    )
    return asdict(replace(record, readings=reported))


def leaves(problem: BaseException) -> Iterator[BaseException]:
    """The exceptions of a group, of its groups too; of anything else, itself."""
    if isinstance(problem, BaseExceptionGroup):
        for one in problem.exceptions:
            yield from leaves(one)
    else:
        yield problem


def _decisive(problem: BaseException) -> BaseException:
    """Of a group, what decides: ours broken, then a deviation, then drift, then what is blocked."""
    found = list(leaves(problem))

    def rank(one: BaseException) -> int:
        if isinstance(one, Blocked):
            return 3
        return 2 if isinstance(one, Drift) else 1 if isinstance(one, Deviation) else 0

    return min(found, key=rank)


def _deviated(
    report: pytest.TestReport, clause: Clause, deviation: Deviation, masker: Masker, again: str
) -> TestRecord:
    text = deviation_text(clause, deviation.findings, deviation.exchanges, masker, again)
    report.longrepr = text
    return TestRecord(
        test=report.nodeid,
        clause=clause.id,
        verdict=Verdict.FAILED.word,
        reason=masker.text(str(deviation).splitlines()[0]),
        message=text,
        doubt=tuple(
            {"what": f"HTTP {one.reply.status}", "at": one.started_at}
            for one in deviation.exchanges
            if of_status(one, sound=True)
        ),
        seconds=report.duration,
        **_facts(deviation, masker),
    )


def _waived(
    record: TestRecord, report: pytest.TestReport, waivers: Waivers, masker: Masker
) -> TestRecord:
    """The record of a deviation that a waiver covers: pytest and JUnit see an expected failure."""
    hide = masker.personal.hide
    waiver = waivers.covering(record.clause, record.test, record.findings, hide)
    if waiver is None:
        return record
    report.outcome = "skipped"
    report.wasxfail = masker.text(waiver.returned())
    return replace(record, verdict=Verdict.WAIVED.word, reason=report.wasxfail)


def _kept(
    report: pytest.TestReport,
    clause: Clause,
    book: Notebook,
    soft: Deviation | Blocked | None,
    masker: Masker,
    again: str,
) -> TestRecord:
    notes = [masker.text(one) for one in book.notes]
    message = ""
    facts: Mapping[str, Any] = {}
    if isinstance(soft, Deviation):
        notes.insert(0, masker.text(str(soft).splitlines()[0]))
        message = deviation_text(clause, soft.findings, soft.exchanges, masker, again)
        facts = _facts(soft, masker)
    verdict = Verdict.WARNED if notes else Verdict.PASSED
    return TestRecord(
        test=report.nodeid,
        clause=clause.id,
        verdict=verdict.word,
        notes=tuple(notes),
        message=message,
        seconds=report.duration,
        **facts,
    )


def _skipped(
    report: pytest.TestReport,
    clause: Clause,
    problem: BaseException,
    soft: Deviation | Blocked | None,
    masker: Masker,
) -> TestRecord:
    reason = masker.text(str(problem).replace("\n  hint: ", "; "))
    report.outcome = "skipped"
    report.longrepr = (report.location[0], report.location[1] or 0, reason)
    return TestRecord(
        test=report.nodeid,
        clause=clause.id,
        verdict=Verdict.SKIPPED.word,
        reason=reason,
        blocked_by=soft.clause_id if isinstance(soft, Blocked) else None,
        seconds=report.duration,
    )


def _broken(
    report: pytest.TestReport, clause: Clause, problem: BaseException, masker: Masker
) -> TestRecord:
    if isinstance(problem, KontrakError):
        text = str(problem)
    elif isinstance(problem, Flaky):
        text = _DIFFERENTLY
    else:
        last = traceback.extract_tb(problem.__traceback__)[-_PLACES:]
        trail = " < ".join(f"{one.name}:{one.lineno}" for one in reversed(last))
        text = f"{type(problem).__name__}: {problem}\n  hint: a fault of kontrak's own; {trail}"
    text = masker.text(text)
    report.longrepr = text
    return TestRecord(
        test=report.nodeid,
        clause=clause.id,
        verdict=Verdict.BROKEN.word,
        reason=text,
        message=text,
        seconds=report.duration,
    )


def _facts(deviation: Deviation, masker: Masker) -> Mapping[str, Any]:
    exchanges: tuple[Exchange, ...] = deviation.exchanges[-_FEW:]
    return {
        "findings": tuple(
            dict(
                zip(("expected", "received"), masker.pair(one.expected, one.received), strict=True)
            )
            for one in deviation.findings
        ),
        "sent": tuple(masker.text(sent_line(one)) for one in exchanges),
        "repeat": curl(exchanges[-1], masker) if exchanges else "",
    }
