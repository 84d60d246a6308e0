"""History (by ref_1). The document shows no answer, so its shape is only read, not judged."""

import pytest

from kontrak.clauses.catalogue import clause
from kontrak.interface.refid import new_ref_id
from kontrak.judging.expect import Blocked, expect, reading
from kontrak.providers.rqid import Purchase, Rqid, RqidAccount
from kontrak.providers.rqid.answer import outcome_of
from kontrak.providers.rqid.records import ENVELOPE, KINDS, history_shape, records_of


@pytest.fixture(params=KINDS)
def bought(request: pytest.FixtureRequest, account: RqidAccount) -> Purchase:
    """A purchase that succeeded."""
    found = account.purchase(request.param, "success")
    found.ended_well()
    return found


@clause("RQID-BYREF-FOUND")
def test_a_ref_1_finds_its_transaction(rqid: Rqid, bought: Purchase) -> None:
    answer = rqid.history_of(bought.ref_1)
    found = [row.get("ref_1") for row in records_of(answer)]
    with expect(answer) as that:
        that.that(answer.says_success, "success", f"rc {answer.rc}, HTTP {answer.status}")
        kept = bool(found) and set(found) == {bought.ref_1}
        that.that(kept, f"records with ref_1 {bought.ref_1} only", str(found[:5]))
    reported = history_shape(answer)
    reading("shape of a history by ref_1", reported, warns=reported == ENVELOPE)


@clause("RQID-BYREF-AGREES")
def test_it_reports_what_the_purchase_reported(rqid: Rqid, bought: Purchase) -> None:
    answer = rqid.history_of(bought.ref_1)
    rows = records_of(answer)
    if not rows:
        raise Blocked("RQID-BYREF-FOUND")
    total = bought.bill.number("total_price") if bought.bill else bought.paid.number("total_price")
    with expect(bought.paid, answer) as that:
        for name in ("product_code", "customer_id"):
            if name in rows[0]:
                that.equal(name, rows[0][name], bought.sent(name), "as bought")
        if "total_price" in rows[0]:
            came = answer.whole(rows[0]["total_price"], "data[].total_price")
            that.equal("total_price", came, total, "as bought")
        if {"status", "status_label"} & set(rows[0]):
            that.equal("outcome", outcome_of(rows[0]), bought.settled.outcome, "as in status")


@clause("RQID-BYREF-UNKNOWN")
def test_an_unused_ref_1_finds_nothing(rqid: Rqid, bought: Purchase) -> None:
    for ref_1 in (new_ref_id(), bought.ref_1[:-1]):
        _expect_nothing(rqid, ref_1)


@clause("RQID-BYREF-PRIVATE")
def test_another_partner_finds_nothing(rqid: Rqid, bought: Purchase) -> None:
    other = rqid.other()
    if not other.price(bought.sent("product_code")).says_success:
        raise Blocked("RQID-SIGN-ACCEPTED")
    _expect_nothing(other, bought.ref_1)


def _expect_nothing(rqid: Rqid, ref_1: str) -> None:
    answer = rqid.history_of(ref_1)
    found = [row.get("ref_1") for row in records_of(answer)]
    with expect(answer) as that:
        that.that(not any(found), "no transaction", str(found[:5]))
