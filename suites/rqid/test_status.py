"""Status: what it says of a purchase, from process to its end."""

import pytest

from kontrak.clauses.catalogue import Clause, cited, clause, of_shape
from kontrak.clauses.response_codes import Outcome
from kontrak.interface.refid import new_ref_id
from kontrak.judging.expect import Blocked, expect, judge_place
from kontrak.providers.rqid import Purchase, Rqid, RqidAccount, RqidAnswer
from kontrak.providers.rqid.answer import STATUSES
from kontrak.providers.rqid.judging import expect_echo, expect_label
from kontrak.providers.rqid.records import is_formed
from kontrak.providers.rqid.refusal import expect_refused, expect_reported_nothing
from kontrak.providers.rqid.settings import Kind

PLACES = [cited(one.id, one) for one in of_shape("rqid", "status")]
LATER = (0, 60, 600, 1800)
"""Seconds after which a settled status is looked at again, where the clock can be moved."""
KINDS: tuple[Kind, ...] = ("prepaid", "postpaid")


_ENDS = {
    "success": "RQID-TOPUP-SUCCESS",
    "pending_success": "RQID-STATUS-SETTLES-SUCCESS",
    "pending_failed": "RQID-STATUS-SETTLES-FAILED",
}


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> Kind:
    """Prepaid and postpaid."""
    wanted: Kind = request.param
    return wanted


@pytest.fixture
def status(account: RqidAccount, kind: Kind) -> RqidAnswer:
    """The status of a purchase that succeeded."""
    return account.purchase(kind, "success").ended_well()


@pytest.mark.parametrize("place", PLACES)
def test_a_place_of_the_status(status: RqidAnswer, place: Clause) -> None:
    judge_place(status, place)


@clause("RQID-STATUS-ECHO-REF")
def test_ref_1_is_the_one_asked(rqid: Rqid, account: RqidAccount, status: RqidAnswer) -> None:
    expect_echo(status, "ref_1")
    # Asked by turns: a target may answer with what it was asked before.
    other = account.purchase("prepaid", "other")
    other.ended_well()
    for ref_1 in (other.ref_1, str(status.sent["ref_1"])):
        expect_echo(rqid.status(ref_1), "ref_1")


@clause("RQID-STATUS-ECHO-PRODUCT")
@pytest.mark.parametrize("case", ["success", "other_product"])
def test_the_product_is_that_of_the_purchase(
    rqid: Rqid, account: RqidAccount, kind: Kind, case: str
) -> None:
    bought = account.purchase(kind, case)
    status = bought.ended_well()
    with expect(bought.paid, status) as that:
        wanted = bought.sent("product_code")
        that.equal("product_code", status.text("product_code"), wanted, "as bought")
    # Asked by turns: a target may answer with what it was asked before.
    other = account.purchase("prepaid" if kind == "postpaid" else kind, "success")
    other.ended_well()
    for one in (other, bought):
        answer = rqid.status(one.ref_1)
        if answer.outcome is Outcome.FAILED:
            raise Blocked("RQID-STATUS-FINAL")
        with expect(one.paid, answer) as that:
            wanted = one.sent("product_code")
            that.equal("product_code", answer.text("product_code"), wanted, "as bought")


@clause("RQID-STATUS-LABELS")
@pytest.mark.parametrize("case", ["success", "failed", "pending_success", "pending_failed"])
def test_the_label_fits_the_status(account: RqidAccount, case: str) -> None:
    bought = account.purchase("prepaid", case)
    for answer in (bought.status, bought.settled):
        if "status" in answer.record:
            expect_label(answer)


@clause("RQID-STATUS-SUCCESS")
def test_a_success_has_status_1(account: RqidAccount, kind: Kind) -> None:
    bought = account.purchase(kind, "success")
    if not (bought.paid.is_success or bought.settled.is_success):
        raise Blocked(bought.paid.promised_by)
    with expect(bought.paid, bought.settled) as that:
        that.equal("status", _number(bought.settled), 1)


@clause("RQID-STATUS-FAILED")
def test_a_failure_has_status_11(account: RqidAccount, kind: Kind) -> None:
    bought = account.purchase(kind, "failed")
    if bought.paid.outcome is not Outcome.FAILED:
        raise Blocked(f"RQID-{'TOPUP' if kind == 'prepaid' else 'PAYMENT'}-FAILED")
    if "status" not in bought.paid.record and not is_formed(bought):
        pytest.skip("the target refuses this number before there is a transaction")
    with expect(bought.paid, bought.settled) as that:
        that.equal("status", _number(bought.settled), 11)


@pytest.mark.parametrize(
    ("case", "final"),
    [
        cited("RQID-STATUS-SETTLES-SUCCESS", "pending_success", 1, id="success"),
        cited("RQID-STATUS-SETTLES-FAILED", "pending_failed", 11, id="failed"),
    ],
)
def test_a_purchase_in_process_is_settled(
    account: RqidAccount, kind: Kind, case: str, final: int
) -> None:
    account.purchase(kind, "success").ended_well()
    bought = account.purchase(kind, case)
    if bought.paid.outcome is Outcome.FAILED and final == 11 and not is_formed(bought):
        pytest.skip("the target refuses this number before there is a transaction")
    with expect(bought.paid, bought.status, bought.settled) as that:
        before = _number(bought.status)
        that.one_of("status at first", before, [2, 3, final], "in process, or settled at once")
        that.equal("status in the end", _number(bought.settled), final)


@clause("RQID-STATUS-SETTLED-MONEY")
@pytest.mark.parametrize("case", ["pending_success", "pending_failed"])
def test_the_money_follows_the_settlement(account: RqidAccount, kind: Kind, case: str) -> None:
    bought = account.purchase(kind, case)
    price = _price(account, bought, kind)
    wanted = price if bought.settled.is_success else 0
    with expect(bought.paid, bought.settled) as that:
        that.one_of("money taken at first", bought.debit, [0, price], "held, or not yet")
        that.equal("money taken in the end", bought.cost, wanted, str(bought.settled.outcome))


@clause("RQID-STATUS-FINAL")
@pytest.mark.parametrize("case", ["success", "pending_success", "pending_failed"])
def test_a_settled_status_stays(rqid: Rqid, account: RqidAccount, case: str) -> None:
    account.purchase("prepaid", "success").ended_well()
    bought = account.purchase("prepaid", case, "watched")
    final = _number(bought.settled)
    if final not in (1, 11):
        raise Blocked(_ENDS[case])
    later = []
    for seconds in LATER:
        if rqid.settings.control_url is not None:
            rqid.advance_clock(seconds)
        later.append(rqid.status(bought.ref_1))
    with expect(bought.settled, *later) as that:
        for answer in that.each(later):
            that.equal("status later", _number(answer), final, "final is final")


@clause("RQID-STATUS-FREE")
@pytest.mark.parametrize("case", ["success", "failed", "pending_success"])
def test_polling_costs_and_changes_nothing(rqid: Rqid, account: RqidAccount, case: str) -> None:
    bought = account.purchase("prepaid", case, "watched")
    mark = account.mark_if_any()
    answers = [rqid.status(bought.ref_1) for _ in range(4)]
    with expect(*answers) as that:
        returned = {
            (str(_number(answer)), str(answer.record.get("product_code"))) for answer in answers
        }
        that.that(len(returned) == 1, "the same four times", str(sorted(returned)))
    with expect(*answers) as that:
        that.equal("money taken, in rupiah", account.spent_since(mark), 0)


@clause("RQID-STATUS-UNKNOWN")
def test_an_unused_ref_1_has_no_status(rqid: Rqid, status: RqidAnswer) -> None:
    used = str(status.sent["ref_1"])
    expect_refused(rqid.status(new_ref_id()), rqid.status(used[:-1]), rqid.status(f"{used}0"))


@clause("RQID-STATUS-MANDATORY")
def test_a_status_request_names_a_ref_1(rqid: Rqid, account: RqidAccount) -> None:
    # A target that answers with its latest purchase answers with a success.
    account.purchase("prepaid", "success", "latest").ended_well()
    expect_refused(rqid.ask("status", rqid.fields()), rqid.status(""))


@clause("RQID-STATUS-PRIVATE")
def test_another_partner_is_reported_nothing(rqid: Rqid, account: RqidAccount) -> None:
    bought = account.purchase("prepaid", "success")
    other = rqid.other()
    if not other.price(bought.sent("product_code")).says_success:
        raise Blocked("RQID-SIGN-ACCEPTED")
    expect_reported_nothing(other.status(bought.ref_1))


def _number(answer: RqidAnswer) -> int | None:
    """The status as a number; None where the request is refused and reports none."""
    if not answer.says_success and "status" not in answer.record:
        return None
    number = answer.number("status")
    if number not in STATUSES:
        raise Blocked("RQID-STATUS-STATUS")
    return number


def _price(account: RqidAccount, bought: Purchase, kind: Kind) -> int:
    """What the purchase costs if it succeeds."""
    price = account.purchase(kind, "success").took_its_price()
    return price if bought.bill is None else bought.total
