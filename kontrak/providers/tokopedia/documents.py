"""The documents that requests have: right ones, to be changed by tests in one place."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from kontrak.clauses.amounts import whole_rupiah as whole_rupiah  # noqa: PLC0414 - its users read documents
from kontrak.providers.tokopedia.settings import Offer

Document = dict[str, Any]


def inquiry_document(offer: Offer) -> Document:
    """A right inquiry, as the document shows it for the product."""
    attributes = _customer(offer)
    if offer.amount is not None:
        attributes["amount"] = offer.amount
    return {"data": {"type": "inquiry", "attributes": attributes}}


def order_document(offer: Offer, order_id: str, price: int) -> Document:
    """A right checkout; ``price`` in rupiah is sent where the document sends an amount."""
    attributes = _customer(offer)
    if offer.product.amount:
        attributes["amount"] = price
    return {"data": {"type": "order", "id": order_id, "attributes": attributes}}


def changed(document: Document, **attributes: object) -> Document:
    """The document with some attributes changed; one that is ``...`` is left out."""
    data = dict(document["data"])
    mixed = {**data["attributes"], **attributes}
    data["attributes"] = {key: held for key, held in mixed.items() if held is not ...}
    return {"data": data}


def encode(document: object) -> bytes:
    """A document as it is sent; what is signed are these bytes."""
    return json.dumps(document).encode()


def words(document: Mapping[str, Any]) -> str:
    """A document in a person's words: what kind, which product, whose number, which id."""
    data = document.get("data")
    data = data if isinstance(data, dict) else {}
    attributes = data.get("attributes")
    attributes = attributes if isinstance(attributes, dict) else {}
    parts = (
        data.get("type"),
        attributes.get("product_code"),
        attributes.get("client_number"),
        data.get("id"),
    )
    return " ".join(str(part) for part in parts if part) or "a document of our own making"


def _customer(offer: Offer) -> Document:
    attributes: Document = {"product_code": offer.code, "client_number": offer.number}
    if offer.fields:
        attributes["fields"] = [{"name": name, "value": value} for name, value in offer.fields]
    if offer.product.downline:
        attributes["downline_id"] = ""
    return attributes
