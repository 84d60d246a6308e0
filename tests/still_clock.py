"""A sandbox's clock that stands still, so that two walks through it hear the same."""

from __future__ import annotations

from datetime import datetime, timedelta

from kontrak.sandbox.clock import WIB, Clock


class StillClock(Clock):
    """A clock that moves only when it is advanced."""

    def __init__(self) -> None:
        super().__init__()
        self.moment = datetime(2026, 1, 31, 9, tzinfo=WIB)

    def now(self) -> datetime:
        return self.moment

    def advance(self, seconds: float) -> datetime:
        self.moment += timedelta(seconds=seconds)
        return self.moment
