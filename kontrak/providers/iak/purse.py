"""The balance at IAK, and purchases held from inquiry to status. Amounts are rupiah."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from kontrak.judge import Blocked
from kontrak.providers.iak.answer import IakAnswer
from kontrak.providers.iak.client import Iak, balance_of
from kontrak.providers.iak.codec import Codec
from kontrak.providers.iak.settings import Case


@dataclass(frozen=True, slots=True)
class Purchase:
    """One bill's whole story. ``debit`` is what left the purse for it, in rupiah."""

    bill: IakAnswer
    unpaid: IakAnswer | None
    paid: IakAnswer
    status: IakAnswer | None
    debit: Decimal


class Purse:
    """Tells what left the balance.

    Where the target has check-balance it is asked. Otherwise the ``balance`` in the answer of a
    small purchase, the witness, tells it; what the witness costs is not counted.
    """

    def __init__(self, iak: Iak, witness: Case) -> None:
        self._iak = iak
        self._witness = witness
        self._held: dict[tuple[str, Codec], Purchase] = {}

    def mark(self) -> Decimal:
        """The balance now, to be compared with later."""
        if self._iak.settings.balance_url is not None:
            return self._asked()
        balance, _ = self._witnessed()
        return balance

    def spent_since(self, mark: Decimal) -> Decimal:
        """What has left the purse since a mark."""
        if self._iak.settings.balance_url is not None:
            return mark - self._asked()
        balance, cost = self._witnessed()
        return mark - balance - cost

    def purchase(self, case: Case, codec: Codec = "json") -> Purchase:
        """Buy a test case's bill and ask its status before and after; once per case and codec."""
        key = (case.name, codec)
        if key not in self._held:
            self._held[key] = self.fresh_purchase(case, codec)
        return self._held[key]

    def fresh_purchase(self, case: Case, codec: Codec = "json") -> Purchase:
        """The same, anew."""
        bill = self._iak.inquiry(case, codec).require_success()
        ref_id = str(bill.sent["ref_id"])
        asks = "checkstatus" in self._iak.settings.operations
        unpaid = self._iak.checkstatus(ref_id, codec) if asks else None
        mark = self.mark()
        paid = self._iak.pay(bill, codec)
        status = self._iak.checkstatus(ref_id, codec) if asks else None
        return Purchase(bill, unpaid, paid, status, self.spent_since(mark))

    def _asked(self) -> Decimal:
        balance = balance_of(self._iak.check_balance())
        if balance is None:
            raise Blocked("IAK-BALANCE-SHAPE")
        return balance

    def _witnessed(self) -> tuple[Decimal, Decimal]:
        bill = self._iak.inquiry(self._witness).require_success()
        paid = self._iak.pay(bill).require_success()
        return paid.number("balance"), bill.number("selling_price")
