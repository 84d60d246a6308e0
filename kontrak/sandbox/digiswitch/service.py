"""The Digiswitch postpaid interface, complete and stateful: inquiry, payment and status.

The state is touched only by the steps that say *at once*: they hold the lock, nothing else does.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import timedelta

from kontrak.sandbox.clock import Clock
from kontrak.sandbox.deposit import Deposit
from kontrak.sandbox.digiswitch.bills import PRODUCTS, Bill, bill_of
from kontrak.sandbox.digiswitch.codes import Reason, Refusal
from kontrak.sandbox.digiswitch.customers import Customer, Scenario, customer_of, plain
from kontrak.sandbox.digiswitch.interface import ECHOED, Answer, DigiswitchInterface, Kind
from kontrak.sandbox.digiswitch.transactions import (
    SUCCESSFUL,
    State,
    Transaction,
    serial_number,
    shown_fields,
    without_meters,
)
from kontrak.sandbox.json_body import Fields

ACCOUNT = {"username": "sandbox-user", "api_key": "sandbox-key"}
START_BALANCE = 750_000_000
SETTLES_AFTER = timedelta(seconds=60)
LONGEST_REF_ID = 255
FIRST_SERIAL = 1_234_554_321

REASONS = {
    State.REFUSED: Reason.INQUIRY_FAILED,
    State.UNPAID: Reason.NOT_PAID,
    State.PENDING: Reason.PENDING,
    State.PAID: Reason.PAID,
    State.FAILED: Reason.PAYMENT_FAILED,
}


class DigiswitchService(DigiswitchInterface):
    """One account's view of Digiswitch: ``account`` holds ``username`` and ``api_key``."""

    def __init__(self, account: Mapping[str, str], clock: Clock) -> None:
        super().__init__(account)
        self.clock = clock
        self.deposit = Deposit(START_BALANCE)
        self.lock = threading.RLock()
        self.by_ref_id: dict[str, Transaction] = {}
        self.inquiries = 0

    def perform(self, fields: Fields) -> Answer:
        """Check the request and carry it out."""
        command = self.command_of(fields)
        self.require(fields)
        self.authenticate(command, fields)
        if not self.accepts_ref_id(fields["ref_id"]):
            raise Refusal(Reason.TYPE)
        if not self.sells(fields["code"]):
            raise Refusal(Reason.UNKNOWN_CODE)
        self.progress_all()
        match command:
            case "inq-pasca":
                return self.inquire(fields)
            case "pay-pasca":
                return self.pay(fields)
            case _:
                return self.check_status(fields)

    def accepts_ref_id(self, ref_id: str) -> bool:
        """Whether the ref_id is of a length that can be stored."""
        return len(ref_id) <= LONGEST_REF_ID

    def sells(self, code: str) -> bool:
        """Whether the product code is in the price list."""
        return code in PRODUCTS

    # Inquiry

    def inquire(self, fields: Fields) -> Answer:
        """inq-pasca: the bill of a customer number."""
        transaction = self.opened(fields)
        if transaction.state is State.REFUSED:
            return self.reported(Kind.INQUIRY, Reason.INQUIRY_FAILED, transaction, fields)
        return self.reported(Kind.INQUIRY, Reason.INQUIRED, transaction, fields)

    def opened(self, fields: Fields) -> Transaction:
        """At once: the transaction of this inquiry, a new one unless it was asked for before."""
        with self.lock:
            earlier = self.by_ref_id.get(fields["ref_id"])
            if earlier is not None:
                return self.reopened(earlier, fields)
            customer = self.customer_of(fields["code"], fields["customer_no"])
            if customer is None:
                raise Refusal(Reason.WRONG_NUMBER)
            return self.open(fields, customer)

    def reopened(self, earlier: Transaction, fields: Fields) -> Transaction:
        """The transaction of an inquiry that is made again, or a refusal."""
        if not self.same(earlier, fields) or earlier.state not in {State.UNPAID, State.REFUSED}:
            raise Refusal(Reason.DUPLICATE)
        return earlier

    def same(self, transaction: Transaction, fields: Fields) -> bool:
        """Whether a request is about this transaction's customer and product."""
        return transaction.code == fields["code"] and plain(transaction.customer_no) == plain(
            fields["customer_no"]
        )

    def customer_of(self, code: str, customer_no: str) -> Customer | None:
        """Who has the customer number."""
        return customer_of(code, customer_no)

    def bill_of(self, code: str, customer_no: str, customer: Customer) -> Bill:
        """The bill of a customer."""
        return bill_of(code, customer_no, customer)

    def open(self, fields: Fields, customer: Customer) -> Transaction:
        """A new transaction; the caller holds the lock."""
        self.inquiries += 1
        code, customer_no = fields["code"], fields["customer_no"]
        transaction = Transaction(
            FIRST_SERIAL + self.inquiries, fields["ref_id"], code, customer_no, customer.scenario,
            self.bill_of(code, customer_no, customer), self.clock.now(),
        )  # fmt: skip
        if customer.scenario is Scenario.INQUIRY_FAILS:
            transaction.state = State.REFUSED
        self.by_ref_id[transaction.ref_id] = transaction
        return transaction

    # Payment

    def pay(self, fields: Fields) -> Answer:
        """pay-pasca: pay the bill that was inquired under this ref_id."""
        transaction = self.find_payable(fields)
        reason = self.settle_payment(transaction)
        if reason in {Reason.EXPIRED, Reason.POOR}:
            raise Refusal(reason)
        return self.reported(Kind.PAYMENT, reason, transaction, fields)

    def find_payable(self, fields: Fields) -> Transaction:
        """The transaction of the request's ref_id, or a refusal."""
        return self.find(fields)

    def find(self, fields: Fields) -> Transaction:
        """The transaction of that ref_id if it is about the same customer and product."""
        transaction = self.by_ref_id.get(fields["ref_id"])
        if transaction is None:
            raise Refusal(Reason.NOT_INQUIRED)
        if not self.same(transaction, fields):
            raise Refusal(Reason.DUPLICATE)
        return transaction

    def settle_payment(self, transaction: Transaction) -> Reason:
        """At once: what a payment of this transaction comes to, and its money moved."""
        with self.lock:
            if transaction.state is State.UNPAID:
                return self.first_payment(transaction)
            return self.reason_of(transaction)

    def first_payment(self, transaction: Transaction) -> Reason:
        """The outcome of paying an unpaid bill; the caller holds the lock."""
        if self.expired(transaction):
            return Reason.EXPIRED
        if self.to_debit(transaction) > self.deposit.balance:
            return Reason.POOR
        match transaction.scenario:
            case Scenario.PAYMENT_FAILS:
                transaction.state = State.FAILED
            case Scenario.PENDING_SUCCEEDS | Scenario.PENDING_FAILS:
                transaction.state = State.PENDING
                transaction.settles_at = self.clock.now() + SETTLES_AFTER
                self.debit_pending(transaction)
            case _:
                self.debit(transaction)
                transaction.state = State.PAID
        transaction.balance = self.deposit.balance
        return REASONS[transaction.state]

    def expired(self, transaction: Transaction) -> bool:
        """Whether the inquiry was made on another day (WIB) than today."""
        return transaction.inquired_at.date() != self.clock.now().date()

    def to_debit(self, transaction: Transaction) -> int:
        """What the payment costs the partner, in rupiah."""
        return transaction.bill.price

    def debit(self, transaction: Transaction) -> None:
        """Take the money of this transaction, once."""
        self.deposit.debit(transaction.ref_id, self.to_debit(transaction))

    def debit_pending(self, transaction: Transaction) -> None:
        """Take the money of a payment that is in process."""
        self.debit(transaction)

    def refund(self, transaction: Transaction) -> None:
        """Give the money of a payment back that failed in the end."""
        self.deposit.refund(transaction.ref_id)

    def progress(self, transaction: Transaction) -> None:
        """Let a payment in process end when its time has come; the caller holds the lock."""
        due = transaction.settles_at
        if transaction.state is not State.PENDING or due is None or self.clock.now() < due:
            return
        if transaction.scenario is Scenario.PENDING_FAILS:
            self.refund(transaction)
            transaction.state = State.FAILED
        else:
            self.debit(transaction)
            transaction.state = State.PAID

    def progress_all(self) -> None:
        """At once: let every payment in process end whose time has come."""
        with self.lock:
            for transaction in self.by_ref_id.values():
                self.progress(transaction)

    # Status

    def check_status(self, fields: Fields) -> Answer:
        """status-pasca: where the payment of a ref_id stands."""
        transaction = self.find_asked(fields)
        with self.lock:
            transaction.asked += 1
            reason = self.reason_of(transaction)
        if reason is Reason.NOT_PAID:
            raise Refusal(reason)
        return self.reported(Kind.STATUS, reason, transaction, fields)

    def find_asked(self, fields: Fields) -> Transaction:
        """The transaction of the request's ref_id, or a refusal."""
        return self.find(fields)

    def reason_of(self, transaction: Transaction) -> Reason:
        """Where the transaction stands, as a reason."""
        return REASONS[transaction.state]

    # What the answers say

    def reported(
        self, kind: Kind, reason: Reason, transaction: Transaction, fields: Fields
    ) -> Answer:
        """The answer about a transaction; a failed one shows nothing of the bill."""
        echoed = {name: fields[name] for name in ECHOED}
        if reason not in SUCCESSFUL:
            return Answer(kind, reason, self.returned(echoed, reason), transaction=transaction)
        sn = serial_number(transaction) if reason is Reason.PAID else ""
        shown = shown_fields(transaction, self.shown_balance(kind, transaction), sn) | echoed
        if kind is Kind.INQUIRY:
            shown = self.without_meters(shown)
        return Answer(kind, reason, self.returned(shown, reason), transaction=transaction)

    def without_meters(self, fields: Fields) -> Fields:
        """The fields as an inquiry shows them."""
        return without_meters(fields)

    def shown_balance(self, kind: Kind, transaction: Transaction) -> int:
        """What is left: now for an inquiry, right after the payment for all the others."""
        if kind is Kind.INQUIRY or transaction.balance is None:
            return self.deposit.balance
        return transaction.balance
