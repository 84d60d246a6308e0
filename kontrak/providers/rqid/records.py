"""The history list, and how its records are distinguished."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Any, ParamSpec

from kontrak.clauses.response_codes import Outcome
from kontrak.errors import NotOffered
from kontrak.judging.expect import Blocked, Deviation, reading
from kontrak.providers.rqid.account import Purchase, RqidAccount
from kontrak.providers.rqid.answer import RqidAnswer, outcome_of
from kontrak.providers.rqid.client import Rqid
from kontrak.providers.rqid.settings import Kind

Row = Mapping[str, Any]
Parameters = ParamSpec("Parameters")
KINDS: tuple[Kind, ...] = ("prepaid", "postpaid")
CASES = ("success", "other", "other_product", "failed", "pending_success", "pending_failed")
ENVELOPE = "an envelope of its own"
_MOST_PAGES = 200
_ZONES = (0, 7, 8, 9)
"""Hours before UTC of the zones in which a server of this country may count its days."""


@dataclass(frozen=True, slots=True)
class Newest:
    """A topup of its own, and the flat list and the page right after it."""

    bought: Purchase
    lists: list[RqidAnswer]


class Records:
    """The history of today, after one purchase of every case the target names."""

    def __init__(self, rqid: Rqid, account: RqidAccount) -> None:
        rqid.require("history")
        self.rqid = rqid
        self.account = account
        self._today: RqidAnswer | None = None
        self._newest: Newest | None = None
        self._use = ""

    def purchase(self, kind: Kind, case: str) -> Purchase:
        """The purchase of a case, held once a day."""
        return self.account.purchase(kind, case, self._use)

    def purchases(self) -> list[Purchase]:
        """Every purchase that was accepted, each case once."""
        found = []
        for kind in KINDS:
            for case in CASES:
                try:
                    found.append(self.purchase(kind, case))
                except NotOffered:
                    continue
        return [one for one in found if one.settled.is_success or is_formed(one)]

    def today(self) -> RqidAnswer:
        """The list without date and page, asked once after all those purchases."""
        if self._today is None:
            self.purchases()
            self._today = self.rqid.history()
        return self._today

    def newest(self) -> Newest:
        """One more purchase, of another product where the target names one, and lists after it."""
        if self._newest is None:
            self.purchases()
            other = "other_product" in self.rqid.numbers("prepaid").configured
            bought = self.account.fresh("prepaid", "other_product" if other else "success")
            bought.ended_well()
            self._newest = Newest(bought, self.flat_and_paged())
        return self._newest

    def flat_and_paged(self, **filters: object) -> list[RqidAnswer]:
        """The flat list of some filters, and its first page as wide as may be."""
        asked: list[dict[str, object]] = [{}, {"page": 1, "per_page": 1000}]
        return [self.rqid.history(**filters, **more).require_success() for more in asked]

    def begin_new_day(self) -> bool:
        """Whether midnight has passed since the purchases; then all is bought and listed anew.

        The list without a date is that of today, so what was bought before midnight is not in it.
        This can happen once in a run. Where no clock can be moved, nothing is asked unless a day
        of some zone has ended meanwhile.
        """
        bought = self.purchase("prepaid", "success")
        if self._use or not self._may_have_passed(bought):
            return False
        if bought.ref_1 in self.refs(self.rqid.history()):
            return False
        self._today = self._newest = None
        self._use = "on the next day"
        return True

    def _may_have_passed(self, bought: Purchase) -> bool:
        if self.rqid.settings.control_url is not None:
            return True
        moments = [datetime.fromtimestamp(one, tz=UTC) for one in (_begun(bought), time.time())]
        days = [[one + timedelta(hours=zone) for one in moments] for zone in _ZONES]
        return any(first.date() != last.date() for first, last in days)

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
        bought = self.purchase("prepaid", "success")
        moment = self.today().row_time(self.row(bought.ref_1), "created_at")
        return moment.date().isoformat()

    def pages(self, size: int, **filters: object) -> list[RqidAnswer]:
        """All pages of a list; once more where it has grown meanwhile, because others buy."""
        pages = self._pages(size, filters)
        grown = pages[0].meta("total") != pages[-1].meta("total")
        return self._pages(size, filters) if grown else pages

    def _pages(self, size: int, filters: Mapping[str, object]) -> list[RqidAnswer]:
        first = self.rqid.history(page=1, per_page=size, **filters)
        last = min(first.meta("last_page"), _MOST_PAGES)
        more = [
            self.rqid.history(page=page, per_page=size, **filters) for page in range(2, last + 1)
        ]
        return [first, *more]


def within_a_day(test: Callable[Parameters, None]) -> Callable[Parameters, None]:
    """Wrap a test with ``records``: what fails because midnight passed is judged once more."""

    @wraps(test)
    def judged(*arguments: Parameters.args, **named: Parameters.kwargs) -> None:
        try:
            test(*arguments, **named)
        except (Blocked, Deviation):
            records = named["records"]
            if not isinstance(records, Records) or not records.begin_new_day():
                raise
            test(*arguments, **named)

    return judged


def _begun(bought: Purchase) -> float:
    return bought.paid.exchange.started_at


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


def found_any(answer: RqidAnswer) -> bool:
    """Whether a list was answered; False, with a note, where it is refused for being empty."""
    if answer.malformed is None and answer.members and not answer.says_success:
        reading("a list in which there would be nothing", "is refused", warns=True)
        return False
    return True


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
    return [reported(answer, row) for row in answer.rows()]


def reported(answer: RqidAnswer, row: Row) -> Outcome | str:
    """The same for one record."""
    return outcome_of(row) or answer.row_text(row, "status_label")
