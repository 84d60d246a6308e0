"""The few ways in which IAK's faults and variants are made."""

from __future__ import annotations

import copy
import functools
from collections.abc import Callable
from dataclasses import replace

from kontrak.sandbox.changes import Wrapper, make_fault, make_variant
from kontrak.sandbox.edits import Edit
from kontrak.sandbox.iak.bills import Bill, MonthBill, Scenario, with_months
from kontrak.sandbox.iak.codec import Codec
from kontrak.sandbox.iak.codes import Reason
from kontrak.sandbox.iak.interface import Answer, Kind

When = Callable[[Answer], bool]


fault = functools.partial(make_fault, "iak")
variant = functools.partial(make_variant, "iak")


def with_bill(change: Callable[[Bill], Bill], only: Scenario | None = None) -> Wrapper:
    """Wraps ``bill_of``: another bill, in every answer about it."""

    def bill_of(_service: object, original: Callable[[Scenario], Bill], scenario: Scenario) -> Bill:
        bill = original(scenario)
        return change(bill) if only in {None, scenario} else bill

    return bill_of


def with_month(place: int, change: Callable[[MonthBill], MonthBill]) -> Wrapper:
    """Wraps ``bill_of``: another month at this place of the bills that have it; no new sums."""

    def changed(bill: Bill) -> Bill:
        months = tuple(
            change(month) if index == place else month for index, month in enumerate(bill.months)
        )
        return replace(bill, months=months)

    return with_bill(changed)


def several_months(change: Callable[[tuple[MonthBill, ...]], tuple[MonthBill, ...]]) -> Wrapper:
    """Wraps ``bill_of``: other months where there are several, and the sums that follow."""

    def changed(bill: Bill) -> Bill:
        return with_months(bill, change(bill.months)) if len(bill.months) > 1 else bill

    return with_bill(changed)


def with_answer(
    edit: Callable[[Answer], Answer],
    kind: Kind | None = None,
    codec: Codec | None = None,
    when: When | None = None,
) -> Wrapper:
    """Wraps ``finish``: another answer, of this kind, in this codec, when that holds."""

    def finish(
        _service: object,
        original: Callable[[Codec, Answer], Answer],
        used: Codec,
        answer: Answer,
    ) -> Answer:
        answer = original(used, answer)
        if kind not in {None, answer.kind} or codec not in {None, used}:
            return answer
        if when is not None and not when(answer):
            return answer
        return edit(answer)

    return finish


def with_fields(
    edit: Edit,
    kind: Kind | None = None,
    codec: Codec | None = None,
    when: When | None = None,
) -> Wrapper:
    """Wraps ``finish``: as ``with_answer``, for an edit of the fields alone."""

    def edited(answer: Answer) -> Answer:
        fields = copy.deepcopy(answer.fields)
        edit(fields)
        return replace(answer, fields=fields)

    return with_answer(edited, kind, codec, when)


def with_values(
    kind: Kind | None = None,
    codec: Codec | None = None,
    when: When | None = None,
    **values: object,
) -> Wrapper:
    """Wraps ``finish``: as ``with_fields``, with other values of top-level fields."""
    return with_fields(lambda fields: fields.update(values), kind, codec, when)


def with_code(rc: str, *reasons: Reason) -> Wrapper:
    """Wraps ``code_of``: another response code for these reasons."""

    def code_of(_service: object, original: Callable[[Reason], str], reason: Reason) -> str:
        return rc if reason in reasons else original(reason)

    return code_of


def because_of(*reasons: Reason) -> When:
    """Answers that are given for one of these reasons."""
    return lambda answer: answer.reason in reasons


def several(answer: Answer) -> bool:
    """Answers about several bills."""
    return answer.transaction is not None and len(answer.transaction.bill.months) > 1


def single(answer: Answer) -> bool:
    """Answers about one bill."""
    return answer.transaction is not None and len(answer.transaction.bill.months) == 1
