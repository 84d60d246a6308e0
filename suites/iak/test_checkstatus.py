"""Transaction status (checkstatus): what it says before, during and after a payment."""

import pytest

from kontrak.clauses.catalogue import Clause, cited, clause, of_shape
from kontrak.clauses.response_codes import Outcome
from kontrak.interface.refid import new_ref_id
from kontrak.judging.expect import Blocked, expect, judge_place
from kontrak.providers.iak import Iak, IakAnswer
from kontrak.providers.iak.account import IakAccount, Purchase
from kontrak.providers.iak.codec import Codec
from kontrak.providers.iak.conversations import REFUSED, Inquiries
from kontrak.providers.iak.refusal import expect_no_payment, expect_refused
from kontrak.providers.iak.story import has, returned

PLACES = [cited(one.id, one) for one in of_shape("iak", "checkstatus-json")]
CASES = ("one_bill", "eight_bills", "payment_failed", "payment_pending", "payment_error")
AN_HOUR = 60 * 60
PAIRS = ((3, Outcome.PENDING), (1, Outcome.SUCCESS), (2, Outcome.FAILED))
"""What checkstatus may say after a payment that was in process: still so, or how it ended."""

STATUSES = [
    cited("IAK-STATUS-SUCCESS", "one_bill", 1, Outcome.SUCCESS, id="one_bill"),
    cited("IAK-STATUS-SUCCESS", "eight_bills", 1, Outcome.SUCCESS, id="eight_bills"),
    cited("IAK-STATUS-FAILED", "payment_failed", 2, Outcome.FAILED, id="payment_failed"),
    cited("IAK-STATUS-FAILED", "payment_error", 2, Outcome.FAILED, id="payment_error"),
]

pytestmark = pytest.mark.usefixtures("offers_status")


@clause("IAK-STATUS-UNPAID")
@pytest.mark.parametrize("name", CASES)
def test_before_the_payment(iak: Iak, account: IakAccount, name: str) -> None:
    purchase = account.purchase(iak.case(name))
    asked = _asked(purchase.unpaid)
    with expect(purchase.bill, asked) as that:
        that.equal("status", asked.value("status"), 0)
        that.equal("response_code", asked.rc, "42")


@pytest.mark.parametrize(("name", "status", "outcome"), STATUSES)
def test_after_the_payment(
    iak: Iak, account: IakAccount, name: str, status: int, outcome: Outcome
) -> None:
    purchase = account.purchase(iak.case(name))
    _require_documented_payment(purchase, outcome, name)
    asked = _asked(purchase.status)
    with expect(purchase.paid, asked) as that:
        that.equal("status", asked.value("status"), status)
        that.that(asked.outcome is outcome, f"an RC of a {outcome} transaction", f"RC {asked.rc}")


@clause("IAK-STATUS-PENDING")
def test_after_a_payment_in_process(iak: Iak, account: IakAccount) -> None:
    purchase = account.fresh_purchase(iak.case("payment_pending"))
    _require_documented_payment(purchase, Outcome.PENDING, "payment_pending")
    asked = _asked(purchase.status)
    status = asked.value("status")
    with expect(purchase.paid, asked) as that:
        kept = (status, asked.outcome) in PAIRS
        wanted = "status 3 with a pending RC, or how it ended: 1 with RC 00, 2 with a failed RC"
        that.that(kept, wanted, f"status {status}, RC {asked.rc}")
    if status in (1, 2):
        _expect_final(iak, purchase, status)


def _expect_final(iak: Iak, purchase: Purchase, status: int) -> None:
    """It may have ended by now; an end is final, whatever the clock says."""
    if iak.moves_clock:
        iak.advance_clock(AN_HOUR)
    later = _asked(iak.checkstatus(str(purchase.bill.sent["ref_id"])))
    with expect(purchase.paid, later) as that:
        that.equal("status later", later.value("status"), status, "final is final")


@clause("IAK-STATUS-SETTLES")
def test_a_payment_in_process_ends_and_stays(iak: Iak, account: IakAccount) -> None:
    purchase = account.fresh_purchase(iak.case("payment_pending"))
    _require_documented_payment(purchase, Outcome.PENDING, "payment_pending")
    iak.advance_clock(AN_HOUR)
    ref_id = str(purchase.bill.sent["ref_id"])
    settled = iak.checkstatus(ref_id)
    with expect(purchase.paid, settled) as that:
        that.one_of("status", _asked(settled).value("status"), [1, 2])
    iak.advance_clock(AN_HOUR)
    later = iak.checkstatus(ref_id)
    with expect(settled, later) as that:
        final = settled.value("status")
        that.equal("status later", _asked(later).value("status"), final, "final is final")


@clause("IAK-STATUS-SETTLES-COST")
def test_a_payment_in_process_costs_what_becomes_of_it(iak: Iak, account: IakAccount) -> None:
    purchase = account.fresh_purchase(iak.case("payment_pending"))
    _require_documented_payment(purchase, Outcome.PENDING, "payment_pending")
    mark = account.mark()
    iak.advance_clock(AN_HOUR)
    settled = _asked(iak.checkstatus(str(purchase.bill.sent["ref_id"])))
    spent = purchase.debit + account.spent_since(mark)
    if settled.value("status") not in (1, 2):
        raise Blocked("IAK-STATUS-SETTLES")
    price = purchase.bill.number("selling_price") if settled.value("status") == 1 else 0
    with expect(purchase.paid, settled) as that:
        that.equal("money taken in all, in rupiah", spent, price, "selling_price, if it succeeds")


@clause("IAK-STATUS-UNKNOWN")
def test_an_unused_ref_id_has_no_status(iak: Iak, codec: Codec) -> None:
    _expect_no_payment(iak.checkstatus(new_ref_id(), codec))


@clause("IAK-STATUS-UNKNOWN")
@pytest.mark.parametrize("name", REFUSED)
def test_a_refused_inquiry_has_no_payment(iak: Iak, inquiries: Inquiries, name: str) -> None:
    refused = inquiries.held(name, "json")
    if refused.is_success:
        raise Blocked(f"IAK-CASE-{_dashed(name)}")
    _expect_no_payment(iak.checkstatus(str(refused.sent["ref_id"])))


@clause("IAK-STATUS-REF-ID-MANDATORY")
@pytest.mark.usefixtures("account")
@pytest.mark.parametrize("change", ["absent", "empty"])
def test_a_checkstatus_without_ref_id_is_refused(iak: Iak, codec: Codec, change: str) -> None:
    iak.inquiry(iak.case("one_bill"), codec).require_success()
    fields = {**iak.checkstatus(new_ref_id(), codec).sent, "ref_id": ""}
    if change == "absent":
        del fields["ref_id"]
    answer = iak.ask(fields, codec)
    _expect_no_payment(answer)
    with expect(answer) as that:
        that.that(not has(answer, "tr_id"), "no transaction", f"tr_id {returned(answer, 'tr_id')}")


def _expect_no_payment(answer: IakAnswer) -> None:
    """A refusal that says of no payment that it succeeded or is in process."""
    expect_refused(answer)
    expect_no_payment(answer)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", CASES)
def test_a_place_of_the_status(iak: Iak, account: IakAccount, name: str, place: Clause) -> None:
    asked = account.purchase(iak.case(name)).status
    if asked is None:
        raise Blocked("IAK-STATUS-SUCCESS")
    judge_place(asked, place)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", CASES)
def test_a_place_of_the_status_before(
    iak: Iak, account: IakAccount, name: str, place: Clause
) -> None:
    asked = account.purchase(iak.case(name)).unpaid
    if asked is None:
        raise Blocked("IAK-STATUS-UNPAID")
    judge_place(asked, place)


def _asked(answer: IakAnswer | None) -> IakAnswer:
    """An answer of checkstatus that can be read."""
    if answer is None or answer.malformed is not None:
        raise Blocked("IAK-STATUS-FIELDS")
    return answer


def _require_documented_payment(purchase: Purchase, outcome: Outcome, name: str) -> None:
    """The payment went as its test case says; otherwise the test case's clause is broken."""
    if purchase.paid.outcome is not outcome:
        success = outcome is Outcome.SUCCESS
        raise Blocked("IAK-PAY-SUCCESS" if success else f"IAK-CASE-{_dashed(name)}")


def _dashed(name: str) -> str:
    return name.upper().replace("_", "-")
