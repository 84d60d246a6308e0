"""The partner's balance, kept in whole rupiah."""

from __future__ import annotations

import threading
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mutation:
    """One movement of money. ``rupiah`` is negative for a debit; ``balance`` is what was left."""

    key: str
    rupiah: int
    balance: int


class Deposit:
    """A balance that is debited at most once per key, whoever asks and however often."""

    def __init__(self, rupiah: int) -> None:
        self._balance = rupiah
        self._open: dict[str, int] = {}
        self._mutations: list[Mutation] = []
        self._lock = threading.Lock()

    @property
    def balance(self) -> int:
        """What is left, in rupiah."""
        with self._lock:
            return self._balance

    @property
    def mutations(self) -> tuple[Mutation, ...]:
        """Every movement so far, oldest first."""
        with self._lock:
            return tuple(self._mutations)

    def debit(self, key: str, rupiah: int) -> bool:
        """Take the amount for this key unless it was taken before; False if there is too little."""
        with self._lock:
            if key in self._open:
                return True
            if rupiah > self._balance:
                return False
            self._open[key] = rupiah
            self._move(key, -rupiah)
            return True

    def refund(self, key: str) -> None:
        """Give back what was taken for this key, if anything was."""
        with self._lock:
            rupiah = self._open.pop(key, 0)
            if rupiah:
                self._move(key, rupiah)

    def _move(self, key: str, rupiah: int) -> None:
        self._balance += rupiah
        self._mutations.append(Mutation(key, rupiah, self._balance))
