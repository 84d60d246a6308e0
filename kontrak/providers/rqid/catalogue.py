"""The partner's products and categories, read once; and lists of them, through all their pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from kontrak.judge import Blocked
from kontrak.providers.rqid.answer import RqidAnswer
from kontrak.providers.rqid.client import Rqid

Row = Mapping[str, Any]
VOUCHER = "VOUCHER FISIK"
_WIDE = 1000
_MOST_PAGES = 200


class Catalogue:
    """What the partner can buy. Raises ``NotOffered`` where the target has no products."""

    def __init__(self, rqid: Rqid) -> None:
        rqid.require("products")
        self.rqid = rqid
        self._held: dict[tuple[tuple[str, object], ...], tuple[RqidAnswer, list[Row]]] = {}
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
        if key not in self._held:
            answer = self.rqid.products(**filters)
            self._held[key] = answer, self._through(answer, filters)
        return self._held[key][0]

    def rows(self, **filters: object) -> list[Row]:
        """The products of one list request, through all its pages."""
        self.first(**filters)
        return self._held[tuple(sorted(filters.items()))][1]

    def filtered(self, **filters: object) -> list[Row]:
        """The same in as few pages as the target gives."""
        return self.rows(page=1, per_page=_WIDE, **filters)

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
        """The category that a product names, by code or by name."""
        wanted = self.text(row, "kategori").casefold()
        answer = self.categories()
        for category in answer.rows():
            names = [answer.row_text(category, name).casefold() for name in ("code", "name")]
            if wanted in names:
                return category
        return None

    def group_of(self, row: Row) -> str:
        """The product group of a product, in capitals; empty where its category is unknown."""
        category = self.category_of(row)
        if category is None:
            return ""
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
        asked = filters.get("page", 1)
        last = answer.meta("last_page") if asked == 1 else 1
        for page in range(2, min(last, _MOST_PAGES) + 1):
            more = self.rqid.products(**{**filters, "page": page}).rows()
            if more and more[0] in pages[0]:
                raise Blocked("RQID-PRODUCTS-PAGE")
            pages.append(more)
        return [row for page in pages for row in page]
