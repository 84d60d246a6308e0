"""The JSON interface as the machine of ``story`` uses it. Amounts are rupiah."""

from __future__ import annotations

from collections.abc import Sequence

from kontrak.clauses.response_codes import Outcome
from kontrak.interface.refid import new_ref_id
from kontrak.judging.expect import Finding
from kontrak.providers.rqid.account import FAILING, RqidAccount
from kontrak.providers.rqid.answer import RqidAnswer, outcome_of
from kontrak.providers.rqid.client import Rqid, recent_days
from kontrak.providers.rqid.movements import new_movements
from kontrak.providers.rqid.story import CASES, Deal, TraderAnswer


class JsonTrader:
    """Topups, bills and looks of one partner, through JSON."""

    prefix = "RQID"

    def __init__(self, rqid: Rqid, account: RqidAccount) -> None:
        self.rqid = rqid
        self.account = account
        self.answers: list[TraderAnswer] = []
        """What the last look at the records was read from."""

    def mark(self) -> int:
        """The balance."""
        return self.account.mark()

    def cases(self, *, bills: bool) -> Sequence[str]:
        """The cases for which there are numbers; without a sandbox's clock none in process.

        The money of what is in process would move while no one looks.
        """
        if bills and "payment" not in self.rqid.settings.operations:
            return []
        reported = self.rqid.numbers("postpaid" if bills else "prepaid").configured
        still = self.rqid.settings.control_url is not None
        return [case for case in CASES if case in reported and (still or "pending" not in case)]

    def new_deal(self, case: str) -> Deal:
        """A topup that has not been sent."""
        numbers = self.rqid.numbers("prepaid")
        price = self.account.purchase("prepaid", "success").cost
        return Deal(new_ref_id(), numbers.get("product"), numbers.get(case), price)

    def topup(self, deal: Deal) -> RqidAnswer:
        """Buy a prepaid product under the deal's reference."""
        reported = self.rqid.numbers("prepaid").configured
        to_fail = deal.customer in {reported.get(case) for case in FAILING}
        return self.rqid.purchase("topup", deal.product, deal.customer, deal.ref, right=not to_fail)

    def topup_of(self, deal: Deal, case: str) -> RqidAnswer:
        """The same for the number of another case."""
        numbers = self.rqid.numbers("prepaid")
        return self.rqid.topup(
            numbers.get(case),
            product=numbers.get("product"),
            ref_1=deal.ref,
            right=False,
        )

    def inquire(self, case: str) -> tuple[RqidAnswer, Deal | None]:
        """Inquire a bill under a fresh reference."""
        numbers = self.rqid.numbers("postpaid")
        bill = self.rqid.inquiry(numbers.get(case))
        if not bill.is_success:
            return bill, None
        sent, total = bill.sent, bill.number("total_price")
        product, customer = str(sent["product_code"]), str(sent["customer_id"])
        return bill, Deal(str(sent["ref_1"]), product, customer, total, bill)

    def inquire_under(self, deal: Deal) -> RqidAnswer:
        """Inquire a bill under the deal's reference."""
        return self.rqid.inquiry(self.rqid.numbers("postpaid").get("success"), ref_1=deal.ref)

    def pay(self, deal: Deal) -> RqidAnswer:
        """Pay the deal's bill."""
        # It may be paid already, be expired, or be that of a number that is to fail.
        return self.rqid.pay(deal.bill, right=False)

    def status(self, deal: Deal) -> tuple[RqidAnswer, Outcome | None]:
        """The answer to a status request, and the outcome that it reports."""
        answer = self.rqid.status(deal.ref)
        return answer, outcome_of(answer.record)

    def settle(self, deal: Deal) -> None:
        """See what is in process to its end."""
        if self.rqid.settings.settle_seconds is not None:
            self.rqid.settle(deal.ref, self.rqid.settled(deal.ref))

    def look(self) -> list[TraderAnswer]:
        """Look at balance and history."""
        asked: list[TraderAnswer] = [self.rqid.balance()]
        if "history" in self.rqid.settings.operations:
            asked.append(self.rqid.history(page=1, per_page=1))
        return asked

    def begin_record(self) -> object:
        """The movements so far, or None where they are not offered."""
        offered = "mutations" in self.rqid.settings.operations
        return self.rqid.recent_mutations() if offered else None

    def unrecorded(self, before: object, deals: Sequence[Deal]) -> Finding | None:
        """What of the deals' money is in no movement, or which of them in no history."""
        if not isinstance(before, RqidAnswer):
            return None
        after = self.rqid.recent_mutations()
        self.answers = [after]
        came = abs(sum(new_movements(before, after)))
        wanted = sum(deal.cost for deal in deals)
        if came != wanted:
            return Finding(f"movements of {wanted} rupiah in all", f"{came} rupiah")
        if "history" not in self.rqid.settings.operations:
            return None
        # The list without a date is that of today: the deals may be of before midnight.
        start, end = recent_days()
        listed = [
            self.rqid.history(trx_no_mitra=deals[0].ref),
            self.rqid.history(),
            self.rqid.history(start_date=start, end_date=end),
        ]
        self.answers = list(listed)
        for deal in deals:
            if not any(deal.ref in str(answer.data) for answer in listed):
                return Finding(f"{deal.ref} in the history", "none")
        return None
