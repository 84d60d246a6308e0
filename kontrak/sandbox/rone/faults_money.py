"""Faults of balance, mutations, repeated references and money at large, through JSON."""

from __future__ import annotations

from collections.abc import Callable

from kontrak.sandbox.changes import Fault, Wrapper
from kontrak.sandbox.rone import acts
from kontrak.sandbox.rone.account import PartnerAccount
from kontrak.sandbox.rone.acts import (
    charged,
    charged_and_returned,
    in_state,
    other_customer,
    repeat,
    same_again,
)
from kontrak.sandbox.rone.bills import Aim
from kontrak.sandbox.rone.book import Entry
from kontrak.sandbox.rone.json_interface import Answer, Fields, Kind
from kontrak.sandbox.rone.json_service import JsonService
from kontrak.sandbox.rone.making import charge, charging, fault, with_document, with_rows
from kontrak.sandbox.rone.products import Product
from kontrak.sandbox.rone.reasons import Reason, Refusal
from kontrak.sandbox.rone.transactions import State, Transaction

BALANCE, MUTATIONS = Kind.BALANCE, Kind.MUTATIONS
Movements = Callable[[Fields, PartnerAccount], list[Entry]]


def bills(product: Product) -> bool:
    """Products that are paid after an inquiry."""
    return product.is_bill


def _rows(change: Callable[[Fields], object]) -> Wrapper:
    """Wraps ``finish``: an edit of every movement."""
    return with_rows(lambda rows: [change(one) for one in rows], MUTATIONS)


def _without_bills(
    _service: object,
    original: Callable[..., object],
    kind: Kind,
    fields: Fields,
    account: PartnerAccount,
) -> object:
    shown = original(kind, fields, account)
    if kind is not BALANCE:
        return shown
    paid = sum(one.total for one in account.purchases() if one.bill and one.state is State.SUCCESS)
    return {"saldo": account.balance() + paid}


def _middle_off(rows: list[Fields]) -> None:
    if len(rows) > 2:
        rows[-2]["balance"] += 1


def take_in_two(
    account: PartnerAccount, original: Callable[..., None], transaction: Transaction, *rest: object
) -> None:
    """Wraps ``take``: a purchase is written down as two movements."""
    before = len(account.book.entries)
    original(transaction, *rest)
    if len(account.book.entries) > before:
        last = account.book.entries.pop()
        first = Entry(-1, last.balance - last.rupiah - 1, last.notes, last.trx_no, last.moment)
        second = Entry(last.rupiah + 1, last.balance, last.notes, last.trx_no, last.moment)
        account.book.entries += [first, second]


def _both_sides(row: Fields) -> None:
    if row["debit"]:
        row["debit"] += 100
        row["credit"] += 100


def _swapped(row: Fields) -> None:
    row["debit"], row["credit"] = row["credit"], row["debit"]


def _last_day_left_out(
    service: JsonService, original: Movements, fields: Fields, account: PartnerAccount
) -> list[Entry]:
    found = original(fields, account)
    first, last = service.days(fields, account.now().date())
    return found if first == last else [one for one in found if one.moment.date() < last]


def _every_day(
    _service: object, original: Movements, fields: Fields, account: PartnerAccount
) -> list[Entry]:
    return account.entries() if fields.get("start_date") else original(fields, account)


def on_duplicate(change: Callable[[PartnerAccount, Transaction, Aim], None]) -> Wrapper:
    """Wraps ``top_up`` or ``inquire``: a refused repetition leaves a trace."""

    def trade(
        account: PartnerAccount, original: acts.Trade, ref: str, code: str, customer: str, aim: Aim
    ) -> Transaction:
        first = account.by_ref.get(ref)
        try:
            return original(ref, code, customer, aim)
        except Refusal as refusal:
            if refusal.reason is Reason.DUPLICATE and first is not None:
                with account.lock:
                    change(account, first, aim)
            raise

    return trade


def _overwritten(_account: PartnerAccount, first: Transaction, aim: Aim) -> None:
    if first.bill is None and first.state is State.SUCCESS:
        first.code, first.customer, first.aim = aim.product.code, aim.customer, aim


def failed(_account: PartnerAccount, first: Transaction, _aim: Aim) -> None:
    """A success has failed then."""
    if first.state is State.SUCCESS:
        first.state, first.reason = State.FAILED, Reason.DUPLICATE


def _forgotten(account: PartnerAccount, first: Transaction, _aim: Aim) -> None:
    if first.state is not State.INQUIRED:
        hidden: set[str] = account.__dict__.setdefault("hidden", set())
        hidden.add(first.ref)


def _without_hidden(
    account: PartnerAccount, original: Callable[[], list[Transaction]]
) -> list[Transaction]:
    hidden: set[str] = account.__dict__.setdefault("hidden", set())
    return [one for one in original() if one.ref not in hidden]


def freed(_account: PartnerAccount, first: Transaction, _aim: Aim) -> None:
    """An inquiry was tried under this reference."""
    first.asked += 1000


def was_freed(first: Transaction, _aim: Aim) -> bool:
    """Whether an inquiry was tried under its reference."""
    return first.asked >= 1000


def _aliases_apart(
    _service: object,
    original: Callable[[Kind, Fields, PartnerAccount], Answer],
    kind: Kind,
    fields: Fields,
    account: PartnerAccount,
) -> Answer:
    """Wraps ``trade``: payment of a prepaid product has references of its own."""
    code, ref = str(fields.get("product_code", "")), fields.get("ref_1")
    if kind is not Kind.PAYMENT or not code.startswith("IS") or ref not in account.by_ref:
        return original(kind, fields, account)
    return original(kind, {**fields, "ref_1": f"{ref}-P"}, account)


def _paid_at_last(account: PartnerAccount, transaction: Transaction) -> Transaction:
    transaction.state, transaction.reason = State.SUCCESS, Reason.SUCCESS
    acts.take_again(account, transaction)
    return transaction


def _last_sign_cut(
    account: PartnerAccount, original: Callable[[str, Aim], bool], ref: str, aim: Aim
) -> bool:
    return original(ref, aim) or any(
        known[:-1] == ref[:-1] and len(known) == len(ref) for known in account.by_ref
    )


ACCOUNT = (
    fault("rqid-balance-with-rc", "RQID-BALANCE-NO-RC", "The balance has an rc.",
          finish=with_document(lambda document: document.update(rc="00"), BALANCE)),
    fault("rqid-balance-without-bills", "RQID-BALANCE-PURCHASES",
          "saldo is that of prepaid purchases alone.",
          also=("RQID-MUTATIONS-END",
                "RQID-PAYMENT-DEBIT"),
          because="they compare with the saldo", list_of=_without_bills),
    fault("rqid-balance-costs", "RQID-BALANCE-FREE", "Every balance costs one rupiah.",
          carry_out=charging(1, BALANCE)),
    fault("rqid-mutations-with-rc", "RQID-MUTATIONS-NO-RC", "Mutations has an rc.",
          finish=with_document(lambda document: document.update(rc="00"), MUTATIONS)),
    fault("rqid-mutations-balance-off", "RQID-MUTATIONS-RUNNING",
          "The last balance but one is one rupiah too high.",
          finish=with_rows(_middle_off, MUTATIONS)),
    fault("rqid-mutations-behind", "RQID-MUTATIONS-END",
          "Every balance is one rupiah above the saldo.",
          finish=_rows(lambda row: row.update(balance=row["balance"] + 1))),
    fault("rqid-mutations-in-two", "RQID-MUTATIONS-PURCHASE",
          "A purchase is written down as two movements.", account_take=take_in_two),
    fault("rqid-mutations-both-sides", "RQID-MUTATIONS-ONE-SIDE",
          "Money that comes has a debit and a credit.", finish=_rows(_both_sides)),
    fault("rqid-mutations-swapped", "RQID-MUTATIONS-CONVENTION",
          "A purchase stands under debit.", finish=_rows(_swapped)),
    fault("rqid-mutations-range-ignored", "RQID-MUTATIONS-RANGE",
          "Mutations: start_date and end_date are ignored.", movements=_every_day),
    fault("rqid-mutations-end-left-out", "RQID-MUTATIONS-RANGE",
          "Mutations: end_date itself is left out.",
          movements=_last_day_left_out),
    fault("rqid-mutations-same-number", "RQID-MUTATIONS-DISTINCT",
          "Every movement has the same trx_no.",
          finish=_rows(lambda row: row.update(trx_no="T-20260421-LKXQY4"))),
)  # fmt: skip

_USED = "a ref_1 is a used one in any order, at any time and through any endpoint"

REPEATED = (
    fault("rqid-repeat-other-code", "RQID-IDEM-DUPLICATE",
          "A topup under a used ref_1 is refused with rc 68.",
          also=("RQID-IDEM-PENDING", "RQID-IDEM-ALIAS"),
          because="whatever has become of the first, a used ref_1 is rc 94",
          rc_of=lambda _service, original, reason: (
              "68" if reason is Reason.DUPLICATE else original(reason))),
    fault("rqid-repeat-same-answer", "RQID-IDEM-DUPLICATE",
          "A repeated topup that succeeded is answered as the first was.",
          also=("RQID-IDEM-ALIAS",), because="payment repeats a topup, too",
          account_top_up=repeat(same_again, in_state(State.SUCCESS))),
    fault("rqid-repeat-charged", "RQID-IDEM-DUPLICATE-FREE",
          "A topup under a used ref_1 is refused with rc 94, but takes the money.",
          also=("RQID-IDEM-RACE", "RQID-IDEM-ALIAS", "RQID-MONEY-ONCE"), because=_USED,
          account_top_up=repeat(charged, in_state(State.SUCCESS))),
    fault("rqid-repeat-other-customer-charged", "RQID-IDEM-DUPLICATE-FREE",
          "A topup under a used ref_1 for another customer takes the money.",
          also=("RQID-IDEM-RACE", "RQID-IDEM-PENDING", "RQID-IDEM-FAILED", "RQID-MONEY-ONCE"),
          because=_USED,
          account_top_up=repeat(charged, other_customer)),
    fault("rqid-repeat-other-product-charged", "RQID-IDEM-DUPLICATE-FREE",
          "A topup under a used ref_1 of another product takes the money.",
          also=("RQID-IDEM-RACE", "RQID-IDEM-PENDING", "RQID-IDEM-FAILED", "RQID-MONEY-ONCE"),
          because=_USED,
          account_top_up=repeat(charged, lambda first, aim: first.aim.product != aim.product)),
    fault("rqid-repeat-race", "RQID-IDEM-RACE",
          "Topups under one ref_1 at the same instant both take the money.",
          account_top_up=acts.racing),
    fault("rqid-repeat-pending-charged", "RQID-IDEM-PENDING",
          "A topup under the ref_1 of one in process takes the money.",
          account_top_up=repeat(charged, in_state(State.PENDING))),
    fault("rqid-repeat-pending-same-answer", "RQID-IDEM-PENDING",
          "A repeated topup in process is answered as the first was.",
          account_top_up=repeat(same_again, in_state(State.PENDING))),
    fault("rqid-repeat-failed-again", "RQID-IDEM-FAILED",
          "A topup under the ref_1 of a failed one succeeds and takes the money.",
          account_top_up=repeat(_paid_at_last, in_state(State.FAILED))),
    fault("rqid-repeat-failed-charged", "RQID-IDEM-FAILED",
          "A topup under the ref_1 of a failed one takes the money.",
          account_top_up=repeat(charged, in_state(State.FAILED))),
    fault("rqid-repeat-failed-other-code", "RQID-IDEM-FAILED-RC",
          "A topup under the ref_1 of a failed one is refused with another rc.",
          account_top_up=repeat(acts.failed_again, in_state(State.FAILED))),
    fault("rqid-repeat-alias", "RQID-IDEM-ALIAS",
          "payment of a prepaid product has references of its own.", trade=_aliases_apart),
    fault("rqid-repeat-overwrites", "RQID-IDEM-KEEPS",
          "A repeated topup is refused, but its customer and product take the first one's place.",
          account_top_up=on_duplicate(_overwritten)),
    fault("rqid-repeat-fails-first", "RQID-IDEM-KEEPS",
          "A repeated topup is refused, and the first one has failed then.",
          also=("RQID-MONEY-FINAL",), because="in any order of requests it fails, too",
          account_top_up=on_duplicate(failed)),
    fault("rqid-repeat-pay-charged", "RQID-IDEM-PAY-TWICE",
          "Paying a bill again is refused, but takes the money.",
          also=("RQID-IDEM-PAY-RACE", "RQID-MONEY-ONCE"), because=_USED,
          account_pay=repeat(charged, in_state(State.SUCCESS), bills)),
    fault("rqid-repeat-pay-succeeds", "RQID-IDEM-PAY-TWICE",
          "Paying a bill again succeeds and takes the money.",
          also=("RQID-IDEM-PAY-RACE", "RQID-MONEY-ONCE"), because=_USED,
          account_pay=repeat(charged_and_returned, in_state(State.SUCCESS), bills)),
    fault("rqid-repeat-pay-other-customer", "RQID-IDEM-PAY-TWICE",
          "Paying a bill again for another customer takes the money.",
          also=("RQID-IDEM-PAY-RACE", "RQID-IDEM-PAY-PENDING", "RQID-IDEM-PAY-FAILED"),
          because=_USED,
          account_pay=repeat(charged, other_customer, bills)),
    fault("rqid-repeat-pay-race", "RQID-IDEM-PAY-RACE",
          "Two payments of one bill at the same instant both take the money.",
          account_pay=acts.racing),
    fault("rqid-repeat-pay-pending", "RQID-IDEM-PAY-PENDING",
          "Paying again while the first payment is in process takes the money.",
          account_pay=repeat(charged, in_state(State.PENDING), bills)),
    fault("rqid-repeat-pay-failed", "RQID-IDEM-PAY-FAILED",
          "Paying again after the payment failed takes the money.",
          account_pay=repeat(charged, in_state(State.FAILED), bills)),
    fault("rqid-repeat-pay-failed-succeeds", "RQID-IDEM-PAY-FAILED",
          "Paying again after the payment failed succeeds.",
          account_pay=repeat(_paid_at_last, in_state(State.FAILED), bills)),
    fault("rqid-repeat-pay-expired", "RQID-IDEM-PAY-EXPIRED",
          "Paying an expired inquiry for another customer pays that bill.",
          account_pay=acts.retargeted(other_customer, expired=True)),
    fault("rqid-repeat-last-sign", "RQID-IDEM-CASE",
          "References that differ in their last sign are taken for one.",
          account_is_used=_last_sign_cut),
)  # fmt: skip

AT_LARGE = (
    fault("rqid-money-history-costs", "RQID-MONEY-BALANCE",
          "Every look into the history costs one rupiah.", carry_out=charging(1, Kind.HISTORY)),
    fault("rqid-money-inquiry-frees", "RQID-MONEY-ONCE",
          "After an inquiry was refused for its used ref_1, a topup under it takes the money.",
          account_inquire=on_duplicate(freed), account_top_up=repeat(charged, was_freed)),
    fault("rqid-money-refused-inquiry", "RQID-MONEY-REFUSED",
          "An inquiry under a used ref_1 is refused, but costs one rupiah.",
          account_inquire=on_duplicate(lambda account, _first, _aim: charge(account, 1))),
    fault("rqid-money-inquiry-fails-purchase", "RQID-MONEY-FINAL",
          "An inquiry under the ref_1 of a success is refused, and the success has failed then.",
          account_inquire=on_duplicate(failed)),
    fault("rqid-money-inquiry-hides-purchase", "RQID-MONEY-RECORDED",
          "An inquiry under a used ref_1 takes its purchase out of the history.",
          account_inquire=on_duplicate(_forgotten), account_purchases=_without_hidden),
)  # fmt: skip

FAULTS: tuple[Fault, ...] = (*ACCOUNT, *REPEATED, *AT_LARGE)
