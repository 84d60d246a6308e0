"""Topup (prepaid)."""

import pytest

from kontrak.clauses.catalogue import Clause, cited, clause, of_shape
from kontrak.clauses.response_codes import Outcome
from kontrak.clauses.shapes import shape
from kontrak.errors import NotOffered
from kontrak.interface.refid import new_ref_id
from kontrak.judging.expect import Blocked, expect, judge_place
from kontrak.providers.rqid import Rqid, RqidAccount, RqidAnswer
from kontrak.providers.rqid.endpoints import Endpoints
from kontrak.providers.rqid.judging import (
    expect_echo,
    expect_label,
    expect_message,
    require_at_once,
)
from kontrak.providers.rqid.refusal import expect_refused

PLACES = [cited(one.id, one) for one in of_shape("rqid", "topup")]
ECHOES = [
    cited("RQID-TOPUP-ECHO-REF", "ref_1"),
    cited("RQID-TOPUP-ECHO-PRODUCT", "product_code"),
    cited("RQID-TOPUP-ECHO-CUSTOMER", "customer_id"),
]


@pytest.fixture(params=["success", "other", "other_product"])
def paid(request: pytest.FixtureRequest, account: RqidAccount) -> RqidAnswer:
    """The reply to a topup that succeeded."""
    return require_at_once(account.purchase("prepaid", str(request.param)))


@clause("RQID-TOPUP-SUCCESS")
@pytest.mark.parametrize("case", ["success", "other", "other_product"])
def test_a_topup_succeeds(account: RqidAccount, case: str) -> None:
    bought = account.purchase("prepaid", case)
    with expect(bought.paid, bought.settled) as that:
        if bought.paid.malformed is not None:
            raise Blocked("RQID-ACCESS-WELLFORMED")
        at_once = bought.paid.is_success and bought.paid.status == 200
        late = bought.paid.outcome is Outcome.PENDING and bought.settled.is_success
        came = f"status {bought.paid.record.get('status')}, rc {bought.paid.rc}"
        that.that(at_once or late, "status 1, at once or in the end", came)


@pytest.mark.parametrize("place", PLACES)
def test_a_place_of_the_topup(paid: RqidAnswer, place: Clause) -> None:
    judge_place(paid, place)


@pytest.mark.parametrize("field", ECHOES)
def test_a_field_repeats_the_topup(paid: RqidAnswer, field: str) -> None:
    expect_echo(paid, field)


@clause("RQID-TOPUP-NAME")
def test_a_topup_names_its_product(rqid: Rqid, paid: RqidAnswer) -> None:
    price = rqid.price(str(paid.sent["product_code"])).require_success()
    with expect(price, paid) as that:
        that.equal("product_name", paid.text("product_name"), price.text("nama"), "nama of price")


@clause("RQID-TOPUP-LABEL")
def test_the_label_fits_the_status(account: RqidAccount) -> None:
    paid = account.purchase("prepaid", "success").paid
    if paid.outcome is Outcome.PENDING and not {"status", "status_label"} <= paid.record.keys():
        raise NotOffered("the target settles late", hint="its reply shows no status and label")
    if paid.outcome is not Outcome.PENDING:
        paid.require_success()
    expect_label(paid)


@clause("RQID-TOPUP-TOTAL")
def test_total_price_is_price(paid: RqidAnswer) -> None:
    price = paid.number("price")
    # The document shows no fee of a topup; where there is one, it counts as at inquiry.
    fee = paid.number("admin") if "admin" in paid.record else 0
    with expect(paid) as that:
        because = f"price {price} + admin {fee}" if fee else "price"
        that.equal("total_price", paid.number("total_price"), price + fee, because)


@clause("RQID-TOPUP-PRICE-AGREES")
def test_price_is_that_of_the_price_check(rqid: Rqid, paid: RqidAnswer) -> None:
    harga = rqid.price_of(str(paid.sent["product_code"]))
    with expect(paid) as that:
        that.equal("price", paid.number("price"), harga, "harga of price")


@clause("RQID-TOPUP-MESSAGE")
def test_msg_fits_its_template(paid: RqidAnswer) -> None:
    expect_message(paid, "topup")


@clause("RQID-TOPUP-DEBIT")
@pytest.mark.parametrize("case", ["success", "other", "other_product"])
def test_a_topup_costs_its_total_price(rqid: Rqid, account: RqidAccount, case: str) -> None:
    bought = account.purchase("prepaid", case)
    bought.succeeded()
    wanted = rqid.price_of(bought.sent("product_code"))
    if "total_price" in bought.paid.record:
        wanted = bought.paid.number("total_price")
    with expect(bought.paid) as that:
        that.equal("money taken, in rupiah", bought.cost, wanted, "total_price")


@clause("RQID-TOPUP-FAILED")
def test_a_failed_topup_says_so(account: RqidAccount) -> None:
    bought = account.purchase("prepaid", "failed")
    with expect(bought.paid, bought.settled) as that:
        failed = bought.settled.outcome is Outcome.FAILED and not bought.paid.is_success
        came = f"status {bought.paid.record.get('status')}, then {bought.settled.outcome}"
        that.that(failed, "status 11, or a refusal", came)


@clause("RQID-TOPUP-FAILED-FREE")
def test_a_failed_topup_costs_nothing(account: RqidAccount) -> None:
    bought = account.purchase("prepaid", "failed")
    if bought.settled.is_success:
        raise Blocked("RQID-TOPUP-FAILED")
    with expect(bought.paid) as that:
        that.equal("money taken, in rupiah", bought.cost, 0)


@clause("RQID-TOPUP-WRONG-NUMBER")
def test_a_wrong_number_is_not_charged(account: RqidAccount) -> None:
    bought = account.purchase("prepaid", "wrong_number")
    with expect(bought.paid, bought.settled) as that:
        kept = bought.settled.outcome is Outcome.FAILED and not bought.paid.is_success
        that.that(kept, "status 11, or a refusal", f"{bought.paid.outcome}, rc {bought.paid.rc}")
    with expect(bought.paid, bought.settled) as that:
        that.equal("money taken, in rupiah", bought.cost, 0)


@clause("RQID-TOPUP-PENDING")
@pytest.mark.parametrize("case", ["pending_success", "pending_failed"])
def test_a_topup_in_process_says_so(account: RqidAccount, case: str) -> None:
    bought = account.purchase("prepaid", case)
    paid = bought.paid
    if paid.outcome is bought.settled.outcome:
        pytest.skip(f"the target settles {case} at once")
    with expect(paid) as that:
        if "status" in paid.record:
            that.one_of("status", paid.record["status"], [2, 3], "in process")
        if "status_label" in paid.record:
            label = paid.record["status_label"]
            that.one_of("status_label", label, ["process", "pending"], "in process")


@clause("RQID-TOPUP-UNKNOWN-PRODUCT")
@pytest.mark.parametrize("tail", ["ZQX", "0ZQX"])
def test_an_unknown_product_is_not_sold(
    endpoints: Endpoints, account: RqidAccount, tail: str
) -> None:
    account.purchase("prepaid", "success").ended_well()
    product = str(endpoints.right("topup").sent["product_code"])
    mark = account.mark_if_any()
    _expect_refused_for_free(account, mark, endpoints.changed("topup", product_code=product + tail))


@clause("RQID-TOPUP-MANDATORY")
@pytest.mark.parametrize("field", ["product_code", "customer_id", "ref_1"])
def test_a_topup_without_a_field_is_refused(
    endpoints: Endpoints, account: RqidAccount, field: str
) -> None:
    account.purchase("prepaid", "success").ended_well()
    mark = account.mark_if_any()
    _expect_refused_for_free(account, mark, *endpoints.without("topup", field))


@clause("RQID-TOPUP-ALIAS")
def test_payment_buys_a_prepaid_product(rqid: Rqid, account: RqidAccount) -> None:
    mark, answer = _through_payment(rqid, account)
    settled = rqid.settled(str(answer.sent["ref_1"]))
    with expect(answer, settled) as that:
        came = f"rc {answer.rc}, status {answer.record.get('status')}"
        done = answer.is_success or settled.is_success
        that.that(done, "the topup, through payment", came)
    spent, cost = account.spent_since(mark), account.purchase("prepaid", "success").cost
    with expect(answer, settled) as that:
        that.equal("money taken, in rupiah", spent, cost, "as by topup")


@clause("RQID-TOPUP-ALIAS-MESSAGE")
def test_payment_of_a_prepaid_product_answers_as_topup(rqid: Rqid, account: RqidAccount) -> None:
    _, answer = _through_payment(rqid, account)
    if answer.outcome is Outcome.PENDING:
        rqid.settled(str(answer.sent["ref_1"]))
        raise NotOffered("the target settles late", hint="its reply shows no success")
    if not answer.is_success:
        raise Blocked("RQID-TOPUP-ALIAS")
    violations = shape("rqid", "topup").violations(answer.document)
    with expect(answer) as that:
        for one in violations:
            that.that(kept=False, expected=f"{one.at}: {one.expected}", came=one.received)


def _through_payment(rqid: Rqid, account: RqidAccount) -> tuple[int | None, RqidAnswer]:
    rqid.require("payment")
    bought = account.purchase("prepaid", "success")
    bought.ended_well()
    mark = account.mark_if_any()
    product, customer = bought.sent("product_code"), bought.sent("customer_id")
    return mark, rqid.purchase("payment", product, customer, new_ref_id(), right=False)


def _expect_refused_for_free(account: RqidAccount, mark: int | None, *answers: RqidAnswer) -> None:
    expect_refused(*answers)
    with expect(*answers) as that:
        that.equal("money taken, in rupiah", account.spent_since(mark), 0)
