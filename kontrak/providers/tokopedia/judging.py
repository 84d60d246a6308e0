"""Judging a product's lists: names, the way values are written, and the documented relations."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from kontrak.judging.expect import Blocked, clause_around, expect, note
from kontrak.providers.tokopedia.answer import TokopediaAnswer
from kontrak.providers.tokopedia.formats import (
    MONEY,
    OF_TIME,
    is_other_money,
    is_strict_format,
    matches,
)
from kontrak.providers.tokopedia.lists import Aligned, align, aligned, names_of, shown
from kontrak.providers.tokopedia.product_clauses import is_amount, on_entries
from kontrak.providers.tokopedia.products import Entry, Product
from kontrak.providers.tokopedia.relations import (
    BROKEN,
    Relation,
    evaluate,
    is_masked,
    may_be_one_name,
    measured,
    value,
)

Messages = Mapping[str, Mapping[str, Any]]
ORDER_SIDE = ("order", "checkout")
NOTHING = ("Rp0", "Rp 0", "0")
PLAIN_TOO = ("samsat-jateng-new", "samsat-jatim-new")
"""One schema for both, one of them without Rp (C002-36)."""
_VOUCHER = "order.voucher_code"
_HOW = {
    "equal": "=",
    "at_most": "<=",
    "text": "is",
    "padded": "is, but for leading zeros,",
    "digits": "has the digits of",
    "mask": "is, masked or not,",
    "months": "has the months of",
    "length": "has as many parts as",
    "range": "spans",
}


def judge_names(answer: TokopediaAnswer, product: Product, message: str) -> None:
    """The list has the documented names, in the documented order, and nothing else.

    What does not apply is left out where a note says so: an empty entry is not one of them.
    """
    entries, rows = product.lists[message], shown(answer, message)
    found = align(entries, rows)
    with expect(answer) as that:
        if isinstance(found, int):
            came = repr(rows[found][0]) if found < len(rows) else "the end of the list"
            before = f" behind {rows[found - 1][0]!r}" if found else ""
            that.that(kept=False, expected=f"the entries {names_of(entries)}", came=came + before)
        elif product.never_blank:
            for entry, values in _shown_for_nothing(entries, found, {"", *NOTHING}):
                came = ", ".join(map(repr, values))
                that.that(kept=False, expected=f"no {entry.name}, or its amount", came=came)
    if isinstance(found, Aligned):
        for name in found.spelled:
            note(f"{product.code}: the {message} spells an entry {name!r}")


def _shown_for_nothing(
    entries: Sequence[Entry], found: Aligned, nothing: Collection[str]
) -> list[tuple[Entry, Sequence[str]]]:
    """The optional entries that are there and have one of these values."""
    rows = zip(entries, found.values, strict=True)
    return [(one, values) for one, values in rows if one.optional and set(values) & set(nothing)]


def judge_formats(answer: TokopediaAnswer, product: Product, message: str) -> None:
    """Every value is written in the format that the document shows for its entry."""
    entries, held = product.lists[message], aligned(answer, product, message)
    styles = {entry.format for entry in entries}
    with expect(answer) as that:
        for entry, values in zip(entries, held.values, strict=True):
            for text in values:
                plain = product.code in PLAIN_TOO and matches("digits", text)
                written = plain or _is_written(entry, text, styles)
                that.that(written, f"{entry.name} as {entry.format}", repr(text))
                if not text and not (entry.may_be_empty or entry.optional):
                    note(f"{product.code}: {entry.name} is empty, which no example shows")


def judge_relations(
    answers: tuple[TokopediaAnswer, ...],
    product: Product,
    messages: Messages,
    suspects: Mapping[str, str],
    *,
    amounts: bool,
) -> None:
    """The relations of the entries, of the order where ``messages`` has one, else of the inquiry.

    ``suspects`` are attributes already known to be wrong, with the clause that says so: what rests
    on them is not judged.
    """
    behind = ""
    with expect(*answers) as that:
        for relation in _relations(product, messages, amounts=amounts):
            if clause := _hidden_behind(relation, product, messages, suspects):
                behind = behind or clause
            elif evaluate(relation, messages) == BROKEN or _lacks_voucher(relation, messages):
                expected, came = _words(relation, messages)
                if relation.sample == BROKEN:
                    expected += (
                        f" (the document's own example breaks this too: {relation.register})"
                    )
                if relation.reading == "strict" and not _is_hidden(relation, messages):
                    that.that(kept=False, expected=expected, came=came)
                else:
                    note(f"{product.code}: expected {expected}; received {came}")
    if behind:
        raise Blocked(behind)


def _lacks_voucher(relation: Relation, messages: Messages) -> bool:
    """Whether the list shows a voucher that voucher_code leaves out, which no example does.

    A serial number may be left out beside an entry that has it (C002-47).
    """
    if relation.reading != "strict" or _VOUCHER not in relation.right:
        return False
    shown, held = value(relation.left[0], messages), value(_VOUCHER, messages)
    attributes = messages["order"]["data"]["attributes"]
    return shown is not None and held is None and attributes.get("voucher_code") == ""


def _is_hidden(relation: Relation, messages: Messages) -> bool:
    """Whether a mask leaves open who is meant: how someone masks is never a failure (C002-39)."""
    if relation.how != "mask":
        return False
    one, *others = (str(value(term, messages) or "") for term in (*relation.left, *relation.right))
    names = relation.id.startswith("name-")
    return any(may_be_one_name(one, other) for other in others if names or is_masked(one + other))


def _relations(product: Product, messages: Messages, *, amounts: bool) -> Iterator[Relation]:
    wanted = "order" in messages
    for relation in product.relations:
        if on_entries(relation) and is_amount(relation) == amounts:
            sides = {term.partition("#")[0].partition(".")[0] for term in _terms(relation)}
            if wanted == bool(sides & set(ORDER_SIDE)):
                yield relation


def _hidden_behind(
    relation: Relation, product: Product, messages: Messages, suspects: Mapping[str, str]
) -> str | None:
    """The clause that is broken already where a relation rests on something wrong."""
    for term in _terms(relation):
        if term in suspects:
            return suspects[term]
        held = value(term, messages)
        if held is None or relation.how in ("length", "range"):
            continue
        if not is_amount(relation):
            if not isinstance(held, str):
                return _clause_of(term)
            continue
        if measured(held) is None:
            if "#" not in term:
                return _clause_of(term)
            if is_strict_format(_entry(product, term).format):
                return product.clause("VALUES")
    return None


def _clause_of(term: str) -> str | None:
    message, _, attribute = term.partition(".")
    shape = {"inquiry": "inquiry", "checkout": "order-pending", "order": "order-success"}
    found = clause_around("tokopedia", shape.get(message, ""), f"data.attributes.{attribute}")
    return found.id if found else None


def _entry(product: Product, term: str) -> Entry:
    message, _, rest = term.partition("#")
    return product.lists[message][int(rest.partition(" ")[0])]


def _terms(relation: Relation) -> tuple[str, ...]:
    return (*relation.left, *relation.plus, *relation.minus, *relation.right)


def _is_written(entry: Entry, text: str, styles: Collection[str]) -> bool:
    """Whether it is written as the entry, or in another style; ``styles`` are those of the list."""
    if not text or not is_strict_format(entry.format) or matches(entry.format, text):
        return True
    name = entry.format.removeprefix("list:")
    parts = text.split(", ")
    if name in OF_TIME:
        # Of several months, where the example shows one; or of one, where it shows several.
        other = all(matches(name, part) for part in parts)
    elif name in MONEY:
        parts = parts if name != entry.format else [text]
        if all(any(matches(style, part) for style in MONEY.intersection(styles)) for part in parts):
            return True  # the list itself mixes the styles (C002-28, C002-35)
        other = all(
            is_other_money(part) or any(matches(style, part) for style in MONEY) for part in parts
        )
    elif name == "volume":
        other = matches("digits", text)
    else:
        return False
    if other:
        note(f"{entry.name} is written {text!r}, in another style than the example")
    return other


def _words(relation: Relation, messages: Messages) -> tuple[str, str]:
    left = " + ".join(_named(term) for term in (*relation.left, *relation.plus))
    left += "".join(f" - {_named(term)}" for term in relation.minus)
    right = " or ".join(_stated(term, messages) for term in relation.right)
    maybe = (*relation.maybe_plus, *relation.maybe_minus)
    without = f", with or without {', '.join(map(_named, maybe))}" if maybe else ""
    came = ", ".join(
        _stated(term, messages)
        for term in (*relation.left, *relation.plus, *relation.minus, *maybe)
        if term in relation.left or value(term, messages) is not None
    )
    return f"{left} {_HOW[relation.how]} {right}{without}", came


def _stated(term: str, messages: Messages) -> str:
    return f"{_named(term)} {value(term, messages)!r}"


def _named(term: str) -> str:
    """``order#9 Total Bayar`` as ``Total Bayar of the order``."""
    message, mark, rest = term.partition("#")
    if mark:
        return f"{rest.partition(' ')[2]} of the {message}"
    message, _, attribute = term.partition(".")
    return f"{attribute} of the {message}"
