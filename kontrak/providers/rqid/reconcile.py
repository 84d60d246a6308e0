"""What R-ONE says of transactions: status, history, balance and mutations."""

from __future__ import annotations

from collections.abc import Mapping

from kontrak.clauses.amounts import whole_rupiah
from kontrak.clauses.response_codes import Outcome
from kontrak.errors import NotOffered
from kontrak.interface.session import Wire
from kontrak.judging.expect import Blocked
from kontrak.limits.ledger import Entry
from kontrak.limits.reconciliation import AccountLookup, ProviderStatus, became
from kontrak.providers.rqid.answer import RqidAnswer, outcome_of
from kontrak.providers.rqid.client import SIGNED, Rqid
from kontrak.providers.rqid.movements import best_reading, change
from kontrak.providers.rqid.records import Row, records_of


class RqidLookup(AccountLookup):
    """The books of one partner of an R-ONE target."""

    def __init__(self, client: Rqid) -> None:
        self._client = client

    def ask(self, entry: Entry) -> ProviderStatus:
        """Ask the status of a reference, and its record in the history, which has the amount."""
        if not entry.reference:
            return ProviderStatus(None, words="the request had no ref_1 to ask by")
        answer = self._client.status(entry.reference)
        outcome = outcome_of(answer.record)
        record = self._recorded(entry.reference)
        listed = None if record is None else outcome_of(record)
        if outcome is None:
            known = answer.outcome is Outcome.FAILED and answer.status < 500 and not record
            return ProviderStatus("absent" if known else became(listed), answer.rc, _total(record))
        differs = ""
        if listed not in (None, outcome) and Outcome.PENDING not in (listed, outcome):
            differs = f"status says {outcome.value}, history says {listed}"
        debit = _total(record) if outcome is Outcome.SUCCESS else None
        return ProviderStatus(became(outcome), answer.rc, debit, differs=differs)

    def balance(self) -> int | None:
        """The saldo of the partner."""
        return whole_rupiah(self._client.balance().record.get("saldo"))

    def history(self) -> Mapping[str, ProviderStatus] | None:
        """Today's records by ref_1."""
        try:
            answer = self._client.history().require_success()
            return {
                str(row.get("ref_1")): ProviderStatus(became(outcome_of(row)), None, _total(row))
                for row in answer.rows()
            }
        except (Blocked, NotOffered):
            return None

    def movements(self, before: int) -> list[int] | None:
        """The changes of the mutations behind the row that ended at ``before``."""
        try:
            answer = self._client.recent_mutations().require_success()
            return _since(answer, before)
        except (Blocked, NotOffered):
            return None

    def _recorded(self, reference: str) -> Row | None:
        try:
            found = records_of(self._client.history_of(reference))
        except NotOffered:
            return None
        return next((row for row in found if row.get("ref_1") == reference), None)


def _since(answer: RqidAnswer, before: int) -> list[int] | None:
    reading = best_reading(answer)
    rows = answer.rows()
    newest_first = rows if reading.newest_first else rows[::-1]
    moved: list[int] = []
    for row in newest_first:
        if answer.row_number(row, "balance") == before:
            return moved[::-1]
        moved.append(change(answer, row, reading))
    # The oldest row may be the first movement of all; the balance before it is then known too.
    if newest_first and answer.row_number(newest_first[-1], "balance") - moved[-1] == before:
        return moved[::-1]
    return [] if not newest_first else None


def _total(record: Row | None) -> int | None:
    return None if record is None else whole_rupiah(record.get("total_price"))


def lookup(wire: Wire, account: str) -> AccountLookup:
    """Where the books of an account are asked for: the usual partner's, or the signing one's."""
    client = Rqid(wire)
    return RqidLookup(client.other() if account == SIGNED else client)
