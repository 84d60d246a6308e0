"""Money in any order of requests: a state machine, judged by its invariants."""

import pytest

from kontrak.clauses.catalogue import cited
from kontrak.judging.expect import Blocked
from kontrak.providers.httpget import HttpGet, HttpGetAccount
from kontrak.providers.httpget.trader import TextTrader
from kontrak.providers.rqid.story import Breach, notify
from kontrak.pytest_plugin.selection import conversation

INVARIANTS = [
    cited("HTTPGET-MONEY-BALANCE", "HTTPGET-MONEY-BALANCE"),
    cited("HTTPGET-MONEY-ONCE", "HTTPGET-MONEY-ONCE"),
    cited("HTTPGET-MONEY-REFUSED", "HTTPGET-MONEY-REFUSED"),
    cited("HTTPGET-MONEY-FINAL", "HTTPGET-MONEY-FINAL"),
]


@conversation
def story(httpget: HttpGet, account: HttpGetAccount) -> Breach | None:
    """What the machine came to: the first invariant that broke, in its shortest story."""
    _require_direct_clauses(httpget, account)
    return notify(TextTrader(httpget, account))


def _require_direct_clauses(httpget: HttpGet, account: HttpGetAccount) -> None:
    """What a single request breaks has its own clause; the machine looks for what only many do."""
    account.topup().took_its_price()
    for case in ("failed", "wrong_number"):
        if case in httpget.settings.topup.configured and account.topup(case).cost:
            name = "FAILED-FREE" if case == "failed" else "WRONG-NUMBER"
            raise Blocked(f"HTTPGET-TOPUP-{name}")
    for case in ("success", "failed"):
        families = [one for one in httpget.settings.bills.values() if case in one.configured]
        if not families:
            continue
        bought = account.purchase(families[0], case)
        if case == "success":
            bought.took_its_price()
        elif bought.cost:
            raise Blocked("HTTPGET-BILL-FAILED")
        mark = account.mark()
        httpget.inquiry(families[0])
        if account.spent_since(mark):
            raise Blocked("HTTPGET-BILL-INQUIRY-FREE")
    mark = account.mark()
    httpget.status(account.topup().paid)
    if account.spent_since(mark):
        raise Blocked("HTTPGET-STATUS-FREE")


@pytest.mark.parametrize("clause_id", INVARIANTS)
def test_an_invariant_holds(story: Breach | None, clause_id: str) -> None:
    if story is not None and story.clause_id == clause_id:
        raise story
    if story is not None:
        raise Blocked(story.clause_id)
