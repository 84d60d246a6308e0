"""The text interface as the machine of money uses it. Amounts are rupiah."""

from __future__ import annotations

from collections.abc import Sequence

from kontrak.clauses.response_codes import Outcome
from kontrak.interface.refid import new_ref_id
from kontrak.judging.expect import Finding
from kontrak.providers.httpget.account import HttpGetAccount
from kontrak.providers.httpget.answer import TextAnswer
from kontrak.providers.httpget.client import HttpGet
from kontrak.providers.rqid.account import FAILING
from kontrak.providers.rqid.story import CASES, Deal, TraderAnswer


class TextTrader:
    """Topups, bills and looks of one partner, through text. It has no record of movements."""

    prefix = "HTTPGET"

    def __init__(self, httpget: HttpGet, account: HttpGetAccount) -> None:
        self.httpget = httpget
        self.account = account
        self.answers: list[TraderAnswer] = []

    def mark(self) -> int:
        """The balance."""
        return self.account.mark()

    def cases(self, *, bills: bool) -> Sequence[str]:
        """The cases for which there are numbers; without a sandbox's clock none in process.

        The money of what is in process would move while no one looks.
        """
        settings = self.httpget.settings
        families = [*settings.bills.values()] if bills else [settings.topup]
        reported = {case for family in families for case in family.configured}
        still = settings.control_url is not None
        return [case for case in CASES if case in reported and (still or "pending" not in case)]

    def new_deal(self, case: str) -> Deal:
        """A topup that has not been sent."""
        topup = self.httpget.settings.topup
        price = self.account.topup().price
        return Deal(new_ref_id(), topup.get("product"), topup.get(case), price)

    def topup(self, deal: Deal) -> TextAnswer:
        """Buy a prepaid product under the deal's reference."""
        reported = self.httpget.settings.topup.configured
        to_fail = deal.customer in {reported.get(case) for case in FAILING}
        return self.httpget.topup(
            deal.customer, product=deal.product, ref=deal.ref, right=not to_fail
        )

    def topup_of(self, deal: Deal, case: str) -> TextAnswer:
        """The same for the number of another case."""
        dest = self.httpget.settings.topup.get(case)
        return self.httpget.topup(dest, ref=deal.ref, right=False)

    def inquire(self, case: str) -> tuple[TextAnswer, Deal | None]:
        """Inquire a bill under a fresh reference."""
        family = self.httpget.family_with(case)
        bill = self.httpget.inquiry(family, case)
        if not bill.is_success:
            return bill, None
        asked, total = bill.asked, bill.value("bill") + bill.value("admin")
        return bill, Deal(asked["refID"], asked["product"], asked["dest"], total, (family, bill))

    def inquire_under(self, deal: Deal) -> TextAnswer:
        """Inquire a bill under the deal's reference."""
        return self.httpget.inquiry(self.httpget.first_family(), ref=deal.ref)

    def pay(self, deal: Deal) -> TextAnswer:
        """Pay the deal's bill."""
        # It may be paid already, be expired, or be that of a number that is to fail.
        return self.httpget.pay(*deal.bill, right=False)

    def status(self, deal: Deal) -> tuple[TextAnswer, Outcome | None]:
        """The answer to a status request, and the outcome that it reports."""
        answer = self._status(deal)
        return answer, answer.outcome

    def settle(self, deal: Deal) -> None:
        """See what is in process to its end."""
        if self.httpget.settings.settle_seconds is not None:
            self.httpget.settle(deal.ref, self.httpget.settled(self._status(deal)))

    def look(self) -> list[TraderAnswer]:
        """Look at the balance."""
        return [self.httpget.balance()]

    def begin_record(self) -> None:
        """There is no record of movements by text."""

    def unrecorded(self, before: object, deals: Sequence[Deal]) -> Finding | None:
        """Nothing: there is no record of movements by text."""
        del before, deals
        return None

    def _status(self, deal: Deal) -> TextAnswer:
        pairs = self.httpget.pairs(deal.product, deal.customer, deal.ref, cek="1")
        return self.httpget.ask("status", pairs, promised_by="HTTPGET-STATUS-TEXT")
