"""The one record of a run; every report is written from it.

``conformance.json`` is its form on disk, published as ``schemas/conformance.json``.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from kontrak.catalogue import Clause, all_clauses, find
from kontrak.record import TestRecord
from kontrak.verdict import ExitCode, Verdict, exit_code, worst
from kontrak.waived import Standing, standings
from kontrak.waivers import Waivers

__all__ = ["ClauseResult", "Results", "TestRecord", "readings"]


@dataclass(frozen=True, slots=True)
class ClauseResult:
    """A clause, its verdict and the tests it rests on."""

    clause: Clause
    verdict: Verdict
    reason: str
    tests: tuple[TestRecord, ...]


@dataclass(slots=True)
class Results:
    """A run as it comes in: what was planned, and what the tests said.

    ``planned`` maps test ids to clause ids; ``about`` holds target, versions, seed and times.
    ``unsure`` says why nothing may be concluded from the run whatever its verdicts are,
    ``unfinished`` why it is not green even if nothing failed.
    ``whole`` says that the run was not narrowed to some clauses or tests.
    """

    about: dict[str, Any] = field(default_factory=dict)
    planned: dict[str, str] = field(default_factory=dict)
    unselected: dict[str, str] = field(default_factory=dict)
    records: list[TestRecord] = field(default_factory=list)
    unsure: str | None = None
    unfinished: str | None = None
    waivers: Waivers = field(default_factory=Waivers)
    whole: bool = True

    def clauses(self) -> list[ClauseResult]:
        """Every clause that was planned or left out, with its verdict, in catalogue order."""
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
        ordered = {one.id: found[one.id] for one in all_clauses() if one.id in found}
        return _unhidden(ordered)

    def _complete(self) -> Iterable[TestRecord]:
        """The records, and a broken one for every planned test that never reported."""
        yield from self.records
        seen = {record.test for record in self.records}
        for test, clause_id in self.planned.items():
            if test not in seen:
                reason = "planned but not run: the run was interrupted or its worker died"
                yield TestRecord(test, clause_id, Verdict.BROKEN.word, reason=reason)

    def standings(self) -> list[Standing]:
        """How every waiver of this target stands after the run."""
        providers = self.about.get("providers", ())
        return standings(self.waivers, providers, self._complete(), whole=self.whole)

    def exit_code(self, clauses: Iterable[ClauseResult] | None = None) -> ExitCode:
        """What the run ends with: a waiver that no longer fits makes a conforming run red."""
        if not self.planned and not self.records:
            return ExitCode.NOTHING_SELECTED
        judged = self.clauses() if clauses is None else clauses
        code = exit_code(one.verdict for one in judged)
        # A waiver that a stopped run has not exercised says nothing, so this comes before it.
        if self.unsure or (self.unfinished and code is ExitCode.CONFORMS):
            return ExitCode.INCONCLUSIVE
        if code is ExitCode.CONFORMS and any(one.state.is_red for one in self.standings()):
            return ExitCode.DEVIATES
        return code

    def trouble(self) -> str:
        """Why the run is not green apart from its verdicts, a line each; empty if nothing is."""
        red = [one.line() for one in self.standings() if one.state.is_red]
        return "\n".join(filter(None, [self.unsure, self.unfinished, *red]))

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
            "executed": len({record.test for record in self.records} & set(self.planned)),
            "readings": readings(clauses),
            "waivers": [one.to_json() for one in self.standings()],
            "clauses": [_clause_json(one) for one in clauses],
        }

    def write(self, folder: Path) -> Path:
        """Write ``conformance.json`` into a folder and return its path."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "conformance.json"
        text = json.dumps(self.to_json(), indent=2, ensure_ascii=False)
        # Half a surrogate pair, which a reply may hold, becomes the escape that JSON has for it.
        path.write_bytes(f"{text}\n".encode("utf-8", "backslashreplace"))
        return path


def readings(clauses: Iterable[ClauseResult]) -> list[dict[str, str]]:
    """How the target reads what the document leaves open, each once; see ``kontrak.judge.Reading``.

    A target that answers one question in two ways has two rows.
    """
    rows = (
        {"clause": one.clause.id, **told}
        for one in clauses
        for test in one.tests
        for told in test.readings
    )
    return list({tuple(row.items()): row for row in rows}.values())


def _clause_result(clause: Clause, records: list[TestRecord]) -> ClauseResult:
    verdict = worst(Verdict[record.verdict.upper()] for record in records)
    if verdict is Verdict.SKIPPED or verdict is Verdict.DISABLED:
        reason = "; ".join(dict.fromkeys(record.reason for record in records))
    else:
        bad = [record for record in records if record.verdict == verdict.word]
        reason = next((one.reason or "; ".join(one.notes) for one in bad), "")
    return ClauseResult(clause, verdict, reason, tuple(records))


def _unhidden(found: Mapping[str, ClauseResult]) -> list[ClauseResult]:
    """Turn what hides behind a clause that passed into *broken*: nothing is lost silently."""
    passed = {key for key, one in found.items() if one.verdict is Verdict.PASSED}
    results = []
    for one in found.values():
        lost = {record.blocked_by for record in one.tests if record.blocked_by} & passed
        if lost:
            reason = f"not judged behind {', '.join(sorted(lost))}, which passed"
            results.append(ClauseResult(one.clause, Verdict.BROKEN, reason, one.tests))
        else:
            results.append(one)
    return results


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
