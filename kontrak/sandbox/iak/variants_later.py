"""Variants of IAK's later answers: payments and checkstatus that are correct and different."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from kontrak.sandbox.changes import Variant
from kontrak.sandbox.edits import holders
from kontrak.sandbox.iak.bills import Scenario
from kontrak.sandbox.iak.codec import Codec, Fields
from kontrak.sandbox.iak.codes import Reason
from kontrak.sandbox.iak.interface import Answer, Kind
from kontrak.sandbox.iak.making import because_of, variant, with_fields, with_values
from kontrak.sandbox.iak.partial import first_four, reporting_four
from kontrak.sandbox.iak.service import IakService
from kontrak.sandbox.iak.transactions import Transaction

PAID = because_of(Reason.PAID)
PENDING = because_of(Reason.PENDING)
FAILED = because_of(Reason.PAYMENT_FAILED, Reason.BILLER_ERROR)
NAMES = ("response_code", "message", "status")


def _not_paid(answer: Answer) -> bool:
    return not PAID(answer)


def _newest_first(fields: Fields) -> None:
    if isinstance(fields.get("desc"), dict):
        fields["desc"]["tagihan"]["detail"].reverse()


def _no_ref(fields: Fields) -> None:
    if "noref" in fields:
        fields["no_ref"] = fields.pop("noref")


def _plain(fields: Fields) -> None:
    fields.pop("noref", None)
    fields["desc"].pop("lembar_tagihan_sisa")
    for holder, name in holders(fields, "desc.tagihan.detail"):
        for bill in holder[name]:
            del bill["meter_awal"], bill["meter_akhir"]


def _only(*names: str) -> Callable[[Fields], None]:
    def edit(fields: Fields) -> None:
        for name in [name for name in fields if name not in names]:
            del fields[name]

    return edit


def _reported_in_full(
    service: IakService, original: Callable[..., Answer], *arguments: Any
) -> Answer:
    """Wraps ``finish``: a payment that fails reports the whole bill beside its RC."""
    answer = original(*arguments)
    if answer.kind is not Kind.REFUSAL or not FAILED(answer):
        return answer
    codec: Codec = arguments[0]
    transaction = service.by_ref_id[answer.fields["ref_id"]]
    shown = service.shown_payment(transaction, codec, answer.reason)
    return replace(answer, fields=shown | {"noref": ""})


def _no_fine(fields: Fields) -> None:
    if not isinstance(fields.get("desc"), dict):
        return
    for holder, name in holders(fields, "desc.tagihan.detail"):
        for bill in holder[name]:
            bill["denda"] = "" if bill["denda"] == "0" else bill["denda"]


def _ended_at_once(
    service: IakService, original: Callable[[Transaction], Reason], transaction: Transaction
) -> Reason:
    outcome = original(transaction)
    if outcome is Reason.PENDING:
        transaction.settles_at = service.clock.now()
    return outcome


def _coded_rc(fields: Fields) -> None:
    if "response_code" in fields:
        fields["rc"] = fields.pop("response_code")


def _refusals_bare(
    _service: object, original: Callable[[Fields], Fields], fields: Fields
) -> Fields:
    """Wraps ``envelope``: what carries no bill and no success stands without data."""
    code = fields.get("response_code", fields.get("rc"))
    return original(fields) if code == "00" or "price" in fields else fields


def _commands_in_any_case(
    _service: object, original: Callable[[Fields], str], fields: Fields
) -> str:
    named = fields.get("commands")
    return original(fields | {"commands": named.lower()} if isinstance(named, str) else fields)


def _digits_alone(_service: object, original: Callable[[str], Scenario], hp: str) -> Scenario:
    return original("".join(mark for mark in hp if mark.isascii() and mark.isdigit()))


SHAPES = (
    variant("status-desc-empty-array", "desc of what is not paid is [] in checkstatus.",
            finish=with_values(Kind.STATUS, Codec.JSON, _not_paid, desc=[])),
    variant("refusals-rc", "Refusals have rc in place of response_code.",
            finish=with_fields(_coded_rc, Kind.REFUSAL)),
    variant("refusals-without-data", "In JSON, refusals have no data around them.",
            envelope=_refusals_bare),
    variant("refusals-rc-without-data", "In JSON, refusals have rc and no data around them.",
            finish=with_fields(_coded_rc, Kind.REFUSAL), envelope=_refusals_bare),
    variant("fines-empty", "denda is empty where there is none.",
            finish=with_fields(_no_fine)),
    variant("pending-ends-soon", "A payment in process has ended when the next request comes.",
            first_payment=_ended_at_once),
    variant("commands-in-any-case", "The letter case of commands does not matter.",
            command_of=_commands_in_any_case),
    variant("hp-with-marks", "What is no digit is stripped from a customer number.",
            scenario_of=_digits_alone),
)  # fmt: skip

VARIANTS: tuple[Variant, ...] = (
    *SHAPES,
    variant("pays-four-at-most", "Of eight bills a payment pays four, and says that four are left.",
            first_payment=first_four, finish=reporting_four()),
    variant("newest-bill-first", "The bills of every answer come with the newest first.",
            finish=with_fields(_newest_first)),
    variant("payments-newest-first", "The bills of payments come with the newest first.",
            finish=with_fields(_newest_first, Kind.PAYMENT)),
    variant("status-without-desc", "desc is empty in checkstatus of what is not paid.",
            finish=with_values(Kind.STATUS, None, _not_paid, desc="")),
    variant("no-ref", "In XML, noref of a payment is called no_ref.",
            finish=with_fields(_no_ref, Kind.PAYMENT, Codec.XML)),
    variant("status-empty-noref", "noref is empty in checkstatus of what is not paid.",
            finish=with_values(Kind.STATUS, None, _not_paid, noref="")),
    variant("plain-status", "checkstatus has no noref and no meters.",
            finish=with_fields(_plain, Kind.STATUS)),
    variant("bare-pending", "A payment in process is answered with RC and message alone.",
            finish=with_fields(_only(*NAMES), Kind.PAYMENT, None, PENDING)),
    variant("bare-status", "checkstatus of what is not paid has status, RC, message and tr_id.",
            finish=with_fields(_only(*NAMES, "tr_id"), Kind.STATUS, None, _not_paid)),
    variant("failed-payments-in-full", "A payment that fails reports the whole bill.",
            finish=_reported_in_full),
)  # fmt: skip
