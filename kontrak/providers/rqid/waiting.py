"""Real waiting, for profile nightly: asked early, judged late, so that nothing stands still."""

from __future__ import annotations

import time
from collections.abc import Iterable

import pytest

from kontrak.errors import NotOffered
from kontrak.http.body import Answer

EARLY = "early_bills"
"""The fixture by which tests that wait are known."""


def waiting_last(items: Iterable[pytest.Item]) -> list[pytest.Item]:
    """The tests in their order, but those that wait behind all others."""
    return sorted(items, key=lambda item: EARLY in getattr(item, "fixturenames", ()))


def wait_until(bill: Answer, seconds: float, at_most: float | None = None) -> None:
    """Wait until a bill was asked for so many seconds ago.

    Raises ``NotOffered`` where more than ``at_most`` seconds have passed already.
    """
    age = time.time() - bill.exchange.started_at
    if at_most is not None and age > at_most:
        raise NotOffered(
            f"the run has taken {age:.0f} s, longer than the inquiry lasts",
            hint="run this provider alone",
        )
    time.sleep(max(0.0, seconds - age))
