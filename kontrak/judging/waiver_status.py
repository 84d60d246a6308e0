"""What a run says of its waivers: whether each still fits, and otherwise what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from kontrak.clauses.verdict import Verdict
from kontrak.judging.test_record import TestRecord
from kontrak.judging.waivers import Waiver, Waivers


class State(StrEnum):
    """How a waiver stands after a run."""

    WAIVED = "waived"
    EXPIRED = "expired"
    CHANGED = "changed"
    FIXED = "fixed"
    NOT_EXERCISED = "not exercised"
    UNDECIDED = "undecided"
    """The run was narrowed, or could not judge the clause: it says nothing of the waiver."""

    @property
    def is_red(self) -> bool:
        """Whether someone has to act."""
        return self not in (State.WAIVED, State.UNDECIDED)


@dataclass(frozen=True, slots=True)
class Standing:
    """A waiver, how it stands, and what to do; ``advice`` is empty where there is nothing."""

    waiver: Waiver
    state: State
    advice: str

    def line(self) -> str:
        """The waiver in a line: clause, state, and what to do or until when."""
        place = " ".join(filter(None, (self.waiver.clause, self.waiver.product)))
        return f"{place}: {self.state}: {self.advice or self.waiver.returned()}"

    def to_json(self) -> dict[str, Any]:
        """The entry of ``conformance.json``."""
        return {**self.waiver.to_json(), "state": str(self.state), "advice": self.advice}


def standings(
    waivers: Waivers, providers: Iterable[str], records: Iterable[TestRecord], *, whole: bool
) -> list[Standing]:
    """How every waiver of some providers stands.

    ``records`` are those of all planned tests; ``whole`` says that the run left out nothing: only
    then can it report that a waived deviation is gone or was not looked for.
    """
    known = list(records)
    found = []
    for one in waivers.of(providers):
        verdicts = {
            record.verdict: record.reason
            for record in known
            if one.is_about(record.clause, record.test)
        }
        state = _state(one, verdicts, waivers, whole=whole)
        found.append(Standing(one, state, _advice(one, state, verdicts)))
    return found


def _state(one: Waiver, verdicts: dict[str, str], waivers: Waivers, *, whole: bool) -> State:
    if Verdict.FAILED.word in verdicts:
        return State.EXPIRED if one.expires < waivers.today else State.CHANGED
    if Verdict.WAIVED.word in verdicts:
        return State.WAIVED
    if Verdict.BROKEN.word in verdicts or not whole:
        return State.UNDECIDED
    if {Verdict.PASSED.word, Verdict.WARNED.word} & set(verdicts):
        return State.FIXED
    return State.NOT_EXERCISED


def _advice(one: Waiver, state: State, verdicts: dict[str, str]) -> str:
    again = f"`kontrak waive {one.clause}`"
    if state is State.EXPIRED:
        return (
            f"it ended on {one.expires} and the clause still fails: ask {one.owner} about "
            f"{one.ticket}, then have it fixed or renew it with {again}"
        )
    if state is State.CHANGED:
        return (
            "the clause fails in another way than the one accepted: read the deviation, report the "
            f"partner ({one.ticket}), and accept it anew with {again} if it is acceptable"
        )
    if state is State.FIXED:
        return f"the clause no longer fails: remove the entry and close {one.ticket}"
    if state is State.NOT_EXERCISED:
        why = verdicts.get(Verdict.SKIPPED.word) or "no test of it ran"
        return f"{why}: let the target offer what the clause needs, or remove the entry"
    return ""
