"""Closing the books: every transaction asked for, and the ledger held against the balance.

A desk is where the books of one provider's account are asked for; each provider has one in
``kontrak/providers/<provider>/reconcile.py``. Amounts are rupiah.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from kontrak.balances import OPEN
from kontrak.ledger import Entry, Ledger, State
from kontrak.ledger import Outcome as Settled
from kontrak.rc import Outcome

QUIET_SECONDS = 120.0
"""How old a request has to be before "never heard of it" means that nothing will come of it."""

Verdict = Literal["closed", "open", "differs", "accepted"]
Became = Literal["paid", "refused", "pending", "absent"]

_BECAME: Mapping[Outcome, Became] = {
    Outcome.SUCCESS: "paid",
    Outcome.PENDING: "pending",
    Outcome.FAILED: "refused",
}


_SETTLED: Mapping[State, Settled] = {
    State.PAID: "paid",
    State.REFUSED: "refused",
    State.PENDING: "pending",
}


@dataclass(frozen=True, slots=True)
class Told:
    """What a provider says of a transaction.

    ``became`` is None where it says nothing that can be read, ``absent`` where it knows of none.
    ``debit`` is what it took, where that is said; ``differs`` is a contradiction in the provider's
    own books, in words.
    """

    became: Became | None
    rc: str | None = None
    debit: int | None = None
    words: str = ""
    differs: str = ""


class Desk:
    """Where one account of one provider is asked for. Only ``ask`` is there for every provider.

    Every method sends requests that only read and may raise ``NoAnswer``, or ``NotOffered`` where
    the target leaves out what would be asked.
    """

    def ask(self, entry: Entry) -> Told:
        """What became of a transaction."""
        raise NotImplementedError

    def balance(self) -> int | None:
        """The balance now; None where the provider tells none without a payment."""
        return None

    def history(self) -> Mapping[str, Told] | None:
        """The provider's own list of today's transactions by reference; None where it has none."""
        return None

    def movements(self, before: int) -> list[int] | None:  # noqa: ARG002 - desks with a list use it
        """What moved the balance since it was ``before``, oldest first; a debit is negative.

        None where the provider lists no movements, or that balance is not among them.
        """
        return None


@dataclass(slots=True)
class Asked:
    """One row of the books: what the ledger knew, and what it knows now."""

    entry: Entry
    state: State
    debit: int | None
    rc: str | None = None
    words: str = ""

    @property
    def is_open(self) -> bool:
        """Whether its end is still not known."""
        return self.state.value in OPEN

    @property
    def least(self) -> int:
        """What it took at least."""
        return (self.debit or 0) if self.state is State.PAID else 0

    @property
    def most(self) -> int:
        """What it took at most."""
        if self.state is State.PAID and self.debit is not None:
            return self.debit
        return 0 if self.state in (State.REFUSED, State.UNSENT) else self.entry.rupiah


@dataclass(slots=True)
class Books:
    """The books of one purse: its rows that are not closed, and what was found.

    ``before`` and ``after`` are the balance when the first of them was made, and now.
    """

    providers: tuple[str, ...]
    account: str
    rows: list[Asked]
    before: int | None = None
    after: int | None = None
    said: list[str] = field(default_factory=list)
    differs: bool = False

    @property
    def verdict(self) -> Verdict:
        """How the books stand."""
        if self.differs:
            return "differs"
        return "open" if any(row.is_open for row in self.rows) else "closed"


def became(outcome: Outcome | None) -> Became | None:
    """An RC's outcome as what became of a transaction."""
    return None if outcome is None else _BECAME[outcome]


def unclosed(ledger: Ledger, target: str, providers: Iterable[str], account: str) -> list[Asked]:
    """The rows of a purse that no closing has taken up, oldest first."""
    keys = frozenset(providers)
    return [
        Asked(one, one.state, one.debit, one.rc)
        for one in ledger.entries(target=target)
        if one.provider in keys and one.account == account and one.closed is None
    ]


def settle(row: Asked, told: Told, others: Sequence[Asked], now: float | None = None) -> None:
    """Note what the provider says of a row; ``others`` are the rows of the same reference."""
    row.words, row.rc = told.words, told.rc if told.rc is not None else row.rc
    age = (time.time() if now is None else now) - row.entry.at
    match told.became:
        case "paid" if any(one.state is State.PAID for one in others):
            row.state = State.REFUSED
            row.words = "paid once under this reference, by another request"
        case "paid":
            row.state, row.debit = State.PAID, told.debit
        case "refused":
            row.state = State.REFUSED
        case "pending":
            row.state = State.PENDING
        case "absent" if age >= QUIET_SECONDS:
            row.state = State.REFUSED
            row.words = told.words or "the provider knows of no such transaction"
        case "absent":
            row.words = f"not known there yet; ask again in {QUIET_SECONDS:.0f} seconds"
        case None:
            row.words = told.words or "the provider's answer says nothing"


def opening(ledger: Ledger, books: Books, target: str) -> tuple[int, int] | None:
    """The balance before the first row, and the ledger's last row then; None if none was seen.

    It is the last one that the row's own run saw before it; without that the first one seen since.
    """
    if not books.rows:
        return None
    first = books.rows[0].entry
    keys = ", ".join("?" * len(books.providers))
    query = (
        f"SELECT rupiah, entry FROM balance WHERE target = ? AND account = ?"  # noqa: S608 - marks
        f" AND provider IN ({keys})"
    )
    values = (target, books.account, *books.providers)
    found = ledger.rows(
        f"{query} AND run = ? AND entry < ? ORDER BY id DESC LIMIT 1",
        (*values, first.run, first.id),
    ) or ledger.rows(f"{query} AND entry >= ? ORDER BY id LIMIT 1", (*values, first.id))
    return (int(found[0][0]), int(found[0][1])) if found else None


def balance_out(books: Books, after: int | None, opened: tuple[int, int] | None) -> None:
    """Hold what left the balance against what the rows took."""
    if after is None:
        books.said.append("the provider tells no balance, so the books rest on its statuses alone")
        return
    books.after = after
    if opened is None:
        books.said.append("no balance was seen before, so this one explains nothing")
        return
    books.before, last = opened
    counted = [row for row in books.rows if row.entry.id > last]
    fallen = books.before - after
    least = sum(row.least for row in counted)
    settled = sum(row.most for row in counted if not row.is_open)
    if fallen == least == settled:
        _close_by_balance(counted)
    most = sum(row.most for row in counted)
    most += sum(row.most for row in books.rows if row.entry.id <= last and row.is_open)
    span = str(least) if least == most else f"{least} to {most}"
    if least <= fallen <= most:
        books.said.append(f"the balance fell by {fallen}; the ledger explains {span}")
    else:
        books.differs = True
        books.said.append(f"the balance fell by {fallen}, and the ledger explains {span}")


def _close_by_balance(rows: Iterable[Asked]) -> None:
    # Everything that left the balance is explained, so what nobody can tell about took nothing.
    for row in rows:
        if row.state in (State.SENT, State.ANSWERED, State.UNKNOWN) and _is_old(row):
            row.state = State.REFUSED
            row.words += "; the balance shows that it took nothing"


def _is_old(row: Asked) -> bool:
    return time.time() - row.entry.at >= QUIET_SECONDS


def hold_against_history(books: Books, listed: Mapping[str, Told]) -> None:
    """Hold the rows against the provider's own list of today's transactions."""
    compared = 0
    by_reference: dict[str, list[Asked]] = {}
    for row in books.rows:
        by_reference.setdefault(row.entry.reference, []).append(row)
    for reference, rows in by_reference.items():
        told = listed.get(reference)
        if told is None or told.became is None or any(row.is_open for row in rows):
            continue
        compared += 1
        bought = [row for row in rows if row.state is State.PAID]
        if len(bought) == 1 and bought[0].debit is None and told.became == "paid":
            bought[0].debit = told.debit
        paid = bool(bought)
        if paid != (told.became == "paid") and told.became != "pending":
            books.differs = True
            mine = "paid" if paid else "refused"
            books.said.append(f"{reference} is {mine} in the ledger and {told.became} in history")
    books.said.append(f"history of today: {compared} references compared")


def hold_against_movements(books: Books, moved: Sequence[int]) -> None:
    """Hold the balance against the movements since it was what it was before."""
    total, fallen = -sum(moved), (books.before or 0) - (books.after or 0)
    if total != fallen:
        books.differs = True
        books.said.append(f"the movements add up to {total}, and the balance fell by {fallen}")
    else:
        books.said.append(f"{len(moved)} movements add up to the same {total}")


def write(ledger: Ledger, target: str, books: Books, verdict: Verdict) -> None:
    """Write what was found into the ledger; what is settled is closed with the books."""
    closes = verdict in ("closed", "accepted")
    for row in books.rows:
        outcome = _SETTLED.get(row.state)
        if outcome is not None and row.state is not row.entry.state:
            ledger.settle(row.entry.id, row.rc, outcome, row.debit)
    with ledger.transaction() as database:
        done = database.execute(
            "INSERT INTO closing (at, provider, target, account, verdict, words)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (time.time(), " ".join(books.providers), target, books.account, verdict,
             "; ".join(books.said)),
        )  # fmt: skip
        if closes:
            database.executemany(
                "UPDATE entry SET closed = ? WHERE id = ?",
                [(done.lastrowid, row.entry.id) for row in books.rows],
            )
