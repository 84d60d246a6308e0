"""The balances that a provider has told, held against what the ledger knows. Amounts are rupiah.

From the first balance that a process has seen, no more may be gone than its requests may have cost
since: every row that is not known to have failed, and what was open at that time and may have been
taken later. More than that is money that nobody has accounted for.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from kontrak.ledger import TAKEN, Ledger
from kontrak.providers import one_purse

OPEN = ("sent", "answered", "unknown", "pending")
"""The states whose money may be taken later."""
_DAY_SECONDS = 86_400.0


@dataclass(frozen=True, slots=True)
class Seen:
    """One balance: ``entry`` is the ledger's last row then, ``open`` what older rows may take."""

    rupiah: int
    entry: int
    open: int


class Balances:
    """The balances of one provider's accounts, as one process of a run sees them."""

    def __init__(self, ledger: Ledger, *, run: str, provider: str, target: str) -> None:
        self._ledger = ledger
        self._run = run
        self._provider = provider
        self._target = target
        self._payers = one_purse(provider)
        self._first: dict[str, Seen] = {}
        self._last: dict[str, int] = {}

    def saw(self, rupiah: int, account: str = "", *, tolerance: int = 0) -> str | None:
        """Keep a balance. In words, by how much more it fell than the ledger can explain, or None.

        ``tolerance`` is how many rupiah may be gone besides.
        """
        if self._last.get(account) != rupiah:
            self._last[account] = rupiah
            self._keep(rupiah, account)
        first = self._first.get(account)
        if first is None or rupiah > first.rupiah:
            # A balance that has risen is a deposit, or a refund of what came before this process.
            self._first[account] = Seen(rupiah, self._newest(), self._open(account))
            return None
        gone = first.rupiah - rupiah
        known = first.open + self._since(first.entry, account)
        if gone <= known + tolerance:
            return None
        return (
            f"the balance fell from {first.rupiah} to {rupiah}, by {gone} rupiah, and the ledger "
            f"knows of {known}"
        )

    def _keep(self, rupiah: int, account: str) -> None:
        with self._ledger.transaction(durable=False) as database:
            database.execute(
                "INSERT INTO balance (run, at, provider, target, account, rupiah, entry)"
                " VALUES (?, ?, ?, ?, ?, ?, (SELECT coalesce(max(id), 0) FROM entry))",
                (self._run, time.time(), self._provider, self._target, account, rupiah),
            )

    def _newest(self) -> int:
        ((newest,),) = self._ledger.rows("SELECT coalesce(max(id), 0) FROM entry")
        return int(newest)

    def _open(self, account: str) -> int:
        marks = ", ".join("?" * len(OPEN))
        return self._sum(
            f"at >= ? AND state IN ({marks})", account, time.time() - _DAY_SECONDS, *OPEN
        )

    def _since(self, entry: int, account: str) -> int:
        return self._sum("id > ? AND state NOT IN ('refused', 'unsent')", account, entry)

    def _sum(self, condition: str, account: str, *values: object) -> int:
        query = (
            f"SELECT {TAKEN} FROM entry"  # noqa: S608 - the conditions stand above
            f" WHERE target = ? AND account = ? AND {condition}"
            f" AND provider IN ({', '.join('?' * len(self._payers))})"
        )
        ((total,),) = self._ledger.rows(query, (self._target, account, *values, *self._payers))
        return int(total)
