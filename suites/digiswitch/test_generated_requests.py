"""Generated requests: right ones are answered, wrong ones with one thing changed are refused."""

import json
from collections.abc import Callable
from decimal import Decimal
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kontrak.clauses.catalogue import clause
from kontrak.interface.refid import new_ref_id
from kontrak.interface.strategies import json_writings, malformed_json, not_strings, wrong_texts
from kontrak.judging.expect import expect
from kontrak.judging.generated import ask_generated
from kontrak.providers.digiswitch import Digiswitch, DigiswitchAnswer, Order
from kontrak.providers.digiswitch.account import DigiswitchAccount
from kontrak.providers.digiswitch.refusal import expect_refused, expect_refused_generated

FIELDS = ("command", "username", "code", "customer_no", "ref_id", "sign")
TEXTS = ("command", "username", "code", "customer_no")

Ask = Callable[[], DigiswitchAnswer]


@pytest.fixture
def payable(digiswitch: Digiswitch, orders: list[Order]) -> st.SearchStrategy[Order]:
    """A bill that could be paid, of any product; where the target has an inquiry to try it on."""
    digiswitch.require("inq-pasca")
    return st.sampled_from(orders)


@clause("DIGISWITCH-GEN-VALID")
def test_a_right_inquiry_is_answered(
    digiswitch: Digiswitch, payable: st.SearchStrategy[Order]
) -> None:
    def request(data: st.DataObject) -> Ask:
        bill = data.draw(payable, label="bill")
        made = new_ref_id(data.draw(st.integers(16, 20), label="length of ref_id"))
        ref_id = data.draw(st.sampled_from([made, made.lower(), f"ref-{made}"]), label="ref_id")
        fields = digiswitch.fields("inq-pasca", bill.product, bill.number, ref_id)
        body = data.draw(json_writings(tuple(fields)))(fields)
        charset = data.draw(st.sampled_from(["", "; charset=utf-8"]), label="charset")
        return partial(
            digiswitch.ask_body,
            body,
            bill.product,
            asked=fields,
            content_type=f"application/json{charset}",
            summary="a right inq-pasca",
        )

    def judge(answer: DigiswitchAnswer) -> None:
        with expect(answer) as that:
            that.that(answer.is_success, "success (rc 00)", answer.returned)

    ask_generated(digiswitch.side_by_side, request, judge)


@clause("DIGISWITCH-GEN-TYPE")
@pytest.mark.parametrize("field", FIELDS)
def test_a_field_that_is_no_string_is_refused(
    digiswitch: Digiswitch, payable: st.SearchStrategy[Order], field: str
) -> None:
    def request(data: st.DataObject) -> Ask:
        bill = data.draw(payable, label="bill")
        fields = digiswitch.fields("inq-pasca", bill.product, bill.number)
        fields[field] = data.draw(not_strings(), label=field)
        return partial(digiswitch.ask, fields, bill.product)

    ask_generated(digiswitch.side_by_side, request, expect_refused_generated)


@clause("DIGISWITCH-GEN-TEXT")
@pytest.mark.parametrize("field", TEXTS)
def test_a_field_with_another_text_is_refused(
    digiswitch: Digiswitch, payable: st.SearchStrategy[Order], field: str
) -> None:
    def request(data: st.DataObject) -> Ask:
        bill = data.draw(payable, label="bill")
        fields = digiswitch.fields("inq-pasca", bill.product, bill.number)
        fields = _with_text(digiswitch, fields, field, data)
        return partial(digiswitch.ask, fields, bill.product)

    ask_generated(digiswitch.side_by_side, request, expect_refused_generated)


@clause("DIGISWITCH-GEN-JSON")
def test_malformed_json_is_refused(
    digiswitch: Digiswitch, payable: st.SearchStrategy[Order]
) -> None:
    def request(data: st.DataObject) -> Ask:
        bill = data.draw(payable, label="bill")
        fields = digiswitch.fields("inq-pasca", bill.product, bill.number)
        body = data.draw(malformed_json(json.dumps(fields).encode()), label="body")
        return partial(digiswitch.ask_body, body, bill.product, summary="malformed JSON")

    ask_generated(digiswitch.side_by_side, request, expect_refused_generated)


@clause("DIGISWITCH-GEN-PAYMENT")
def test_no_wrong_payment_is_accepted(
    digiswitch: Digiswitch, account: DigiswitchAccount, orders: list[Order]
) -> None:
    @given(data=st.data())
    def pay(data: st.DataObject) -> None:
        order = data.draw(st.sampled_from(orders), label="bill")
        fields = digiswitch.payment_fields(order)
        field = data.draw(st.sampled_from(FIELDS), label="field")
        if field in TEXTS and data.draw(st.booleans(), label="a text"):
            fields = _with_text(digiswitch, fields, field, data)
        else:
            fields[field] = data.draw(not_strings(), label=field)
        expect_refused_generated(digiswitch.pay(order, fields))

    _expect_nothing_paid(account, pay)


@clause("DIGISWITCH-GEN-PAYMENT-BODY")
def test_no_malformed_payment_is_accepted(
    digiswitch: Digiswitch, account: DigiswitchAccount, orders: list[Order]
) -> None:
    @given(data=st.data())
    def pay(data: st.DataObject) -> None:
        order = data.draw(st.sampled_from(orders), label="bill")
        right = json.dumps(digiswitch.payment_fields(order)).encode()
        body = data.draw(malformed_json(right), label="body")
        expect_refused_generated(digiswitch.pay_body(order, body))

    _expect_nothing_paid(account, pay)


@clause("DIGISWITCH-GEN-STATUS")
@pytest.mark.usefixtures("offers_status")
@pytest.mark.parametrize("field", ["command", "username", "ref_id"])
def test_a_status_with_a_wrong_value_reports_nothing(
    digiswitch: Digiswitch, paid: list[Order], field: str
) -> None:
    def request(data: st.DataObject) -> Ask:
        bill = data.draw(st.sampled_from(paid), label="bill")
        fields = digiswitch.status_fields(bill)
        if data.draw(st.booleans(), label="a text"):
            fields = _with_text(digiswitch, fields, field, data)
        else:
            fields[field] = data.draw(not_strings(), label=field)
        return partial(digiswitch.ask, fields, bill.product)

    ask_generated(digiswitch.side_by_side, request, expect_refused_generated)


@clause("DIGISWITCH-GEN-STATUS")
@pytest.mark.usefixtures("offers_status")
def test_a_malformed_status_reports_nothing(digiswitch: Digiswitch, paid: list[Order]) -> None:
    def request(data: st.DataObject) -> Ask:
        bill = data.draw(st.sampled_from(paid), label="bill")
        right = json.dumps(digiswitch.status_fields(bill)).encode()
        body = data.draw(malformed_json(right), label="body")
        summary = "a malformed status-pasca"
        return partial(digiswitch.ask_body, body, bill.product, summary=summary)

    ask_generated(digiswitch.side_by_side, request, expect_refused_generated)


@clause("DIGISWITCH-GEN-TESTING")
@pytest.mark.parametrize("value", ["ya", "", [], {}, 7])
def test_a_testing_that_is_no_boolean_is_refused(
    digiswitch: Digiswitch, order: Order, value: object
) -> None:
    digiswitch.require("inq-pasca")
    fields = digiswitch.fields("inq-pasca", order.product, order.number)
    expect_refused(digiswitch.ask({**fields, "testing": value}, order.product))


@clause("DIGISWITCH-GEN-NUMBER")
def test_digits_as_a_number_are_refused(digiswitch: Digiswitch, order: Order) -> None:
    digiswitch.require("inq-pasca")
    fields = digiswitch.fields("inq-pasca", order.product, order.number)
    if not order.number.isdecimal() or order.number.startswith("0"):
        pytest.skip("customer_no is not digits that a number can hold")
    changed = {**fields, "customer_no": int(order.number)}
    expect_refused(digiswitch.ask(changed, order.product))


@pytest.fixture(scope="module")
def paid(account: DigiswitchAccount) -> list[Order]:
    """Every product's bill whose payment succeeded."""
    return account.paid_orders()


def _expect_nothing_paid(account: DigiswitchAccount, pay: Callable[[], None]) -> None:
    mark = account.mark()
    pay()
    known = account.purchase(account.client.usual, "success").paid
    with expect(known) as that:
        taken = account.spent_since(mark)
        that.equal("money taken by the wrong payments", taken, Decimal(0))


def _with_text(
    digiswitch: Digiswitch, fields: dict[str, object], field: str, data: st.DataObject
) -> dict[str, object]:
    """The fields with another text in one of them; the sign stays right for what is sent."""
    text = data.draw(wrong_texts(str(fields[field])), label=field)
    changed = {**fields, field: text}
    if field == "username":
        changed["sign"] = digiswitch.sign(str(fields["ref_id"]), username=text)
    if field == "ref_id":
        changed["sign"] = digiswitch.sign(text)
    return changed
