"""The balance by text, and purchases held from inquiry to settlement. Amounts are rupiah."""

from __future__ import annotations

from dataclasses import dataclass

from kontrak.judge import Blocked
from kontrak.providers.httpget.answer import TextAnswer
from kontrak.providers.httpget.client import HttpGet
from kontrak.providers.httpget.settings import Family


@dataclass(frozen=True, slots=True)
class TextPurchase:
    """One purchase's whole story.

    ``debit`` is what had left the purse right after it, ``cost`` what had once it was settled.
    """

    bill: TextAnswer | None
    paid: TextAnswer
    status: TextAnswer
    settled: TextAnswer
    debit: int
    cost: int

    @property
    def ref(self) -> str:
        """Its reference."""
        return self.paid.asked["refID"]

    @property
    def is_success(self) -> bool:
        """Whether it succeeded, at once or in the end."""
        return self.paid.is_success or self.settled.is_success


class TextPurse:
    """Tells what left the balance, and holds purchases once per family and case."""

    def __init__(self, client: HttpGet) -> None:
        self._client = client
        self._held: dict[tuple[str, str], TextPurchase] = {}

    def mark(self) -> int:
        """The balance now, to be compared with later."""
        saldo = self._client.balance().saldo
        if saldo is None:
            raise Blocked("HTTPGET-BALANCE-TEXT")
        return saldo

    def spent_since(self, mark: int) -> int:
        """What has left the purse since a mark."""
        return mark - self.mark()

    def topup(self, case: str = "success") -> TextPurchase:
        """Buy for the number of a case and see it to its end; once per case."""
        return self.purchase(self._client.settings.topup, case)

    def purchase(self, family: Family, case: str = "success") -> TextPurchase:
        """The same for any family; ``Blocked`` where its bill is not found."""
        key = (family.key, case)
        if key not in self._held:
            self._held[key] = self.fresh(family, case)
        return self._held[key]

    def fresh(self, family: Family, case: str = "success") -> TextPurchase:
        """The same, anew."""
        client, bill = self._client, None
        if family.key == "topup":
            number = family.get(case)
            mark = self.mark()
            paid = client.topup(number)
        else:
            bill = client.inquiry(family, case).require_success()
            mark = self.mark()
            paid = client.pay(family, bill)
        debit = self.spent_since(mark)
        status = client.status(paid)
        settled = client.settled(paid)
        client.settle(paid.asked["refID"], settled)
        return TextPurchase(bill, paid, status, settled, debit, self.spent_since(mark))
