"""Faults of the JSON interface's shapes: one member of one answer has a wrong type or is gone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from kontrak.sandbox.changes import Fault
from kontrak.sandbox.rone.json_interface import Fields, Kind
from kontrak.sandbox.rone.making import When, done, fault, is_flat, is_paged, with_document


@dataclass(frozen=True, slots=True)
class Break:
    """A way to break a member: ``change`` makes its new value, or it is taken away."""

    name: str
    text: str
    change: Callable[[Any], Any] | None = None

    def apply(self, holder: Fields, member: str) -> None:
        """Break the member of an object that has it."""
        if member not in holder:
            return
        if self.change is None:
            del holder[member]
        else:
            holder[member] = self.change(holder[member])


GONE = Break("gone", "is missing")
NULL = Break("null", "is null", lambda _value: None)
EMPTY = Break("empty", "is empty", lambda _value: "")
NUMBER = Break("number", "is a number instead of a string", int)
TEXT = Break("text", "is a string instead of a number", str)
GROUPED = Break("grouped", "has separators", lambda value: f"{int(value):,}".replace(",", "."))
DECIMAL = Break("decimal", "has decimals", lambda value: f"{value}.00")
FALSE = Break("false", "is false instead of a string", lambda _value: False)
LIST = Break("list", "stands in a list", lambda value: [value])
BOXED = Break("boxed", "stands in an object of its own", lambda value: {"items": value})
FLAT = Break("flat", "is not in the envelope", lambda value: value["data"])
ISO = Break("iso", "has a T between day and time", lambda value: value.replace(" ", "T"))
NO_DAY = Break("no-day", "is no day of the calendar", lambda value: f"2026-02-30{value[10:]}")
UPPER = Break("upper", "is written in capitals", lambda value: str(value).upper())
OTHER = Break("other", "is another word", lambda _value: "OK")
NO_NEXT = Break(
    "no-next", "has no next", lambda links: {k: v for k, v in links.items() if k != "next"}
)

PURCHASE = {
    "ref_1": GONE,
    "product_code": NULL,
    "product_name": EMPTY,
    "customer_id": GONE,
    "status": TEXT,
    "status_label": NULL,
    "total_price": NUMBER,
    "msg": GONE,
}
RECORD = {
    "ref_1": GONE,
    "product_code": NULL,
    "customer_id": EMPTY,
    "status_label": GONE,
    "total_price": NUMBER,
    "created_at": ISO,
}
META = {"current_page": TEXT, "last_page": GONE, "per_page": TEXT, "total": NULL}
PRODUCT = {
    "kode": GONE,
    "nama": EMPTY,
    "operator": NULL,
    "kategori": GONE,
    "gangguan": FALSE,
    "kosong": EMPTY,
    "harga": NUMBER,
    "nominal": NULL,
}


@dataclass(frozen=True, slots=True)
class Shape:
    """The shape of one answer: ``data`` breaks data as a whole, ``members`` each of its members.

    ``names`` are the clauses' words for members that are not their own names in capitals.
    """

    key: str
    title: str
    kind: Kind
    data: Break
    members: dict[str, Break]
    rc: bool = False
    when: When = done
    rows: bool = False


SHAPES = (
    Shape("PRICE", "Price check", Kind.PRICE, LIST, {
        "gangguan": FALSE, "kosong": GONE, "harga": NUMBER, "kode": GONE, "nama": EMPTY,
    }, rc=True),
    Shape("CATEGORIES", "Categories", Kind.CATEGORIES, BOXED, {
        "id": TEXT, "code": GONE, "name": EMPTY, "type": NULL,
    }, rows=True),
    Shape("PRODUCTS", "Products", Kind.PRODUCTS, LIST, PRODUCT, rows=True),
    Shape("TOPUP", "Topup", Kind.TOPUP, LIST, PURCHASE | {"price": GROUPED}, rc=True),
    Shape("INQUIRY", "Inquiry", Kind.INQUIRY, LIST,
          PURCHASE | {"ref_2": GONE, "price": NUMBER, "admin": DECIMAL, "detail": LIST}, rc=True),
    Shape("PAYMENT", "Payment", Kind.PAYMENT, LIST, PURCHASE | {"ref_2": NULL}, rc=True),
    Shape("STATUS", "Status", Kind.STATUS, LIST, {
        "ref_1": GONE, "product_code": NULL, "status": TEXT, "status_label": EMPTY, "msg": NULL,
    }, rc=True),
    Shape("HISTORY", "History", Kind.HISTORY, BOXED, RECORD, when=is_flat, rows=True),
    Shape("HISTORY-PAGE", "A page of the history", Kind.HISTORY, FLAT,
          RECORD | {"created_at": NO_DAY}, when=is_paged, rows=True),
    Shape("BALANCE", "Balance", Kind.BALANCE, LIST, {"saldo": TEXT}),
    Shape("MUTATIONS", "Mutations", Kind.MUTATIONS, BOXED, {
        "debit": TEXT, "credit": TEXT, "balance": DECIMAL, "notes": EMPTY, "trx_no": GONE,
        "created_at": ISO,
    }, rows=True),
)  # fmt: skip

WORDS = {"ref_1": "REF1", "ref_2": "REF2"}


def _word(member: str) -> str:
    return WORDS.get(member, member.upper().replace("_", "-"))


def _made(shape: Shape, path: str, clause: str, how: Break) -> Fault:
    """The fault that breaks a member: ``path`` leads to it, ``data[]`` to the last row."""
    *way, member = path.split(".")

    def edit(document: Fields) -> None:
        holder: Any = document
        for step in way:
            if step == "data[]":
                inner = holder["data"]
                rows = inner["data"] if isinstance(inner, dict) else inner
                holder = rows[-1] if rows else {}
            else:
                holder = holder[step]
        how.apply(holder, member)

    short = f"{shape.key}-{clause}".lower().replace("envelope-", "")
    where = "the last row's " if "data[]" in path else ""
    name = "data.data" if path == "data.data" else member
    return fault(
        f"rqid-{short}-{how.name}",
        f"RQID-{shape.key}-{clause}",
        f"{shape.title}: {where}{name} {how.text}.",
        finish=with_document(edit, shape.kind, when=shape.when),
    )


def _faults(shape: Shape) -> Iterator[Fault]:
    yield _made(shape, "status", "ENVELOPE-STATUS", UPPER)
    yield _made(shape, "code", "ENVELOPE-CODE", TEXT)
    yield _made(shape, "message", "ENVELOPE-MESSAGE", OTHER)
    if shape.rc:
        yield _made(shape, "rc", "ENVELOPE-RC", NUMBER)
    yield _made(shape, "data", "ENVELOPE-DATA", shape.data)
    place = "data[]" if shape.rows else "data"
    for member, how in shape.members.items():
        yield _made(shape, f"{place}.{member}", _word(member), how)


def _paged(shape: Shape) -> Iterator[Fault]:
    yield _made(shape, "data.data", "ROWS", BOXED)
    yield _made(shape, "data.links", "LINKS", NO_NEXT)
    yield _made(shape, "data.meta", "META", LIST)
    for member, how in META.items():
        yield _made(shape, f"data.meta.{member}", f"META-{_word(member)}", how)


FAULTS: tuple[Fault, ...] = (
    *(one for shape in SHAPES for one in _faults(shape)),
    *(
        one
        for shape in SHAPES
        if shape.key in {"PRODUCTS", "HISTORY-PAGE"}
        for one in _paged(shape)
    ),
)
