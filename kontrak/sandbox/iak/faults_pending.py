"""Faults of the money of payments in process, and of payments in XML."""

from __future__ import annotations

from collections.abc import Callable

from kontrak.sandbox.changes import Fault, Wrapper
from kontrak.sandbox.iak.codec import Codec, Fields
from kontrak.sandbox.iak.codes import Reason
from kontrak.sandbox.iak.interface import Answer
from kontrak.sandbox.iak.making import fault
from kontrak.sandbox.iak.service import IakService
from kontrak.sandbox.iak.transactions import State, Transaction


def _twice(
    service: IakService, original: Callable[[Transaction], None], transaction: Transaction
) -> None:
    original(transaction)
    service.deposit.debit(f"{transaction.ref_id} again", service.to_debit(transaction))


def _twice_in_xml(
    service: IakService, original: Callable[[Fields, Codec], Answer], fields: Fields, codec: Codec
) -> Answer:
    answer = original(fields, codec)
    if codec is Codec.XML and answer.reason is Reason.PAID and answer.transaction is not None:
        key = f"{answer.transaction.ref_id} again"
        service.deposit.debit(key, service.to_debit(answer.transaction))
    return answer


def _at_the_end(act: Callable[[IakService, Transaction], object]) -> Wrapper:
    """Wraps ``progress``: something more happens when a payment in process ends."""

    def progress(
        service: IakService, original: Callable[[Transaction], None], transaction: Transaction
    ) -> None:
        was_pending = transaction.state is State.PENDING
        original(transaction)
        if was_pending and transaction.state is not State.PENDING:
            act(service, transaction)

    return progress


FAULTS: tuple[Fault, ...] = (
    fault(
        "payment-in-xml-takes-twice", "IAK-PAY-DEBIT", "A payment in XML takes its money twice.",
        pay=_twice_in_xml,
    ),
    fault(
        "pending-takes-twice", "IAK-PAY-PENDING-MONEY",
        "A payment in process has taken its money twice.",
        also=("IAK-STATUS-SETTLES-COST",), because="the money is never given back",
        debit_pending=_twice,
    ),
    fault(
        "pending-takes-price-too", "IAK-PAY-PENDING-MONEY",
        "A payment in process has taken price besides selling_price.",
        also=("IAK-STATUS-SETTLES-COST",), because="the money is never given back",
        debit_pending=lambda service, original, transaction: (
            original(transaction),
            service.deposit.debit(f"{transaction.ref_id} more", transaction.bill.price),
        ),
    ),
    fault(
        "pending-given-back-in-the-end", "IAK-STATUS-SETTLES-COST",
        "A payment in process that succeeds gives its money back.",
        progress=_at_the_end(lambda service, transaction: service.deposit.refund(
            transaction.ref_id)),
    ),
)  # fmt: skip
