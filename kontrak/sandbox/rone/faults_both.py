"""Faults that make text and JSON disagree about one platform."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from kontrak.sandbox.changes import Fault, Wrapper
from kontrak.sandbox.rone import acts
from kontrak.sandbox.rone.account import PartnerAccount
from kontrak.sandbox.rone.acts import postpaid, prepaid
from kontrak.sandbox.rone.bills import Aim
from kontrak.sandbox.rone.faults_money import take_in_two
from kontrak.sandbox.rone.faults_text import values
from kontrak.sandbox.rone.making import fault
from kontrak.sandbox.rone.reasons import Reason
from kontrak.sandbox.rone.text_service import Kind, Line, Parameters, TextService
from kontrak.sandbox.rone.transactions import State, Transaction

CarryOut = Callable[[Kind, Parameters, PartnerAccount], Line]
Find = Callable[[str, str, str, PartnerAccount], Transaction]


def _reported_by_json(
    change: Callable[[Transaction], None], rule: Callable[[Transaction], bool]
) -> tuple[Wrapper, Wrapper]:
    """Wraps ``carry_out`` and ``asked_about``: JSON differs for a text purchase.

    The text interface keeps a copy for itself, so that its own story stays the same.
    """

    def carry_out(
        service: TextService,
        original: CarryOut,
        kind: Kind,
        parameters: Parameters,
        account: PartnerAccount,
    ) -> Line:
        line = original(kind, parameters, account)
        about = line.transaction
        if about is not None and kind in {Kind.TRX, Kind.BAYAR} and rule(about):
            with account.lock:
                own: dict[str, Transaction] = service.__dict__.setdefault("own", {})
                own[about.ref] = replace(about)
                change(about)
        return line

    def asked_about(
        service: TextService,
        original: Find,
        ref: str,
        code: str,
        customer: str,
        account: PartnerAccount,
    ) -> Transaction:
        own: dict[str, Transaction] = service.__dict__.setdefault("own", {})
        if ref not in own:
            return original(ref, code, customer, account)
        with account.lock:
            account.settle(own[ref])
            return own[ref]

    return carry_out, asked_about


def _reported(
    name: str,
    clause: str,
    text: str,
    change: Callable[[Transaction], None],
    rule: Callable[[Transaction], bool],
) -> Fault:
    """The fault that JSON differs for a text purchase for which the rule holds."""
    carry_out, asked_about = _reported_by_json(change, rule)
    return fault(name, clause, text, carry_out=carry_out, asked_about=asked_about)


def _successful(kind: Callable[[Transaction], bool]) -> Callable[[Transaction], bool]:
    return lambda one: one.state is State.SUCCESS and kind(one)


def _in_process(one: Transaction) -> bool:
    return one.state is State.PENDING


def _fails(one: Transaction) -> None:
    one.state, one.reason = State.FAILED, Reason.FAILED


def _cheaper(one: Transaction) -> None:
    one.price -= 1


def _other_code(one: Transaction) -> None:
    one.code = one.code.lower()


def _other_customer(one: Transaction) -> None:
    one.customer = f"62{one.customer[1:]}"


def _other_number(one: Transaction) -> None:
    one.number = f"{(int(one.number, 16) + 1) % 0xFFFFFF:06X}"


def _later(one: Transaction) -> None:
    if one.settles_at is not None:
        one.settles_at += timedelta(hours=1)


def _succeeds_now(one: Transaction) -> None:
    one.state, one.reason = State.SUCCESS, Reason.SUCCESS


def _free_for_json(
    _service: object,
    original: CarryOut,
    kind: Kind,
    parameters: Parameters,
    account: PartnerAccount,
) -> Line:
    """Wraps ``carry_out``: the JSON saldo does not fall by what is bought by text."""
    line = original(kind, parameters, account)
    about = line.transaction
    if about is not None and kind in {Kind.TRX, Kind.BAYAR} and about.state is State.SUCCESS:
        with account.lock:
            account.book.balance += about.total
            account.__dict__["spent"] = account.__dict__.get("spent", 0) + about.total
    return line


def _less_spent(
    service: TextService, original: Callable[[PartnerAccount], Line], account: PartnerAccount
) -> Line:
    """Wraps ``balance``: the text reports what the JSON saldo hides."""
    line = original(account)
    spent = (
        service.platform.main.__dict__.get("spent", 0) if account is service.platform.main else 0
    )
    return replace(line, values={**line.values, "saldo": int(str(line.values["saldo"])) - spent})


def _marked(
    _service: object,
    original: CarryOut,
    kind: Kind,
    parameters: Parameters,
    account: PartnerAccount,
) -> Line:
    """Wraps ``carry_out``: the account knows whether a request comes by text."""
    with account.lock:
        account.__dict__["by_text"] = True
        try:
            line = original(kind, parameters, account)
            if line.transaction is not None and kind is not Kind.STATUS:
                refs: set[str] = account.__dict__.setdefault("text_refs", set())
                refs.add(line.transaction.ref)
            return line
        finally:
            account.__dict__["by_text"] = False


def _taken_again(
    *,
    first_by_text: bool,
    act: Callable[[PartnerAccount, Transaction], Transaction] = acts.charged_and_returned,
) -> Wrapper:
    """Wraps ``top_up``: what happens to a reference of the other interface; it is bought again."""

    def top_up(
        account: PartnerAccount, original: acts.Trade, ref: str, code: str, customer: str, aim: Aim
    ) -> Transaction:
        with account.lock:
            first = account.by_ref.get(ref)
            refs: set[str] = account.__dict__.setdefault("text_refs", set())
            apart = (ref in refs) is first_by_text
            now_by_text = bool(account.__dict__.get("by_text", False))
            if first is None or not apart or now_by_text is first_by_text:
                return original(ref, code, customer, aim)
            return act(account, first)

    return top_up


def _hides(one: Transaction) -> None:
    # A purchase of another year is in no list of today.
    if one.bought_at is not None:
        one.bought_at -= timedelta(days=400)


FAULTS: tuple[Fault, ...] = (
    _reported("httpget-both-status", "HTTPGET-BOTH-STATUS",
          "A topup that succeeded by text has failed by JSON.", _fails, _successful(prepaid)),
    _reported("httpget-both-price", "HTTPGET-BOTH-PRICE",
          "A topup by text is one rupiah cheaper in the JSON history.",
          _cheaper, _successful(prepaid)),
    _reported("httpget-both-product", "HTTPGET-BOTH-PRODUCT",
          "A topup by text has another product by JSON.", _other_code, _successful(prepaid)),
    _reported("httpget-both-customer", "HTTPGET-BOTH-CUSTOMER",
          "A topup by text has another customer by JSON.", _other_customer, _successful(prepaid)),
    _reported("httpget-both-serial", "HTTPGET-BOTH-SERIAL",
          "A topup by text has another serial number by JSON.",
          _other_number, _successful(prepaid)),
    fault("httpget-both-balance", "HTTPGET-BOTH-BALANCE",
          "The text reports one rupiah more than JSON.",
          finish=values(Kind.BALANCE, saldo=lambda saldo: saldo + 1)),
    fault("httpget-both-debit", "HTTPGET-BOTH-DEBIT",
          "The JSON saldo does not fall by what is bought by text.",
          also=("HTTPGET-BOTH-BALANCE",),
          because="the text balance falls, so the two differ",
          carry_out=_free_for_json, balance=_less_spent),
    fault("httpget-both-two-movements", "HTTPGET-BOTH-MUTATION",
          "A purchase brings two movements.", account_take=take_in_two),
    _reported("httpget-both-history", "HTTPGET-BOTH-HISTORY",
          "A bill paid by text is not in the JSON history.", _hides, _successful(postpaid)),
    _reported("httpget-both-history-cheaper", "HTTPGET-BOTH-HISTORY",
          "A bill paid by text is one rupiah cheaper in the JSON history.",
          _cheaper, _successful(postpaid)),
    fault("httpget-both-ref-of-text", "HTTPGET-BOTH-REF-TEXT",
          "A reference used by text can be bought again by JSON.",
          carry_out=_marked, account_top_up=_taken_again(first_by_text=True)),
    fault("httpget-both-ref-of-text-other-code", "HTTPGET-BOTH-REF-TEXT-RC",
          "A reference used by text is refused by JSON with another rc than 94.",
          carry_out=_marked,
          account_top_up=_taken_again(first_by_text=True, act=acts.failed_again)),
    fault("httpget-both-ref-of-json", "HTTPGET-BOTH-REF-JSON",
          "A reference used by JSON can be bought again by text.",
          carry_out=_marked, account_top_up=_taken_again(first_by_text=False)),
    _reported("httpget-both-settles-later", "HTTPGET-BOTH-PENDING",
          "What is in process by text settles an hour later by JSON.", _later, _in_process),
    _reported("httpget-both-pending-done", "HTTPGET-BOTH-PENDING",
          "What is in process by text is a success by JSON.", _succeeds_now, _in_process),
)  # fmt: skip
