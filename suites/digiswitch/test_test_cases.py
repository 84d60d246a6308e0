"""Test cases: what the customer numbers of the provider's family lead to."""

import pytest

from kontrak.clauses.catalogue import cited, clause
from kontrak.clauses.response_codes import Outcome
from kontrak.judging.expect import expect
from kontrak.providers.digiswitch import Product
from kontrak.providers.digiswitch.account import DigiswitchAccount
from kontrak.providers.digiswitch.inquiries import Inquiries
from kontrak.providers.digiswitch.refusal import expect_refused

AT_PAYMENT = [
    cited("DIGISWITCH-CASE-PAYMENT-FAILED", "payment_failed", Outcome.FAILED, id="failed"),
    cited("DIGISWITCH-CASE-PENDING-SUCCESS", "pending_success", Outcome.PENDING, id="late"),
    cited("DIGISWITCH-CASE-PENDING-FAILED", "pending_failed", Outcome.PENDING, id="late-failure"),
]


@clause("DIGISWITCH-CASE-TWO-BILLS")
def test_two_bills_are_paid(
    account: DigiswitchAccount, inquiries: Inquiries, product: Product
) -> None:
    asked = inquiries.held(product, "two_bills").require_wellformed()
    with expect(asked) as that:
        that.that(asked.is_success, "success", asked.returned)
    paid = account.purchase(product, "two_bills").paid.require_wellformed()
    with expect(asked, paid) as that:
        that.that(paid.is_success, "success", paid.returned)
        if paid.is_success:
            that.equal("desc.lembar_tagihan", paid.number("desc.lembar_tagihan"), 2)


@clause("DIGISWITCH-CASE-INQUIRY-FAILED")
def test_a_number_is_refused_at_inquiry(inquiries: Inquiries, product: Product) -> None:
    expect_refused(inquiries.held(product, "inquiry_failed").require_wellformed())


@pytest.mark.usefixtures("pending_payments")
@pytest.mark.parametrize(("case", "outcome"), AT_PAYMENT)
def test_a_number_leads_to_its_payment(
    account: DigiswitchAccount, inquiries: Inquiries, product: Product, case: str, outcome: Outcome
) -> None:
    asked = inquiries.held(product, case).require_wellformed()
    with expect(asked) as that:
        that.that(asked.is_success, "an inquiry with success", asked.returned)
    paid = account.purchase(product, case).paid.require_wellformed()
    with expect(asked, paid) as that:
        that.that(paid.outcome is outcome, f"a {outcome} payment", paid.returned)
