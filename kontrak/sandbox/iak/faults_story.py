"""Faults that show only in the story of several requests: what is lost, mixed up or left out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from kontrak.sandbox.changes import Fault, Wrapper
from kontrak.sandbox.iak.bills import Scenario
from kontrak.sandbox.iak.codec import Codec, Fields
from kontrak.sandbox.iak.codes import Reason, Refusal
from kontrak.sandbox.iak.interface import Answer, Kind
from kontrak.sandbox.iak.making import because_of, fault, with_answer, with_fields, with_values
from kontrak.sandbox.iak.service import IakService
from kontrak.sandbox.iak.transactions import State, Transaction

FAILURES = because_of(Reason.PAYMENT_FAILED, Reason.BILLER_ERROR)


def _latest_for(command: str, name: str) -> Wrapper:
    """Wraps ``complete``: without this field the latest inquiry is meant, rightly signed."""

    def complete(service: IakService, original: Callable[[Fields], Fields], sent: Fields) -> Fields:
        fields = original(sent)
        if fields.get("commands") != command or fields.get(name):
            return fields
        if not service.by_tr_id or fields.get("sign") not in {service.sign(""), service.sign("cs")}:
            return fields
        latest = list(service.by_tr_id.values())[-1]
        salt = "cs" if command == "checkstatus" else str(latest.tr_id)
        return fields | {name: str(getattr(latest, name)), "sign": service.sign(salt)}

    return complete


def _without_refund(
    _service: IakService, original: Callable[[Transaction], None], transaction: Transaction
) -> None:
    was_pending = transaction.state is State.PENDING
    original(transaction)
    if was_pending and transaction.state is State.PAID:
        transaction.state, transaction.failure = State.FAILED, Reason.PAYMENT_FAILED


def _charged_again(
    service: IakService, original: Callable[[Transaction], None], transaction: Transaction
) -> None:
    was_pending = transaction.state is State.PENDING
    original(transaction)
    if was_pending and transaction.state is State.PAID:
        service.deposit.debit(f"{transaction.ref_id} at its end", service.to_debit(transaction))


def _object_meta(kind: Kind) -> Wrapper:
    """Wraps ``write``: in JSON, meta of such answers is an object, as an empty one often is."""

    def write(
        _service: object, original: Callable[[Codec, Answer], bytes], codec: Codec, answer: Answer
    ) -> bytes:
        body = original(codec, answer)
        if codec is Codec.JSON and answer.kind is kind:
            return body.replace(b'"meta": []', b'"meta": {}').replace(b'"meta":[]', b'"meta":{}')
        return body

    return write


def _kept_refused(
    service: IakService, original: Callable[[Fields, Codec], Answer], fields: Fields, codec: Codec
) -> Answer:
    """A refused inquiry is asked about as if it were being paid."""
    try:
        return original(fields, codec)
    except Refusal as refusal:
        if refusal.reason is Reason.TIME_OUT:
            kept = service.open(fields["ref_id"], fields["code"], fields["hp"], Scenario.ONE_BILL)
            kept.state = State.PENDING
        raise


def _reported_success(answer: Answer) -> Answer:
    fields = {"response_code": "00", "message": "PAYMENT SUCCESS"}
    return replace(answer, fields=answer.fields | fields)


def _dearer_in_xml(
    service: IakService, original: Callable[[Fields, Codec], Answer], fields: Fields, codec: Codec
) -> Answer:
    answer = original(fields, codec)
    if codec is Codec.XML and answer.reason is Reason.PAID:
        service.deposit.debit(f"{fields['tr_id']} in XML", 600)
    return answer


FAULTS: tuple[Fault, ...] = (
    fault(
        "payment-without-tr-id-pays-latest", "IAK-PAY-TR-ID-MANDATORY",
        "A payment without tr_id pays the latest inquiry.",
        complete=_latest_for("pay-pasca", "tr_id"),
    ),
    fault(
        "status-without-ref-id-reports-latest", "IAK-STATUS-REF-ID-MANDATORY",
        "A checkstatus without ref_id reports the latest inquiry.",
        also=("IAK-GEN-STATUS",), because="a ref_id that is no text counts as none",
        complete=_latest_for("checkstatus", "ref_id"),
    ),
    fault(
        "payment-failed-at-its-end-keeps-money", "IAK-STATUS-SETTLES-COST",
        "A payment in process that fails in the end keeps its money.",
        progress=_without_refund,
    ),
    fault(
        "payment-charged-at-its-end-again", "IAK-STATUS-SETTLES-COST",
        "A payment in process takes its money again when it succeeds.",
        progress=_charged_again,
    ),
    fault(
        "payment-meta-is-an-object", "IAK-PAY-META", "In JSON, meta of a payment is an object.",
        write=_object_meta(Kind.PAYMENT),
    ),
    fault(
        "status-meta-is-an-object", "IAK-STATUS-META", "In JSON, meta of a checkstatus is {}.",
        write=_object_meta(Kind.STATUS),
    ),
    fault(
        "status-of-refused-inquiry", "IAK-STATUS-UNKNOWN",
        "checkstatus says of an inquiry that timed out that it is being paid.",
        inquire=_kept_refused,
    ),
    fault(
        "refusal-other-ref-id", "IAK-RC-ECHO", "Refusals of wrong numbers report another ref_id.",
        finish=with_values(
            Kind.REFUSAL, None, because_of(Reason.WRONG_NUMBER), ref_id="09128374655"
        ),
    ),
    fault(
        "payment-failed-says-success-in-xml", "IAK-CASE-PAYMENT-FAILED",
        "In XML, a payment that fails is answered with RC 00.",
        finish=with_answer(
            _reported_success, Kind.REFUSAL, Codec.XML, because_of(Reason.PAYMENT_FAILED)
        ),
    ),
    fault(
        "payment-dearer-in-xml", "IAK-PAY-DEBIT",
        "A payment asked for in XML costs 600 rupiah more.",
        pay=_dearer_in_xml,
    ),
    fault(
        "payment-failed-without-message", "IAK-RC-FAILURE-SHAPE",
        "A payment that fails has no message.",
        finish=with_fields(lambda fields: fields.pop("message"), Kind.REFUSAL, None, FAILURES),
    ),
    fault(
        "payment-failed-http-500", "IAK-RC-HTTP", "A payment that fails comes with HTTP 500.",
        finish=with_answer(
            lambda answer: replace(answer, status=500), Kind.REFUSAL, None, FAILURES
        ),
    ),
)  # fmt: skip
