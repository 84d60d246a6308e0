"""One partner's account at the platform: its transactions and its deposit.

Every operation runs *at once*: it holds the lock from the first look to the last change, so two
requests at the same instant come one after the other. Steps are methods of their own, because
faults and variants wrap them one by one.
"""

from __future__ import annotations

import hashlib
import threading
from datetime import datetime, timedelta

from kontrak.sandbox.clock import Clock
from kontrak.sandbox.rone.bills import Aim, Bill, Scenario, aim_of, bill_of, fits
from kontrak.sandbox.rone.book import Book, Entry
from kontrak.sandbox.rone.products import PRODUCTS, Product
from kontrak.sandbox.rone.reasons import Reason, Refusal
from kontrak.sandbox.rone.transactions import State, Transaction

DEPOSIT = 100_000_000
INQUIRY_LASTS = timedelta(minutes=15)
SETTLES_AFTER = timedelta(seconds=300)
OUTCOMES = {
    Scenario.SUCCESS: (State.SUCCESS, Reason.SUCCESS),
    Scenario.PENDING_SUCCESS: (State.PENDING, Reason.PENDING),
    Scenario.PENDING_FAILED: (State.PENDING, Reason.PENDING),
    Scenario.FAILED: (State.FAILED, Reason.FAILED),
    Scenario.WRONG_NUMBER: (State.FAILED, Reason.WRONG_NUMBER),
}
FINAL = {
    Scenario.PENDING_SUCCESS: (State.SUCCESS, Reason.SUCCESS),
    Scenario.PENDING_FAILED: (State.FAILED, Reason.FAILED),
}
EARLIER = (
    (9, "EARLIER-1", "IS10", "085700000008"),
    (5, "EARLIER-2", "T2", "089600000007"),
    (5, "EARLIER-3", "S20", "081200000003"),
    (1, "EARLIER-4", "IS5", "085700000009"),
)
"""Purchases of earlier days: days ago, reference, product, customer."""


class PartnerAccount:
    """Transactions and money of one partner."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.lock = threading.RLock()
        self.book = Book()
        self.by_ref: dict[str, Transaction] = {}
        self._before_today()

    def _before_today(self) -> None:
        now = self.now()
        first = now - timedelta(days=10)
        self.book.deposit(DEPOSIT, "Deposit", f"D-{first:%Y%m%d}-000001", first)
        for days, ref, code, customer in EARLIER:
            transaction = self.opened(
                ref, code, customer, aim_of(code, customer, part_required=False)
            )
            transaction.bought_at = now - timedelta(days=days)
            self.by_ref[ref] = transaction
            transaction.state, transaction.reason = OUTCOMES[transaction.aim.scenario]
            if transaction.state is State.SUCCESS:
                self.take(transaction, transaction.bought_at)

    # Catalogue

    def products(self) -> tuple[Product, ...]:
        """The products of the partner's plan."""
        return tuple(product for product in PRODUCTS if product.active)

    def aim(self, code: str, customer: str, *, part_required: bool) -> Aim:
        """What a request aims at, or a refusal."""
        return aim_of(code, customer, part_required=part_required)

    def bill_of(self, aim: Aim) -> Bill:
        """The bill of a customer."""
        return bill_of(aim)

    def price_of(self, product: Product) -> int:
        """What a prepaid product costs, in rupiah."""
        return product.price

    # Inquiry and purchase

    def inquire(self, ref: str, code: str, customer: str, aim: Aim) -> Transaction:
        """Open a transaction that can be paid, under a reference that is new."""
        if not aim.product.is_bill:
            raise Refusal(Reason.UNKNOWN_PRODUCT)
        with self.lock:
            if self.is_used(ref, aim):
                raise Refusal(Reason.DUPLICATE)
            if not fits(aim) or aim.scenario is Scenario.WRONG_NUMBER:
                raise Refusal(Reason.WRONG_NUMBER)
            transaction = self.opened(ref, code, customer, aim)
            transaction.inquired_at = self.now()
            self.by_ref[ref] = transaction
            return transaction

    def top_up(self, ref: str, code: str, customer: str, aim: Aim) -> Transaction:
        """Buy a prepaid product under a reference that is new."""
        if aim.product.is_bill:
            raise Refusal(Reason.UNKNOWN_PRODUCT)
        with self.lock:
            if self.is_used(ref, aim):
                raise Refusal(Reason.DUPLICATE)
            if not self.is_open(aim.product):
                raise Refusal(Reason.CLOSED)
            transaction = self.opened(ref, code, customer, aim)
            self.buy(transaction)
            self.by_ref[ref] = transaction
            return transaction

    def pay(self, ref: str, code: str, customer: str, aim: Aim) -> Transaction:
        """Pay the bill that was inquired under this reference, or buy a prepaid product."""
        if not aim.product.is_bill:
            return self.top_up(ref, code, customer, aim)
        with self.lock:
            transaction = self.payable(ref, code, customer, aim)
            if not self.agrees(transaction, aim):
                raise Refusal(Reason.MISMATCH)
            if not self.is_unpaid(transaction):
                raise Refusal(Reason.DUPLICATE)
            if self.is_expired(transaction):
                raise Refusal(Reason.EXPIRED)
            self.buy(transaction)
            return transaction

    def is_used(self, ref: str, aim: Aim) -> bool:  # noqa: ARG002 - changes wrap this
        """Whether the reference stands for something already."""
        return ref in self.by_ref

    def is_open(self, product: Product) -> bool:
        """Whether the product can be bought now."""
        return product.is_open

    def payable(self, ref: str, code: str, customer: str, aim: Aim) -> Transaction:  # noqa: ARG002 - changes wrap this
        """The inquiry of that reference, or a refusal."""
        if ref not in self.by_ref:
            raise Refusal(Reason.NO_INQUIRY)
        return self.by_ref[ref]

    def agrees(self, transaction: Transaction, aim: Aim) -> bool:
        """Whether the payment is for what was inquired."""
        return transaction.aim == aim

    def is_unpaid(self, transaction: Transaction) -> bool:
        """Whether it was never tried to pay it."""
        return transaction.state is State.INQUIRED

    def is_expired(self, transaction: Transaction) -> bool:
        """Whether the inquiry is older than 15 minutes."""
        inquired_at = transaction.inquired_at
        return inquired_at is not None and self.now() - inquired_at > INQUIRY_LASTS

    def opened(self, ref: str, code: str, customer: str, aim: Aim) -> Transaction:
        """A new transaction, not yet kept."""
        bill = self.bill_of(aim) if aim.product.is_bill else None
        return Transaction(
            ref=ref,
            number=self.number_of(ref),
            code=code,
            customer=customer,
            aim=aim,
            price=self.price_of(aim.product) if bill is None else bill.tagihan,
            admin=0 if bill is None else bill.admin,
            bill=bill,
        )

    def number_of(self, ref: str) -> str:
        """The platform's own six signs for a reference, as in LKXQY4."""
        return hashlib.sha256(ref.encode()).hexdigest()[:6].upper()

    def buy(self, transaction: Transaction) -> None:
        """Decide what becomes of a purchase and move its money; the caller holds the lock."""
        if self.cost_of(transaction) > self.book.balance:
            raise Refusal(Reason.POOR)
        transaction.bought_at = self.now()
        transaction.state, transaction.reason = self.outcome_of(transaction)
        if transaction.state is State.PENDING:
            transaction.settles_at = transaction.bought_at + SETTLES_AFTER
            self.take_pending(transaction, transaction.bought_at)
        if transaction.state is State.SUCCESS:
            self.take(transaction, transaction.bought_at)

    def outcome_of(self, transaction: Transaction) -> tuple[State, Reason]:
        """What becomes of a purchase at first."""
        if not fits(transaction.aim):
            return State.FAILED, Reason.WRONG_NUMBER
        return OUTCOMES[transaction.aim.scenario]

    def cost_of(self, transaction: Transaction) -> int:
        """What a purchase takes from the balance, in rupiah."""
        return transaction.total

    def take(self, transaction: Transaction, moment: datetime) -> None:
        """Take the money of a purchase, once."""
        cost = self.cost_of(transaction)
        self.book.debit(
            transaction.ref, cost, self.notes_of(transaction), self.trx_no(transaction), moment
        )

    def take_pending(self, transaction: Transaction, moment: datetime) -> None:
        """Take the money of a purchase that is in process."""
        self.take(transaction, moment)

    def give_back(self, transaction: Transaction, moment: datetime) -> None:
        """Give back the money of a purchase that failed in the end."""
        notes = f"Refund {self.notes_of(transaction)}"
        self.book.refund(transaction.ref, notes, self.trx_no(transaction), moment)

    def notes_of(self, transaction: Transaction) -> str:
        """How the deposit's book calls a purchase."""
        return f"Trx {transaction.code} {transaction.customer} {transaction.ref}"

    def trx_no(self, transaction: Transaction) -> str:
        """The platform's own number of a purchase, as in T-20260421-LKXQY4."""
        return f"T-{transaction.moment:%Y%m%d}-{transaction.number}"

    # Time

    def now(self) -> datetime:
        """The present moment, in WIB."""
        return self.clock.now()

    def settle_all(self) -> None:
        """At once: let everything in process end whose time has come."""
        with self.lock:
            for transaction in self.by_ref.values():
                self.settle(transaction)

    def settle(self, transaction: Transaction) -> None:
        """Let a purchase in process end when its time has come; the caller holds the lock."""
        due = transaction.settles_at
        if transaction.state is not State.PENDING or due is None or self.now() < due:
            return
        transaction.state, transaction.reason = self.final_of(transaction)
        if transaction.state is State.FAILED:
            self.give_back(transaction, due)
        else:
            self.take(transaction, due)

    def final_of(self, transaction: Transaction) -> tuple[State, Reason]:
        """What becomes of a purchase in process."""
        return FINAL[transaction.aim.scenario]

    # Looking back

    def find(self, ref: str) -> Transaction:
        """At once: the purchase of that reference as it now stands, or a refusal."""
        with self.lock:
            transaction = self.by_ref.get(ref)
            if transaction is None or transaction.state is State.INQUIRED:
                raise Refusal(Reason.UNKNOWN_REF)
            self.settle(transaction)
            transaction.asked += 1
            return transaction

    def purchases(self) -> list[Transaction]:
        """At once: every purchase so far, oldest first."""
        with self.lock:
            self.settle_all()
            bought = [one for one in self.by_ref.values() if one.state is not State.INQUIRED]
            return sorted(bought, key=lambda one: one.moment)

    def balance(self) -> int:
        """At once: what is left, in rupiah."""
        with self.lock:
            self.settle_all()
            return self.book.balance

    def entries(self) -> list[Entry]:
        """At once: every movement of money so far, oldest first."""
        with self.lock:
            self.settle_all()
            return list(self.book.entries)

    def serial_of(self, transaction: Transaction) -> str:
        """The serial number of a successful purchase."""
        return f"{int(transaction.number, 16):010d}"
