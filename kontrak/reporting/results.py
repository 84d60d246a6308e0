"""The one record of a run; every report is written from it.

``conformance.json`` is its form on disk, published as ``schemas/conformance.json``.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from kontrak.clauses.catalogue import Clause, all_clauses, find
from kontrak.clauses.verdict import NOT_SELECTED, ExitCode, Verdict, exit_code, worst
from kontrak.config.files import write_whole
from kontrak.http.trouble import Trouble
from kontrak.judging.test_record import TestRecord
from kontrak.judging.waiver_status import Standing, standings
from kontrak.judging.waivers import Waivers
from kontrak.masking.visible import visible_data
from kontrak.reporting.doubt import without_doubt
from kontrak.reporting.results_folder import CONFORMANCE

_ENDS = {
    Verdict.DISABLED: "is disabled",
    Verdict.SKIPPED: "was skipped",
    Verdict.PASSED: "passed",
    Verdict.WARNED: "warned",
    Verdict.BROKEN: "is broken",
}

__all__ = ["ClauseResult", "Results", "TestRecord", "readings"]


@dataclass(frozen=True, slots=True)
class ClauseResult:
    """A clause, its verdict and the tests it rests on."""

    clause: Clause
    verdict: Verdict
    reason: str
    tests: tuple[TestRecord, ...]

    @property
    def partly(self) -> str:
        """Why some tests of a clause that others judged were skipped; "" where none was."""
        if self.verdict in (Verdict.SKIPPED, Verdict.DISABLED, Verdict.BROKEN):
            return ""
        skipped = [one for one in self.tests if one.verdict == Verdict.SKIPPED.word]
        if not skipped:
            return ""
        reasons = "; ".join(dict.fromkeys(one.reason.splitlines()[0] for one in skipped))
        return f"{len(skipped)} of {len(self.tests)} tests skipped: {reasons}"


@dataclass(slots=True)
class Results:
    """A run as it comes in: what was planned, and the results of the tests.

    ``planned`` maps test ids to clause ids; ``about`` holds target, versions, seed and times.
    ``unsure`` says why nothing may be concluded from the run whatever its verdicts are,
    ``unfinished`` why it is not green even if nothing failed. ``stopped`` says why tests were not
    reached although nothing went wrong: they count as skipped and the run is not green.
    ``interrupted`` says that Ctrl-C was the reason, which decides the exit code.
    ``refused`` says why the run never began: nothing was sent and no clause is judged.
    ``troubles`` says when the target was out of order.
    ``whole`` says that the run was not narrowed to some clauses or tests.
    """

    about: dict[str, Any] = field(default_factory=dict)
    planned: dict[str, str] = field(default_factory=dict)
    unselected: dict[str, str] = field(default_factory=dict)
    records: list[TestRecord] = field(default_factory=list)
    unsure: str | None = None
    unfinished: str | None = None
    troubles: tuple[Trouble, ...] = ()
    stopped: str | None = None
    interrupted: bool = False
    refused: str | None = None
    waivers: Waivers = field(default_factory=Waivers)
    whole: bool = True

    def clauses(self) -> list[ClauseResult]:
        """Every clause that was planned or left out, with its verdict, in catalogue order."""
        if self.refused:
            return [
                ClauseResult(one, Verdict.SKIPPED, f"not judged: {self.refused}", ())
                for one in all_clauses()
                if one.provider in self.about["providers"]
            ]
        by_clause: dict[str, list[TestRecord]] = {}
        for record in self._complete():
            by_clause.setdefault(record.clause, []).append(record)
        found = {
            clause_id: _clause_result(find(clause_id), records)
            for clause_id, records in by_clause.items()
        }
        for clause_id, reason in self.unselected.items():
            if clause_id not in found:
                found[clause_id] = ClauseResult(find(clause_id), Verdict.DISABLED, reason, ())
        # Only their files: a registered provider that took no part may be broken.
        involved = {one.clause.provider for one in found.values()}
        ordered = {one.id: found[one.id] for one in all_clauses(involved) if one.id in found}
        return _unhidden(ordered, self.troubles)

    def _complete(self) -> Iterable[TestRecord]:
        """The records, and one for every planned test that never reported.

        Such a test is broken, unless the run was stopped on purpose.
        """
        yield from without_doubt(self.records, self.troubles)
        seen = {record.test for record in self.records}
        verdict, reason = Verdict.BROKEN, "planned but not run: its worker died or the run ended"
        if self.stopped:
            verdict, reason = Verdict.SKIPPED, f"not run: {self.stopped}"
        for test, clause_id in self.planned.items():
            if test not in seen:
                yield TestRecord(test, clause_id, verdict.word, reason=reason)

    def standings(self) -> list[Standing]:
        """How every waiver of this target stands after the run."""
        providers = self.about.get("providers", ())
        return standings(self.waivers, providers, self._complete(), whole=self.whole)

    def exit_code(self, clauses: Iterable[ClauseResult] | None = None) -> ExitCode:
        """What the run ends with: a waiver that no longer fits makes a conforming run red.

        Ctrl-C comes first: whoever pressed it knows that the run is not complete, and what was
        proven until then is in the clauses. A run that was stopped by an option (``-x``) is red
        when it has proven a deviation and inconclusive otherwise.
        """
        if self.interrupted:
            return ExitCode.INTERRUPTED
        if self.refused:
            return ExitCode.CONFIGURATION
        if not self.planned and not self.records:
            return ExitCode.NOTHING_SELECTED
        judged = self.clauses() if clauses is None else clauses
        code = exit_code(one.verdict for one in judged)
        # A waiver that a stopped run has not exercised says nothing, so this comes before it.
        if self.unsure or ((self.unfinished or self.cut_short) and code is ExitCode.CONFORMS):
            return ExitCode.INCONCLUSIVE
        if code is ExitCode.CONFORMS and any(one.state.is_red for one in self.standings()):
            return ExitCode.DEVIATES
        return code

    @property
    def executed(self) -> int:
        """How many of the planned tests have reported."""
        return len({record.test for record in self.records} & set(self.planned))

    @property
    def never_run(self) -> set[str]:
        """The planned tests that have not reported."""
        return set(self.planned) - {record.test for record in self.records}

    @property
    def cut_short(self) -> str | None:
        """Why planned tests were not run, with their number; None for a run that ran them all."""
        if not self.stopped or self.executed == len(self.planned):
            return None
        return f"{self.stopped}; {self.executed} of {len(self.planned)} tests judged"

    def not_green(self) -> str:
        """Why the run is not green apart from its verdicts, a line each; empty if nothing is."""
        red = [one.line() for one in self.standings() if one.state.is_red]
        return "\n".join(filter(None, [self.unsure, self.unfinished, self.cut_short, *red]))

    def to_json(self) -> dict[str, Any]:
        """The run as ``schemas/conformance.json`` describes it."""
        clauses = self.clauses()
        counts = Counter(one.verdict.word for one in clauses)
        return {
            "format": 1,
            **self.about,
            "exit_code": int(self.exit_code(clauses)),
            "counts": {verdict.word: counts[verdict.word] for verdict in Verdict},
            "planned": len(self.planned),
            "executed": self.executed,
            **({"stopped": stopped} if (stopped := self.refused or self.stopped) else {}),
            "readings": readings(clauses),
            "waivers": [one.to_json() for one in self.standings()],
            "clauses": [_clause_json(one) for one in clauses],
        }

    def write(self, folder: Path) -> dict[str, Any]:
        """Write ``conformance.json`` into a folder and return what stands in it."""
        data = visible_data(self.to_json())
        text = json.dumps(data, indent=2, ensure_ascii=False) + "\n"
        write_whole(text.encode(), folder / CONFORMANCE)
        reported: dict[str, Any] = json.loads(text)
        return reported


def readings(clauses: Iterable[ClauseResult]) -> list[dict[str, str]]:
    """How the target reads what the document leaves open, each once; see ``Reading``.

    A target that answers one question in two ways has two rows.
    """
    rows = (
        {"clause": one.clause.id, **reported}
        for one in clauses
        for test in one.tests
        for reported in test.readings
    )
    return list({tuple(row.items()): row for row in rows}.values())


def _clause_result(clause: Clause, records: list[TestRecord]) -> ClauseResult:
    verdict = _verdict(records)
    if verdict is Verdict.SKIPPED or verdict is Verdict.DISABLED:
        reason = "; ".join(dict.fromkeys(record.reason for record in records))
    else:
        bad = [record for record in records if record.verdict == verdict.word]
        reason = next((one.reason or "; ".join(one.notes) for one in bad), "")
    return ClauseResult(clause, verdict, reason, tuple(records))


def _verdict(records: Iterable[TestRecord]) -> Verdict:
    """The worst verdict of a clause's tests.

    A deviation that one test has proven stays proven, whatever another could not judge.
    """
    seen = [Verdict[record.verdict.upper()] for record in records]
    return Verdict.FAILED if Verdict.FAILED in seen else worst(seen)


def _unhidden(found: Mapping[str, ClauseResult], troubles: Iterable[Trouble]) -> list[ClauseResult]:
    """Turn what hides behind a clause that is not bad into *broken*: nothing is lost silently.

    Where the provider was out of order meanwhile, that is the reason.
    """
    bad = {key for key, one in found.items() if one.verdict in (Verdict.FAILED, Verdict.WAIVED)}
    hidden = _hidden(found, bad)
    results = []
    for one in found.values():
        behind = {record.blocked_by for record in one.tests if record.blocked_by}
        lost = sorted(behind - bad - hidden)
        if lost and one.verdict is not Verdict.FAILED:
            met = [each.line() for each in troubles if each.provider == one.clause.provider]
            behind_what = ", ".join(_in_the_way(key, found) for key in lost)
            reason = "; ".join(met) or f"not judged behind {behind_what}"
            results.append(ClauseResult(one.clause, Verdict.BROKEN, reason, one.tests))
        else:
            results.append(_with_the_rest(one))
    return results


def _hidden(found: Mapping[str, ClauseResult], bad: AbstractSet[str]) -> set[str]:
    """The clauses that were skipped because each of their tests is, in the end, behind a bad one.

    Grown from the bad ones, so that a circle of clauses that hide behind each other is not in it.
    """
    hidden: set[str] = set()
    while True:
        more = {
            key
            for key, one in found.items()
            if key not in hidden
            and one.verdict is Verdict.SKIPPED
            and one.tests
            and all(record.blocked_by in bad | hidden for record in one.tests)
        }
        if not more:
            return hidden
        hidden |= more


def _in_the_way(key: str, found: Mapping[str, ClauseResult]) -> str:
    """A clause that is no reason for another to be skipped, and what came of it."""
    one = found.get(key)
    if one is None or one.reason == NOT_SELECTED:
        return f"{key}, which was not selected"
    why = f" ({one.reason.splitlines()[0]})" if one.verdict is Verdict.BROKEN and one.reason else ""
    return f"{key}, which {_ENDS[one.verdict]}{why}"


def _with_the_rest(one: ClauseResult) -> ClauseResult:
    """A clause that some tests judged, with the reason why others were skipped."""
    if not one.partly:
        return one
    return replace(one, reason=f"{one.reason}; {one.partly}" if one.reason else one.partly)


def _clause_json(one: ClauseResult) -> dict[str, Any]:
    return {
        "id": one.clause.id,
        "provider": one.clause.provider,
        "section": one.clause.section,
        "text": one.clause.text,
        "source": one.clause.source,
        "strength": one.clause.strength.value,
        "verdict": one.verdict.word,
        "reason": one.reason,
        "tests": [asdict(record) for record in one.tests],
    }
