"""What Tokopedia says of orders: order details by our own id, and the account's saldo."""

from __future__ import annotations

from collections.abc import Mapping

from kontrak.interface.session import Wire
from kontrak.limits.ledger import Entry
from kontrak.limits.reconciliation import AccountLookup, Became, ProviderStatus
from kontrak.providers.tokopedia.client import Tokopedia
from kontrak.providers.tokopedia.documents import whole_rupiah

_STATUSES: Mapping[str, Became] = {"Pending": "pending", "Success": "paid", "Failed": "refused"}
_ABSENT = "P02"
"""Transaction is not found (python-sat)."""


class TokopediaLookup(AccountLookup):
    """The books of the one account of a Tokopedia target."""

    def __init__(self, wire: Wire) -> None:
        self._client = Tokopedia(wire)

    def ask(self, entry: Entry) -> ProviderStatus:
        """Ask for the details of an order."""
        if not entry.reference:
            return ProviderStatus(None, words="the order was sent without an id to ask by")
        answer = self._client.order(entry.reference)
        if answer.order_status is not None:
            debit = whole_rupiah(answer.attributes.get("sales_price"))
            reported = _STATUSES[answer.order_status]
            return ProviderStatus(
                reported, answer.order_status, debit if reported == "paid" else None
            )
        if _ABSENT in answer.codes:
            return ProviderStatus("absent", _ABSENT)
        return ProviderStatus(None, words=f"its answer says nothing: {answer.reported}")

    def balance(self) -> int | None:
        """The account's saldo."""
        return whole_rupiah(self._client.account().attributes.get("saldo"))


def lookup(wire: Wire, account: str) -> AccountLookup:  # noqa: ARG001 - there is one account
    """Where the books of an account are asked for."""
    return TokopediaLookup(wire)
