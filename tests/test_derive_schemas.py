"""tokopedia: the schemas are in step with the fixtures, and each can say no."""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from kontrak.config.paths import FIXTURES, SCHEMAS
from tools.derive.schemas import examples
from tools.derive.steps import schema_files
from tools.derive.write import differences

HOME = FIXTURES / "tokopedia"
SHAPES_HOME = SCHEMAS / "tokopedia"
SHAPES: list[dict[str, Any]] = tomllib.loads((HOME / "shapes.toml").read_text("utf-8"))["shape"]


def test_all_schemas_and_facts_are_as_derived() -> None:
    assert differences(SHAPES_HOME, schema_files(HOME)) == []


def _schema(name: str) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads((SHAPES_HOME / f"{name}.json").read_text("utf-8"))
    return schema


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every key of every object in a value; of a list only the first item counts."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield (*path, key)
            yield from _places(inner, (*path, key))
    elif isinstance(value, list) and value:
        yield from _places(value[0], (*path, 0))


def _parent(value: Any, path: tuple[Any, ...]) -> Any:
    for key in path[:-1]:
        value = value[key]
    return value


@pytest.mark.parametrize("shape", SHAPES, ids=[shape["name"] for shape in SHAPES])
def test_a_schema_accepts_its_payloads_with_and_without_unknown_keys(shape: dict[str, Any]) -> None:
    validator = Draft202012Validator(_schema(shape["name"]))
    validator.check_schema(validator.schema)

    for path, payload in examples(HOME, shape):
        assert validator.is_valid(payload), path
        more = deepcopy(payload)
        for place in list(_places(payload)):
            _parent(more, place)["undocumented"] = {}
        assert validator.is_valid(more), path


@pytest.mark.parametrize("shape", SHAPES, ids=[shape["name"] for shape in SHAPES])
def test_a_schema_refuses_a_wrong_type_in_every_place(shape: dict[str, Any]) -> None:
    validator = Draft202012Validator(_schema(shape["name"]))
    _, payload = examples(HOME, shape)[-1]

    for place in _places(payload):
        changed = deepcopy(payload)
        _parent(changed, place)[place[-1]] = 0.5
        assert not validator.is_valid(changed), place


@pytest.mark.parametrize("shape", SHAPES, ids=[shape["name"] for shape in SHAPES])
def test_a_schema_refuses_a_payload_without_a_required_key(shape: dict[str, Any]) -> None:
    schema = _schema(shape["name"])
    validator = Draft202012Validator(schema)
    _, payload = examples(HOME, shape)[0]
    required = set(_required(schema))

    for place in _places(payload):
        changed = deepcopy(payload)
        del _parent(changed, place)[place[-1]]
        plain = ".".join(str(key) for key in place if key != 0)
        assert validator.is_valid(changed) != (plain in required), plain


def _required(
    schema: dict[str, Any], path: str = "", root: dict[str, Any] | None = None
) -> Iterator[str]:
    root = root or schema
    if "$ref" in schema:
        schema = root["$defs"][schema["$ref"].rpartition("/")[2]]
    yield from (f"{path}{key}" for key in schema.get("required", []))
    for key, inner in schema.get("properties", {}).items():
        yield from _required(inner, f"{path}{key}.", root)
    if "items" in schema:
        yield from _required(schema["items"], path, root)


SCHEMA_FILES = [path for path in sorted(SHAPES_HOME.glob("*.json")) if path.stem != "products"]


@pytest.mark.parametrize("path", SCHEMA_FILES, ids=[path.stem for path in SCHEMA_FILES])
def test_every_property_is_described(path: Path) -> None:
    def undescribed(schema: Any, where: str) -> Iterator[str]:
        if isinstance(schema, dict):
            for key, inner in schema.get("properties", {}).items():
                if not inner.get("description"):
                    yield f"{where}.{key}"
            for key, inner in schema.items():
                yield from undescribed(inner, f"{where}.{key}")

    assert list(undescribed(json.loads(path.read_text("utf-8")), path.stem)) == []


ORDER_FAULTS: dict[str, list[tuple[str, object]]] = {
    "order-pending": [
        ("fulfilled_at", "2022-12-01T03:26:39Z"),
        ("serial_number", "x"),
        ("error_code", None),
        ("fields", ""),
        ("admin_fee", 0),
    ],
    "order-success": [
        ("fulfilled_at", None),
        ("fulfilled_at", "2022-12-01T10:26:39+07:00"),
        ("fulfillment_result", None),
        ("fulfillment_result", []),
        ("status", "success"),
        ("sales_price", "52000"),
        ("sales_price", -1),
        ("voucher_code", None),
    ],
    "order-failed": [
        ("error_code", ""),
        ("fulfilled_at", "2022-12-01T03:26:39Z"),
        ("status", "S02"),
    ],
    "inquiry": [("inquiry_result", None), ("inquiry_result", []), ("meter_id", None)],
}


@pytest.mark.parametrize(
    ("name", "key", "value"),
    [(name, key, value) for name, faults in ORDER_FAULTS.items() for key, value in faults],
)
def test_a_schema_refuses_a_wrong_value(name: str, key: str, value: object) -> None:
    """Null, "" and [] differ; one of the four keys of a fulfilled order is not enough."""
    (shape,) = (shape for shape in SHAPES if shape["name"] == name)
    _, payload = examples(HOME, shape)[0]
    payload["data"]["attributes"][key] = value

    assert not Draft202012Validator(_schema(name)).is_valid(payload)


def test_pending_orders_have_ten_keys_or_fourteen() -> None:
    (shape,) = (shape for shape in SHAPES if shape["name"] == "order-pending")
    sizes = Counter(len(payload["data"]["attributes"]) for _, payload in examples(HOME, shape))

    assert sizes == {10: 69, 14: 2}


def test_every_public_payload_names_its_source_and_shows_a_shape() -> None:
    entries = tomllib.loads((HOME / "public" / "public.toml").read_text("utf-8"))["payload"]
    listed = {entry["file"]: entry["source"] for entry in entries}
    shown = {Path(path).name for shape in SHAPES for path, _ in examples(HOME, shape)}

    assert listed.keys() == {path.name for path in (HOME / "public").glob("*.json")}
    assert listed.keys() <= shown
    assert all(listed.values())
