"""Data files and their schemas: every one has a schema, every schema accepts and refuses."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from jsonschema import Draft202012Validator

from kontrak.clauses.catalogue import clauses
from kontrak.config.paths import FIXTURES, ROOT, SCHEMAS, SUITES, TARGETS
from kontrak.config.registry import PROVIDERS
from kontrak.config.target import load_target

SCHEMA_FILES = sorted(
    path for path in SCHEMAS.rglob("*.json") if "$schema" in path.read_text(encoding="utf-8")
)


def toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def schema(name: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((SCHEMAS / name).read_text(encoding="utf-8"))
    return data


DATA = [
    *((SUITES / key / "clauses.toml", "clauses.json") for key in PROVIDERS),
    *(
        (path, "response_codes.json")
        for key in PROVIDERS
        if (path := FIXTURES / key / "response_codes.toml").exists()
    ),
    *(
        (FIXTURES / key / "vectors.toml", own if (SCHEMAS / own).exists() else "vectors.json")
        for key in PROVIDERS
        for own in [f"{key}/vectors.json"]
        if (FIXTURES / key / "vectors.toml").exists()
    ),
    (FIXTURES / "iak" / "test_cases.toml", "iak/test_cases.json"),
]


@pytest.mark.parametrize(("path", "name"), DATA, ids=lambda one: str(one).removeprefix(str(ROOT)))
def test_a_data_file_fits_its_schema(path: Path, name: str) -> None:
    data = toml(path)
    validator = Draft202012Validator(schema(name))
    assert list(validator.iter_errors(data)) == []
    assert not validator.is_valid({**data, next(iter(data)): 5})


@pytest.mark.parametrize("path", SCHEMA_FILES, ids=lambda path: str(path.relative_to(SCHEMAS)))
def test_every_property_is_described(path: Path) -> None:
    contents = json.loads(path.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(contents)

    def undescribed(rule: Any, place: str) -> list[str]:
        if isinstance(rule, list):
            return [one for part in rule for one in undescribed(part, place)]
        if not isinstance(rule, dict):
            return []
        found = []
        for name, one in rule.get("properties", {}).items():
            if isinstance(one, dict) and not ({"description", "$ref"} & set(one)):
                found.append(f"{place}.{name}")
        for key, value in rule.items():
            found += undescribed(value, f"{place}.{key}")
        return found

    assert undescribed(contents, path.stem) == []


@pytest.mark.parametrize("path", sorted(TARGETS.glob("*.toml")), ids=lambda path: path.name)
def test_a_target_template_is_read(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in re.findall(r"env:(\w+)", path.read_text(encoding="utf-8")):
        monkeypatch.setenv(name, f"value-of-{name}")
    target = load_target(path)
    for key in target.providers():
        target.provider(key, sandbox_url="http://127.0.0.1:1")


def iak_documents() -> list[tuple[str, Any]]:
    example = json.loads((FIXTURES / "iak" / "inquiry_response.json").read_text(encoding="utf-8"))
    documents: list[tuple[str, Any]] = [("inquiry-json", example)]
    wrong: list[Any] = [[], {}, {"data": []}, {**example, "meta": {}}]
    for name in example["data"]:
        wrong.append({**example, "data": {**example["data"], name: None}})
        rest = {key: value for key, value in example["data"].items() if key != name}
        wrong.append({**example, "data": rest})
    return documents + [("inquiry-json", one) for one in wrong]


def test_both_validators_agree_on_every_schema() -> None:
    instances: list[Any] = [None, 1, "x", [], {}, {"data": {}}, {"mp": {}}, {"data": {"price": 1}}]
    instances += [one for _, one in iak_documents()]
    for key in PROVIDERS:
        for path in sorted((SCHEMAS / key).glob("*.json")):
            contents = json.loads(path.read_text(encoding="utf-8"))
            if "$schema" not in contents or "$ref" in path.read_text(encoding="utf-8"):
                continue
            slow, fast = Draft202012Validator(contents), jsonschema_rs.validator_for(contents)
            for one in instances:
                assert slow.is_valid(one) == fast.is_valid(one), f"{path.name}: {one}"


def test_the_documented_example_has_the_documented_shape() -> None:
    from kontrak.clauses.shapes import shape

    accepted, *refused = [one for _, one in iak_documents()]
    judged = shape("iak", "inquiry-json")
    assert judged.violations(accepted) == ()
    for one in refused:
        assert not judged.accepts(one)
        assert judged.violations(one)


def test_every_clause_with_a_shape_has_its_schema() -> None:
    for key in PROVIDERS:
        for one in clauses(key).values():
            if one.shape is not None:
                assert (SCHEMAS / key / f"{one.shape}.json").exists(), one.id
