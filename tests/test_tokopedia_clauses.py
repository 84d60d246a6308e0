"""tokopedia: the clauses of the products are as derived from their facts."""

from __future__ import annotations

import json
from typing import Any

import pytest

from kontrak.clauses.catalogue import clauses
from kontrak.config.paths import SCHEMAS, SUITES
from kontrak.errors import ConfigurationError
from kontrak.providers.tokopedia.product_clauses import clause_id, word
from kontrak.providers.tokopedia.products import products
from tools.derive.clauses import MARK, with_products

PATH = SUITES / "tokopedia" / "clauses.toml"
FACTS: dict[str, Any] = json.loads((SCHEMAS / "tokopedia" / "products.json").read_text("utf-8"))
WHAT = ("INQUIRY-NAMES", "ORDER-NAMES", "AMOUNTS", "VALUES")


def test_the_clauses_of_the_products_are_as_derived() -> None:
    text = PATH.read_text("utf-8")

    assert with_products(text, FACTS, "tokopedia") == text


def test_a_file_without_the_line_that_begins_the_derived_part_is_an_error() -> None:
    with pytest.raises(ConfigurationError, match=MARK.removeprefix("# ").split(" (")[0]):
        with_products("[sections]", FACTS, "tokopedia")


@pytest.mark.parametrize(
    ("product", "expected"),
    [
        ("50k-simpati", "50K-SIMPATI"),
        ("bsd-city-ipl+air", "BSD-CITY-IPL-AIR"),
        ("viu-buy1get1", "VIU-BUY1GET1"),
    ],
)
def test_a_product_code_in_an_id(product: str, expected: str) -> None:
    assert word(product) == expected
    assert clause_id("tokopedia", product, "AMOUNTS") == f"TOKOPEDIA-{expected}-AMOUNTS"


def test_every_list_has_a_clause_for_its_names() -> None:
    known = clauses("tokopedia")

    for product in products().values():
        for message in product.lists:
            assert product.clause(f"{message.upper()}-NAMES") in known


def test_only_a_product_without_any_list_has_no_clause() -> None:
    known = clauses("tokopedia")
    without = [
        code
        for code, product in products().items()
        if not any(product.clause(what) in known for what in WHAT)
    ]

    assert without == ["sony-sugema-college-2"]
