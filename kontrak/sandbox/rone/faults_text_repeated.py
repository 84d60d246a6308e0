"""Faults of how the text interface takes repetitions, and of money at large."""

from __future__ import annotations

from collections.abc import Callable

from kontrak.sandbox.changes import Fault
from kontrak.sandbox.rone import acts
from kontrak.sandbox.rone.account import PartnerAccount
from kontrak.sandbox.rone.acts import (
    charged,
    charged_and_returned,
    in_state,
    other_customer,
    repeat,
)
from kontrak.sandbox.rone.faults_money import bills, failed, freed, on_duplicate, was_freed
from kontrak.sandbox.rone.making import charge, fault
from kontrak.sandbox.rone.reasons import Reason, Refusal
from kontrak.sandbox.rone.text_service import Kind, Line, Parameters, TextService
from kontrak.sandbox.rone.transactions import State, Transaction

CarryOut = Callable[[Kind, Parameters, PartnerAccount], Line]


def _expired_pays(
    account: PartnerAccount, original: Callable[[Transaction], bool], transaction: Transaction
) -> bool:
    """Wraps ``is_expired``: paying long after the inquiry takes the bill twice."""
    if original(transaction):
        acts.take_again(account, transaction)
    return False


def _refused_for_money(
    account: PartnerAccount, original: Callable[[Transaction], bool], transaction: Transaction
) -> bool:
    """Wraps ``is_expired``: the first payment of an expired bill is refused and takes it."""
    expired = original(transaction)
    taken: set[str] = account.__dict__.setdefault("taken_late", set())
    if expired and transaction.ref not in taken:
        taken.add(transaction.ref)
        acts.take_again(account, transaction)
    return expired


def _dearer_when_late(
    account: PartnerAccount, original: Callable[[Transaction], int], transaction: Transaction
) -> int:
    """Wraps ``cost_of``: a bill costs more once something else was bought after its inquiry."""
    asked = transaction.inquired_at
    later = [one.bought_at for one in account.by_ref.values() if one is not transaction]
    late = asked is not None and any(moment and moment > asked for moment in later)
    return original(transaction) + (1 if late else 0)


def _pays_as_asked(
    service: TextService,
    original: CarryOut,
    kind: Kind,
    parameters: Parameters,
    account: PartnerAccount,
) -> Line:
    """Wraps ``carry_out``: a repeated topup is answered as if it were new."""
    try:
        return original(kind, parameters, account)
    except Refusal as refusal:
        if refusal.reason is not Reason.DUPLICATE or kind is not Kind.TRX:
            raise
        first = account.by_ref[parameters["refID"]]
        code, customer = parameters["product"], parameters["dest"]
        shown = account.opened(
            first.ref, code, customer, account.aim(code, customer, part_required=True)
        )
        shown.state, shown.bought_at = State.SUCCESS, account.now()
        return service.shown(kind, shown, account)


REPEATED = (
    fault("httpget-repeat-charged", "HTTPGET-IDEM-DUPLICATE",
          "A topup under a used refID is refused, but takes the money.",
          also=("HTTPGET-IDEM-RACE", "HTTPGET-BOTH-REF-TEXT", "HTTPGET-BOTH-REF-JSON",
                "HTTPGET-MONEY-ONCE"),
          because="at the same instant and through JSON the reference is a used one, too",
          account_top_up=repeat(charged, in_state(State.SUCCESS))),
    fault("httpget-repeat-other-dest-charged", "HTTPGET-IDEM-DUPLICATE",
          "A topup under a used refID for another dest takes the money.",
          also=("HTTPGET-IDEM-PENDING", "HTTPGET-IDEM-FAILED", "HTTPGET-IDEM-RACE",
                "HTTPGET-MONEY-ONCE"),
          because="whatever has become of the first, its reference is used",
          account_top_up=repeat(charged, other_customer)),
    fault("httpget-repeat-answered-as-new", "HTTPGET-IDEM-DUPLICATE-TEXT",
          "A topup under a used refID is answered as if it were new.", carry_out=_pays_as_asked),
    fault("httpget-repeat-race", "HTTPGET-IDEM-RACE",
          "Topups under one refID at the same instant both take the money.",
          account_top_up=acts.racing),
    fault("httpget-repeat-pending", "HTTPGET-IDEM-PENDING",
          "A topup under the refID of one in process takes the money.",
          account_top_up=repeat(charged, in_state(State.PENDING))),
    fault("httpget-repeat-failed", "HTTPGET-IDEM-FAILED",
          "A topup under the refID of a failed one takes the money.",
          account_top_up=repeat(charged, in_state(State.FAILED))),
    fault("httpget-repeat-pay", "HTTPGET-IDEM-PAY-TWICE",
          "Paying a bill again succeeds and takes the money.",
          also=("HTTPGET-IDEM-PAY-RACE", "HTTPGET-MONEY-ONCE"),
          because="at the same instant it is paid again, too",
          account_pay=repeat(charged_and_returned, in_state(State.SUCCESS), bills)),
    fault("httpget-repeat-pay-other-dest", "HTTPGET-IDEM-PAY-TWICE",
          "Paying a bill again for another dest takes the money.",
          also=("HTTPGET-IDEM-PAY-PENDING", "HTTPGET-IDEM-PAY-FAILED", "HTTPGET-IDEM-PAY-RACE"),
          because="whatever has become of the first payment, it is paid again",
          account_pay=repeat(charged, other_customer, bills)),
    fault("httpget-repeat-pay-race", "HTTPGET-IDEM-PAY-RACE",
          "Two payments of one bill at the same instant both take the money.",
          account_pay=acts.racing),
    fault("httpget-repeat-pay-pending", "HTTPGET-IDEM-PAY-PENDING",
          "Paying again while the first payment is in process takes the money.",
          account_pay=repeat(charged, in_state(State.PENDING), bills)),
    fault("httpget-repeat-pay-failed", "HTTPGET-IDEM-PAY-FAILED",
          "Paying again after the payment failed takes the money.",
          account_pay=repeat(charged, in_state(State.FAILED), bills)),
    fault("httpget-repeat-pay-expired", "HTTPGET-IDEM-PAY-EXPIRED",
          "Paying long after the inquiry takes the bill twice.", account_is_expired=_expired_pays),
    fault("httpget-repeat-pay-expired-refused", "HTTPGET-IDEM-PAY-EXPIRED",
          "Paying long after the inquiry is refused, but takes the bill.",
          account_is_expired=_refused_for_money),
)  # fmt: skip

AT_LARGE = (
    fault("httpget-money-payment-after-topup", "HTTPGET-MONEY-BALANCE",
          "A bill inquired before a topup costs one rupiah more than it showed.",
          account_cost_of=_dearer_when_late),
    fault("httpget-money-inquiry-frees", "HTTPGET-MONEY-ONCE",
          "After an inquiry was refused for its used refID, a topup under it takes the money.",
          account_inquire=on_duplicate(freed), account_top_up=repeat(charged, was_freed)),
    fault("httpget-money-refused-inquiry", "HTTPGET-MONEY-REFUSED",
          "An inquiry under a used refID is refused, but costs one rupiah.",
          account_inquire=on_duplicate(lambda account, _first, _aim: charge(account, 1))),
    fault("httpget-money-inquiry-fails-purchase", "HTTPGET-MONEY-FINAL",
          "An inquiry under the refID of a success is refused, and the success has failed then.",
          account_inquire=on_duplicate(failed)),
)  # fmt: skip

FAULTS: tuple[Fault, ...] = (*REPEATED, *AT_LARGE)
