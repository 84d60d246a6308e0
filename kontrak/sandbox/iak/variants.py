"""Variants of IAK: correct but different answers, which no clause may mind."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from kontrak.sandbox.changes import Variant, Wrapper
from kontrak.sandbox.edits import holders
from kontrak.sandbox.http import SandboxRequest, SandboxResponse
from kontrak.sandbox.iak.bills import Bill, MonthBill, repriced, with_months
from kontrak.sandbox.iak.codec import Codec, Fields, element_of
from kontrak.sandbox.iak.codes import Reason
from kontrak.sandbox.iak.interface import Answer, Kind
from kontrak.sandbox.iak.making import variant, with_answer, with_bill, with_fields
from kontrak.sandbox.iak.service import IakService
from kontrak.sandbox.iak.transactions import State, Transaction
from kontrak.sandbox.iak.variants_later import VARIANTS as LATER
from kontrak.sandbox.wire import wire_variants

DECLARATION = b'<?xml version="1.0"?>\n'
AMOUNTS = {"nominal", "admin", "price", "selling_price", "total", "balance"}


def _months(change: Callable[[MonthBill], MonthBill]) -> Wrapper:
    """Wraps ``bill_of``: other months, their totals and the sums that follow."""

    def summed(month: MonthBill) -> MonthBill:
        month = change(month)
        return replace(month, total=month.nilai_tagihan + month.admin + month.denda)

    return with_bill(lambda bill: with_months(bill, tuple(map(summed, bill.months))))


def _without_fines(bill: Bill) -> Bill:
    return repriced(bill, nominal=sum(month.nilai_tagihan for month in bill.months))


def _first_and_last(bill: Bill) -> Bill:
    if len(bill.months) == 1:
        return bill
    return replace(bill, period=f"{bill.months[0].periode},{bill.months[-1].periode}")


def _mapped(value: Any, change: Callable[[Any], Any], name: str = "") -> Any:
    """The value with every object passed through ``change``, innermost first."""
    if isinstance(value, dict):
        return change({key: _mapped(member, change, key) for key, member in value.items()})
    if isinstance(value, list):
        return [_mapped(member, change, name) for member in value]
    return value


def _everywhere(change: Callable[[Fields], Fields], kind: Kind | None = None) -> Wrapper:
    return with_answer(lambda answer: replace(answer, fields=_mapped(answer.fields, change)), kind)


def _backwards(fields: Fields) -> Fields:
    return dict(reversed(fields.items()))


def _floats(fields: Fields) -> Fields:
    return {
        key: float(value) if key in AMOUNTS and type(value) is int else value
        for key, value in fields.items()
    }


def _written(json_: Callable[[Fields], bytes], xml: Callable[[Fields], bytes]) -> Wrapper:
    """Wraps ``write``: the same answer in another hand."""

    def write(service: IakService, _original: object, codec: Codec, answer: Answer) -> bytes:
        if codec is Codec.JSON:
            return json_(service.envelope(answer.fields))
        return xml(answer.fields)

    return write


def _pretty_json(whole: Fields) -> bytes:
    return json.dumps(whole, indent=4, ensure_ascii=False).encode() + b"\n"


def _pretty_xml(fields: Fields) -> bytes:
    root = element_of("mp", fields)
    ET.indent(root)
    body: bytes = ET.tostring(root, encoding="utf-8")
    return DECLARATION + body + b"\n"


def _declared(declaration: bytes) -> Wrapper:
    """Wraps ``write``: another declaration before the XML."""

    def write(
        _service: object, original: Callable[[Codec, Answer], bytes], codec: Codec, answer: Answer
    ) -> bytes:
        body = original(codec, answer)
        if codec is Codec.JSON:
            return body
        return declaration + body.removeprefix(DECLARATION)

    return write


def _typed(json_: str, xml: str) -> Wrapper:
    """Wraps ``content_type``."""

    def content_type(_service: object, _original: object, codec: Codec) -> str:
        return json_ if codec is Codec.JSON else xml

    return content_type


def _as_asked(
    _service: object,
    original: Callable[[SandboxRequest], SandboxResponse],
    request: SandboxRequest,
) -> SandboxResponse:
    response = original(request)
    named = request.header("Content-Type") or "application/json"
    return replace(response, headers=(("Content-Type", named),))


def _more(fields: Fields) -> None:
    fields["biller_ref"] = "0123456789"
    if "desc" in fields:
        fields["desc"]["subscriber_segmentation"] = "R1"
        for holder, name in holders(fields, "desc.tagihan.detail"):
            for bill in holder[name]:
                bill["ppn"] = "0"


def _envelope(change: Callable[[Fields], Fields]) -> Wrapper:
    """Wraps ``envelope``."""

    def envelope(_service: object, original: Callable[[Fields], Fields], fields: Fields) -> Fields:
        return change(original(fields))

    return envelope


def _bare(answer: Answer) -> Answer:
    names = {"response_code", "rc", "message"}
    return replace(answer, fields={k: v for k, v in answer.fields.items() if k in names})


def _plain_payment(fields: Fields) -> None:
    fields.pop("noref", None)
    fields["desc"].pop("lembar_tagihan_sisa")
    for holder, name in holders(fields, "desc.tagihan.detail"):
        for bill in holder[name]:
            del bill["meter_awal"], bill["meter_akhir"]


def _same_answer_again(
    _service: object, original: Callable[[Transaction], Reason], transaction: Transaction
) -> Reason:
    outcome = original(transaction)
    return Reason.PAID if outcome is Reason.PAID_BEFORE else outcome


def _settles_as_failed(
    service: IakService, original: Callable[[Transaction], None], transaction: Transaction
) -> None:
    was_pending = transaction.state is State.PENDING
    original(transaction)
    if was_pending and transaction.state is State.PAID:
        transaction.state, transaction.failure = State.FAILED, Reason.PAYMENT_FAILED
        service.deposit.refund(transaction.ref_id)


def _coded(**codes: str) -> Wrapper:
    """Wraps ``code_of``: other documented codes, by the name of the reason."""

    def code_of(_service: object, original: Callable[[Reason], str], reason: Reason) -> str:
        return codes.get(reason.name, original(reason))

    return code_of


INDONESIAN = {
    Reason.INQUIRED: "CEK TAGIHAN BERHASIL",
    Reason.PAID: "PEMBAYARAN BERHASIL",
    Reason.ALREADY_PAID: "TAGIHAN SUDAH DIBAYAR",
    Reason.DUPLICATE: "REF ID SUDAH DIGUNAKAN",
    Reason.WRONG_NUMBER: "NOMOR TUJUAN SALAH",
    Reason.SIGN: "SIGNATURE TIDAK SESUAI",
    Reason.TIME_OUT: "WAKTU HABIS",
}


def _long_ids(_service: object, original: Callable[[str], int], hp: str) -> int:
    return 7_000_000_000_000 + original(hp)


VARIANTS: tuple[Variant, ...] = (
    variant("keys-backwards", "Fields stand in the opposite order.",
            finish=_everywhere(_backwards), envelope=_envelope(_backwards)),
    variant("pretty", "Answers are written over several lines, and JSON without escapes.",
            write=_written(_pretty_json, _pretty_xml)),
    variant("compact", "JSON is written without spaces.",
            write=_written(
                lambda whole: json.dumps(whole, separators=(",", ":")).encode(),
                lambda fields: DECLARATION + ET.tostring(element_of("mp", fields)),
            )),
    variant("floats", "Amounts are written with a decimal point, as in 302500.0.",
            finish=_everywhere(_floats)),
    variant("float-balance", "balance is written with a decimal point.",
            finish=with_fields(
                lambda fields: fields.update(
                    {"balance": float(fields["balance"])} if "balance" in fields else {}
                ))),
    variant("long-tr-id", "tr_id has thirteen digits.", new_tr_id=_long_ids),
    variant("other-names", "Customers have names with an apostrophe and an ampersand.",
            bill_of=with_bill(lambda bill: replace(bill, tr_name="TOKO MA'RUF & ANAK <JAYA>"))),
    variant("non-ascii-names", "Customers have names outside ASCII.",
            bill_of=with_bill(lambda bill: replace(bill, tr_name="RENÉ ŞAHİN 李"))),
    variant("other-prices", "Every month costs 4,321 rupiah more, and the admin fee is 3,000.",
            bill_of=_months(
                lambda month: replace(
                    month, nilai_tagihan=month.nilai_tagihan + 4_321, admin=3_000
                ))),
    variant("no-admin", "There is no admin fee.",
            bill_of=_months(lambda month: replace(month, admin=0))),
    variant("no-fines", "There are no fines.",
            bill_of=_months(lambda month: replace(month, denda=0))),
    variant("fines-below-zero", "denda is a correction below zero.",
            bill_of=_months(lambda month: replace(month, denda=-1_500))),
    variant("nominal-without-fines", "nominal leaves out the fines.",
            bill_of=with_bill(_without_fines)),
    variant("no-commission", "selling_price is price.",
            bill_of=with_bill(lambda bill: replace(bill, selling_price=bill.price))),
    variant("period-first-and-last", "period of several bills names the first and last month.",
            bill_of=with_bill(_first_and_last)),
    variant("other-tariff", "Customers have another tariff and power.",
            bill_of=with_bill(lambda bill: replace(bill, tarif="B2", daya=16_500))),
    variant("more-fields", "Answers have fields that no document names.",
            finish=with_fields(_more)),
    variant("more-beside-data", "JSON has a further member beside data.",
            envelope=_envelope(lambda whole: whole | {"server": "node-3"})),
    variant("filled-meta", "meta has an element.",
            envelope=_envelope(lambda whole: whole | {"meta": [{"page": 1}]})),
    variant("refusals-http-400", "Every refusal has HTTP 400.",
            http_status=lambda _service, _original, _reason: 400),
    variant("refusals-http-200", "Every refusal has HTTP 200.",
            http_status=lambda _service, _original, _reason: 200),
    variant("refusals-bare", "A refusal has a response code and a message, and nothing else.",
            finish=with_answer(_bare, Kind.REFUSAL)),
    variant("second-payment-same-answer", "A second payment is answered as the first was.",
            settle_payment=_same_answer_again),
    variant("second-payment-rc-01", "A second payment is refused with RC 01.",
            code_of=_coded(PAID_BEFORE="01")),
    variant("paid-rc-34", "A paid invoice is refused with RC 34.",
            code_of=_coded(ALREADY_PAID="34")),
    variant("no-sign-rc-107", "A request without sign is refused with RC 107.",
            code_of=_coded(NO_SIGN="107")),
    variant("pending-costs-later", "A payment in process takes its money when it ends.",
            debit_pending=lambda _service, _original, _transaction: None),
    variant("pending-fails", "A payment in process fails in the end; the money is given back.",
            progress=_settles_as_failed),
    variant("messages-in-indonesian", "Messages are in Indonesian.",
            message_of=lambda _service, original, reason: (
                INDONESIAN.get(reason, original(reason)))),
    variant("plain-payments", "Payments have no noref and no meters.",
            finish=with_fields(_plain_payment, Kind.PAYMENT)),
    variant("charset", "Content-Types have a charset.",
            content_type=_typed("application/json; charset=utf-8",
                                "application/xml; charset=UTF-8")),
    variant("text-xml", "XML answers are text/xml.",
            content_type=_typed("application/json", "text/xml")),
    variant("content-type-as-asked", "Answers have the request's Content-Type.",
            answer=_as_asked),
    variant("xml-undeclared", "XML has no declaration.", write=_declared(b"")),
    variant("xml-encoding-declared", "XML declares its encoding.",
            write=_declared(b'<?xml version="1.0" encoding="UTF-8"?>')),
    *LATER,
    *wire_variants("iak"),
)  # fmt: skip
