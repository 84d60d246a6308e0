"""The history list, and how its records are told apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kontrak.errors import NotOffered
from kontrak.judge import Blocked
from kontrak.providers.rqid.answer import RqidAnswer, outcome_of
from kontrak.providers.rqid.client import Rqid
from kontrak.providers.rqid.purse import Purchase, Purse
from kontrak.providers.rqid.settings import Kind
from kontrak.rc import Outcome

Row = Mapping[str, Any]
KINDS: tuple[Kind, ...] = ("prepaid", "postpaid")
CASES = ("success", "other", "failed", "pending_success", "pending_failed")
ENVELOPE = "an envelope of its own"
_MOST_PAGES = 200


class Records:
    """The history of today, after one purchase of every case the target names."""

    def __init__(self, rqid: Rqid, purse: Purse) -> None:
        rqid.require("history")
        self.rqid = rqid
        self.purse = purse
        self._today: RqidAnswer | None = None

    def purchases(self) -> list[Purchase]:
        """Every purchase that was accepted, each case once."""
        found = []
        for kind in KINDS:
            for case in CASES:
                try:
                    found.append(self.purse.purchase(kind, case))
                except NotOffered:
                    continue
        return [one for one in found if one.settled.is_success or is_formed(one)]

    def today(self) -> RqidAnswer:
        """The list without date and page, asked once after all those purchases."""
        if self._today is None:
            self.purchases()
            self._today = self.rqid.history()
        return self._today

    def rows(self) -> list[Row]:
        """The records of today; ``Blocked`` where there are none."""
        return self.today().require_success().rows()

    def row(self, ref_1: str) -> Row:
        """Today's record of a reference; ``Blocked`` where there is none."""
        for row in self.rows():
            if row.get("ref_1") == ref_1:
                return row
        raise Blocked("RQID-HISTORY-COMPLETE")

    def refs(self, answer: RqidAnswer) -> list[str]:
        """The references of a list's records."""
        return [answer.row_text(row, "ref_1") for row in answer.require_success().rows()]

    def day(self) -> str:
        """Today as the server counts it, from our own purchase: YYYY-MM-DD."""
        bought = self.purse.purchase("prepaid", "success")
        moment = self.today().row_time(self.row(bought.ref_1), "created_at")
        return moment.date().isoformat()

    def pages(self, size: int, **filters: object) -> list[RqidAnswer]:
        """All pages of a list."""
        first = self.rqid.history(page=1, per_page=size, **filters)
        last = min(first.meta("last_page"), _MOST_PAGES)
        more = [
            self.rqid.history(page=page, per_page=size, **filters) for page in range(2, last + 1)
        ]
        return [first, *more]


def is_formed(purchase: Purchase) -> bool:
    """Whether a failed purchase became a transaction: its status is known as failed."""
    return outcome_of(purchase.settled.record) is Outcome.FAILED


def require_settled(purchase: Purchase, outcome: Outcome, clause_id: str) -> None:
    """The purchase ended as its number promises; otherwise ``clause_id`` is broken."""
    if purchase.settled.outcome is not outcome:
        raise Blocked(clause_id)


def records_of(answer: RqidAnswer) -> list[Row]:
    """The records of a history by ref_1, in whichever of the plain shapes they come."""
    found: Any = answer.data
    if history_shape(answer) == ENVELOPE:
        found = found["data"]
    if isinstance(found, dict):
        return [found] if found else []
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def history_shape(answer: RqidAnswer) -> str:
    """The shape of a history by ref_1, which has no sample (000_225173fa548c7a0b.txt:132)."""
    found: Any = answer.data
    if isinstance(found, dict):
        return ENVELOPE if "data" in found and "ref_1" not in found else "one object"
    return "an array"


def labelled(answer: RqidAnswer) -> list[Outcome | str]:
    """What each record says has become of its transaction; an unknown label as it is.

    Raises ``Blocked`` for a record without a readable label.
    """
    return [told(answer, row) for row in answer.rows()]


def told(answer: RqidAnswer, row: Row) -> Outcome | str:
    """The same for one record."""
    return outcome_of(row) or answer.row_text(row, "status_label")
