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
from kontrak.rc import Outcome

PLACES = [cited(one.id, one) for one in of_shape("iak", "payment-json")]
A_DAY = 24 * 60 * 60
AN_HOUR = 60 * 60
REPEATED_TEXTS = ("code", "hp", "ref_id", "tr_name", "desc.tarif")
BILL_NUMBERS = ("nilai_tagihan", "admin", "denda", "total")
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
        for place in ("tr_id", "desc.daya"):
            that.equal(place, paid.number(place), bill.number(place), "as inquired")
        if _pays_all(paid):
            that.equal("period", paid.text("period"), bill.text("period"), "as inquired")
            for place in AMOUNTS:
                that.equal(place, paid.number(place), bill.number(place), "as inquired")
            that.equal("number of bills", len(paid.bills()), len(bill.bills()), "as inquired")
            months, asked = paid.bill_texts("periode"), bill.bill_texts("periode")
            that.equal("periode of the bills", ", ".join(months), ", ".join(asked), "as inquired")
            for amount in BILL_NUMBERS:
                came, wanted = paid.bill_numbers(amount), bill.bill_numbers(amount)
                that.equal(f"{amount} of the bills", _listed(came), _listed(wanted), "as inquired")


def _listed(amounts: list[Decimal]) -> str:
    return ", ".join(f"{one:f}" for one in amounts)


@clause("IAK-PAY-DEBIT")
def test_a_payment_in_xml_costs_as_much(iak: Iak, purse: Purse) -> None:
    iak.require(codec="xml")
    purchase = purse.purchase(iak.case("one_bill"), "xml")
    if not purchase.paid.is_success:
        raise Blocked("IAK-PAY-XML")
    in_json = purse.purchase(iak.case("one_bill")).bill
    with expect(in_json, purchase.bill, purchase.paid) as that:
        # Where the two differ, a clause of their agreement tells it.
        prices = [one.number("selling_price") for one in (in_json, purchase.bill)]
        that.one_of("money taken, in rupiah", purchase.debit, dict.fromkeys(prices))


@clause("IAK-PAY-PENDING-MONEY")
def test_a_payment_in_process_has_cost_once_at_most(iak: Iak, purse: Purse) -> None:
    purchase = purse.fresh_purchase(iak.case("payment_pending"))
    _require_in_process(purchase.paid)
    price = purchase.bill.number("selling_price")
    with expect(purchase.bill, purchase.paid) as that:
        that.one_of("money taken, in rupiah", purchase.debit, [Decimal(0), price])


@clause("IAK-PAY-SETTLED-MONEY")
@pytest.mark.usefixtures("offers_status")
def test_a_payment_that_was_in_process_costs_what_it_ended_as(iak: Iak, purse: Purse) -> None:
    iak.advance_clock(AN_HOUR)  # what else is in process ends before the balance is read
    bill = iak.inquiry(iak.case("payment_pending")).require_success()
    mark = purse.mark()
    paid = iak.pay(bill)
    _require_in_process(paid)
    iak.advance_clock(AN_HOUR)
    ended = iak.checkstatus(str(bill.sent["ref_id"]))
    if ended.malformed is not None or ended.members.get("status") not in (1, 2):
        raise Blocked("IAK-STATUS-SETTLES")
    wanted = bill.number("selling_price") if ended.members["status"] == 1 else Decimal(0)
    with expect(paid, ended) as that:
        because = f"it ended with status {ended.members['status']}"
        that.equal("money taken, in rupiah", purse.spent_since(mark), wanted, because)


def _require_in_process(paid: IakAnswer) -> None:
    if paid.outcome is not Outcome.PENDING:
        raise Blocked("IAK-CASE-PAYMENT-PENDING")


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
