"""Faults of single fields: left out, of another type, or with a value that none has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kontrak.sandbox.changes import Fault
from kontrak.sandbox.tokopedia.interface import Document, Kind
from kontrak.sandbox.tokopedia.making import (
    When,
    at,
    failed,
    fault,
    fulfilled,
    inquired,
    of,
    pending,
    refused,
    with_document,
    without,
)


@dataclass(frozen=True, slots=True)
class Flaw:
    """What becomes of a value, in words that follow the field's name."""

    words: str
    change: Callable[[Any], object]


def _number(text: Any) -> int:
    return int(text) if isinstance(text, str) and text.isdigit() else len(str(text))


FLAWS = {
    "null": Flaw("is null", lambda _: None),
    "text": Flaw("is a string", str),
    "number": Flaw("is a number", _number),
    "empty": Flaw("is empty", lambda _: ""),
    "flag": Flaw("is a boolean", lambda _: True),
    "half": Flaw("has half a rupiah", lambda value: value + 0.5),
    "negative": Flaw("is below zero", lambda _: -1),
    "array": Flaw("is within an array", lambda value: [value]),
    "object": Flaw("is an empty object", lambda _: {}),
    "none": Flaw("is an empty list", lambda _: []),
    "map": Flaw(
        "is an object of names and values",
        lambda entries: {one["name"]: one["value"] for one in entries},
    ),
    "pairs": Flaw(
        "is a list of pairs", lambda entries: [[one["name"], one["value"]] for one in entries]
    ),
    "digits": Flaw(
        "has numbers among its values",
        lambda entries: [
            one | ({"value": int(one["value"])} if one["value"].isdigit() else {})
            for one in entries
        ],
    ),
    "blanks": Flaw(
        "has null for an empty value",
        lambda entries: [one | {"value": one["value"] or None} for one in entries],
    ),
    "lonely": Flaw(
        "has a first entry without value",
        lambda entries: [{"name": entries[0]["name"]}, *entries[1:]],
    ),
    "other": Flaw("is another word", lambda value: f"{value}s"),
    "upper": Flaw("is in capitals", lambda value: value.upper()),
    "filled": Flaw("is 1", lambda _: "1"),
    "moment": Flaw("is a moment", lambda _: "2026-01-31T02:00:00Z"),
    "shouted": Flaw("is the number 400", lambda _: 400),
    "zero": Flaw("is 0", lambda _: 0),
    "wib": Flaw("is in local time", lambda value: value.replace("Z", "+07:00")),
    "blank": Flaw("has a blank for the T", lambda value: value.replace("T", " ")),
    "date": Flaw("has no time", lambda value: value[:10]),
    "unix": Flaw("is a number of seconds", lambda _: 1_672_531_200),
    "soon": Flaw("is a duration in words", lambda value: f"{value}s"),
    "nine": Flaw("is 9", lambda _: 9),
}

Row = tuple[str, str, str]
"""Clause, path, and the names of flaws; ``-`` leaves the field out."""


def _faults(name: str, words: str, when: When, rows: tuple[Row, ...]) -> tuple[Fault, ...]:
    return tuple(
        _fault(name, words, when, clause, path, flaw)
        for clause, path, flaws in rows
        for flaw in flaws.split()
    )


# Order details without a state are judged by the shape of every order.
_LOST = {"PENDING-DATA": ("SUCCESS-DATA",), "PENDING-ATTRIBUTES": ("SUCCESS-ATTRIBUTES",)}


def _fault(name: str, words: str, when: When, clause: str, path: str, flaw: str) -> Fault:
    field = path.removeprefix("data.attributes.").replace("[]", "")
    slug = field.replace(".", "-").replace("_", "-").lower()
    if flaw == "-":
        edit, returned, kind = without(path), "is left out", "missing"
    else:
        edit, returned, kind = at(path, FLAWS[flaw].change), FLAWS[flaw].words, flaw
    lost = _LOST.get(clause, ())
    return fault(
        f"{name}-{slug}-{kind}", clause, f"{field} of {words} {returned}.",
        also=lost, because="without it nothing reports which order this is" if lost else "",
        finish=with_document(edit, when),
    )  # fmt: skip


INQUIRY = _faults(
    "inquiry", "an inquiry", inquired,
    (
        ("INQUIRY-DATA", "data", "- array"),
        ("INQUIRY-TYPE", "data.type", "- other upper"),
        ("INQUIRY-ID", "data.id", "- number empty"),
        ("INQUIRY-ATTRIBUTES", "data.attributes", "- array"),
        ("INQUIRY-ADMIN-FEE", "data.attributes.admin_fee", "- text half null"),
        ("INQUIRY-BASE-PRICE", "data.attributes.base_price", "- text negative"),
        ("INQUIRY-CLIENT-NAME", "data.attributes.client_name", "- null"),
        ("INQUIRY-CLIENT-NUMBER", "data.attributes.client_number", "- number"),
        ("INQUIRY-FIELDS", "data.attributes.fields", "- object empty"),
        ("INQUIRY-RESULT", "data.attributes.inquiry_result", "- map none pairs digits lonely"),
        ("INQUIRY-METER-ID", "data.attributes.meter_id", "- null"),
        ("INQUIRY-PRODUCT-CODE", "data.attributes.product_code", "- null empty"),
        ("INQUIRY-SALES-PRICE", "data.attributes.sales_price", "- text half"),
    ),
)  # fmt: skip

PENDING = _faults(
    "pending", "a pending order", pending,
    (
        ("PENDING-DATA", "data", "- array"),
        ("PENDING-TYPE", "data.type", "- other"),
        ("PENDING-ID", "data.id", "- number empty"),
        ("PENDING-ATTRIBUTES", "data.attributes", "- array"),
        ("PENDING-CLIENT-NUMBER", "data.attributes.client_number", "- number null"),
        ("PENDING-ERROR-CODE", "data.attributes.error_code", "- null filled"),
        ("PENDING-ERROR-DETAIL", "data.attributes.error_detail", "- null filled"),
        ("PENDING-FIELDS", "data.attributes.fields", "- object"),
        ("PENDING-FULFILLED-AT", "data.attributes.fulfilled_at", "- empty moment"),
        ("PENDING-PARTNER-FEE", "data.attributes.partner_fee", "- text half"),
        ("PENDING-PRODUCT-CODE", "data.attributes.product_code", "- null"),
        ("PENDING-SALES-PRICE", "data.attributes.sales_price", "- text null"),
        ("PENDING-SERIAL-NUMBER", "data.attributes.serial_number", "- null filled"),
    ),
)  # fmt: skip

SUCCESS = _faults(
    "success", "a successful order", fulfilled,
    (
        ("SUCCESS-DATA", "data", "- array"),
        ("SUCCESS-TYPE", "data.type", "- other"),
        ("SUCCESS-ID", "data.id", "- number"),
        ("SUCCESS-ATTRIBUTES", "data.attributes", "- array"),
        ("SUCCESS-ADMIN-FEE", "data.attributes.admin_fee", "- text"),
        ("SUCCESS-CLIENT-NAME", "data.attributes.client_name", "- null"),
        ("SUCCESS-CLIENT-NUMBER", "data.attributes.client_number", "- number"),
        ("SUCCESS-ERROR-CODE", "data.attributes.error_code", "- null filled"),
        ("SUCCESS-ERROR-DETAIL", "data.attributes.error_detail", "- null filled"),
        ("SUCCESS-FIELDS", "data.attributes.fields", "- object"),
        ("SUCCESS-FULFILLED-AT", "data.attributes.fulfilled_at", "- null wib blank date unix"),
        ("SUCCESS-RESULT", "data.attributes.fulfillment_result", "- map none null pairs digits"),
        ("SUCCESS-PARTNER-FEE", "data.attributes.partner_fee", "- text"),
        ("SUCCESS-PRODUCT-CODE", "data.attributes.product_code", "- null"),
        ("SUCCESS-SALES-PRICE", "data.attributes.sales_price", "- text"),
        ("SUCCESS-SERIAL-NUMBER", "data.attributes.serial_number", "- null"),
        ("SUCCESS-VOUCHER-CODE", "data.attributes.voucher_code", "- null"),
    ),
)  # fmt: skip

FAILED = _faults(
    "failed", "a failed order", failed,
    (
        ("FAILED-DATA", "data", "- array"),
        ("FAILED-ATTRIBUTES", "data.attributes", "- array"),
        ("FAILED-ERROR-CODE", "data.attributes.error_code", "- empty null number"),
        ("FAILED-ERROR-DETAIL", "data.attributes.error_detail", "- null"),
        ("FAILED-FULFILLED-AT", "data.attributes.fulfilled_at", "- moment"),
        ("FAILED-SERIAL-NUMBER", "data.attributes.serial_number", "- filled"),
    ),
)  # fmt: skip

ERRORS = _faults(
    "error", "a refusal", refused,
    (
        ("ERROR-ERRORS", "errors", "- object none"),
        ("ERROR-CODE", "errors[].code", "- number empty"),
        ("ERROR-DETAIL", "errors[].detail", "- null"),
        ("ERROR-STATUS", "errors[].status", "- number null"),
    ),
)  # fmt: skip

TOKEN = _faults(
    "token", "a token answer", of(Kind.TOKEN),
    (
        ("TOKEN-TYPE", "token_type", "- other"),
        ("TOKEN-EXPIRES-IN", "expires_in", "- zero null soon"),
    ),
)  # fmt: skip

PING = _faults(
    "ping", "a ping", of(Kind.PING),
    (
        ("PING-BUILDHASH", "buildhash", "- null"),
        ("PING-SANDBOX", "sandbox", "- text"),
        ("PING-STATUS", "status", "- flag"),
    ),
)  # fmt: skip

ACCOUNT = _faults(
    "account", "the account", of(Kind.ACCOUNT),
    (
        ("ACCOUNT-DATA", "data", "- array"),
        ("ACCOUNT-DATA", "data.type", "other"),
        ("ACCOUNT-ID", "data.id", "- number"),
        ("ACCOUNT-SALDO", "data.attributes.saldo", "- text half"),
    ),
)  # fmt: skip

PRODUCTS = _faults(
    "products", "the product list", of(Kind.PRODUCTS),
    (
        ("PRODUCTS-DATA", "data", "- object"),
        ("PRODUCTS-DATA", "data[].type", "other"),
        ("PRODUCTS-ID", "data[].id", "- null"),
        ("PRODUCTS-IS-INQUIRY", "data[].attributes.is_inquiry", "- text"),
        ("PRODUCTS-PRODUCT-NAME", "data[].attributes.product_name", "- null"),
        ("PRODUCTS-PRICE", "data[].attributes.price", "- text half"),
        ("PRODUCTS-STATUS", "data[].attributes.status", "- text nine zero"),
    ),
)  # fmt: skip


def _more(document: Document) -> None:
    document["data"]["attributes"].update(admin_fee=0, client_name="")


def _result(value: object) -> Callable[[Document], None]:
    """An edit to the fourteen keys of a pending order, with another list."""

    def edit(document: Document) -> None:
        document["data"]["attributes"].update(
            admin_fee=0, client_name="", voucher_code="", fulfillment_result=value
        )

    return edit


def _voucher(document: Document) -> None:
    _result(None)(document)
    document["data"]["attributes"]["voucher_code"] = "ABSASADA"


REPORTED_AGAIN = "the details of the order say it while it is pending, too"

SHAPES = (
    fault(
        "pending-status-missing", "PENDING-STATUS", "status of a pending order is left out.",
        also=("ORDER-STATUS",), because=REPORTED_AGAIN,
        finish=with_document(without("data.attributes.status"), pending),
    ),
    fault(
        "pending-status-upper", "PENDING-STATUS", "status of a pending order is in capitals.",
        also=("ORDER-STATUS",), because=REPORTED_AGAIN,
        finish=with_document(at("data.attributes.status", str.upper), pending),
    ),
    fault(
        "pending-result-empty", "PENDING-RESULT",
        "fulfillment_result of a pending order is an empty list.",
        finish=with_document(_result([]), pending),
    ),
    fault(
        "pending-twelve-keys", "PENDING-ATTRIBUTES",
        "A pending order has two of the four keys that only a fulfilled one needs.",
        finish=with_document(_more, pending),
    ),
    fault(
        "pending-result-filled", "PENDING-RESULT",
        "A pending order lists a result.",
        finish=with_document(_result([{"name": "Harga", "value": "Rp0"}]), pending),
    ),
    fault(
        "pending-result-text", "PENDING-RESULT",
        "fulfillment_result of a pending order is an empty string.",
        finish=with_document(_result(""), pending),
    ),
    fault(
        "pending-voucher-filled", "PENDING-VOUCHER-CODE",
        "A pending order already reports the voucher.",
        finish=with_document(_voucher, pending),
    ),
)  # fmt: skip

FAULTS: tuple[Fault, ...] = (
    *TOKEN, *PING, *ACCOUNT, *PRODUCTS, *INQUIRY, *PENDING, *SHAPES, *SUCCESS, *FAILED, *ERRORS,
)  # fmt: skip
