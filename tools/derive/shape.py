"""Infers the JSON Schema of a shape from examples of it.

What examples show is inferred: types (several where they differ), nesting, and which keys are
always there. What they cannot show is reported by annotations: descriptions, constants, patterns.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kontrak.errors import ConfigurationError

Schema = dict[str, Any]

_NAMES: tuple[tuple[type, str], ...] = (
    (bool, "boolean"),
    (int, "integer"),
    (float, "number"),
    (str, "string"),
    (dict, "object"),
    (list, "array"),
    (type(None), "null"),
)


def infer(values: Sequence[object]) -> Schema:
    """The narrowest plain schema that all ``values`` fit: types, properties, required, items."""
    types = {_type(value) for value in values}
    if "number" in types:
        types.discard("integer")
    ordered = [name for _, name in _NAMES if name in types]
    schema: Schema = {"type": ordered[0] if len(ordered) == 1 else ordered}
    if objects := [value for value in values if isinstance(value, dict)]:
        schema |= _infer_object(objects)
    if items := [item for value in values if isinstance(value, list) for item in value]:
        schema["items"] = infer(items)
    return schema


def _type(value: object) -> str:
    return next(name for kind, name in _NAMES if isinstance(value, kind))


def _infer_object(objects: Sequence[Mapping[str, object]]) -> Schema:
    keys = list(dict.fromkeys(key for value in objects for key in value))
    return {
        "required": [key for key in keys if all(key in value for value in objects)],
        "properties": {
            key: infer([value[key] for value in objects if key in value]) for key in keys
        },
    }


@dataclass(slots=True)
class Annotator:
    """Adds what examples cannot show. ``at`` maps a path (``data.fields[].name``) to keywords.

    ``ref`` among the keywords puts a shared definition in place of what was inferred, and
    ``together`` says of an object that its optional keys come all or none, ``optional`` names keys
    that another shape of the document shows. ``used`` collects the
    paths that were found; ``shared`` the definitions that were referred to.
    """

    at: Mapping[str, Schema]
    defs: Mapping[str, Schema]
    used: set[str] = field(default_factory=set)
    shared: set[str] = field(default_factory=set)

    def annotate(self, schema: Schema, path: str = "") -> Schema:
        """The schema with its annotations, all properties below included.

        Raises ``ConfigurationError`` for a property without a description.
        """
        keywords = dict(self._keywords(path))
        if ref := keywords.pop("ref", None):
            self._share(str(ref))
            return {**keywords, "$ref": f"#/$defs/{ref}"}
        together = keywords.pop("together", False)
        optional = keywords.pop("optional", {})
        description = keywords.pop("description", None)
        result = ({"description": description} if description else {}) | schema | keywords
        if "properties" in result:
            result["properties"] = {
                key: self.annotate(inner, f"{path}.{key}" if path else key)
                for key, inner in schema["properties"].items()
            } | optional
        if "items" in result:
            result["items"] = self.annotate(schema["items"], f"{path}[]")
        if together:
            result["dependentRequired"] = _all_or_none(result)
        return result

    def _keywords(self, path: str) -> Schema:
        if not path:
            return {}
        if path not in self.at:
            raise ConfigurationError(
                f"shapes.toml: nothing describes {path}",
                hint=f'add [at."{path}"] with a description',
            )
        self.used.add(path)
        return self.at[path]

    def _share(self, name: str) -> None:
        if name not in self.defs:
            raise ConfigurationError(
                f"shapes.toml: no [defs.{name}]",
                hint=f"known definitions: {', '.join(sorted(self.defs))}",
            )
        self.shared |= {name, *references(self.defs[name])}


def _all_or_none(schema: Schema) -> dict[str, list[str]]:
    optional = [key for key in schema["properties"] if key not in schema["required"]]
    return {key: [other for other in optional if other != key] for key in optional}


def references(schema: object) -> Iterable[str]:
    """The names of the definitions that a schema refers to, however deep."""
    if isinstance(schema, dict):
        if isinstance(ref := schema.get("$ref"), str):
            yield ref.rpartition("/")[2]
        for inner in schema.values():
            yield from references(inner)
    elif isinstance(schema, list):
        for inner in schema:
            yield from references(inner)
