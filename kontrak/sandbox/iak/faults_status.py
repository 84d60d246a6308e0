"""Faults of checkstatus: what it says of a payment, and payments that never come to an end."""

from __future__ import annotations

from collections.abc import Callable

from kontrak.sandbox.changes import Fault, Wrapper
from kontrak.sandbox.iak.bills import CODE, Scenario
from kontrak.sandbox.iak.codec import Codec, Fields
from kontrak.sandbox.iak.codes import Reason, Refusal
from kontrak.sandbox.iak.interface import Answer, Kind
from kontrak.sandbox.iak.making import because_of, fault, several, with_fields, with_values
from kontrak.sandbox.iak.service import IakService
from kontrak.sandbox.iak.transactions import State, Transaction

StatusOf = Callable[[Transaction], tuple[int, Reason]]
FAILED = because_of(Reason.PAYMENT_FAILED, Reason.BILLER_ERROR)


def _says(status: int, rc: str, *reasons: Reason) -> Wrapper:
    """Wraps ``finish``: another status and RC than the payment's, in both codecs."""
    return with_values(Kind.STATUS, None, because_of(*reasons), status=status, response_code=rc)


SAYINGS = (
    ("unpaid-says-pending", "IAK-STATUS-UNPAID", "An unpaid bill is in process.", 3, "39",
     (Reason.UNPAID,)),
    ("unpaid-says-success", "IAK-STATUS-UNPAID", "An unpaid bill is paid.", 1, "00",
     (Reason.UNPAID,)),
    ("unpaid-rc-00", "IAK-STATUS-UNPAID", "An unpaid bill has status 0 and RC 00.", 0, "00",
     (Reason.UNPAID,)),
    ("success-says-pending", "IAK-STATUS-SUCCESS", "A paid bill is in process.", 3, "39",
     (Reason.PAID,)),
    ("success-rc-39", "IAK-STATUS-SUCCESS", "A paid bill has status 1 and RC 39.", 1, "39",
     (Reason.PAID,)),
    ("failed-says-success", "IAK-STATUS-FAILED", "A failed payment is a success.", 1, "00",
     (Reason.PAYMENT_FAILED, Reason.BILLER_ERROR)),
    ("failed-rc-00", "IAK-STATUS-FAILED", "A failed payment has status 2 and RC 00.", 2, "00",
     (Reason.PAYMENT_FAILED, Reason.BILLER_ERROR)),
    ("failed-says-unpaid", "IAK-STATUS-FAILED", "A failed payment was never received.", 0, "42",
     (Reason.PAYMENT_FAILED, Reason.BILLER_ERROR)),
    ("pending-rc-37", "IAK-STATUS-PENDING", "A payment in process has status 3 and RC 37.", 3, "37",
     (Reason.PENDING,)),
    ("pending-says-failed", "IAK-STATUS-PENDING", "A payment in process is failed.", 2, "37",
     (Reason.PENDING,)),
)  # fmt: skip

# Whether a payment in process ends is read from the same RC and status.
END_TOO = {"success-says-pending"}


def _sayings() -> tuple[Fault, ...]:
    return tuple(
        fault(
            f"status-{name}", clause, f"checkstatus: {text}",
            also=("IAK-STATUS-SETTLES",) if name in END_TOO else (),
            because="the end of a payment in process is reported alike" if name in END_TOO else "",
            finish=_says(status, rc, *reasons),
        )
        for name, clause, text, status, rc, reasons in SAYINGS
    )  # fmt: skip


def _unsettled(_service: object, _original: object, _transaction: Transaction) -> None:
    """Nothing ever ends."""


def _settled(transaction: Transaction) -> bool:
    return transaction.state is State.PAID and transaction.settles_at is not None


def _pending_again(
    _service: object, original: StatusOf, transaction: Transaction
) -> tuple[int, Reason]:
    found = original(transaction)
    if not _settled(transaction):
        return found
    transaction.asked += 1_000
    return found if transaction.asked < 2_000 else (3, Reason.PENDING)


def _failed_after_all(
    _service: object, original: StatusOf, transaction: Transaction
) -> tuple[int, Reason]:
    found = original(transaction)
    if not _settled(transaction):
        return found
    transaction.asked += 1_000
    return found if transaction.asked < 2_000 else (2, Reason.PAYMENT_FAILED)


def _ends_unpaid(
    _service: object, original: StatusOf, transaction: Transaction
) -> tuple[int, Reason]:
    return (0, Reason.UNPAID) if _settled(transaction) else original(transaction)


def _fails_in_the_end(
    service: IakService, original: Callable[[Transaction], None], transaction: Transaction
) -> None:
    was_pending = transaction.state is State.PENDING
    original(transaction)
    if was_pending and transaction.state is State.PAID:
        transaction.state, transaction.failure = State.FAILED, Reason.PAYMENT_FAILED
        service.deposit.refund(transaction.ref_id)


ENDS = (
    fault(
        "status-pending-says-success", "IAK-STATUS-PENDING",
        "checkstatus: a payment in process is a success, until it fails.",
        finish=_says(1, "00", Reason.PENDING), progress=_fails_in_the_end,
    ),
    fault(
        "status-never-settles", "IAK-STATUS-SETTLES", "A payment in process stays so.",
        progress=_unsettled,
    ),
    fault(
        "status-pending-again", "IAK-STATUS-SETTLES",
        "A payment that was in process and ended is in process again.",
        also=("IAK-IDEM-STATUS",), because="asking again is what shows it",
        status_of=_pending_again,
    ),
    fault(
        "status-failed-after-all", "IAK-STATUS-SETTLES",
        "A payment that was in process and succeeded is failed when asked again.",
        also=("IAK-IDEM-STATUS",), because="asking again is what shows it",
        status_of=_failed_after_all,
    ),
    fault(
        "status-ends-unpaid", "IAK-STATUS-SETTLES",
        "A payment in process ends as one that was never received.",
        status_of=_ends_unpaid,
    ),
)  # fmt: skip


def _refused_in_xml(
    service: IakService, original: Callable[[Fields, Codec], Answer], fields: Fields, codec: Codec
) -> Answer:
    if codec is Codec.XML:
        raise Refusal(Reason.MALFORMED, **service.known(fields))
    return original(fields, codec)


def _invented(
    service: IakService, original: Callable[[Fields], Transaction], fields: Fields
) -> Transaction:
    try:
        return original(fields)
    except Refusal:
        made_up = Transaction(
            9_700_001, fields["ref_id"], CODE, "530000000001", Scenario.ONE_BILL,
            service.bill_of(Scenario.ONE_BILL), service.clock.now(),
        )  # fmt: skip
        made_up.state = State.PAID
        return made_up


def _several_paid(answer: Answer) -> bool:
    return answer.reason is Reason.PAID and several(answer)


OTHERS = (
    fault(
        "status-xml-refused", "IAK-STATUS-XML", "A checkstatus in XML is refused.",
        check_status=_refused_in_xml,
    ),
    fault(
        "status-xml-other-status", "IAK-STATUS-XML", "In XML, checkstatus says 3 of everything.",
        finish=with_values(Kind.STATUS, Codec.XML, None, status=3, response_code="39"),
    ),
    fault(
        "status-other-tr-id", "IAK-STATUS-AGREES", "checkstatus says the next tr_id.",
        finish=with_fields(lambda fields: fields.update(tr_id=fields["tr_id"] + 1), Kind.STATUS),
    ),
    fault(
        "status-other-hp", "IAK-STATUS-AGREES", "checkstatus says someone else's hp.",
        finish=with_values(Kind.STATUS, hp="530000000009"),
    ),
    fault(
        "status-other-selling-price", "IAK-STATUS-AGREES",
        "checkstatus says price for selling_price.",
        finish=with_fields(
            lambda fields: fields.update(selling_price=fields["price"]), Kind.STATUS
        ),
    ),
    fault(
        "status-of-unknown-ref-id", "IAK-STATUS-UNKNOWN",
        "A ref_id that was never used is a payment that succeeded.",
        also=("IAK-GEN-STATUS",), because="generated ref_ids were never used",
        find_asked=_invented,
    ),
    fault(
        "status-undocumented-number", "IAK-STATUS-VALUE",
        "In JSON, the status of several paid bills is 9.",
        also=("IAK-STATUS-SUCCESS",), because="9 is not 1 either",
        finish=with_values(Kind.STATUS, Codec.JSON, _several_paid, status=9),
    ),
    fault(
        "status-is-a-fraction", "IAK-STATUS-VALUE",
        "In JSON, the status of several paid bills is 1.5.",
        also=("IAK-STATUS-SUCCESS",), because="1.5 is not 1 either",
        finish=with_values(Kind.STATUS, Codec.JSON, _several_paid, status=1.5),
    ),
)  # fmt: skip

FAULTS: tuple[Fault, ...] = (*_sayings(), *ENDS, *OTHERS)
