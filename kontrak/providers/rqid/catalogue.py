"""The partner's products and categories, read once; and lists of them, through all their pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from kontrak.judge import Blocked
from kontrak.providers.rqid.answer import RqidAnswer
from kontrak.providers.rqid.client import Rqid

Row = Mapping[str, Any]
Key = tuple[tuple[str, object], ...]
VOUCHER = "VOUCHER FISIK"
_WIDE = 1000
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
        return self.rows(page=1, per_page=_WIDE, **filters)

    def count(self) -> int:
        """How many products there are without a filter; ``Blocked`` if one stands twice."""
        codes = self.codes(self.filtered())
        if len(set(codes)) != len(codes):
            raise Blocked("RQID-PRODUCTS-DISTINCT")
        return len(codes)

    def codes(self, rows: Iterable[Row]) -> list[str]:
        """The kode of every row."""
        return [self.text(row, "kode") for row in rows]

    def text(self, row: Row, name: str) -> str:
        """A text of a product; ``Blocked`` behind its own clause where it is none."""
        return self.first(page=1, per_page=_WIDE).row_text(row, name)

    def price(self, row: Row) -> int:
        """The harga of a product, in rupiah; ``Blocked`` where it cannot be read."""
        return self.first(page=1, per_page=_WIDE).row_number(row, "harga")

    def known(self) -> dict[str, Row]:
        """Every product that any list shows, by kode."""
        if self._known is None:
            found = {self.text(row, "kode"): row for row in self.filtered()}
            for category in self.categories().rows():
                rows = self.filtered(category=category.get("code"))
                found |= {self.text(row, "kode"): row for row in rows}
            self._known = found
        return self._known

    def category_of(self, row: Row) -> Row | None:
        """The category that a product names, by code or by name; None where there is none."""
        wanted = self.text(row, "kategori").casefold()
        answer = self.categories()
        for category in answer.rows():
            names = [answer.row_text(category, name).casefold() for name in ("code", "name")]
            if wanted in names:
                return category
        return None

    def group_of(self, row: Row) -> str:
        """The product group of a product, in capitals; ``Blocked`` without a category."""
        category = self.category_of(row)
        if category is None:
            raise Blocked("RQID-CATEGORIES-ALL")
        answer = self.categories()
        kind, *names = (
            answer.row_text(category, name).upper() for name in ("type", "code", "name")
        )
        return VOUCHER if VOUCHER in names else kind

    def _through(self, answer: RqidAnswer, filters: Mapping[str, object]) -> list[Row]:
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
        if last < _MOST_PAGES and sum(map(len, pages)) < answer.meta("total"):
            raise Blocked("RQID-PRODUCTS-LAST-PAGE")
        return [row for page in pages for row in page]
