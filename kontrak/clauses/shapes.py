"""JSON Schemas of documented shapes: compiled once, judged fast, explained in words.

``jsonschema-rs`` answers yes or no; ``jsonschema`` explains a no. A test of ours proves that they
agree. A schema file is ``schemas/<provider>/<shape>.json`` and may refer to its neighbours by file
name. Schemas are open: members they do not name are *drift*, reported by ``extras``.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, cast

import jsonschema_rs
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from kontrak.clauses.amounts import LARGEST
from kontrak.config.paths import SCHEMAS
from kontrak.errors import ConfigurationError
from kontrak.masking.masker import shorten

_AMOUNTS = {
    "^[0-9]+(\\.[0-9]+)?$": "^[0-9]{1,15}(\\.[0-9]{1,20})?$",
    "^-?[0-9]+(\\.[0-9]+)?$": "^-?[0-9]{1,15}(\\.[0-9]{1,20})?$",
    "^-?[0-9]+$": "^-?[0-9]{1,15}$",
    "^(0|[1-9][0-9]*)$": "^(0|[1-9][0-9]{0,14})$",
}
"""The patterns of amounts in digits, and what they are bounded to."""
_TYPES = {
    "string": "a string",
    "integer": "an integer",
    "number": "a number",
    "boolean": "true or false",
    "object": "an object",
    "array": "an array",
}


@dataclass(frozen=True, slots=True)
class Violation:
    """One place where an answer breaks its schema.

    ``at`` is the exact place (``data.detail[2].total``), ``pattern`` the same for every element
    (``data.detail[].total``).
    """

    at: str
    pattern: str
    expected: str
    received: str


@dataclass(frozen=True, slots=True, eq=False)
class _Same:
    """A document as a key: its identity counts, and it is kept as long as the key."""

    document: object

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.document is self.document

    def __hash__(self) -> int:
        return id(self.document)


class Shape:
    """One documented shape of one provider.

    What is wrong with a document is found once, however many clauses ask: it is not to be changed
    between two questions.
    """

    def __init__(self, provider: str, name: str) -> None:
        self.provider = provider
        self.name = name
        contents = _contents(provider).get(f"{name}.json")
        if contents is None:
            raise ConfigurationError(
                f"schemas/{provider}/{name}.json does not exist",
                hint="name a file of that folder, without .json",
            )
        self.contents = contents
        self._explaining = _explaining(provider, self.contents)
        closed = _closed(self.contents)
        self._closed = _explaining(provider, closed)
        self._fast_closed = _fast(provider, closed)
        self._fast = _fast(provider, self.contents)
        self._violations = lru_cache(256)(self._find_violations)
        self._extras = lru_cache(256)(self._find_extras)

    def accepts(self, document: object) -> bool:
        """Whether the document has this shape (fast; no explanation)."""
        return _is_valid(self._fast, self._explaining, document)

    def violations(self, document: object) -> tuple[Violation, ...]:
        """Every place where the document breaks the shape, in the document's order."""
        return () if self.accepts(document) else self._violations(_Same(document))

    def extras(self, document: object) -> tuple[str, ...]:
        """The places of members that the shape does not name."""
        if _is_valid(self._fast_closed, self._closed, document):
            return ()
        return self._extras(_Same(document))

    def _find_violations(self, same: _Same) -> tuple[Violation, ...]:
        found = [
            violation
            for error in self._explaining.iter_errors(same.document)
            for violation in _violations(error)
        ]
        return tuple(sorted(found, key=lambda one: (one.at, one.expected)))

    def _find_extras(self, same: _Same) -> tuple[str, ...]:
        found = set()
        for error in self._closed.iter_errors(same.document):
            if error.validator == "additionalProperties" and isinstance(error.instance, dict):
                known = error.schema.get("properties", {}) if isinstance(error.schema, dict) else {}
                found |= {
                    _join(pattern_of(error), key) for key in error.instance if key not in known
                }
        return tuple(sorted(found))


def _is_valid(
    fast: jsonschema_rs.Draft202012Validator, other: Draft202012Validator, document: object
) -> bool:
    try:
        return fast.is_valid(document)
    except UnicodeEncodeError:
        # JSON allows half a surrogate pair, and Rust has no such text.
        return other.is_valid(document)


@cache
def shape(provider: str, name: str) -> Shape:
    """The compiled shape of that name; ``ConfigurationError`` when there is no such file."""
    return Shape(provider, name)


def pattern_of(error: ValidationError) -> str:
    """The place of an error with ``[]`` for every element."""
    return _path(error, indexed=False)


def received(value: object, limit: int = 160) -> str:
    """A value as a message shows it: JSON, shortened behind the masker."""
    try:
        text = json.dumps(value, ensure_ascii=False, default=str)
    except ValueError:
        text = repr(value)
    return shorten(text, limit)


@cache
def _contents(provider: str) -> dict[str, dict[str, Any]]:
    folder = SCHEMAS / provider
    texts = {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.json"))}
    # A file without a dialect is no schema: facts derived beside them, such as products.json.
    return {name: _bounded(json.loads(text)) for name, text in texts.items() if '"$schema"' in text}


def _bounded(schema: Any) -> Any:
    """A copy in which no number is larger than what is read as an amount, typed or in digits."""
    if isinstance(schema, list):
        return [_bounded(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    copy = {key: _bounded(value) for key, value in schema.items()}
    kinds = copy.get("type")
    if {"integer", "number"} & set(kinds if isinstance(kinds, list) else [str(kinds)]):
        copy.setdefault("minimum", -LARGEST)
        copy.setdefault("maximum", LARGEST)
    if copy.get("pattern") in _AMOUNTS:
        copy["pattern"] = _AMOUNTS[copy["pattern"]]
    return copy


def _explaining(provider: str, contents: dict[str, Any]) -> Draft202012Validator:
    resources = [
        (name, DRAFT202012.create_resource(one)) for name, one in _contents(provider).items()
    ]
    registry: Registry[Any] = Registry().with_resources(resources)
    return Draft202012Validator(contents, registry=registry)


def _fast(provider: str, contents: dict[str, Any]) -> jsonschema_rs.Draft202012Validator:
    # jsonschema-rs resolves a relative reference against its own default base.
    registry = jsonschema_rs.Registry(
        [(f"json-schema:///{name}", one) for name, one in _contents(provider).items()]
    )
    return jsonschema_rs.Draft202012Validator(contents, registry=registry)


def _closed(schema: Any) -> Any:
    """A copy in which every object that names its members admits no other."""
    if isinstance(schema, list):
        return [_closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    copy = {key: _closed(value) for key, value in schema.items()}
    if isinstance(copy.get("properties"), dict) and "type" in copy:
        copy.setdefault("additionalProperties", False)
    return copy


def _violations(error: ValidationError) -> list[Violation]:
    at, pattern = _path(error, indexed=True), _path(error, indexed=False)
    if error.validator == "required":
        wanted: list[str] = list(cast("list[str]", error.validator_value))
        missing = [key for key in wanted if key not in cast("dict[str, object]", error.instance)]
        # One error per missing name: jsonschema's message names which one this is.
        mine = [key for key in missing if error.message.startswith(repr(key))]
        return [Violation(_join(at, key), _join(pattern, key), "present", "absent") for key in mine]
    return [Violation(at, pattern, _expected(error), received(error.instance))]


def _expected(error: ValidationError) -> str:
    rule = error.schema if isinstance(error.schema, dict) else {}
    wanted = rule.get("description")
    if wanted and error.validator == "pattern":
        return f"{wanted} (text matching {error.validator_value})"
    returned = {
        "type": _types(error.validator_value),
        "enum": f"one of {received(error.validator_value)}",
        "const": received(error.validator_value),
        "pattern": f"text matching {error.validator_value}",
        "maximum": "a number of at most 15 digits",
        "minimum": "a number of at most 15 digits"
        if error.validator_value == -LARGEST
        else f"minimum = {received(error.validator_value)}",
        "minLength": "text that is not empty",
        "minItems": f"at least {error.validator_value} element(s)",
    }.get(str(error.validator), f"{error.validator} = {received(error.validator_value)}")
    return f"{returned} ({wanted})" if wanted else returned


def _types(wanted: object) -> str:
    names = wanted if isinstance(wanted, list) else [wanted]
    return " or ".join(_TYPES.get(str(name), str(name)) for name in names)


def _path(error: ValidationError, *, indexed: bool) -> str:
    place = ""
    for part in error.absolute_path:
        if isinstance(part, int):
            place += f"[{part if indexed else ''}]"
        else:
            place = _join(place, str(part))
    return place


def _join(place: str, key: str) -> str:
    return f"{place}.{key}" if place else key
