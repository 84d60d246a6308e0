"""Inquiry (inq-pasca): the step before a payment, public on the provider's own pages."""

from decimal import Decimal

import pytest

from kontrak.clauses.amounts import as_number
from kontrak.clauses.catalogue import clause, find
from kontrak.clauses.response_codes import Outcome
from kontrak.clauses.shapes import shape
from kontrak.judging.expect import Blocked, clause_around, expect, judge_place, reading
from kontrak.providers.digiswitch import DigiswitchAnswer, Product
from kontrak.providers.digiswitch.account import DigiswitchAccount, Purchase
from kontrak.providers.digiswitch.conversations import shared_values
from kontrak.providers.digiswitch.inquiries import Inquiries

AMOUNTS = ("admin", "price", "selling_price", "base_commission")


@pytest.fixture
def bill(inquiries: Inquiries, product: Product) -> DigiswitchAnswer:
    """The answer to the inquiry of a product's bill."""
    return inquiries.held(product, "success").require_wellformed()


@clause("DIGISWITCH-INQ-SUCCESS")
def test_an_inquiry_succeeds(bill: DigiswitchAnswer) -> None:
    with expect(bill) as that:
        that.that(bill.is_success, "success: status Sukses, rc 00", bill.returned)


@clause("DIGISWITCH-INQ-FIELDS")
def test_an_inquiry_has_the_fields_of_a_payment(bill: DigiswitchAnswer) -> None:
    judge_place(bill.require_success(), find("DIGISWITCH-INQ-FIELDS"))


@clause("DIGISWITCH-INQ-ECHO")
def test_an_inquiry_repeats_the_request(bill: DigiswitchAnswer) -> None:
    bill.require_success()
    with expect(bill) as that:
        for field in ("ref_id", "customer_no"):
            that.equal(field, bill.text(field), bill.sent[field], "as sent")
    same = bill.value("code") == bill.sent["code"]
    reported = "the code of the request" if same else "another code"
    reading("code of an inquiry", reported, about=bill.product, warns=not same)


@clause("DIGISWITCH-INQ-AGREES")
def test_a_payment_repeats_its_inquiry(purchases: list[Purchase]) -> None:
    for one in purchases:
        asked = one.order.bill
        if asked is None:
            pytest.skip("the target has no inquiry")
        with expect(asked, one.paid) as that:
            that.equal("name", one.paid.text("name"), asked.text("name"), "as inquired")
            for place in ("admin", "price", "selling_price"):
                came, wanted = one.paid.number(place), asked.number(place)
                that.equal(place, came, wanted, "as inquired")
            commissions = [_commission(answer) for answer in (one.paid, asked)]
            if None not in commissions:
                that.equal("base_commission", commissions[0], commissions[1], "as inquired")


@clause("DIGISWITCH-INQ-AGREES")
@pytest.mark.usefixtures("pending_payments")
def test_a_pending_payment_contradicts_no_inquiry(
    account: DigiswitchAccount, product: Product
) -> None:
    one = account.purchase(product, "pending_success")
    asked, paid = one.order.bill, one.paid
    if asked is None or paid.outcome is not Outcome.PENDING:
        pytest.skip("no inquiry, or a payment that is not in process")
    with expect(asked, paid) as that:
        # It need not report the bill yet: what is empty or 0 is not reported.
        for place in ("name", *AMOUNTS):
            came, wanted = (_comparable(answer.members.get(place)) for answer in (paid, asked))
            if came and wanted and type(came) is type(wanted):
                that.equal(place, came, wanted, "as inquired")


@clause("DIGISWITCH-INQ-AGREES-DESC")
def test_a_payment_describes_the_bill_of_its_inquiry(purchases: list[Purchase]) -> None:
    for one in purchases:
        asked = one.order.bill
        if asked is None:
            pytest.skip("the target has no inquiry")
        paid = one.paid.value("desc")
        for wrong in shape("digiswitch", one.paid.product).violations(one.paid.document):
            if wrong.pattern.startswith("data.desc"):
                raise Blocked(_owner(one.paid, wrong.pattern))
        with expect(asked, one.paid) as that:
            announced = asked.members.get("desc")
            # An inquiry need not describe the bill.
            that.that(
                not announced or isinstance(announced, dict), "an object in desc", str(announced)
            )
            for place, came, wanted in shared_values("desc", paid, announced):
                that.equal(place, came, wanted, "as inquired")


@clause("DIGISWITCH-INQ-AGREES-DESC")
@pytest.mark.usefixtures("pending_payments")
def test_a_pending_payment_describes_no_other_bill(
    account: DigiswitchAccount, product: Product
) -> None:
    one = account.purchase(product, "pending_success")
    asked, paid = one.order.bill, one.paid
    if asked is None or paid.outcome is not Outcome.PENDING:
        pytest.skip("no inquiry, or a payment that is not in process")
    with expect(asked, paid) as that:
        reported = paid.members.get("desc")
        # It need not report the bill yet: what is empty or 0 is not reported.
        that.that(not reported or isinstance(reported, dict), "an object in desc", str(reported))
        for place, came, wanted in shared_values("desc", reported, asked.members.get("desc")):
            if came and wanted:
                that.equal(place, came, wanted, "as inquired")


def _comparable(value: object) -> object:
    number = as_number(value)
    return value if number is None else number


def _commission(answer: DigiswitchAnswer) -> Decimal | None:
    # Of another type it is judged by its own clause.
    value = answer.members.get("base_commission")
    return Decimal(value) if type(value) is int else None


def _owner(paid: DigiswitchAnswer, pattern: str) -> str:
    found = clause_around("digiswitch", paid.product, pattern)
    return found.id if found else "DIGISWITCH-INQ-FIELDS"
