"""The record of every request that may move money, written before the request is sent.

It is one SQLite file for all workers of all runs, and it survives the death of any of them: a row
is on the disk before the first byte is on the wire.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from kontrak.errors import ConfigurationError, NoAnswer, SpendingRefused, Unreachable
from kontrak.exchange import Exchange, Request, Spend
from kontrak.masking import Masker

Outcome = Literal["paid", "refused", "pending"]

_VERSION = 1
_WAIT_SECONDS = 30.0
_RC_LENGTH = 64


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
    """One row. ``at`` is a Unix time, ``error`` the kind of ``NoAnswer`` if there was one."""

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


_TABLE = """
CREATE TABLE IF NOT EXISTS entry (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    run TEXT NOT NULL,
    at REAL NOT NULL,
    provider TEXT NOT NULL,
    target TEXT NOT NULL,
    operation TEXT NOT NULL,
    product TEXT NOT NULL,
    customer TEXT NOT NULL,
    reference TEXT NOT NULL,
    rupiah INTEGER NOT NULL,
    state TEXT NOT NULL,
    http_status INTEGER,
    rc TEXT,
    error TEXT
)
"""


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
        with self._transaction():
            (found,) = self._database.execute("PRAGMA user_version").fetchone()
            if found not in {0, _VERSION}:
                raise ConfigurationError(
                    f"the ledger {path} has layout {found}, this kontrak writes layout {_VERSION}",
                    hint="keep the old file and name a new one",
                )
            self._database.execute(_TABLE)
            self._database.execute("CREATE INDEX IF NOT EXISTS entry_run ON entry (run, reference)")
            self._database.execute(f"PRAGMA user_version = {_VERSION}")

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._lock:
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._database.execute("ROLLBACK")
                raise
            self._database.execute("COMMIT")

    def add(self, entry: Entry, *, limit: int | None) -> int:
        """Write a row and return its id (``entry.id`` is not looked at).

        With a ``limit`` (rupiah), what its run may have spent so far is added up in the same
        transaction, and ``SpendingRefused`` is raised when the row would pass the limit.
        """
        values = [getattr(entry, name) for name in _COLUMNS]
        with self._transaction():
            spent = self._spent(entry.run)
            if limit is not None and spent + entry.rupiah > limit:
                raise SpendingRefused(
                    f"{entry.target}: {entry.rupiah} rupiah for {entry.product} would pass the "
                    f"limit: {spent} of {limit} rupiah are spent or may be",
                    hint="raise `[limits] spend_rupiah` in the target, or run fewer tests",
                )
            return int(self._database.execute(_INSERT, values).lastrowid or 0)

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

    def settle(self, entry_id: int, rc: str | None, outcome: Outcome) -> bool:
        """Note what a reply meant. A paid row stays paid: false then, and for an unknown id."""
        return self._write(
            "UPDATE entry SET state = ?, rc = ? WHERE id = ? AND state <> 'paid'",
            (outcome, rc, entry_id),
        )

    def newest(self, run: str, reference: str) -> int | None:
        """The id of the run's last row of that reference."""
        with self._lock:
            (found,) = self._database.execute(
                "SELECT max(id) FROM entry WHERE run = ? AND reference = ?", (run, reference)
            ).fetchone()
        return None if found is None else int(found)

    def entries(
        self, *, run: str | None = None, provider: str | None = None, reference: str | None = None
    ) -> tuple[Entry, ...]:
        """The rows, oldest first; each argument that is given narrows them."""
        wanted = {"run": run, "provider": provider, "reference": reference}
        given = {name: value for name, value in wanted.items() if value is not None}
        where = " AND ".join(f"{name} = :{name}" for name in given) or "TRUE"
        # The names of the columns come from the line above, values are bound.
        query = f"SELECT id, {', '.join(_COLUMNS)} FROM entry WHERE {where} ORDER BY id"  # noqa: S608 - as said
        with self._lock:
            rows = self._database.execute(query, given).fetchall()
        return tuple(_entry(row) for row in rows)

    def spent(self, run: str) -> int:
        """The rupiah that a run has spent or may have: all rows not known to have failed."""
        with self._lock:
            return self._spent(run)

    def _spent(self, run: str) -> int:
        (total,) = self._database.execute(
            "SELECT coalesce(sum(rupiah), 0) FROM entry"
            " WHERE run = ? AND state NOT IN ('refused', 'unsent')",
            (run,),
        ).fetchone()
        return int(total)

    def _write(self, statement: str, values: tuple[str | int | None, ...]) -> bool:
        with self._transaction():
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


class Gate:
    """Decides whether a money-moving request may be sent, and records it.

    To a target of kind ``sandbox`` everything may be sent. Any other kind is real money: it needs
    ``spend_rupiah`` (for the run as a whole) and the pair of product and customer in ``may_buy``.
    With ``read_only`` nothing may be sent at all.
    """

    def __init__(  # noqa: PLR0913 - each is one fact of the run or the target
        self,
        ledger: Ledger,
        masker: Masker,
        *,
        run: str,
        provider: str,
        target: str,
        kind: str,
        spend_rupiah: int | None = None,
        may_buy: Iterable[tuple[str, str]] = (),
        read_only: bool = False,
    ) -> None:
        self._read_only = read_only
        self._ledger = ledger
        self._masker = masker
        self._run = run
        self._provider = provider
        self._target = target
        self._limited = kind != "sandbox"
        self._limit = spend_rupiah
        self._may_buy = frozenset(may_buy)

    def before(self, request: Request, spend: Spend) -> int:
        """Record what is about to be sent and return the row's id.

        Raises ``SpendingRefused`` when the target does not allow it or it cannot be recorded.
        """
        if self._read_only:
            raise SpendingRefused(
                "this run is read-only: nothing that moves money is sent",
                hint="use --profile full",
            )
        if self._limited:
            self._allow(spend)
        mask = self._masker.text
        entry = Entry(
            id=0,
            run=self._run,
            at=time.time(),
            provider=self._provider,
            target=self._target,
            operation=mask(request.summary),
            product=mask(spend.product),
            customer=mask(spend.customer),
            reference=spend.reference,
            rupiah=spend.rupiah,
            state=State.SENT,
            http_status=None,
            rc=None,
            error=None,
        )
        try:
            return self._ledger.add(entry, limit=self._limit if self._limited else None)
        except sqlite3.Error as error:
            raise SpendingRefused(
                f"{self._target}: the ledger cannot be written ({error}), so nothing was sent",
                hint="look at the disk's space and the file's rights",
            ) from error

    def _allow(self, spend: Spend) -> None:
        if spend.rupiah <= 0:
            raise SpendingRefused(
                f"{self._target}: {spend.rupiah} rupiah for {spend.product} is no amount to pay",
                hint="declare the amount that the inquiry announced",
            )
        if self._limit is None:
            raise SpendingRefused(
                f"{self._target} moves real money and sets no limit",
                hint="set `[limits] spend_rupiah` in the target to what one run may cost",
            )
        if (spend.product, spend.customer) not in self._may_buy:
            customer = self._masker.text(spend.customer)
            raise SpendingRefused(
                f"{self._target} does not allow buying {spend.product} for {customer}",
                hint="add them to the target: `[[limits.may_buy]]` with `product` and `customer`",
            )

    def after(self, entry_id: int, result: Exchange | NoAnswer) -> None:
        """Record what came of it."""
        if isinstance(result, Exchange):
            self._ledger.answered(entry_id, result.reply.status)
        else:
            state = State.UNSENT if isinstance(result, Unreachable) else State.UNKNOWN
            self._ledger.unanswered(entry_id, state, type(result).__name__)

    def settle(self, entry: int | str, rc: str | None, outcome: Outcome) -> bool:
        """Record what the provider's reply meant; True when a row was changed.

        ``entry`` is a row's id or a reference, which means its last row in this run. A row that is
        ``paid`` stays so: counting a payment that was taken back errs on the safe side.
        """
        entry_id = self._ledger.newest(self._run, entry) if isinstance(entry, str) else entry
        if entry_id is None:
            return False
        masked = None if rc is None else self._masker.text(rc)[:_RC_LENGTH]
        return self._ledger.settle(entry_id, masked, outcome)
