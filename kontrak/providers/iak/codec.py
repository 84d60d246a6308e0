"""IAK's two encodings of a request: JSON, and XML with the fields directly inside ``mp``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Literal
from xml.etree.ElementTree import Element, SubElement, tostring

from kontrak.exchange import Exchange
from kontrak.http.body import Answer, read_json, read_xml

Codec = Literal["json", "xml"]
CODECS: tuple[Codec, ...] = ("json", "xml")
MEDIA_TYPES: Mapping[Codec, str] = {"json": "application/json", "xml": "application/xml"}


def encode(fields: Mapping[str, object], codec: Codec) -> bytes:
    """The request body of some fields, in their order."""
    if codec == "json":
        return json.dumps(fields, indent=2).encode()
    root = Element("mp")
    for name, value in fields.items():
        SubElement(root, name).text = str(value)
    text: str = tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}'.encode()


def decode(exchange: Exchange, codec: Codec) -> Answer:
    """Read a reply in the encoding it was asked in."""
    if codec == "json":
        return read_json(exchange)
    return read_xml(exchange, lists=("detail",))
