"""Payment (pay-pasca). Amounts are rupiah; what was paid is read from the balance."""

from decimal import Decimal

import pytest

from kontrak.answer import as_number
from kontrak.catalogue import Clause, cited, clause, of_shape
from kontrak.judge import Blocked, expect, judge_place, reading
from kontrak.providers.iak import Iak, IakAnswer
from kontrak.providers.iak.purse import Purse
from kontrak.providers.iak.refusal import expect_refused
from kontrak.providers.iak.refusals import Refusals

PLACES = [cited(one.id, one) for one in of_shape("iak", "payment-json")]
A_DAY = 24 * 60 * 60
REPEATED_TEXTS = ("code", "hp", "ref_id", "tr_name")
AMOUNTS = ("nominal", "admin", "price", "selling_price")


@pytest.fixture(params=["one_bill", "eight_bills"])
def settled(request: pytest.FixtureRequest, iak: Iak, purse: Purse) -> IakAnswer:
    """The answer of a payment in JSON."""
    return purse.purchase(iak.case(str(request.param))).paid


@clause("IAK-PAY-SUCCESS")
def test_a_payment_succeeds(settled: IakAnswer) -> None:
    if settled.malformed is not None:
        raise Blocked("IAK-PAY-FIELDS")
    with expect(settled) as that:
        came = f"RC {settled.rc}, HTTP {settled.status}"
        that.that(settled.is_success and settled.status == 200, "RC 00 with HTTP 200", came)


@clause("IAK-PAY-XML")
def test_a_payment_in_xml_succeeds(iak: Iak, purse: Purse) -> None:
    iak.require(codec="xml")
    paid = purse.purchase(iak.case("one_bill"), "xml").paid
    with expect(paid) as that:
        came = paid.malformed or f"RC {paid.rc}, HTTP {paid.status}"
        that.that(paid.is_success and "tr_id" in paid.members, "mp with RC 00 and tr_id", came)


@pytest.mark.parametrize("place", PLACES)
def test_a_place_of_the_payment(settled: IakAnswer, place: Clause) -> None:
    if settled.malformed is None and not settled.is_success:
        raise Blocked("IAK-PAY-SUCCESS")
    judge_place(settled, place)


@clause("IAK-PAY-AGREES")
@pytest.mark.parametrize("name", ["one_bill", "eight_bills"])
def test_a_payment_repeats_its_inquiry(iak: Iak, purse: Purse, name: str) -> None:
    purchase = purse.purchase(iak.case(name))
    bill, paid = purchase.bill, purchase.paid.require_success()
    with expect(bill, paid) as that:
        for place in REPEATED_TEXTS:
            that.equal(place, paid.text(place), bill.text(place), "as inquired")
        that.equal("tr_id", paid.number("tr_id"), bill.number("tr_id"), "as inquired")
        if _pays_all(paid):
            for place in AMOUNTS:
                that.equal(place, paid.number(place), bill.number(place), "as inquired")
            that.equal("number of bills", len(paid.bills()), len(bill.bills()), "as inquired")


@clause("IAK-PAY-DEBIT")
@pytest.mark.parametrize("name", ["one_bill", "eight_bills"])
def test_a_payment_costs_its_selling_price(iak: Iak, purse: Purse, name: str) -> None:
    purchase = purse.purchase(iak.case(name))
    paid = purchase.paid.require_success()
    with expect(purchase.bill, paid) as that:
        price = (purchase.bill if _pays_all(paid) else paid).number("selling_price")
        that.equal("money taken, in rupiah", purchase.debit, price, "selling_price")


def _pays_all(paid: IakAnswer) -> bool:
    """Whether no bill is left: IAK pays at most four PLN bills at once and says what remains."""
    desc = paid.members.get("desc")
    left = as_number(desc.get("lembar_tagihan_sisa", 0)) if isinstance(desc, dict) else None
    if left:
        reading("a payment of many bills", "leaves some of them unpaid", warns=True)
    return not left


@pytest.mark.parametrize(
    "name",
    [
        cited("IAK-PAY-FAILED-FREE", "payment_failed"),
        cited("IAK-PAY-ERROR-FREE", "payment_error"),
    ],
)
def test_a_failed_payment_costs_nothing(iak: Iak, purse: Purse, name: str) -> None:
    purchase = purse.purchase(iak.case(name))
    if purchase.paid.is_success:
        raise Blocked(f"IAK-CASE-{name.upper().replace('_', '-')}")
    with expect(purchase.bill, purchase.paid) as that:
        that.equal("money taken, in rupiah", purchase.debit, Decimal(0))


@clause("IAK-PAY-UNKNOWN")
def test_paying_an_unknown_tr_id_is_refused(purse: Purse, refusals: Refusals) -> None:
    mark = purse.mark()
    answer = refusals.unknown_payment("json")
    expect_refused(answer)
    with expect(answer) as that:
        that.equal("money taken, in rupiah", purse.spent_since(mark), Decimal(0))


@clause("IAK-PAY-SAME-DAY")
@pytest.mark.usefixtures("purse")
def test_an_inquiry_of_yesterday_cannot_be_paid(iak: Iak) -> None:
    bill = iak.inquiry(iak.case("one_bill")).require_success()
    iak.advance_clock(A_DAY)
    expect_refused(iak.pay(bill))
