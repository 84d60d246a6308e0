"""Products: filters, sorting and pages."""

import re
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from kontrak.clauses.catalogue import Clause, cited, clause, of_shape
from kontrak.errors import NotOffered
from kontrak.judging.expect import Blocked, expect, judge_place, reading
from kontrak.providers.rqid.catalogue import VOUCHER, Catalogue, Row

PLACES = [cited(one.id, one) for one in of_shape("rqid", "products")]
SIZE = 7
_LASTING = ("nama", "operator", "kategori", "harga", "nominal")
"""What a product keeps from one list to the next; its flags may change at any time."""

Matches = Callable[[Row], bool]


@pytest.mark.parametrize("place", PLACES)
def test_a_place_of_the_products(catalogue: Catalogue, place: Clause) -> None:
    for answer in (catalogue.first(**catalogue.wide()), catalogue.first(page=1, per_page=SIZE)):
        judge_place(answer.require_success(), place)


@clause("RQID-PRODUCTS-ENVELOPE")
def test_products_without_page_come_in_an_envelope(catalogue: Catalogue) -> None:
    answer = catalogue.first().require_success()
    flat = not isinstance(answer.data, dict)
    reading("products without page", "a flat array" if flat else "rows, links and meta")
    with expect(answer) as that:
        that.that(not flat, "rows, links and meta", "a flat array")


@clause("RQID-PRODUCTS-NO-RC")
def test_products_have_no_rc(catalogue: Catalogue) -> None:
    answer = catalogue.first()
    reading("rc beside a list", "present" if "rc" in answer.members else "absent")
    with expect(answer) as that:
        that.that("rc" not in answer.members, "no rc", f"rc {answer.rc}")


@clause("RQID-PRODUCTS-ALL")
def test_mmid_alone_brings_every_product(catalogue: Catalogue) -> None:
    answer = catalogue.first().require_success()
    codes, known = set(catalogue.codes(answer.rows())), set(catalogue.known())
    with expect(answer) as that:
        that.that(bool(codes), "products", "none")
        if isinstance(answer.data, list) or answer.meta("last_page") == 1:
            that.that(not known - codes, "every product", f"not {_some(known - codes)}")
        else:
            total = answer.meta("total")
            that.that(total >= len(known), f"meta.total = {len(known)}, every product", str(total))


@clause("RQID-PRODUCTS-DISTINCT")
def test_no_product_stands_twice(catalogue: Catalogue) -> None:
    for codes in (catalogue.codes(catalogue.first().rows()), catalogue.codes(catalogue.filtered())):
        twice = sorted({code for code in codes if codes.count(code) > 1})
        with expect(catalogue.first()) as that:
            that.that(not twice, "every kode once", f"{', '.join(twice[:5])} twice")


@clause("RQID-PRODUCTS-SAME")
def test_a_product_reads_the_same_in_every_list(catalogue: Catalogue) -> None:
    whole = {catalogue.text(row, "kode"): row for row in catalogue.filtered()}
    narrow = [catalogue.first(**catalogue.wide(), **filters) for filters in _narrow(catalogue)]
    for answer in (catalogue.first(page=1, per_page=SIZE), *narrow):
        if not answer.is_success:
            continue  # whether a filter is answered has clauses of its own
        with expect(answer) as that:
            for row in answer.rows():
                listed = whole.get(catalogue.text(row, "kode"), {})
                for name in _LASTING:
                    # What is no text at all has clauses of its own.
                    both = (row.get(name), listed.get(name))
                    texts = all(isinstance(one, str) for one in both)
                    if texts and (all(both) or name in ("nominal", "operator")):
                        what = f"{name} of {row['kode']}"
                        that.equal(what, row[name], listed[name], "as in the whole list")


@clause("RQID-PRODUCTS-BY-CATEGORY")
def test_category_filters(catalogue: Catalogue) -> None:
    for category in _used_categories(catalogue):
        code = category["code"]
        _expect_filtered(catalogue, {"category": code}, _in(catalogue, [category]))


@clause("RQID-PRODUCTS-BY-CATEGORY-IDS")
def test_category_ids_filter(catalogue: Catalogue) -> None:
    used = _used_categories(catalogue)
    known = [one.get("id") for one in catalogue.categories().rows()]
    if any(known.count(one) > 1 for one in known):
        raise NotOffered(
            "two categories have one id, so an id names neither",
            hint="see RQID-CATEGORIES-DISTINCT",
        )
    for chosen in (used[:1], used[:2], used[-1:]):
        ids = ",".join(str(catalogue.categories().row_number(one, "id")) for one in chosen)
        _expect_filtered(catalogue, {"category_ids": ids}, _in(catalogue, chosen))


@clause("RQID-PRODUCTS-BY-TYPE")
def test_type_filters(catalogue: Catalogue) -> None:
    for group in sorted(_groups(catalogue)):
        # Whether prabayar brings VOUCHER FISIK as well has a clause of its own.
        also = {VOUCHER} if group == "PRABAYAR" else set()
        _expect_filtered(
            catalogue, {"type": group}, _grouped(catalogue, {group}), _grouped(catalogue, also)
        )


@clause("RQID-PRODUCTS-BY-TYPE-CSV")
def test_several_types_filter(catalogue: Catalogue) -> None:
    groups = _groups(catalogue)
    if len(groups - {"PRABAYAR"}) < 2:
        raise NotOffered("the plan has too few product groups", hint="use another partner's plan")
    chosen = sorted(groups - {"PRABAYAR"})[:2]
    _expect_filtered(catalogue, {"type": ",".join(chosen)}, _grouped(catalogue, set(chosen)))


@clause("RQID-PRODUCTS-BY-TYPE-VOUCHER")
def test_prabayar_brings_physical_vouchers(catalogue: Catalogue) -> None:
    if not _groups(catalogue) & {"PRABAYAR"} or VOUCHER not in _groups(catalogue):
        raise NotOffered("the plan has no VOUCHER FISIK", hint="use another partner's plan")
    vouchers = {
        code for code, row in catalogue.known().items() if catalogue.group_of(row) == VOUCHER
    }
    missing = vouchers - set(catalogue.codes(catalogue.filtered(type="prabayar")))
    with expect(catalogue.first(**catalogue.wide(), type="prabayar")) as that:
        that.that(not missing, "type=prabayar: all of VOUCHER FISIK", f"not {_some(missing)}")


@clause("RQID-PRODUCTS-BY-TYPE-CASE")
def test_type_means_the_same_in_capitals(catalogue: Catalogue) -> None:
    small, large = (
        set(catalogue.codes(catalogue.filtered(type=one))) for one in ("prabayar", "PRABAYAR")
    )
    with expect(catalogue.first(**catalogue.wide(), type="PRABAYAR")) as that:
        that.equal("number of products for PRABAYAR", len(large), len(small), "as for prabayar")


@clause("RQID-PRODUCTS-BY-OPERATOR")
def test_operator_filters(catalogue: Catalogue) -> None:
    operators = sorted({_operator(catalogue, row) for row in catalogue.known().values()} - {""})
    for operator in operators[:3]:
        _expect_filtered(catalogue, {"operator": operator}, _by(catalogue, operator))


@clause("RQID-PRODUCTS-SEARCH")
def test_q_searches(catalogue: Catalogue) -> None:
    known = catalogue.known()
    wanted = min(known, key=lambda code: (-len(code), code))
    # The document does not say in what it searches: the code or the name.
    words = (wanted, catalogue.text(known[wanted], "nama"))
    found = {word: catalogue.codes(catalogue.filtered(q=word)) for word in words}
    returned = ", ".join(f"{len(codes)} products for {word}" for word, codes in found.items())
    with expect(*(catalogue.first(**catalogue.wide(), q=word) for word in words)) as that:
        kept = any(wanted in codes for codes in found.values())
        that.that(kept, f"{wanted} is found by its code or its name", returned)
        fewer = any(len(codes) < len(known) for codes in found.values()) or len(known) == 1
        that.that(fewer, "other products are left out", returned)


@clause("RQID-PRODUCTS-OPEN")
def test_is_open_narrows(catalogue: Catalogue) -> None:
    opened = catalogue.filtered(is_open=1)
    shut = [row for row in opened if "Tidak" not in (row.get("gangguan"), row.get("kosong"))]
    with expect(catalogue.first(**catalogue.wide(), is_open=1)) as that:
        that.that(bool(opened), "products", "none")
        closed = [row for row in opened if {row.get("gangguan"), row.get("kosong")} != {"Tidak"}]
        named = ", ".join(catalogue.codes([*shut, *closed])[:5])
        that.that(not closed, "neither gangguan nor kosong", named)


@clause("RQID-PRODUCTS-COMBINED")
def test_filters_combine(catalogue: Catalogue) -> None:
    pairs = [
        (category, operator)
        for category in _used_categories(catalogue)
        for row in catalogue.known().values()
        if catalogue.category_of(row) == category and (operator := _operator(catalogue, row))
    ]
    if not pairs:
        raise NotOffered("no product has an operator", hint="nothing can be combined")
    category, operator = pairs[0]
    one, other = _in(catalogue, [category]), _by(catalogue, operator)
    filters = {"category": category["code"], "operator": operator}
    _expect_filtered(catalogue, filters, lambda row: one(row) and other(row))


@pytest.mark.parametrize(
    "sort",
    [
        cited("RQID-PRODUCTS-SORT-CODE", "code|asc"),
        cited("RQID-PRODUCTS-SORT-CODE-DESC", "code|desc"),
        cited("RQID-PRODUCTS-SORT-PRICE", "price|asc"),
        cited("RQID-PRODUCTS-SORT-PRICE-DESC", "price|desc"),
    ],
)
def test_products_are_sorted(catalogue: Catalogue, sort: str) -> None:
    rows = catalogue.rows(page=1, sort=sort)
    key, _, direction = sort.partition("|")
    backwards = direction == "desc"
    with expect(catalogue.first(page=1, sort=sort)) as that:
        if key == "price":
            prices = [catalogue.price(row) for row in rows]
            kept = prices == sorted(prices, reverse=backwards)
            that.that(kept, f"harga in the order {sort}, as numbers", _first(prices))
        else:
            codes = catalogue.codes(rows)
            keys: tuple[Callable[[str], Any], ...] = (str, str.casefold, _without_signs, _naturally)
            orders = [sorted(codes, key=one, reverse=backwards) for one in keys]
            kept = any(_same_order(codes, one, key) for one, key in zip(orders, keys, strict=True))
            that.that(kept, f"kode in the order {sort}", _first(codes))
        that.equal("number of products", len(rows), catalogue.count(), "as unsorted")


@clause("RQID-PRODUCTS-PAGE")
def test_pages_bring_every_product_once(catalogue: Catalogue) -> None:
    count = catalogue.count()
    last = max(1, -(-count // SIZE))
    pages = sorted({1, 2, 3, last} & set(range(1, last + 1)))
    answers = [
        catalogue.rqid.products(page=page, per_page=SIZE).require_success() for page in pages
    ]
    with expect(*answers) as that:
        for page, answer in zip(pages, that.each(answers), strict=True):
            that.equal("meta.current_page", answer.meta("current_page"), page, "the page asked")
        if all(answer.meta("per_page") == SIZE >= len(answer.rows()) for answer in answers):
            codes = [code for answer in answers for code in catalogue.codes(answer.rows())]
            wanted = sum(SIZE if page < last else count - SIZE * (last - 1) for page in pages)
            that.equal(f"products on the pages {pages}", len(codes), wanted)
            that.equal("different ones among them", len(set(codes)), len(codes))


@clause("RQID-PRODUCTS-PER-PAGE")
def test_a_page_has_the_size_asked(catalogue: Catalogue) -> None:
    for size in (1, SIZE):
        answer = catalogue.rqid.products(page=1, per_page=size).require_success()
        with expect(answer) as that:
            that.equal("meta.per_page", answer.meta("per_page"), size, "as asked")
            kept = len(answer.rows()) <= size
            that.that(kept, f"at most {size} rows", f"{len(answer.rows())} rows")


@clause("RQID-PRODUCTS-LAST-PAGE")
def test_last_page_follows_from_total(catalogue: Catalogue) -> None:
    for asked in ({"page": 1, "per_page": SIZE}, catalogue.wide()):
        answer = catalogue.first(**asked).require_success()
        total, per_page = answer.meta("total"), max(1, answer.meta("per_page"))
        with expect(answer) as that:
            wanted = max(1, -(-total // per_page))
            because = f"total {total}, per_page {per_page}"
            that.equal("meta.last_page", answer.meta("last_page"), wanted, because)
            that.equal("meta.total", total, catalogue.count_pages(), "number of products")
    narrow = _narrow(catalogue)
    narrow.append({"type": "prabayar"})
    for filters in narrow:
        answer = catalogue.first(**catalogue.wide(), **filters)
        if not answer.is_success or isinstance(answer.data, list):
            continue  # whether a filter is answered has clauses of its own
        with expect(answer) as that:
            total, found = answer.meta("total"), catalogue.count_pages(**filters)
            that.equal("meta.total", total, found, "number of products it brings")


def _expect_filtered(
    catalogue: Catalogue,
    filters: dict[str, object],
    matches: Matches,
    may: Matches = lambda _row: False,
) -> None:
    """A filter brings what matches among all known products, and nothing else but what may be."""
    rows = catalogue.filtered(**filters)
    wanted = {code for code, row in catalogue.known().items() if matches(row)}
    came = set(catalogue.codes(row for row in rows if not may(row) and _is_clear(catalogue, row)))
    returned = " ".join(f"{name}={value}" for name, value in filters.items())
    with expect(catalogue.first(**catalogue.wide(), **filters)) as that:
        that.that(not came - wanted, f"{returned}: no other products", _some(came - wanted))
        that.that(not wanted - came, f"{returned}: all its products", f"not {_some(wanted - came)}")


def _same_order(codes: list[str], wanted: list[str], key: Callable[[str], Any]) -> bool:
    """Whether codes stand in an order, where those that the key takes for one may be changed."""
    return [key(one) for one in codes] == [key(one) for one in wanted]


def _without_signs(code: str) -> str:
    """As databases sort that leave signs out at first."""
    return re.sub(r"[^0-9a-z]", "", code.casefold())


def _naturally(code: str) -> list[tuple[int, str]]:
    """As people sort: IS5 before IS10."""
    parts = re.findall(r"[0-9]+|[^0-9]+", code.casefold())
    return [(int(part), "") if part.isdigit() else (-1, part) for part in parts]


def _narrow(catalogue: Catalogue) -> list[dict[str, object]]:
    """Filters for the products of each category, which are asked for anyway."""
    return [{"category": one.get("code")} for one in catalogue.categories().rows()]


def _used_categories(catalogue: Catalogue) -> list[Row]:
    used = [catalogue.category_of(row) for row in catalogue.known().values()]
    if not all(_is_clear(catalogue, row) for row in catalogue.known().values()):
        reading("kategori of a product", "may be one of several categories", warns=True)
    found = [one for one in catalogue.categories().rows() if one in used]
    if not found:
        raise Blocked("RQID-CATEGORIES-ALL")
    return found


def _is_clear(catalogue: Catalogue, row: Row) -> bool:
    """Whether it is clear which category a product names."""
    return len(catalogue.categories_of(row)) < 2


def _groups(catalogue: Catalogue) -> set[str]:
    return {catalogue.group_of(row) for row in catalogue.known().values()} - {""}


def _grouped(catalogue: Catalogue, groups: set[str]) -> Matches:
    return lambda row: catalogue.group_of(row) in groups


def _in(catalogue: Catalogue, categories: Iterable[Row]) -> Matches:
    chosen = list(categories)
    return lambda row: catalogue.category_of(row) in chosen


def _by(catalogue: Catalogue, operator: str) -> Matches:
    return lambda row: _operator(catalogue, row).casefold() == operator.casefold()


def _operator(catalogue: Catalogue, row: Row) -> str:
    """The operator of a product; empty where it has none."""
    return "" if row.get("operator") == "" else catalogue.text(row, "operator")


def _some(codes: Iterable[str]) -> str:
    found = sorted(codes)
    return f"{len(found)}: {', '.join(found[:5])}" if found else "none"


def _first(values: Iterable[object]) -> str:
    found = [str(one) for one in values]
    return ", ".join(found[:12])
