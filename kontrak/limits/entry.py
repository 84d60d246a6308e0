"""A row of the ledger, what may be known of it, and the limits that rows are held against."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

Outcome = Literal["paid", "refused", "pending"]


class State(StrEnum):
    """What is known of a money-moving request; all but the last may have cost money."""

    SENT = "sent"
    """On its way, or the process died before the reply came."""
    ANSWERED = "answered"
    """There was an HTTP reply, which is not interpreted yet."""
    UNKNOWN = "unknown"
    """There was no usable reply; whether money moved has to be asked."""
    PENDING = "pending"
    PAID = "paid"
    REFUSED = "refused"
    """The provider says that it failed. That it took nothing is proven once it is ``cleared``."""
    UNSENT = "unsent"
    """There was no connection, so nothing was sent."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One row. ``at`` is a Unix time, ``error`` the kind of ``NoAnswer`` if there was one.

    ``rupiah`` is the most it may cost, ``debit`` what it cost where that is known. ``account``
    distinguishes a target's accounts ("" is the usual one), ``their_id`` is the provider's own id
    if it has reported one before. ``closed`` is the closing of the books that the row went into.
    ``settled`` is the Unix time at which a reply's meaning was noted last; ``cleared`` reports of a
    refused row that a balance has proven that it took nothing.
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
    settled: float | None = None
    cleared: bool = False


@dataclass(frozen=True, slots=True)
class Limit:
    """The most a run, and all runs of one day (WIB), may spend; None: no limit. In rupiah."""

    run: int | None = None
    day: int | None = None


@dataclass(frozen=True, slots=True)
class Spent:
    """What some rows may have taken, in rupiah, and the part of it that is refused."""

    all: int
    refused: int
