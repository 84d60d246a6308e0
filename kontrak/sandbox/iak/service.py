"""The IAK postpaid interface, complete and stateful: inquiry, payment, status and balance.

The state is touched only by the steps that say *at once*: they hold the lock, nothing else does.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from datetime import timedelta

from kontrak.sandbox.clock import Clock
from kontrak.sandbox.deposit import Deposit
from kontrak.sandbox.http import SandboxRequest
from kontrak.sandbox.iak.bills import CODE, NUMBERS, Bill, Scenario, bill_of
from kontrak.sandbox.iak.codec import Codec, Fields
from kontrak.sandbox.iak.codes import Reason, Refusal
from kontrak.sandbox.iak.interface import BALANCE_PATH, Answer, IakInterface, Kind
from kontrak.sandbox.iak.transactions import State, Transaction, inquiry_fields, payment_fields

ACCOUNT = {"username": "081200000000", "api_key": "sandbox-key"}
START_BALANCE = 1_000_000_000
SETTLES_AFTER = timedelta(seconds=60)
FIRST_TR_ID = 9_732_792

REFUSED_INQUIRIES = {
    Scenario.TIME_OUT: Reason.TIME_OUT,
    Scenario.ALREADY_PAID: Reason.ALREADY_PAID,
    Scenario.WRONG_NUMBER: Reason.WRONG_NUMBER,
}
FAILED_PAYMENTS = {
    Scenario.PAYMENT_FAILED: Reason.PAYMENT_FAILED,
    Scenario.PAYMENT_ERROR: Reason.BILLER_ERROR,
}


class IakService(IakInterface):
    """One account's view of IAK: ``account`` holds ``username`` and ``api_key``."""

    def __init__(self, account: Mapping[str, str], clock: Clock) -> None:
        super().__init__(account)
        self.clock = clock
        self.deposit = Deposit(START_BALANCE)
        self.lock = threading.RLock()
        self.used_ref_ids: set[str] = set()
        self.by_ref_id: dict[str, Transaction] = {}
        self.by_tr_id: dict[str, Transaction] = {}
        self.inquiries = 0

    def perform(self, request: SandboxRequest, codec: Codec) -> Answer:
        """Read the request and carry it out."""
        if request.method != "POST":
            raise Refusal(Reason.METHOD)
        fields = self.read(codec, request.body)
        if request.path.rstrip("/") == BALANCE_PATH:
            self.require("check-balance", fields)
            return self.balance(fields)
        fields = self.complete(fields)
        command = self.command_of(fields)
        self.require(command, fields)
        match command:
            case "inq-pasca":
                return self.inquire(fields, codec)
            case "pay-pasca":
                return self.pay(fields, codec)
            case _:
                return self.check_status(fields, codec)

    # Inquiry

    def inquire(self, fields: Fields, codec: Codec) -> Answer:
        """inq-pasca: the bill of a customer number, under a ref_id that is new."""
        ref_id, code, hp = fields["ref_id"], fields["code"], fields["hp"]
        self.authenticate("inq-pasca", ref_id, fields)
        known = self.known(fields)
        if not self.accepts_ref_id(ref_id):
            raise Refusal(Reason.REF_ID_FORMAT, **known)
        if not self.sells(code):
            raise Refusal(Reason.UNKNOWN_CODE, **known)
        if not self.take_ref_id(ref_id, hp, codec):
            raise Refusal(Reason.DUPLICATE, **known)
        scenario = self.scenario_of(hp)
        if scenario in REFUSED_INQUIRIES:
            raise Refusal(REFUSED_INQUIRIES[scenario], **known)
        transaction = self.open(ref_id, code, hp, scenario)
        shown = self.shown(transaction, codec, Reason.INQUIRED)
        return Answer(Kind.INQUIRY, Reason.INQUIRED, shown, transaction=transaction)

    def accepts_ref_id(self, ref_id: str) -> bool:
        """Whether the ref_id is alphanumeric, and of a length that can be stored."""
        return re.fullmatch(r"[A-Za-z0-9]{1,64}", ref_id) is not None

    def sells(self, code: str) -> bool:
        """Whether the product code is in the price list."""
        return code == CODE

    def take_ref_id(self, ref_id: str, hp: str, codec: Codec) -> bool:  # noqa: ARG002 - changes wrap this
        """At once: whether the ref_id was unused; from now on it is used."""
        with self.lock:
            if ref_id in self.used_ref_ids:
                return False
            self.used_ref_ids.add(ref_id)
            return True

    def scenario_of(self, hp: str) -> Scenario:
        """What the customer number leads to."""
        return NUMBERS.get(hp, Scenario.WRONG_NUMBER)

    def bill_of(self, scenario: Scenario) -> Bill:
        """The bill of a customer."""
        return bill_of(scenario)

    def open(self, ref_id: str, code: str, hp: str, scenario: Scenario) -> Transaction:
        """At once: a new transaction that can be paid."""
        with self.lock:
            transaction = Transaction(
                self.new_tr_id(hp), ref_id, code, hp, scenario,
                self.bill_of(scenario), self.clock.now(),
            )  # fmt: skip
            self.by_ref_id[ref_id] = transaction
            self.by_tr_id[str(transaction.tr_id)] = transaction
            return transaction

    def new_tr_id(self, hp: str) -> int:  # noqa: ARG002 - changes wrap this
        """The next transaction id; the caller holds the lock."""
        self.inquiries += 1
        return FIRST_TR_ID + self.inquiries

    # Payment

    def pay(self, fields: Fields, codec: Codec) -> Answer:
        """pay-pasca: pay the bill of a tr_id."""
        tr_id = str(fields["tr_id"])
        self.authenticate("pay-pasca", tr_id, fields)
        transaction = self.find_payable(tr_id)
        outcome = self.settle_payment(transaction)
        if outcome not in {Reason.PAID, Reason.PENDING}:
            raise Refusal(outcome, **transaction.known)
        shown = self.shown_payment(transaction, codec, outcome)
        if outcome is Reason.PENDING:
            del shown["datetime"], shown["noref"]
        return Answer(Kind.PAYMENT, outcome, shown, transaction=transaction)

    def find_payable(self, tr_id: str) -> Transaction:
        """The transaction of that id, or a refusal."""
        if tr_id not in self.by_tr_id:
            raise Refusal(Reason.UNKNOWN_TR_ID)
        return self.by_tr_id[tr_id]

    def settle_payment(self, transaction: Transaction) -> Reason:
        """At once: what a payment of this transaction comes to, and its money moved."""
        with self.lock:
            self.progress(transaction)
            match transaction.state:
                case State.PAID:
                    return Reason.PAID_BEFORE
                case State.PENDING:
                    return Reason.PENDING
                case State.FAILED:
                    return transaction.failure or Reason.PAYMENT_FAILED
                case State.UNPAID:
                    return self.first_payment(transaction)

    def first_payment(self, transaction: Transaction) -> Reason:
        """The outcome of paying an unpaid bill; the caller holds the lock."""
        if self.expired(transaction):
            return Reason.EXPIRED
        if self.to_debit(transaction) > self.deposit.balance:
            return Reason.POOR
        transaction.paid_at = self.clock.now()
        failure = self.failure_of(transaction)
        if failure is not None:
            transaction.state, transaction.failure = State.FAILED, failure
            return failure
        if transaction.scenario is Scenario.PAYMENT_PENDING:
            transaction.state = State.PENDING
            transaction.settles_at = transaction.paid_at + SETTLES_AFTER
            self.debit_pending(transaction)
            return Reason.PENDING
        self.debit(transaction)
        transaction.state = State.PAID
        return Reason.PAID

    def expired(self, transaction: Transaction) -> bool:
        """Whether the inquiry was made on another day (WIB) than today."""
        return transaction.inquired_at.date() != self.clock.now().date()

    def failure_of(self, transaction: Transaction) -> Reason | None:
        """Why the payment fails, if it does."""
        return FAILED_PAYMENTS.get(transaction.scenario)

    def to_debit(self, transaction: Transaction) -> int:
        """What the payment costs the partner, in rupiah."""
        return transaction.bill.selling_price

    def debit(self, transaction: Transaction) -> None:
        """Take the money of this transaction, once."""
        self.deposit.debit(transaction.ref_id, self.to_debit(transaction))

    def debit_pending(self, transaction: Transaction) -> None:
        """Take the money of a payment that is in process."""
        self.debit(transaction)

    def progress(self, transaction: Transaction) -> None:
        """Let a payment in process end when its time has come; the caller holds the lock."""
        due = transaction.settles_at
        if transaction.state is State.PENDING and due is not None and self.clock.now() >= due:
            self.debit(transaction)
            transaction.state = State.PAID

    def progress_all(self) -> None:
        """At once: let every payment in process end whose time has come."""
        with self.lock:
            for transaction in self.by_ref_id.values():
                self.progress(transaction)

    # Status and balance

    def check_status(self, fields: Fields, codec: Codec) -> Answer:
        """checkstatus: where the payment of a ref_id stands."""
        self.authenticate("checkstatus", "cs", fields)
        transaction = self.find_asked(fields)
        with self.lock:
            self.progress(transaction)
            transaction.asked += 1
            status, reason = self.status_of(transaction)
        shown = self.shown_payment(transaction, codec, reason)
        shown["status"] = status
        if reason is Reason.PENDING:
            del shown["datetime"]
        if reason is not Reason.PAID:
            del shown["noref"]
        return Answer(Kind.STATUS, reason, shown, transaction=transaction)

    def find_asked(self, fields: Fields) -> Transaction:
        """The transaction of the request's ref_id, or a refusal."""
        if fields["ref_id"] not in self.by_ref_id:
            raise Refusal(Reason.UNKNOWN_REF_ID, **self.known(fields))
        return self.by_ref_id[fields["ref_id"]]

    def status_of(self, transaction: Transaction) -> tuple[int, Reason]:
        """The status number and why."""
        match transaction.state:
            case State.UNPAID:
                return 0, Reason.UNPAID
            case State.PAID:
                return 1, Reason.PAID
            case State.FAILED:
                return 2, transaction.failure or Reason.PAYMENT_FAILED
            case State.PENDING:
                return 3, Reason.PENDING

    def balance(self, fields: Fields) -> Answer:
        """check-balance: what is left in the balance."""
        username, sign = fields["username"], fields.get("sign")
        if not (self.knows_username(username) and self.accepts_sign("bl", "bl", sign, fields)):
            raise Refusal(Reason.BALANCE_SIGN)
        self.progress_all()
        shown = {"balance": self.deposit.balance, "message": "Successful", "rc": "00"}
        return Answer(Kind.BALANCE, Reason.PAID, shown)

    # What the answers say

    def shown_bill(self, transaction: Transaction, codec: Codec) -> Bill:  # noqa: ARG002 - changes wrap this
        """The bill as the answers in this codec show it."""
        return transaction.bill

    def shown(self, transaction: Transaction, codec: Codec, reason: Reason) -> Fields:
        """The fields of an inquiry's answer."""
        bill = self.shown_bill(transaction, codec)
        return inquiry_fields(transaction, bill, self.code_of(reason), self.message_of(reason))

    def shown_payment(self, transaction: Transaction, codec: Codec, reason: Reason) -> Fields:
        """The fields of a payment's answer, and of the status of a payment."""
        inquiry = self.shown(transaction, codec, reason)
        moment = transaction.paid_at or transaction.inquired_at
        bill = self.shown_bill(transaction, codec)
        return payment_fields(inquiry, bill, moment, self.deposit.balance)
