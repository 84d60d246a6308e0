"""What R-ONE's text interface says of transactions: cek=1, and the saldo."""

from __future__ import annotations

from kontrak.clauses.response_codes import Outcome
from kontrak.interface.session import Wire
from kontrak.limits.ledger import Entry
from kontrak.limits.reconciliation import AccountLookup, ProviderStatus
from kontrak.masking.masker import shorten
from kontrak.providers.httpget.client import HttpGet
from kontrak.providers.rqid.client import SIGNED

_SHOWN = 60


class HttpGetLookup(AccountLookup):
    """The books of one partner of an R-ONE target, by text."""

    def __init__(self, client: HttpGet) -> None:
        self._client = client

    def ask(self, entry: Entry) -> ProviderStatus:
        """Ask cek=1 with the product, dest and refID that were bought with."""
        if not entry.reference:
            return ProviderStatus(None, words="the request had no refID to ask by")
        pairs = self._client.pairs(entry.product, entry.customer, entry.reference, cek="1")
        answer = self._client.ask("status", pairs)
        if answer.is_success:
            price = answer.values.get("price")
            return ProviderStatus("paid", None, price if isinstance(price, int) else None)
        if answer.outcome is Outcome.PENDING:
            return ProviderStatus("pending")
        if answer.is_explained and answer.status < 400:
            # An unknown reference reads like one that failed.
            return ProviderStatus("absent", words=f"it answers {shorten(answer.text, _SHOWN)!r}")
        return ProviderStatus(
            None, words=f"a text that fits no template: {shorten(answer.text, _SHOWN)!r}"
        )

    def balance(self) -> int | None:
        """The saldo."""
        return self._client.balance().saldo


def lookup(wire: Wire, account: str) -> AccountLookup:
    """Where the books of an account are asked for: the usual partner's, or the signing one's."""
    client = HttpGet(wire)
    return HttpGetLookup(client.other() if account == SIGNED else client)
