"""Attributes that common clauses already find wrong: what rests on them is not judged again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kontrak.providers.tokopedia.documents import whole_rupiah

Messages = Mapping[str, Mapping[str, Any]]


def suspects(messages: Messages) -> dict[str, str]:
    """The terms (``order.sales_price``) that are wrong, with the clause that says so."""
    found: dict[str, str] = {}
    if price_sum_is_wrong(messages.get("inquiry", {})):
        for name in ("base_price", "admin_fee", "sales_price"):
            found[f"inquiry.{name}"] = "TOKOPEDIA-INQUIRY-PRICE-SUM"
    for here, there, name, clause in _PAIRS:
        if there in messages and here in messages:
            one, other = _held(messages[here], name), _held(messages[there], name)
            if one != other and None not in (one, other):
                found[f"{here}.{name}"] = clause
    return found


def price_sum_is_wrong(inquiry: Mapping[str, Any]) -> bool:
    """Whether an inquiry's three amounts can be read and do not add up."""
    base, fee, price = (_held(inquiry, n) for n in ("base_price", "admin_fee", "sales_price"))
    if not (isinstance(base, int) and isinstance(fee, int) and isinstance(price, int)):
        return False
    return base + fee != price


_PAIRS = (
    ("inquiry", "asked", "client_number", "TOKOPEDIA-INQUIRY-ECHO-NUMBER"),
    ("checkout", "inquiry", "sales_price", "TOKOPEDIA-CHECKOUT-PRICE"),
    ("order", "checkout", "sales_price", "TOKOPEDIA-ORDER-PRICE"),
    ("order", "inquiry", "admin_fee", "TOKOPEDIA-ORDER-ADMIN-FEE"),
    ("order", "request", "client_number", "TOKOPEDIA-ORDER-ECHO-NUMBER"),
)


def _held(document: Mapping[str, Any], name: str) -> object:
    data = document.get("data")
    attributes = data.get("attributes") if isinstance(data, dict) else None
    found = attributes.get(name) if isinstance(attributes, dict) else None
    if name == "client_number":
        # Leading zeros that one product adds are no other number (C002-10).
        return found.lstrip("0") if isinstance(found, str) else None
    return whole_rupiah(found)
