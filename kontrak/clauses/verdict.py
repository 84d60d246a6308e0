"""Strengths and verdicts, their order, and how they combine. The one place that decides."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum, StrEnum

NOT_SELECTED = "not selected by this run"
"""The reason of a clause of which no test was selected."""


class Strength(StrEnum):
    """How firmly the provider's documentation says a clause."""

    MUST = "must"
    """Prose or a table of the document, or the provider's own public pages: a deviation fails."""
    OBSERVED = "observed"
    """Only an example shows it: a deviation fails, and the message says so."""
    INFERRED = "inferred"
    """Plain sense or a related provider's habit: a deviation warns and never fails."""


class Verdict(IntEnum):
    """What a run says of a clause, from best known to worst; a clause takes its worst test."""

    DISABLED = 0
    SKIPPED = 1
    PASSED = 2
    WARNED = 3
    WAIVED = 4
    FAILED = 5
    BROKEN = 6

    @property
    def word(self) -> str:
        """The verdict in lower case, as reports print it."""
        return self.name.lower()


class ExitCode(IntEnum):
    """What ``kontrak`` and ``pytest suites`` end with."""

    CONFORMS = 0
    DEVIATES = 1
    INCONCLUSIVE = 3
    CONFIGURATION = 4
    NOTHING_SELECTED = 5
    INTERRUPTED = 130
    """Ctrl-C, as shells count it; what was judged until then is kept, deviations included."""


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The worst verdict of several; ``BROKEN`` for none, since *not run* is never green."""
    return max(verdicts, default=Verdict.BROKEN)


def exit_code(verdicts: Iterable[Verdict]) -> ExitCode:
    """The exit code of a run from the verdicts of its clauses.

    A proven deviation stays proven whatever else could not be concluded, so it comes first.
    """
    seen = set(verdicts)
    if not seen:
        return ExitCode.NOTHING_SELECTED
    if Verdict.FAILED in seen:
        return ExitCode.DEVIATES
    if Verdict.BROKEN in seen or seen <= {Verdict.DISABLED, Verdict.SKIPPED}:
        return ExitCode.INCONCLUSIVE
    return ExitCode.CONFORMS
