"""Money in any order of requests: a machine that asks at random and keeps count.

Every rule is one request and the balance after it. What breaks an invariant is a ``Breach`` that
names the clause; hypothesis then looks for the shortest story that breaks it. Both interfaces of
R-ONE are reached through a ``Trader`` each.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, NoReturn, Protocol

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.errors import Flaky
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    multiple,
    rule,
    run_state_machine_as_test,
)

from kontrak.clauses.response_codes import Outcome
from kontrak.exchange import Exchange
from kontrak.judging.expect import Deviation, Finding

CASES = ("success", "other", "failed", "wrong_number", "pending_success")
_MOST_STEPS = 12
_LONG = 50
"""From so many examples on, nothing is left in process: settling would take the sandbox's day."""


class TraderAnswer(Protocol):
    """An answer of either interface."""

    @property
    def exchange(self) -> Exchange:
        """The request and its reply."""

    @property
    def outcome(self) -> Outcome | None:
        """What has become of the request."""


@dataclass(slots=True)
class Deal:
    """One reference: ``cost`` is what was taken under it so far, ``final`` its final outcome.

    ``bill`` is the answer of its inquiry, ``price`` what it may cost in rupiah. ``shared`` once the
    target has accepted something else under its reference, so that it reports two stories.
    """

    ref: str
    product: str
    customer: str
    price: int
    bill: Any = None
    answers: list[TraderAnswer] = field(default_factory=list)
    bought: bool = False
    pending: bool = False
    shared: bool = False
    cost: int = 0
    final: Outcome | None = None


class Trader(Protocol):
    """One interface as the machine uses it. ``prefix`` is what its clauses begin with."""

    prefix: str
    answers: list[TraderAnswer]

    def mark(self) -> int:
        """The balance, in rupiah."""

    def cases(self, *, bills: bool) -> Sequence[str]:
        """The cases for which there are numbers."""

    def new_deal(self, case: str) -> Deal:
        """A topup that has not been sent."""

    def topup(self, deal: Deal) -> TraderAnswer:
        """Buy a prepaid product under the deal's reference."""

    def topup_of(self, deal: Deal, case: str) -> TraderAnswer:
        """The same for the number of another case."""

    def inquire(self, case: str) -> tuple[TraderAnswer, Deal | None]:
        """Inquire a bill under a fresh reference."""

    def inquire_under(self, deal: Deal) -> TraderAnswer:
        """Inquire a bill under the deal's reference."""

    def pay(self, deal: Deal) -> TraderAnswer:
        """Pay the deal's bill."""

    def status(self, deal: Deal) -> tuple[TraderAnswer, Outcome | None]:
        """The answer to a status request, and the outcome that it reports."""

    def settle(self, deal: Deal) -> None:
        """See what is in process to its end."""

    def look(self) -> list[TraderAnswer]:
        """Look at whatever costs nothing."""

    def begin_record(self) -> object:
        """Where the record of movements stands, or None where there is none."""

    def unrecorded(self, before: object, deals: Sequence[Deal]) -> Finding | None:
        """What of the deals' money or history is not recorded."""


class Breach(Deviation):
    """An invariant of the money that does not hold."""

    def __init__(self, clause_id: str, finding: Finding, answers: Iterable[TraderAnswer]) -> None:
        super().__init__([finding], [answer.exchange for answer in answers])
        self.clause_id = clause_id


class Story(RuleBasedStateMachine):
    """The machine. A subclass made by ``report`` has the trader."""

    trader: ClassVar[Trader]
    long: ClassVar[bool]
    seen: ClassVar[list[Breach]]
    deals = Bundle("deals")

    @initialize(target=deals)
    def begin(self) -> object:
        """Remember where the money stands; then a short story that every other one follows.

        A bill waits while a topup is made and all is tried under its reference; then it is paid.
        """
        self.book: dict[str, Deal] = {}
        self.broken = False
        self.before = self.trader.begin_record()
        self.saldo = self.trader.mark()
        bill = self._inquire("success")
        deal = self._topup("success")
        self.status(deal)
        self.inquire_again(deal)
        self.topup_again(deal, "success")
        self.status(deal)
        if bill is None:
            return deal
        self.pay(bill)
        self.status(bill)
        return multiple(deal, bill)

    @rule(target=deals, case=st.sampled_from(CASES))
    def topup(self, case: str) -> Deal:
        """Buy under a fresh reference."""
        return self._topup(case)

    @rule(target=deals, case=st.sampled_from(CASES))
    def inquire(self, case: str) -> object:
        """Inquire a bill under a fresh reference."""
        deal = self._inquire(case)
        return multiple() if deal is None else deal

    @rule(deal=deals)
    def pay(self, deal: Deal) -> None:
        """Pay an inquired bill, perhaps once more."""
        if deal.bill is not None:
            self._count(deal, self.trader.pay(deal), fresh=not deal.bought)

    @rule(deal=deals, case=st.sampled_from(("success", "other")))
    def topup_again(self, deal: Deal, case: str) -> None:
        """Buy under a reference that is used."""
        if deal.bought:
            answer = self.trader.topup_of(deal, self._case(case, bills=False))
            deal.answers.append(answer)
            self._costs("ONCE", 0, f"a topup under {deal.ref}, which is used", *deal.answers[-2:])

    @rule(deal=deals)
    def inquire_again(self, deal: Deal) -> None:
        """Inquire under a reference that is used."""
        if not deal.bought or not self._case("success", bills=True):
            return
        answer = self.trader.inquire_under(deal)
        refused = answer.outcome is Outcome.FAILED
        deal.shared = deal.shared or not refused
        name = "REFUSED" if refused else "BALANCE"
        self._costs(name, 0, f"an inquiry under {deal.ref}, which is used", answer)

    @rule(deal=deals)
    def status(self, deal: Deal) -> None:
        """Ask what has become of a reference."""
        answer, reported = self.trader.status(deal)
        self._costs("BALANCE", 0, "a status", answer)
        if not deal.bought or deal.shared:
            return
        if deal.final is not None and reported is not deal.final:
            self._breach("FINAL", f"{deal.final} for ever", f"then {reported}", answer)
        if reported in (Outcome.SUCCESS, Outcome.FAILED):
            deal.final = reported

    @rule()
    def look(self) -> None:
        """Look at what costs nothing."""
        self._costs("BALANCE", 0, "looking", *self.trader.look())

    def teardown(self) -> None:
        """Every purchase is in the history, and its money in the mutations."""
        deals = list(getattr(self, "book", {}).values())
        bought = [deal for deal in deals if deal.cost]
        judged = bought and self.before and not self.broken
        finding = self.trader.unrecorded(self.before, bought) if judged else None
        for deal in deals:
            if deal.pending:
                self.trader.settle(deal)
        if finding is not None:
            self._raise("RECORDED", finding, self.trader.answers)

    def _inquire(self, case: str) -> Deal | None:
        case = self._case(case, bills=True)
        if not case:
            return None
        answer, deal = self.trader.inquire(case)
        self._costs("BALANCE", 0, "an inquiry", answer)
        if deal is not None:
            self.book[deal.ref] = deal
        return deal

    def _topup(self, case: str) -> Deal:
        deal = self.trader.new_deal(self._case(case, bills=False))
        self._count(deal, self.trader.topup(deal), fresh=True)
        return deal

    def _case(self, case: str, *, bills: bool) -> str:
        """The case, or the success in its place where it cannot be asked; "" without either."""
        known = self.trader.cases(bills=bills)
        if case in known and not (self.long and case == "pending_success"):
            return case
        return "success" if "success" in known else ""

    def _count(self, deal: Deal, answer: TraderAnswer, *, fresh: bool) -> None:
        """What a purchase has cost: nothing once more, nothing refused, else its price."""
        deal.answers.append(answer)
        took = self._took()
        self.book[deal.ref] = deal
        if not fresh:
            self._expect("ONCE", took, [0], f"paying {deal.ref} again", deal.answers)
        elif answer.outcome is Outcome.FAILED:
            self._expect("REFUSED", took, [0], "a refused purchase", [answer])
        elif answer.outcome is Outcome.SUCCESS:
            self._expect("BALANCE", took, [deal.price], "a purchase", [answer])
        else:
            self._expect("BALANCE", took, [0, deal.price], "a purchase in process", [answer])
        deal.bought = deal.bought or answer.outcome is not Outcome.FAILED
        deal.pending = deal.pending or (fresh and answer.outcome is Outcome.PENDING)
        deal.cost += took

    def _costs(self, name: str, wanted: int, what: str, *answers: TraderAnswer) -> None:
        self._expect(name, self._took(), [wanted], what, answers)

    def _took(self) -> int:
        saldo = self.trader.mark()
        took, self.saldo = self.saldo - saldo, saldo
        return took

    def _expect(
        self,
        name: str,
        took: int,
        wanted: Sequence[int],
        what: str,
        answers: Iterable[TraderAnswer],
    ) -> None:
        if took not in wanted:
            expected = f"{what} costs {' or '.join(map(str, wanted))} rupiah"
            self._breach(name, expected, f"{took} rupiah taken", *answers)

    def _breach(self, name: str, expected: str, received: str, *answers: TraderAnswer) -> None:
        self.broken = True
        self._raise(name, Finding(expected, received), answers)

    def _raise(self, name: str, finding: Finding, answers: Iterable[TraderAnswer]) -> NoReturn:
        breach = Breach(f"{self.trader.prefix}-MONEY-{name}", finding, answers)
        self.seen.append(breach)
        raise breach


def notify(trader: Trader) -> Breach | None:
    """Run the machine as often as the profile says; the first breach, shrunk, or None.

    A target that answers the same story otherwise the second time has broken it the first time.
    Raises ``Flaky`` where it has not, and is asked something else for it.
    """
    examples = settings().max_examples
    seen: list[Breach] = []
    facts = {"trader": trader, "long": examples >= _LONG, "seen": seen}
    machine = type("PlayedStory", (Story,), facts)
    # Every example holds several conversations, so it counts for more than one.
    count = max(3, examples // 3)
    wanted = settings(max_examples=count, stateful_step_count=_MOST_STEPS)
    try:
        run_state_machine_as_test(machine, settings=wanted)
    except Breach as breach:
        return breach
    except Flaky:
        if not seen:
            raise
        return seen[0]
    return None
