"""digiswitch: every documented example has its shape, and loses it by one change."""

from __future__ import annotations

import copy
import json
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from kontrak.clauses.catalogue import clauses, of_shape
from kontrak.clauses.response_codes import Outcome, response_codes
from kontrak.clauses.shapes import shape
from kontrak.config.paths import FIXTURES, SCHEMAS
from kontrak.providers.digiswitch import CASES, PRODUCTS

HOME = FIXTURES / "digiswitch"


def _example(product: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((HOME / product / "payment_response.json").read_bytes())
    return found


def _schema(name: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads((SCHEMAS / name).read_text("utf-8")))


def _spoilt(product: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The example with one member absent, and with one of another type, place by place."""
    for place in _places(_example(product)):
        for name, value in (("absent", None), ("a list", [])):
            document = _example(product)
            holder: Any = document
            for part in place[:-1]:
                holder = holder[part]
            if name == "absent":
                del holder[place[-1]]
            else:
                holder[place[-1]] = value
            yield f"{'.'.join(map(str, place))} {name}", document


def _places(found: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(found, dict):
        for key, value in found.items():
            yield (*place, key)
            yield from _places(value, (*place, key))
    if isinstance(found, list):
        for index, value in enumerate(found):
            yield from _places(value, (*place, index))


@pytest.mark.parametrize("product", PRODUCTS)
def test_an_example_has_its_shape_and_names_nothing_else(product: str) -> None:
    for name in (product, "payment", "inquiry", "unpaid", "status"):
        assert shape("digiswitch", name).violations(_example(product)) == ()
        assert shape("digiswitch", name).extras(_example(product)) == ()


@pytest.mark.parametrize("product", PRODUCTS)
def test_a_spoilt_example_is_refused_by_both_validators_alike(product: str) -> None:
    judged = shape("digiswitch", product)
    free = {"data.base_commission absent", "data.desc.biaya_admin_tnkb absent"}
    for name, document in _spoilt(product):
        refused = not judged.accepts(document)
        assert refused == (name not in free), name
        assert refused == bool(judged.violations(document)), name


@pytest.mark.parametrize("product", PRODUCTS)
def test_every_place_of_a_product_has_a_clause(product: str) -> None:
    places = {
        one.at for one in (*of_shape("digiswitch", "payment"), *of_shape("digiswitch", product))
    }
    for name, document in _spoilt(product):
        for one in shape("digiswitch", product).violations(document):
            around = {
                at for at in places if at and (one.pattern + ".").startswith((at + ".", at + "["))
            }
            assert around - {"data"} or one.pattern == "data", name


def test_both_names_of_the_plate_fee_have_the_shape() -> None:
    document = _example("samsat")
    desc = document["data"]["desc"]
    desc["biaya_tnkb"] = desc.pop("biaya_admin_tnkb")

    assert shape("digiswitch", "samsat").accepts(document)


def test_base_commission_is_free_on_every_product() -> None:
    for product in PRODUCTS:
        document = copy.deepcopy(_example(product))
        document["data"]["base_commission"] = 1500
        assert shape("digiswitch", product).accepts(document)


def test_the_documents_requests_have_their_shapes() -> None:
    for product, name in (("pln", "payment-request"), ("samsat", "samsat-request")):
        request = json.loads((HOME / product / "payment_request.json").read_bytes())
        assert shape("digiswitch", name).accepts(request)
        for field in request:
            less = {key: value for key, value in request.items() if key != field}
            assert not shape("digiswitch", name).accepts(less)
    half = {**request, "customer_no": "9658548523568703"}
    assert not shape("digiswitch", "samsat-request").accepts(half)


def test_a_refusal_has_rc_and_message() -> None:
    refusal = {"data": {"rc": "41", "message": "Signature salah", "status": "Gagal"}}

    assert shape("digiswitch", "refusal").accepts(refusal)
    assert not shape("digiswitch", "refusal").accepts({"data": {"message": "Signature salah"}})
    assert not shape("digiswitch", "refusal").accepts({"rc": "41", "message": "Signature salah"})


def test_the_test_cases_have_their_schema() -> None:
    data = tomllib.loads((HOME / "test_cases.toml").read_text("utf-8"))
    schema = _schema("digiswitch/test_cases.json")

    schema.validate(data)
    assert list(data["product"]) == list(PRODUCTS)
    data["product"]["pln"]["sucess"] = "1"
    assert not schema.is_valid(data)


def test_no_customer_number_leads_to_two_things() -> None:
    products = tomllib.loads((HOME / "test_cases.toml").read_text("utf-8"))["product"]
    for row in products.values():
        numbers = [row[case] for case in CASES if case in row]
        assert len(set(numbers)) == len(numbers)


def test_the_response_codes_have_their_schema() -> None:
    data = tomllib.loads((HOME / "response_codes.toml").read_text("utf-8"))
    schema = _schema("response_codes.json")

    schema.validate(data)
    schema_refuses = {**data, "code": [{"rc": "00", "meaning": "success", "outcome": "ok"}]}
    assert not schema.is_valid(schema_refuses)
    pending = {
        rc for rc, code in response_codes("digiswitch").items() if code.outcome is Outcome.PENDING
    }
    assert pending == {"03", "99"}


def test_each_product_has_its_clauses() -> None:
    known = clauses("digiswitch")
    for product in PRODUCTS:
        for part in ("PAY", "DESC", "LEMBAR"):
            assert f"DIGISWITCH-{product.upper()}-{part}" in known
        has_details = "detail" in _example(product)["data"]["desc"]
        assert (f"DIGISWITCH-{product.upper()}-DETAIL" in known) == has_details
        assert (f"DIGISWITCH-{product.upper()}-PERIODE" in known) == has_details
