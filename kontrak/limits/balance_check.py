"""The balances that a provider has reported, held against what the ledger knows. In rupiah.

From the first balance that a process has seen, no more may be gone than its requests may have cost
since: every row that is not known to have failed, and what was open at that time and may have been
taken later. More than that is money that nothing accounts for.

A row that the provider refused counts as spent until it is *cleared*: a balance has to show that
exactly the payments that succeeded were taken since an earlier look, so that nothing is left that
the refused one can have taken. A balance that was never seen to fall by what was paid proves
nothing: it may be one that does not move at all.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from kontrak.config.registry import same_platform
from kontrak.limits.ledger import TAKEN, Ledger

OPEN = ("sent", "answered", "unknown", "pending")
"""The states whose money may be taken later."""
OPEN_SQL = ", ".join(f"'{one}'" for one in OPEN)
"""SQL: the same."""
_DAY_SECONDS = 86_400.0


@dataclass(frozen=True, slots=True)
class Seen:
    """One balance: ``entry`` is the ledger's last row then, ``open`` what older rows may take.

    ``at`` is the Unix time at which it was asked for.
    """

    rupiah: int
    entry: int
    open: int
    at: float


class Balances:
    """The balances of one provider's accounts, as one process of a run sees them."""

    def __init__(self, ledger: Ledger, *, run: str, provider: str, target: str) -> None:
        self._ledger = ledger
        self._run = run
        self._provider = provider
        self._target = target
        self._payers = same_platform(provider)
        self._first: dict[str, Seen] = {}
        self._last: dict[str, Seen] = {}
        self._moves: set[str] = set()

    def saw(
        self,
        rupiah: int,
        account: str = "",
        *,
        tolerance: int = 0,
        asked_at: float | None = None,
    ) -> str | None:
        """Keep a balance. In words, by how much more it fell than the ledger can explain, or None.

        ``tolerance`` is how many rupiah may be gone besides. ``asked_at`` is the Unix time before
        which everything is in the balance that was answered by then: now, where it is left out.
        """
        asked_at = time.time() if asked_at is None else asked_at
        first, last = self._first.get(account), self._last.get(account)
        if last is None or last.rupiah != rupiah:
            self._keep(rupiah, account)
        self._last[account] = seen = self._seen(rupiah, account, asked_at)
        if first is None or last is None or rupiah > first.rupiah:
            # A balance that has risen is a deposit, or a refund of what came before this process.
            self._first[account] = seen
            return None
        for earlier in (last, first):
            self._clear(earlier, seen, account, tolerance)
        gone = first.rupiah - rupiah
        known = first.open + self._since(first.entry, account)
        if gone <= known + tolerance:
            return None
        return (
            f"the balance fell by {gone} rupiah ({first.rupiah} to {rupiah}), but the ledger "
            f"accounts for only {known}"
        )

    def _seen(self, rupiah: int, account: str, asked_at: float) -> Seen:
        newest = self._ledger.number(
            "SELECT coalesce((SELECT id FROM entry WHERE at <= ? ORDER BY id DESC LIMIT 1), 0)",
            (asked_at,),
        )
        return Seen(rupiah, newest, self._open(newest, account, asked_at), asked_at)

    def _clear(self, earlier: Seen, seen: Seen, account: str, tolerance: int) -> None:
        """Clear what was refused since ``earlier``, if what is gone since is exactly what was paid.

        What was open then and has ended since may have brought money back: that proves nothing.
        """
        begin, end = earlier.entry, seen.at
        refused = self._count("id > ? AND state = 'refused' AND cleared = 0", account, begin)
        answered = "id > ? AND state = 'paid' AND settled <= ?"
        paid = self._number("total(coalesce(debit, rupiah))", answered, account, begin, end)
        gone = earlier.rupiah - seen.rupiah
        if not paid <= gone <= paid + tolerance:
            return
        if paid:
            self._moves.add(account)
        if not refused or account not in self._moves:
            return
        day = earlier.at - _DAY_SECONDS
        if self._count("+id <= ? AND at >= ? AND settled > ?", account, begin, day, earlier.at):
            return
        proven = "id > ? AND state = 'refused' AND cleared = 0 AND settled <= ?"
        where, values = self._where(proven, account, begin, end)
        with self._ledger.transaction() as database:
            database.execute(f"UPDATE entry SET cleared = 1 WHERE {where}", values)  # noqa: S608 - constants

    def _keep(self, rupiah: int, account: str) -> None:
        with self._ledger.transaction(durable=False) as database:
            database.execute(
                "INSERT INTO balance (run, at, provider, target, account, rupiah, entry)"
                " VALUES (?, ?, ?, ?, ?, ?, (SELECT coalesce(max(id), 0) FROM entry))",
                (self._run, time.time(), self._provider, self._target, account, rupiah),
            )

    def _open(self, newest: int, account: str, asked_at: float) -> int:
        """What the rows up to ``newest`` may take that had not ended when a balance was asked."""
        return self._sum(
            f"at >= ? AND +id <= ? AND (state IN ({OPEN_SQL}) OR (state = 'paid' AND settled > ?))",
            account,
            asked_at - _DAY_SECONDS,
            newest,
            asked_at,
        )

    def _since(self, entry: int, account: str) -> int:
        return self._sum("id > ? AND state NOT IN ('refused', 'unsent')", account, entry)

    def _sum(self, condition: str, account: str, *values: object) -> int:
        return self._number(TAKEN, condition, account, *values)

    def _count(self, condition: str, account: str, *values: object) -> int:
        return self._number("count(*)", condition, account, *values)

    def _number(self, what: str, condition: str, account: str, *values: object) -> int:
        where, bound = self._where(condition, account, *values)
        return self._ledger.number(f"SELECT {what} FROM entry WHERE {where}", bound)  # noqa: S608 - constants

    def _where(self, condition: str, account: str, *values: object) -> tuple[str, list[object]]:
        marks = ", ".join("?" * len(self._payers))
        # The plus keeps SQLite from an index on the target where a range of ids says more.
        mine = "+target" if condition.startswith("id > ") else "target"
        where = f"{mine} = ? AND account = ? AND provider IN ({marks}) AND {condition}"
        return where, [self._target, account, *self._payers, *values]
