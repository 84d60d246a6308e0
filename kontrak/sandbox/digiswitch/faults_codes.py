"""Faults of rc, status and message, of refusals, of the envelope, and of the test numbers."""

from __future__ import annotations

import json
from collections.abc import Callable

from kontrak.sandbox import json_body
from kontrak.sandbox.changes import Fault, Wrapper
from kontrak.sandbox.digiswitch.codes import Reason
from kontrak.sandbox.digiswitch.customers import SUCCESS, Customer, Scenario
from kontrak.sandbox.digiswitch.faults_fields import slug
from kontrak.sandbox.digiswitch.interface import Answer, Kind
from kontrak.sandbox.digiswitch.making import (
    When,
    about,
    all_of,
    because_of,
    changed,
    fault,
    paid,
    updated,
    with_code,
    with_fields,
    with_values,
)
from kontrak.sandbox.edits import Edit, dropped, retyped
from kontrak.sandbox.json_body import Fields

UNPAID_REASONS = (Reason.PAYMENT_FAILED, Reason.PENDING)


# Documents


def _written(rewrite: Callable[[Answer, bytes], bytes], when: When) -> Wrapper:
    """Wraps ``write``: successful payments are written in another way."""

    def write(_service: object, original: Callable[[Answer], bytes], answer: Answer) -> bytes:
        body = original(answer)
        paid_ = answer.kind is Kind.PAYMENT and answer.reason is Reason.PAID
        return rewrite(answer, body) if paid_ and when(answer) else body

    return write


def _name_in_latin_1(answer: Answer, _body: bytes) -> bytes:
    fields = answer.fields | {"name": "CAFÉ"}
    return json.dumps({"data": fields}, ensure_ascii=False).encode("latin-1")


def _in_an_array(answer: Answer, _body: bytes) -> bytes:
    return json.dumps({"data": [answer.fields]}).encode()


def _as_text(answer: Answer, _body: bytes) -> bytes:
    return json.dumps({"data": json.dumps(answer.fields)}).encode()


def _unreadable(
    name: str, clause: str, text: str, rewrite: Callable[[Answer, bytes], bytes]
) -> Fault:
    return fault(
        name, clause, f"Payments of kirimuang {text}.",
        write=_written(rewrite, about("kirimuang")),
    )  # fmt: skip


WELLFORMED, ENVELOPE = "DIGISWITCH-WELLFORMED", "DIGISWITCH-ENVELOPE"
DOCUMENTS = (
    fault(
        "json-name-stands-twice", WELLFORMED, "In payments, price stands twice.",
        write=_written(
            lambda _, body: body.replace(b'"price"', b'"price": 1, "price"', 1), about(None)
        ),
    ),
    fault(
        "json-nan", WELLFORMED, "In payments, a further field is NaN.",
        finish=paid(updated(cashback=float("nan"))),
    ),
    _unreadable("json-trailing-comma", WELLFORMED, "end with a comma",
                lambda _, body: body[:-1] + b",}"),
    _unreadable("json-warning-before", WELLFORMED, "begin with a line of HTML",
                lambda _, body: b"<br />Notice: sn\n" + body),
    _unreadable("json-latin-1", WELLFORMED, "are not in UTF-8", _name_in_latin_1),
    fault(
        "json-inquiry-cut", WELLFORMED, "Inquiries end in the middle.",
        write=lambda _service, original, answer: (
            original(answer)[:40] if answer.reason is Reason.INQUIRED else original(answer)
        ),
    ),
    _unreadable("json-without-data", ENVELOPE, "have no data around them",
                lambda answer, _: json_body.write_json(answer.fields)),
    _unreadable("json-data-is-an-array", ENVELOPE, "have an array in data", _in_an_array),
    _unreadable("json-data-is-text", ENVELOPE, "have JSON in a string in data", _as_text),
)  # fmt: skip


# rc, status and message


def _payments(edit: Edit, *reasons: Reason, code: str | None = None) -> Wrapper:
    return with_fields(edit, Kind.PAYMENT, all_of(because_of(*reasons), about(code)))


AGREEMENT = (
    fault(
        "rc-01-with-sukses", "DIGISWITCH-RC-STATUS", "A payment of emoney has Sukses and rc 01.",
        also=("DIGISWITCH-RC-TABLE",), because="the table knows 01 as a failure",
        finish=_payments(updated(rc="01"), Reason.PAID, code="emoney"),
    ),
    fault(
        "rc-00-with-gagal", "DIGISWITCH-RC-STATUS", "A failed payment has Gagal and rc 00.",
        also=("DIGISWITCH-RC-TABLE",), because="the table knows 00 as success only",
        finish=_payments(updated(rc="00"), Reason.PAYMENT_FAILED),
    ),
    fault(
        "rc-00-with-pending", "DIGISWITCH-RC-STATUS", "A payment in process has Pending and rc 00.",
        also=("DIGISWITCH-RC-TABLE",), because="the table knows 00 as success only",
        finish=_payments(updated(rc="00"), Reason.PENDING),
    ),
    *(
        fault(
            f"status-small-{word}", "DIGISWITCH-STATUS-LETTERS",
            f"{text} in small letters, others have a capital first.",
            finish=with_fields(
                changed("status", lambda fields: fields["status"].lower()), kind, when
            ),
        )
        for word, text, kind, when in (
            ("when-failed", "The status of a failed payment is", Kind.PAYMENT,
             because_of(Reason.PAYMENT_FAILED)),
            ("for-emoney", "The status of a payment of emoney is", Kind.PAYMENT,
             all_of(because_of(Reason.PAID), about("emoney"))),
            ("in-status-pasca", "The status in status-pasca is", Kind.STATUS, None),
        )
    ),
    fault(
        "message-gagal-with-sukses", "DIGISWITCH-RC-MESSAGE",
        "A payment that succeeds has the message Transaksi Gagal.",
        finish=_payments(updated(message="Transaksi Gagal"), Reason.PAID),
    ),
    fault(
        "message-pending-with-sukses", "DIGISWITCH-RC-MESSAGE",
        "A payment of tv that succeeds has the message Transaksi Pending.",
        finish=_payments(updated(message="Transaksi Pending"), Reason.PAID, code="tv"),
    ),
    fault(
        "message-sukses-with-gagal", "DIGISWITCH-RC-MESSAGE",
        "A payment that fails has the message Transaksi Sukses.",
        finish=_payments(updated(message="Transaksi Sukses"), Reason.PAYMENT_FAILED),
    ),
    fault(
        "message-sukses-with-pending", "DIGISWITCH-RC-MESSAGE",
        "A payment in process has the message Transaksi Sukses.",
        finish=_payments(updated(message="Transaksi Sukses"), Reason.PENDING),
    ),
    fault(
        "rc-unlisted-when-failed", "DIGISWITCH-RC-TABLE", "A failed payment has rc 95.",
        finish=_payments(updated(rc="95"), Reason.PAYMENT_FAILED),
    ),
    fault(
        "rc-of-failure-when-pending", "DIGISWITCH-RC-TABLE", "A payment in process has rc 02.",
        finish=_payments(updated(rc="02"), Reason.PENDING),
    ),
    fault(
        "rc-of-pending-when-failed", "DIGISWITCH-RC-TABLE", "A failed payment has rc 03.",
        finish=_payments(updated(rc="03"), Reason.PAYMENT_FAILED),
    ),
)  # fmt: skip


UNPAID = (
    *(
        fault(
            f"unpaid-{slug(name)}-missing", "DIGISWITCH-UNPAID-FIELDS",
            f"A payment that fails has no {name}.",
            finish=_payments(dropped(name), Reason.PAYMENT_FAILED),
        )
        for name in ("ref_id", "rc", "message")
    ),
    fault(
        "unpaid-message-is-empty", "DIGISWITCH-UNPAID-FIELDS",
        "A payment in process has no words in its message.",
        finish=_payments(updated(message=""), Reason.PENDING),
    ),
    fault(
        "unpaid-rc-is-a-number", "DIGISWITCH-UNPAID-FIELDS",
        "The rc of a payment that fails is a number.",
        finish=_payments(updated(rc=2), Reason.PAYMENT_FAILED),
    ),
    fault(
        "unpaid-status-in-english", "DIGISWITCH-UNPAID-STATUS",
        "The status of a payment that fails is Failed.",
        finish=_payments(updated(status="Failed"), Reason.PAYMENT_FAILED),
    ),
    fault(
        "unpaid-status-missing", "DIGISWITCH-UNPAID-STATUS",
        "A payment that fails has no status.",
        finish=_payments(dropped("status"), Reason.PAYMENT_FAILED),
    ),
    fault(
        "unpaid-status-is-process", "DIGISWITCH-UNPAID-STATUS",
        "The status of a payment in process is Proses.",
        finish=_payments(updated(status="Proses"), Reason.PENDING),
    ),
    fault(
        "unpaid-other-ref-id", "DIGISWITCH-UNPAID-ECHO",
        "A payment that fails answers the provider's own ref_id.",
        finish=_payments(updated(ref_id="trx-1"), Reason.PAYMENT_FAILED),
    ),
    fault(
        "unpaid-other-customer-no", "DIGISWITCH-UNPAID-ECHO",
        "A payment in process answers someone else's customer_no.",
        finish=_payments(updated(customer_no="530000000009"), Reason.PENDING),
    ),
    fault(
        "unpaid-other-code", "DIGISWITCH-UNPAID-ECHO",
        "A payment that fails answers another code.",
        finish=_payments(changed("code", lambda fields: f"ds{fields['code']}"),
                         Reason.PAYMENT_FAILED),
    ),
)  # fmt: skip


# Refusals before any transaction


def _refusals(edit: Edit, *reasons: Reason) -> Wrapper:
    return with_fields(edit, Kind.REFUSAL, because_of(*reasons) if reasons else None)


def _enveloped(change: Callable[[Fields], object], *reasons: Reason) -> Wrapper:
    """Wraps ``write``: refusals for these reasons, or for any, have another document."""

    def write(_service: object, original: Callable[[Answer], bytes], answer: Answer) -> bytes:
        if answer.kind is Kind.REFUSAL and (not reasons or answer.reason in reasons):
            return json.dumps(change(answer.fields)).encode()
        return original(answer)

    return write


REFUSALS = (
    fault(
        "refusal-outside-data", "DIGISWITCH-REFUSAL-ENVELOPE",
        "Refusals have no data around them.",
        write=_enveloped(lambda fields: fields),
    ),
    fault(
        "refusal-of-sign-outside-data", "DIGISWITCH-REFUSAL-ENVELOPE",
        "The refusal of a wrong sign has no data around it.",
        write=_enveloped(lambda fields: fields, Reason.SIGN),
    ),
    fault(
        "refusal-in-error", "DIGISWITCH-REFUSAL-ENVELOPE",
        "Refusals stand in error instead of data.",
        write=_enveloped(lambda fields: {"error": fields}),
    ),
    fault(
        "refusal-of-other-ref-id", "DIGISWITCH-REFUSAL-ECHO",
        "Refusals of a wrong sign say the provider's own ref_id.",
        finish=_refusals(updated(ref_id="trx-1"), Reason.SIGN),
    ),
    fault(
        "refusal-of-other-customer", "DIGISWITCH-REFUSAL-ECHO",
        "Refusals of an unknown code say someone else's customer_no.",
        finish=_refusals(updated(customer_no="530000000009"), Reason.UNKNOWN_CODE),
    ),
    fault(
        "refusal-without-message", "DIGISWITCH-RC-REFUSAL", "Refusals have no message.",
        finish=_refusals(dropped("message")),
    ),
    fault(
        "refusal-rc-is-a-number", "DIGISWITCH-RC-REFUSAL", "The rc of a refused sign is a number.",
        also=("DIGISWITCH-RC-SIGN", "DIGISWITCH-RC-USERNAME"),
        because="they need an rc that can be read, and an inferred clause only warns",
        finish=_refusals(retyped("rc", int), Reason.SIGN, Reason.USERNAME),
    ),
    fault(
        "rc-sign-not-41", "DIGISWITCH-RC-SIGN", "A wrong sign is refused with rc 42.",
        code_of=with_code("42", Reason.SIGN),
    ),
    fault(
        "rc-username-not-42", "DIGISWITCH-RC-USERNAME",
        "An unregistered username is refused with rc 41.",
        code_of=with_code("41", Reason.USERNAME),
    ),
    fault(
        "rc-code-not-43", "DIGISWITCH-RC-CODE", "An unknown product code is refused with rc 54.",
        code_of=with_code("54", Reason.UNKNOWN_CODE),
    ),
    fault(
        "rc-malformed-not-40", "DIGISWITCH-RC-PAYLOAD", "A malformed body is refused with rc 99.",
        finish=with_values(
            Kind.REFUSAL, because_of(Reason.MALFORMED), rc="50", message="Transaksi Tidak Ditemukan"
        ),
    ),
)  # fmt: skip


# Test numbers


def _led(scenario: Scenario, other: Scenario) -> Wrapper:
    """Wraps ``customer_of``: numbers that lead to one end lead to another."""

    def customer_of(
        _service: object,
        original: Callable[[str, str], Customer | None],
        code: str,
        customer_no: str,
    ) -> Customer | None:
        found = original(code, customer_no)
        if found is None or found.scenario is not scenario:
            return found
        return Customer(other, found.name, found.bills, found.dearer)

    return customer_of


def _one_bill_each(
    _service: object,
    original: Callable[[str, str], Customer | None],
    code: str,
    customer_no: str,
) -> Customer | None:
    found = original(code, customer_no)
    return SUCCESS if found is not None and found.bills > 1 else found


NO_FAILURE = "they need a payment that fails, and an inferred clause only warns"
NO_PENDING = "they need a pending payment, and an inferred clause only warns"

CASES = (
    fault(
        "case-two-bills-has-one", "DIGISWITCH-CASE-TWO-BILLS",
        "The numbers for two bills have one.",
        customer_of=_one_bill_each,
    ),
    fault(
        "case-inquiry-failed-succeeds", "DIGISWITCH-CASE-INQUIRY-FAILED",
        "The numbers for a failed inquiry are answered with a bill.",
        customer_of=_led(Scenario.INQUIRY_FAILS, Scenario.SUCCESS),
    ),
    fault(
        "case-payment-failed-succeeds", "DIGISWITCH-CASE-PAYMENT-FAILED",
        "The payments of the numbers for a failed payment succeed.",
        also=(
            "DIGISWITCH-PAY-FAILED-FREE", "DIGISWITCH-IDEM-PAY-FAILED", "DIGISWITCH-IDEM-STATUS",
            "DIGISWITCH-STATUS-FAILED",
        ),
        because=NO_FAILURE,
        customer_of=_led(Scenario.PAYMENT_FAILS, Scenario.SUCCESS),
    ),
    fault(
        "case-payment-failed-refused", "DIGISWITCH-CASE-PAYMENT-FAILED",
        "The inquiries of the numbers for a failed payment fail already.",
        also=(
            "DIGISWITCH-PAY-FAILED-FREE", "DIGISWITCH-IDEM-PAY-FAILED", "DIGISWITCH-IDEM-STATUS",
            "DIGISWITCH-STATUS-FAILED",
        ),
        because=NO_FAILURE,
        customer_of=_led(Scenario.PAYMENT_FAILS, Scenario.INQUIRY_FAILS),
    ),
    fault(
        "case-pending-success-at-once", "DIGISWITCH-CASE-PENDING-SUCCESS",
        "The payments of the numbers that succeed late succeed at once.",
        also=(
            "DIGISWITCH-PENDING-MONEY", "DIGISWITCH-PENDING-SETTLES",
            "DIGISWITCH-PENDING-FINAL-MONEY", "DIGISWITCH-STATUS-PENDING",
            "DIGISWITCH-IDEM-PAY-PENDING",
        ),
        because=NO_PENDING,
        customer_of=_led(Scenario.PENDING_SUCCEEDS, Scenario.SUCCESS),
    ),
    fault(
        "case-pending-failed-at-once", "DIGISWITCH-CASE-PENDING-FAILED",
        "The payments of the numbers that fail late fail at once.",
        also=(
            "DIGISWITCH-PENDING-MONEY", "DIGISWITCH-PENDING-SETTLES",
            "DIGISWITCH-PENDING-FINAL-MONEY", "DIGISWITCH-STATUS-PENDING",
        ),
        because=NO_PENDING,
        customer_of=_led(Scenario.PENDING_FAILS, Scenario.PAYMENT_FAILS),
    ),
)  # fmt: skip

FAULTS: tuple[Fault, ...] = (*DOCUMENTS, *AGREEMENT, *UNPAID, *REFUSALS, *CASES)
