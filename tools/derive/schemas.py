"""Second step: JSON Schemas from fixtures, one file per shape of ``shapes.toml``.

Every file stands alone: the shared definitions it refers to are copied into its ``$defs``.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kontrak.errors import ConfigurationError
from tools.derive.fixtures import read_examples
from tools.derive.shape import Annotator, Schema, infer

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def from_fixtures(home: Path) -> dict[str, str]:
    """The schema files of a provider: file name and contents.

    ``home`` is the provider's folder of fixtures with ``shapes.toml``. Raises
    ``ConfigurationError`` when a shape has no example, a property no description, or a
    description no property.
    """
    path = home / "shapes.toml"
    if not path.is_file():
        raise ConfigurationError(
            f"no shapes.toml in {home.name}/",
            hint="it lists the shapes, the payloads that show them and the descriptions",
        )
    tables = tomllib.loads(path.read_text("utf-8"))
    used: set[str] = set()
    files = {
        f"{shape['name']}.json": _dump(_schema(home, shape, tables, used))
        for shape in tables["shape"]
    }
    if unused := sorted(tables.get("at", {}).keys() - used):
        raise ConfigurationError(
            f"shapes.toml describes what no payload has: {', '.join(unused)}",
            hint="a path is spelled like data.attributes.fields[].name",
        )
    return files


def examples(home: Path, shape: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """The payloads that show a shape (a ``[[shape]]`` table), with their paths below ``home``."""
    found = [
        (path, value)
        for pattern in shape["examples"]
        for path, value in read_examples(home, pattern)
        if all(_at(value, where) == wanted for where, wanted in shape.get("where", {}).items())
    ]
    if not found:
        raise ConfigurationError(
            f"shapes.toml: no payload shows {shape['name']}",
            hint=f"looked for {', '.join(shape['examples'])}",
        )
    return found


def _at(value: Any, path: str) -> object:
    for key in path.split("."):
        value = value[key]
    return value


def _schema(home: Path, shape: Mapping[str, Any], tables: Schema, used: set[str]) -> Schema:
    values = [value for _, value in examples(home, shape)]
    own: Mapping[str, Schema] = shape.get("at", {})
    annotator = Annotator({**tables.get("at", {}), **own}, tables.get("defs", {}))
    schema = annotator.annotate(infer(values))
    if unused := sorted(own.keys() - annotator.used):
        raise ConfigurationError(
            f"shapes.toml: {shape['name']} describes what its payloads lack: {', '.join(unused)}",
            hint="a path is spelled like data.attributes.fields[].name",
        )
    used |= annotator.used
    head = {"$schema": DIALECT, "title": shape["title"], "description": shape["description"]}
    defs = {name: tables["defs"][name] for name in sorted(annotator.shared)}
    return head | schema | ({"$defs": defs} if defs else {})


def _dump(schema: Schema) -> str:
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
