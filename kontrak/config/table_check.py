"""Checking a table of a TOML file against its JSON Schema, with errors in the words of the file.

The sentence names file and key, and no value, which may be a credential; the hint is the remedy.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from typing import Any, cast

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, relevance

from kontrak.config.paths import TARGETS, displayed
from kontrak.errors import ConfigurationError

_WANTED = {
    "string": "a string in quotes",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list in brackets",
    "object": "a table",
}
_GIVEN: Mapping[type, str] = {
    bool: "true or false",
    str: "a string",
    int: "a whole number",
    float: "a number",
    list: "a list",
    dict: "a table",
    datetime: "a date",
    date: "a date",
    time: "a time",
}
_BOUNDS = {
    "minimum": "has to be at least {}",
    "exclusiveMinimum": "has to be more than {}",
    "maximum": "has to be at most {}",
}


def check_table(
    file: str,
    prefix: str,
    schema: dict[str, Any],
    table: Mapping[str, Any],
    *,
    known: Iterable[str] = (),
) -> None:
    """Raise ``ConfigurationError`` unless a table keeps its schema.

    ``prefix`` stands before the names of its keys; ``known`` are keys that are checked elsewhere,
    and that a mistyped key may have meant as well.
    """
    errors = [_deepest(one) for one in Draft202012Validator(schema).iter_errors(table)]
    if not errors:
        return
    # An unknown key first: it is often why another one is missing.
    error = max(errors, key=lambda one: (one.validator == "additionalProperties", relevance(one)))
    path = prefix + ".".join(str(part) for part in error.absolute_path)
    if error.validator == "additionalProperties":
        raise _unknown(file, path, error, known)
    raise ConfigurationError(
        f"{file}: {path.rstrip('.') or 'the file'}: {_sentence(error)}", hint=_remedy(error)
    )


def _deepest(error: ValidationError) -> ValidationError:
    """The error in the one alternative that is meant, where its type shows which."""
    if error.validator not in {"oneOf", "anyOf"}:
        return error
    branches: dict[Any, list[ValidationError]] = {}
    for one in error.context or ():
        branches.setdefault(one.relative_schema_path[0], []).append(one)
    meant = [
        inner
        for inner in branches.values()
        if not any(one.validator in {"type", "const"} and not one.relative_path for one in inner)
    ]
    return _deepest(max(meant[0], key=relevance)) if len(meant) == 1 else error


def _unknown(
    file: str, path: str, error: ValidationError, known: Iterable[str]
) -> ConfigurationError:
    schema, given = (
        cast("Mapping[str, Any]", error.schema),
        cast("Mapping[str, Any]", error.instance),
    )
    offered = {*schema.get("properties", {}), *(known if not error.absolute_path else ())}
    key = next(one for one in given if one not in schema.get("properties", {}))
    place = f"{path}." if path and not path.endswith(".") else path
    near = difflib.get_close_matches(key, sorted(offered), n=1)
    hint = (
        f"did you mean {place}{near[0]}?" if near else f"known keys: {', '.join(sorted(offered))}"
    )
    return ConfigurationError(f"{file}: {place}{key}: unknown key", hint=hint)


def _sentence(error: ValidationError) -> str:
    rule, value = str(error.validator), cast("Any", error.validator_value)
    if rule in _BOUNDS:
        return _BOUNDS[rule].format(value)
    if rule in {"type", "const", "oneOf", "anyOf"}:
        return f"{_GIVEN.get(type(error.instance), 'a value')} where {_allowed(error)} belongs"
    return _FORMS.get(rule, _form)(value, cast("Any", error.instance))


def _missing(wanted: list[str], given: Mapping[str, Any]) -> str:
    return f"the key {', '.join(key for key in wanted if key not in given)} is missing"


def _short(least: int, _given: object) -> str:
    return "is empty" if least == 1 else f"is shorter than {least}"


def _form(wanted: object, _given: object) -> str:
    if str(wanted).startswith("^https?://"):
        return "is not an address that begins with http:// or https://"
    return "does not have the form of this key"


_FORMS: Mapping[str, Callable[[Any, Any], str]] = {
    "required": _missing,
    "enum": lambda values, _given: f"not one of {', '.join(map(str, values))}",
    "minLength": _short,
    "minItems": _short,
    "minProperties": _short,
    "uniqueItems": lambda _rule, _given: "names something twice",
}


def _allowed(error: ValidationError) -> str:
    """What may stand there: by type, or the one value."""
    if error.validator == "type":
        kinds = cast("str | list[str]", error.validator_value)
        return _either(_WANTED[kind] for kind in ([kinds] if isinstance(kinds, str) else kinds))
    if error.validator == "const":
        return json.dumps(error.validator_value)
    found = {}
    for one in error.context or ():
        if one.validator in {"type", "const"} and not one.relative_path:
            found[_allowed(one)] = True
    return _either(found) if found else "another form"


def _either(words: Iterable[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} or {last}" if first else last


def _remedy(error: ValidationError) -> str:
    description = error.schema.get("description") if isinstance(error.schema, dict) else None
    if description:
        return str(description)
    return f"see the commented templates in {displayed(TARGETS)}/"
