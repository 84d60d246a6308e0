"""A provider described for a general tool: an OpenAPI 3.1 document, and how its requests are made.

The shapes are the project's own (``schemas/<provider>/*.json``), the requests those that its
clients document. What OpenAPI cannot say (a fresh reference, a signature, a bill that is inquired
before it is paid, which replies are refusals) is a ``Recipe`` beside each operation; ``hooks.py``
follows it.

Several commands of one address have different fragments, ``/api/v1/bill/check#pay-pasca``: it
makes them operations with shapes of their own, and is never sent.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from typing import Any, Literal

from kontrak.config.paths import SCHEMAS

Schema = Mapping[str, Any]
Place = str
"""Where a value stands in a request: ``body:/data/id``, ``path:id`` or ``query:refID``."""

JSON_TYPE = "application/json"
PLACEHOLDER = "0" * 32
"""A signature yet to be made; ``hooks.py`` puts the right one in its place and no other's."""


@dataclass(frozen=True, slots=True)
class Value:
    """What is put into a request: a fresh reference, or a part of an earlier reply.

    ``step`` names the step, ``at`` the place in its reply; ``text`` makes a number text. The step
    ``given`` is no part: ``at`` is the value itself.
    """

    step: str = "fresh"
    at: str = ""
    text: bool = False


FRESH = Value()


@dataclass(frozen=True, slots=True)
class Sign:
    """A signature at a place (or in a header) of the request.

    ``md5``: over the concatenated ``of``, each a text or (after a slash) a place of the body.
    ``rsa``: over the body's bytes with the key file ``of[0]``.
    """

    how: Literal["md5", "rsa"]
    at: str
    of: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A request sent before an operation's own, so that the operation has something to act on."""

    method: str
    path: str
    body: Schema | None = None
    put: Mapping[Place, Value] = field(default_factory=dict)
    sign: Sign | None = None
    query: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a generated request becomes one that the provider can carry out.

    ``put`` replaces values that are well-formed, in all requests; what was generated wrong on
    purpose stays wrong. ``accepted`` are the values at ``reported_at`` of a reply that mean
    success: a reply with another one, or a text that ``refused`` finds itself in, is presented to
    the tool as HTTP 422 (409 for a ``conflict``), because its checks know a refusal by the status.
    """

    steps: tuple[str, ...] = ()
    put: Mapping[Place, Value] = field(default_factory=dict)
    well_formed: str = ".+"
    sign: Sign | None = None
    reported_at: str = ""
    accepted: tuple[str, ...] = ()
    conflict: tuple[str, ...] = ()
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation. ``ok`` is the shape of an accepted reply, ``body`` that of the request."""

    name: str
    path: str
    ok: Schema
    recipe: Recipe
    method: str = "post"
    status: str = "200"
    body: Schema | None = None
    example: Any = None
    parameters: tuple[Schema, ...] = ()
    refusal: Schema = field(default_factory=lambda: {"type": "object"})
    request_type: str = JSON_TYPE
    reply_type: str = JSON_TYPE
    reply_headers: Mapping[str, Schema] = field(default_factory=dict)
    security: str | None = None
    links: Mapping[str, Schema] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """How the tool calls it."""
        return f"{self.method.upper()} {self.path}"


@dataclass(frozen=True, slots=True)
class Description:
    """One provider. ``shapes`` are the schema files it uses, by name.

    ``security`` are the OpenAPI security schemes, ``credentials`` what the tool's configuration
    says for them, ``headers`` what the steps send in their
    place. ``left_out`` is found in the id and clause of faults that no operation here can show.
    """

    provider: str
    title: str
    shapes: tuple[str, ...]
    operations: tuple[Operation, ...]
    steps: Mapping[str, Step] = field(default_factory=dict)
    security: Mapping[str, Schema] = field(default_factory=dict)
    credentials: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    left_out: str = "(?!)"

    def document(self) -> dict[str, Any]:
        """The OpenAPI 3.1 document."""
        components: dict[str, Any] = {"schemas": {name: self._shape(name) for name in self.shapes}}
        if self.security:
            components["securitySchemes"] = dict(self.security)
        paths: dict[str, dict[str, Any]] = {}
        for one in self.operations:
            paths.setdefault(one.path, {})[one.method] = _operation(one)
        return {
            "openapi": "3.1.0",
            "info": {"title": self.title, "version": "1"},
            "paths": paths,
            "components": components,
        }

    def settings(self) -> dict[str, Any]:
        """What ``hooks.py`` reads: the recipes by the tool's names, and the steps."""
        return {
            "recipes": {one.label: asdict(one.recipe) for one in self.operations},
            "steps": {name: asdict(step) for name, step in self.steps.items()},
            "headers": dict(self.headers),
            "linked": {one.label: _linked(one) for one in self.operations if one.links},
        }

    def _shape(self, name: str) -> Any:
        return _moved(shape(self.provider, name), name)


def ref(name: str) -> Schema:
    """A shape of the description by its file name."""
    return {"$ref": f"#/components/schemas/{name}"}


def const(value: object) -> Schema:
    """A value that is always the same."""
    return {"type": _TYPES[type(value)], "const": value}


def one_of(values: Sequence[str]) -> Schema:
    """One of some texts."""
    return {"type": "string", "enum": list(values)}


def record(**members: Schema) -> Schema:
    """An object of mandatory members."""
    return {"type": "object", "required": list(members), "properties": members}


def narrowed(schema: Schema, **members: Schema) -> Schema:
    """A request's shape with some members held to what the target lets us ask."""
    properties = {
        name: {**rule, **members.get(name, {})} for name, rule in schema["properties"].items()
    }
    return {**_plain(schema), "properties": properties}


def both(*schemas: Schema) -> Schema:
    """What keeps all of these."""
    return {"allOf": list(schemas)}


@cache
def shape(provider: str, name: str) -> dict[str, Any]:
    """A schema file of the project, as it is."""
    text = (SCHEMAS / provider / f"{name}.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def _plain(schema: Schema) -> dict[str, Any]:
    return {key: value for key, value in schema.items() if key != "$schema"}


_TYPES = {str: "string", bool: "boolean", int: "integer"}


def _moved(schema: Any, name: str) -> Any:
    """A schema with its references led to where the shapes stand in the document."""
    if isinstance(schema, list):
        return [_moved(one, name) for one in schema]
    if not isinstance(schema, dict):
        return schema
    moved = {key: _moved(value, name) for key, value in schema.items() if key != "$schema"}
    if isinstance(target := schema.get("$ref"), str):
        file, _, place = target.partition("#")
        moved["$ref"] = f"#/components/schemas/{file.removesuffix('.json') or name}{place}"
    return moved


def _operation(one: Operation) -> dict[str, Any]:
    made: dict[str, Any] = {"operationId": one.name, "responses": _responses(one)}
    if one.body is not None:
        media: dict[str, Any] = {"schema": one.body}
        if one.example is not None:
            media["example"] = one.example
        made["requestBody"] = {"required": True, "content": {one.request_type: media}}
    if one.parameters:
        made["parameters"] = list(one.parameters)
    if one.security:
        made["security"] = [{one.security: []}]
    return made


def _linked(one: Operation) -> list[str]:
    """The places of a reply that links lead into the next request."""
    found = json.dumps(list(one.links.values()))
    return re.findall(r"\$response\.body#([^\"]+)", found)


def _responses(one: Operation) -> dict[str, Any]:
    ok: dict[str, Any] = {
        "description": "carried out",
        "content": {one.reply_type: {"schema": one.ok}},
    }
    if one.reply_headers:
        ok["headers"] = {
            name: {"required": True, "schema": schema} for name, schema in one.reply_headers.items()
        }
    if one.links:
        ok["links"] = dict(one.links)
    refused = {"description": "refused", "content": {one.reply_type: {"schema": one.refusal}}}
    if not one.recipe.reported_at:
        return {one.status: ok, "4XX": refused}
    # What a refusal by HTTP status alone says is left open.
    bare = {"description": "refused", "content": {one.reply_type: {"schema": {"type": "object"}}}}
    return {one.status: ok, "409": refused, "422": refused, "4XX": bare}
