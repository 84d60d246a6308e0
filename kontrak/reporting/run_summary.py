"""What the ledger says of a run when it has ended: money, the kill switch, and HTTP 429."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kontrak.asking.run import Run
from kontrak.errors import ConfigurationError, LedgerFailure
from kontrak.http.trouble import Trouble, endings, troubles
from kontrak.limits.balance_check import OPEN_SQL
from kontrak.limits.kill_switch import Switch
from kontrak.limits.ledger_file import ledger_path
from kontrak.limits.rate_limit import TOO_MANY, refusals

_FEW = 5


@dataclass(frozen=True, slots=True)
class RunCounters:
    """``spent`` and ``today`` are rupiah that were spent or may have been, by the run and by all
    runs of its day; ``open`` counts its transactions whose end no one knows.

    ``failure`` says why the ledger cannot be read, so that nothing else of this is known;
    ``stopped`` says why the run bought nothing more, ``notes`` what else was noticed of money;
    ``refusals`` counts answers with HTTP 429, of which the target allows ``most``; ``troubles`` and
    ``endings`` say when the target was out of order, and why it was not asked any more.
    """

    live: bool
    spent: int = 0
    today: int = 0
    open: int = 0
    stopped: str | None = None
    notes: tuple[str, ...] = ()
    refusals: int = 0
    most: int = TOO_MANY
    failure: str | None = None
    troubles: tuple[Trouble, ...] = ()
    endings: tuple[str, ...] = ()

    @classmethod
    def of(cls, run: Run) -> RunCounters:
        """The count of a run so far; an empty one where nothing was kept."""
        live, most = run.target.kind != "sandbox", run.target.limits.get("too_many_429", TOO_MANY)
        if not ledger_path(run.target, run.output).exists():
            return cls(live, most=most)
        try:
            return cls._read(run, live, most)
        except (ConfigurationError, LedgerFailure) as error:
            return cls(live, most=most, failure=error.sentence)

    @classmethod
    def _read(cls, run: Run, live: bool, most: int) -> RunCounters:  # noqa: FBT001 - as the fields are
        ledger, switch = run.ledger, Switch(run.ledger, run.id)
        return cls(
            live,
            spent=ledger.spent(run.id),
            today=ledger.spent_today(run.target.name),
            open=ledger.number(
                f"SELECT count(*) FROM entry WHERE run = ? AND state IN ({OPEN_SQL})",  # noqa: S608 - a constant
                (run.id,),
            ),
            stopped=switch.why,
            notes=tuple(switch.notes()),
            refusals=refusals(ledger, run.id),
            most=most,
            troubles=tuple(troubles(ledger, run.id)),
            endings=tuple(endings(ledger, run.id)),
        )

    @property
    def unsure(self) -> str | None:
        """Why the run says nothing at all, whatever its verdicts are."""
        if self.failure:
            return self.failure
        if self.refusals <= self.most:
            return None
        return f"{self.refusals} answers with HTTP 429, and the target allows {self.most}"

    @property
    def unfinished(self) -> str | None:
        """Why the run is not green, even if nothing failed."""
        if self.stopped:
            return f"nothing more was bought: {self.stopped}"
        if self.endings:
            return f"nothing more was asked of {self.endings[0]}"
        return self.troubles[0].line() if self.troubles else None

    def lines(self) -> Iterator[str]:
        """The same for the terminal."""
        if self.unsure:
            yield f"INCONCLUSIVE  {self.unsure}"
        if self.failure:
            yield "  hint: look at the ledger's file and its disk before anything is bought again"
        elif self.unsure:
            yield "  hint: set `[limits] requests_per_second` to what the provider allows"
        elif self.refusals:
            yield f"{self.refusals} answers with HTTP 429; what they leave unjudged is broken"
        if self.stopped:
            yield f"STOPPED  nothing more was bought: {self.stopped}"
        yield from (f"STOPPED  nothing more was asked of {one}" for one in self.endings)
        yield from (f"TROUBLE  {one.line()}" for one in self.troubles)
        for note in self.notes[:_FEW]:
            yield f"money: {note}"
        if len(self.notes) > _FEW:
            yield f"money: and {len(self.notes) - _FEW} more like it, see conformance.json"
        if self.live:
            yield f"money: at most {self.spent} rupiah spent by this run, {self.today} today"
            if self.open:
                yield f"money: {self.open} transactions are open; `kontrak reconcile` asks for them"

    def to_json(self) -> dict[str, Any]:
        """The same for ``conformance.json``."""
        return {
            "spent_rupiah": self.spent,
            "open": self.open,
            "stopped": self.failure or self.stopped,
            "noticed": list(self.notes),
            "answers_429": self.refusals,
        }
