"""Variants of Digiswitch: correct but different answers, which no clause may mind."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from kontrak.sandbox.changes import Variant, Wrapper
from kontrak.sandbox.digiswitch import variants_bills
from kontrak.sandbox.digiswitch.codes import Reason, Refusal
from kontrak.sandbox.digiswitch.customers import Customer, Scenario
from kontrak.sandbox.digiswitch.interface import Answer, Kind
from kontrak.sandbox.digiswitch.making import (
    because_of,
    variant,
    with_answer,
    with_bill,
    with_fields,
)
from kontrak.sandbox.digiswitch.service import DigiswitchService
from kontrak.sandbox.digiswitch.transactions import State, Transaction
from kontrak.sandbox.json_body import Fields
from kontrak.sandbox.wire import wire_variants

Step = Callable[[Transaction], None]


def _mapped(value: Any, change: Callable[[Fields], Fields]) -> Any:
    """The value with every object passed through ``change``, innermost first."""
    if isinstance(value, dict):
        return change({key: _mapped(member, change) for key, member in value.items()})
    if isinstance(value, list):
        return [_mapped(member, change) for member in value]
    return value


def _backwards(fields: Fields) -> Fields:
    return dict(reversed(fields.items()))


def _written(**options: Any) -> Wrapper:
    """Wraps ``write``: the same answer in another hand."""

    def write(service: DigiswitchService, _original: object, answer: Answer) -> bytes:
        return json.dumps(service.envelope(answer.fields), **options).encode()

    return write


def _envelope(change: Callable[[Fields], Fields]) -> Wrapper:
    """Wraps ``envelope``."""

    def envelope(_service: object, original: Callable[[Fields], Fields], fields: Fields) -> Fields:
        return change(original(fields))

    return envelope


def _more(fields: Fields) -> None:
    fields["biller_ref"] = "0123456789"
    if "desc" in fields:
        fields["desc"]["segmen"] = "R1"
        for detail in fields["desc"].get("detail", ()):
            detail["ppn"] = "PPN"


def _only(*names: str) -> Callable[[Answer], Answer]:
    def edit(answer: Answer) -> Answer:
        kept = {name: value for name, value in answer.fields.items() if name in names}
        return replace(answer, fields=kept)

    return edit


def _with_sn(change: Callable[[str], str]) -> Wrapper:
    """Wraps ``finish``: another sn of what is paid, wherever it is reported."""

    def edit(fields: Fields) -> None:
        if "sn" in fields:
            fields["sn"] = change(fields["sn"])

    return with_fields(edit, None, because_of(Reason.PAID))


# Failures

NOTHING = ("name", "admin", "sn", "balance", "price", "selling_price", "desc")


def _with_balance(
    service: DigiswitchService,
    original: Callable[..., Answer],
    kind: Kind,
    reason: Reason,
    transaction: Transaction,
    fields: Fields,
) -> Answer:
    answer = original(kind, reason, transaction, fields)
    if reason is not Reason.PAYMENT_FAILED:
        return answer
    return replace(answer, fields=answer.fields | {"balance": float(service.deposit.balance)})


# Time and repetition


def _pending_first(
    service: DigiswitchService, original: Callable[[Transaction], Reason], transaction: Transaction
) -> Reason:
    reason = original(transaction)
    if reason is not Reason.PAID:
        return reason
    transaction.state, transaction.settles_at = State.PENDING, service.clock.now()
    return Reason.PENDING


def _ending_soon(
    service: DigiswitchService, original: Callable[[Transaction], Reason], transaction: Transaction
) -> Reason:
    reason = original(transaction)
    if transaction.state is State.PENDING:
        transaction.settles_at = service.clock.now()
    return reason


def _without_status(_service: object, original: Callable[[Fields], str], fields: Fields) -> str:
    command = original(fields)
    if command == "status-pasca":
        raise Refusal(Reason.COMMAND)
    return command


def _later(service: DigiswitchService, original: Step, transaction: Transaction) -> None:
    before = transaction.state
    original(transaction)
    if before is State.PENDING and transaction.state is State.PAID:
        transaction.balance = service.deposit.balance


def _current_balance(service: DigiswitchService, _original: object, *_about: object) -> int:
    return service.deposit.balance


def _paid_again_refused(
    _service: object, original: Callable[[Transaction], Reason], transaction: Transaction
) -> Reason:
    if transaction.state in {State.PAID, State.FAILED, State.PENDING}:
        raise Refusal(Reason.DUPLICATE)
    return original(transaction)


def _inquired_once(_service: object, _original: object, *_about: object) -> Transaction:
    raise Refusal(Reason.DUPLICATE)


def _led(scenario: Scenario) -> Wrapper:
    """Wraps ``customer_of``: pending payments all have this end."""

    def customer_of(
        _service: object,
        original: Callable[[str, str], Customer | None],
        code: str,
        customer_no: str,
    ) -> Customer | None:
        found = original(code, customer_no)
        pending = {Scenario.PENDING_SUCCEEDS, Scenario.PENDING_FAILS}
        if found is None or found.scenario not in pending:
            return found
        return replace(found, scenario=scenario)

    return customer_of


def _digits_alone(
    _service: object,
    original: Callable[[str, str], Customer | None],
    code: str,
    customer_no: str,
) -> Customer | None:
    if "," in customer_no:
        return original(code, customer_no)
    digits = "".join(mark for mark in customer_no if mark.isascii() and mark.isdigit())
    return original(code, digits)


def _by_itself(
    service: DigiswitchService, original: Callable[[Fields], Transaction], fields: Fields
) -> Transaction:
    if fields["ref_id"] not in service.by_ref_id:
        return service.opened(fields)
    return original(fields)


def _coded(**codes: str) -> Wrapper:
    """Wraps ``code_of``: other codes of the family, by the name of the reason."""

    def code_of(_service: object, original: Callable[[Reason], str], reason: Reason) -> str:
        return codes.get(reason.name, original(reason))

    return code_of


WORDS = {
    Reason.INQUIRED: "Cek Tagihan Berhasil",
    Reason.PAID: "Pembayaran Berhasil",
    Reason.PAYMENT_FAILED: "Pembayaran Tidak Berhasil",
    Reason.PENDING: "Transaksi Sedang Diproses",
    Reason.DUPLICATE: "Ref ID sudah digunakan",
}

FAILED = because_of(Reason.PAYMENT_FAILED, Reason.INQUIRY_FAILED)
BARE = _only("ref_id", "customer_no", "code", "message", "status", "rc")

WRITING = (
    variant("keys-backwards", "Fields stand in the opposite order.",
            envelope=_envelope(lambda whole: _mapped(whole, _backwards))),
    variant("pretty", "JSON is written over several lines, without escapes.",
            write=_written(indent=4, ensure_ascii=False)),
    variant("compact", "JSON is written without spaces.", write=_written(separators=(",", ":"))),
    variant("charset", "The Content-Type has a charset.",
            content_type=lambda _service, _original: "application/json; charset=utf-8"),
    variant("more-fields", "Answers have fields that no document names.",
            finish=with_fields(_more)),
    variant("more-beside-data", "There is a further member beside data.",
            envelope=_envelope(lambda whole: whole | {"server": "node-3"})),
    variant("float-balance", "balance is written with a decimal point.",
            finish=with_fields(lambda fields: fields.update(
                {"balance": float(fields["balance"])} if "balance" in fields else {}))),
    variant("other-names", "Customers have names with an apostrophe and an ampersand.",
            bill_of=with_bill(lambda bill: replace(bill, name="TOKO MA'RUF & ANAK <JAYA>"))),
    variant("non-ascii-names", "Customers have names outside ASCII.",
            bill_of=with_bill(lambda bill: replace(bill, name="RENÉ ŞAHİN 李"))),
    variant("sn-empty", "Payments have an empty sn, as five of the document's examples.",
            finish=_with_sn(lambda _: "")),
    variant("sn-long", "sn is made of several words.",
            finish=_with_sn(lambda sn: f"{sn}/SITI RAHAYU/R1/1300VA")),
    variant("messages-in-other-words", "Messages are in other words.",
            message_of=lambda _service, original, reason: WORDS.get(reason, original(reason))),
    variant("refusals-http-400", "Every refusal has HTTP 400.",
            http_status=lambda _service, _original, _reason: 400),
    variant("refusals-http-200", "Every refusal has HTTP 200.",
            http_status=lambda _service, _original, _reason: 200),
    variant("refusals-bare", "A refusal has rc, message and status, and nothing else.",
            finish=with_answer(_only("rc", "message", "status"), Kind.REFUSAL)),
    variant("payments-http-201", "A payment that succeeds is answered with HTTP 201.",
            finish=with_answer(
                lambda answer: replace(answer, status=201), Kind.PAYMENT, because_of(Reason.PAID)
            )),
    variant("failures-with-amounts", "A failed payment has fields of the bill with zeros.",
            finish=with_fields(lambda fields: fields.update(
                name="", admin=0, sn="", price=0, selling_price=0), Kind.PAYMENT, FAILED)),
    variant("failures-with-nulls", "A failed payment or inquiry has null for what there is not.",
            finish=with_fields(lambda fields: fields.update(dict.fromkeys(NOTHING)), None, FAILED)),
    variant("failures-with-balance", "A failed payment says the balance, a Float.",
            reported=_with_balance),
    variant("failures-http-400", "A payment or an inquiry that fails has HTTP 400.",
            finish=with_answer(lambda answer: replace(answer, status=400), None, FAILED)),
    variant("failed-inquiry-bare", "A failed inquiry has rc and message, and nothing else.",
            finish=with_answer(_only("rc", "message"), Kind.INQUIRY, FAILED)),
    variant("refusals-rc-and-message", "A refusal has rc and message, and nothing else.",
            finish=with_answer(_only("rc", "message"), Kind.REFUSAL)),
    variant("refusals-http-401", "Every refusal has HTTP 401.",
            http_status=lambda _service, _original, _reason: 401),
    variant("refusals-http-403", "Every refusal has HTTP 403.",
            http_status=lambda _service, _original, _reason: 403),
    variant("status-small", "status is in small letters in every answer.",
            finish=with_fields(lambda fields: fields.update(
                {"status": fields["status"].lower()} if "status" in fields else {}))),
    variant("failures-desc-empty-array", "desc of what is not paid is [].",
            finish=with_fields(lambda fields: fields.update(desc=[]), None,
                               because_of(Reason.PAYMENT_FAILED, Reason.PENDING))),
    variant("customer-no-with-marks", "What is no digit is stripped from a customer number.",
            customer_of=_digits_alone),
    variant("pending-bare", "A payment in process has nothing of the bill.",
            finish=with_answer(BARE, None, because_of(Reason.PENDING))),
    variant("status-bare", "status-pasca has nothing of the bill.",
            finish=with_answer(BARE, Kind.STATUS)),
)  # fmt: skip

STATE = (
    variant("balance-now", "A repeated answer shows the present balance.",
            shown_balance=_current_balance),
    variant("balance-with-sen", "balance has a quarter of a rupiah.",
            shown_balance=lambda _service, original, *about: original(*about) + 0.25),
    variant("pending-first", "Every payment is in process at first, and ended when asked again.",
            first_payment=_pending_first),
    variant("pending-ends-soon", "A payment in process has ended when the next request comes.",
            first_payment=_ending_soon),
    variant("no-status", "There is no status-pasca.", command_of=_without_status),
    variant("pending-costs-later", "A payment in process takes its money when it ends.",
            debit_pending=lambda _service, _original, _transaction: None, progress=_later),
    variant("pending-all-succeed", "Every payment in process succeeds in the end.",
            customer_of=_led(Scenario.PENDING_SUCCEEDS)),
    variant("pending-all-fail", "Every payment in process fails in the end.",
            customer_of=_led(Scenario.PENDING_FAILS)),
    variant("second-payment-refused", "A second payment of a ref_id is refused with rc 49.",
            settle_payment=_paid_again_refused),
    variant("second-inquiry-refused", "A second inquiry with a ref_id is refused with rc 49.",
            reopened=_inquired_once),
    variant("payment-without-inquiry", "A ref_id may be paid without an inquiry.",
            find_payable=_by_itself),
    variant("no-sign-rc-40", "A request without sign is refused with rc 40.",
            code_of=_coded(NO_SIGN="40")),
    variant("failed-rc-70", "A payment fails with the biller's time out, rc 70.",
            code_of=_coded(PAYMENT_FAILED="70")),
    variant("pending-rc-99", "A payment in process has rc 99.", code_of=_coded(PENDING="99")),
    variant("wrong-number-rc-60", "An unknown customer number has no bill, rc 60.",
            code_of=_coded(WRONG_NUMBER="60", INQUIRY_FAILED="60")),
    variant("unpaid-status-rc-88", "status-pasca of an unpaid bill is refused with rc 88.",
            code_of=_coded(NOT_PAID="88")),
)  # fmt: skip

VARIANTS: tuple[Variant, ...] = (
    *WRITING,
    *variants_bills.VARIANTS,
    *STATE,
    *wire_variants("digiswitch"),
)
