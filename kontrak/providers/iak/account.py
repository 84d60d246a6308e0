"""The balance at IAK, and purchases held from inquiry to status. Amounts are rupiah."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from kontrak.clauses.response_codes import Outcome
from kontrak.judging.expect import Blocked
from kontrak.providers.iak.answer import IakAnswer
from kontrak.providers.iak.client import Iak, balance_of
from kontrak.providers.iak.codec import Codec
from kontrak.providers.iak.settings import Case


@dataclass(frozen=True, slots=True)
class Purchase:
    """One bill's whole story. ``debit`` is what left the balance for it, in rupiah."""

    bill: IakAnswer
    unpaid: IakAnswer | None
    paid: IakAnswer
    status: IakAnswer | None
    debit: Decimal


class IakAccount:
    """Measures what leaves the balance.

    Where the target has check-balance it is asked. Otherwise the ``balance`` in the answer of a
    small purchase, the witness, reports it; what the witness costs is not counted.

    A payment in process may end at any moment, unless only we can move the target's clock: what it
    takes or gives back then is no other request's doing, and is not counted either.
    """

    def __init__(self, iak: Iak, witness: Case) -> None:
        self._iak = iak
        self._witness = witness
        self._held: dict[tuple[str, Codec], Purchase] = {}
        self._unended: list[Purchase] = []

    def mark(self) -> Decimal:
        """The balance now, to be compared with later."""
        balance, _ = self._still()
        return balance

    def spent_since(self, mark: Decimal) -> Decimal:
        """What has left the balance since a mark."""
        balance, explained = self._still()
        return mark - balance - explained

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
        purchase = Purchase(bill, unpaid, paid, status, self.spent_since(mark))
        if asks and paid.outcome is Outcome.PENDING and not self._iak.moves_clock:
            self._unended.append(purchase)
        return purchase

    def _still(self) -> tuple[Decimal, Decimal]:
        """The balance at a moment when no payment in process ends, and what is not to be counted.

        That is what those have taken that ended since the last time, and the witnesses' cost.
        """
        explained = self._taken_late()
        while True:
            waiting = len(self._unended)
            if self._iak.settings.balance_url is not None:
                balance = self._asked()
            else:
                balance, cost = self._witnessed()
                explained += cost
            explained += self._taken_late()
            # One that has just ended may have moved the balance before it was read, or after.
            if len(self._unended) == waiting:
                return balance, explained

    def _taken_late(self) -> Decimal:
        """What payments in process have taken, or given back, since this was last asked."""
        taken = Decimal(0)
        for one in list(self._unended):
            now = self._iak.checkstatus(str(one.bill.sent["ref_id"])).outcome
            if now in (Outcome.SUCCESS, Outcome.FAILED):
                self._unended.remove(one)
                price = one.bill.number("selling_price")
                taken += (price if now is Outcome.SUCCESS else 0) - one.debit
        return taken

    def _asked(self) -> Decimal:
        balance = balance_of(self._iak.check_balance())
        if balance is None:
            raise Blocked("IAK-BALANCE-SHAPE")
        return balance

    def _witnessed(self) -> tuple[Decimal, Decimal]:
        bill = self._iak.inquiry(self._witness).require_success()
        paid = self._iak.pay(bill).require_success()
        return paid.number("balance"), bill.number("selling_price")
