"""JSON and XML: the two ways in which requests and answers are written."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from enum import Enum

import defusedxml.ElementTree

from kontrak.sandbox.json_body import Fields, Malformed, read_json, write_json

__all__ = [
    "CONTENT_TYPES",
    "Codec",
    "Fields",
    "Malformed",
    "element_of",
    "fields_of",
    "read_json",
    "read_xml",
    "write_json",
    "write_xml",
]


class Codec(Enum):
    """How a body is written; the value is the Content-Type of its answers."""

    JSON = "application/json"
    XML = "application/xml"


CONTENT_TYPES = {
    "application/json": Codec.JSON,
    "application/xml": Codec.XML,
    "text/xml": Codec.XML,
}


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
