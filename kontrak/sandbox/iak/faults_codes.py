"""Faults of response codes, of refusals, and of what a customer number leads to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from kontrak.sandbox.changes import Fault, Wrapper
from kontrak.sandbox.edits import as_number, dropped, retyped
from kontrak.sandbox.iak.bills import NUMBERS, Scenario
from kontrak.sandbox.iak.codec import Codec, Fields
from kontrak.sandbox.iak.codes import Reason
from kontrak.sandbox.iak.interface import Kind
from kontrak.sandbox.iak.making import (
    because_of,
    fault,
    with_answer,
    with_code,
    with_fields,
)


def _refusals(edit: Callable[[Fields], None], *reasons: Reason) -> Wrapper:
    when = because_of(*reasons) if reasons else None
    return with_fields(edit, Kind.REFUSAL, None, when)


def _http(status: int, *reasons: Reason) -> Wrapper:
    """Wraps ``finish``: another HTTP status for these refusals."""
    return with_answer(
        lambda answer: replace(answer, status=status), Kind.REFUSAL, None, because_of(*reasons)
    )


def _answered_as(scenario: Scenario, other: Scenario) -> Wrapper:
    """Wraps ``scenario_of``: the documented number of one leads to the other."""

    def scenario_of(_service: object, original: Callable[[str], Scenario], hp: str) -> Scenario:
        return other if NUMBERS.get(hp) is scenario else original(hp)

    return scenario_of


BUSINESS = (Reason.ALREADY_PAID, Reason.WRONG_NUMBER, Reason.TIME_OUT)
CODES = (
    fault(
        "rc-unlisted-when-missing", "IAK-RC-TABLE",
        "A request that lacks a field is refused with RC 999.",
        code_of=with_code("999", Reason.MISSING),
    ),
    fault(
        "rc-in-letters-when-missing", "IAK-RC-TABLE",
        "A request that lacks a field is refused with RC ERR.",
        code_of=with_code("ERR", Reason.MISSING),
    ),
    fault(
        "rc-sign-not-100", "IAK-RC-SIGN", "A wrong sign is refused with RC 102.",
        code_of=with_code("102", Reason.SIGN),
    ),
    fault(
        "rc-command-not-101", "IAK-RC-COMMAND", "An unknown command is refused with RC 117.",
        code_of=with_code("117", Reason.COMMAND),
    ),
    fault(
        "rc-code-not-20", "IAK-RC-CODE", "An unknown product code is refused with RC 106.",
        code_of=with_code("106", Reason.UNKNOWN_CODE),
    ),
    fault(
        "rc-ref-id-not-03", "IAK-RC-REF-ID",
        "A ref_id that is not alphanumeric is refused with RC 92.",
        code_of=with_code("92", Reason.REF_ID_FORMAT),
    ),
    fault(
        "rc-duplicate-not-11", "IAK-RC-DUPLICATE", "A ref_id used before is refused with RC 38.",
        code_of=with_code("38", Reason.DUPLICATE),
    ),
    fault(
        "rc-tr-id-not-06", "IAK-RC-TR-ID", "Paying an unknown tr_id is refused with RC 42.",
        code_of=with_code("42", Reason.UNKNOWN_TR_ID),
    ),
    fault(
        "rc-malformed-not-107", "IAK-RC-MALFORMED",
        "A malformed body is refused with RC 92 and HTTP 200.",
        finish=with_answer(
            lambda answer: replace(
                answer, status=200, fields={"response_code": "92", "message": "GENERAL ERROR"}
            ),
            Kind.REFUSAL, None, because_of(Reason.MALFORMED),
        ),
    ),
    fault(
        "rc-malformed-pending", "IAK-RC-MALFORMED",
        "A malformed body is answered with the pending RC 05 and HTTP 200.",
        also=("IAK-GEN-JSON", "IAK-GEN-XML", "IAK-GEN-ENTITIES", "IAK-GEN-CONTENT-TYPE",
              "IAK-GEN-PAYMENT-BODY", "IAK-GEN-STATUS-BODY"),
        because="a pending RC is no refusal",
        finish=with_answer(
            lambda answer: replace(
                answer, status=200, fields={"response_code": "05", "message": "UNDEFINED ERROR"}
            ),
            Kind.REFUSAL, None, because_of(Reason.MALFORMED),
        ),
    ),
)  # fmt: skip


def _with_the_bill(fields: Fields) -> None:
    bill = {"periode": "201608", "nilai_tagihan": "300000", "admin": "2500", "denda": "0"}
    fields.update(nominal=300_000, admin=2_500, price=302_500, selling_price=301_900)
    fields["desc"] = {"lembar_tagihan": "1", "tagihan": {"detail": [bill]}}


def _with_tr_id_and_bill(fields: Fields) -> None:
    fields["tr_id"] = 9_700_001
    _with_the_bill(fields)


SHAPES = (
    fault(
        "refusal-without-message", "IAK-RC-FAILURE-SHAPE", "Refusals have no message.",
        finish=_refusals(dropped("message")),
    ),
    fault(
        "refusal-with-empty-message", "IAK-RC-FAILURE-SHAPE", "Refused numbers have no words.",
        finish=_refusals(retyped("message", lambda _: ""), *BUSINESS),
    ),
    fault(
        "refusal-message-is-a-number", "IAK-RC-FAILURE-SHAPE",
        "In JSON, the message of a refusal is a number.",
        finish=with_fields(retyped("message", as_number), Kind.REFUSAL, Codec.JSON),
    ),
    fault(
        "refusal-rc-is-a-number", "IAK-RC-FAILURE-SHAPE",
        "In JSON, the response_code of a wrong number is a number.",
        finish=with_fields(
            retyped("response_code", as_number), Kind.REFUSAL, Codec.JSON,
            because_of(Reason.WRONG_NUMBER),
        ),
    ),
    fault(
        "refusal-with-tr-id", "IAK-RC-NO-BILL", "A refused number has a tr_id and a bill.",
        finish=_refusals(_with_tr_id_and_bill, *BUSINESS),
    ),
    fault(
        "refusal-paid-with-bill", "IAK-RC-NO-BILL", "A paid invoice is refused with its bill.",
        finish=_refusals(_with_the_bill, Reason.ALREADY_PAID),
    ),
    fault(
        "refusal-http-404", "IAK-RC-HTTP", "A wrong number is refused with HTTP 404.",
        finish=_http(404, Reason.WRONG_NUMBER),
    ),
    fault(
        "refusal-http-500", "IAK-RC-HTTP", "A wrong number is refused with HTTP 500.",
        finish=_http(500, Reason.WRONG_NUMBER),
    ),
    fault(
        "refusal-http-503", "IAK-RC-HTTP", "A wrong sign is refused with HTTP 503.",
        finish=_http(503, Reason.SIGN),
    ),
    fault(
        "refusal-code-http-500", "IAK-RC-HTTP",
        "An unknown product code is refused with HTTP 500.",
        finish=_http(500, Reason.UNKNOWN_CODE),
    ),
)  # fmt: skip


CASES = (
    fault(
        "case-time-out-is-pending", "IAK-CASE-TIME-OUT",
        "An inquiry time out has the pending RC 05.",
        code_of=with_code("05", Reason.TIME_OUT),
    ),
    fault(
        "case-time-out-is-general", "IAK-CASE-TIME-OUT",
        "An inquiry time out has the RC of a general error, 92.",
        code_of=with_code("92", Reason.TIME_OUT),
    ),
    fault(
        "case-time-out-succeeds", "IAK-CASE-TIME-OUT",
        "The number for a time out is answered with a bill.",
        scenario_of=_answered_as(Scenario.TIME_OUT, Scenario.ONE_BILL),
    ),
    fault(
        "case-already-paid-is-no-bill", "IAK-CASE-ALREADY-PAID",
        "A paid invoice is refused with the RC of a bill that is not available, 10.",
        code_of=with_code("10", Reason.ALREADY_PAID),
    ),
    fault(
        "case-already-paid-is-unpaid", "IAK-CASE-ALREADY-PAID",
        "A paid invoice is refused with the RC of an unpaid bill, 02.",
        code_of=with_code("02", Reason.ALREADY_PAID),
    ),
    fault(
        "case-already-paid-succeeds", "IAK-CASE-ALREADY-PAID",
        "The number of a paid invoice is answered with a bill.",
        scenario_of=_answered_as(Scenario.ALREADY_PAID, Scenario.ONE_BILL),
    ),
    fault(
        "case-wrong-number-is-blocked", "IAK-CASE-WRONG-NUMBER",
        "The incorrect number is refused with the RC of a blocked one, 13.",
        code_of=with_code("13", Reason.WRONG_NUMBER),
    ),
    fault(
        "case-wrong-number-is-time-out", "IAK-CASE-WRONG-NUMBER",
        "The incorrect number is refused with the RC of a time out, 103.",
        code_of=with_code("103", Reason.WRONG_NUMBER),
    ),
    fault(
        "case-wrong-number-succeeds", "IAK-CASE-WRONG-NUMBER",
        "The incorrect number is answered with a bill.",
        scenario_of=_answered_as(Scenario.WRONG_NUMBER, Scenario.ONE_BILL),
    ),
    *(
        fault(
            f"case-{name}-refused-at-inquiry", f"IAK-CASE-{name.upper()}",
            f"The number for {words} is refused at its inquiry already.",
            scenario_of=_answered_as(scenario, Scenario.WRONG_NUMBER),
        )
        for name, words, scenario in (
            ("payment-failed", "a payment that fails", Scenario.PAYMENT_FAILED),
            ("payment-pending", "a pending payment", Scenario.PAYMENT_PENDING),
            ("payment-error", "a payment with a biller error", Scenario.PAYMENT_ERROR),
        )
    ),
)  # fmt: skip

FAULTS: tuple[Fault, ...] = (*CODES, *SHAPES, *CASES)
