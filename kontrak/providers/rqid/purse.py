"""The balance at R-ONE, and purchases held from inquiry to settlement. Amounts are rupiah."""

from __future__ import annotations

from dataclasses import dataclass

from kontrak.judge import Blocked
from kontrak.providers.rqid.answer import RqidAnswer
from kontrak.providers.rqid.client import Rqid
from kontrak.providers.rqid.settings import Kind


@dataclass(frozen=True, slots=True)
class Purchase:
    """One purchase's whole story.

    ``debit`` is what had left the purse right after it, ``cost`` what had once it was settled.
    """

    bill: RqidAnswer | None
    paid: RqidAnswer
    status: RqidAnswer
    settled: RqidAnswer
    debit: int
    cost: int

    @property
    def ref_1(self) -> str:
        """Its reference."""
        return str(self.paid.sent["ref_1"])

    @property
    def total(self) -> int:
        """What it costs by its own word: the total_price of the bill or the topup."""
        return (self.bill or self.paid).number("total_price")

    @property
    def debit_clause(self) -> str:
        """The clause that judges whether it took that much."""
        return f"RQID-{'TOPUP' if self.bill is None else 'PAYMENT'}-DEBIT"

    def ended_well(self) -> RqidAnswer:
        """Its last status; ``Blocked`` behind the clause that promises its success."""
        if not (self.paid.is_success or self.settled.is_success):
            raise Blocked(self.paid.promised_by)
        return self.settled.require_success()

    def took_its_price(self) -> int:
        """What it took; ``Blocked`` where that is not what it costs by its own word."""
        self.ended_well()
        if self.cost != self.total:
            raise Blocked(self.debit_clause)
        return self.cost

    def sent(self, name: str) -> str:
        """A field of its request."""
        return str(self.paid.sent[name])


class Purse:
    """Tells what left the balance, and holds purchases once per kind and case."""

    def __init__(self, rqid: Rqid) -> None:
        self._rqid = rqid
        self._held: dict[tuple[Kind, str], Purchase] = {}
        self._costs: dict[str, int] = {}
        self.early: RqidAnswer | None = None

    def inquire_early(self) -> None:
        """Inquire a bill now, to be paid when its fifteen minutes are over."""
        number = self._rqid.numbers("postpaid").told.get("success")
        if number is not None:
            self.early = self._rqid.inquiry(number)

    def mark(self) -> int:
        """The balance now, to be compared with later."""
        return self._rqid.balance().require_success().number("saldo")

    def spent_since(self, mark: int) -> int:
        """What has left the purse since a mark."""
        return mark - self.mark()

    def purchase(self, kind: Kind, case: str) -> Purchase:
        """Buy for the number of a case and see it to its end; once per kind and case."""
        if (kind, case) not in self._held:
            self._held[kind, case] = self.fresh(kind, case)
        return self._held[kind, case]

    def cost_of(self, product: str) -> int:
        """What a topup of a product really takes, learnt by buying it once."""
        if product not in self._costs:
            number = self._rqid.numbers("prepaid").get("success")
            self._rqid.price_of(product)
            mark = self.mark()
            bought = self._rqid.topup(number, product=product)
            self._rqid.settled(str(bought.sent["ref_1"]))
            self._costs[product] = self.spent_since(mark)
        return self._costs[product]

    def fresh(self, kind: Kind, case: str) -> Purchase:
        """The same, anew."""
        rqid = self._rqid
        number = rqid.numbers(kind).get(case)
        if kind == "prepaid":
            rqid.require("topup")
            rqid.price_of(rqid.numbers("prepaid").get("product"))
            mark, bill = self.mark(), None
            paid = rqid.topup(number)
        else:
            rqid.require("payment")
            bill = rqid.inquiry(number).require_success()
            mark = self.mark()
            paid = rqid.pay(bill)
        debit = self.spent_since(mark)
        ref_1 = str(paid.sent["ref_1"])
        status = rqid.status(ref_1)
        settled = rqid.settled(ref_1)
        rqid.settle(ref_1, settled)
        return Purchase(bill, paid, status, settled, debit, self.spent_since(mark))
