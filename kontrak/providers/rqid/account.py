"""The balance at R-ONE, and purchases held from inquiry to settlement. Amounts are rupiah."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise

from kontrak.clauses.response_codes import Outcome
from kontrak.errors import NotOffered
from kontrak.judging.expect import Blocked
from kontrak.providers.rqid.answer import RqidAnswer
from kontrak.providers.rqid.client import Rqid
from kontrak.providers.rqid.settings import Kind

FAILING = ("failed", "wrong_number", "pending_failed")
"""The cases whose purchase may be refused."""


@dataclass(frozen=True, slots=True)
class Purchase:
    """One purchase's whole story.

    ``taken_at_first`` is what had left the balance right after it, ``taken`` what had once it was
    settled; both are None where the target returns no balance.
    """

    bill: RqidAnswer | None
    paid: RqidAnswer
    status: RqidAnswer
    settled: RqidAnswer
    taken_at_first: int | None
    taken: int | None

    @property
    def debit(self) -> int:
        """What had left the balance right after it; ``NotOffered`` without a balance."""
        return _read(self.taken_at_first)

    @property
    def cost(self) -> int:
        """What had left the balance once it was settled; ``NotOffered`` without a balance."""
        return _read(self.taken)

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

    def succeeded(self) -> RqidAnswer:
        """The answer that reports its success: the first one, or the status of what settled late.

        Raises ``Blocked`` behind the clause that promises its success.
        """
        if self.paid.outcome is Outcome.PENDING and self.settled.is_success:
            return self.settled
        return self.paid.require_success()

    def ended_well(self) -> RqidAnswer:
        """Its last status; ``Blocked`` behind the clause that promises its success."""
        if self.paid.outcome is Outcome.FAILED and self.settled.is_success:
            raise Blocked(self.paid.promised_by)
        if not (self.paid.is_success or self.settled.is_success):
            raise Blocked(self.paid.promised_by)
        return self.settled.require_success()

    def took_its_price(self) -> int:
        """What it took; ``Blocked`` where that is not what it costs by its own word.

        Without a balance its own word is all that there is.
        """
        self.ended_well()
        if self.taken not in (None, self.total):
            raise Blocked(self.debit_clause)
        return self.total

    def sent(self, name: str) -> str:
        """A field of its request."""
        return str(self.paid.sent[name])


def _read(rupiah: int | None) -> int:
    if rupiah is None:
        raise NotOffered(
            "the target does not offer balance, so no money can be read",
            hint="see [rqid] operations in the target",
        )
    return rupiah


def require_steady(balances: Sequence[int], clause_id: str) -> bool:
    """True where a balance that was asked for three times stayed as it was.

    Raises ``Blocked`` behind a clause where it falls every time alike, ``NotOffered`` otherwise.
    """
    steps = {one - other for one, other in pairwise(balances)}
    if steps == {0}:
        return True
    if len(steps) == 1:
        raise Blocked(clause_id)
    raise NotOffered(
        "the balance moves while nothing is bought here, so nothing can be read from it",
        hint="use an account that no one else buys from during the run",
    )


class RqidAccount:
    """Measures what leaves the balance, and holds purchases once per kind and case."""

    def __init__(self, rqid: Rqid) -> None:
        self._rqid = rqid
        self._held: dict[tuple[Kind, str, str], Purchase] = {}
        self._steady = False
        self._costs: dict[str, int] = {}
        self.early: list[RqidAnswer] = []
        """Bills that were inquired when the suite began, for profile nightly on a real clock."""

    def inquire_early(self) -> None:
        """Inquire two bills now, to be paid shortly before and after their fifteen minutes."""
        number = self._rqid.numbers("postpaid").configured.get("success")
        if number is not None:
            self.early = [self._rqid.inquiry(number) for _ in range(2)]

    def mark(self) -> int:
        """The balance now, to be compared with later.

        The first one is asked for several times: ``Blocked`` where asking costs something,
        ``NotOffered`` where the balance moves by itself, because others buy from it, and where the
        target offers none: what is about money alone is then not asked at all.
        """
        self._rqid.require("balance")
        if not self._steady:
            self._steady = require_steady([self._saldo() for _ in range(3)], "RQID-BALANCE-FREE")
        return self._saldo()

    def mark_if_any(self) -> int | None:
        """The same, or None where the target offers no balance.

        For a clause that judges more than money: that is judged first, then ``spent_since`` says
        that the money could not be.
        """
        return self.mark() if self._offered else None

    def spent_since(self, mark: int | None) -> int:
        """What has left the balance since a mark; ``NotOffered`` where there was none."""
        return _read(mark) - self._saldo()

    @property
    def _offered(self) -> bool:
        return "balance" in self._rqid.settings.operations

    def _saldo(self) -> int:
        return self._rqid.balance().require_success().number("saldo")

    def purchase(self, kind: Kind, case: str, use: str = "") -> Purchase:
        """Buy for the number of a case and see it to its end; once per kind, case and use.

        What is done to a purchase afterwards may change it on a target that is wrong. Tests that do
        such things name a ``use`` of their own, so that no one else judges what they left.
        """
        key = kind, case, use
        if key not in self._held:
            self._held[key] = self.fresh(kind, case)
        return self._held[key]

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
        """The same, anew. The case other_product is the other product for the first number."""
        rqid, numbers = self._rqid, self._rqid.numbers(kind)
        other = case == "other_product"
        product = numbers.get(case if other else "product")
        number = numbers.get("success" if other else case)
        if kind == "prepaid":
            rqid.require("topup")
            rqid.price_of(product)
            mark, bill = self.mark_if_any(), None
            paid = rqid.topup(number, product=product, right=case not in FAILING)
        else:
            rqid.require("payment")
            bill = rqid.inquiry(number, product=product)
            if other and not bill.is_success:
                raise NotOffered(
                    f"{product} has no bill for the number of the first product",
                    hint="name an other_product that has",
                )
            bill.require_success()
            mark = self.mark_if_any()
            paid = rqid.pay(bill, right=case not in FAILING)
        debit = None if mark is None else self.spent_since(mark)
        ref_1 = str(paid.sent["ref_1"])
        status = rqid.status(ref_1)
        settled = rqid.settled(ref_1)
        rqid.settle(ref_1, settled)
        # A status has a price of its own only where a clause of its own says so.
        failed = paid.outcome is Outcome.FAILED
        final = not debit if failed else debit and paid.is_success and settled.is_success
        cost = debit if final or mark is None else self.spent_since(mark)
        return Purchase(bill, paid, status, settled, debit, cost)

    @contextmanager
    def in_process(self, kind: Kind) -> Iterator[tuple[RqidAnswer, RqidAnswer]]:
        """A purchase in process: its bill, or itself where it has none, and its first answer.

        It is settled behind the test, so that its money moves in no one else's sight. Raises
        ``NotOffered`` where the target settles it at once.
        """
        rqid, number = self._rqid, self._rqid.numbers(kind).get("pending_success")
        if kind == "prepaid":
            bill = paid = rqid.topup(number)
        else:
            rqid.require("payment")
            bill = rqid.inquiry(number).require_success()
            paid = rqid.pay(bill)
        if paid.outcome is not Outcome.PENDING:
            raise NotOffered(
                "this target has no pending payments",
                hint="configure a customer number whose payment stays pending",
            )
        try:
            yield bill, paid
        finally:
            if rqid.settings.settle_seconds is not None:
                ref_1 = str(paid.sent["ref_1"])
                rqid.settle(ref_1, rqid.settled(ref_1))
