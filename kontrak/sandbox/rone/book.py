"""The partner's deposit: a balance in whole rupiah and every movement of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """One movement. ``rupiah`` is negative for a purchase; ``balance`` is what was left."""

    rupiah: int
    balance: int
    notes: str
    trx_no: str
    moment: datetime


class Book:
    """A balance that is debited at most once per reference. Its owner keeps threads apart."""

    def __init__(self) -> None:
        self.balance = 0
        self.entries: list[Entry] = []
        self._taken: dict[str, int] = {}

    def deposit(self, rupiah: int, notes: str, trx_no: str, moment: datetime) -> None:
        """Add money to the balance."""
        self.move(rupiah, notes, trx_no, moment)

    def debit(self, ref: str, rupiah: int, notes: str, trx_no: str, moment: datetime) -> None:
        """Take the amount for this reference unless it was taken before."""
        if ref not in self._taken:
            self._taken[ref] = rupiah
            self.move(-rupiah, notes, trx_no, moment)

    def refund(self, ref: str, notes: str, trx_no: str, moment: datetime) -> None:
        """Give back what was taken for this reference, once."""
        rupiah = self._taken.get(ref, 0)
        if rupiah:
            self._taken[ref] = 0
            self.move(rupiah, notes, trx_no, moment)

    def move(self, rupiah: int, notes: str, trx_no: str, moment: datetime) -> None:
        """Write down a movement and let it count."""
        self.balance += rupiah
        self.entries.append(Entry(rupiah, self.balance, notes, trx_no, moment))
