"""Money in any order of requests: a machine that asks at random and keeps count.

Every rule is one request and the balance after it. What breaks an invariant is a ``Breach`` that
names the clause; hypothesis then looks for the shortest story that breaks it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    multiple,
    rule,
    run_state_machine_as_test,
)

from kontrak.judge import Deviation, Finding
from kontrak.providers.rqid.answer import RqidAnswer, outcome_of
from kontrak.providers.rqid.client import Rqid
from kontrak.providers.rqid.movements import new_movements
from kontrak.providers.rqid.purse import Purse
from kontrak.rc import Outcome
from kontrak.refid import new_ref_id

CASES = ("success", "other", "failed", "wrong_number", "pending_success")
_MOST_STEPS = 12


class Breach(Deviation):
    """An invariant of the money that does not hold."""

    def __init__(self, clause_id: str, finding: Finding, answers: Iterable[RqidAnswer]) -> None:
        super().__init__([finding], [answer.exchange for answer in answers])
        self.clause_id = clause_id


@dataclass(slots=True)
class Deal:
    """One reference: ``cost`` is what was taken under it so far, ``final`` its final outcome."""

    ref_1: str
    product: str
    customer: str
    bill: RqidAnswer | None
    answers: list[RqidAnswer]
    bought: bool = False
    cost: int = 0
    final: Outcome | None = None


class Story(RuleBasedStateMachine):
    """The machine. A subclass made by ``tell`` bears the client and the purse."""

    rqid: ClassVar[Rqid]
    purse: ClassVar[Purse]
    deals = Bundle("deals")

    @initialize()
    def begin(self) -> None:
        """Remember where the money stands."""
        self.book: dict[str, Deal] = {}
        self.saldo = self.start = self.purse.mark()
        self.before = self.rqid.recent_mutations() if self._records else None

    @rule(target=deals, case=st.sampled_from(CASES))
    def topup(self, case: str) -> Deal:
        """Buy under a fresh reference."""
        deal = self._deal("prepaid", case)
        answer = self._buy("topup", deal)
        self._count(deal, answer, fresh=True)
        return deal

    @rule(target=deals, case=st.sampled_from(CASES))
    def inquire(self, case: str) -> object:
        """Inquire a bill under a fresh reference."""
        told = self.rqid.numbers("postpaid").told
        if case not in told or "payment" not in self.rqid.settings.operations:
            return multiple()
        answer = self.rqid.inquiry(told[case])
        self._costs("RQID-MONEY-BALANCE", 0, "an inquiry", answer)
        if not answer.is_success:
            return multiple()
        deal = self._deal("postpaid", case, ref_1=str(answer.sent["ref_1"]), bill=answer)
        self.book[deal.ref_1] = deal
        return deal

    @rule(deal=deals)
    def pay(self, deal: Deal) -> None:
        """Pay an inquired bill, perhaps once more."""
        if deal.bill is not None:
            answer = self.rqid.pay(deal.bill)
            self._count(deal, answer, fresh=not deal.bought)

    @rule(deal=deals, case=st.sampled_from(("success", "other")))
    def topup_again(self, deal: Deal, case: str) -> None:
        """Buy under a reference that is used."""
        if not deal.bought:
            return
        other = self._deal("prepaid", case, ref_1=deal.ref_1)
        answer = self._buy("topup", other)
        deal.answers.append(answer)
        self._costs("RQID-MONEY-ONCE", 0, f"a topup under {deal.ref_1}, which is used", answer)

    @rule(deal=deals)
    def status(self, deal: Deal) -> None:
        """Ask what has become of a reference."""
        answer = self.rqid.status(deal.ref_1)
        self._costs("RQID-MONEY-BALANCE", 0, "a status", answer)
        if deal.bought:
            self._is_final(deal, answer)

    @rule()
    def look(self) -> None:
        """Look at history, mutations and balance."""
        asked = [self.rqid.balance()]
        if "history" in self.rqid.settings.operations:
            asked.append(self.rqid.history(page=1, per_page=1))
        self._costs("RQID-MONEY-BALANCE", 0, "looking", *asked)

    def teardown(self) -> None:
        """Every purchase is in the history, and its money in the mutations."""
        bought = [deal for deal in getattr(self, "book", {}).values() if deal.cost]
        if not bought or self.before is None:
            return
        after = self.rqid.recent_mutations()
        came = abs(sum(new_movements(self.before, after)))
        wanted = sum(deal.cost for deal in bought)
        if came != wanted:
            self._breach(
                "RQID-MONEY-RECORDED",
                f"movements of {wanted} rupiah in all",
                f"{came} rupiah",
                after,
            )
        if "history/ref_1" not in self.rqid.settings.operations:
            return
        for deal in bought[:2]:
            answer = self.rqid.history_of(deal.ref_1)
            if deal.ref_1 not in str(answer.data):
                self._breach("RQID-MONEY-RECORDED", f"{deal.ref_1} in the history", "none", answer)

    @property
    def _records(self) -> bool:
        return "mutations" in self.rqid.settings.operations

    def _deal(
        self, kind: str, case: str, *, ref_1: str | None = None, bill: RqidAnswer | None = None
    ) -> Deal:
        numbers = self.rqid.numbers("prepaid" if kind == "prepaid" else "postpaid")
        if case == "pending_success" and self.rqid.settings.control_url is None:
            # Its money would move while nobody looks; only a sandbox's clock stands still.
            case = "success"
        number = numbers.told.get(case) or numbers.get("success")
        return Deal(ref_1 or new_ref_id(), numbers.get("product"), number, bill, [])

    def _buy(self, operation: str, deal: Deal) -> RqidAnswer:
        return self.rqid.purchase(operation, deal.product, deal.customer, deal.ref_1)

    def _count(self, deal: Deal, answer: RqidAnswer, *, fresh: bool) -> None:
        """What a purchase has cost; how much a fresh one may cost has clauses of its own."""
        deal.answers.append(answer)
        took = self._took()
        self.book[deal.ref_1] = deal
        if not fresh:
            self._expect("RQID-MONEY-ONCE", took, 0, f"paying {deal.ref_1} again", deal.answers)
        elif answer.outcome is Outcome.FAILED:
            self._expect("RQID-MONEY-REFUSED", took, 0, "a refused purchase", [answer])
        deal.bought = deal.bought or answer.outcome is not Outcome.FAILED
        deal.cost += took

    def _is_final(self, deal: Deal, answer: RqidAnswer) -> None:
        told = outcome_of(answer.record)
        if deal.final is not None and told is not deal.final:
            self._breach("RQID-MONEY-FINAL", f"{deal.final} for ever", f"then {told}", answer)
        if told in (Outcome.SUCCESS, Outcome.FAILED):
            deal.final = told

    def _costs(self, clause_id: str, wanted: int, what: str, *answers: RqidAnswer) -> None:
        self._expect(clause_id, self._took(), wanted, what, answers)

    def _took(self) -> int:
        saldo = self.purse.mark()
        took, self.saldo = self.saldo - saldo, saldo
        return took

    def _expect(
        self, clause_id: str, took: int, wanted: int, what: str, answers: Iterable[RqidAnswer]
    ) -> None:
        if took != wanted:
            expected = f"{what} costs {wanted} rupiah"
            raise Breach(clause_id, Finding(expected, f"{took} rupiah taken"), answers)

    def _breach(self, clause_id: str, expected: str, received: str, *answers: RqidAnswer) -> None:
        raise Breach(clause_id, Finding(expected, received), answers)


def tell(rqid: Rqid, purse: Purse) -> Breach | None:
    """Run the machine as often as the profile says; the first breach, shrunk, or None."""
    machine = type("ToldStory", (Story,), {"rqid": rqid, "purse": purse})
    # Every example holds several conversations, so it counts for more than one.
    count = max(3, settings().max_examples // 3)
    wanted = settings(max_examples=count, stateful_step_count=_MOST_STEPS)
    try:
        run_state_machine_as_test(machine, settings=wanted)
    except Breach as breach:
        return breach
    return None
