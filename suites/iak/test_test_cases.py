"""Test case table: what each documented customer number leads to."""

import pytest

from kontrak.clauses.catalogue import cited
from kontrak.judging.expect import Blocked, expect, reading
from kontrak.providers.iak import Iak, IakAnswer
from kontrak.providers.iak.account import IakAccount
from kontrak.providers.iak.codec import Codec
from kontrak.providers.iak.conversations import Inquiries

WITH_BILLS = [
    cited("IAK-CASE-ONE-BILL", "one_bill", id="one_bill"),
    cited("IAK-CASE-EIGHT-BILLS", "eight_bills", id="eight_bills"),
]
REFUSED_AT_INQUIRY = [
    cited("IAK-CASE-TIME-OUT", "time_out", id="time_out"),
    cited("IAK-CASE-ALREADY-PAID", "already_paid", id="already_paid"),
    cited("IAK-CASE-WRONG-NUMBER", "wrong_number", id="wrong_number"),
]
AT_PAYMENT = [
    cited("IAK-CASE-PAYMENT-FAILED", "payment_failed", id="payment_failed"),
    cited("IAK-CASE-PAYMENT-PENDING", "payment_pending", id="payment_pending"),
    cited("IAK-CASE-PAYMENT-ERROR", "payment_error", id="payment_error"),
]


@pytest.mark.parametrize("name", WITH_BILLS)
def test_a_number_leads_to_its_bills(
    iak: Iak, inquiries: Inquiries, name: str, codec: Codec
) -> None:
    answer = inquiries.held(name, codec).require_readable()
    _require_xml(answer)
    wanted = iak.case(name).bills
    with expect(answer) as that:
        that.that(answer.is_success, "success (RC 00)", f"RC {answer.rc}, HTTP {answer.status}")
        if answer.is_success:
            that.equal("number of bills", len(answer.bills()), wanted)


@pytest.mark.parametrize("name", REFUSED_AT_INQUIRY)
def test_a_number_is_refused_as_documented(
    iak: Iak, inquiries: Inquiries, name: str, codec: Codec
) -> None:
    answer = inquiries.held(name, codec)
    if answer.rc is None and not answer.carries_bill:
        raise Blocked(
            f"IAK-{codec.upper()}-WELLFORMED" if answer.malformed else "IAK-RC-FAILURE-SHAPE"
        )
    case = iak.case(name)
    with expect(answer) as that:
        that.one_of("response_code", answer.rc, [*case.rc, *case.also], "as the case is named")
    near = answer.rc in case.also
    reading("response code of a test number", f"RC {answer.rc}", about=name, warns=near)


@pytest.mark.parametrize("name", AT_PAYMENT)
def test_a_number_leads_to_its_payment(
    iak: Iak, account: IakAccount, inquiries: Inquiries, name: str, codec: Codec
) -> None:
    case = iak.case(name)
    bill = inquiries.held(name, codec).require_readable()
    _require_xml(bill)
    with expect(bill) as that:
        promised = "an inquiry with success (RC 00): only the payment of this number goes wrong"
        that.that(bill.is_success, promised, f"RC {bill.rc}, HTTP {bill.status}")
    purchase = account.purchase(case, codec)
    paid = purchase.paid.require_readable()
    if codec == "xml" and not account.purchase(iak.case("one_bill"), "xml").paid.is_success:
        raise Blocked("IAK-PAY-XML")
    with expect(purchase.bill, paid) as that:
        wanted = [*case.payment_rc, *case.payment_also]
        that.one_of("response_code of the payment", paid.rc, wanted, "as the case is named")
    near = paid.rc in case.payment_also
    reading("response code of its payment", f"RC {paid.rc}", about=name, warns=near)


def _require_xml(answer: IakAnswer) -> None:
    """Raise ``Blocked`` where no inquiry at all succeeds in XML."""
    if not answer.is_success and answer.promised_by == "IAK-REQ-XML":
        raise Blocked("IAK-REQ-XML")
