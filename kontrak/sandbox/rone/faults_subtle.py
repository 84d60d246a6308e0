"""Faults of one rupiah, one second, one row: what is nearly right."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from kontrak.sandbox.changes import Fault, Wrapper
from kontrak.sandbox.rone import acts
from kontrak.sandbox.rone.account import PartnerAccount
from kontrak.sandbox.rone.book import Entry
from kontrak.sandbox.rone.faults_catalogue import with_meta
from kontrak.sandbox.rone.json_interface import Fields, Kind
from kontrak.sandbox.rone.json_service import JsonService
from kontrak.sandbox.rone.making import charge, fault, with_data, with_document
from kontrak.sandbox.rone.transactions import State, Transaction

CHANGES_AFTER = timedelta(minutes=20)


def _paged_without(name: str) -> Wrapper:
    """Wraps ``purchases``: with a page, this filter of the history is ignored."""

    def purchases(
        _service: object,
        original: Callable[[Fields, PartnerAccount], list[Transaction]],
        fields: Fields,
        account: PartnerAccount,
    ) -> list[Transaction]:
        if "page" in fields:
            fields = {key: value for key, value in fields.items() if key != name}
        return original(fields, account)

    return purchases


def _hundred_at_most(
    _service: object, original: Callable[[Fields, Kind], int], fields: Fields, kind: Kind
) -> int:
    size = original(fields, kind)
    return min(size, 100) if kind is Kind.HISTORY else size


def _one_more(name: str) -> Callable[[Fields, Fields], object]:
    return lambda meta, _data: meta.update({name: meta[name] + 1})


def _fails_later(
    account: PartnerAccount, original: Callable[[Transaction], None], transaction: Transaction
) -> None:
    """Wraps ``settle``: a success that was in process has failed twenty minutes later."""
    original(transaction)
    ended = transaction.settles_at
    late = ended is not None and account.now() - ended > CHANGES_AFTER
    if late and transaction.state is State.SUCCESS:
        transaction.state = State.FAILED


def _gives_back(change: Callable[[PartnerAccount, Transaction], None]) -> Wrapper:
    """Wraps ``give_back``: something more happens where money was given back."""

    def give_back(
        account: PartnerAccount,
        original: Callable[[Transaction, datetime], None],
        transaction: Transaction,
        moment: datetime,
    ) -> None:
        before = account.book.balance
        original(transaction, moment)
        if account.book.balance != before:
            change(account, transaction)

    return give_back


def _of_all(service: JsonService, original: Callable[..., object], *arguments: object) -> object:
    """Wraps ``purchases`` or ``movements``: those of every partner."""
    fields, account = arguments
    platform = service.platform
    accounts = [one for one in (platform.main, platform.signed) if one is not account]
    found: list[object] = []
    for one in (account, *accounts):
        listed = original(fields, one)
        found += listed if isinstance(listed, list) else []
    return found


def _no_refunds(
    _service: object,
    original: Callable[[Fields, PartnerAccount], list[Entry]],
    fields: Fields,
    account: PartnerAccount,
) -> list[Entry]:
    return [one for one in original(fields, account) if not one.notes.startswith("Refund")]


def _always_is5(document: Fields) -> None:
    document["data"]["product_code"] = "IS5"


def _for_all_that_costs_more(
    _account: PartnerAccount, original: Callable[[Transaction], int], transaction: Transaction
) -> int:
    """Wraps ``cost_of``: what costs more than ten thousand rupiah costs one more."""
    cost = original(transaction)
    return cost + 1 if cost > 10_000 and transaction.bill is None else cost


FAULTS: tuple[Fault, ...] = (
    fault("rqid-access-media-type", "RQID-ACCESS-MEDIA-TYPE", "Answers are sent as text/html.",
          content_type=lambda _service, _original: "text/html"),
    fault("rqid-history-page-without-product", "RQID-HISTORY-BY-PRODUCT",
          "With a page, product_code is ignored.", purchases=_paged_without("product_code")),
    fault("rqid-history-page-without-customer", "RQID-HISTORY-BY-CUSTOMER",
          "With a page, customer_id is ignored.", purchases=_paged_without("customer_id")),
    fault("rqid-history-page-without-status", "RQID-HISTORY-BY-STATUS-FAILED",
          "With a page, status is ignored.",
          also=("RQID-HISTORY-BY-STATUS-SUCCESS",), because="either status is ignored",
          purchases=_paged_without("status")),
    fault("rqid-history-page-without-date", "RQID-HISTORY-BY-DATE",
          "With a page, date is ignored.", purchases=_paged_without("date")),
    fault("rqid-history-hundred-a-page", "RQID-HISTORY-PAGE-SIZE",
          "A page of the history has at most a hundred records.", per_page=_hundred_at_most),
    fault("rqid-products-last-page-one-more", "RQID-PRODUCTS-LAST-PAGE",
          "Products: last_page is one too high.",
          finish=with_meta(Kind.PRODUCTS, _one_more("last_page"))),
    fault("rqid-history-of-all", "RQID-HISTORY-PRIVATE",
          "The history lists every partner's transactions.", purchases=_of_all),
    fault("rqid-mutations-of-all", "RQID-MUTATIONS-PRIVATE",
          "Mutations list every partner's movements.",
          also=("RQID-MUTATIONS-RUNNING", "RQID-MUTATIONS-END", "RQID-MUTATIONS-PURCHASE"),
          because="the movements of two partners do not run into one another",
          movements=_of_all),
    fault("rqid-mutations-no-refunds", "RQID-MUTATIONS-RUNNING",
          "Mutations leave out what was given back.", movements=_no_refunds),
    fault("rqid-expiry-one-second-early", "RQID-EXPIRY-BEFORE",
          "An inquiry lasts 14 minutes and 59 seconds.",
          account_is_expired=acts.expires_after(15 - 1 / 60)),
    fault("rqid-expiry-one-second-late", "RQID-EXPIRY-AFTER",
          "An inquiry lasts 15 minutes and one second.",
          account_is_expired=acts.expires_after(15 + 1 / 60)),
    fault("rqid-status-fails-later", "RQID-STATUS-FINAL",
          "A success that was in process has failed twenty minutes later.",
          also=("RQID-HISTORY-COMPLETE", "RQID-STATUS-FREE"),
          because="whoever looks later sees the failure",
          account_settle=_fails_later),
    fault("rqid-status-refund-short", "RQID-STATUS-SETTLED-MONEY",
          "Of a purchase in process that fails, one rupiah is kept.",
          account_give_back=_gives_back(lambda account, _one: charge(account, 1))),
    fault("rqid-status-refund-twice", "RQID-STATUS-SETTLED-MONEY",
          "A purchase in process that fails is given back twice.",
          account_give_back=_gives_back(lambda account, one: charge(account, -one.total))),
    fault("rqid-topup-always-is5", "RQID-TOPUP-ECHO-PRODUCT",
          "Topup: product_code is IS5 whatever was bought.",
          finish=with_document(
              _always_is5, Kind.TOPUP, when=lambda one: one.transaction is not None)),
    fault("rqid-payment-always-pln", "RQID-PAYMENT-ECHO-PRODUCT",
          "Payment: product_code is PLN whatever was paid.",
          finish=with_data(Kind.PAYMENT, product_code="PLN", when=lambda one: (
              one.transaction is not None and one.transaction.bill is not None))),
    fault("rqid-topup-dear-ones-one-more", "RQID-TOPUP-DEBIT",
          "A topup of more than ten thousand rupiah takes one more.",
          account_cost_of=_for_all_that_costs_more),
)  # fmt: skip
