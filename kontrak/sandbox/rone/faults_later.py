"""Faults of looking back through JSON: status, history by ref_1, and the history list."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from kontrak.sandbox.changes import Fault, Wrapper
from kontrak.sandbox.rone import acts
from kontrak.sandbox.rone.account import PartnerAccount
from kontrak.sandbox.rone.acts import of, prepaid
from kontrak.sandbox.rone.bills import Scenario
from kontrak.sandbox.rone.faults_catalogue import filter_ignored, paged, size_ignored, with_meta
from kontrak.sandbox.rone.json_interface import Answer, Fields, Kind
from kontrak.sandbox.rone.json_service import JsonService
from kontrak.sandbox.rone.making import (
    charge,
    charging,
    done,
    failed,
    fault,
    in_process,
    plus,
    with_data,
    with_document,
    with_rows,
)
from kontrak.sandbox.rone.reasons import Reason, Refusal
from kontrak.sandbox.rone.transactions import State, Transaction

STATUS, ONE, HISTORY = Kind.STATUS, Kind.HISTORY_ONE, Kind.HISTORY
LookUp = Callable[[Kind, Fields, PartnerAccount], Answer]
Days = Callable[[Fields, date], tuple[date, date]]


def _on_unknown(
    kind: Kind, other: Callable[[JsonService, Fields, PartnerAccount], Answer | None]
) -> Wrapper:
    """Wraps ``look_up``: an unknown or missing ref_1 is answered otherwise."""

    def look_up(
        service: JsonService, original: LookUp, asked: Kind, fields: Fields, account: PartnerAccount
    ) -> Answer:
        try:
            return original(asked, fields, account)
        except Refusal as refusal:
            unknown = refusal.reason is Reason.UNKNOWN_REF
            answer = other(service, fields, account) if asked is kind and unknown else None
            if answer is None:
                raise
            return answer

    return look_up


def _any_status(service: JsonService, fields: Fields, _account: PartnerAccount) -> Answer:
    data = {"ref_1": fields["ref_1"], "product_code": "-", "status": 2, "status_label": "process"}
    whole = service.with_rc(STATUS, Reason.PENDING, data | {"msg": "TRX DIPROSES"})
    return Answer(STATUS, Reason.PENDING, whole)


def _never_used(service: JsonService, fields: Fields, _account: PartnerAccount) -> Answer | None:
    # A reference of the other partner is not one that was never used.
    platform = service.platform
    if fields["ref_1"] in {*platform.main.by_ref, *platform.signed.by_ref}:
        return None
    return _any_status(service, fields, _account)


def _others(kind: Kind) -> Callable[[JsonService, Fields, PartnerAccount], Answer | None]:
    """What another partner's account says of the reference, if it knows it."""

    def other(service: JsonService, fields: Fields, account: PartnerAccount) -> Answer | None:
        platform = service.platform
        theirs = platform.main if account is platform.signed else platform.signed
        if fields["ref_1"] not in theirs.by_ref:
            return None
        return service.look_up(kind, fields, theirs)

    return other


def _latest(service: JsonService, fields: Fields, account: PartnerAccount) -> Answer | None:
    if fields["ref_1"] in service.platform.signed.by_ref or account is service.platform.signed:
        return None
    last = account.purchases()[-1]
    return service.look_up(ONE, {**fields, "ref_1": last.ref}, account)


def _without_ref(
    _service: object, original: LookUp, kind: Kind, fields: Fields, account: PartnerAccount
) -> Answer:
    if kind is STATUS and not fields.get("ref_1"):
        fields = {**fields, "ref_1": account.purchases()[-1].ref}
    return original(kind, fields, account)


def _becomes(state: State, reason: Reason, before: State) -> Wrapper:
    """Wraps ``find``: what is asked about again and again changes its final state."""

    def change(_account: PartnerAccount, transaction: Transaction) -> None:
        if transaction.asked > 5 and transaction.state is before:
            transaction.state, transaction.reason = state, reason

    return acts.found(change)


def _charged_when_asked(account: PartnerAccount, transaction: Transaction) -> None:
    if transaction.asked > 1:
        charge(account, 1)


def _previous(
    _service: object, original: LookUp, kind: Kind, fields: Fields, account: PartnerAccount
) -> Answer:
    if kind is not ONE or fields["ref_1"] not in account.by_ref:
        return original(kind, fields, account)
    refs = [one.ref for one in account.purchases()]
    place = refs.index(fields["ref_1"]) if fields["ref_1"] in refs else 0
    return original(kind, {**fields, "ref_1": refs[place - 1]}, account)


def _days(change: Callable[[Fields, date, date, date], tuple[date, date]]) -> Wrapper:
    """Wraps ``days``: ``change(fields, today, first, last)`` makes other days."""

    def days(_service: object, original: Days, fields: Fields, today: date) -> tuple[date, date]:
        return change(fields, today, *original(fields, today))

    return days


def _by_default(fields: Fields) -> bool:
    return not any(fields.get(name) for name in ("date", "start_date", "end_date"))


def _status_filter(*numbers: str) -> Wrapper:
    """Wraps ``keeps_purchase``: status with one of these values is ignored."""

    def keeps(
        _service: object,
        original: Callable[..., bool],
        name: str,
        wanted: str,
        purchase: Transaction,
    ) -> bool:
        return (name == "status" and wanted in numbers) or original(name, wanted, purchase)

    return keeps


def _status_loses(state: State, rule: Callable[[Transaction], bool]) -> Wrapper:
    """Wraps ``keeps_purchase``: the filter of this state loses some purchases."""

    def keeps(
        _service: object,
        original: Callable[..., bool],
        name: str,
        wanted: str,
        purchase: Transaction,
    ) -> bool:
        lost = name == "status" and purchase.state is state and rule(purchase)
        return original(name, wanted, purchase) and not lost

    return keeps


def _in_days(change: Callable[[date, date, date], bool], kind: Kind) -> Wrapper:
    """Wraps ``in_days`` for one kind of list."""

    def in_days(
        _service: object,
        original: Callable[[date, date, date, Kind], bool],
        first: date,
        day: date,
        last: date,
        asked: Kind,
    ) -> bool:
        return change(first, day, last) if asked is kind else original(first, day, last, asked)

    return in_days


def _purchases(change: Callable[[list[Transaction]], list[Transaction]]) -> Wrapper:
    """Wraps ``purchases``: another list."""

    def purchases(
        _service: object,
        original: Callable[[Fields, PartnerAccount], list[Transaction]],
        fields: Fields,
        account: PartnerAccount,
    ) -> list[Transaction]:
        return change(original(fields, account))

    return purchases


def _any_size(
    service: JsonService, original: Callable[[Fields, Kind], int], fields: Fields, kind: Kind
) -> int:
    return service.number(fields, "per_page", 50) if kind is HISTORY else original(fields, kind)


STATUSES = (
    fault("rqid-status-echo-ref", "RQID-STATUS-ECHO-REF", "Status: ref_1 is the platform's own.",
          finish=with_data(STATUS, ref_1=lambda ref: f"T-{ref}")),
    fault("rqid-status-echo-product", "RQID-STATUS-ECHO-PRODUCT",
          "product_code is the operator's.", finish=with_data(STATUS, product_code="INDOSAT")),
    fault("rqid-status-label-failed", "RQID-STATUS-LABELS", "11 is labelled gagal.",
          finish=with_data(STATUS, when=failed, status_label="gagal")),
    fault("rqid-status-label-pending", "RQID-STATUS-LABELS", "2 is labelled success.",
          finish=with_data(STATUS, when=in_process, status_label="success")),
    fault("rqid-status-success-in-process", "RQID-STATUS-SUCCESS",
          "A topup that succeeded has status 2.",
          finish=with_data(STATUS, status=2, status_label="process", when=lambda answer: (
              done(answer) and answer.transaction is not None
              and answer.transaction.aim.scenario is Scenario.SUCCESS))),
    fault("rqid-status-failed-well", "RQID-STATUS-FAILED", "A failed topup has status 1.",
          also=("RQID-HISTORY-COMPLETE",
                "RQID-PAYMENT-FAILED",
                "RQID-TOPUP-FAILED"),
          because="what became of a purchase is known from its status",
          finish=with_data(STATUS, status=1, status_label="success", when=lambda answer: (
              failed(answer) and answer.transaction is not None
              and answer.transaction.aim.scenario is Scenario.FAILED))),
    fault("rqid-status-never-succeeds", "RQID-STATUS-SETTLES-SUCCESS",
          "A topup in process that has to succeed stays in process.",
          also=("RQID-STATUS-SETTLED-MONEY",),
          because="what never ends never costs its price",
          account_settle=acts.never_settles(of(Scenario.PENDING_SUCCESS, prepaid))),
    fault("rqid-status-succeeds-as-failed", "RQID-STATUS-SETTLES-SUCCESS",
          "A topup in process that has to succeed fails in the end.",
          account_final_of=acts.final(
              State.FAILED, Reason.FAILED, of(Scenario.PENDING_SUCCESS, prepaid))),
    fault("rqid-status-never-fails", "RQID-STATUS-SETTLES-FAILED",
          "A topup in process that has to fail stays in process.",
          also=("RQID-STATUS-SETTLED-MONEY",),
          because="what never ends is never given back",
          account_settle=acts.never_settles(of(Scenario.PENDING_FAILED, prepaid))),
    fault("rqid-status-fails-well", "RQID-STATUS-SETTLES-FAILED",
          "A topup in process that has to fail succeeds.",
          account_final_of=acts.final(
              State.SUCCESS, Reason.SUCCESS, of(Scenario.PENDING_FAILED, prepaid))),
    fault("rqid-status-no-refund", "RQID-STATUS-SETTLED-MONEY",
          "A purchase in process that fails keeps the money.", account_give_back=acts.keeps_money),
    fault("rqid-status-settles-twice", "RQID-STATUS-SETTLED-MONEY",
          "A purchase in process takes its price again when it succeeds.",
          account_settle=acts.settled(acts.take_again, State.SUCCESS)),
    fault("rqid-status-success-then-failed", "RQID-STATUS-FINAL",
          "A success turns into a failure at the sixth look.",
          also=("RQID-IDEM-KEEPS", "RQID-STATUS-FREE"),
          because="whoever looks so often sees it turn",
          account_find=_becomes(State.FAILED, Reason.FAILED, State.SUCCESS)),
    fault("rqid-status-failed-then-success", "RQID-STATUS-FINAL",
          "A failure turns into a success at the sixth look.",
          also=("RQID-STATUS-FREE",), because="whoever looks so often sees it turn",
          account_find=_becomes(State.SUCCESS, Reason.SUCCESS, State.FAILED)),
    fault("rqid-status-costs", "RQID-STATUS-FREE", "Every status costs a hundred rupiah.",
          also=("RQID-STATUS-SETTLED-MONEY", "RQID-MUTATIONS-PURCHASE",
                "RQID-IDEM-RACE",
                "RQID-PAYMENT-DEBIT",
                "RQID-PAYMENT-FAILED-FREE",
                "RQID-TOPUP-ALIAS",
                "RQID-TOPUP-DEBIT",
                "RQID-TOPUP-FAILED-FREE",
                "RQID-TOPUP-WRONG-NUMBER"),
          because="they ask for the status between two balances",
          carry_out=charging(100, STATUS)),
    fault("rqid-status-again-costs", "RQID-STATUS-FREE",
          "Every repeated status costs one rupiah.",
          also=("RQID-STATUS-SETTLED-MONEY",
                "RQID-PAYMENT-DEBIT",
                "RQID-PAYMENT-FAILED-FREE",
                "RQID-TOPUP-ALIAS",
                "RQID-TOPUP-DEBIT",
                "RQID-TOPUP-FAILED-FREE",
                "RQID-TOPUP-WRONG-NUMBER"),
          because="they ask for the status between two balances",
          account_find=acts.found(_charged_when_asked)),
    fault("rqid-status-unknown", "RQID-STATUS-UNKNOWN",
          "A ref_1 that was never used is in process.", look_up=_on_unknown(STATUS, _never_used)),
    fault("rqid-status-no-ref", "RQID-STATUS-MANDATORY",
          "A status without ref_1 is that of the latest purchase.", look_up=_without_ref),
    fault("rqid-status-public", "RQID-STATUS-PRIVATE",
          "A partner receives the status of another partner's ref_1.",
          look_up=_on_unknown(STATUS, _others(STATUS))),
    fault("rqid-byref-previous", "RQID-BYREF-FOUND",
          "The history of a ref_1 holds the purchase before it.",
          also=("RQID-BYREF-AGREES",
                "RQID-MONEY-RECORDED"),
          because="another purchase says other things, and the right one is not found",
          look_up=_previous),
    fault("rqid-byref-total", "RQID-BYREF-AGREES",
          "The history of a ref_1 has a total_price one rupiah too high.",
          finish=with_data(ONE, total_price=plus(1))),
    fault("rqid-byref-customer", "RQID-BYREF-AGREES",
          "The history of a ref_1 masks the customer.",
          finish=with_data(ONE, customer_id=lambda customer: f"{customer[:-4]}xxxx")),
    fault("rqid-byref-status", "RQID-BYREF-AGREES",
          "The history of a ref_1 says failed of a success.",
          finish=with_data(ONE, status_label="failed")),
    fault("rqid-byref-unknown", "RQID-BYREF-UNKNOWN",
          "The history of an unknown ref_1 holds the latest purchase.",
          look_up=_on_unknown(ONE, _latest)),
    fault("rqid-byref-public", "RQID-BYREF-PRIVATE",
          "A partner receives another partner's ref_1.", look_up=_on_unknown(ONE, _others(ONE))),
)  # fmt: skip

LISTS = (
    fault("rqid-history-with-rc", "RQID-HISTORY-NO-RC", "The history has an rc.",
          finish=with_document(lambda document: document.update(rc="00"), HISTORY)),
    fault("rqid-history-page-other-rows", "RQID-HISTORY-PAGE-ROWS",
          "A page of the history has its rows under rows.",
          finish=with_document(
              lambda document: document["data"].update(rows=document["data"].pop("data")),
              HISTORY, when=lambda answer: "page" in answer.asked)),
    fault("rqid-history-all-days", "RQID-HISTORY-TODAY",
          "Without a date, the list holds every day's purchases.",
          days=_days(lambda fields, today, first, last: (
              (date.min, today) if _by_default(fields) else (first, last)))),
    fault("rqid-history-yesterday", "RQID-HISTORY-TODAY",
          "Without a date, the list holds the purchases up to yesterday.",
          also=("RQID-HISTORY-BY-STATUS-PENDING",),
          because="it asks without a date",
          days=_days(lambda fields, today, first, last: (
              (date.min, date.fromordinal(today.toordinal() - 1))
              if _by_default(fields) else (first, last)))),
    fault("rqid-history-date-ignored", "RQID-HISTORY-BY-DATE", "date is ignored.",
          days=_days(lambda fields, today, first, last: (
              (today, today) if fields.get("date") else (first, last)))),
    fault("rqid-history-date-from", "RQID-HISTORY-BY-DATE",
          "date brings that day and all after it.",
          days=_days(lambda fields, today, first, last: (
              (first, today) if fields.get("date") else (first, last)))),
    fault("rqid-history-range-ignored", "RQID-HISTORY-BY-RANGE",
          "History: start_date and end_date are ignored.",
          purchases=lambda _service, original, fields, account: original(
              {k: v for k, v in fields.items() if k not in {"start_date", "end_date"}}, account)),
    fault("rqid-history-range-end-left-out", "RQID-HISTORY-BY-RANGE",
          "History: end_date itself is left out.",
          in_days=_in_days(lambda first, day, last: (
              first <= day < last or first == day == last), HISTORY)),
    fault("rqid-history-success-ignored", "RQID-HISTORY-BY-STATUS-SUCCESS", "status 1 is ignored.",
          keeps_purchase=_status_filter("1")),
    fault("rqid-history-success-loses", "RQID-HISTORY-BY-STATUS-SUCCESS",
          "status 1 leaves out paid bills.",
          keeps_purchase=_status_loses(State.SUCCESS, acts.postpaid)),
    fault("rqid-history-failed-ignored", "RQID-HISTORY-BY-STATUS-FAILED", "status 11 is ignored.",
          keeps_purchase=_status_filter("11")),
    fault("rqid-history-failed-loses", "RQID-HISTORY-BY-STATUS-FAILED",
          "status 11 brings nothing.",
          keeps_purchase=_status_loses(State.FAILED, lambda _one: True)),
    fault("rqid-history-pending-ignored", "RQID-HISTORY-BY-STATUS-PENDING",
          "status 2 and 3 are ignored.", keeps_purchase=_status_filter("2", "3")),
    fault("rqid-history-pending-loses", "RQID-HISTORY-BY-STATUS-PENDING",
          "status 2 and 3 bring nothing.",
          keeps_purchase=_status_loses(State.PENDING, lambda _one: True)),
    fault("rqid-history-product-ignored", "RQID-HISTORY-BY-PRODUCT", "product_code is ignored.",
          keeps_purchase=filter_ignored("product_code")),
    fault("rqid-history-customer-ignored", "RQID-HISTORY-BY-CUSTOMER", "customer_id is ignored.",
          keeps_purchase=filter_ignored("customer_id")),
    fault("rqid-history-trx-no-ignored", "RQID-HISTORY-BY-TRX-NO", "trx_no_mitra is ignored.",
          keeps_purchase=filter_ignored("trx_no_mitra")),
    fault("rqid-history-page-ignored", "RQID-HISTORY-PAGE-CURRENT",
          "Every page brings the purchases of the first.",
          cut=paged(HISTORY, lambda cut, _records, _page, _size: cut(1))),
    fault("rqid-history-page-reported-next", "RQID-HISTORY-PAGE-CURRENT",
          "current_page is one too high.",
          finish=with_meta(HISTORY, lambda meta, _data: meta.update(
              current_page=meta["current_page"] + 1))),
    fault("rqid-history-per-page-ignored", "RQID-HISTORY-PAGE-SIZE",
          "History: per_page is ignored.",
          per_page=size_ignored(HISTORY)),
    fault("rqid-history-per-page-one-more", "RQID-HISTORY-PAGE-SIZE",
          "A page has one purchase more than per_page.",
          cut=paged(HISTORY, lambda _cut, records, page, size: (
              records[(page - 1) * size:page * size + 1]))),
    fault("rqid-history-per-page-any", "RQID-HISTORY-PAGE-MOST",
          "per_page above 1000 is taken as it is.", per_page=_any_size),
    fault("rqid-history-last-page-one-more", "RQID-HISTORY-PAGE-LAST", "last_page is one too high.",
          finish=with_meta(HISTORY, lambda meta, _data: meta.update(
              last_page=meta["last_page"] + 1))),
    fault("rqid-history-total-of-page", "RQID-HISTORY-PAGE-LAST",
          "total counts the purchases of the page.",
          finish=with_meta(HISTORY, lambda meta, data: meta.update(total=len(data["data"])))),
    fault("rqid-history-no-bills", "RQID-HISTORY-COMPLETE", "Paid bills are not in the list.",
          also=("RQID-MONEY-RECORDED",), because="the machine pays bills, too",
          purchases=_purchases(lambda found: [one for one in found if one.bill is None])),
    fault("rqid-history-no-failed", "RQID-HISTORY-COMPLETE",
          "Failed topups are not in the list.",
          purchases=_purchases(lambda found: [one for one in found if one.state is not State.FAILED]
          )),
    fault("rqid-history-total-one-more", "RQID-HISTORY-COMPLETE",
          "total_price is one rupiah too high.",
          finish=with_rows(lambda rows: [
              one.update(total_price=plus(1)(one["total_price"])) for one in rows], HISTORY)),
    fault("rqid-history-twice", "RQID-HISTORY-DISTINCT", "The first purchase stands twice.",
          purchases=_purchases(lambda found: [*found[:1], *found])),
)  # fmt: skip

FAULTS: tuple[Fault, ...] = (*STATUSES, *LISTS)
