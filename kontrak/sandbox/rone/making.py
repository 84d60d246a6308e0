"""The few ways in which R-ONE's faults and variants are made.

A wrapped name that begins with ``account_`` is a method of the main partner's account, which both
interfaces share; every other name is a method of the interface.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any

from kontrak.sandbox.changes import Fault, Variant, Wrapper
from kontrak.sandbox.rone.account import PartnerAccount
from kontrak.sandbox.rone.json_interface import Answer, Fields, Kind
from kontrak.sandbox.rone.json_service import JsonService
from kontrak.sandbox.rone.reasons import Reason

When = Callable[[Answer], bool]
Edit = Callable[[Fields], None]


PART = "account_"
"""Begins the name of a wrapped method of the partner's account; others are the service's."""


def fault(
    name: str,
    clause: str,
    text: str,
    /,
    *,
    also: Collection[str] = (),
    because: str = "",
    **wraps: Wrapper,
) -> Fault:
    """A fault that breaks one clause of the provider it is named after, and ``also`` others."""
    clauses = (clause, *also)
    return Fault(name, name.partition("-")[0], clauses, text, _placed(wraps), because)


def variant(name: str, text: str, **wraps: Wrapper) -> Variant:
    """A variant of the provider it is named after."""
    return Variant(name, name.partition("-")[0], text, _placed(wraps))


def _placed(wraps: Mapping[str, Wrapper]) -> dict[str, Wrapper]:
    def place(name: str) -> str:
        return f"platform.main.{name.removeprefix(PART)}" if name.startswith(PART) else name

    return {place(name): wrapper for name, wrapper in wraps.items()}


def always(value: object) -> Wrapper:
    """Wraps anything: it returns this, whatever it is asked."""
    return lambda _service, _original, *_arguments: value


def with_answer(
    edit: Callable[[Answer], Answer], *kinds: Kind, when: When | None = None
) -> Wrapper:
    """Wraps ``finish``: another answer, of these kinds (any, where none is named)."""

    def finish(_service: object, original: Callable[[Answer], Answer], answer: Answer) -> Answer:
        answer = original(answer)
        wanted = not kinds or answer.kind in kinds
        return edit(answer) if wanted and (when is None or when(answer)) else answer

    return finish


def with_document(edit: Edit, *kinds: Kind, when: When | None = None) -> Wrapper:
    """Wraps ``finish``: as ``with_answer``, for an edit of the document alone."""

    def edited(answer: Answer) -> Answer:
        document = copy.deepcopy(answer.document)
        edit(document)
        return replace(answer, document=document)

    return with_answer(edited, *kinds, when=when)


def with_data(*kinds: Kind, when: When | None = None, **values: Any) -> Wrapper:
    """Wraps ``finish``: other values of members of data; a callable makes one of the old."""

    def edit(document: Fields) -> None:
        data = document["data"]
        for name, value in values.items():
            data[name] = value(data[name]) if callable(value) else value

    return with_document(edit, *kinds, when=when or done)


def with_rows(
    edit: Callable[[list[Fields]], object], *kinds: Kind, when: When | None = None
) -> Wrapper:
    """Wraps ``finish``: an edit of the rows of a list, paged or flat."""

    def edited(document: Fields) -> None:
        rows = rows_of(document)
        if rows:
            edit(rows)

    return with_document(edited, *kinds, when=when)


def rows_of(document: Fields) -> list[Fields]:
    """The rows of a list, paged or flat."""
    data = document["data"]
    rows: list[Fields] = data["data"] if isinstance(data, dict) else data
    return rows


def done(answer: Answer) -> bool:
    """Answers that say that all is done."""
    return answer.reason is Reason.SUCCESS


def in_process(answer: Answer) -> bool:
    """Answers about something in process."""
    return answer.reason is Reason.PENDING


def failed(answer: Answer) -> bool:
    """Answers about something that failed."""
    return answer.reason in {Reason.FAILED, Reason.WRONG_NUMBER}


def is_paged(answer: Answer) -> bool:
    """Answers to a request that names a page."""
    return "page" in answer.asked


def is_flat(answer: Answer) -> bool:
    """Answers to a request that names no page."""
    return "page" not in answer.asked


def plus(rupiah: int) -> Callable[[str], str]:
    """Changes an amount that is written as text."""
    return lambda amount: str(int(amount) + rupiah)


def charge(account: PartnerAccount, rupiah: int, notes: str = "Biaya") -> None:
    """Take money that is not owed."""
    with account.lock:
        moment = account.now()
        number = len(account.book.entries)
        account.book.move(-rupiah, notes, f"B-{moment:%Y%m%d}-{number:06d}", moment)


def charging(rupiah: int = 100, *kinds: Kind) -> Wrapper:
    """Wraps ``carry_out``: every request of these kinds costs so much."""

    def carry_out(
        _service: JsonService,
        original: Callable[[Kind, Fields, PartnerAccount], Answer],
        kind: Kind,
        fields: Fields,
        account: PartnerAccount,
    ) -> Answer:
        answer = original(kind, fields, account)
        if kind in kinds:
            charge(account, rupiah)
        return answer

    return carry_out
