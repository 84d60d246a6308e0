"""Payment (pay-pasca). Amounts are rupiah; what was paid is read from the balance."""

from decimal import Decimal

import pytest

from kontrak.clauses.catalogue import Clause, cited, clause, of_shape
from kontrak.clauses.response_codes import Outcome
from kontrak.judging.expect import Blocked, expect, judge_place
from kontrak.providers.iak import Iak, IakAnswer
from kontrak.providers.iak.account import IakAccount
from kontrak.providers.iak.codec import Codec
from kontrak.providers.iak.refusal import expect_refused
from kontrak.providers.iak.refusals import Refusals
from kontrak.providers.iak.story import pays_all

PLACES = [cited(one.id, one) for one in of_shape("iak", "payment-json")]
A_DAY = 24 * 60 * 60


@pytest.fixture(params=["one_bill", "eight_bills"])
def settled(request: pytest.FixtureRequest, iak: Iak, account: IakAccount) -> IakAnswer:
    """The answer of a payment in JSON."""
    return account.purchase(iak.case(str(request.param))).paid


@clause("IAK-PAY-SUCCESS")
def test_a_payment_succeeds(settled: IakAnswer) -> None:
    if settled.malformed is not None:
        raise Blocked("IAK-PAY-FIELDS")
    with expect(settled) as that:
        came = f"RC {settled.rc}, HTTP {settled.status}"
        that.that(settled.is_success and settled.status == 200, "RC 00 with HTTP 200", came)


@pytest.mark.parametrize("place", PLACES)
def test_a_place_of_the_payment(settled: IakAnswer, place: Clause) -> None:
    if settled.malformed is None and not settled.is_success:
        raise Blocked("IAK-PAY-SUCCESS")
    judge_place(settled, place)


@clause("IAK-PAY-PENDING-MONEY")
def test_a_payment_in_process_has_cost_once_at_most(
    iak: Iak, account: IakAccount, codec: Codec
) -> None:
    purchase = account.fresh_purchase(iak.case("payment_pending"), codec)
    _require_in_process(purchase.paid)
    price = purchase.bill.number("selling_price")
    with expect(purchase.bill, purchase.paid) as that:
        that.one_of("money taken, in rupiah", purchase.debit, [Decimal(0), price])


def _require_in_process(paid: IakAnswer) -> None:
    if paid.outcome is not Outcome.PENDING:
        raise Blocked("IAK-CASE-PAYMENT-PENDING")


@clause("IAK-PAY-DEBIT")
@pytest.mark.parametrize("name", ["one_bill", "eight_bills"])
def test_a_payment_costs_its_selling_price(
    iak: Iak, account: IakAccount, name: str, codec: Codec
) -> None:
    purchase = account.purchase(iak.case(name), codec)
    paid = purchase.paid.require_success()
    with expect(purchase.bill, paid) as that:
        price = (purchase.bill if pays_all(paid) else paid).number("selling_price")
        that.equal("money taken, in rupiah", purchase.debit, price, "selling_price")


@pytest.mark.parametrize(
    "name",
    [
        cited("IAK-PAY-FAILED-FREE", "payment_failed"),
        cited("IAK-PAY-ERROR-FREE", "payment_error"),
    ],
)
def test_a_failed_payment_costs_nothing(
    iak: Iak, account: IakAccount, name: str, codec: Codec
) -> None:
    purchase = account.purchase(iak.case(name), codec)
    if purchase.paid.is_success:
        raise Blocked(f"IAK-CASE-{name.upper().replace('_', '-')}")
    with expect(purchase.bill, purchase.paid) as that:
        that.equal("money taken, in rupiah", purchase.debit, Decimal(0))


@clause("IAK-PAY-UNKNOWN")
def test_paying_an_unknown_tr_id_is_refused(
    account: IakAccount, refusals: Refusals, codec: Codec
) -> None:
    mark = account.mark()
    answer = refusals.unknown_payment(codec)
    expect_refused(answer)
    with expect(answer) as that:
        that.equal("money taken, in rupiah", account.spent_since(mark), Decimal(0))


@clause("IAK-PAY-TR-ID-MANDATORY")
@pytest.mark.parametrize("change", ["absent", "empty"])
def test_a_payment_without_tr_id_is_refused(
    iak: Iak, account: IakAccount, codec: Codec, change: str
) -> None:
    bill = iak.inquiry(iak.case("one_bill"), codec).require_success()
    fields: dict[str, object] = {
        "commands": "pay-pasca",
        "username": iak.settings.username,
        "tr_id": "",
        "sign": iak.sign(""),
    }
    if change == "absent":
        del fields["tr_id"]
    mark = account.mark()
    answer = iak.pay_fields(fields, bill, codec)
    expect_refused(answer)
    with expect(answer) as that:
        that.equal("money taken, in rupiah", account.spent_since(mark), Decimal(0))


@clause("IAK-PAY-SAME-DAY")
def test_an_inquiry_of_yesterday_cannot_be_paid(
    iak: Iak, account: IakAccount, codec: Codec
) -> None:
    bill = iak.inquiry(iak.case("one_bill"), codec).require_success()
    iak.advance_clock(A_DAY)
    mark = account.mark()
    answer = iak.pay(bill, codec)
    expect_refused(answer)
    with expect(answer) as that:
        that.equal("money taken, in rupiah", account.spent_since(mark), Decimal(0))
