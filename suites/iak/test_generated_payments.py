"""Generated payments and checkstatus: what is wrong in one place is refused and nothing is paid."""

from collections.abc import Callable
from decimal import Decimal
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kontrak.clauses.catalogue import clause
from kontrak.interface.strategies import not_strings
from kontrak.judging.expect import expect
from kontrak.judging.generated import ask_generated
from kontrak.providers.iak import Iak, IakAnswer
from kontrak.providers.iak.account import IakAccount
from kontrak.providers.iak.codec import CODECS, Codec, encode
from kontrak.providers.iak.refusal import expect_no_payment, expect_refused_generated
from kontrak.providers.iak.signing import CHECKSTATUS_SALT
from kontrak.providers.iak.story import has, returned
from kontrak.providers.iak.strategies import malformed, other_digits, wrong_texts

Fields = dict[str, object]


@clause("IAK-GEN-PAYMENT")
@pytest.mark.parametrize("field", ["commands", "username", "tr_id"])
def test_a_payment_with_a_wrong_value_pays_nothing(
    iak: Iak, account: IakAccount, bill: IakAnswer, field: str
) -> None:
    @given(data=st.data())
    def pay(data: st.DataObject) -> None:
        codec = data.draw(st.sampled_from(_codecs(iak)), label="codec")
        fields = _changed(iak, iak.payment_fields(bill), field, codec, data)
        expect_refused_generated(iak.pay_fields(fields, bill, codec))

    _expect_nothing_paid(account, bill, pay)


@clause("IAK-GEN-PAYMENT-BODY")
def test_a_malformed_payment_pays_nothing(
    iak: Iak, account: IakAccount, bill: IakAnswer, codec: Codec
) -> None:
    right = encode(iak.payment_fields(bill), codec)

    @given(data=st.data())
    def pay(data: st.DataObject) -> None:
        body = data.draw(malformed(codec, right), label="body")
        expect_refused_generated(iak.pay_body(body, bill, codec))

    _expect_nothing_paid(account, bill, pay)


@clause("IAK-GEN-STATUS")
@pytest.mark.usefixtures("offers_status")
@pytest.mark.parametrize("field", ["commands", "username", "ref_id"])
def test_a_checkstatus_with_a_wrong_value_reports_nothing(
    iak: Iak, paid_ref_id: str, field: str
) -> None:
    def request(data: st.DataObject) -> Callable[[], IakAnswer]:
        codec = data.draw(st.sampled_from(_codecs(iak)), label="codec")
        fields = _changed(iak, iak.checkstatus_fields(paid_ref_id), field, codec, data)
        return partial(iak.ask, fields, codec)

    ask_generated(iak.side_by_side, request, _expect_no_status)


@clause("IAK-GEN-STATUS-BODY")
@pytest.mark.usefixtures("offers_status")
def test_a_malformed_checkstatus_reports_nothing(iak: Iak, paid_ref_id: str, codec: Codec) -> None:
    right = encode(iak.checkstatus_fields(paid_ref_id), codec)
    summary = f"a malformed checkstatus, {codec.upper()}"

    def request(data: st.DataObject) -> Callable[[], IakAnswer]:
        body = data.draw(malformed(codec, right), label="body")
        return partial(iak.ask_body, body, codec, summary=summary)

    ask_generated(iak.side_by_side, request, _expect_no_status)


@pytest.fixture
def bill(iak: Iak, account: IakAccount) -> IakAnswer:
    """An unpaid bill, once the like of it is known to be payable."""
    account.purchase(iak.case("one_bill")).paid.require_success()
    return iak.inquiry(iak.case("one_bill")).require_success()


@pytest.fixture(scope="module")
def paid_ref_id(iak: Iak, account: IakAccount) -> str:
    """The ref_id of a payment that succeeded."""
    purchase = account.purchase(iak.case("one_bill"))
    purchase.paid.require_success()
    return str(purchase.bill.sent["ref_id"])


def _codecs(iak: Iak) -> list[Codec]:
    return [one for one in CODECS if one in iak.settings.codecs]


def _changed(iak: Iak, fields: Fields, field: str, codec: Codec, data: st.DataObject) -> Fields:
    """The fields with one that is wrong; the sign is right for what is sent."""
    right = str(fields[field])
    texts: st.SearchStrategy[object] = wrong_texts(right, codec)
    if field == "tr_id":
        texts |= other_digits(right)
    values = texts | not_strings() if codec == "json" else texts
    value = data.draw(values, label=field)
    changed = {**fields, field: value}
    if field == "username":
        salt = str(fields.get("tr_id", CHECKSTATUS_SALT))
        changed["sign"] = iak.sign_as(str(value), salt)
    if field == "tr_id" and isinstance(value, str):
        changed["sign"] = iak.sign(value)
    return changed


def _expect_nothing_paid(account: IakAccount, bill: IakAnswer, pay: Callable[[], None]) -> None:
    mark = account.mark()
    pay()
    with expect(bill) as that:
        taken = account.spent_since(mark)
        that.equal("money taken by the wrong payments, in rupiah", taken, Decimal(0))


def _expect_no_status(answer: IakAnswer) -> None:
    expect_refused_generated(answer)
    expect_no_payment(answer)
    with expect(answer) as that:
        that.that(not has(answer, "tr_id"), "no transaction", f"tr_id {returned(answer, 'tr_id')}")
