"""The sandbox's time: it runs like any clock, and a test can advance it."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta, timezone

WIB = timezone(timedelta(hours=7), "WIB")
"""Western Indonesian time (UTC+7), in which the providers count their days."""


class Clock:
    """A clock in WIB that starts today at nine in the morning.

    The fixed hour keeps a short run within one day, whenever it is started: what a provider says
    about *the same day* then depends on ``advance`` alone.
    """

    def __init__(self) -> None:
        today = datetime.now(tz=UTC).astimezone(WIB)
        self._start = today.replace(hour=9, minute=0, second=0, microsecond=0)
        self._origin = time.monotonic()
        self._advanced = timedelta()
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """The present moment, with its time zone (WIB)."""
        with self._lock:
            passed = timedelta(seconds=time.monotonic() - self._origin)
            return self._start + passed + self._advanced

    def advance(self, seconds: float) -> datetime:
        """Move the clock forward by so many seconds (not below 0) and return the new time.

        Raises ``ValueError`` for a negative number, ``OverflowError`` past the calendar's end.
        """
        if seconds < 0:
            raise ValueError("a clock does not run backwards")
        with self._lock:
            advanced = self._advanced + timedelta(seconds=seconds)
            _ = self._start + advanced + timedelta(days=365)
            self._advanced = advanced
        return self.now()
