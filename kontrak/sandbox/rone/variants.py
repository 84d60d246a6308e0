"""Variants of both interfaces: correct but different answers, which no clause may mind."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from kontrak.sandbox.changes import Variant, Wrapper
from kontrak.sandbox.rone.account import PartnerAccount
from kontrak.sandbox.rone.bills import Aim, Bill
from kontrak.sandbox.rone.json_interface import Answer, Fields, Kind
from kontrak.sandbox.rone.json_service import JsonService
from kontrak.sandbox.rone.making import done, rows_of, variant, with_answer, with_document
from kontrak.sandbox.rone.products import Product
from kontrak.sandbox.rone.reasons import Reason, Refusal
from kontrak.sandbox.rone.text_service import TEMPLATES, Line, TextService
from kontrak.sandbox.rone.text_service import Kind as TextKind
from kontrak.sandbox.rone.transactions import State, Transaction
from kontrak.sandbox.rone.variants_answers import HTTPGET_ANSWERS, RQID_ANSWERS
from kontrak.sandbox.rone.variants_lists import LISTS, busy_day
from kontrak.sandbox.rone.variants_midnight import HTTPGET_MIDNIGHTS, RQID_MIDNIGHTS
from kontrak.sandbox.wire import wire_variants

ROWS = (Kind.CATEGORIES, Kind.PRODUCTS, Kind.HISTORY, Kind.MUTATIONS)


def _mapped(value: Any, change: Callable[[Fields], Fields]) -> Any:
    """The value with every object passed through ``change``, innermost first."""
    if isinstance(value, dict):
        return change({key: _mapped(member, change) for key, member in value.items()})
    if isinstance(value, list):
        return [_mapped(member, change) for member in value]
    return value


def _everywhere(change: Callable[[Fields], Fields]) -> Wrapper:
    return with_answer(lambda answer: replace(answer, document=_mapped(answer.document, change)))


def _backwards(fields: Fields) -> Fields:
    return dict(reversed(fields.items()))


def _more(fields: Fields) -> Fields:
    return {**fields, "server": "node-3"}


def _written(write: Callable[[Fields], bytes]) -> Wrapper:
    """Wraps ``write``."""
    return lambda _service, _original, document: write(document)


def _typed(content_type: str) -> Wrapper:
    """Wraps ``content_type``."""
    return lambda _service, _original: content_type


def _linked(document: Fields) -> None:
    data = document["data"]
    if isinstance(data, dict):
        meta = data["meta"]
        page, last = meta["current_page"], meta["last_page"]
        base = "https://api.example.com/V1/api?page="
        data["links"] = {
            "first": f"{base}1",
            "last": f"{base}{last}",
            "prev": f"{base}{page - 1}" if page > 1 else None,
            "next": f"{base}{page + 1}" if page < last else None,
        }


def _newest_first(document: Fields) -> None:
    rows_of(document).reverse()


def _swapped(document: Fields) -> None:
    for row in rows_of(document):
        row["debit"], row["credit"] = row["credit"], row["debit"]


def _with_status(document: Fields) -> None:
    numbers = {"success": 1, "failed": 11, "process": 2}
    for row in rows_of(document):
        row["status"] = numbers[row["status_label"]]


def _as_list(document: Fields) -> None:
    document["data"] = [document["data"]]


def _ref_2_everywhere(document: Fields) -> None:
    document["data"].setdefault("ref_2", f"P-{document['data']['ref_1']}")


def _dearer(_account: PartnerAccount, original: Callable[[Product], int], product: Product) -> int:
    return original(product) + 125


def _other_bill(_account: PartnerAccount, original: Callable[[Aim], Bill], aim: Aim) -> Bill:
    bill = original(aim)
    # A credit card is paid as much as was asked for.
    more = 0 if aim.product.code == "KKBCA" else 12_345
    return replace(bill, nama="TOKO MA'RUF & ANAK", tagihan=bill.tagihan + more)


def _without_admin(_account: PartnerAccount, original: Callable[[Aim], Bill], aim: Aim) -> Bill:
    return replace(original(aim), admin=0)


def _non_ascii(_account: PartnerAccount, original: Callable[[Aim], Bill], aim: Aim) -> Bill:
    return replace(original(aim), nama="RENÉ ŞAHİN")


def _always_in_process_first(
    _account: PartnerAccount,
    original: Callable[[Transaction], tuple[State, Reason]],
    transaction: Transaction,
) -> tuple[State, Reason]:
    outcome = original(transaction)
    return (State.PENDING, Reason.PENDING) if outcome[0] is State.SUCCESS else outcome


def _ends_by_itself(
    _account: PartnerAccount,
    original: Callable[[Transaction], tuple[State, Reason]],
    transaction: Transaction,
) -> tuple[State, Reason]:
    try:
        return original(transaction)
    except KeyError:  # a purchase that would have succeeded at once
        return State.SUCCESS, Reason.SUCCESS


def _costs_at_the_end(
    _account: PartnerAccount, _original: object, _transaction: object, _moment: object
) -> None:
    """Wraps ``take_pending``: what is in process has not cost anything yet."""


def _refused_at_once(
    service: JsonService, original: Callable[..., Answer], *arguments: Any
) -> Answer:
    """Wraps ``shown_purchase``: a purchase that fails is reported as a refusal."""
    answer = original(*arguments)
    if answer.reason in {Reason.FAILED, Reason.WRONG_NUMBER}:
        return service.refused(answer.reason)
    return answer


def _status_of(status: int) -> Wrapper:
    return lambda _service, _original, _reason: status


def _label(**words: str) -> Wrapper:
    """Wraps ``finish``: other words for states."""

    def change(fields: Fields) -> Fields:
        label = fields.get("status_label")
        return fields | {"status_label": words[label]} if label in words else fields

    return _everywhere(change)


def _three_for_two(fields: Fields) -> Fields:
    return fields | {"status": 3} if fields.get("status") == 2 else fields


def _lines(change: Callable[[Line], Line]) -> Wrapper:
    def finish(_service: object, original: Callable[[Line], Line], line: Line) -> Line:
        return change(original(line))

    return finish


def _without_part(line: Line) -> Line:
    short = {
        name: str(line.values[name]).partition("@")[0]
        for name in ("product", "dest")
        if name in line.values
    }
    return replace(line, values={**line.values, **short})


def _bill_without_sn(line: Line) -> Line:
    about = line.transaction
    if line.kind is TextKind.STATUS and line.is_success and about is not None and about.bill:
        return replace(line, template=line.template.replace(" SN:{sn}", ""))
    return line


def _last_message(line: Line) -> Line:
    """The STATUS of a success is the message of the purchase once more."""
    about = line.transaction
    if line.kind is not TextKind.STATUS or not line.is_success or about is None:
        return line
    kind = TextKind.TRX if about.bill is None else TextKind.BAYAR
    return replace(line, template=TEMPLATES[kind])


def _other_refusal(line: Line) -> Line:
    if line.is_success or line.transaction is not None:
        return line
    return replace(line, template="Maaf, permintaan ditolak ({message}).")


def _status_by_ref(
    _service: TextService,
    original: Callable[..., Transaction],
    ref: str,
    code: str,
    customer: str,
    account: PartnerAccount,
) -> Transaction:
    try:
        return original(ref, code, customer, account)
    except Refusal:
        return account.find(ref)


def _long_serial(
    _account: PartnerAccount, original: Callable[[Transaction], str], one: Transaction
) -> str:
    return f"{original(one)}-{one.number}/R1/900VA"


def _shared(provider: str) -> tuple[Variant, ...]:
    """Variants of the platform, seen through either interface."""
    return (
        variant(f"{provider}-other-prices", "Products cost 125 rupiah more.",
          account_price_of=_dearer),
        variant(f"{provider}-other-bills", "Bills have other names and amounts.",
                account_bill_of=_other_bill),
        variant(f"{provider}-no-admin", "Bills have no admin fee.", account_bill_of=_without_admin),
        variant(f"{provider}-names-outside-ascii", "Customers have names outside ASCII.",
                account_bill_of=_non_ascii),
        variant(f"{provider}-first-in-process",
                "Whatever succeeds is in process until five minutes are over.",
                account_outcome_of=_always_in_process_first, account_final_of=_ends_by_itself),
        variant(f"{provider}-costs-at-the-end", "What is in process takes its money when it ends.",
                account_take_pending=_costs_at_the_end),
        variant(f"{provider}-long-serial", "Serial numbers have dashes and slashes.",
                account_serial_of=_long_serial),
        *wire_variants(provider),
    )  # fmt: skip


RQID_VARIANTS: tuple[Variant, ...] = (
    *_shared("rqid"),
    *LISTS,
    *RQID_MIDNIGHTS,
    *RQID_ANSWERS,
    variant("rqid-keys-backwards", "Fields stand in the opposite order.",
            finish=_everywhere(_backwards)),
    variant("rqid-more-fields", "Answers have fields that no document names.",
            finish=_everywhere(_more)),
    variant("rqid-pretty", "Answers are written over several lines, without escapes.",
            write=_written(lambda one: json.dumps(one, indent=2, ensure_ascii=False).encode())),
    variant("rqid-compact", "Answers are written without spaces.",
            write=_written(lambda one: json.dumps(one, separators=(",", ":")).encode())),
    variant("rqid-charset", "The Content-Type has a charset.",
            content_type=_typed("application/json; charset=utf-8")),
    variant("rqid-links", "Links are addresses.",
            finish=with_document(_linked, Kind.PRODUCTS, Kind.HISTORY)),
    variant("rqid-newest-first", "Mutations begin with the newest.",
            finish=with_document(_newest_first, Kind.MUTATIONS)),
    variant("rqid-history-with-status", "The history has the number of the status.",
            finish=with_document(_with_status, Kind.HISTORY)),
    variant("rqid-byref-list", "The history of a ref_1 is an array.",
            finish=with_document(_as_list, Kind.HISTORY_ONE, when=done)),
    variant("rqid-lists-with-rc", "Categories, products, history and mutations have an rc.",
            finish=with_document(lambda one: one.update(rc="00"), *ROWS)),
    variant("rqid-ref-2-everywhere", "A topup has a ref_2 as well.",
            finish=with_document(_ref_2_everywhere, Kind.TOPUP, when=done)),
    variant("rqid-refusals-http-200", "Every refusal has HTTP 200.", http_status=_status_of(200)),
    variant("rqid-refusals-http-400", "Every refusal has HTTP 400.", http_status=_status_of(400)),
    variant("rqid-refused-at-once", "A purchase that fails is answered with a refusal.",
            shown_purchase=_refused_at_once),
    variant("rqid-labelled-pending", "What is in process is labelled pending.",
            finish=_label(process="pending")),
    variant("rqid-pending-is-three", "What is in process has status 3.",
            finish=_everywhere(_three_for_two)),
    variant("rqid-debits-as-debits", "Purchases are debits and deposits credits.",
            finish=with_document(_swapped, Kind.MUTATIONS)),
)  # fmt: skip

HTTPGET_VARIANTS: tuple[Variant, ...] = (
    *_shared("httpget"),
    busy_day("httpget"),
    *HTTPGET_MIDNIGHTS,
    *HTTPGET_ANSWERS,
    variant("httpget-echo-without-part", "Texts leave out what stands behind an @.",
            finish=_lines(_without_part)),
    variant("httpget-status-without-sn", "The STATUS text of a bill has no SN.",
            finish=_lines(_bill_without_sn)),
    variant("httpget-status-last-message", "A status repeats the message of the purchase.",
            finish=_lines(_last_message)),
    variant("httpget-other-refusals", "Requests are refused in other words.",
            finish=_lines(_other_refusal)),
    variant("httpget-refusals-http-400", "Every refusal has HTTP 400.",
            http_status=_status_of(400)),
    variant("httpget-status-by-ref", "A status is keyed by its refID alone.",
            asked_about=_status_by_ref),
    variant("httpget-plain-type", "The Content-Type has no charset.",
            content_type=_typed("text/plain")),
    variant("httpget-html-type", "Texts are sent as text/html.",
            content_type=_typed("text/html; charset=UTF-8")),
)  # fmt: skip
