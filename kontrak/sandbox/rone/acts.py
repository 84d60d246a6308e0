"""Wrong steps of a account, which faults of either interface are made of."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from kontrak.sandbox.changes import Wrapper
from kontrak.sandbox.rone.account import PartnerAccount
from kontrak.sandbox.rone.bills import Aim, Scenario, bill_of
from kontrak.sandbox.rone.making import charge
from kontrak.sandbox.rone.products import Product
from kontrak.sandbox.rone.reasons import Reason, Refusal
from kontrak.sandbox.rone.transactions import State, Transaction

Rule = Callable[[Transaction], bool]
Trade = Callable[[str, str, str, Aim], Transaction]
OPEN_SECONDS = 0.05
"""How long a racing fault leaves the gap open between looking and acting."""


def prepaid(transaction: Transaction) -> bool:
    """Topups."""
    return transaction.bill is None


def postpaid(transaction: Transaction) -> bool:
    """Payments of bills."""
    return transaction.bill is not None


def cost(change: Callable[[Transaction], int], rule: Rule) -> Wrapper:
    """Wraps ``cost_of``: a purchase for which the rule holds takes another amount."""

    def cost_of(
        _account: PartnerAccount, original: Callable[[Transaction], int], transaction: Transaction
    ) -> int:
        return change(transaction) if rule(transaction) else original(transaction)

    return cost_of


def outcome(state: State, reason: Reason, rule: Rule) -> Wrapper:
    """Wraps ``outcome_of``: a purchase for which the rule holds ends so."""

    def outcome_of(
        _account: PartnerAccount,
        original: Callable[[Transaction], tuple[State, Reason]],
        transaction: Transaction,
    ) -> tuple[State, Reason]:
        return (state, reason) if rule(transaction) else original(transaction)

    return outcome_of


def of(scenario: Scenario, kind: Rule) -> Rule:
    """Purchases of this kind for customers with this scenario."""
    return lambda transaction: kind(transaction) and transaction.aim.scenario is scenario


def opened(change: Callable[[Transaction], None]) -> Wrapper:
    """Wraps ``opened``: a transaction begins otherwise."""

    def made(
        _account: PartnerAccount,
        original: Callable[[str, str, str, Aim], Transaction],
        ref: str,
        code: str,
        customer: str,
        aim: Aim,
    ) -> Transaction:
        transaction = original(ref, code, customer, aim)
        change(transaction)
        return transaction

    return made


def dearer(code: str, rupiah: int) -> Callable[[Transaction], None]:
    """Makes a product or a bill dearer, for ``opened``."""

    def change(transaction: Transaction) -> None:
        if transaction.aim.product.code == code:
            transaction.price += rupiah

    return change


def bought(change: Callable[[PartnerAccount, Transaction], None], rule: Rule) -> Wrapper:
    """Wraps ``buy``: something more happens after a purchase for which the rule holds."""

    def buy(
        account: PartnerAccount, original: Callable[[Transaction], None], transaction: Transaction
    ) -> None:
        original(transaction)
        if rule(transaction):
            change(account, transaction)

    return buy


def take_again(account: PartnerAccount, transaction: Transaction) -> None:
    """Take the cost of a purchase once more."""
    charge(account, account.cost_of(transaction), account.notes_of(transaction))


def any_product(code: str) -> Wrapper:
    """Wraps ``aim``: an unknown product is taken for this one."""

    def aim(
        _account: PartnerAccount,
        original: Callable[..., Aim],
        asked: str,
        customer: str,
        *,
        part_required: bool,
    ) -> Aim:
        try:
            return original(asked, customer, part_required=part_required)
        except Refusal as refusal:
            if refusal.reason is not Reason.UNKNOWN_PRODUCT or not customer:
                raise
            return original(code, customer, part_required=part_required)

    return aim


# References


def repeat(
    act: Callable[[PartnerAccount, Transaction], Transaction | None],
    rule: Callable[[Transaction, Aim], bool],
    kind: Callable[[Product], bool] = lambda product: not product.is_bill,
) -> Wrapper:
    """Wraps ``top_up`` or ``pay``: what happens when a reference is used again.

    ``act`` is called with the first transaction when the rule holds of it and of what is now
    aimed at; it returns what is answered, or None for the usual refusal.
    """

    def trade(
        account: PartnerAccount, original: Trade, ref: str, code: str, customer: str, aim: Aim
    ) -> Transaction:
        with account.lock:
            first = account.by_ref.get(ref)
            was = None if first is None else first.state
            if first is not None and was is not State.INQUIRED and kind(aim.product):
                account.settle(first)
                if rule(first, aim):
                    answered = act(account, first)
                    if answered is not None:
                        return answered
            return original(ref, code, customer, aim)

    return trade


def charged(account: PartnerAccount, transaction: Transaction) -> None:
    """The usual refusal, but the money is taken again."""
    take_again(account, transaction)


def charged_and_returned(account: PartnerAccount, transaction: Transaction) -> Transaction:
    """The money is taken again, and the first transaction is the answer."""
    take_again(account, transaction)
    return transaction


def failed_again(_account: PartnerAccount, _transaction: Transaction) -> Transaction:
    """Nothing is taken, and the refusal is another than that of a used reference."""
    raise Refusal(Reason.FAILED)


def same_again(_account: PartnerAccount, transaction: Transaction) -> Transaction:
    """Nothing is taken, and the first transaction is the answer."""
    return transaction


def in_state(*states: State) -> Callable[[Transaction, Aim], bool]:
    """First transactions in one of these states."""
    return lambda first, _aim: first.state in states


def racing(
    account: PartnerAccount, original: Trade, ref: str, code: str, customer: str, aim: Aim
) -> Transaction:
    """Wraps ``top_up`` or ``pay``: it looks first, waits, and then acts on what it saw."""
    first = account.by_ref.get(ref)
    fresh = first is None or first.state is State.INQUIRED
    time.sleep(OPEN_SECONDS)
    try:
        return original(ref, code, customer, aim)
    except Refusal as refusal:
        now = account.by_ref.get(ref)
        if refusal.reason is not Reason.DUPLICATE or not fresh or now is None:
            raise
        with account.lock:
            take_again(account, now)
        return now


def used_unless(rule: Callable[[Transaction, Aim], bool]) -> Wrapper:
    """Wraps ``is_used``: a used reference is free again if the rule holds of its first use."""

    def is_used(
        account: PartnerAccount, original: Callable[[str, Aim], bool], ref: str, aim: Aim
    ) -> bool:
        first = account.by_ref.get(ref)
        return original(ref, aim) and not (first is not None and rule(first, aim))

    return is_used


# Payments


def retargeted(rule: Callable[[Transaction, Aim], bool], *, expired: bool | None = None) -> Wrapper:
    """Wraps ``pay``: a payment that names something else than its inquiry buys that instead.

    With ``expired``, only where the inquiry has expired, or has not.
    """

    def pay(
        account: PartnerAccount, original: Trade, ref: str, code: str, customer: str, aim: Aim
    ) -> Transaction:
        first = account.by_ref.get(ref)
        fits = first is not None and expired in {None, account.is_expired(first)}
        if first and fits and first.state is State.INQUIRED and rule(first, aim):
            with account.lock:
                first.code, first.customer, first.aim = code, customer, aim
                first.bill = bill_of(aim) if aim.product.is_bill else None
                first.price = aim.product.price if first.bill is None else first.bill.tagihan
                first.admin = 0 if first.bill is None else first.bill.admin
                account.buy(first)
                return first
        return original(ref, code, customer, aim)

    return pay


def other_customer(first: Transaction, aim: Aim) -> bool:
    """The same product for another customer."""
    return first.aim.product == aim.product and first.aim.customer != aim.customer


def other_product(first: Transaction, aim: Aim) -> bool:
    """Another product that is paid after an inquiry."""
    return aim.product.is_bill and first.aim.product != aim.product


def without_inquiry(
    account: PartnerAccount,
    original: Callable[..., Transaction],
    ref: str,
    code: str,
    customer: str,
    aim: Aim,
) -> Transaction:
    """Wraps ``payable``: a fresh reference can be paid."""
    if ref not in account.by_ref:
        transaction = account.opened(ref, code, customer, aim)
        transaction.inquired_at = account.now()
        account.by_ref[ref] = transaction
    return original(ref, code, customer, aim)


def expires_after(minutes: float) -> Wrapper:
    """Wraps ``is_expired``: inquiries last so long."""

    def is_expired(account: PartnerAccount, _original: object, transaction: Transaction) -> bool:
        inquired_at = transaction.inquired_at
        return inquired_at is not None and account.now() - inquired_at > timedelta(minutes=minutes)

    return is_expired


def expired_but_charged(
    account: PartnerAccount, original: Callable[[Transaction], bool], transaction: Transaction
) -> bool:
    """Wraps ``is_expired``: an expired inquiry is refused, but its price is taken."""
    expired = original(transaction)
    if expired:
        take_again(account, transaction)
    return expired


def any_number_has_a_bill(
    _account: PartnerAccount, original: Trade, ref: str, code: str, customer: str, aim: Aim
) -> Transaction:
    """Wraps ``inquire``: a wrong number has a bill."""
    try:
        return original(ref, code, customer, aim)
    except Refusal as refusal:
        if refusal.reason is not Reason.WRONG_NUMBER:
            raise
        right = replace(aim, customer=f"{aim.customer[:-1]}0")
        transaction = original(ref, code, customer, right)
        transaction.customer = customer
        return transaction


# Settling


def never_settles(rule: Rule) -> Wrapper:
    """Wraps ``settle``: a purchase for which the rule holds stays in process."""

    def settle(
        _account: PartnerAccount, original: Callable[[Transaction], None], transaction: Transaction
    ) -> None:
        if not rule(transaction):
            original(transaction)

    return settle


def final(state: State, reason: Reason, rule: Rule) -> Wrapper:
    """Wraps ``final_of``: a purchase in process for which the rule holds ends so."""

    def final_of(
        _account: PartnerAccount,
        original: Callable[[Transaction], tuple[State, Reason]],
        transaction: Transaction,
    ) -> tuple[State, Reason]:
        return (state, reason) if rule(transaction) else original(transaction)

    return final_of


def keeps_money(
    _account: PartnerAccount, _original: object, _transaction: Transaction, _moment: datetime
) -> None:
    """Wraps ``give_back``: nothing is given back."""


def settled(change: Callable[[PartnerAccount, Transaction], None], state: State) -> Wrapper:
    """Wraps ``settle``: something more happens when a purchase in process ends in this state."""

    def settle(
        account: PartnerAccount, original: Callable[[Transaction], None], transaction: Transaction
    ) -> None:
        before = transaction.state
        original(transaction)
        if before is State.PENDING and transaction.state is state:
            change(account, transaction)

    return settle


def found(change: Callable[[PartnerAccount, Transaction], None]) -> Wrapper:
    """Wraps ``find``: something happens to a transaction that is asked about."""

    def find(
        account: PartnerAccount, original: Callable[[str], Transaction], ref: str
    ) -> Transaction:
        transaction = original(ref)
        with account.lock:
            change(account, transaction)
        return transaction

    return find
