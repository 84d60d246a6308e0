"""Faults of how answers are written, and of what they repeat of the request."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kontrak.sandbox.changes import Fault
from kontrak.sandbox.tokopedia.interface import Answer, Document, Kind
from kontrak.sandbox.tokopedia.making import (
    When,
    about,
    at,
    both,
    failed,
    fault,
    fulfilled,
    inquired,
    of,
    ordered,
    with_attributes,
    with_body,
    with_document,
)

detailed = of(Kind.STATUS)


def _twice(body: bytes) -> bytes:
    return body.replace(b'"sales_price":', b'"sales_price":1,"sales_price":', 1)


def _with_nan(body: bytes) -> bytes:
    return body.replace(b'"sales_price":', b'"cashback":NaN,"sales_price":', 1)


def _with_comma(body: bytes) -> bytes:
    return body[:-1] + b",}"


def _in_latin_1(body: bytes) -> bytes:
    return body.replace(b'"product_code"', b'"city":"S\xe3o Tom\xe9","product_code"', 1)


def _with_notice(body: bytes) -> bytes:
    return b"<br />Notice: pool\n" + body


def _two(body: bytes) -> bytes:
    return body + b"\n" + body


def _forms(name: str, clause: str, words: str, when: When) -> tuple[Fault, ...]:
    """The ways in which an answer is not one JSON document."""
    return tuple(
        fault(f"{name}-{slug}", clause, f"{words} {returned}.", write=with_body(rewrite, when))
        for slug, returned, rewrite in (
            ("name-stands-twice", "has sales_price twice", _twice),
            ("nan", "has a value that is NaN", _with_nan),
            ("trailing-comma", "ends with a comma", _with_comma),
            ("latin-1", "is not in UTF-8", _in_latin_1),
            ("notice-before", "has a line of HTML before it", _with_notice),
            ("two-documents", "is sent twice", _two),
        )
    )


FORMS = (
    *_forms("inquiry", "INQUIRY-WELLFORMED", "The answer to an inquiry of pgn",
            both(inquired, about("pgn"))),
    *_forms("checkout", "CHECKOUT-WELLFORMED", "The answer to a checkout of topup-dana",
            both(ordered, about("topup-dana"))),
    *_forms("order", "ORDER-WELLFORMED", "A fulfilled order of topup-dana",
            both(both(detailed, fulfilled), about("topup-dana"))),
)  # fmt: skip


def _cut(text: str) -> str:
    return text[:-1] or "0"


def _other_fields(fields: Any) -> Any:
    return [{**one, "value": f"{one['value']}0"} for one in fields] if fields else fields


def _placeholder(attributes: dict[str, Any]) -> None:
    if not attributes["fields"]:
        attributes["fields"] = [{"name": "nama", "value": "nilai"}]


def _renumbered(change: Callable[[str], str]) -> Callable[[Document], None]:
    """An edit of the customer number, and of the id that is the same in an inquiry."""

    def edit(document: Document) -> None:
        data = document["data"]
        data["attributes"]["client_number"] = change(data["attributes"]["client_number"])
        if data["type"] == "inquiry":
            data["id"] = data["attributes"]["client_number"]

    return edit


def _not_failed(answer: Answer) -> bool:
    """Order details but those of failed orders, whose echo is a clause of its own."""
    return detailed(answer) and not failed(answer)


def _echo(name: str, clauses: str, words: str, when: When) -> tuple[Fault, ...]:
    """The ways in which an answer does not repeat what was sent."""
    inside = "data.attributes"
    return (
        fault(
            f"{name}-number-cut", f"{clauses}-NUMBER", f"client_number of {words} is cut.",
            finish=with_document(_renumbered(_cut), _numbered(when)),
        ),
        fault(
            f"{name}-number-of-another", f"{clauses}-NUMBER",
            f"client_number of {words} is someone else's.",
            finish=with_document(_renumbered(lambda _: "728363748726111"), _numbered(when)),
        ),
        fault(
            f"{name}-product-in-capitals", f"{clauses}-PRODUCT",
            f"product_code of {words} is in capitals.",
            finish=with_document(at(f"{inside}.product_code", str.upper), when),
        ),
        fault(
            f"{name}-fields-changed", f"{clauses}-FIELDS",
            f"fields of {words} have other values than the request.",
            finish=with_document(at(f"{inside}.fields", _other_fields), when),
        ),
        fault(
            f"{name}-fields-placeholder", f"{clauses}-FIELDS",
            f"fields of {words} are a placeholder where none were sent.",
            finish=with_attributes(_placeholder, when),
        ),
    )  # fmt: skip


def _numbered(when: When) -> When:
    def holds(answer: Answer) -> bool:
        return when(answer) and bool(answer.bill and answer.bill.asked.client_number)

    return holds


ECHO = (
    *_echo("inquiry", "INQUIRY-ECHO", "an inquiry", inquired),
    *_echo("checkout", "CHECKOUT-ECHO", "the answer to a checkout", ordered),
    *_echo("order", "ORDER-ECHO", "order details", _not_failed),
    fault(
        "inquiry-id-of-its-own", "INQUIRY-ECHO-ID", "data.id of an inquiry is the provider's own.",
        finish=with_document(at("data.id", lambda _: "SAT00000001"), inquired),
    ),
    fault(
        "inquiry-id-swapped", "INQUIRY-ECHO-ID",
        "data.id of an inquiry has its last two digits swapped.",
        finish=with_document(at("data.id", lambda text: text[:-2] + text[:-3:-1] + "0"), inquired),
    ),
    fault(
        "checkout-id-in-small-letters", "CHECKOUT-ECHO-ID",
        "data.id of the answer to a checkout is in small letters.",
        finish=with_document(at("data.id", str.swapcase), ordered),
    ),
    fault(
        "checkout-id-cut", "CHECKOUT-ECHO-ID", "data.id of the answer to a checkout is cut.",
        finish=with_document(at("data.id", _cut), ordered),
    ),
    fault(
        "order-id-in-small-letters", "ORDER-ECHO-ID",
        "data.id of order details is in small letters.",
        finish=with_document(at("data.id", str.swapcase), _not_failed),
    ),
    fault(
        "order-id-of-its-own", "ORDER-ECHO-ID", "data.id of order details is the provider's own.",
        finish=with_document(at("data.id", lambda _: "PYSAT00000001"), _not_failed),
    ),
)  # fmt: skip


FAULTS: tuple[Fault, ...] = (*FORMS, *ECHO)
