"""The balance by text, and purchases held from inquiry to settlement. Amounts are rupiah."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from kontrak.clauses.response_codes import Outcome
from kontrak.errors import NotOffered
from kontrak.judging.expect import Blocked
from kontrak.providers.httpget.answer import TextAnswer
from kontrak.providers.httpget.client import HttpGet
from kontrak.providers.httpget.settings import Family
from kontrak.providers.rqid.account import FAILING, require_steady


@dataclass(frozen=True, slots=True)
class TextPurchase:
    """One purchase's whole story.

    ``debit`` is what had left the balance right after it, ``cost`` what had once it was settled.
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

    @property
    def reported(self) -> TextAnswer:
        """The text that reports its success: the first one, or the status of what settled late.

        Raises ``Blocked`` behind the clause that promises its success.
        """
        if self.paid.outcome is Outcome.PENDING and self.settled.is_success:
            return self.settled
        return self.paid.require_success()

    @property
    def price(self) -> int:
        """Its HRG; ``Blocked`` where the text reports none."""
        return int(self.reported.value("price"))

    @property
    def announced(self) -> int:
        """The price on its bill; its own HRG where it has no bill."""
        if self.bill is None:
            return self.price
        return int(self.bill.value("bill")) + int(self.bill.value("admin"))

    def took_its_price(self) -> int:
        """What it took; ``Blocked`` where that is not its HRG, or not the price of its bill."""
        price = self.price
        if self.announced != price:
            raise Blocked("HTTPGET-BILL-TOTAL")
        if self.cost != price:
            raise Blocked(f"HTTPGET-{'TOPUP' if self.bill is None else 'BILL'}-DEBIT")
        return price


class HttpGetAccount:
    """Measures what leaves the balance, and holds purchases once per family and case."""

    def __init__(self, client: HttpGet) -> None:
        self._client = client
        self._held: dict[tuple[str, str, str], TextPurchase] = {}
        self._costs: dict[str, int] = {}
        self.early: list[TextAnswer] = []
        """Bills that were inquired when the suite began, for profile nightly on a real clock."""
        self._steady = False

    def inquire_early(self) -> None:
        """Inquire two bills now, to be paid shortly before and after their fifteen minutes."""
        families = self._client.settings.bills.values()
        family = next((one for one in families if "success" in one.configured), None)
        if family is not None:
            self.early = [self._client.inquiry(family) for _ in range(2)]

    def mark(self) -> int:
        """The balance now, to be compared with later.

        The first one is asked for several times: ``Blocked`` where asking costs something,
        ``NotOffered`` where the balance moves by itself, because others buy from it.
        """
        if not self._steady:
            self._steady = require_steady([self._saldo() for _ in range(3)], "HTTPGET-BALANCE-FREE")
        return self._saldo()

    def spent_since(self, mark: int) -> int:
        """What has left the balance since a mark."""
        return mark - self._saldo()

    def _saldo(self) -> int:
        saldo = self._client.balance().saldo
        if saldo is None:
            raise Blocked("HTTPGET-BALANCE-TEXT")
        return saldo

    def topup(self, case: str = "success", use: str = "") -> TextPurchase:
        """Buy for the number of a case and see it to its end; once per case and use.

        What is done to a purchase afterwards may change it on a target that is wrong. Tests that do
        such things name a ``use`` of their own, so that no one else judges what they left.
        """
        return self.purchase(self._client.settings.topup, case, use)

    def purchase(self, family: Family, case: str = "success", use: str = "") -> TextPurchase:
        """The same for any family; ``Blocked`` where its bill is not found."""
        key = (family.key, case, use)
        if key not in self._held:
            self._held[key] = self.fresh(family, case)
        return self._held[key]

    def bills(self) -> list[TextPurchase]:
        """The paid bill of every family that the target offers, where it was paid with success."""
        found = []
        for family in self._client.settings.bills.values():
            if "success" in family.configured:
                with suppress(Blocked):
                    found.append(self.purchase(family))
        return [one for one in found if one.paid.is_success]

    def fresh(self, family: Family, case: str = "success") -> TextPurchase:
        """The same, anew. The topup of case other_product is that one for the first number."""
        client, bill = self._client, None
        if family.key == "topup":
            other = case == "other_product"
            number = family.get("success" if other else case)
            product = family.get(case if other else "product")
            mark = self.mark()
            paid = client.topup(number, product=product, right=case not in FAILING)
        else:
            bill = client.inquiry(family, case).require_success()
            mark = self.mark()
            paid = client.pay(family, bill, right=case not in FAILING)
        debit = self.spent_since(mark)
        status = client.status(paid)
        settled = client.settled(paid)
        client.settle(paid.asked["refID"], settled)
        # A status has a price of its own only where a clause of its own says so.
        failed = paid.outcome is Outcome.FAILED
        final = not debit if failed else debit and paid.is_success and settled.is_success
        cost = debit if final else self.spent_since(mark)
        return TextPurchase(bill, paid, status, settled, debit, cost)

    @contextmanager
    def in_process(self, family: Family, case: str) -> Iterator[tuple[TextAnswer, TextAnswer]]:
        """A purchase in process: its bill, or itself where it has none, and its first text.

        It is settled behind the test, so that its money moves in no one else's sight. Raises
        ``NotOffered`` where the target settles it at once.
        """
        client = self._client
        if family.key == "topup":
            bill = paid = client.topup(family.get(case))
        else:
            bill = client.inquiry(family, case).require_success()
            paid = client.pay(family, bill)
        if paid.outcome is not Outcome.PENDING:
            raise NotOffered(
                "this target has no pending payments",
                hint="configure a customer number whose payment stays pending",
            )
        try:
            yield bill, paid
        finally:
            if client.settings.settle_seconds is not None:
                client.settle(paid.asked["refID"], client.settled(paid))

    def cost_of(self, product: str) -> int:
        """What a topup of a product takes, learnt by buying it once."""
        if product not in self._costs:
            client, topup = self._client, self._client.settings.topup
            mark = self.mark()
            bought = client.topup(topup.get("success"), product=product)
            if bought.outcome is Outcome.PENDING:
                client.settled(bought)
            self._costs[product] = self.spent_since(mark)
        return self._costs[product]
