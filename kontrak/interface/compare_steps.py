"""One abstract scenario that every biller can be taken through: a bill, from inquiry to status.

The part ``compare_steps`` of a provider's declared object gives its way through it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from kontrak.clauses.response_codes import Outcome


@dataclass(frozen=True, slots=True)
class Returned:
    """One answer in short.

    ``rc`` is the provider's code, or what stands for it (the status of an order, the template of a
    text). ``balance`` is the balance in rupiah where the answer itself reports it.
    """

    http: int
    rc: str | None
    outcome: Outcome | None
    balance: int | None = None


class Step(StrEnum):
    """The steps, in order. What they cost at the most: four times the bill."""

    INQUIRE = "inquire a bill"
    PAY = "pay it"
    PAY_AGAIN = "pay it again"
    STATUS = "ask its status"
    UNKNOWN = "unknown customer"
    WRONG_SIGN = "wrong signature"
    SAME_INSTANT = "same id at the same instant"


class Scenario(Protocol):
    """One provider's way through the steps.

    Every method raises ``NotOffered`` with the reason where provider or target cannot do it,
    ``Blocked`` where an earlier answer leaves nothing to do it with, ``SpendingRefused`` where the
    target's limits forbid it, ``NoAnswer`` where there was none.
    """

    def balance(self) -> int:
        """The balance in rupiah, asked without buying anything."""

    def inquire(self) -> Returned:
        """Inquire the bill that the later steps pay."""

    def pay(self) -> Returned:
        """Pay it."""

    def pay_again(self) -> Returned:
        """Send the same payment a second time."""

    def status(self) -> Returned:
        """Ask what has become of it."""

    def unknown_customer(self) -> Returned:
        """Inquire for a number that belongs to no customer."""

    def wrong_signature(self) -> Returned:
        """A right request with a wrong signature or, where none is sent, a wrong key."""

    def same_instant(self) -> tuple[Returned, ...]:
        """Inquire another bill and send its payment twice at the same instant."""
