"""JSON and XML: the two ways in which requests and answers are written."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from enum import Enum
from typing import Any, Never

import defusedxml.ElementTree

Fields = dict[str, Any]
"""The fields of a request or an answer, nested as in JSON; amounts are numbers, in rupiah."""


class Codec(Enum):
    """How a body is written; the value is the Content-Type of its answers."""

    JSON = "application/json"
    XML = "application/xml"


CONTENT_TYPES = {
    "application/json": Codec.JSON,
    "application/xml": Codec.XML,
    "text/xml": Codec.XML,
}


class Malformed(ValueError):  # noqa: N818 - named after what the body is
    """The body is not a document of its kind."""


def read_json(body: bytes) -> Fields:
    """The fields of a JSON object: UTF-8, no repeated names, no NaN. Raises ``Malformed``."""
    try:
        fields = json.loads(
            body.decode("utf-8"), object_pairs_hook=_unrepeated, parse_constant=_refuse_constant
        )
        # A lone surrogate passes the parser but is no text.
        json.dumps(fields, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError) as error:
        raise Malformed("not JSON") from error
    if not isinstance(fields, dict):
        raise Malformed("not a JSON object")
    return fields


def read_xml(body: bytes) -> Fields:
    """The fields directly inside ``mp``, all text. Raises ``Malformed``, also for any DTD."""
    try:
        root = defusedxml.ElementTree.fromstring(body, forbid_dtd=True)
    except (ET.ParseError, ValueError, LookupError) as error:
        raise Malformed("not XML") from error
    return fields_of(root)


def fields_of(root: ET.Element) -> Fields:
    """The texts directly inside ``mp`` by name. Raises ``Malformed`` for any other shape."""
    if root.tag != "mp":
        raise Malformed("the root is not mp")
    fields: Fields = {}
    for element in root:
        if element.tag in fields or len(element):
            raise Malformed(f"{element.tag} is not one text")
        fields[element.tag] = element.text or ""
    return fields


def write_json(answer: Fields) -> bytes:
    """One JSON document."""
    return json.dumps(answer).encode("ascii")


def write_xml(answer: Fields, root: str = "mp") -> bytes:
    """One XML document; a list becomes repeated elements, each of the list's name."""
    body: bytes = ET.tostring(element_of(root, answer), encoding="utf-8")
    return b'<?xml version="1.0"?>\n' + body


def element_of(name: str, value: object) -> ET.Element:
    """The element of one value: an object's members inside it, anything else as its text."""
    element = ET.Element(name)
    if not isinstance(value, dict):
        element.text = "" if value is None else str(value)
        return element
    for key, member in value.items():
        for one in member if isinstance(member, list) else [member]:
            element.append(element_of(key, one))
    return element


def _unrepeated(pairs: list[tuple[str, object]]) -> dict[str, object]:
    if len({key for key, _ in pairs}) < len(pairs):
        raise Malformed("a name stands twice")
    return dict(pairs)


def _refuse_constant(word: str) -> Never:
    raise Malformed(f"{word} is not JSON")
