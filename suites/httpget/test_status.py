"""Check status (cek=1): the last message of a reference, or its current text."""

import pytest

from kontrak.catalogue import cited, clause
from kontrak.judge import Blocked, expect, reading
from kontrak.providers.httpget import HttpGet, TextAnswer, TextPurse
from kontrak.providers.httpget.judging import expect_refused, expect_text
from kontrak.rc import Outcome
from kontrak.refid import new_ref_id


@clause("HTTPGET-STATUS-TEXT")
def test_a_topups_status_keeps_its_template(purse: TextPurse) -> None:
    bought = purse.topup()
    if not bought.is_success and not bought.paid.is_success:
        raise Blocked("HTTPGET-TOPUP-SUCCESS")
    _expect_status_text(bought.settled, bought.paid, "status")


@clause("HTTPGET-STATUS-BILL")
def test_a_bills_status_keeps_its_template(httpget: HttpGet, purse: TextPurse) -> None:
    family = httpget.first_family()
    bought = purse.purchase(family)
    if not bought.is_success:
        raise Blocked(bought.paid.promised_by)
    _expect_status_text(bought.settled, bought.paid, "status", "status_bill")


@clause("HTTPGET-STATUS-AGREES")
def test_the_status_repeats_the_purchase(httpget: HttpGet, purse: TextPurse) -> None:
    for bought in (purse.topup(), purse.purchase(httpget.first_family())):
        if bought.paid.is_success:
            said, told = bought.paid.values, bought.settled.require_success().values
            with expect(bought.paid, bought.settled) as that:
                for name in ("product", "dest", "price", "serial", "ref"):
                    if name in said and name in told:
                        that.equal(name, told[name], said[name], "as bought")


@clause("HTTPGET-STATUS-FAILED")
def test_the_status_of_a_failure_is_no_success(purse: TextPurse) -> None:
    bought = purse.topup("failed")
    if bought.paid.is_success:
        raise Blocked("HTTPGET-TOPUP-FAILED")
    with expect(bought.paid, bought.settled) as that:
        said = repr(bought.settled.text[:160])
        that.that(not bought.settled.is_success, "no text of success", said)


@pytest.mark.parametrize(
    ("case", "succeeds"),
    [
        cited("HTTPGET-STATUS-SETTLES-SUCCESS", "pending_success", True, id="success"),  # noqa: FBT003 - a row of a table
        cited("HTTPGET-STATUS-SETTLES-FAILED", "pending_failed", False, id="failed"),  # noqa: FBT003 - as above
    ],
)
def test_a_topup_in_process_is_settled(purse: TextPurse, case: str, succeeds: bool) -> None:  # noqa: FBT001 - as above
    bought = purse.topup(case)
    if bought.paid.is_success and not bought.settled.is_success:
        raise Blocked("HTTPGET-TOPUP-PENDING")
    with expect(bought.paid, bought.status, bought.settled) as that:
        said = repr(bought.settled.text[:160])
        if succeeds:
            that.that(bought.settled.is_success, "a text of success in the end", said)
        else:
            kept = bought.settled.outcome is Outcome.FAILED
            that.that(kept, "a text of failure in the end", said)
            that.equal("money taken, in rupiah", bought.cost, 0)


@clause("HTTPGET-STATUS-UNKNOWN")
def test_an_unused_reference_has_no_status(httpget: HttpGet, paid: TextAnswer) -> None:
    ref = paid.asked["refID"]
    expect_refused(httpget.status(paid, refID=new_ref_id()), httpget.status(paid, refID=ref[:-1]))


@clause("HTTPGET-STATUS-FREE")
@pytest.mark.parametrize("case", ["success", "failed"])
def test_polling_costs_and_changes_nothing(httpget: HttpGet, purse: TextPurse, case: str) -> None:
    bought = purse.topup(case)
    mark = purse.mark()
    answers = [httpget.status(bought.paid) for _ in range(4)]
    with expect(*answers) as that:
        that.equal("money taken, in rupiah", purse.spent_since(mark), 0)
        texts = {answer.text for answer in answers}
        that.that(len(texts) == 1, "the same text four times", f"{len(texts)} texts")


@clause("HTTPGET-STATUS-OTHER-DEST")
def test_a_status_with_another_dest_tells_no_other_story(
    httpget: HttpGet, paid: TextAnswer
) -> None:
    dest = httpget.settings.topup.get("other")
    answer = httpget.status(paid, dest=dest)
    with expect(paid, answer) as that:
        told = answer.values.get("dest")
        wrong = answer.is_success and told == dest
        that.that(not wrong, f"a refusal, or dest {paid.asked['dest']}", f"dest {told}")
    story = "tells the transaction" if answer.is_success else "is refused"
    reading("a status asked with another dest", story)


def _expect_status_text(status: TextAnswer, paid: TextAnswer, *names: str) -> None:
    same = status.text == paid.text
    told = "the last message again" if same else "the template of the status"
    reading("text of a status", told, warns=same)
    if not same:
        expect_text(status, *names)
