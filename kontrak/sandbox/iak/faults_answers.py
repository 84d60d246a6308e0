"""Faults of answers to payments, checkstatus and check-balance."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from kontrak.sandbox.changes import Fault, Wrapper
from kontrak.sandbox.edits import dropped, retyped
from kontrak.sandbox.http import SandboxRequest, SandboxResponse
from kontrak.sandbox.iak.codec import Codec, Fields
from kontrak.sandbox.iak.codes import Reason
from kontrak.sandbox.iak.interface import BALANCE_PATH, Answer, Kind
from kontrak.sandbox.iak.making import (
    because_of,
    fault,
    several,
    with_answer,
    with_fields,
    with_values,
)
from kontrak.sandbox.iak.partial import first_four, reporting_four
from kontrak.sandbox.iak.service import IakService
from kontrak.sandbox.iak.transactions import Transaction

PAID = because_of(Reason.PAID)
UNPAID = because_of(Reason.UNPAID)
FAILED = because_of(Reason.PAYMENT_FAILED, Reason.BILLER_ERROR)
Respond = Callable[[SandboxRequest], SandboxResponse]


def _several_paid(answer: Answer) -> bool:
    return PAID(answer) and several(answer)


def _as_html(wanted: Callable[[SandboxRequest, SandboxResponse], bool]) -> Wrapper:
    """Wraps ``answer``: these responses call themselves text/html."""

    def answer(_service: object, original: Respond, request: SandboxRequest) -> SandboxResponse:
        response = original(request)
        if not wanted(request, response):
            return response
        return replace(response, headers=(("Content-Type", "text/html"),))

    return answer


def _reported(command: bytes) -> Callable[[SandboxRequest, SandboxResponse], bool]:
    return lambda request, response: command in request.body and b"tr_id" in response.body


def _refused(_request: SandboxRequest, response: SandboxResponse) -> bool:
    return b"tr_id" not in response.body and b"balance" not in response.body


def _last_bill(fields: Fields, **changes: object) -> None:
    fields["desc"]["tagihan"]["detail"][-1].update(changes)


def _exchanged_amounts(fields: Fields) -> None:
    bills = fields["desc"]["tagihan"]["detail"]
    for name in ("nilai_tagihan", "denda", "total"):
        bills[0][name], bills[-1][name] = bills[-1][name], bills[0][name]


def _only_last_bill(fields: Fields) -> None:
    tagihan = fields["desc"]["tagihan"]
    tagihan["detail"] = tagihan["detail"][-1:]


def _next_second(moment: str) -> str:
    return f"{moment[:-2]}{(int(moment[-2:]) + 1) % 60:02d}"


def _old_moment(
    _service: object,
    original: Callable[[Transaction, Codec, Reason], Fields],
    transaction: Transaction,
    codec: Codec,
    reason: Reason,
) -> Fields:
    return original(transaction, codec, reason) | {"datetime": "20180803171844"}


def _latest_inquiry(
    service: IakService, original: Callable[[str], Transaction], tr_id: str
) -> Transaction:
    asked = original(tr_id)
    of_this_customer = [one for one in service.by_tr_id.values() if one.hp == asked.hp]
    return of_this_customer[-1]


PAYMENT = (
    fault(
        "payment-exchanges-amounts", "IAK-PAY-AGREES",
        "A payment of several bills reports the first bill's amounts of the last month.",
        finish=with_fields(_exchanged_amounts, Kind.PAYMENT, Codec.JSON, _several_paid),
        also=("IAK-STATUS-AGREES",), because="checkstatus and the payment report different bills",
    ),
    fault(
        "payment-other-power", "IAK-PAY-AGREES", "A payment in process reports another daya.",
        finish=with_fields(
            retyped("desc.daya", lambda daya: daya + 100), Kind.PAYMENT, None,
            because_of(Reason.PENDING),
        ),
    ),
    fault(
        "payment-of-latest-inquiry", "IAK-PAY-AGREES",
        "The latest inquiry of a customer is paid, whichever tr_id is asked.",
        find_payable=_latest_inquiry,
        also=("IAK-IDEM-PAY-TWICE", "IAK-IDEM-PAY-FAILED", "IAK-IDEM-PAY-PENDING",
              "IAK-IDEM-PAY-RACE", "IAK-PAY-SAME-DAY"),
        because="another inquiry may have come between, which is then paid",
    ),
    fault(
        "payment-xml-only-last-bill", "IAK-PAY-AGREES",
        "In XML, a payment reports only its last bill.",
        finish=with_fields(_only_last_bill, Kind.PAYMENT, Codec.XML, _several_paid),
    ),
    fault(
        "payment-xml-other-amount", "IAK-PAY-AGREES",
        "In XML, a payment reports the price as selling_price.",
        finish=with_fields(
            lambda fields: fields.update(selling_price=fields["price"]), Kind.PAYMENT, Codec.XML
        ),
    ),
    fault(
        "payment-price-is-nominal", "IAK-PAY-SUMS",
        "Of four bills paid out of eight, price is nominal.",
        first_payment=first_four,
        finish=reporting_four(lambda fields: fields.update(price=fields["nominal"])),
    ),
    fault(
        "payment-total-without-fine", "IAK-PAY-SUMS",
        "total of a paid bill is nilai_tagihan alone.",
        finish=with_fields(
            lambda fields: _last_bill(fields, total=1), Kind.PAYMENT, Codec.JSON, PAID
        ),
        also=("IAK-PAY-AGREES", "IAK-STATUS-AGREES"), because="other answers report another total",
    ),
    fault(
        "payment-counts-remains-wrong", "IAK-PAY-REMAINS",
        "Of four bills paid out of eight, lembar_tagihan_sisa is three.",
        first_payment=first_four,
        finish=reporting_four(lambda fields: fields["desc"].update(lembar_tagihan_sisa=3)),
    ),
    fault(
        "payment-without-meters", "IAK-PAY-METERS", "A payment reports no meter_akhir.",
        finish=with_fields(dropped("desc.tagihan.detail[].meter_akhir"), Kind.PAYMENT),
    ),
    fault(
        "payment-long-ago", "IAK-PAY-MOMENT", "datetime of every payment is a day in 2018.",
        shown_payment=_old_moment,
    ),
    fault(
        "payment-html", "IAK-PAY-MEDIA-TYPE", "Payments call themselves text/html.",
        answer=_as_html(_reported(b"pay-pasca")),
    ),
)  # fmt: skip

STATUS = (
    fault(
        "status-admin-is-text", "IAK-STATUS-FIELDS",
        "In JSON, admin of a paid bill is a string in checkstatus.",
        finish=with_fields(retyped("admin", str), Kind.STATUS, Codec.JSON, _several_paid),
    ),
    fault(
        "status-other-month", "IAK-STATUS-AGREES",
        "checkstatus reports another month of the last paid bill.",
        finish=with_fields(
            lambda fields: _last_bill(fields, periode="201501"), Kind.STATUS, None, _several_paid
        ),
    ),
    fault(
        "status-failed-other-hp", "IAK-STATUS-AGREES",
        "checkstatus of a failed payment says someone else's hp.",
        finish=with_values(Kind.STATUS, None, FAILED, hp="530000000009"),
    ),
    fault(
        "status-unpaid-other-amounts", "IAK-STATUS-AGREES",
        "checkstatus of an unpaid bill has price and nominal of zero.",
        finish=with_values(Kind.STATUS, None, UNPAID, nominal=0, price=0),
    ),
    fault(
        "status-without-name", "IAK-STATUS-COMPLETE", "checkstatus of a paid bill has no tr_name.",
        finish=with_fields(dropped("tr_name"), Kind.STATUS, None, PAID),
    ),
    fault(
        "status-unpaid-without-period", "IAK-STATUS-EXAMPLES",
        "checkstatus of an unpaid bill has no period.",
        finish=with_fields(dropped("period"), Kind.STATUS, None, UNPAID),
    ),
    fault(
        "status-one-second-later", "IAK-STATUS-REPEATS",
        "datetime of checkstatus is a second after that of the payment.",
        finish=with_fields(retyped("datetime", _next_second), Kind.STATUS, None, PAID),
    ),
    fault(
        "status-first-balance", "IAK-STATUS-BALANCE",
        "balance of checkstatus is what the account had at first.",
        finish=with_values(Kind.STATUS, None, PAID, balance=1_000_000_000),
    ),
    fault(
        "status-http-404", "IAK-STATUS-HTTP", "checkstatus of several bills comes with HTTP 404.",
        finish=with_answer(lambda answer: replace(answer, status=404), Kind.STATUS, None, several),
    ),
    fault(
        "status-xml-only-last-bill", "IAK-STATUS-XML",
        "In XML, checkstatus reports only the last bill.",
        finish=with_fields(_only_last_bill, Kind.STATUS, Codec.XML, several),
    ),
    fault(
        "status-html", "IAK-STATUS-MEDIA-TYPE", "checkstatus calls itself text/html.",
        answer=_as_html(_reported(b"checkstatus")),
    ),
)  # fmt: skip

OTHERS = (
    fault(
        "balance-rc-39", "IAK-BALANCE-SUCCESS", "check-balance reports the balance with rc 39.",
        finish=with_values(Kind.BALANCE, rc="39"),
    ),
    fault(
        "balance-html", "IAK-BALANCE-MEDIA-TYPE", "check-balance calls itself text/html.",
        answer=_as_html(
            lambda request, response: request.path == BALANCE_PATH and b"balance" in response.body
        ),
    ),
    fault(
        "refusals-html", "IAK-RC-MEDIA-TYPE", "Refusals call themselves text/html.",
        answer=_as_html(_refused),
    ),
)  # fmt: skip

FAULTS: tuple[Fault, ...] = (*PAYMENT, *STATUS, *OTHERS)
