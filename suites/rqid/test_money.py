"""Money in any order of requests: a state machine, judged by its invariants."""

import pytest

from kontrak.clauses.catalogue import cited
from kontrak.judging.expect import Blocked
from kontrak.providers.rqid import Rqid, RqidAccount, RqidAnswer
from kontrak.providers.rqid.client import recent_days
from kontrak.providers.rqid.records import KINDS
from kontrak.providers.rqid.story import Breach, notify
from kontrak.providers.rqid.trader import JsonTrader
from kontrak.pytest_plugin.selection import conversation

INVARIANTS = [
    cited("RQID-MONEY-BALANCE", "RQID-MONEY-BALANCE"),
    cited("RQID-MONEY-ONCE", "RQID-MONEY-ONCE"),
    cited("RQID-MONEY-REFUSED", "RQID-MONEY-REFUSED"),
    cited("RQID-MONEY-FINAL", "RQID-MONEY-FINAL"),
    cited("RQID-MONEY-RECORDED", "RQID-MONEY-RECORDED"),
]


@conversation
def story(rqid: Rqid, account: RqidAccount) -> Breach | None:
    """What the machine came to: the first invariant that broke, in its shortest story."""
    _require_direct_clauses(rqid, account)
    return notify(JsonTrader(rqid, account))


def _require_direct_clauses(rqid: Rqid, account: RqidAccount) -> None:
    """What a single request breaks has its own clause; the machine looks for what only many do."""
    for kind in KINDS:
        reported = rqid.numbers(kind).configured
        if not reported:
            continue
        name = "TOPUP" if kind == "prepaid" else "PAYMENT"
        account.purchase(kind, "success").took_its_price()
        if "failed" in reported and account.purchase(kind, "failed").cost:
            raise Blocked(f"RQID-{name}-FAILED-FREE")
    reported = rqid.numbers("prepaid").configured
    if "wrong_number" in reported and account.purchase("prepaid", "wrong_number").cost:
        raise Blocked("RQID-TOPUP-WRONG-NUMBER")
    number = rqid.numbers("postpaid").configured.get("success")
    mark = account.mark()
    if number is not None and rqid.inquiry(number) and account.spent_since(mark):
        raise Blocked("RQID-INQUIRY-FREE")
    if "history" in rqid.settings.operations:
        start, end = recent_days()
        ref_1 = account.purchase("prepaid", "success").ref_1
        # It may be of yesterday, where midnight has passed since.
        if ref_1 not in _refs(rqid.history()) | _refs(rqid.history(start_date=start, end_date=end)):
            raise Blocked("RQID-HISTORY-COMPLETE")
    mark = account.mark()
    rqid.status(account.purchase("prepaid", "success").ref_1)
    if account.spent_since(mark):
        raise Blocked("RQID-STATUS-FREE")


def _refs(listed: RqidAnswer) -> set[str]:
    return {listed.row_text(row, "ref_1") for row in listed.require_success().rows()}


@pytest.mark.parametrize("clause_id", INVARIANTS)
def test_an_invariant_holds(story: Breach | None, clause_id: str) -> None:
    if story is not None and story.clause_id == clause_id:
        raise story
    if story is not None:
        raise Blocked(story.clause_id)
