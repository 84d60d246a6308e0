"""Faults of single fields: left out, empty, null, or of another type than documented.

The fields of every product come first, then each product's own, which are read off its bills: so
that every documented field has its faults.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from kontrak.sandbox.changes import Fault
from kontrak.sandbox.digiswitch.bills import PRODUCTS
from kontrak.sandbox.digiswitch.customers import TWO_BILLS
from kontrak.sandbox.digiswitch.making import fault, paid, updated, with_desc
from kontrak.sandbox.edits import Edit, Retype, as_number, dropped, holders, retyped
from kontrak.sandbox.json_body import Fields

Named = tuple[str, str, Retype]

IS_A_NUMBER: Named = ("is-a-number", "is a number", as_number)
IS_EMPTY: Named = ("is-empty", "is empty", lambda _: "")
IS_NULL: Named = ("is-null", "is null", lambda _: None)
IS_TEXT: Named = ("is-text", "is a string of digits", str)
IS_A_LIST: Named = ("is-a-list", "is an array", lambda value: [value])

TOP: dict[str, tuple[Named, ...]] = {
    "ref_id": (IS_A_NUMBER, IS_EMPTY),
    "customer_no": (IS_A_NUMBER, IS_EMPTY),
    "name": (IS_A_NUMBER, IS_NULL),
    "code": (IS_A_NUMBER, IS_EMPTY),
    "admin": (IS_TEXT, IS_NULL),
    "message": (IS_A_NUMBER, IS_EMPTY, IS_NULL),
    "sn": (IS_A_NUMBER, IS_NULL),
    "balance": (IS_TEXT, IS_NULL),
    "price": (IS_TEXT, IS_NULL),
    "selling_price": (IS_TEXT, IS_NULL),
}


def slug(name: str) -> str:
    """The field's name as ids have it."""
    return name.replace("_", "-")


def _top() -> Iterator[Fault]:
    for name, retypes in TOP.items():
        clause = f"DIGISWITCH-FIELD-{slug(name).upper()}"
        yield fault(
            f"payment-{slug(name)}-missing", clause, f"In payments, {name} is left out.",
            finish=paid(dropped(name)),
        )  # fmt: skip
        for word, text, change in retypes:
            yield fault(
                f"payment-{slug(name)}-{word}", clause, f"In payments, {name} {text}.",
                finish=paid(retyped(name, change)),
            )  # fmt: skip


def _commissions() -> Iterator[Fault]:
    for word, text, value in (
        ("is-text", "a string of digits", "1500"),
        ("is-a-fraction", "a fraction", 1500.5),
    ):
        yield fault(
            f"payment-base-commission-{word}", "DIGISWITCH-FIELD-BASE-COMMISSION",
            f"In payments, base_commission is {text}.",
            finish=paid(updated(base_commission=value)),
        )  # fmt: skip


def _pointed_ints() -> Iterator[Fault]:
    for path, code in (
        ("admin", None), ("price", None), ("selling_price", None), ("price", "kirimuang"),
        ("desc.daya", "pln"), ("desc.lembar_tagihan", "hp"), ("desc.lembar_tagihan", "tv"),
    ):  # fmt: skip
        name = path.rpartition(".")[2]
        yield fault(
            f"{code or 'payment'}-{slug(name)}-with-a-point", "DIGISWITCH-FIELD-INT",
            f"In payments{f' of {code}' if code else ''}, {name} is written with a decimal point.",
            finish=paid(retyped(path, float), code),
        )  # fmt: skip


# status and rc say whether a payment succeeded: one product loses them, the others are judged.
OUTCOME = "emoney"
WITHOUT = "without it the payment of that product is no success"


def _outcomes() -> Iterator[Fault]:
    edits: tuple[tuple[str, str, str, Edit], ...] = (
        ("status", "missing", "is left out", dropped("status")),
        ("status", "is-a-number", "is a number", updated(status=1)),
        ("status", "in-english", "is Success", updated(status="Success")),
        ("status", "in-capitals", "is SUKSES", updated(status="SUKSES")),
        ("rc", "missing", "is left out", dropped("rc")),
        ("rc", "is-a-number", "is a number", updated(rc=0)),
        ("rc", "is-empty", "is empty", updated(rc="")),
    )
    for name, word, text, edit in edits:
        yield fault(
            f"payment-{name}-{word}", f"DIGISWITCH-FIELD-{name.upper()}",
            f"In payments of E-Money, {name} {text}.",
            also=("DIGISWITCH-EMONEY-PAY",), because=WITHOUT,
            finish=paid(edit, OUTCOME),
        )  # fmt: skip


RETYPED = {"lembar_tagihan", "daya", "nilai_tagihan", "biaya_admin_tnkb"}
"""Never left out: their types are distinguished from those of related providers, and the last one
may stand under another name."""


def _turn(
    place: int, path: str, value: object, left_out: Callable[[str], Edit]
) -> tuple[str, str, Edit]:
    """One fault per field, left out and of another type by turns: its word, its text, its edit."""
    if place % 2 == 0 and path.rpartition(".")[2] not in RETYPED:
        return "missing", "is left out", left_out(path)
    word, text, change = IS_TEXT if isinstance(value, int) else IS_A_NUMBER
    return word, text, retyped(path, change, place=-1)


def _desc(code: str, desc: Fields) -> Iterator[Fault]:
    clause = f"DIGISWITCH-{code.upper()}-DESC"
    for place, (name, value) in enumerate(desc.items()):
        if name == "detail":
            continue
        word, text, edit = _turn(place, f"desc.{name}", value, dropped)
        yield fault(
            f"{code}-{slug(name)}-{word}", clause,
            f"In payments of {code}, desc.{name} {text}.",
            finish=paid(edit, code),
        )  # fmt: skip
    yield fault(
        f"{code}-desc-missing", clause, f"Payments of {code} have no desc.",
        finish=paid(dropped("desc"), code),
    )  # fmt: skip
    yield fault(
        f"{code}-desc-is-a-list", clause, f"In payments of {code}, desc is an array.",
        finish=paid(retyped("desc", IS_A_LIST[2]), code),
    )  # fmt: skip


def _detail(code: str, details: list[Fields]) -> Iterator[Fault]:
    clause = f"DIGISWITCH-{code.upper()}-DETAIL"
    for place, (name, value) in enumerate(details[0].items()):
        word, text, edit = _turn(place, f"desc.detail[].{name}", value, _dropped_last)
        yield fault(
            f"{code}-detail-{slug(name)}-{word}", clause,
            f"In payments of {code}, {name} of the last bill {text}.",
            finish=paid(edit, code),
        )  # fmt: skip
    yield fault(
        f"{code}-detail-missing", clause, f"In payments of {code}, desc.detail is left out.",
        finish=paid(dropped("desc.detail"), code),
    )  # fmt: skip
    yield fault(
        f"{code}-detail-is-an-object", clause,
        f"In payments of {code}, desc.detail is an object, the first bill.",
        finish=paid(retyped("desc.detail", lambda details: details[0]), code),
    )  # fmt: skip


def _dropped_last(path: str) -> Edit:
    def edit(fields: Fields) -> None:
        holder, name = holders(fields, path)[-1]
        del holder[name]

    return edit


def _products() -> Iterator[Fault]:
    for code, product in PRODUCTS.items():
        desc = product.desc("1,2", TWO_BILLS)
        yield from _desc(code, desc)
        if "detail" in desc:
            yield from _detail(code, desc["detail"])


def _digits() -> Iterator[Fault]:
    for code, path, word, text, change in (
        ("pln", "detail[].nilai_tagihan", "in-rupiah", "Rp 8.000", lambda text: f"Rp {text}"),
        ("internet", "detail[].nilai_tagihan", "with-points", "8.000", _pointed),
        ("pdam", "detail[].denda", "in-words", "lima ratus", lambda _: "lima ratus"),
        ("multifinance", "detail[].biaya_lain", "with-a-hyphen", "-", lambda _: "-"),
        ("tv", "detail[].nilai_tagihan", "empty", "an empty string", lambda _: ""),
        ("samsat", "biaya_pokok_pkb", "in-rupiah", "Rp 83.000", lambda text: f"Rp {text}"),
    ):
        name = slug(path.rpartition(".")[2])
        yield fault(
            f"{code}-{name}-{word}", "DIGISWITCH-AMOUNT-DIGITS",
            f"For {code}, {path.rpartition('.')[2]} is written as {text}.",
            bill_of=with_desc(retyped(path, change), code),
        )  # fmt: skip


def _pointed(text: str) -> str:
    return f"{int(text):,}".replace(",", ".")


FAULTS: tuple[Fault, ...] = (
    *_top(), *_commissions(), *_pointed_ints(), *_outcomes(), *_products(), *_digits(),
)  # fmt: skip
