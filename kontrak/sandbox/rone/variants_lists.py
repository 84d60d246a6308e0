"""Variants of what is listed: more of it, in other orders, on other pages, with other traders."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from kontrak.sandbox.changes import Variant, Wrapper
from kontrak.sandbox.rone.account import PartnerAccount
from kontrak.sandbox.rone.bills import Aim, aim_of
from kontrak.sandbox.rone.book import Entry
from kontrak.sandbox.rone.json_interface import Fields, Kind
from kontrak.sandbox.rone.json_service import JsonService
from kontrak.sandbox.rone.making import rows_of, variant, with_document, with_rows
from kontrak.sandbox.rone.products import CATEGORIES, Product
from kontrak.sandbox.rone.reasons import Reason, Refusal
from kontrak.sandbox.rone.transactions import State, Transaction

OTHERS = 130
"""How many purchases of others a busy day has already seen."""
_NAMES = {one.code: one.name for one in CATEGORIES}


def _others_bought(account: PartnerAccount) -> None:
    """Once: let others of the same partner buy, so that the day is not this run's alone."""
    with account.lock:
        if account.__dict__.setdefault("was_busy", False):
            return
        account.__dict__["was_busy"] = True
        for number in range(OTHERS):
            _another(account, number)


def _another(account: PartnerAccount, number: int) -> None:
    bill = number % 3 == 0
    code, customer = ("PDAMKLT", f"09{number:06d}0") if bill else ("T5", f"0899{number:06d}9")
    one = account.opened(
        f"SHOP-{number}", code, customer, aim_of(code, customer, part_required=False)
    )
    one.inquired_at = account.now() - timedelta(minutes=2) if bill else None
    one.bought_at = account.now() - timedelta(minutes=1)
    account.by_ref[one.ref] = one
    match number % 13:
        case 0:
            one.state, one.reason = State.FAILED, Reason.FAILED
        case 1:
            account.take(one, one.bought_at)
            one.state, one.reason = State.FAILED, Reason.FAILED
            account.give_back(one, one.bought_at)
        case 2:
            account.take(one, one.bought_at)
            one.state, one.reason = State.PENDING, Reason.PENDING
        case _:
            account.take(one, one.bought_at)
            one.state, one.reason = State.SUCCESS, Reason.SUCCESS


def _busy(account: PartnerAccount, original: Callable[[], Any]) -> Any:
    _others_bought(account)
    return original()


def _busy_at_first_use(
    account: PartnerAccount, original: Callable[[str, Aim], bool], ref: str, aim: Aim
) -> bool:
    _others_bought(account)
    return original(ref, aim)


def busy_day(provider: str) -> Variant:
    """Others have bought today, with and without success, and all at one moment."""
    return variant(
        f"{provider}-busy-day",
        "Others have bought from the same balance today.",
        account_balance=_busy,
        account_entries=_busy,
        account_purchases=_busy,
        account_is_used=_busy_at_first_use,
    )


def _shuffled_in_seconds(document: Fields) -> None:
    """As a list that is sorted by time alone: of one second, the last comes first."""
    rows = rows_of(document)
    rows.sort(key=lambda row: str(row["created_at"]), reverse=True)


def _with_inquiries(
    _account: PartnerAccount, original: Callable[[], list[Transaction]]
) -> list[Transaction]:
    """Wraps ``purchases``: an inquiry that was paid is listed before its payment."""
    found: list[Transaction] = []
    for one in original():
        if one.inquired_at is not None:
            asked = one.inquired_at - timedelta(seconds=1)
            found.append(replace(one, state=State.SUCCESS, bought_at=asked))
        found.append(one)
    return found


def _by_name(document: Fields) -> None:
    for row in rows_of(document):
        row["kategori"] = _NAMES[row["kategori"]]


def _at_most(size: int, kind: Kind, *, refuses: bool = False) -> Wrapper:
    """Wraps ``per_page``: a page of these lists has at most so many rows."""

    def per_page(
        _service: JsonService, original: Callable[[Fields, Kind], int], fields: Fields, asked: Kind
    ) -> int:
        wanted = original(fields, asked)
        if asked is not kind:
            return wanted
        if refuses and _service.number(fields, "per_page", 1) > size:
            raise Refusal(Reason.FORMAT)
        return min(wanted, size)

    return per_page


def _many_more(
    _account: PartnerAccount, original: Callable[[], tuple[Product, ...]]
) -> tuple[Product, ...]:
    """Wraps ``products``: a plan of many more products, with codes of other letters."""
    found = original()
    return (
        *found,
        *(
            Product(
                code=f"{one.code}-{letter}",
                name=f"{one.name} {letter.upper()}",
                operator=one.operator,
                category=one.category,
                price=one.price + step,
                nominal=one.nominal,
                disturbed=one.disturbed,
            )
            for one in found
            if not one.is_bill
            for step, letter in enumerate("abc")
        ),
    )


def _name_alone(
    _service: JsonService, original: Callable[..., bool], name: str, wanted: str, product: Product
) -> bool:
    """Wraps ``keeps_product``: q searches in names."""
    if name == "q":
        return wanted.casefold() in product.name.casefold()
    return original(name, wanted, product)


def _whole_and_flat(
    _service: JsonService,
    original: Callable[..., object],
    kind: Kind,
    fields: Fields,
    account: PartnerAccount,
) -> object:
    """Wraps ``list_of``: without page, products is the whole plan in a flat array."""
    if kind is Kind.PRODUCTS and "page" not in fields:
        shown: Any = original(kind, {**fields, "page": 1, "per_page": 1000}, account)
        return shown["data"]
    return original(kind, fields, account)


def _refused_when_empty(
    _service: JsonService,
    original: Callable[..., object],
    kind: Kind,
    fields: Fields,
    account: PartnerAccount,
) -> object:
    """Wraps ``list_of``: history and mutations without a record are refused."""
    shown = original(kind, fields, account)
    rows: Any = shown["data"] if isinstance(shown, dict) and "data" in shown else shown
    if kind in {Kind.HISTORY, Kind.MUTATIONS} and not rows:
        raise Refusal(Reason.UNKNOWN_REF)
    return shown


def _cut_flat(
    _service: JsonService,
    original: Callable[[Fields, PartnerAccount], Any],
    fields: Fields,
    account: PartnerAccount,
) -> Any:
    """Wraps ``history``: a flat list has the newest hundred records alone."""
    shown = original(fields, account)
    return shown[-100:][::-1] if isinstance(shown, list) else shown


def _deposited(_account: PartnerAccount, original: Callable[[], list[Entry]]) -> list[Entry]:
    """Wraps ``entries``: the plan's fee was taken and given back this morning."""
    first, *rest = original()
    morning = rest[-1].moment.replace(hour=6, minute=0, second=0) if rest else first.moment
    place = 1 + sum(one.moment < morning for one in rest)
    before = [first, *rest][place - 1].balance
    fee = (
        Entry(-1000, before - 1000, "Biaya layanan", f"F-{morning:%Y%m%d}-1", morning),
        Entry(1000, before, "Biaya layanan kembali", f"F-{morning:%Y%m%d}-2", morning),
    )
    return [*[first, *rest][:place], *fee, *[first, *rest][place:]]


def _without_operator(rows: list[Fields]) -> None:
    for row in rows:
        if row["operator"] in {"PBB", "BCA"}:
            row["operator"] = ""


LISTS: tuple[Variant, ...] = (
    busy_day("rqid"),
    variant("rqid-busy-day-flat-cut", "Others have bought, and a flat history is cut at a hundred.",
            account_balance=_busy, account_entries=_busy, account_purchases=_busy,
            account_is_used=_busy_at_first_use, history=_cut_flat),
    variant("rqid-history-newest-first", "The history begins with the newest.",
            finish=with_rows(lambda rows: rows.reverse(), Kind.HISTORY)),
    variant("rqid-history-with-inquiries", "The history lists an inquiry besides its payment.",
            account_purchases=_with_inquiries),
    variant("rqid-mutations-by-second", "Mutations are sorted by their second alone.",
            finish=with_document(_shuffled_in_seconds, Kind.MUTATIONS)),
    variant("rqid-mutations-of-others", "Mutations have fees and what was given back.",
            account_entries=_deposited),
    variant("rqid-categories-by-name", "kategori is the name of the category.",
            finish=with_document(_by_name, Kind.PRODUCTS)),
    variant("rqid-products-twenty-a-page", "A page has at most twenty products.",
            per_page=_at_most(20, Kind.PRODUCTS)),
    variant("rqid-products-hundred-or-refused", "More than a hundred products a page are refused.",
            per_page=_at_most(100, Kind.PRODUCTS, refuses=True)),
    variant("rqid-products-many", "The plan has hundreds of products, with dashes in their codes.",
            account_products=_many_more),
    variant("rqid-products-flat-and-whole", "Without page, products is one flat array.",
            list_of=_whole_and_flat),
    variant("rqid-empty-lists-refused", "A history or mutations without a record are refused.",
            list_of=_refused_when_empty),
    variant("rqid-products-without-operator", "Products without an operator have an empty one.",
            finish=with_rows(_without_operator, Kind.PRODUCTS)),
    variant("rqid-search-in-names", "q searches in names alone.", keeps_product=_name_alone),
    variant("rqid-history-thousand-or-refused", "More than a thousand records a page are refused.",
            per_page=_at_most(1000, Kind.HISTORY, refuses=True)),
)  # fmt: skip
