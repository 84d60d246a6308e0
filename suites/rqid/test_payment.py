"""Payment (postpaid). What was paid is read from the balance."""

import pytest

from kontrak.clauses.catalogue import Clause, cited, clause, of_shape
from kontrak.clauses.response_codes import Outcome
from kontrak.errors import NotOffered
from kontrak.interface.refid import new_ref_id
from kontrak.judging.expect import Blocked, expect, judge_place
from kontrak.providers.rqid import Purchase, Rqid, RqidAccount, RqidAnswer
from kontrak.providers.rqid.judging import (
    expect_echo,
    expect_label,
    expect_message,
    require_at_once,
)
from kontrak.providers.rqid.refusal import expect_refused

PLACES = [cited(one.id, one) for one in of_shape("rqid", "payment")]
ECHOES = [
    cited("RQID-PAYMENT-ECHO-REF", "ref_1"),
    cited("RQID-PAYMENT-ECHO-PRODUCT", "product_code"),
    cited("RQID-PAYMENT-ECHO-CUSTOMER", "customer_id"),
]


@pytest.fixture(params=["success", "other", "other_product"])
def bought(request: pytest.FixtureRequest, account: RqidAccount) -> Purchase:
    """A bill that was paid."""
    return account.purchase("postpaid", str(request.param))


@pytest.fixture
def paid(bought: Purchase) -> RqidAnswer:
    """The reply to a payment that succeeded."""
    return require_at_once(bought)


@clause("RQID-PAYMENT-SUCCESS")
def test_a_payment_succeeds(bought: Purchase) -> None:
    if bought.paid.malformed is not None:
        raise Blocked("RQID-ACCESS-WELLFORMED")
    with expect(bought.paid, bought.settled) as that:
        at_once = bought.paid.is_success and bought.paid.status == 200
        late = bought.paid.outcome is Outcome.PENDING and bought.settled.is_success
        came = f"status {bought.paid.record.get('status')}, rc {bought.paid.rc}"
        that.that(at_once or late, "status 1, at once or in the end", came)


@pytest.mark.parametrize("place", PLACES)
def test_a_place_of_the_payment(paid: RqidAnswer, place: Clause) -> None:
    judge_place(paid, place)


@pytest.mark.parametrize("field", ECHOES)
def test_a_field_repeats_the_payment(paid: RqidAnswer, field: str) -> None:
    expect_echo(paid, field)


@pytest.mark.parametrize(
    "field",
    [
        cited("RQID-PAYMENT-ECHO-REF2", "ref_2"),
        cited("RQID-PAYMENT-NAME", "product_name"),
    ],
)
def test_a_field_repeats_the_inquiry(bought: Purchase, paid: RqidAnswer, field: str) -> None:
    bill = _bill(bought)
    with expect(bill, paid) as that:
        that.equal(field, paid.text(field), bill.text(field), "as inquired")


@clause("RQID-PAYMENT-LABEL")
def test_the_label_fits_the_status(bought: Purchase) -> None:
    paid = bought.paid
    if paid.outcome is Outcome.PENDING and not {"status", "status_label"} <= paid.record.keys():
        raise NotOffered("the target settles late", hint="its reply shows no status and label")
    if paid.outcome is not Outcome.PENDING:
        paid.require_success()
    expect_label(paid)


@clause("RQID-PAYMENT-TOTAL")
def test_total_price_is_that_of_the_inquiry(bought: Purchase, paid: RqidAnswer) -> None:
    bill = _bill(bought)
    with expect(bill, paid) as that:
        wanted = bill.number("total_price")
        that.equal("total_price", paid.number("total_price"), wanted, "as inquired")


@clause("RQID-PAYMENT-MESSAGE")
def test_msg_fits_its_template(paid: RqidAnswer) -> None:
    expect_message(paid, "payment")


@clause("RQID-PAYMENT-DEBIT")
def test_a_payment_costs_its_total_price(bought: Purchase) -> None:
    bought.succeeded()
    bill = _bill(bought)
    with expect(bill, bought.paid) as that:
        wanted = bill.number("total_price")
        that.equal("money taken, in rupiah", bought.cost, wanted, "total_price of the inquiry")


@clause("RQID-PAYMENT-FRESH-REF")
def test_a_payment_without_inquiry_is_refused(rqid: Rqid, account: RqidAccount) -> None:
    bill = _bill(account.purchase("postpaid", "success"))
    mark = account.mark_if_any()
    answer = rqid.pay(bill, ref_1=new_ref_id())
    expect_refused(answer)
    with expect(answer) as that:
        that.equal("money taken, in rupiah", account.spent_since(mark), 0)


@clause("RQID-PAYMENT-FAILED")
def test_a_failed_payment_says_so(account: RqidAccount) -> None:
    bought = account.purchase("postpaid", "failed")
    with expect(bought.paid, bought.settled) as that:
        failed = bought.settled.outcome is Outcome.FAILED and not bought.paid.is_success
        came = f"status {bought.paid.record.get('status')}, then {bought.settled.outcome}"
        that.that(failed, "status 11, or a refusal", came)


@clause("RQID-PAYMENT-FAILED-FREE")
def test_a_failed_payment_costs_nothing(account: RqidAccount) -> None:
    bought = account.purchase("postpaid", "failed")
    if bought.settled.is_success:
        raise Blocked("RQID-PAYMENT-FAILED")
    with expect(bought.paid) as that:
        that.equal("money taken, in rupiah", bought.cost, 0)


@clause("RQID-PAYMENT-OTHER-CUSTOMER")
def test_another_customers_bill_is_not_paid(rqid: Rqid, account: RqidAccount) -> None:
    _expect_own_bill_only(rqid, account, "customer_id", "other")


@clause("RQID-PAYMENT-OTHER-PRODUCT")
def test_another_product_is_not_bought(rqid: Rqid, account: RqidAccount) -> None:
    _expect_own_bill_only(rqid, account, "product_code", "other_product")


def _expect_own_bill_only(rqid: Rqid, account: RqidAccount, field: str, reported: str) -> None:
    """Refused, or the inquired bill is paid after all and says so."""
    numbers = rqid.numbers("postpaid")
    other = numbers.get(reported)
    bill = rqid.inquiry(numbers.get("success")).require_success()
    mark = account.mark_if_any()
    answer = rqid.pay(bill, right=False, **{field: other})
    refused = answer.outcome is Outcome.FAILED
    if not refused:
        with expect(bill, answer) as that:
            own = bill.sent[field]
            that.equal(field, answer.record.get(field), own, "the inquired one")
    spent = account.spent_since(mark)
    with expect(bill, answer) as that:
        wanted, because = bill.number("total_price"), "the inquired bill"
        if refused:
            wanted, because = 0, "refused"
        that.equal("money taken, in rupiah", spent, wanted, because)


def _bill(bought: Purchase) -> RqidAnswer:
    if bought.bill is None:
        raise Blocked("RQID-INQUIRY-SUCCESS")
    return bought.bill
