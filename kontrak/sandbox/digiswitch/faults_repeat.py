"""Faults of repetition: ref_ids paid twice, or by others, and questions that cost money."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from kontrak.sandbox.changes import Fault, Wrapper
from kontrak.sandbox.digiswitch.codes import Reason, Refusal
from kontrak.sandbox.digiswitch.interface import Answer
from kontrak.sandbox.digiswitch.making import When, about, because_of, fault
from kontrak.sandbox.digiswitch.service import DigiswitchService
from kontrak.sandbox.digiswitch.transactions import State, Transaction
from kontrak.sandbox.json_body import Fields

Payment = Callable[[Transaction], Reason]
Find = Callable[[Fields], Transaction]
Command = Callable[[Fields], Answer]
OPEN_SECONDS = 0.05
"""How long a racing fault leaves the gap open between looking and acting."""


def _take(service: DigiswitchService, transaction: Transaction) -> None:
    """Take the price of a transaction once more; the caller holds the lock."""
    key = f"{transaction.ref_id} {len(service.deposit.mutations)}"
    service.deposit.debit(key, service.to_debit(transaction))


def _again(state: State, *, says: Reason | None = None) -> Wrapper:
    """Wraps ``settle_payment``: paying in this state takes the money of it once more.

    ``says`` is what is answered; by default what an honest service answers.
    """

    def settle(service: DigiswitchService, original: Payment, transaction: Transaction) -> Reason:
        with service.lock:
            before = transaction.state
            outcome = original(transaction)
            if before is not state:
                return outcome
            _take(service, transaction)
            return says or outcome

    return settle


def _racing(service: DigiswitchService, original: Payment, transaction: Transaction) -> Reason:
    before = transaction.state
    time.sleep(OPEN_SECONDS)
    with service.lock:
        late = before is State.UNPAID and transaction.state is not State.UNPAID
        outcome = original(transaction)
        if late:
            _take(service, transaction)
        return outcome


def _succeeds_at_last(
    service: DigiswitchService, original: Payment, transaction: Transaction
) -> Reason:
    with service.lock:
        if transaction.state is not State.FAILED:
            return original(transaction)
        service.debit(transaction)
        transaction.state, transaction.balance = State.PAID, service.deposit.balance
        return Reason.PAID


def _reported(state: State, says: Reason) -> Wrapper:
    """Wraps ``settle_payment``: paying again in this state is answered otherwise, and is free."""

    def settle(_service: object, original: Payment, transaction: Transaction) -> Reason:
        before = transaction.state
        outcome = original(transaction)
        return says if before is state else outcome

    return settle


def _lost_update(service: DigiswitchService, original: Payment, transaction: Transaction) -> Reason:
    """The balance is read before the payment and written after it, whatever came between."""
    before = service.deposit.balance
    unpaid = transaction.state is State.UNPAID
    time.sleep(OPEN_SECONDS)
    with service.lock:
        outcome = original(transaction)
        if unpaid and transaction.state is State.PAID:
            wanted = before - service.to_debit(transaction)
            key = f"{transaction.ref_id} overwritten {len(service.deposit.mutations)}"
            service.deposit.debit(key, service.deposit.balance - wanted)
            transaction.balance = wanted
        return outcome


def _mixed_up(service: DigiswitchService, original: Command, fields: Fields) -> Answer:
    """The request of a payment is kept in one place for all."""
    service.__dict__["current"] = fields
    time.sleep(OPEN_SECONDS)
    return original(service.__dict__["current"])


def _other_answer(change: Callable[[Fields], Fields]) -> Wrapper:
    """Wraps ``pay``: the second payment of a paid ref_id is answered otherwise."""

    def pay(service: DigiswitchService, original: Command, fields: Fields) -> Answer:
        known = service.by_ref_id.get(fields["ref_id"])
        before = known.state if known is not None else State.UNPAID
        answer = original(fields)
        if before is not State.PAID:
            return answer
        return replace(answer, fields=answer.fields | change(answer.fields))

    return pay


def _paid_for_another(field: str) -> Wrapper:
    """Wraps ``find_payable``: a paid ref_id pays the bill of the other customer or product."""

    def find(service: DigiswitchService, original: Find, fields: Fields) -> Transaction:
        first = service.by_ref_id.get(fields["ref_id"])
        other = first is not None and first.state is State.PAID and _differs(first, fields, field)
        customer = service.customer_of(fields["code"], fields["customer_no"])
        if not other or customer is None:
            return original(fields)
        with service.lock:
            own = fields | {"ref_id": f"{fields['ref_id']} {len(service.by_ref_id)}"}
            return service.open(own, customer)

    return find


def _differs(first: Transaction, fields: Fields, field: str) -> bool:
    same_code = first.code == fields["code"]
    return not same_code if field == "code" else same_code and first.customer_no != fields[field]


def _charged_for_another(field: str) -> Wrapper:
    """Wraps ``find_payable``: another's payment with a paid ref_id is refused, and costs money."""

    def find(service: DigiswitchService, original: Find, fields: Fields) -> Transaction:
        try:
            return original(fields)
        except Refusal:
            first = service.by_ref_id.get(fields["ref_id"])
            if first is not None and first.state is State.PAID and _differs(first, fields, field):
                with service.lock:
                    _take(service, first)
            raise

    return find


def _charge(service: DigiswitchService) -> None:
    with service.lock:
        service.deposit.debit(f"question {len(service.deposit.mutations)}", 100)


def _charging_inquiry(rule: When) -> Wrapper:
    """Wraps ``inquire``: inquiries for which the rule holds cost a hundred rupiah."""

    def inquire(service: DigiswitchService, original: Command, fields: Fields) -> Answer:
        answer = original(fields)
        if rule(answer):
            _charge(service)
        return answer

    return inquire


def _asked_again(transaction: Transaction | None) -> bool:
    """Whether it is asked about again; payments that were in process are asked about anyhow."""
    return transaction is not None and transaction.asked >= 2 and transaction.settles_at is None


def _charging_status(service: DigiswitchService, original: Command, fields: Fields) -> Answer:
    answer = original(fields)
    if _asked_again(answer.transaction):
        _charge(service)
    return answer


def _forgetful(
    _service: object, original: Callable[[Transaction], Reason], transaction: Transaction
) -> Reason:
    reason = original(transaction)
    if reason is Reason.PAID and transaction.asked == 2 and _asked_again(transaction):
        return Reason.PENDING
    return reason


MEASURED = (
    "DIGISWITCH-PAY-DEBIT", "DIGISWITCH-PAY-FAILED-FREE", "DIGISWITCH-PENDING-MONEY",
    "DIGISWITCH-PENDING-FINAL-MONEY", "DIGISWITCH-IDEM-PAY-PENDING",
)  # fmt: skip
WITH_INQUIRY = "what a payment takes is measured together with the inquiries before it"

FAULTS: tuple[Fault, ...] = (
    fault(
        "repeat-payment-debits", "DIGISWITCH-IDEM-PAY-TWICE",
        "A second payment is answered as it must be, but takes the money again.",
        also=("DIGISWITCH-IDEM-PAY-RACE",), because="of two payments at once, one is the second",
        settle_payment=_again(State.PAID),
    ),
    fault(
        "repeat-payment-says-pending", "DIGISWITCH-IDEM-PAY-TWICE",
        "A second payment is answered as one in process, and takes the money again.",
        also=("DIGISWITCH-IDEM-PAY-RACE", "DIGISWITCH-IDEM-PAY-SAME"),
        because="of two payments at once one is the second, and what is paid is not in process",
        settle_payment=_again(State.PAID, says=Reason.PENDING),
    ),
    fault(
        "repeat-payment-other-sn", "DIGISWITCH-IDEM-PAY-SAME",
        "A second payment is answered with another sn.",
        pay=_other_answer(lambda fields: {"sn": f"{fields['sn']}2"}),
    ),
    fault(
        "repeat-payment-other-ref-id", "DIGISWITCH-IDEM-PAY-SAME",
        "A second payment is answered with another ref_id.",
        pay=_other_answer(lambda fields: {"ref_id": f"{fields['ref_id']}-2"}),
    ),
    fault(
        "repeat-payment-other-price", "DIGISWITCH-IDEM-PAY-SAME",
        "A second payment is answered with another price.",
        pay=_other_answer(lambda fields: {"price": fields["price"] - 1}),
    ),
    fault(
        "repeat-payment-reported-pending", "DIGISWITCH-IDEM-PAY-SAME",
        "A second payment of a paid ref_id is answered with Pending, and takes nothing.",
        settle_payment=_reported(State.PAID, Reason.PENDING),
    ),
    fault(
        "payments-at-once-lose-a-debit", "DIGISWITCH-PAY-TOGETHER",
        "Of two payments at the same instant, the later one overwrites the balance.",
        settle_payment=_lost_update,
    ),
    fault(
        "payments-at-once-mixed-up", "DIGISWITCH-PAY-TOGETHER",
        "Two payments at the same instant are both taken for the later one.",
        pay=_mixed_up,
    ),
    fault(
        "repeat-payment-race", "DIGISWITCH-IDEM-PAY-RACE",
        "Two payments at the same instant both take the money.",
        settle_payment=_racing,
    ),
    *(
        fault(
            f"repeat-pays-other-{name}", clause,
            f"A paid ref_id pays the bill of another {name}.",
            find_payable=_paid_for_another(field),
        )
        for name, field, clause in (
            ("customer", "customer_no", "DIGISWITCH-IDEM-OTHER-CUSTOMER"),
            ("product", "code", "DIGISWITCH-IDEM-OTHER-CODE"),
        )
    ),
    *(
        fault(
            f"repeat-charges-for-other-{name}", clause,
            f"A paid ref_id is refused for another {name}, and the first bill is paid again.",
            find_payable=_charged_for_another(field),
        )
        for name, field, clause in (
            ("customer", "customer_no", "DIGISWITCH-IDEM-OTHER-CUSTOMER"),
            ("product", "code", "DIGISWITCH-IDEM-OTHER-CODE"),
        )
    ),
    fault(
        "repeat-pending-debits", "DIGISWITCH-IDEM-PAY-PENDING",
        "A second payment of a bill in process takes the money again.",
        settle_payment=_again(State.PENDING),
    ),
    fault(
        "repeat-failed-debits", "DIGISWITCH-IDEM-PAY-FAILED",
        "A second payment of a failed one fails, but takes the money.",
        settle_payment=_again(State.FAILED),
    ),
    fault(
        "repeat-failed-succeeds", "DIGISWITCH-IDEM-PAY-FAILED",
        "A second payment of a failed one succeeds and takes the money.",
        also=("DIGISWITCH-IDEM-STATUS",), because="status-pasca reports the success from then on",
        settle_payment=_succeeds_at_last,
    ),
    fault(
        "repeat-failed-reported-success", "DIGISWITCH-IDEM-PAY-FAILED",
        "A second payment of a failed one is answered with Sukses, and takes nothing.",
        settle_payment=_reported(State.FAILED, Reason.PAID),
    ),
    fault(
        "repeat-inquiry-charges", "DIGISWITCH-IDEM-INQUIRY-FREE",
        "Every inquiry of hp costs a hundred rupiah.",
        also=MEASURED, because=WITH_INQUIRY,
        inquire=_charging_inquiry(about("hp")),
    ),
    fault(
        "repeat-failed-inquiry-charges", "DIGISWITCH-IDEM-INQUIRY-FREE",
        "Every inquiry that fails costs a hundred rupiah.",
        also=("DIGISWITCH-IDEM-PAY-PENDING",), because=WITH_INQUIRY,
        inquire=_charging_inquiry(because_of(Reason.INQUIRY_FAILED)),
    ),
    fault(
        "repeat-status-charges", "DIGISWITCH-IDEM-STATUS",
        "Every repeated status-pasca costs a hundred rupiah.",
        also=("DIGISWITCH-IDEM-PAY-TWICE",), because="a second payment may be asked about",
        check_status=_charging_status,
    ),
    fault(
        "repeat-status-forgets", "DIGISWITCH-IDEM-STATUS",
        "The second status-pasca of a payment says that it is in process.",
        also=("DIGISWITCH-IDEM-PAY-SAME",), because="the payment made again reports it as well",
        reason_of=_forgetful,
    ),
)  # fmt: skip
