"""The partner's products and categories, read once; and lists of them, through all their pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from kontrak.errors import NotOffered
from kontrak.judging.expect import Blocked
from kontrak.providers.rqid.answer import RqidAnswer
from kontrak.providers.rqid.client import Rqid

Row = Mapping[str, Any]
Key = tuple[tuple[str, object], ...]
VOUCHER = "VOUCHER FISIK"
_WIDE = 1000
_LESS_WIDE = 50
_MOST_PAGES = 200


class Catalogue:
    """What the partner can buy. Raises ``NotOffered`` where the target has no products."""

    def __init__(self, rqid: Rqid) -> None:
        rqid.require("products")
        self.rqid = rqid
        self._answers: dict[Key, RqidAnswer] = {}
        self._rows: dict[Key, list[Row]] = {}
        self._categories: RqidAnswer | None = None
        self._known: dict[str, Row] | None = None
        self._wide: int | None = None
        self._meant: dict[str, list[Row]] = {}

    def categories(self) -> RqidAnswer:
        """The answer of product-categories, asked once."""
        if self._categories is None:
            self._categories = self.rqid.ask("product-categories", self.rqid.fields())
        return self._categories

    def first(self, **filters: object) -> RqidAnswer:
        """The answer to one list request, asked once."""
        key = tuple(sorted(filters.items()))
        if key not in self._answers:
            self._answers[key] = self.rqid.products(**filters)
        return self._answers[key]

    def rows(self, **filters: object) -> list[Row]:
        """The products of one list request, through all its pages."""
        key = tuple(sorted(filters.items()))
        if key not in self._rows:
            self._rows[key] = self._through(self.first(**filters), filters)
        return self._rows[key]

    def filtered(self, **filters: object) -> list[Row]:
        """The same in as few pages as the target gives."""
        return self.rows(**self.wide(), **filters)

    def wide(self) -> dict[str, object]:
        """The first page, as wide as the target allows: it may refuse a thousand."""
        if self._wide is None:
            sizes = (_WIDE, _LESS_WIDE)
            fits = (one for one in sizes if self.first(page=1, per_page=one).is_success)
            self._wide = next(fits, _WIDE)
        return {"page": 1, "per_page": self._wide}

    def count(self) -> int:
        """How many products there are without a filter; ``NotOffered`` if one stands twice."""
        return self._number(self.filtered())

    def count_pages(self, **filters: object) -> int:
        """How many products some filters bring, whatever total says: it is judged by this."""
        asked = {**self.wide(), **filters}
        return self._number(self._pages(self.first(**asked), asked))

    def _number(self, rows: Iterable[Row]) -> int:
        codes = self.codes(rows)
        if len(set(codes)) != len(codes):
            # That each is listed once is inferred, and only warned of: nothing can hide behind it.
            raise NotOffered(
                "a product is listed twice, so products cannot be counted",
                hint="see RQID-PRODUCTS-DISTINCT",
            )
        return len(codes)

    def codes(self, rows: Iterable[Row]) -> list[str]:
        """The kode of every row."""
        return [self.text(row, "kode") for row in rows]

    def text(self, row: Row, name: str) -> str:
        """A text of a product; ``Blocked`` behind its own clause where it is not one."""
        return self.first(**self.wide()).row_text(row, name)

    def price(self, row: Row) -> int:
        """The harga of a product, in rupiah; ``Blocked`` where it cannot be read."""
        return self.first(**self.wide()).row_number(row, "harga")

    def known(self) -> dict[str, Row]:
        """Every product that any list shows, by kode."""
        if self._known is None:
            found = {self.text(row, "kode"): row for row in self.filtered()}
            for category in self.categories().rows():
                rows = self.filtered(category=category.get("code"))
                found |= {self.text(row, "kode"): row for row in rows}
            self._known = found
        return self._known

    def categories_of(self, row: Row) -> list[Row]:
        """The categories that a product may mean: those of its code, else those of its name."""
        if not self._meant:
            answer = self.categories()
            for name in ("name", "code"):
                found: dict[str, list[Row]] = {}
                for one in answer.rows():
                    found.setdefault(answer.row_text(one, name).casefold(), []).append(one)
                self._meant |= found
        return self._meant.get(self.text(row, "kategori").casefold(), [])

    def category_of(self, row: Row) -> Row | None:
        """The category that a product names; None where there is none, or more than one."""
        found = self.categories_of(row)
        return found[0] if len(found) == 1 else None

    def group_of(self, row: Row) -> str:
        """The product group of a product, in capitals; "" where it may be one of several.

        Raises ``Blocked`` without a category.
        """
        category = self.category_of(row)
        if category is None and self.categories_of(row):
            return ""
        if category is None:
            raise Blocked("RQID-CATEGORIES-ALL")
        answer = self.categories()
        kind, *names = (
            answer.row_text(category, name).upper() for name in ("type", "code", "name")
        )
        return VOUCHER if VOUCHER in names else kind

    def _through(self, answer: RqidAnswer, filters: Mapping[str, object]) -> list[Row]:
        rows = self._pages(answer, filters)
        paged = not isinstance(answer.data, list) and filters.get("page", 1) == 1
        if paged and answer.meta("last_page") < _MOST_PAGES and len(rows) < answer.meta("total"):
            raise Blocked("RQID-PRODUCTS-LAST-PAGE")
        return rows

    def _pages(self, answer: RqidAnswer, filters: Mapping[str, object]) -> list[Row]:
        """The products of all pages, whatever total says of their number."""
        rows = answer.rows()
        if isinstance(answer.data, list):
            return rows
        pages = [rows]
        if filters.get("page", 1) != 1:
            return rows
        last = min(answer.meta("last_page"), _MOST_PAGES)
        for page in range(2, last + 1):
            more = self.rqid.products(**{**filters, "page": page}).rows()
            if more and more == pages[-1]:
                raise Blocked("RQID-PRODUCTS-PAGE")
            pages.append(more)
        if any(len(page) > answer.meta("per_page") for page in pages):
            raise Blocked("RQID-PRODUCTS-PER-PAGE")
        return [row for page in pages for row in page]
