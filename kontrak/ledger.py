"""The record of every request that may move money, written before the request is sent.

It is one SQLite file for all workers of all runs, and it survives the death of any of them: a row
is on the disk before the first byte is on the wire. What workers have to agree on besides, such as
that nothing more may be bought, stands in the same file: see ``kontrak.switch``, ``kontrak.pace``
and ``kontrak.balances``.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from kontrak.errors import ConfigurationError, LimitReached, SpendingRefused
from kontrak.tables import VERSION, statements

Outcome = Literal["paid", "refused", "pending"]

WIB = timezone(timedelta(hours=7))
"""Western Indonesian time, by which a day is counted."""

_WAIT_SECONDS = 30.0
TAKEN = "coalesce(sum(max(rupiah, coalesce(debit, 0))), 0)"
"""SQL: what some rows may have taken in rupiah; a provider may take more than was declared."""


class State(StrEnum):
    """What is known of a money-moving request; all but the last two may have cost money."""

    SENT = "sent"
    """On its way, or the process died before the reply came."""
    ANSWERED = "answered"
    """There was an HTTP reply; nobody has said yet what it means."""
    UNKNOWN = "unknown"
    """There was no usable reply; whether money moved has to be asked."""
    PENDING = "pending"
    PAID = "paid"
    REFUSED = "refused"
    UNSENT = "unsent"
    """There was no connection, so nothing was sent."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One row. ``at`` is a Unix time, ``error`` the kind of ``NoAnswer`` if there was one.

    ``rupiah`` is the most it may cost, ``debit`` what it cost where that is known. ``account``
    tells a target's accounts apart ("" is the usual one), ``their_id`` is the provider's own id if
    it has told one before. ``closed`` is the closing of the books that the row went into.
    """

    id: int
    run: str
    at: float
    provider: str
    target: str
    operation: str
    product: str
    customer: str
    reference: str
    rupiah: int
    state: State
    http_status: int | None
    rc: str | None
    error: str | None
    account: str = ""
    their_id: str = ""
    debit: int | None = None
    closed: int | None = None


@dataclass(frozen=True, slots=True)
class Limit:
    """The most a run, and all runs of one day (WIB), may spend; None: no limit. In rupiah."""

    run: int | None = None
    day: int | None = None


class Ledger:
    """The ledger file at ``path``, made if absent; shared by threads and processes.

    Raises ``ConfigurationError`` when the file cannot be used.
    """

    def __init__(self, path: Path | str) -> None:
        self._lock = threading.Lock()
        try:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            self._database = sqlite3.connect(
                path, timeout=_WAIT_SECONDS, isolation_level=None, check_same_thread=False
            )
            try:
                self._prepare(Path(path))
            except BaseException:
                self._database.close()
                raise
        except (OSError, sqlite3.Error) as error:
            raise ConfigurationError(
                f"the ledger {path} cannot be used: {error}",
                hint="name a file on a local disk that this user may write",
            ) from error

    def _prepare(self, path: Path) -> None:
        self._database.execute("PRAGMA synchronous = FULL")
        _enter_wal(self._database)
        with self.transaction():
            (found,) = self._database.execute("PRAGMA user_version").fetchone()
            if found not in {0, 1, VERSION}:
                raise ConfigurationError(
                    f"the ledger {path} has layout {found}, this kontrak writes layout {VERSION}",
                    hint="keep the old file and name a new one",
                )
            if found == VERSION:
                return
            for statement in statements(found):
                self._database.execute(statement)
            self._database.execute(f"PRAGMA user_version = {VERSION}")

    @contextmanager
    def transaction(self, *, durable: bool = True) -> Iterator[sqlite3.Connection]:
        """The database for a change that is made as a whole, one process and thread at a time.

        What is not ``durable`` outlives the process but perhaps not a loss of power; it is cheap.
        """
        with self._lock:
            if not durable:
                self._database.execute("PRAGMA synchronous = NORMAL")
            try:
                self._database.execute("BEGIN IMMEDIATE")
                try:
                    yield self._database
                except BaseException:
                    self._database.execute("ROLLBACK")
                    raise
                self._database.execute("COMMIT")
            finally:
                if not durable:
                    self._database.execute("PRAGMA synchronous = FULL")

    def rows(self, query: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> list[Any]:
        """The rows that a query finds."""
        with self._lock:
            return self._database.execute(query, values).fetchall()

    def add(self, entry: Entry, *, limit: Limit | None) -> int:
        """Write a row and return its id (``entry.id`` is not looked at).

        In the same transaction is looked whether the run was stopped, and what was spent is added
        up. Raises ``SpendingRefused`` when it was stopped, and its kind ``LimitReached`` when the
        row would pass a limit.
        """
        values = [getattr(entry, name) for name in _COLUMNS]
        with self.transaction() as database:
            stopped = database.execute(
                "SELECT why FROM stop WHERE run = ?", (entry.run,)
            ).fetchone()
            if stopped is not None:
                raise SpendingRefused(
                    f"nothing more is bought in this run: {stopped[0]}",
                    hint="look into that first; `kontrak reconcile` shows how the books stand",
                )
            if limit is not None:
                self._keep(limit, entry)
            return int(database.execute(_INSERT, values).lastrowid or 0)

    def _keep(self, limit: Limit, entry: Entry) -> None:
        for most, spent, what, key in (
            (limit.run, self._spent(entry.run), "the limit", "spend_rupiah"),
            (limit.day, self._spent_on(entry), "the limit of a day", "spend_rupiah_per_day"),
        ):
            if most is not None and spent + entry.rupiah > most:
                raise LimitReached(
                    f"{entry.target}: {entry.rupiah} rupiah for {entry.product} would pass {what}: "
                    f"{spent} of {most} rupiah are spent or may be",
                    hint=f"raise `[limits] {key}` in the target, or run fewer tests",
                )

    def answered(self, entry_id: int, http_status: int) -> None:
        """Note that there was an HTTP reply."""
        self._write(
            "UPDATE entry SET state = 'answered', http_status = ? WHERE id = ?",
            (http_status, entry_id),
        )

    def unanswered(self, entry_id: int, state: State, error: str) -> None:
        """Note that there was none: ``state`` is ``UNKNOWN`` or ``UNSENT``, ``error`` the kind."""
        self._write(
            "UPDATE entry SET state = ?, error = ? WHERE id = ?", (state.value, error, entry_id)
        )

    def settle(
        self, entry_id: int, rc: str | None, outcome: Outcome, debit: int | None = None
    ) -> bool:
        """Note what a reply meant. A paid row stays paid: false then, and for an unknown id."""
        return self._write(
            "UPDATE entry SET state = ?, rc = ?, debit = coalesce(?, debit)"
            " WHERE id = ? AND state <> 'paid'",
            (outcome, rc, debit, entry_id),
        )

    def meant(self, run: str, reference: str) -> int | None:
        """The id of the row that an answer about a reference is about: the run's last open one.

        Where none is open it is the last one, unless one is paid: a reference is paid for once.
        """
        query = "SELECT id, state FROM entry WHERE run = ? AND reference = ? ORDER BY id DESC"
        rows = self.rows(query, (run, reference))
        for found, state in rows:
            if state not in ("paid", "refused", "unsent"):
                return int(found)
        paid = any(state == "paid" for _, state in rows)
        return None if paid or not rows else int(rows[0][0])

    def entries(
        self,
        *,
        run: str | None = None,
        provider: str | None = None,
        target: str | None = None,
        reference: str | None = None,
    ) -> tuple[Entry, ...]:
        """The rows, oldest first; each argument that is given narrows them."""
        wanted = {"run": run, "provider": provider, "target": target, "reference": reference}
        given = {name: value for name, value in wanted.items() if value is not None}
        where = " AND ".join(f"{name} = :{name}" for name in given) or "TRUE"
        # The names of the columns come from the line above, values are bound.
        query = f"SELECT id, {', '.join(_COLUMNS)} FROM entry WHERE {where} ORDER BY id"  # noqa: S608 - as said
        return tuple(_entry(row) for row in self.rows(query, given))

    def spent(self, run: str) -> int:
        """The rupiah that a run has spent or may have: all rows not known to have failed."""
        with self._lock:
            return self._spent(run)

    def spent_today(self, target: str, at: float | None = None) -> int:
        """The same of all runs against a target on the day (WIB) of ``at``, a Unix time: now."""
        with self._lock:
            return self._spent_since(target, day_begins(time.time() if at is None else at))

    def _spent_on(self, entry: Entry) -> int:
        return self._spent_since(entry.target, day_begins(entry.at))

    def _spent_since(self, target: str, begin: float) -> int:
        (total,) = self._database.execute(
            f"SELECT {TAKEN} FROM entry"  # noqa: S608 - a constant
            " WHERE target = ? AND at >= ? AND state NOT IN ('refused', 'unsent')",
            (target, begin),
        ).fetchone()
        return int(total)

    def _spent(self, run: str) -> int:
        (total,) = self._database.execute(
            f"SELECT {TAKEN} FROM entry"  # noqa: S608 - a constant
            " WHERE run = ? AND state NOT IN ('refused', 'unsent')",
            (run,),
        ).fetchone()
        return int(total)

    def _write(self, statement: str, values: tuple[str | int | None, ...]) -> bool:
        with self.transaction():
            return self._database.execute(statement, values).rowcount > 0

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


_COLUMNS = tuple(name for name in Entry.__slots__ if name != "id")
_INSERT = (
    f"INSERT INTO entry ({', '.join(_COLUMNS)})"  # noqa: S608 - our own column names
    f" VALUES ({', '.join('?' * len(_COLUMNS))})"
)


def _entry(row: tuple[Any, ...]) -> Entry:
    columns = dict(zip(("id", *_COLUMNS), row, strict=True))
    return Entry(**columns | {"state": State(columns["state"])})


def day_begins(at: float) -> float:
    """The Unix time at which the day (WIB) of a Unix time begins."""
    moment = datetime.fromtimestamp(at, tz=WIB)
    return moment.replace(hour=0, minute=0, second=0, microsecond=0).timestamp()


def _enter_wal(database: sqlite3.Connection) -> None:
    # Several workers start at once; SQLite reports the losers of this race as locked at once,
    # without regard to the timeout. The mode is kept in the file, so one winner is enough.
    give_up = time.monotonic() + _WAIT_SECONDS
    while True:
        try:
            database.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > give_up:
                raise
            time.sleep(0.01)
        else:
            return
