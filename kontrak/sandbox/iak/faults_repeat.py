"""Faults of repetition: ref_ids used twice, payments paid twice, questions that cost money."""

from __future__ import annotations

import time
from collections.abc import Callable

from kontrak.sandbox.changes import Fault, Wrapper
from kontrak.sandbox.iak.codec import Codec, Fields
from kontrak.sandbox.iak.codes import Reason
from kontrak.sandbox.iak.interface import Answer
from kontrak.sandbox.iak.making import fault
from kontrak.sandbox.iak.service import IakService
from kontrak.sandbox.iak.transactions import State, Transaction

Take = Callable[[str, str, Codec], bool]
Payment = Callable[[Transaction], Reason]
OPEN_SECONDS = 0.05
"""How long a racing fault leaves the gap open between looking and acting."""
ASKED_ON = "they ask about a payment more than twice, and the answer reports the balance"


def _accepting(rule: Callable[[Transaction, str, Codec], bool]) -> Wrapper:
    """Wraps ``take_ref_id``: a used ref_id is taken again if ``rule`` holds of its first use."""

    def take(service: IakService, original: Take, ref_id: str, hp: str, codec: Codec) -> bool:
        first = service.by_ref_id.get(ref_id)
        if original(ref_id, hp, codec):
            return True
        return first is not None and rule(first, hp, codec)

    return take


def _racing_ref_id(service: IakService, original: Take, ref_id: str, hp: str, codec: Codec) -> bool:
    used = ref_id in service.used_ref_ids
    time.sleep(OPEN_SECONDS)
    return original(ref_id, hp, codec) or not used


def _forgetting_first(
    service: IakService, original: Take, ref_id: str, hp: str, codec: Codec
) -> bool:
    taken = original(ref_id, hp, codec)
    first = service.by_ref_id.get(ref_id)
    if not taken and first is not None and first.hp != hp:
        with service.lock:
            service.by_tr_id.pop(str(first.tr_id), None)
    return taken


def _racing_payment(service: IakService, original: Payment, transaction: Transaction) -> Reason:
    before = transaction.state
    time.sleep(OPEN_SECONDS)
    outcome = original(transaction)
    if before is State.UNPAID and outcome is Reason.PAID_BEFORE:
        service.deposit.debit(f"{transaction.ref_id} again", service.to_debit(transaction))
        return Reason.PAID
    return outcome


def _again(state: State, *, says: Reason | None = None) -> Wrapper:
    """Wraps ``settle_payment``: paying in this state takes the money of it once more.

    A bill that was paid at once counts as paid here, one that was in process does not.

    ``says`` is what is answered; by default what an honest service answers.
    """

    def settle(service: IakService, original: Payment, transaction: Transaction) -> Reason:
        before = transaction.state
        settled = state is State.PAID and transaction.settles_at is not None
        outcome = original(transaction)
        if before is not state or settled:
            return outcome
        with service.lock:
            key = f"{transaction.ref_id} {len(service.deposit.mutations)}"
            service.deposit.debit(key, service.to_debit(transaction))
        return says or outcome

    return settle


def _succeeds_at_last(service: IakService, original: Payment, transaction: Transaction) -> Reason:
    if transaction.state is not State.FAILED:
        return original(transaction)
    with service.lock:
        service.debit(transaction)
        transaction.state, transaction.failure = State.PAID, None
    return Reason.PAID


def _charging(
    service: IakService,
    original: Callable[[Fields, Codec], Answer],
    fields: Fields,
    codec: Codec,
) -> Answer:
    answer = original(fields, codec)
    with service.lock:
        service.deposit.debit(f"inquiry {len(service.deposit.mutations)}", 100)
    return answer


def _forgetful(
    _service: object,
    original: Callable[[Transaction], tuple[int, Reason]],
    transaction: Transaction,
) -> tuple[int, Reason]:
    found = original(transaction)
    forgotten = transaction.asked > 2 and transaction.asked % 2 == 0
    return (3, Reason.PENDING) if forgotten else found


def _costing_when_asked(cost: Callable[[Transaction], int]) -> Wrapper:
    """Wraps ``check_status``: the third and later ones of a transaction cost money."""

    def check_status(
        service: IakService,
        original: Callable[[Fields, Codec], Answer],
        fields: Fields,
        codec: Codec,
    ) -> Answer:
        answer = original(fields, codec)
        asked = answer.transaction
        if asked is not None and asked.asked > 2:
            with service.lock:
                service.deposit.debit(f"{asked.ref_id} asked {asked.asked}", cost(asked))
        return answer

    return check_status


FAULTS: tuple[Fault, ...] = (
    fault(
        "repeat-ref-id-accepted", "IAK-IDEM-REF-REUSED",
        "A used ref_id is accepted again for the same customer number.",
        also=("IAK-IDEM-REF-RACE",), because="the second of two at once is such an inquiry",
        take_ref_id=_accepting(lambda first, hp, _codec: first.hp == hp),
    ),
    fault(
        "repeat-ref-id-accepted-in-xml", "IAK-IDEM-REF-REUSED",
        "A used ref_id is accepted again if the second inquiry is in XML.",
        also=("IAK-IDEM-REF-RACE",), because="the second of two at once is such an inquiry",
        take_ref_id=_accepting(lambda _first, _hp, codec: codec is Codec.XML),
    ),
    fault(
        "repeat-ref-id-for-another", "IAK-IDEM-REF-OTHER",
        "A used ref_id is accepted again for another customer number.",
        take_ref_id=_accepting(lambda first, hp, _codec: first.hp != hp),
    ),
    fault(
        "repeat-ref-id-loses-first", "IAK-IDEM-REF-OTHER",
        "A used ref_id is refused for another customer number, but the first bill is lost.",
        take_ref_id=_forgetting_first,
    ),
    fault(
        "repeat-ref-id-race", "IAK-IDEM-REF-RACE",
        "Two inquiries with one ref_id at the same instant are both accepted.",
        take_ref_id=_racing_ref_id,
    ),
    fault(
        "repeat-inquiry-charges", "IAK-IDEM-INQUIRY-FREE", "Every inquiry costs a hundred rupiah.",
        inquire=_charging,
    ),
    fault(
        "repeat-payment-debits", "IAK-IDEM-PAY-TWICE",
        "A second payment is refused as it must be, but takes the money again.",
        also=("IAK-IDEM-PAY-RACE",), because="one of two payments at once is the second",
        settle_payment=_again(State.PAID),
    ),
    fault(
        "repeat-payment-succeeds", "IAK-IDEM-PAY-TWICE",
        "A second payment succeeds and takes the money again.",
        also=("IAK-IDEM-PAY-RACE",), because="one of two payments at once is the second",
        settle_payment=_again(State.PAID, says=Reason.PAID),
    ),
    fault(
        "repeat-payment-race", "IAK-IDEM-PAY-RACE",
        "Two payments at the same instant both take the money.",
        settle_payment=_racing_payment,
    ),
    fault(
        "repeat-pending-debits", "IAK-IDEM-PAY-PENDING",
        "A second payment of a bill in process takes the money again.",
        settle_payment=_again(State.PENDING),
    ),
    fault(
        "repeat-failed-debits", "IAK-IDEM-PAY-FAILED",
        "A second payment of a failed one fails, but takes the money.",
        settle_payment=_again(State.FAILED),
    ),
    fault(
        "repeat-failed-succeeds", "IAK-IDEM-PAY-FAILED",
        "A second payment of a failed one succeeds and takes the money.",
        settle_payment=_succeeds_at_last,
    ),
    fault(
        "repeat-status-charges", "IAK-IDEM-STATUS",
        "From the third one on, every checkstatus of a bill costs a hundred rupiah.",
        check_status=_costing_when_asked(lambda _: 100),
        also=("IAK-STATUS-SETTLES-COST", "IAK-STATUS-XML"), because=ASKED_ON,
    ),
    fault(
        "repeat-status-pays", "IAK-IDEM-STATUS",
        "From the third one on, every checkstatus of a bill takes its price.",
        check_status=_costing_when_asked(lambda asked: asked.bill.selling_price),
        also=("IAK-STATUS-SETTLES-COST", "IAK-STATUS-XML"), because=ASKED_ON,
    ),
    fault(
        "repeat-status-forgets", "IAK-IDEM-STATUS",
        "Every other checkstatus of a payment, from the fourth on, says that it is in process.",
        also=("IAK-STATUS-XML", "IAK-STATUS-SETTLES"),
        because="they ask about a payment more than once",
        status_of=_forgetful,
    ),
)  # fmt: skip
