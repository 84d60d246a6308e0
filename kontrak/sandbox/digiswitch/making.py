"""The few ways in which Digiswitch's faults and variants are made."""

from __future__ import annotations

import copy
import functools
from collections.abc import Callable
from dataclasses import replace

from kontrak.sandbox.changes import Wrapper, make_fault, make_variant
from kontrak.sandbox.digiswitch.bills import Bill
from kontrak.sandbox.digiswitch.codes import Reason
from kontrak.sandbox.digiswitch.customers import Customer
from kontrak.sandbox.digiswitch.interface import Answer, Kind
from kontrak.sandbox.edits import Edit
from kontrak.sandbox.json_body import Fields

When = Callable[[Answer], bool]

fault = functools.partial(make_fault, "digiswitch")
variant = functools.partial(make_variant, "digiswitch")


def with_bill(change: Callable[[Bill], Bill], code: str | None = None) -> Wrapper:
    """Wraps ``bill_of``: another bill of this product, in every answer about it."""

    def bill_of(
        _service: object,
        original: Callable[[str, str, Customer], Bill],
        used: str,
        customer_no: str,
        customer: Customer,
    ) -> Bill:
        bill = original(used, customer_no, customer)
        return change(bill) if code in {None, used} else bill

    return bill_of


def with_desc(edit: Edit, code: str | None = None) -> Wrapper:
    """Wraps ``bill_of``: another desc of this product; the amounts beside it stay."""

    def changed(bill: Bill) -> Bill:
        desc = copy.deepcopy(bill.desc)
        edit(desc)
        return replace(bill, desc=desc)

    return with_bill(changed, code)


def with_answer(
    edit: Callable[[Answer], Answer],
    kind: Kind | None = None,
    when: When | None = None,
) -> Wrapper:
    """Wraps ``finish``: another answer, of this kind, when that holds."""

    def finish(_service: object, original: Callable[[Answer], Answer], answer: Answer) -> Answer:
        answer = original(answer)
        if kind not in {None, answer.kind} or (when is not None and not when(answer)):
            return answer
        return edit(answer)

    return finish


def with_fields(edit: Edit, kind: Kind | None = None, when: When | None = None) -> Wrapper:
    """Wraps ``finish``: as ``with_answer``, for an edit of the fields alone."""

    def edited(answer: Answer) -> Answer:
        fields = copy.deepcopy(answer.fields)
        edit(fields)
        return replace(answer, fields=fields)

    return with_answer(edited, kind, when)


def with_values(kind: Kind | None = None, when: When | None = None, **values: object) -> Wrapper:
    """Wraps ``finish``: as ``with_fields``, with other values of top-level fields."""
    return with_fields(lambda fields: fields.update(values), kind, when)


def paid(edit: Edit, code: str | None = None) -> Wrapper:
    """Wraps ``finish``: other fields of successful payments, of this product."""
    return with_fields(edit, Kind.PAYMENT, all_of(because_of(Reason.PAID), about(code)))


def inquired(edit: Edit, code: str | None = None) -> Wrapper:
    """Wraps ``finish``: other fields of successful inquiries, of this product."""
    return with_fields(edit, Kind.INQUIRY, all_of(because_of(Reason.INQUIRED), about(code)))


def with_code(rc: str, *reasons: Reason) -> Wrapper:
    """Wraps ``code_of``: another response code for these reasons."""

    def code_of(_service: object, original: Callable[[Reason], str], reason: Reason) -> str:
        return rc if reason in reasons else original(reason)

    return code_of


def because_of(*reasons: Reason) -> When:
    """Answers that are given for one of these reasons."""
    return lambda answer: answer.reason in reasons


def about(code: str | None) -> When:
    """Answers about a transaction of this product; of any if there is no code."""
    return lambda answer: (
        code is None or (answer.transaction is not None and answer.transaction.code == code)
    )


def all_of(*rules: When) -> When:
    """Answers for which all of these hold."""
    return lambda answer: all(rule(answer) for rule in rules)


def updated(**values: object) -> Edit:
    """An edit that sets top-level fields."""
    return lambda fields: fields.update(values)


def changed(name: str, change: Callable[[Fields], object]) -> Edit:
    """An edit that sets one top-level field to what the fields say."""
    return lambda fields: fields.update({name: change(fields)})
