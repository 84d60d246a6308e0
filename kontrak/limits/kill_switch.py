"""The kill switch: one flag in the ledger that stops a run from buying anything more.

It is looked at in the transaction that records a money-moving request, so it holds for every
worker from the moment it is thrown. What is only worth knowing is noted beside it.
"""

from __future__ import annotations

import time

from kontrak.limits.ledger import Ledger


class Switch:
    """The switch of one run. Words that are given to it are masked already."""

    def __init__(self, ledger: Ledger, run: str) -> None:
        self._ledger = ledger
        self._run = run

    def throw(self, why: str) -> None:
        """Stop the run's money-moving requests; the first reason stands."""
        with self._ledger.transaction() as database:
            database.execute(
                "INSERT OR IGNORE INTO stop (run, at, why) VALUES (?, ?, ?)",
                (self._run, time.time(), why),
            )

    @property
    def why(self) -> str | None:
        """Why the run may buy nothing more; None while it may."""
        rows = self._ledger.rows("SELECT why FROM stop WHERE run = ?", (self._run,))
        return str(rows[0][0]) if rows else None

    def note(self, what: str) -> None:
        """Note something about money that does not stop the run; once per wording."""
        with self._ledger.transaction(durable=False) as database:
            database.execute(
                "INSERT OR IGNORE INTO notice (run, at, what) VALUES (?, ?, ?)",
                (self._run, time.time(), what),
            )

    def notes(self) -> list[str]:
        """What was noted, oldest first."""
        query = "SELECT what FROM notice WHERE run = ? ORDER BY at, rowid"
        return [str(what) for (what,) in self._ledger.rows(query, (self._run,))]
