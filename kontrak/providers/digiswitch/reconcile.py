"""What Digiswitch says of transactions: status-pasca with the same code, number and ref_id.

The family answers it for ninety days (digiflazz-cek-status). No request of the document reports the
balance without a payment.
"""

from __future__ import annotations

from kontrak.clauses.amounts import whole_rupiah
from kontrak.interface.session import Wire
from kontrak.limits.ledger import Entry
from kontrak.limits.reconciliation import AccountLookup, ProviderStatus, became
from kontrak.providers.digiswitch.client import Digiswitch
from kontrak.providers.digiswitch.settings import Product

_ABSENT = "50"
"""Transaction not found (digiflazz-response-code)."""


class DigiswitchLookup(AccountLookup):
    """The books of the one account of a Digiswitch target."""

    def __init__(self, wire: Wire) -> None:
        self._client = Digiswitch(wire)

    def ask(self, entry: Entry) -> ProviderStatus:
        """Ask status-pasca; rc, status and message have to agree."""
        self._client.require("status-pasca")
        known = self._client.settings.products.values()
        product = next(
            (one for one in known if one.code == entry.product),
            Product(self._client.usual.key, entry.product, {}),
        )
        fields = self._client.fields("status-pasca", product, entry.customer, entry.reference)
        answer = self._client.ask(fields, product)
        if answer.rc == _ABSENT:
            return ProviderStatus("absent", answer.rc)
        voices = set(answer.voices)
        if len(voices) != 1 or not answer.reports_transaction:
            return ProviderStatus(
                None,
                answer.rc,
                words=f"rc, status and message contradict one another: {answer.returned}",
            )
        debit = whole_rupiah(answer.members.get("price")) if answer.is_success else None
        return ProviderStatus(became(answer.outcome), answer.rc, debit)


def lookup(wire: Wire, account: str) -> AccountLookup:  # noqa: ARG001 - there is one account
    """Where the books of an account are asked for."""
    return DigiswitchLookup(wire)
