"""Waiting until a purchase in process is settled; the same for both interfaces of R-ONE."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol, TypeVar

from kontrak.clauses.response_codes import Outcome
from kontrak.errors import NotOffered

_POLL_SECONDS = 3.0
_LOOKS = 4
"""How often a status is asked for once a sandbox's clock has moved: it may count the looks."""


class _Status(Protocol):
    @property
    def outcome(self) -> Outcome | None: ...


S = TypeVar("S", bound=_Status)


def settled(
    ask: Callable[[], S],
    seconds: int | None,
    advance: Callable[[int], object] | None,
    *,
    provider: str,
) -> S:
    """Ask a status until it is not pending or so many seconds are over; the last one.

    ``advance`` moves the clock of a sandbox, so that nothing is waited for; None where no one can.
    Raises ``NotOffered`` when the target does not say how long it may take.
    """
    status = ask()
    if status.outcome is not Outcome.PENDING:
        return status
    if seconds is None:
        raise NotOffered(
            "the target does not say when a purchase in process is settled",
            hint=f"set [{provider}] settle_seconds",
        )
    if advance is not None:
        advance(seconds + 1)
        for _ in range(_LOOKS):
            status = ask()
            if status.outcome is not Outcome.PENDING:
                break
        return status
    end = time.monotonic() + seconds
    while status.outcome is Outcome.PENDING and time.monotonic() < end:
        time.sleep(_POLL_SECONDS)
        status = ask()
    return status
