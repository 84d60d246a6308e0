"""Faults of single fields: left out, empty, null, or of another type than documented.

Each family goes over a table of fields, so that every documented field has its faults in both
codecs. The inquiry's clauses are named after the codec and the field.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kontrak.sandbox.changes import Fault
from kontrak.sandbox.edits import Edit, Retype, as_number, dropped, retyped
from kontrak.sandbox.iak.codec import Codec
from kontrak.sandbox.iak.codes import Reason
from kontrak.sandbox.iak.interface import Kind
from kontrak.sandbox.iak.making import When, because_of, fault, several, with_fields


@dataclass(frozen=True, slots=True)
class FieldOf:
    """A documented field: its place, the end of its clause's id, and its type."""

    path: str
    clause: str
    type: str

    @property
    def needed(self) -> bool:
        """Whether the answer is of no use at all without this field."""
        return self.path in {"tr_id", "response_code"}


FIELDS = (
    FieldOf("tr_id", "TR-ID", "number"),
    FieldOf("code", "CODE", "text"),
    FieldOf("hp", "HP", "text"),
    FieldOf("tr_name", "TR-NAME", "text"),
    FieldOf("period", "PERIOD", "text"),
    FieldOf("nominal", "NOMINAL", "number"),
    FieldOf("admin", "ADMIN", "number"),
    FieldOf("ref_id", "REF-ID", "text"),
    FieldOf("response_code", "RESPONSE-CODE", "text"),
    FieldOf("message", "MESSAGE", "text"),
    FieldOf("price", "PRICE", "number"),
    FieldOf("selling_price", "SELLING-PRICE", "number"),
    FieldOf("desc.tarif", "DESC-TARIF", "text"),
    FieldOf("desc.daya", "DESC-DAYA", "number"),
    FieldOf("desc.lembar_tagihan", "DESC-LEMBAR-TAGIHAN", "text"),
    FieldOf("desc.tagihan.detail[].periode", "BILL-PERIODE", "text"),
    FieldOf("desc.tagihan.detail[].nilai_tagihan", "BILL-NILAI-TAGIHAN", "amount"),
    FieldOf("desc.tagihan.detail[].admin", "BILL-ADMIN", "amount"),
    FieldOf("desc.tagihan.detail[].denda", "BILL-DENDA", "amount"),
    FieldOf("desc.tagihan.detail[].total", "BILL-TOTAL", "number"),
)


# An amount as text may be empty, or written in any way, for all that its place says: see
# IAK-AMOUNT-DIGITS.
JSON_RETYPES: dict[str, tuple[tuple[str, str, Retype], ...]] = {
    "amount": (("is-a-number", "is a number", as_number),),
    "text": (
        ("is-a-number", "is a number", as_number),
        ("is-empty", "is empty", lambda _: ""),
    ),
    "number": (
        ("is-text", "is a string of digits", str),
        ("is-null", "is null", lambda _: None),
    ),
}
XML_RETYPES: dict[str, tuple[tuple[str, str, Retype], ...]] = {
    "amount": (("has-elements", "has an element inside", lambda text: {"rupiah": text}),),
    "text": (("is-empty", "is an empty element", lambda _: ""),),
    "number": (
        ("is-empty", "is an empty element", lambda _: ""),
        ("is-words", "is written in words", lambda _: "seribu rupiah"),
    ),
}
# These leave the field readable, so nothing else suffers.
HARMLESS = {"is-a-number", "is-text"}


def _inquiry_faults(codec: Codec) -> Iterator[Fault]:
    word = codec.name
    retypes = JSON_RETYPES if codec is Codec.JSON else XML_RETYPES
    for one in FIELDS:
        yield _inquiry(one, word, codec, "missing", "is left out", dropped(one.path))
        for name, text, change in retypes[one.type]:
            yield _inquiry(one, word, codec, name, text, retyped(one.path, change))


def _inquiry(one: FieldOf, word: str, codec: Codec, name: str, text: str, edit: Edit) -> Fault:
    # Without its tr_id or response_code an answer cannot be used: one answer loses it, not all.
    narrow = one.needed and name not in HARMLESS
    when: When | None = several if narrow else None
    lost = narrow and one.path == "response_code"
    return fault(
        f"{word.lower()}-{one.clause.lower()}-{name}",
        f"IAK-{word}-{one.clause}",
        f"In {word} inquiries{' of several bills' if narrow else ''}, {one.path} {text}.",
        also=("IAK-CASE-EIGHT-BILLS",) if lost else (),
        because="without response_code nothing says that the inquiry succeeded" if lost else "",
        finish=with_fields(edit, Kind.INQUIRY, codec, when),
    )


def _third_bill() -> Iterator[Fault]:
    for one in FIELDS:
        if not one.clause.startswith("BILL-"):
            continue
        name, text, change = JSON_RETYPES[one.type][0]
        yield fault(
            f"json-third-{one.clause.lower()}-{name}",
            f"IAK-JSON-{one.clause}",
            f"In JSON, {one.path.rpartition('.')[2]} of the third bill alone {text}.",
            finish=with_fields(
                retyped(one.path, change, place=2), Kind.INQUIRY, Codec.JSON, several
            ),
        )
        name, text, change = XML_RETYPES[one.type][0]
        yield fault(
            f"xml-third-{one.clause.lower()}-{name}",
            f"IAK-XML-{one.clause}",
            f"In XML, {one.path.rpartition('.')[2]} of the third bill alone {text}.",
            finish=with_fields(
                retyped(one.path, change, place=2), Kind.INQUIRY, Codec.XML, several
            ),
        )


PAYMENT_FIELDS = (
    FieldOf("datetime", "DATETIME", "text"),
    FieldOf("balance", "BALANCE", "number"),
    FieldOf("tr_id", "TR-ID", "number"),
    FieldOf("response_code", "RESPONSE-CODE", "text"),
    FieldOf("message", "MESSAGE", "text"),
    FieldOf("price", "PRICE", "number"),
    FieldOf("selling_price", "SELLING-PRICE", "number"),
)
STATUS_FIELDS = (
    FieldOf("status", "VALUE", "number"),
    FieldOf("tr_id", "TR-ID", "number"),
    FieldOf("response_code", "RESPONSE-CODE", "text"),
    FieldOf("message", "MESSAGE", "text"),
)
REPEATED_FIELDS = (
    FieldOf("code", "", "text"),
    FieldOf("hp", "", "text"),
    FieldOf("tr_name", "", "text"),
    FieldOf("period", "", "text"),
    FieldOf("nominal", "", "number"),
    FieldOf("admin", "", "number"),
    FieldOf("ref_id", "", "text"),
    FieldOf("desc.daya", "", "number"),
    FieldOf("desc.lembar_tagihan", "", "text"),
    FieldOf("desc.tagihan.detail[].nilai_tagihan", "", "amount"),
    FieldOf("desc.tagihan.detail[].total", "", "number"),
)


def _payment_faults() -> Iterator[Fault]:
    for one in PAYMENT_FIELDS:
        yield from _later(one, "payment", "PAY", Kind.PAYMENT)
    for one in STATUS_FIELDS:
        yield from _later(one, "status", "STATUS", Kind.STATUS)
    for one in REPEATED_FIELDS:
        name, text, change = JSON_RETYPES[one.type][0]
        slug = one.path.rpartition(".")[2].replace("_", "-")
        slug = f"bill-{slug}" if "[]" in one.path else slug
        yield fault(
            f"payment-{slug}-{name}",
            "IAK-PAY-FIELDS",
            f"In JSON payments, {one.path} {text}.",
            finish=with_fields(
                retyped(one.path, change), Kind.PAYMENT, Codec.JSON, because_of(Reason.PAID)
            ),
        )


# What such an answer no longer says; whoever reads only this field is left without it.
LOST = {
    ("PAY", "response_code"): ("IAK-STATUS-SUCCESS",),
    ("STATUS", "response_code"): (
        "IAK-STATUS-UNPAID", "IAK-STATUS-SUCCESS", "IAK-STATUS-FAILED", "IAK-STATUS-PENDING",
        "IAK-STATUS-XML",
    ),
    ("STATUS", "status"): (
        "IAK-STATUS-UNPAID", "IAK-STATUS-SUCCESS", "IAK-STATUS-FAILED", "IAK-STATUS-PENDING",
        "IAK-STATUS-XML", "IAK-STATUS-SETTLES",
    ),
}  # fmt: skip


def _later(one: FieldOf, slug: str, clause: str, kind: Kind) -> Iterator[Fault]:
    changes: list[tuple[str, str, Edit]] = [("missing", "is left out", dropped(one.path))]
    changes += [
        (name, text, retyped(one.path, change)) for name, text, change in JSON_RETYPES[one.type]
    ]
    when = because_of(Reason.PAID) if kind is Kind.PAYMENT else None
    for name, text, edit in changes:
        lost = LOST.get((clause, one.path), ())
        yield fault(
            f"{slug}-{one.path.replace('_', '-')}-{name}".replace("status-status", "status-value"),
            f"IAK-{clause}-{one.clause}",
            f"In JSON {slug} answers, {one.path} {text}.",
            also=lost,
            because=f"without {one.path} the outcome cannot be read" if lost else "",
            finish=with_fields(edit, kind, Codec.JSON, when),
        )


def _pointed() -> Iterator[Fault]:
    for path in ("tr_id", "desc.daya"):
        name = path.rpartition(".")[2]
        yield fault(
            f"{name.replace('_', '-')}-with-a-point", "IAK-JSON-INTEGER",
            f"In JSON, {name} of an inquiry is written with a decimal point.",
            finish=with_fields(
                retyped(path, float), Kind.INQUIRY, Codec.JSON, because_of(Reason.INQUIRED)
            ),
        )  # fmt: skip


FAULTS: tuple[Fault, ...] = (
    *_pointed(),
    *_inquiry_faults(Codec.JSON),
    *_inquiry_faults(Codec.XML),
    *_third_bill(),
    *_payment_faults(),
)
