"""The record of every request that may move money, written before the request is sent.

It is one SQLite file for all workers of all runs, and it survives the death of any of them: a row
is on the disk before the first byte is on the wire. What workers have to agree on besides, such as
that nothing more may be bought, is in the same file: see ``kill_switch``, ``rate_limit`` and
``balance_check`` beside this module.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from kontrak.errors import ConfigurationError, LedgerFailure, LimitReached, SpendingRefused
from kontrak.limits.entry import Entry, Limit, Outcome, Spent, State
from kontrak.limits.ledger_schema import OLDER, VERSION, damage, statements

__all__ = ["Entry", "Ledger", "Limit", "Outcome", "State"]

WIB = timezone(timedelta(hours=7))
"""Western Indonesian time, by which a day is counted."""

_OPEN_SECONDS = 5.0
"""How long a file that another process holds is waited for when it is opened."""
_BUSY_SECONDS = 10.0
"""The same for a change while a run goes on: its own workers wait for one another."""
TAKEN = "total(max(rupiah, coalesce(debit, 0)))"
"""SQL: what some rows may have taken in rupiah; a provider may take more than was declared.

``total`` adds up to a float, which is exact up to 2^53 and cannot overflow.
"""
_COUNTED = "state <> 'unsent' AND (state <> 'refused' OR cleared = 0)"
"""SQL: the rows that count as spent."""


class Ledger:
    """The ledger file at ``path``, made if absent; shared by threads and processes.

    Raises ``ConfigurationError`` when the file cannot be used, and ``LedgerFailure`` when it no
    longer can be. After such a failure every further call fails likewise, so that nothing more is
    sent.
    """

    def __init__(self, path: Path | str) -> None:
        self._lock = threading.Lock()
        self._path = Path(path)
        self._failure: LedgerFailure | None = None
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._database = sqlite3.connect(
                path, timeout=_OPEN_SECONDS, isolation_level=None, check_same_thread=False
            )
            try:
                self._prepare()
            except BaseException:
                self._database.close()
                raise
        except (OSError, sqlite3.Error) as error:
            raise self._unusable(f"cannot be used: {_words(error)}") from error

    def _unusable(self, why: str) -> ConfigurationError:
        return ConfigurationError(
            f"the ledger {self._path} {why}",
            hint="name a file on a local disk that this user may write, or move this one away",
        )

    def _prepare(self) -> None:
        self._database.execute("PRAGMA synchronous = FULL")
        _enter_wal(self._database)
        with _transaction(self._database):
            (found,) = self._database.execute("PRAGMA user_version").fetchone()
            if found != VERSION and found not in OLDER:
                raise ConfigurationError(
                    f"the ledger {self._path} has layout {found}, this kontrak writes layout "
                    f"{VERSION}",
                    hint="keep the old file and name a new one",
                )
            if found != VERSION:
                for statement in statements(found):
                    self._database.execute(statement)
                self._database.execute(f"PRAGMA user_version = {VERSION}")
        broken = damage(self._database)
        if broken is not None:
            raise self._unusable(f"is damaged: {broken}")
        self._database.execute(f"PRAGMA busy_timeout = {_BUSY_SECONDS * 1000:.0f}")

    @contextmanager
    def transaction(self, *, durable: bool = True) -> Iterator[sqlite3.Connection]:
        """The database for a change that is made as a whole, one process and thread at a time.

        What is not ``durable`` outlives the process but perhaps not a loss of power; it is cheap.
        """
        with self._lock, self._guarded():
            if not durable:
                self._database.execute("PRAGMA synchronous = NORMAL")
            try:
                with _transaction(self._database):
                    yield self._database
            finally:
                if not durable:
                    self._database.execute("PRAGMA synchronous = FULL")

    def rows(self, query: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> list[Any]:
        """The rows that a query finds."""
        with self._lock, self._guarded():
            return self._database.execute(query, _encodable(values)).fetchall()

    def number(self, query: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> int:
        """The one number that a query finds."""
        ((found,),) = self.rows(query, values)
        return int(found)

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        if self._failure is not None:
            raise self._failure.with_traceback(None)
        try:
            with guarded(f"the ledger {self._path}"):
                yield
        except LedgerFailure as failure:
            self._failure = failure
            raise

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
                    hint="investigate first; `kontrak reconcile` compares ledger and provider",
                )
            if limit is not None:
                self._keep(limit, entry)
            return int(database.execute(_INSERT, values).lastrowid or 0)

    def _keep(self, limit: Limit, entry: Entry) -> None:
        begin = day_begins(entry.at)
        for most, spent, what, key in (
            (limit.run, self._of_run(entry.run), "the limit", "spend_rupiah"),
            (
                limit.day,
                self._of_day(entry.target, begin),
                "the limit of a day",
                "spend_rupiah_per_day",
            ),
        ):
            if most is not None and spent.all + entry.rupiah > most:
                refused = (
                    f", {spent.refused} of them refused and not proven to have taken nothing,"
                    if spent.refused
                    else ""
                )
                raise LimitReached(
                    f"{entry.target}: {entry.rupiah} rupiah for {entry.product} would pass {what}: "
                    f"{spent.all} of {most} rupiah{refused} are spent or may be",
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
            "UPDATE entry SET state = ?, rc = ?, debit = coalesce(?, debit), settled = ?"
            " WHERE id = ? AND state <> 'paid'",
            (outcome, rc, debit, time.time(), entry_id),
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
        return self.select(where, given)

    def select(self, where: str, values: Sequence[Any] | Mapping[str, Any]) -> tuple[Entry, ...]:
        """The rows that an SQL condition names, oldest first; its values are bound."""
        query = f"SELECT id, {', '.join(_COLUMNS)} FROM entry WHERE {where} ORDER BY id"  # noqa: S608 - as above
        return tuple(_entry(row) for row in self.rows(query, values))

    def spent(self, run: str) -> int:
        """The rupiah that a run has spent or may have.

        Every row counts that was sent and is not proven to have taken nothing: a refused one until
        it is cleared.
        """
        with self._lock, self._guarded():
            return self._of_run(run).all

    def refused(self, run: str) -> int:
        """The part of it that the provider says was refused, and that nothing has proven."""
        with self._lock, self._guarded():
            return self._of_run(run).refused

    def spent_today(self, target: str, at: float | None = None) -> int:
        """The same of all runs against a target on the day (WIB) of ``at``, a Unix time: now."""
        with self._lock, self._guarded():
            return self._of_day(target, day_begins(time.time() if at is None else at)).all

    def _of_run(self, run: str) -> Spent:
        return self._sum("run = ?", (run,))

    def _of_day(self, target: str, begin: float) -> Spent:
        return self._sum("target = ? AND at >= ?", (target, begin))

    def _sum(self, condition: str, values: tuple[str | float, ...]) -> Spent:
        found = self._database.execute(
            f"SELECT {TAKEN}, {TAKEN} FILTER (WHERE state = 'refused') FROM entry"  # noqa: S608 - constants
            f" WHERE {condition} AND {_COUNTED}",
            values,
        ).fetchone()
        return Spent(*map(int, found))

    def _write(self, statement: str, values: tuple[str | float | None, ...]) -> bool:
        with self.transaction():
            return self._database.execute(statement, _encodable(values)).rowcount > 0

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


def _encodable(values: Sequence[Any] | Mapping[str, Any]) -> Sequence[Any] | Mapping[str, Any]:
    """The values as SQLite can take them: half a surrogate pair, in a reference, is no text."""
    if isinstance(values, Mapping):
        return {name: _whole_text(value) for name, value in values.items()}
    return [_whole_text(value) for value in values]


def _whole_text(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    return value


def _entry(row: tuple[Any, ...]) -> Entry:
    columns = dict(zip(("id", *_COLUMNS), row, strict=True))
    changed = {"state": State(columns["state"]), "cleared": bool(columns["cleared"])}
    return Entry(**columns | changed)


@contextmanager
def guarded(what: str) -> Iterator[None]:
    """The one place where a database that fails becomes ``LedgerFailure``; ``what`` names it."""
    try:
        yield
    except (sqlite3.Error, OverflowError) as error:
        raise LedgerFailure(
            f"{what} cannot be read or written ({_words(error)}), so nothing more is sent",
            hint="look at the disk's space and the file's rights; `kontrak reconcile` shows how "
            "the books stand",
        ) from error


@contextmanager
def _transaction(database: sqlite3.Connection) -> Iterator[None]:
    database.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        # SQLite has rolled back by itself when the disk is full, for one.
        if database.in_transaction:
            database.execute("ROLLBACK")
        raise
    database.execute("COMMIT")


def _words(error: Exception) -> str:
    """An error of the file or the disk in one line."""
    return " ".join(str(error).split()) or type(error).__name__


def day_begins(at: float) -> float:
    """The Unix time at which the day (WIB) of a Unix time begins."""
    moment = datetime.fromtimestamp(at, tz=WIB)
    return moment.replace(hour=0, minute=0, second=0, microsecond=0).timestamp()


def _enter_wal(database: sqlite3.Connection) -> None:
    # Several workers start at once; SQLite reports the losers of this race as locked at once,
    # without regard to the timeout. The mode is kept in the file, so one winner is enough.
    give_up = time.monotonic() + _OPEN_SECONDS
    while True:
        try:
            database.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > give_up:
                raise
            time.sleep(0.01)
        else:
            return
