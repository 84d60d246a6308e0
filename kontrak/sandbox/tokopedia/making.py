"""The few ways in which Tokopedia's faults and variants are made."""

from __future__ import annotations

import copy
from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any

from kontrak.sandbox.changes import Fault, Variant, Wrapper
from kontrak.sandbox.tokopedia.bills import Asked, Bill
from kontrak.sandbox.tokopedia.catalogue import Attributes, Entries
from kontrak.sandbox.tokopedia.codes import Reason
from kontrak.sandbox.tokopedia.interface import Answer, Document, Kind
from kontrak.sandbox.tokopedia.orders import Order, State

When = Callable[[Answer], bool]


def fault(
    name: str,
    clause: str,
    text: str,
    *,
    also: Collection[str] = (),
    because: str = "",
    **wraps: Wrapper,
) -> Fault:
    """A fault that breaks one clause, named without the provider, and ``also`` others."""
    clauses = tuple(f"TOKOPEDIA-{one}" for one in (clause, *also))
    return Fault(f"tokopedia-{name}", "tokopedia", clauses, text, wraps, because)


def variant(name: str, text: str, **wraps: Wrapper) -> Variant:
    """A variant of Tokopedia."""
    return Variant(f"tokopedia-{name}", "tokopedia", text, wraps)


def with_answer(edit: Callable[[Answer], Answer], when: When) -> Wrapper:
    """Wraps ``finish``: another answer, when that holds."""

    def finish(_service: object, original: Callable[[Answer], Answer], answer: Answer) -> Answer:
        answer = original(answer)
        return edit(answer) if when(answer) else answer

    return finish


def with_document(edit: Callable[[Document], None], when: When) -> Wrapper:
    """Wraps ``finish``: as ``with_answer``, for an edit of the document alone."""

    def edited(answer: Answer) -> Answer:
        document = copy.deepcopy(answer.document)
        edit(document)
        return replace(answer, document=document)

    return with_answer(edited, when)


def with_attributes(edit: Callable[[Attributes], object], when: When) -> Wrapper:
    """Wraps ``finish``: as ``with_document``, for the attributes of ``data``."""

    def edited(document: Document) -> None:
        edit(document["data"]["attributes"])

    return with_document(edited, when)


def with_values(when: When, **values: object) -> Wrapper:
    """Wraps ``finish``: as ``with_attributes``, with other values."""
    return with_attributes(lambda attributes: attributes.update(values), when)


def with_body(rewrite: Callable[[bytes], bytes], when: When) -> Wrapper:
    """Wraps ``write``: other bytes for an answer."""

    def write(_service: object, original: Callable[[Answer], bytes], answer: Answer) -> bytes:
        body = original(answer)
        return rewrite(body) if when(answer) else body

    return write


def with_bill(change: Callable[[Bill], Bill], *codes: str) -> Wrapper:
    """Wraps ``bill_of``: another bill in every answer about these products, or about all."""

    def bill_of(_service: object, original: Callable[[Asked], Bill], asked: Asked) -> Bill:
        bill = original(asked)
        return change(bill) if not codes or asked.product.code in codes else bill

    return bill_of


def failing(*codes: str) -> Wrapper:
    """Wraps ``settle``: orders of these products fail, or all."""

    def settle(_service: object, original: Callable[[Order], None], order: Order) -> None:
        if not codes or order.bill.asked.product.code in codes:
            order.fate = Reason.UNAVAILABLE
        original(order)

    return settle


def always(value: object) -> Wrapper:
    """Wraps any method: it returns this, whatever it is asked."""

    def method(_service: object, _original: object, *_arguments: object) -> object:
        return value

    return method


# When


def of(*kinds: Kind) -> When:
    """Answers of these kinds."""
    return lambda answer: answer.kind in kinds


def about(*codes: str) -> When:
    """Answers about these products."""
    return lambda answer: answer.product in codes


def because_of(*reasons: Reason) -> When:
    """Refusals for one of these reasons."""
    return lambda answer: answer.reason in reasons


def both(one: When, other: When) -> When:
    """Answers for which both hold."""
    return lambda answer: one(answer) and other(answer)


def inquired(answer: Answer) -> bool:
    """Answers to an inquiry."""
    return answer.kind is Kind.INQUIRY


def ordered(answer: Answer) -> bool:
    """Answers to a checkout."""
    return answer.kind is Kind.CHECKOUT


def _in(state: State) -> When:
    return lambda answer: answer.order is not None and answer.order.state is state


pending, fulfilled, failed = _in(State.PENDING), _in(State.SUCCESS), _in(State.FAILED)


def refused(answer: Answer) -> bool:
    """Refusals with JSON:API errors."""
    return answer.reason is not None


# Places


def holders(document: Any, path: str) -> list[tuple[Any, str]]:
    """The objects that have the field at ``data[].attributes.price``, with its name."""
    *way, name = path.split(".")
    found = [document]
    for step in way:
        inside = [one[step.removesuffix("[]")] for one in found]
        found = [e for one in inside for e in one] if step.endswith("[]") else inside
    return [(one, name) for one in found if name in one]


def at(path: str, change: Callable[[Any], object]) -> Callable[[Document], None]:
    """An edit of every value at a path."""

    def edit(document: Document) -> None:
        for holder, name in holders(document, path):
            holder[name] = change(holder[name])

    return edit


def without(path: str) -> Callable[[Document], None]:
    """An edit that leaves a field out."""

    def edit(document: Document) -> None:
        for holder, name in holders(document, path):
            del holder[name]

    return edit


def with_entry(bill: Bill, message: str, place: int, value: str) -> Bill:
    """The bill with another text in one entry of the inquiry's or the order's list."""
    if message == "inquiry":
        return replace(bill, inquiry_result=_changed(bill.inquiry_result, place, value))
    return replace(bill, fulfillment_result=_changed(bill.fulfillment_result, place, value))


def _changed(entries: Entries, place: int, value: str) -> Entries:
    return (*entries[:place], replace(entries[place], value=value), *entries[place + 1 :])
