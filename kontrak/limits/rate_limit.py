"""Rate limiting shared by all workers, and back-off on HTTP 429 and Retry-After.

The rate is kept by pyrate-limiter's SQLite bucket behind a file lock, so that processes share it;
the lock is held for a look and never while waiting. HTTP 429 and its Retry-After are kept in the
ledger, so that every worker is silent when one of them has to be. None of the waiting counts
towards the deadline of an exchange.
"""

from __future__ import annotations

import sqlite3
import time
import zlib
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

from pyrate_limiter import Rate, RateItem, SQLiteBucket

from kontrak.errors import ConfigurationError, TooManyRequests
from kontrak.exchange import Exchange
from kontrak.limits.ledger import Ledger, guarded

TOO_MANY = 10
"""How many answers with HTTP 429 a run may get, unless the target says otherwise."""
LONGEST_SECONDS = 120.0
"""How long a provider may ask for silence before its tests are given up, likewise."""
_DEFAULT_SECONDS = 1.0
_MINUTE = 60
_MARGIN_MS = 50
"""What a window is longer than it is called: requests do not travel at one speed."""


class Pace:
    """The pace at which one process asks one provider of a target.

    ``limits`` is the target's table; ``folder`` holds the file that workers share.
    """

    def __init__(  # noqa: PLR0913 - each is one fact of the run or the target
        self,
        ledger: Ledger,
        limits: Mapping[str, Any],
        folder: Path,
        *,
        run: str,
        target: str,
        provider: str,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._ledger = ledger
        self._run, self._target, self._provider = run, target, provider
        self._too_many: int = limits.get("too_many_429", TOO_MANY)
        self._longest: float = limits.get("longest_pause_seconds", LONGEST_SECONDS)
        self._clock, self._sleep = clock, sleep
        self.lost = ""
        """Why nothing may be asked any more, once ``refused`` has returned False."""
        self.too_many = False
        """Whether that is because of the whole run's answers, of all providers."""
        self._bucket = _bucket(rates(limits), folder, f"{target} {provider}")

    def wait(self) -> None:
        """Wait until a request may be sent, and count it."""
        while (seconds := self._seconds()) > 0:
            self._sleep(seconds)

    def refused(self, error: TooManyRequests) -> bool:
        """Keep an HTTP 429; whether a request that only reads may be sent again after ``wait``.

        It may not when the run has got too many of them, nor when the silence asked for is longer
        than the target's ``longest_pause_seconds``.
        """
        now = self._clock()
        seconds = _DEFAULT_SECONDS if error.seconds is None else error.seconds
        with self._ledger.transaction(durable=False) as database:
            database.execute(
                "INSERT INTO too_many (run, at, provider) VALUES (?, ?, ?)",
                (self._run, now, self._provider),
            )
            if seconds <= self._longest:
                database.execute(
                    "INSERT INTO pause (target, provider, until) VALUES (?, ?, ?)"
                    " ON CONFLICT DO UPDATE SET until = max(until, excluded.until)",
                    (self._target, self._provider, now + seconds),
                )
        count = refusals(self._ledger, self._run)
        if count > self._too_many:
            self.lost = f"{count} answers with HTTP 429, the target allows {self._too_many}"
            self.too_many = True
        elif seconds > self._longest:
            self.lost = (
                f"it answered HTTP 429 and wants a pause of {seconds:g} seconds,"
                f" longest_pause_seconds is {self._longest:g}"
            )
        return not self.lost

    def close(self) -> None:
        """Close the file that keeps the rate."""
        if self._bucket is not None:
            self._bucket.close()  # type: ignore[no-untyped-call]  # the library's own omission

    def _seconds(self) -> float:
        """How long to wait now; 0 when the request has been counted and may go."""
        query = "SELECT until FROM pause WHERE target = ? AND provider = ?"
        rows = self._ledger.rows(query, (self._target, self._provider))
        silence = float(rows[0][0]) - self._clock() if rows else 0.0
        if silence > 0 or self._bucket is None:
            return max(silence, 0.0)
        with guarded("the file that keeps the rate"), self._bucket.lock:
            now = int(self._clock() * 1000)
            item = RateItem(self._provider, now)
            self._bucket.leak(now)
            if self._bucket.put(item):
                return 0.0
            # Awaitable only for buckets that are not in a file.
            return (max(cast("int", self._bucket.waiting(item)), 0) + 1) / 1000


def refusals(ledger: Ledger, run: str) -> int:
    """How many answers with HTTP 429 a run has got so far."""
    ((count,),) = ledger.rows("SELECT count(*) FROM too_many WHERE run = ?", (run,))
    return int(count)


def rates(limits: Mapping[str, Any]) -> list[Rate]:
    """The rates of a target's ``[limits]``; of two, one that the other implies is left out."""
    found = []
    if (often := limits.get("requests_per_second")) is not None:
        exact = Fraction(often).limit_denominator(_MINUTE)
        # Fewer than one in a minute is no rate to test with.
        exact = max(exact, Fraction(1, _MINUTE))
        found.append(Rate(exact.numerator, exact.denominator * 1000))
    if (often := limits.get("requests_per_minute")) is not None:
        found.append(Rate(often, _MINUTE * 1000))
    if len(found) == 2:
        short, long = found
        if long.limit * short.interval >= short.limit * long.interval:
            return [short]
        if long.limit <= short.limit:
            return [long]
    return found


def retry_after(exchange: Exchange) -> float | None:
    """The seconds that Retry-After asks for, as a number or as a date; None where it does not."""
    text = (exchange.reply.header("Retry-After") or "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        moment = parsedate_to_datetime(text).timestamp()
    except (ValueError, OverflowError):
        return None
    return max(moment - (exchange.started_at + exchange.seconds), 0.0)


def _bucket(wanted: list[Rate], folder: Path, name: str) -> SQLiteBucket | None:
    if not wanted:
        return None
    # A table's name is no place for a target's.
    table = f"rate_{zlib.crc32(name.encode()):08x}"
    wider = [Rate(one.limit, one.interval + _MARGIN_MS) for one in wanted]
    path = folder / "rate.sqlite"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return SQLiteBucket.init_from_file(
            wider, table=table, db_path=str(path), use_file_lock=True
        )
    except (OSError, sqlite3.Error) as error:
        raise ConfigurationError(
            f"the file {path} that keeps the rate cannot be used: {error}",
            hint="move it away: it holds nothing that lasts",
        ) from error
