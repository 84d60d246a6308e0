"""Money in any order of requests: one story told by a machine, judged by its invariants."""

import pytest

from kontrak.catalogue import cited
from kontrak.judge import Blocked
from kontrak.providers.rqid import Purse, Rqid
from kontrak.providers.rqid.story import Breach, tell
from kontrak.selection import conversation

INVARIANTS = [
    cited("RQID-MONEY-BALANCE", "RQID-MONEY-BALANCE"),
    cited("RQID-MONEY-ONCE", "RQID-MONEY-ONCE"),
    cited("RQID-MONEY-REFUSED", "RQID-MONEY-REFUSED"),
    cited("RQID-MONEY-FINAL", "RQID-MONEY-FINAL"),
    cited("RQID-MONEY-RECORDED", "RQID-MONEY-RECORDED"),
]


@conversation
def story(rqid: Rqid, purse: Purse) -> Breach | None:
    """What the machine came to: the first invariant that broke, in its shortest story."""
    purse.purchase("prepaid", "success").settled.require_success()
    return tell(rqid, purse)


@pytest.mark.parametrize("clause_id", INVARIANTS)
def test_an_invariant_holds(story: Breach | None, clause_id: str) -> None:
    if story is not None and story.clause_id == clause_id:
        raise story
    if story is not None:
        raise Blocked(story.clause_id)
