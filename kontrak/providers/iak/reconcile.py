"""What IAK says of transactions: checkstatus by ref_id, and check-balance where there is one."""

from __future__ import annotations

from kontrak.clauses.amounts import whole_rupiah
from kontrak.interface.session import Wire
from kontrak.limits.ledger import Entry
from kontrak.limits.reconciliation import AccountLookup, Became, ProviderStatus, became
from kontrak.providers.iak.client import Iak, balance_of

_STATUSES: dict[int, Became] = {0: "absent", 1: "paid", 2: "refused", 3: "pending"}
"""iak-api-reference-docs, check-status; 0 is "payment request not received"."""
_ABSENT = ("06", "42")
"""Inquiry id not found; payment request not received."""


class IakLookup(AccountLookup):
    """The books of the one account of an IAK target."""

    def __init__(self, wire: Wire) -> None:
        self._client = Iak(wire)

    def ask(self, entry: Entry) -> ProviderStatus:
        """Ask checkstatus; ``data.status`` decides, and its RC where there is none."""
        self._client.require(operation="checkstatus")
        answer = self._client.checkstatus(entry.reference)
        status = whole_rupiah(answer.members.get("status"))
        reported = _STATUSES.get(status) if status is not None else became(answer.outcome)
        if reported == "refused" and status is None:
            reported = "absent" if answer.rc in _ABSENT else None
        debit = whole_rupiah(answer.members.get("selling_price"))
        return ProviderStatus(reported, answer.rc, debit if reported == "paid" else None)

    def balance(self) -> int | None:
        """The balance of check-balance."""
        if self._client.settings.balance_url is None:
            return None
        balance = balance_of(self._client.check_balance())
        return None if balance is None else int(balance)


def lookup(wire: Wire, account: str) -> AccountLookup:  # noqa: ARG001 - there is one account
    """Where the books of an account are asked for."""
    return IakLookup(wire)
