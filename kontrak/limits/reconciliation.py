"""Closing the books: every transaction asked for, and the ledger held against the balance.

A account is where the books of one provider's account are asked for: the part ``account_lookup`` of
the provider's declared object. Amounts are rupiah.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from kontrak.clauses.response_codes import Outcome
from kontrak.limits.balance_check import OPEN, OPEN_SQL
from kontrak.limits.ledger import Entry, Ledger, State
from kontrak.limits.ledger import Outcome as Settled

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
class ProviderStatus:
    """What a provider says of a transaction.

    ``became`` is None where it says nothing that can be read, ``absent`` where it knows of none.
    ``debit`` is what it took, where that is known; ``differs`` is a contradiction in the provider's
    own books, in words.
    """

    became: Became | None
    rc: str | None = None
    debit: int | None = None
    words: str = ""
    differs: str = ""


class AccountLookup:
    """Where one account of one provider is asked for. Only ``ask`` is there for every provider.

    Every method sends requests that only read and may raise ``NoAnswer``, or ``NotOffered`` where
    the target leaves out what would be asked.
    """

    def ask(self, entry: Entry) -> ProviderStatus:
        """What became of a transaction."""
        raise NotImplementedError

    def balance(self) -> int | None:
        """The balance now; None where the provider reports none without a payment."""
        return None

    def history(self) -> Mapping[str, ProviderStatus] | None:
        """The provider's own list of today's transactions by reference; None where it has none."""
        return None

    def movements(self, before: int) -> list[int] | None:  # noqa: ARG002 - accounts with a list use it
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
    """The books of one balance: what no closing has taken up, and what was found.

    ``rows`` are those whose end was not known, and those that history says something of; all other
    rows stay in the file and are added up there. ``count`` is the number of all of them. ``before``
    and ``after`` are the balance when the first of them was made, and now. ``proven`` reports that
    the balance explains every payment to the rupiah.
    """

    ledger: Ledger
    target: str
    providers: tuple[str, ...]
    account: str
    newest: int
    count: int = 0
    used: tuple[str, ...] = ()
    rows: list[Asked] = field(default_factory=list)
    before: int | None = None
    after: int | None = None
    returned: list[str] = field(default_factory=list)
    differs: bool = False
    proven: bool = False

    @classmethod
    def of(cls, ledger: Ledger, target: str, providers: Iterable[str], account: str) -> Books:
        """The books as the ledger has them."""
        newest = ledger.number("SELECT coalesce(max(id), 0) FROM entry")
        books = cls(ledger, target, tuple(providers), account, newest)
        books.count = books.number("count(*)")
        where, values = books.where()
        found = ledger.rows(f"SELECT DISTINCT provider FROM entry WHERE {where}", values)  # noqa: S608 - marks
        books.used = tuple(one for one in books.providers if (one,) in found)
        books.rows = books.read(f"state IN ({OPEN_SQL})")
        return books

    def where(self, condition: str = "TRUE", *values: object) -> tuple[str, list[object]]:
        """SQL for the rows of these books that keep a condition, and its values."""
        marks = ", ".join("?" * len(self.providers))
        # The plus keeps SQLite from an index on the target where the reference says more.
        first = "+target" if condition.startswith("reference") else "target"
        mine = f"{first} = ? AND account = ? AND provider IN ({marks}) AND closed IS NULL"
        bound = [self.target, self.account, *self.providers, self.newest, *values]
        return f"{mine} AND +id <= ? AND {condition}", bound

    def read(self, condition: str, *values: object) -> list[Asked]:
        """The rows that keep a condition, oldest first."""
        found = self.ledger.select(*self.where(condition, *values))
        return [Asked(one, one.state, one.debit, one.rc) for one in found]

    def number(self, what: str, condition: str = "TRUE", *values: object) -> int:
        """What SQL adds up over the rows that keep a condition."""
        where, bound = self.where(condition, *values)
        return self.ledger.number(f"SELECT {what} FROM entry WHERE {where}", bound)  # noqa: S608 - as above

    def of_reference(self, reference: str) -> list[Asked]:
        """All rows of a reference; they belong to ``rows`` from now on."""
        held = {row.entry.id: row for row in self.rows if row.entry.reference == reference}
        for row in self.read("reference = ?", reference):
            if row.entry.id not in held:
                held[row.entry.id] = row
                self.rows.append(row)
        return list(held.values())

    def taken(self, last: int) -> tuple[int, int]:
        """The least and the most that the settled rows behind ``last`` took, in rupiah."""
        paid = "+id > ? AND state = 'paid'"
        least = self.number("total(coalesce(debit, 0))", paid, last)
        most = self.number("total(coalesce(debit, rupiah))", paid, last)
        for row in self.rows:
            if row.entry.id <= last or row.is_open:
                continue
            was = Asked(row.entry, row.entry.state, row.entry.debit)
            least += row.least - was.least
            most += row.most - (0 if was.is_open else was.most)
        return least, most

    @property
    def verdict(self) -> Verdict:
        """How the books stand."""
        if self.differs:
            return "differs"
        return "open" if any(row.is_open for row in self.rows) else "closed"


def became(outcome: Outcome | None) -> Became | None:
    """An RC's outcome as what became of a transaction."""
    return None if outcome is None else _BECAME[outcome]


def settle(
    row: Asked, reported: ProviderStatus, others: Sequence[Asked], now: float | None = None
) -> None:
    """Note what the provider says of a row; ``others`` are the rows of the same reference."""
    row.words, row.rc = reported.words, reported.rc if reported.rc is not None else row.rc
    age = (time.time() if now is None else now) - row.entry.at
    match reported.became:
        case "paid" if any(one.state is State.PAID for one in others):
            row.state = State.REFUSED
            row.words = "paid once under this reference, by another request"
        case "paid":
            row.state, row.debit = State.PAID, reported.debit
        case "refused":
            row.state = State.REFUSED
        case "pending":
            row.state = State.PENDING
        case "absent" if age >= QUIET_SECONDS:
            row.state = State.REFUSED
            row.words = reported.words or "the provider has no such transaction"
        case "absent":
            row.words = f"not known there yet; ask again in {QUIET_SECONDS:.0f} seconds"
        case None:
            row.words = reported.words or "the provider's answer says nothing"


def opening(books: Books) -> tuple[int, int] | None:
    """The balance before the first row, and the ledger's last row then; None if none was seen.

    It is the last one that the row's own run saw before it; without that the first one seen since.
    """
    ledger = books.ledger
    where, bound = books.where()
    first = ledger.rows(f"SELECT id, run FROM entry WHERE {where} ORDER BY id LIMIT 1", bound)  # noqa: S608 - marks
    if not first:
        return None
    ((begin, run),) = first
    keys = ", ".join("?" * len(books.providers))
    query = (
        f"SELECT rupiah, entry FROM balance WHERE target = ? AND account = ?"  # noqa: S608 - marks
        f" AND provider IN ({keys})"
    )
    values = (books.target, books.account, *books.providers)
    found = ledger.rows(
        f"{query} AND run = ? AND entry < ? ORDER BY id DESC LIMIT 1", (*values, run, begin)
    ) or ledger.rows(f"{query} AND entry >= ? ORDER BY id LIMIT 1", (*values, begin))
    return (int(found[0][0]), int(found[0][1])) if found else None


def balance_out(books: Books, after: int | None, opened: tuple[int, int] | None) -> None:
    """Hold what left the balance against what the rows took."""
    if after is None:
        books.returned.append("the provider returns no balance: the books rest on its statuses")
        return
    books.after = after
    if opened is None:
        books.returned.append("no balance was seen before, so this one explains nothing")
        return
    books.before, last = opened
    fallen = books.before - after
    least, settled = books.taken(last)
    still = [row for row in books.rows if row.is_open]
    if fallen == least == settled:
        _close_by_balance(row for row in still if row.entry.id > last)
        still = [row for row in books.rows if row.is_open]
        books.proven = not still
    most = settled + sum(row.most for row in still)
    span = str(least) if least == most else f"{least} to {most}"
    if least <= fallen <= most:
        books.returned.append(f"the balance fell by {fallen}; the ledger explains {span}")
    else:
        books.differs = True
        books.returned.append(f"the balance fell by {fallen}, and the ledger explains {span}")


def _close_by_balance(rows: Iterable[Asked]) -> None:
    # Everything that left the balance is explained, so what is still unknown took nothing.
    for row in rows:
        if row.state in (State.SENT, State.ANSWERED, State.UNKNOWN) and _is_old(row):
            row.state = State.REFUSED
            row.words += "; the balance shows that it took nothing"


def _is_old(row: Asked) -> bool:
    return time.time() - row.entry.at >= QUIET_SECONDS


def hold_against_history(books: Books, listed: Mapping[str, ProviderStatus]) -> None:
    """Hold the rows against the provider's own list of today's transactions."""
    compared = 0
    for reference, reported in listed.items():
        rows = books.of_reference(reference)
        if not rows or reported.became is None or any(row.is_open for row in rows):
            continue
        compared += 1
        bought = [row for row in rows if row.state is State.PAID]
        if len(bought) == 1 and bought[0].debit is None and reported.became == "paid":
            bought[0].debit = reported.debit
        paid = bool(bought)
        if paid != (reported.became == "paid") and reported.became != "pending":
            books.differs = True
            mine = "paid" if paid else "refused"
            books.returned.append(
                f"{reference} is {mine} in the ledger and {reported.became} in history"
            )
    books.returned.append(f"history of today: {compared} references compared")


def hold_against_movements(books: Books, moved: Sequence[int]) -> None:
    """Hold the balance against the movements since it was what it was before."""
    total, fallen = -sum(moved), (books.before or 0) - (books.after or 0)
    if total != fallen:
        books.differs = True
        books.returned.append(f"the movements add up to {total}, and the balance fell by {fallen}")
    else:
        books.returned.append(f"{len(moved)} movements add up to the same {total}")


def write(books: Books, verdict: Verdict) -> None:
    """Write what was found into the ledger; what is settled is closed with the books.

    What was refused is cleared with them where the balance proves that it took nothing.
    """
    ledger = books.ledger
    for row in books.rows:
        outcome = _SETTLED.get(row.state)
        if outcome is not None and row.state is not row.entry.state:
            ledger.settle(row.entry.id, row.rc, outcome, row.debit)
    with ledger.transaction() as database:
        done = database.execute(
            "INSERT INTO closing (at, provider, target, account, verdict, words)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (time.time(), " ".join(books.providers), books.target, books.account, verdict,
             "; ".join(books.returned)),
        )  # fmt: skip
        if verdict not in ("closed", "accepted"):
            return
        if verdict == "closed" and books.proven:
            where, bound = books.where("state = 'refused' AND cleared = 0")
            database.execute(f"UPDATE entry SET cleared = 1 WHERE {where}", bound)  # noqa: S608 - marks
        where, bound = books.where()
        database.execute(f"UPDATE entry SET closed = ? WHERE {where}", [done.lastrowid, *bound])  # noqa: S608 - marks
