"""What can be listed through JSON: products, purchases and movements of money.

A list is filtered one named filter after the other, sorted, and cut into pages.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from kontrak.sandbox.rone.account import PartnerAccount
from kontrak.sandbox.rone.book import Entry
from kontrak.sandbox.rone.json_interface import LONGEST, Fields, JsonInterface, Kind
from kontrak.sandbox.rone.products import Category, Product
from kontrak.sandbox.rone.reasons import Reason, Refusal
from kontrak.sandbox.rone.transactions import Transaction

PER_PAGE = 50
MOST_PER_PAGE = 1000
ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
PRODUCT_FILTERS = ("category", "category_ids", "type", "is_open", "operator", "q")
PURCHASE_FILTERS = ("status", "product_code", "customer_id", "trx_no_mitra")
SORT_KEYS = {
    "code": lambda product: product.code,
    "name": lambda product: product.name,
    "operator": lambda product: product.operator,
    "price": lambda product: product.price,
}


class JsonLists(JsonInterface):
    """The lists of the JSON interface."""

    # Products

    def products(self, fields: Fields, account: PartnerAccount) -> list[Product]:
        """The products that the request asks for, in its order."""
        found = list(account.products())
        for name in PRODUCT_FILTERS:
            wanted = self.option(fields, name)
            if wanted is not None:
                found = [one for one in found if self.keeps_product(name, wanted, one)]
        sort = self.option(fields, "sort")
        return found if sort is None else self.in_order(found, sort)

    def keeps_product(self, name: str, wanted: str, product: Product) -> bool:
        """Whether one filter keeps a product."""
        match name:
            case "category":
                return product.category.code == wanted
            case "category_ids":
                return str(product.category.id) in self.values(wanted)
            case "type":
                return self.is_of_type(wanted, product.category)
            case "is_open":
                return product.is_open == (wanted.lower() in {"1", "true", "ya"})
            case "operator":
                return product.operator == wanted
            case _:
                return wanted.lower() in f"{product.code} {product.name}".lower()

    def is_of_type(self, wanted: str, category: Category) -> bool:
        """Whether a category belongs to the product groups; prabayar has VOUCHER FISIK with it."""
        groups = {name.upper() for name in self.values(wanted)}
        if "PRABAYAR" in groups:
            groups.add("VOUCHER FISIK")
        return category.type in groups

    def in_order(self, products: Sequence[Product], sort: str) -> list[Product]:
        """The products as ``key|direction`` says."""
        key, _, direction = sort.partition("|")
        if key not in SORT_KEYS or direction not in {"asc", "desc", ""}:
            raise Refusal(Reason.FORMAT)
        return sorted(products, key=SORT_KEYS[key], reverse=direction == "desc")

    # Purchases and movements

    def purchases(self, fields: Fields, account: PartnerAccount) -> list[Transaction]:
        """The purchases that the request asks for, oldest first."""
        first, last = self.days(fields, account.now().date())
        found = [
            one
            for one in account.purchases()
            if self.in_days(first, one.moment.date(), last, Kind.HISTORY)
        ]
        for name in PURCHASE_FILTERS:
            wanted = self.option(fields, name)
            if wanted is not None:
                found = [one for one in found if self.keeps_purchase(name, wanted, one)]
        return found

    def keeps_purchase(self, name: str, wanted: str, purchase: Transaction) -> bool:
        """Whether one filter keeps a purchase."""
        match name:
            case "status":
                return str(purchase.status) in self.values(wanted)
            case "product_code":
                return wanted in {purchase.code, purchase.aim.product.code}
            case "customer_id":
                return wanted in {purchase.customer, purchase.aim.customer}
            case _:
                return purchase.ref == wanted

    def movements(self, fields: Fields, account: PartnerAccount) -> list[Entry]:
        """The movements of the days that the request asks for, oldest first."""
        first, last = self.days(fields, account.now().date())
        found = account.entries()
        return [
            one for one in found if self.in_days(first, one.moment.date(), last, Kind.MUTATIONS)
        ]

    def days(self, fields: Fields, today: date) -> tuple[date, date]:
        """The first and last day that are asked for; today, where none is."""
        start, end = self.day(fields, "start_date"), self.day(fields, "end_date")
        if start is None and end is None:
            day = self.day(fields, "date") or today
            return day, day
        return start or date.min, end or today

    def in_days(self, first: date, day: date, last: date, kind: Kind) -> bool:  # noqa: ARG002 - changes wrap this
        """Whether a day is one of those asked for."""
        return first <= day <= last

    def day(self, fields: Fields, name: str) -> date | None:
        """A day as YYYY-MM-DD."""
        text = self.option(fields, name)
        if text is None:
            return None
        if not ISO_DAY.fullmatch(text):
            raise Refusal(Reason.FORMAT)
        try:
            return date.fromisoformat(text)
        except ValueError as error:
            raise Refusal(Reason.FORMAT) from error

    # Options and pages

    def option(self, fields: Fields, name: str) -> str | None:
        """An optional field as text; an empty one counts as absent."""
        value = fields.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, int):
            value = str(value)
        if not isinstance(value, str) or len(value) > LONGEST:
            raise Refusal(Reason.FORMAT)
        return value

    def values(self, csv: str) -> set[str]:
        """The values of a comma-separated text."""
        return {value.strip() for value in csv.split(",")}

    def number(self, fields: Fields, name: str, otherwise: int) -> int:
        """An optional number from 1 up."""
        text = self.option(fields, name)
        if text is None:
            return otherwise
        if not (text.isascii() and text.isdigit() and 0 < int(text) < 10**9):
            raise Refusal(Reason.FORMAT)
        return int(text)

    def per_page(self, fields: Fields, kind: Kind) -> int:  # noqa: ARG002 - changes wrap this
        """How many records a page has."""
        return min(self.number(fields, "per_page", PER_PAGE), MOST_PER_PAGE)

    def paged(self, records: list[Fields], fields: Fields, kind: Kind) -> Fields:
        """One page of the records with its links and meta."""
        size, page = self.per_page(fields, kind), self.number(fields, "page", 1)
        last = max(1, -(-len(records) // size))
        return {
            "data": self.cut(records, page, size, kind),
            "links": {"first": None, "last": None, "prev": None, "next": None},
            "meta": {
                "current_page": page,
                "last_page": last,
                "per_page": size,
                "total": len(records),
            },
        }

    def cut(self, records: list[Fields], page: int, size: int, kind: Kind) -> list[Fields]:  # noqa: ARG002 - changes wrap this
        """The records of one page."""
        return records[(page - 1) * size : page * size]
