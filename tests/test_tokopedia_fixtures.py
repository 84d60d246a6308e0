"""tokopedia: the fixtures are the document's payloads, each slip repaired or left with a reason."""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from kontrak.config.paths import FIXTURES
from tools.derive.fixtures import PAYLOADS, from_document
from tools.derive.repairs import Repair, as_printed, load_repairs, numbered
from tools.derive.write import differences

HOME = FIXTURES / "tokopedia"
INDEX: dict[str, Any] = json.loads((HOME / "index.json").read_text("utf-8"))
PRODUCTS: dict[str, Any] = INDEX["products"]
REPAIRS = load_repairs(HOME / "repairs.toml")

REGISTER_SIZE = 73
"""The entries C002-01 to C002-73 of the register of contradictions."""


def _payload(product: str, name: str) -> str:
    return (HOME / product / f"{name}.json").read_text("utf-8").removesuffix("\n")


def _json(product: str, name: str) -> Any:
    return json.loads(_payload(product, name))


def test_seventy_products_and_330_payloads() -> None:
    counts = Counter(name for product in PRODUCTS.values() for name in product["payloads"])

    assert len(PRODUCTS) == 70
    assert [counts[name] for name in PAYLOADS] == [60, 70, 60, 70, 70]
    assert {path.parent.name for path in HOME.glob("*/order_response.json")} == PRODUCTS.keys()


def test_the_payload_headings_without_a_payload_make_331() -> None:
    headings = sum(len(p["payloads"]) + len(p["empty_headings"]) for p in PRODUCTS.values())

    assert headings == 331


def test_the_fixtures_are_as_the_document_has_them() -> None:
    folder = os.environ.get("KONTRAK_DOCUMENTS")
    if folder is None:
        pytest.skip("KONTRAK_DOCUMENTS does not name the folder of the documents")
    files = from_document(Path(folder) / INDEX["document"], HOME)
    present = [path for name in PAYLOADS for path in HOME.glob(f"*/{name}.json")]

    assert differences(HOME, files, present=present) == []


def test_every_entry_of_the_register_is_repaired_or_left_with_a_reason() -> None:
    reasons = {repair.id: repair.reason for repair in REPAIRS.repairs if not repair.private}
    reasons |= {left.id: left.reason for left in REPAIRS.left}

    assert reasons.keys() == {f"C002-{number:02}" for number in range(1, REGISTER_SIZE + 1)}
    assert all(reasons.values())


def _undone(repair: Repair) -> str:
    """The payload with this one repair undone."""
    start = PRODUCTS[repair.product]["payloads"][repair.payload]
    among = REPAIRS.of(repair.product, repair.payload)
    lines = numbered(_payload(repair.product, repair.payload), start, among)
    seen = [line for number, line in lines if number != repair.line]
    before = sum(
        number < repair.line
        for number, _ in numbered(_payload(repair.product, repair.payload), start, among)
    )
    return "\n".join([*seen[:before], repair.was, *seen[before:]])


@pytest.mark.parametrize(
    "repair",
    [
        pytest.param(repair, id=f"{repair.id}-{repair.line}")
        for repair in REPAIRS.repairs
        if repair.payload != "url" and not repair.private
    ],
)
def test_a_payload_needs_its_repair(repair: Repair) -> None:
    """Without it the payload is not JSON, or says something else."""
    undone = _undone(repair)
    malformed = repair.id in ("C002-01", "C002-02")

    if malformed:
        with pytest.raises(json.JSONDecodeError):
            json.loads(undone)
    else:
        assert json.loads(undone) != _json(repair.product, repair.payload)


@pytest.mark.parametrize(
    "repair",
    [
        pytest.param(repair, id=f"{repair.product}-{repair.line}")
        for repair in REPAIRS.repairs
        if repair.private
    ],
)
def test_nothing_private_is_left_in_its_line(repair: Repair) -> None:
    start = PRODUCTS[repair.product]["payloads"][repair.payload]
    among = REPAIRS.of(repair.product, repair.payload)
    lines = numbered(_payload(repair.product, repair.payload), start, among)

    assert repair.reason
    assert [line for number, line in lines if number == repair.line] == [repair.now]


@pytest.mark.parametrize(
    "repair",
    [
        pytest.param(repair, id=str(repair.line))
        for repair in REPAIRS.repairs
        if repair.payload == "url"
    ],
)
def test_an_order_address_needs_its_repair(repair: Repair) -> None:
    assert PRODUCTS[repair.product]["order_path_line"] == repair.line
    assert repair.now.endswith(PRODUCTS[repair.product]["order_path"])
    assert not repair.was.endswith(PRODUCTS[repair.product]["order_path"])


def test_undoing_all_repairs_gives_what_the_document_prints() -> None:
    start = PRODUCTS["steam-wallet-idr-90"]["payloads"]["order_response"]
    repairs = REPAIRS.of("steam-wallet-idr-90", "order_response")
    fixed = _payload("steam-wallet-idr-90", "order_response")

    printed = as_printed(fixed, start, repairs)

    assert len(repairs) == 2
    assert fixed.count("\n") - printed.count("\n") == 2


@pytest.mark.parametrize("product", PRODUCTS)
def test_ids_numbers_codes_and_amounts_echo(product: str) -> None:
    data = {name: _json(product, name)["data"] for name in PRODUCTS[product]["payloads"]}
    attributes = [payload["attributes"] for payload in data.values()]
    orders = {payload["id"] for name, payload in data.items() if not name.startswith("inquiry")}
    padded = {"099994301127", "0099994301127"}

    assert {held["product_code"] for held in attributes} == {product}
    numbers = {held["client_number"] for held in attributes}
    assert numbers == padded if product == "bpjs-denda" else len(numbers) == 1
    assert orders == {PRODUCTS[product]["order_path"].removeprefix("/v2/order/")}
    amount = data["checkout_request"]["attributes"].get("amount")
    assert amount in (None, data["checkout_response"]["attributes"]["sales_price"])


INQUIRED = [product for product in PRODUCTS if "inquiry_request" in PRODUCTS[product]["payloads"]]


@pytest.mark.parametrize("product", INQUIRED)
def test_an_inquiry_is_asked_and_answered_as_one(product: str) -> None:
    request, answer = (
        _json(product, f"inquiry_{kind}")["data"] for kind in ("request", "response")
    )

    assert request["type"] == answer["type"] == "inquiry"
    assert answer["id"] == answer["attributes"]["client_number"]
