"""Faults of payments: what they answer, what they cost, and what they forget."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from kontrak.sandbox.changes import Fault, Wrapper
from kontrak.sandbox.edits import dropped, retyped
from kontrak.sandbox.iak.bills import CODE, Scenario
from kontrak.sandbox.iak.codec import Codec, Fields
from kontrak.sandbox.iak.codes import Reason, Refusal
from kontrak.sandbox.iak.interface import Answer, Kind
from kontrak.sandbox.iak.making import (
    because_of,
    fault,
    several,
    with_answer,
    with_fields,
    with_values,
)
from kontrak.sandbox.iak.service import IakService
from kontrak.sandbox.iak.transactions import Transaction

Payment = Callable[[Transaction], Reason]
PAID = because_of(Reason.PAID)


def _paid(edit: Callable[[Fields], None]) -> Wrapper:
    """Wraps ``finish``: successful payments, in both codecs."""
    return with_fields(edit, Kind.PAYMENT, None, PAID)


def _plus_one(fields: Fields) -> None:
    fields.update(nominal=fields["nominal"] + 1, price=fields["price"] + 1)


def _refused_in_xml(
    service: IakService, original: Callable[[Fields, Codec], Answer], fields: Fields, codec: Codec
) -> Answer:
    if codec is Codec.XML and str(fields["tr_id"]) in service.by_tr_id:
        raise Refusal(Reason.MALFORMED, **service.known(fields))
    return original(fields, codec)


def _other_root(
    _service: object, original: Callable[[Codec, Answer], bytes], codec: Codec, answer: Answer
) -> bytes:
    body = original(codec, answer)
    if codec is Codec.XML and answer.kind is Kind.PAYMENT:
        return body.replace(b"<mp>", b"<payment>").replace(b"</mp>", b"</payment>")
    return body


def _says(rc: str, message: str, *reasons: Reason) -> Wrapper:
    """Wraps ``finish``: the reply to a payment says something else than what happened."""
    return with_values(Kind.PAYMENT, None, because_of(*reasons), response_code=rc, message=message)


NOT_SUCCESS = ("IAK-PAY-XML", "IAK-IDEM-REF-OTHER")

ANSWERS = (
    fault(
        "payment-answered-as-failed", "IAK-PAY-SUCCESS",
        "A payment that succeeds is answered with RC 07.",
        also=NOT_SUCCESS, because="other payments say no success either",
        finish=_says("07", "TRANSACTION FAILED", Reason.PAID),
    ),
    fault(
        "payment-answered-as-pending", "IAK-PAY-SUCCESS",
        "A payment that succeeds is answered with RC 39.",
        also=NOT_SUCCESS, because="other payments say no success either",
        finish=_says("39", "PENDING", Reason.PAID),
    ),
    fault(
        "payment-xml-refused", "IAK-PAY-XML", "A payment in XML is refused.", pay=_refused_in_xml,
    ),
    fault(
        "payment-xml-other-root", "IAK-PAY-XML", "In XML, the root of a payment is payment.",
        write=_other_root,
    ),
    fault(
        "payment-datetime-readable", "IAK-PAY-DATETIME",
        "datetime of a payment is written with hyphens and colons.",
        finish=_paid(
            retyped(
                "datetime",
                lambda text: f"{text[:4]}-{text[4:6]}-{text[6:8]} {text[8:10]}:{text[10:12]}:00",
            )
        ),
    ),
    fault(
        "payment-datetime-is-a-day", "IAK-PAY-DATETIME", "datetime of a payment is a day.",
        finish=_paid(retyped("datetime", lambda text: text[:8])),
    ),
    fault(
        "payment-datetime-month-thirteen", "IAK-PAY-DATETIME",
        "datetime of a payment has the month 13.",
        finish=_paid(retyped("datetime", lambda text: f"{text[:4]}13{text[6:]}")),
    ),
    fault(
        "payment-without-desc", "IAK-PAY-FIELDS", "A payment has no desc.",
        finish=with_fields(dropped("desc"), Kind.PAYMENT, Codec.JSON),
    ),
    fault(
        "payment-without-admin", "IAK-PAY-FIELDS", "A payment has no admin.",
        finish=with_fields(dropped("admin"), Kind.PAYMENT, Codec.JSON),
    ),
    fault(
        "payment-without-bills", "IAK-PAY-FIELDS", "A payment has no desc.tagihan.",
        finish=with_fields(dropped("desc.tagihan"), Kind.PAYMENT, Codec.JSON),
    ),
    fault(
        "payment-other-hp", "IAK-PAY-AGREES",
        "A payment of several bills answers someone else's hp.",
        finish=with_values(Kind.PAYMENT, None, several, hp="530000000009"),
    ),
    fault(
        "payment-other-name", "IAK-PAY-AGREES", "A payment answers someone else's tr_name.",
        finish=_paid(lambda fields: fields.update(tr_name="RINA KARTIKA")),
    ),
    fault(
        "payment-other-ref-id", "IAK-PAY-AGREES", "A payment answers another ref_id.",
        finish=_paid(lambda fields: fields.update(ref_id=f"PAY{fields['tr_id']}")),
    ),
    fault(
        "payment-other-code", "IAK-PAY-AGREES", "A payment answers another product code.",
        finish=_paid(lambda fields: fields.update(code="PLNNONH")),
    ),
    fault(
        "payment-other-tr-id", "IAK-PAY-AGREES", "A payment answers the next tr_id.",
        finish=_paid(lambda fields: fields.update(tr_id=fields["tr_id"] + 1)),
    ),
    fault(
        "payment-other-month", "IAK-PAY-AGREES", "A payment answers another month of its bill.",
        finish=_paid(retyped("desc.tagihan.detail[].periode", lambda _: "199901")),
        also=("IAK-STATUS-AGREES",), because="checkstatus reports what was inquired",
    ),
    fault(
        "payment-other-tarif", "IAK-PAY-AGREES", "A payment answers another tarif.",
        finish=_paid(lambda fields: fields["desc"].update(tarif="B3")),
    ),
    fault(
        "payment-other-penalty", "IAK-PAY-AGREES",
        "A payment answers a penalty one rupiah above that of the inquiry.",
        finish=_paid(retyped("desc.tagihan.detail[].denda", lambda text: str(int(text) + 1))),
        also=("IAK-PAY-SUMS", "IAK-STATUS-AGREES"),
        because="the bill's total and checkstatus are as inquired",
    ),
    fault(
        "payment-dearer", "IAK-PAY-AGREES",
        "A payment answers nominal and price one rupiah above those of the inquiry.",
        also=("IAK-STATUS-AGREES",), because="checkstatus reports what was inquired",
        finish=_paid(_plus_one),
    ),
)  # fmt: skip


def _costing(cost: Callable[[Transaction], int]) -> Wrapper:
    """Wraps ``to_debit``: several bills cost something else."""

    def to_debit(
        _service: object, original: Callable[[Transaction], int], transaction: Transaction
    ) -> int:
        return cost(transaction) if len(transaction.bill.months) > 1 else original(transaction)

    return to_debit


def _debited_again(
    service: IakService, original: Callable[[Transaction], None], transaction: Transaction
) -> None:
    original(transaction)
    if len(transaction.bill.months) > 1:
        service.deposit.debit(f"{transaction.ref_id} again", service.to_debit(transaction))


def _keeping(scenario: Scenario) -> Wrapper:
    """Wraps ``first_payment``: a payment that fails costs as much as one that succeeds."""

    def first_payment(service: IakService, original: Payment, transaction: Transaction) -> Reason:
        outcome = original(transaction)
        if transaction.scenario is scenario:
            service.debit(transaction)
        return outcome

    return first_payment


def _stale_balance(answer: Answer) -> Answer:
    if answer.transaction is None:
        return answer
    before = answer.fields["balance"] + answer.transaction.bill.selling_price
    return replace(answer, fields=answer.fields | {"balance": before})


MONEY = (
    fault(
        "payment-takes-price", "IAK-PAY-DEBIT",
        "A payment of several bills takes price, without the commission.",
        to_debit=_costing(lambda transaction: transaction.bill.price),
    ),
    fault(
        "payment-takes-one-more", "IAK-PAY-DEBIT",
        "A payment of several bills takes one rupiah too much.",
        to_debit=_costing(lambda transaction: transaction.bill.selling_price + 1),
    ),
    fault(
        "payment-takes-nothing", "IAK-PAY-DEBIT", "A payment of several bills takes no money.",
        to_debit=_costing(lambda _: 0),
    ),
    fault(
        "payment-takes-nominal", "IAK-PAY-DEBIT",
        "A payment of several bills takes nominal, without the admin fee.",
        to_debit=_costing(lambda transaction: transaction.bill.nominal),
    ),
    fault(
        "payment-takes-twice", "IAK-PAY-DEBIT",
        "A payment of several bills takes its money twice at once.",
        debit=_debited_again,
    ),
    fault(
        "payment-failed-keeps-money", "IAK-PAY-FAILED-FREE", "A failed payment keeps the money.",
        first_payment=_keeping(Scenario.PAYMENT_FAILED),
    ),
    fault(
        "payment-error-keeps-money", "IAK-PAY-ERROR-FREE",
        "A payment with a biller system error keeps the money.",
        first_payment=_keeping(Scenario.PAYMENT_ERROR),
    ),
    fault(
        "payment-balance-before", "IAK-BALANCE-PAYMENT",
        "balance of a payment is what it was before.",
        also=("IAK-STATUS-BALANCE",), because="checkstatus reports the right balance",
        finish=with_answer(_stale_balance, Kind.PAYMENT, None, PAID),
    ),
    fault(
        "payment-balance-off-by-one", "IAK-BALANCE-PAYMENT",
        "balance of a payment is one rupiah more than there is.",
        also=("IAK-STATUS-BALANCE",), because="checkstatus reports the right balance",
        finish=_paid(lambda fields: fields.update(balance=fields["balance"] + 1)),
    ),
    fault(
        "balance-is-text", "IAK-BALANCE-SHAPE", "balance of a check-balance is a string.",
        finish=with_fields(retyped("balance", str), Kind.BALANCE),
    ),
    fault(
        "balance-rc-is-a-number", "IAK-BALANCE-SHAPE", "rc of a check-balance is a number.",
        finish=with_fields(retyped("rc", int), Kind.BALANCE),
    ),
    fault(
        "balance-without-message", "IAK-BALANCE-SHAPE", "A check-balance has no message.",
        finish=with_fields(dropped("message"), Kind.BALANCE),
    ),
    fault(
        "balance-without-rc", "IAK-BALANCE-SHAPE", "A check-balance has no rc.",
        finish=with_fields(dropped("rc"), Kind.BALANCE),
    ),
)  # fmt: skip


def _invented(
    service: IakService, original: Callable[[str], Transaction], tr_id: str
) -> Transaction:
    try:
        return original(tr_id)
    except Refusal:
        return service.open(f"LOST{service.inquiries}", CODE, "530000000001", Scenario.ONE_BILL)


def _never(_service: object, _original: object, _transaction: Transaction) -> bool:
    return False


def _only_at_once(service: IakService, _original: object, transaction: Transaction) -> bool:
    return (service.clock.now() - transaction.inquired_at).days >= 2


def _taking_from_yesterday(
    service: IakService, original: Callable[[Transaction], Reason], transaction: Transaction
) -> Reason:
    outcome = original(transaction)
    if outcome is Reason.EXPIRED:
        service.debit(transaction)
    return outcome


OUTCOMES = (
    fault(
        "payment-of-unknown-tr-id", "IAK-PAY-UNKNOWN",
        "Paying a tr_id that no inquiry gave pays a bill all the same.",
        also=("IAK-GEN-PAYMENT",), because="generated tr_ids are unknown as well",
        find_payable=_invented,
    ),
    fault(
        "payment-on-any-day", "IAK-PAY-SAME-DAY", "An inquiry can be paid on any later day.",
        expired=_never,
    ),
    fault(
        "payment-on-the-next-day", "IAK-PAY-SAME-DAY", "An inquiry can be paid for two days.",
        expired=_only_at_once,
    ),
    fault(
        "payment-of-yesterday-keeps-money", "IAK-PAY-SAME-DAY",
        "Paying an inquiry of an earlier day is refused, and takes the money.",
        first_payment=_taking_from_yesterday,
    ),
    fault(
        "case-payment-failed-says-success", "IAK-CASE-PAYMENT-FAILED",
        "A payment that fails is answered with RC 00.",
        finish=with_values(
            Kind.REFUSAL, None, because_of(Reason.PAYMENT_FAILED),
            response_code="00", message="PAYMENT SUCCESS",
        ),
    ),
    fault(
        "case-payment-failed-says-pending", "IAK-CASE-PAYMENT-FAILED",
        "A payment that fails is answered with the pending RC 39.",
        finish=with_values(
            Kind.REFUSAL, None, because_of(Reason.PAYMENT_FAILED),
            response_code="39", message="PENDING",
        ),
    ),
    fault(
        "case-payment-pending-says-success", "IAK-CASE-PAYMENT-PENDING",
        "A payment in process is answered with RC 00.",
        finish=_says("00", "PAYMENT SUCCESS", Reason.PENDING),
    ),
    fault(
        "case-payment-pending-says-failed", "IAK-CASE-PAYMENT-PENDING",
        "A payment in process is answered with RC 37.",
        finish=_says("37", "PEMBAYARAN GAGAL", Reason.PENDING),
    ),
    fault(
        "case-payment-error-says-failed", "IAK-CASE-PAYMENT-ERROR",
        "A biller system error is answered with RC 37.",
        finish=with_values(
            Kind.REFUSAL, None, because_of(Reason.BILLER_ERROR),
            response_code="37", message="PEMBAYARAN GAGAL",
        ),
    ),
    fault(
        "case-payment-error-says-success", "IAK-CASE-PAYMENT-ERROR",
        "A biller system error is answered with RC 00.",
        finish=with_values(
            Kind.REFUSAL, None, because_of(Reason.BILLER_ERROR),
            response_code="00", message="PAYMENT SUCCESS",
        ),
    ),
)  # fmt: skip

FAULTS: tuple[Fault, ...] = (*ANSWERS, *MONEY, *OUTCOMES)
