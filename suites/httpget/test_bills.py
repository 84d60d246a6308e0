"""Pay bill: the fourteen families, each with its own way to say what is asked."""

import pytest

from kontrak.clauses.catalogue import cited
from kontrak.clauses.response_codes import Outcome
from kontrak.judging.expect import expect
from kontrak.providers.httpget import FAMILIES, HttpGet, HttpGetAccount
from kontrak.providers.httpget.client import clause_prefix
from kontrak.providers.httpget.settings import Family

IDS = {key: clause_prefix(Family(key, {})) for key in FAMILIES}


@pytest.mark.parametrize("key", [cited(f"{IDS[key]}-CEK", key) for key in FAMILIES])
def test_a_bill_is_read(httpget: HttpGet, key: str) -> None:
    family = httpget.family(key)
    answer = httpget.inquiry(family)
    with expect(answer) as that:
        that.that(answer.is_success, "the CEK text", repr(answer.text[:160]))
        if answer.is_success:
            for name in ("bill", "admin"):
                that.that(name in answer.values, f"{name} in rupiah", repr(answer.text[:160]))


@pytest.mark.parametrize("key", [cited(f"{IDS[key]}-BAYAR", key) for key in FAMILIES])
def test_a_bill_is_paid(httpget: HttpGet, account: HttpGetAccount, key: str) -> None:
    bought = account.purchase(httpget.family(key))
    with expect(bought.paid, bought.settled) as that:
        late = bought.paid.outcome is Outcome.PENDING and bought.settled.is_success
        kept = bought.paid.is_success or late
        that.that(kept, "the BAYAR text, at once or in the end", repr(bought.paid.text[:160]))
