"""Variants of IAK's later answers: payments and checkstatus that are correct and different."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from kontrak.sandbox.changes import Variant
from kontrak.sandbox.edits import holders
from kontrak.sandbox.iak.codec import Codec, Fields
from kontrak.sandbox.iak.codes import Reason
from kontrak.sandbox.iak.interface import Answer, Kind
from kontrak.sandbox.iak.making import because_of, variant, with_fields, with_values
from kontrak.sandbox.iak.partial import first_four, telling_four
from kontrak.sandbox.iak.service import IakService

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


def _told_in_full(service: IakService, original: Callable[..., Answer], *arguments: Any) -> Answer:
    """Wraps ``finish``: a payment that fails tells the whole bill beside its RC."""
    answer = original(*arguments)
    if answer.kind is not Kind.REFUSAL or not FAILED(answer):
        return answer
    codec: Codec = arguments[0]
    transaction = service.by_ref_id[answer.fields["ref_id"]]
    shown = service.shown_payment(transaction, codec, answer.reason)
    return replace(answer, fields=shown | {"noref": ""})


VARIANTS: tuple[Variant, ...] = (
    variant("pays-four-at-most", "Of eight bills a payment pays four, and says that four are left.",
            first_payment=first_four, finish=telling_four()),
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
    variant("failed-payments-in-full", "A payment that fails tells the whole bill.",
            finish=_told_in_full),
)  # fmt: skip
