"""tokopedia: the facts of every product, against the examples and the register."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from kontrak.config.paths import FIXTURES, SCHEMAS
from kontrak.providers.tokopedia.formats import matches
from kontrak.providers.tokopedia.relations import LISTS, MESSAGES, Relation, evaluate
from tools.derive.entries import Entry, complete

HOME = FIXTURES / "tokopedia"
SHAPES_HOME = SCHEMAS / "tokopedia"
INDEX: dict[str, Any] = json.loads((HOME / "index.json").read_text("utf-8"))
PRODUCTS: dict[str, Any] = INDEX["products"]
FACTS: dict[str, Any] = json.loads((SHAPES_HOME / "products.json").read_text("utf-8"))["products"]

TOTAL_BILL_IN_INQUIRIES = {
    "base_price": "pasca-telkomsel pgn pbb-dki-jakarta pbb-kota-depok pbb-kab-bandung-barat "
    "pbb-kab-semarang pbb-kota-pangkal-pinang pbb-dki-jakarta-new",
    "sales_price": "samsat-kep-riau samsat-kaltara samsat-sulut samsat-sulsel pdam-dki-palyja "
    "pdam-sumatera-kota-medan pdam-kota-kediri pdam-jabar-kota-cirebon pdam-kab-pandeglang "
    "pdam-jatim-kota-surabaya-new kredit-mtf kredit-mandiri-utama-finance kredit-mtf-new "
    "edu-lspr edu-sd-sains-al-biruni",
    "base_price sales_price": "comet-internet insurance-prudential",
}
TOTAL_BILL_IN_ORDERS = {
    "base_price": "pasca-telkomsel pln-postpaid-new speedy-indihome pgn pdam-dki-palyja "
    "pdam-kota-kediri pdam-jabar-kota-cirebon pdam-kab-pandeglang pdam-jatim-kota-surabaya-new "
    "kredit-mandiri-utama-finance kredit-mtf-new pbb-dki-jakarta pbb-kab-bandung-barat "
    "pbb-kab-semarang pbb-kota-pangkal-pinang pbb-dki-jakarta-new",
    "sales_price": "myrepublic samsat-kep-riau samsat-kaltara samsat-sulut samsat-sulsel edu-lspr "
    "edu-sd-sains-al-biruni",
    "base_price sales_price": "firstmedia mnc-play mnc-vision kvision comet-internet xl-home cbn "
    "biznet-home insurance-prudential",
}
"""What ``Total Tagihan`` equals, by the register's table A, where the example shows it."""

BROKEN_IN_SAMPLE = {
    "pln-postpaid-new": "C002-58",
    "mobile-legends-18-diamonds": "C002-49",
    "myrepublic": "C002-17",
    "transvision": "C002-21",
    "pgn": "C002-57",
    "pln-prepaid-token-50k-sat-new": "C002-23",
    "samsat-jateng": "C002-15",
    "samsat-jatim": "C002-37",
    "pdam-jatim-kota-surabaya": "C002-18 C002-20 C002-37 C002-60",
    "pdam-jabar-kota-cirebon": "C002-37",
    "pdam-jatim-kota-surabaya-new": "C002-19 C002-60",
    "kredit-mandiri-utama-finance": "C002-37",
    "kredit-mtf-new": "C002-25",
    "edu-univ-sangga-buana-ypkp": "C002-26",
    "edu-petra-alpha-school": "C002-27",
    "pbb-kab-bandung-barat": "C002-28",
}
"""Which of the register's findings the examples still show, names under a mask aside."""


def _json(product: str, name: str) -> Any:
    return json.loads((HOME / product / f"{name}.json").read_text("utf-8"))


def _relations(product: str) -> list[Relation]:
    return [Relation.from_json(reported) for reported in FACTS[product]["relations"]]


def _messages(product: str) -> dict[str, Any]:
    """The product's documents, optional entries that no example shows put in their place."""
    messages = {}
    for message, name in MESSAGES.items():
        if name not in PRODUCTS[product]["payloads"]:
            continue
        messages[message] = payload = _json(product, name)
        shown = payload["data"]["attributes"].get(LISTS.get(message, "")) or []
        if shown:
            values = iter(shown)
            documented = [
                Entry(e["name"], "" if e.get("not_in_sample") else next(values)["value"], e["line"])
                for e in FACTS[product][LISTS[message]]
            ]
            messages[message] = complete(payload, message, documented)
    return messages


def test_the_facts_fit_their_schema_and_changed_facts_do_not() -> None:
    validator = Draft202012Validator(
        json.loads((SHAPES_HOME / "products.schema.json").read_text("utf-8"))
    )
    validator.check_schema(validator.schema)
    facts = json.loads((SHAPES_HOME / "products.json").read_text("utf-8"))
    assert validator.is_valid(facts)

    facts["products"]["pgn"]["relations"][0]["reading"] = "perhaps"
    assert not validator.is_valid(facts)


@pytest.mark.parametrize("product", PRODUCTS)
def test_the_entries_are_those_of_the_example_in_order(product: str) -> None:
    for message, key in LISTS.items():
        name = MESSAGES[message]
        if name not in PRODUCTS[product]["payloads"]:
            assert FACTS[product][key] is None
            continue
        shown = _json(product, name)["data"]["attributes"][key] or []
        listed = [e for e in FACTS[product][key] or [] if not e.get("not_in_sample")]
        lines = [entry["line"] for entry in listed]

        assert [entry["name"] for entry in listed] == [entry["name"] for entry in shown]
        assert lines == sorted(lines)
        for documented, entry in zip(listed, shown, strict=True):
            impossible = entry["value"] == "2020-20-02"
            assert matches(documented["format"], entry["value"]) != impossible
            assert documented.get("may_be_empty") or entry["value"]


@pytest.mark.parametrize("product", PRODUCTS)
def test_relations_hold_in_the_example_but_where_marked(product: str) -> None:
    messages = _messages(product)

    reported = {relation.id: relation.sample for relation in _relations(product)}
    found = {relation.id: evaluate(relation, messages) for relation in _relations(product)}

    assert found == reported


def _broken(product: str) -> set[str]:
    """The register's entries for what the example breaks, compared names aside."""
    return {
        str(relation.register)
        for relation in _relations(product)
        if relation.sample == "broken" and (relation.how, relation.reading) != ("mask", "warn")
    }


def test_relations_broken_in_the_example_are_those_of_the_register() -> None:
    broken = {product: " ".join(sorted(_broken(product))) for product in PRODUCTS}

    assert {product: ids for product, ids in broken.items() if ids} == BROKEN_IN_SAMPLE


@pytest.mark.parametrize(
    ("message", "table"),
    [("inquiry", TOTAL_BILL_IN_INQUIRIES), ("order", TOTAL_BILL_IN_ORDERS)],
)
def test_total_bill_means_what_table_a_says(message: str, table: dict[str, str]) -> None:
    found: dict[str, set[str]] = {}
    for product in PRODUCTS:
        for relation in _relations(product):
            plain = relation.how == "equal" and relation.sample == "holds"
            plain = plain or (product, message) == ("kredit-mtf-new", "order")
            if relation.id == f"total-bill-{message}" and plain:
                meaning = " ".join(term.partition(".")[2] for term in relation.right)
                found.setdefault(meaning, set()).add(product)

    assert found == {meaning: set(products.split()) for meaning, products in table.items()}


@pytest.mark.parametrize("product", PRODUCTS)
def test_a_wrong_price_breaks_a_strict_relation(product: str) -> None:
    messages = _messages(product)
    messages["order"]["data"]["attributes"]["sales_price"] += 1

    broken = [r.id for r in _relations(product) if evaluate(r, messages) != r.sample]

    assert "order-price" in broken


def _optional(product: str) -> list[str]:
    entries = [entry for key in LISTS.values() for entry in FACTS[product][key] or []]
    return sorted({entry["name"] for entry in entries if entry.get("optional")})


def test_optional_entries_are_those_of_the_notes() -> None:
    penalties = ["Denda PKB", "Denda SWDKLLJ"]

    assert {product: names for product in FACTS if (names := _optional(product))} == {
        "samsat-jatim": ["JR Denda", "Parkir Berlangganan"],
        "samsat-kep-riau": penalties,
        "samsat-kaltara": penalties,
        "samsat-sulut": penalties,
        "samsat-sulsel": penalties,
    }


def test_the_token_has_twenty_digits_in_the_list_the_serial_number_and_the_voucher() -> None:
    product = "pln-prepaid-token-50k-sat-new"
    entries = FACTS[product]["fulfillment_result"]
    token = {relation.id: relation for relation in _relations(product)}

    assert [entry["name"] for entry in entries if entry["format"] == "token"] == ["Token"]
    assert token["token-order"].right == ("order.serial_number",)
    assert token["token-voucher-order"].right == ("order.voucher_code",)


def test_one_product_has_two_codes() -> None:
    assert {p: f["codes"] for p, f in FACTS.items() if f["codes"] != [p]} == {
        "dompet-digital-gopay-open-amount": ["dompet-digital-gopay-open-amount", "topup-gopay"]
    }
