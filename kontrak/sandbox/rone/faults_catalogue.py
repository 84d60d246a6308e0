"""Faults of prices, categories and products."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from kontrak.sandbox.changes import Fault, Wrapper
from kontrak.sandbox.rone.account import PartnerAccount
from kontrak.sandbox.rone.json_interface import Answer, Fields, Kind
from kontrak.sandbox.rone.json_lists import PRODUCT_FILTERS, SORT_KEYS
from kontrak.sandbox.rone.json_service import JsonService
from kontrak.sandbox.rone.making import (
    charging,
    fault,
    plus,
    rows_of,
    with_data,
    with_document,
    with_rows,
)
from kontrak.sandbox.rone.products import Product
from kontrak.sandbox.rone.reasons import Reason, Refusal

Order = Callable[[Sequence[Product], str], list[Product]]
Rows = list[Fields]


def _price_of_nothing(
    service: JsonService,
    original: Callable[[Fields, PartnerAccount], Answer],
    fields: Fields,
    account: PartnerAccount,
) -> Answer:
    try:
        return original(fields, account)
    except Refusal as refusal:
        if refusal.reason is not Reason.UNKNOWN_PRODUCT:
            raise
        data = {"gangguan": "Tidak", "kosong": "Tidak", "harga": "0"}
        data |= {"kode": fields["product_code"], "nama": "-"}
        whole = service.with_rc(Kind.PRICE, Reason.SUCCESS, data)
        return Answer(Kind.PRICE, Reason.SUCCESS, whole)


def _price_of_anything(
    _service: object,
    original: Callable[[Fields, PartnerAccount], Answer],
    fields: Fields,
    account: PartnerAccount,
) -> Answer:
    return original({**fields, "product_code": fields.get("product_code") or "IS5"}, account)


def _price_for_a_reference(
    _service: object,
    original: Callable[[Fields, PartnerAccount], Answer],
    fields: Fields,
    account: PartnerAccount,
) -> Answer:
    if not fields.get("ref_1"):
        raise Refusal(Reason.MISSING)
    return original(fields, account)


def filter_ignored(*names: str) -> Wrapper:
    """Wraps ``keeps_product`` and ``keeps_purchase``: these filters keep everything."""

    def keeps(
        _service: object, original: Callable[..., bool], name: str, wanted: str, one: Any
    ) -> bool:
        return name in names or original(name, wanted, one)

    return keeps


def _first_value_only(name: str) -> Wrapper:
    """Wraps ``keeps_product``: of a comma-separated filter, the first value counts."""

    def keeps(
        _service: object, original: Callable[..., bool], filter_: str, wanted: str, one: Product
    ) -> bool:
        return original(
            filter_, wanted.split(",", maxsplit=1)[0] if filter_ == name else wanted, one
        )

    return keeps


def _loses(name: str, code: Callable[[Product], bool]) -> Wrapper:
    """Wraps ``keeps_product``: a filter loses some of what it has to bring."""

    def keeps(
        _service: object, original: Callable[..., bool], filter_: str, wanted: str, one: Product
    ) -> bool:
        return original(filter_, wanted, one) and not (filter_ == name and code(one))

    return keeps


def _without_vouchers(
    _service: object, original: Callable[..., bool], wanted: str, category: Any
) -> bool:
    return original(wanted, category) and (
        category.type != "VOUCHER FISIK" or "VOUCHER" in wanted.upper()
    )


def _capitals_without_vouchers(
    _service: object, original: Callable[..., bool], wanted: str, category: Any
) -> bool:
    return original(wanted, category) and (category.type != "VOUCHER FISIK" or wanted != "PRABAYAR")


def _one_filter(
    _service: object,
    original: Callable[[Fields, PartnerAccount], list[Product]],
    fields: Fields,
    account: PartnerAccount,
) -> list[Product]:
    named = [name for name in PRODUCT_FILTERS if name in fields]
    return original({k: v for k, v in fields.items() if k not in named[1:]}, account)


def _all(change: Callable[[list[Product]], list[Product]]) -> Wrapper:
    """Wraps ``products``: other products for a request of mmid alone."""

    def products(
        _service: object,
        original: Callable[[Fields, PartnerAccount], list[Product]],
        fields: Fields,
        account: PartnerAccount,
    ) -> list[Product]:
        found = original(fields, account)
        return change(found) if set(fields) == {"mmid"} else found

    return products


def _unfiltered(change: Callable[[list[Product]], list[Product]]) -> Wrapper:
    """Wraps ``products``: other products for a request without filter and order."""

    def products(
        _service: object,
        original: Callable[[Fields, PartnerAccount], list[Product]],
        fields: Fields,
        account: PartnerAccount,
    ) -> list[Product]:
        found = original(fields, account)
        return found if {*PRODUCT_FILTERS, "sort"} & set(fields) else change(found)

    return products


def _ordered(
    rule: Callable[[Order, Sequence[Product], str], list[Product]], *sorts: str
) -> Wrapper:
    """Wraps ``in_order`` for these sorts."""

    def in_order(
        _service: object, original: Order, products: Sequence[Product], sort: str
    ) -> list[Product]:
        return rule(original, products, sort) if sort in sorts else original(products, sort)

    return in_order


def _unsorted(_original: Order, products: Sequence[Product], _sort: str) -> list[Product]:
    return list(products)


def _turned(original: Order, products: Sequence[Product], sort: str) -> list[Product]:
    return original(products, sort)[::-1]


def _as_text(_original: Order, products: Sequence[Product], sort: str) -> list[Product]:
    key, _, direction = sort.partition("|")
    return sorted(products, key=lambda one: str(SORT_KEYS[key](one)), reverse=direction == "desc")


def _last_two_swapped(original: Order, products: Sequence[Product], sort: str) -> list[Product]:
    *most, one, last = original(products, sort)
    return [*most, last, one]


def paged(kind: Kind, change: Callable[[Callable[[int], Rows], Rows, int, int], Rows]) -> Wrapper:
    """Wraps ``cut``: ``change(cut, records, page, size)`` makes the page of this kind of list."""

    def cut(
        _service: object,
        original: Callable[[Rows, int, int, Kind], Rows],
        records: Rows,
        page: int,
        size: int,
        asked: Kind,
    ) -> Rows:
        if asked is not kind:
            return original(records, page, size, asked)
        return change(lambda number: original(records, number, size, asked), records, page, size)

    return cut


def with_meta(kind: Kind, change: Callable[[Fields, Fields], object]) -> Wrapper:
    """Wraps ``finish``: ``change(meta, data)`` edits the meta of a paged list."""

    def edit(document: Fields) -> None:
        if isinstance(document["data"], dict):
            change(document["data"]["meta"], document["data"])

    return with_document(edit, kind)


def size_ignored(kind: Kind) -> Wrapper:
    """Wraps ``per_page``: a page of this list has 50 records, whatever is asked."""

    def per_page(
        _service: object, original: Callable[[Fields, Kind], int], fields: Fields, asked: Kind
    ) -> int:
        return 50 if asked is kind else original(fields, asked)

    return per_page


def _flag(document: Fields) -> None:
    data = document["data"]
    for one in rows_of(document) if "data" in data else [data]:
        if one["kosong"] == "Tidak":
            one["kosong"] = "0"


def _without_meta(document: Fields) -> None:
    document["data"] = document["data"]["data"]


PRODUCTS = Kind.PRODUCTS

FAULTS: tuple[Fault, ...] = (
    fault("rqid-price-other-kode", "RQID-PRICE-ECHO", "kode is always written in small letters.",
          finish=with_data(Kind.PRICE, kode=str.lower)),
    fault("rqid-price-needs-ref-1", "RQID-PRICE-SUCCESS",
          "A price check without ref_1 is refused.", price=_price_for_a_reference),
    fault("rqid-price-of-nothing", "RQID-PRICE-UNKNOWN",
          "An unknown product has the price 0.", price=_price_of_nothing),
    fault("rqid-price-of-anything", "RQID-PRICE-MANDATORY",
          "A price check without product_code is answered for IS5.", price=_price_of_anything),
    fault("rqid-price-harga-differs", "RQID-PRICE-AGREES",
          "harga in products is one rupiah above the price check's.",
          finish=with_rows(lambda rows: [one.update(harga=plus(1)(one["harga"])) for one in rows],
                           PRODUCTS)),
    fault("rqid-price-nama-differs", "RQID-PRICE-AGREES",
          "nama in products is cut after ten characters.",
          finish=with_rows(lambda rows: [one.update(nama=one["nama"][:10]) for one in rows],
                           PRODUCTS)),
    fault("rqid-price-flag-digit", "RQID-PRICE-FLAGS", "kosong is 0 instead of Tidak.",
          finish=with_document(_flag, Kind.PRICE, PRODUCTS)),
    fault("rqid-price-costs", "RQID-PRICE-FREE", "Every price check costs a hundred rupiah.",
          also=("RQID-IDEM-DUPLICATE-FREE",),
          because="the price of another product is asked before it is tried under a used ref_1",
          carry_out=charging(100, Kind.PRICE)),
    fault("rqid-categories-one-lost", "RQID-CATEGORIES-ALL", "The category TELEPON is not listed.",
          finish=with_rows(lambda rows: rows.pop(-2), Kind.CATEGORIES)),
    fault("rqid-categories-one-twice", "RQID-CATEGORIES-DISTINCT",
          "The last category has the id of the first.",
          finish=with_rows(lambda rows: rows[-1].update(id=rows[0]["id"]), Kind.CATEGORIES)),
    fault("rqid-categories-with-rc", "RQID-CATEGORIES-NO-RC", "Categories has an rc.",
          finish=with_document(lambda document: document.update(rc="00"), Kind.CATEGORIES)),
    fault("rqid-products-with-rc", "RQID-PRODUCTS-NO-RC", "Products has an rc.",
          finish=with_document(lambda document: document.update(rc="00"), PRODUCTS)),
    fault("rqid-products-one-lost", "RQID-PRODUCTS-ALL",
          "mmid alone leaves out the products of INDOSAT above 50.000.",
          products=_all(lambda found: [one for one in found if one.code not in {"IS75", "IS100"}])),
    fault("rqid-products-plan-cut", "RQID-PRODUCTS-ALL",
          "mmid alone leaves out everything that is no PULSA.",
          products=_all(lambda found: [one for one in found if one.category.code == "PULSA"])),
    fault("rqid-products-one-twice", "RQID-PRODUCTS-DISTINCT",
          "The first product stands at the end once more.",
          products=_unfiltered(lambda found: [*found, found[0]])),
    fault("rqid-products-dearer-by-category", "RQID-PRODUCTS-SAME",
          "harga is one rupiah more where products are filtered by category DATA.",
          finish=with_rows(lambda rows: [one.update(harga=plus(1)(one["harga"])) for one in rows],
                           PRODUCTS, when=lambda answer: answer.asked.get("category") == "DATA")),
    fault("rqid-products-category-ignored", "RQID-PRODUCTS-BY-CATEGORY", "category is ignored.",
          keeps_product=filter_ignored("category")),
    fault("rqid-products-category-loses", "RQID-PRODUCTS-BY-CATEGORY",
          "category leaves out products that are empty.",
          keeps_product=_loses("category", lambda one: one.empty)),
    fault("rqid-products-category-ids-ignored", "RQID-PRODUCTS-BY-CATEGORY-IDS",
          "category_ids is ignored.", keeps_product=filter_ignored("category_ids")),
    fault("rqid-products-category-ids-first", "RQID-PRODUCTS-BY-CATEGORY-IDS",
          "Of category_ids the first counts alone.",
          keeps_product=_first_value_only("category_ids")),
    fault("rqid-products-type-ignored", "RQID-PRODUCTS-BY-TYPE", "type is ignored.",
          also=("RQID-PRODUCTS-BY-TYPE-CSV", "RQID-PRODUCTS-BY-TYPE-VOUCHER"),
          because="a list of types is ignored, too, and so is prabayar",
          keeps_product=filter_ignored("type")),
    fault("rqid-products-type-first", "RQID-PRODUCTS-BY-TYPE-CSV",
          "Of several types the first counts alone.", keeps_product=_first_value_only("type")),
    fault("rqid-products-type-no-vouchers", "RQID-PRODUCTS-BY-TYPE-VOUCHER",
          "type prabayar leaves out VOUCHER FISIK.", is_of_type=_without_vouchers),
    fault("rqid-products-type-capitals", "RQID-PRODUCTS-BY-TYPE-CASE",
          "type PRABAYAR in capitals leaves out VOUCHER FISIK.",
          is_of_type=_capitals_without_vouchers),
    fault("rqid-products-operator-ignored", "RQID-PRODUCTS-BY-OPERATOR", "operator is ignored.",
          keeps_product=filter_ignored("operator")),
    fault("rqid-products-operator-loses", "RQID-PRODUCTS-BY-OPERATOR",
          "operator brings products of PULSA only.",
          keeps_product=_loses("operator", lambda one: one.category.code != "PULSA")),
    fault("rqid-products-search-ignored", "RQID-PRODUCTS-SEARCH", "q is ignored.",
          keeps_product=filter_ignored("q")),
    fault("rqid-products-open-ignored", "RQID-PRODUCTS-OPEN", "is_open is ignored.",
          keeps_product=filter_ignored("is_open")),
    fault("rqid-products-one-filter", "RQID-PRODUCTS-COMBINED",
          "Of several filters the first counts alone.", products=_one_filter),
    fault("rqid-products-sort-code-ignored", "RQID-PRODUCTS-SORT-CODE",
          "sort by code ascending is ignored.", in_order=_ordered(_unsorted, "code|asc")),
    fault("rqid-products-sort-code-last-swapped", "RQID-PRODUCTS-SORT-CODE",
          "sort by code ascending swaps the last two products.",
          in_order=_ordered(_last_two_swapped, "code|asc")),
    fault("rqid-products-sort-code-desc-ignored", "RQID-PRODUCTS-SORT-CODE-DESC",
          "sort by code descending sorts upwards.", in_order=_ordered(_turned, "code|desc")),
    fault("rqid-products-sort-price-text", "RQID-PRODUCTS-SORT-PRICE",
          "sort by price ascending compares text.", in_order=_ordered(_as_text, "price|asc")),
    fault("rqid-products-sort-price-ignored", "RQID-PRODUCTS-SORT-PRICE",
          "sort by price ascending is ignored.", in_order=_ordered(_unsorted, "price|asc")),
    fault("rqid-products-sort-price-desc-text", "RQID-PRODUCTS-SORT-PRICE-DESC",
          "sort by price descending compares text.", in_order=_ordered(_as_text, "price|desc")),
    fault("rqid-products-sort-price-desc-ignored", "RQID-PRODUCTS-SORT-PRICE-DESC",
          "sort by price descending sorts upwards.", in_order=_ordered(_turned, "price|desc")),
    fault("rqid-products-page-ignored", "RQID-PRODUCTS-PAGE",
          "Every page brings the products of the first.",
          cut=paged(PRODUCTS, lambda cut, _records, _page, _size: cut(1))),
    fault("rqid-products-page-overlaps", "RQID-PRODUCTS-PAGE",
          "Every page but the first begins with the last product of the one before.",
          also=("RQID-PRODUCTS-SORT-CODE",
                "RQID-PRODUCTS-SORT-CODE-DESC",
                "RQID-PRODUCTS-SORT-PRICE",
                "RQID-PRODUCTS-SORT-PRICE-DESC"),
          because="whoever reads all pages meets some products twice",
          cut=paged(PRODUCTS, lambda _cut, records, page, size: (
              records[max(0, (page - 1) * size - 1):][:size]))),
    fault("rqid-products-page-reported-first", "RQID-PRODUCTS-PAGE", "current_page is always 1.",
          finish=with_meta(PRODUCTS, lambda meta, _data: meta.update(current_page=1))),
    fault("rqid-products-per-page-ignored", "RQID-PRODUCTS-PER-PAGE",
          "Products: per_page is ignored.",
          per_page=size_ignored(PRODUCTS)),
    fault("rqid-products-per-page-one-more", "RQID-PRODUCTS-PER-PAGE",
          "A page has one product more than per_page.",
          also=("RQID-PRODUCTS-ALL",
                "RQID-PRODUCTS-SORT-CODE",
                "RQID-PRODUCTS-SORT-CODE-DESC",
                "RQID-PRODUCTS-SORT-PRICE",
                "RQID-PRODUCTS-SORT-PRICE-DESC"),
          because="whoever reads all pages meets some products twice",
          cut=paged(PRODUCTS, lambda _cut, records, page, size: (
              records[(page - 1) * size:page * size + 1]))),
    fault("rqid-products-last-page-down", "RQID-PRODUCTS-LAST-PAGE",
          "last_page is rounded down.",
          also=("RQID-PRODUCTS-ALL",
                "RQID-PRODUCTS-SORT-CODE",
                "RQID-PRODUCTS-SORT-CODE-DESC",
                "RQID-PRODUCTS-SORT-PRICE",
                "RQID-PRODUCTS-SORT-PRICE-DESC"),
          because="whoever reads up to last_page misses the last products",
          finish=with_meta(PRODUCTS, lambda meta, _data: meta.update(
              last_page=max(1, meta["total"] // meta["per_page"])))),
    fault("rqid-products-total-of-page", "RQID-PRODUCTS-LAST-PAGE",
          "total counts the products of the page.",
          also=("RQID-PRODUCTS-ALL",), because="it reads from total that no product is left out",
          finish=with_meta(PRODUCTS, lambda meta, data: meta.update(total=len(data["data"])))),
    fault("rqid-products-flat", "RQID-PRODUCTS-ENVELOPE",
          "Without page, products is a flat array.",
          also=("RQID-PRODUCTS-ALL",
                "RQID-PRODUCTS-SORT-CODE",
                "RQID-PRODUCTS-SORT-CODE-DESC",
                "RQID-PRODUCTS-SORT-PRICE",
                "RQID-PRODUCTS-SORT-PRICE-DESC"),
          because="the array has the first fifty products alone",
          finish=with_document(_without_meta, PRODUCTS,
                               when=lambda answer: "page" not in answer.asked)),
)  # fmt: skip
