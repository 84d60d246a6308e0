"""Products: the lists of every one of them, checked against its own example. Amounts are rupiah."""

from typing import Any

import pytest
from _pytest.mark.structures import ParameterSet

from kontrak.clauses.catalogue import cited, clauses
from kontrak.providers.tokopedia import TokopediaAnswer
from kontrak.providers.tokopedia.judging import judge_formats, judge_names, judge_relations
from kontrak.providers.tokopedia.lists import as_documented
from kontrak.providers.tokopedia.products import Product, products
from kontrak.providers.tokopedia.shop import Shop
from kontrak.providers.tokopedia.suspects import suspects


def _rows(what: str, message: str) -> list[ParameterSet]:
    """The products that have this clause, and this list."""
    known = clauses("tokopedia")
    return [
        cited(product.clause(what), code, id=code)
        for code, product in products().items()
        if product.clause(what) in known and message in product.lists
    ]


@pytest.mark.parametrize("product", _rows("INQUIRY-NAMES", "inquiry"))
def test_names_of_the_inquiry(shop: Shop, product: str) -> None:
    judge_names(_bill(shop, product), products()[product], "inquiry")


@pytest.mark.parametrize("product", _rows("ORDER-NAMES", "order"))
def test_names_of_the_order(shop: Shop, product: str) -> None:
    judge_names(shop.order(product).require_success(), products()[product], "order")


@pytest.mark.parametrize("product", _rows("AMOUNTS", "inquiry"))
def test_amounts_of_the_inquiry(shop: Shop, product: str) -> None:
    _judge_inquiry(shop, products()[product], amounts=True)


@pytest.mark.parametrize("product", _rows("AMOUNTS", "order"))
def test_amounts_of_the_order(shop: Shop, product: str) -> None:
    _judge_order(shop, products()[product], amounts=True)


@pytest.mark.parametrize("product", _rows("VALUES", "inquiry"))
def test_values_of_the_inquiry(shop: Shop, product: str) -> None:
    known = products()[product]
    judge_formats(_bill(shop, product), known, "inquiry")
    _judge_inquiry(shop, known, amounts=False)


@pytest.mark.parametrize("product", _rows("VALUES", "order"))
def test_values_of_the_order(shop: Shop, product: str) -> None:
    known = products()[product]
    judge_formats(shop.order(product).require_success(), known, "order")
    _judge_order(shop, known, amounts=False)


def _bill(shop: Shop, product: str) -> TokopediaAnswer:
    return shop.inquiry(product).require("INQUIRY")


def _judge_inquiry(shop: Shop, product: Product, *, amounts: bool) -> None:
    bill = _bill(shop, product.code)
    messages: dict[str, Any] = {
        "asked": bill.sent,
        "request": bill.sent,
        "inquiry": as_documented(bill, product, "inquiry"),
    }
    judge_relations((bill,), product, messages, suspects(messages), amounts=amounts)


def _judge_order(shop: Shop, product: Product, *, amounts: bool) -> None:
    order = shop.order(product.code)
    details = order.require_success()
    messages: dict[str, Any] = {
        "request": order.document,
        "checkout": {"data": {**order.checkout.data, "attributes": order.checkout.attributes}},
        "order": as_documented(details, product, "order"),
    }
    answers = (order.checkout, details)
    if order.inquiry is not None:
        messages["asked"] = order.inquiry.sent
        messages["inquiry"] = as_documented(order.inquiry, product, "inquiry")
        answers = (order.inquiry, details)
    judge_relations(answers, product, messages, suspects(messages), amounts=amounts)
