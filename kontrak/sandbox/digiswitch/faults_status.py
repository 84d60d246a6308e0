"""Faults of pending payments, of status-pasca, and of what is reported of payments that failed."""

from __future__ import annotations

from collections.abc import Callable

from kontrak.sandbox.changes import Fault, Wrapper
from kontrak.sandbox.digiswitch.codes import GAGAL, PENDING, SUKSES, Reason, Refusal
from kontrak.sandbox.digiswitch.customers import SUCCESS, Scenario
from kontrak.sandbox.digiswitch.faults_fields import slug
from kontrak.sandbox.digiswitch.interface import Answer, Kind
from kontrak.sandbox.digiswitch.making import (
    all_of,
    because_of,
    changed,
    fault,
    updated,
    with_fields,
    with_values,
)
from kontrak.sandbox.digiswitch.service import DigiswitchService
from kontrak.sandbox.digiswitch.transactions import State, Transaction
from kontrak.sandbox.edits import Edit, dropped, retyped
from kontrak.sandbox.json_body import Fields

Step = Callable[[Transaction], None]
ReasonOf = Callable[[Transaction], Reason]


# The money and the end of a payment in process


def _taking_again(service: DigiswitchService, transaction: Transaction) -> None:
    service.deposit.debit(f"{transaction.ref_id} again", service.to_debit(transaction))


def _twice(service: DigiswitchService, original: Step, transaction: Transaction) -> None:
    original(transaction)
    _taking_again(service, transaction)


def _ending(act: Callable[[DigiswitchService, Transaction], None], scenario: Scenario) -> Wrapper:
    """Wraps ``progress``: something more happens when a payment of this scenario ends."""

    def progress(service: DigiswitchService, original: Step, transaction: Transaction) -> None:
        was_pending = transaction.state is State.PENDING
        original(transaction)
        ended = was_pending and transaction.state is not State.PENDING
        if ended and transaction.scenario is scenario:
            act(service, transaction)

    return progress


def _giving_back(service: DigiswitchService, transaction: Transaction) -> None:
    service.deposit.refund(transaction.ref_id)


def _giving_twice(service: DigiswitchService, transaction: Transaction) -> None:
    service.deposit.debit(f"{transaction.ref_id} refund", -service.to_debit(transaction))


def _flipping(other: State) -> Wrapper:
    """Wraps ``reason_of``: a payment that ended is answered differently from the second time on."""

    def reason_of(_service: object, original: ReasonOf, transaction: Transaction) -> Reason:
        found = original(transaction)
        settled = transaction.settles_at is not None and transaction.state is not State.PENDING
        if not settled:
            return found
        transaction.asked += 1_000
        if transaction.asked < 2_000:
            return found
        return Reason.PENDING if other is State.PENDING else _opposite(found)

    return reason_of


def _opposite(reason: Reason) -> Reason:
    return Reason.PAYMENT_FAILED if reason is Reason.PAID else Reason.PAID


END = (
    fault(
        "pending-takes-twice", "DIGISWITCH-PENDING-MONEY",
        "A payment in process has taken its money twice.",
        also=("DIGISWITCH-PENDING-FINAL-MONEY", "DIGISWITCH-IDEM-PAY-PENDING"),
        because="the money is never given back, and counts with that of a second payment",
        debit_pending=_twice,
    ),
    fault(
        "pending-takes-selling-price", "DIGISWITCH-PENDING-MONEY",
        "A payment in process has taken selling_price besides price.",
        also=("DIGISWITCH-PENDING-FINAL-MONEY", "DIGISWITCH-IDEM-PAY-PENDING"),
        because="the money is never given back, and counts with that of a second payment",
        debit_pending=lambda service, original, transaction: (
            original(transaction),
            service.deposit.debit(f"{transaction.ref_id} more", transaction.bill.selling_price),
        ),
    ),
    fault(
        "pending-shows-twice-the-debit", "DIGISWITCH-PENDING-MONEY",
        "A payment in process answers a balance that is lowered by price twice.",
        finish=with_fields(
            changed("balance", lambda fields: fields["balance"] - fields["price"]),
            Kind.PAYMENT, because_of(Reason.PENDING),
        ),
    ),
    fault(
        "pending-never-ends", "DIGISWITCH-PENDING-SETTLES", "A payment in process stays so.",
        progress=lambda _service, _original, _transaction: None,
    ),
    fault(
        "pending-again", "DIGISWITCH-PENDING-SETTLES",
        "A payment that was in process and ended is in process again.",
        reason_of=_flipping(State.PENDING),
    ),
    fault(
        "pending-ends-otherwise", "DIGISWITCH-PENDING-SETTLES",
        "A payment that was in process and ended has the other end when asked again.",
        also=("DIGISWITCH-PENDING-FINAL-MONEY",), because="the money is that of the first end",
        reason_of=_flipping(State.FAILED),
    ),
    fault(
        "pending-success-takes-again", "DIGISWITCH-PENDING-FINAL-MONEY",
        "A payment that succeeds late takes its money again in the end.",
        progress=_ending(_taking_again, Scenario.PENDING_SUCCEEDS),
    ),
    fault(
        "pending-success-given-back", "DIGISWITCH-PENDING-FINAL-MONEY",
        "A payment that succeeds late gives its money back.",
        progress=_ending(_giving_back, Scenario.PENDING_SUCCEEDS),
    ),
    fault(
        "pending-failure-keeps-money", "DIGISWITCH-PENDING-FINAL-MONEY",
        "A payment that fails late keeps the money.",
        refund=lambda _service, _original, _transaction: None,
    ),
    fault(
        "pending-failure-gives-twice", "DIGISWITCH-PENDING-FINAL-MONEY",
        "A payment that fails late gives twice its money back.",
        progress=_ending(_giving_twice, Scenario.PENDING_FAILS),
    ),
)  # fmt: skip


# What status-pasca says

SAYINGS = {
    SUKSES: {"status": SUKSES, "rc": "00", "message": "Transaksi Sukses"},
    GAGAL: {"status": GAGAL, "rc": "02", "message": "Transaksi Gagal"},
    PENDING: {"status": PENDING, "rc": "03", "message": "Transaksi Pending"},
}


def _never_pending(answer: Answer) -> bool:
    return answer.transaction is not None and answer.transaction.settles_at is None


def _says(word: str, reason: Reason) -> Wrapper:
    """Wraps ``finish``: status-pasca says something else than what happened.

    Payments that were in process and ended are left alone, their end has clauses of its own.
    """
    when = because_of(reason)
    if reason is not Reason.PENDING:
        when = all_of(when, _never_pending)
    return with_values(Kind.STATUS, when, **SAYINGS[word])


def _status(edit: Edit, *reasons: Reason) -> Wrapper:
    return with_fields(edit, Kind.STATUS, because_of(*reasons) if reasons else None)


def _invented(
    service: DigiswitchService, original: Callable[[Fields], Transaction], fields: Fields
) -> Transaction:
    try:
        return original(fields)
    except Refusal as refusal:
        if refusal.reason is not Reason.NOT_INQUIRED:
            raise
        made_up = Transaction(
            1_234_500_001, fields["ref_id"], fields["code"], fields["customer_no"],
            Scenario.SUCCESS, service.bill_of(fields["code"], fields["customer_no"], SUCCESS),
            service.clock.now(),
        )  # fmt: skip
        made_up.state = State.PAID
        return made_up


def _refusing_paid(reason: Reason) -> Wrapper:
    """Wraps ``find_asked``: a transaction that was paid at once is refused for this reason."""

    def find_asked(
        _service: object, original: Callable[[Fields], Transaction], fields: Fields
    ) -> Transaction:
        transaction = original(fields)
        if transaction.state is State.PAID and transaction.settles_at is None:
            raise Refusal(reason)
        return transaction

    return find_asked


def _read_later(fields: Fields) -> None:
    for bill in fields["desc"].get("detail", ()):
        if "meter_akhir" in bill:
            bill["meter_akhir"] = f"{int(bill['meter_akhir']) + 1:08d}"


STATUS = (
    fault(
        "status-of-paid-refused", "DIGISWITCH-STATUS-ANSWERED",
        "status-pasca of a paid transaction is refused with rc 49.",
        also=(
            "DIGISWITCH-STATUS-SUCCESS", "DIGISWITCH-STATUS-AGREES",
            "DIGISWITCH-STATUS-AGREES-DESC", "DIGISWITCH-STATUS-BALANCE",
        ),
        because="they are judged in that answer, and an inferred clause only warns",
        find_asked=_refusing_paid(Reason.DUPLICATE),
    ),
    fault(
        "status-of-paid-unknown", "DIGISWITCH-STATUS-SUCCESS",
        "status-pasca knows no transaction that is paid, rc 50.",
        find_asked=_refusing_paid(Reason.NOT_INQUIRED),
    ),
    *(
        fault(
            f"status-{slug(name)}-missing", "DIGISWITCH-STATUS-FIELDS",
            f"status-pasca has no {name}.",
            finish=_status(dropped(name), Reason.PAID, Reason.PAYMENT_FAILED),
        )
        for name in ("ref_id", "message")
    ),
    fault(
        "status-message-is-a-number", "DIGISWITCH-STATUS-FIELDS",
        "The message of status-pasca is a number.",
        finish=_status(updated(message=0)),
    ),
    fault(
        "status-price-is-text", "DIGISWITCH-STATUS-FIELDS",
        "The price of status-pasca is a string of digits.",
        finish=_status(retyped("price", str), Reason.PAID),
    ),
    fault(
        "status-success-says-pending", "DIGISWITCH-STATUS-SUCCESS",
        "status-pasca: a paid bill is in process.",
        finish=_says(PENDING, Reason.PAID),
    ),
    fault(
        "status-success-says-failed", "DIGISWITCH-STATUS-SUCCESS",
        "status-pasca: a paid bill failed.",
        finish=_says(GAGAL, Reason.PAID),
    ),
    fault(
        "status-failed-says-success", "DIGISWITCH-STATUS-FAILED",
        "status-pasca: a failed payment is a success.",
        finish=_says(SUKSES, Reason.PAYMENT_FAILED),
    ),
    fault(
        "status-failed-says-pending", "DIGISWITCH-STATUS-FAILED",
        "status-pasca: a failed payment is in process.",
        finish=_says(PENDING, Reason.PAYMENT_FAILED),
    ),
    fault(
        "status-pending-says-success", "DIGISWITCH-STATUS-PENDING",
        "status-pasca: a payment in process is a success.",
        finish=_says(SUKSES, Reason.PENDING),
    ),
    fault(
        "status-pending-says-failed", "DIGISWITCH-STATUS-PENDING",
        "status-pasca: a payment in process failed.",
        finish=_says(GAGAL, Reason.PENDING),
    ),
    fault(
        "status-other-ref-id", "DIGISWITCH-STATUS-AGREES",
        "status-pasca says the provider's own ref_id.",
        finish=_status(updated(ref_id="trx-1"), Reason.PAID),
    ),
    fault(
        "status-other-customer-no", "DIGISWITCH-STATUS-AGREES",
        "status-pasca says someone else's customer_no.",
        finish=_status(updated(customer_no="530000000009"), Reason.PAID),
    ),
    fault(
        "status-other-price", "DIGISWITCH-STATUS-AGREES",
        "status-pasca says selling_price for price.",
        finish=_status(changed("price", lambda fields: fields["selling_price"]), Reason.PAID),
    ),
    fault(
        "status-other-name", "DIGISWITCH-STATUS-AGREES", "status-pasca says someone else's name.",
        finish=_status(updated(name="Someone Else"), Reason.PAID),
    ),
    fault(
        "status-other-admin", "DIGISWITCH-STATUS-AGREES", "status-pasca says another admin.",
        finish=_status(changed("admin", lambda fields: fields["admin"] + 1), Reason.PAID),
    ),
    fault(
        "status-other-sn", "DIGISWITCH-STATUS-AGREES", "status-pasca says another sn.",
        finish=_status(changed("sn", lambda fields: f"{fields['sn']}0"), Reason.PAID),
    ),
    fault(
        "status-other-desc", "DIGISWITCH-STATUS-AGREES-DESC",
        "status-pasca reports that a meter was read one unit later.",
        finish=_status(_read_later, Reason.PAID),
    ),
    fault(
        "status-desc-is-an-array", "DIGISWITCH-STATUS-AGREES-DESC",
        "status-pasca has desc in an array.",
        finish=_status(retyped("desc", lambda desc: [desc]), Reason.PAID),
    ),
    fault(
        "status-other-balance", "DIGISWITCH-STATUS-BALANCE",
        "status-pasca takes price off the balance once more.",
        finish=_status(
            changed("balance", lambda fields: fields["balance"] - fields["price"]), Reason.PAID
        ),
    ),
    fault(
        "status-of-unknown-ref-id", "DIGISWITCH-STATUS-UNKNOWN",
        "A ref_id that was never used is a payment that succeeded.",
        find_asked=_invented,
    ),
)  # fmt: skip

FAULTS: tuple[Fault, ...] = (*END, *STATUS)
