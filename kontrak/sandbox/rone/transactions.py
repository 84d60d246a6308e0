"""An inquiry or a purchase, from its first request to its final state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from kontrak.sandbox.rone.bills import Aim, Bill, Scenario
from kontrak.sandbox.rone.reasons import Reason


class State(Enum):
    """Where a transaction stands. ``INQUIRED`` is a bill whose payment was never tried."""

    INQUIRED = auto()
    PENDING = auto()
    SUCCESS = auto()
    FAILED = auto()


LABELS = {State.PENDING: "process", State.SUCCESS: "success", State.FAILED: "failed"}


@dataclass(slots=True)
class Transaction:
    """What one reference stands for.

    ``code`` and ``customer`` are as sent, with what stands behind an ``@``. ``price`` and ``admin``
    are rupiah; a prepaid product has no bill and no admin fee. Moments are in WIB: ``inquired_at``
    is None for a prepaid purchase, ``bought_at`` until money was asked for. ``reason`` is why the
    state is what it is. ``asked`` counts the status requests about it.
    """

    ref: str
    number: str
    code: str
    customer: str
    aim: Aim
    price: int
    admin: int
    bill: Bill | None = None
    inquired_at: datetime | None = None
    bought_at: datetime | None = None
    settles_at: datetime | None = None
    state: State = State.INQUIRED
    reason: Reason = Reason.SUCCESS
    asked: int = 0

    @property
    def total(self) -> int:
        """What a purchase takes from the balance."""
        return self.price + self.admin

    @property
    def status(self) -> int:
        """The documented number of the state (000_225173fa548c7a0b.txt:145).

        2 and 3 are both pending, and no document reports them apart; here 3 is what will fail.
        """
        if self.state is State.PENDING:
            return 3 if self.aim.scenario is Scenario.PENDING_FAILED else 2
        return 11 if self.state is State.FAILED else 1

    @property
    def label(self) -> str:
        """The word for the state; an inquiry that was answered is a success."""
        return LABELS.get(self.state, "success")

    @property
    def moment(self) -> datetime:
        """When money was asked for. Raises ``ValueError`` before that."""
        if self.bought_at is None:
            raise ValueError(f"{self.ref} was not bought yet")
        return self.bought_at
