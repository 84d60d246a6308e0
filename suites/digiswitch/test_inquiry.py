"""Inquiry (inq-pasca): the step before a payment, public on the provider's own pages."""

import pytest

from kontrak.catalogue import clause, find
from kontrak.judge import expect, judge_place, reading
from kontrak.providers.digiswitch import DigiswitchAnswer, Product
from kontrak.providers.digiswitch.conversations import Inquiries
from kontrak.providers.digiswitch.purse import Purchase


@pytest.fixture
def bill(inquiries: Inquiries, product: Product) -> DigiswitchAnswer:
    """The answer to the inquiry of a product's bill."""
    return inquiries.held(product, "success").require_wellformed()


@clause("DIGISWITCH-INQ-SUCCESS")
def test_an_inquiry_succeeds(bill: DigiswitchAnswer) -> None:
    with expect(bill) as that:
        that.that(bill.is_success, "success: status Sukses, rc 00", bill.said)


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
    told = "the code of the request" if same else "another code"
    reading("code of an inquiry", told, about=bill.product, warns=not same)


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
