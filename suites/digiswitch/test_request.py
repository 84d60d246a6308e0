"""Request: the fields that a payment has and what becomes of one that lacks them."""

from collections.abc import Mapping

import pytest

from kontrak.clauses.catalogue import cited, clause
from kontrak.judging.expect import expect, reading
from kontrak.providers.digiswitch import Digiswitch, Order
from kontrak.providers.digiswitch.account import DigiswitchAccount, Purchase
from kontrak.providers.digiswitch.refusal import (
    expect_all_refused,
    expect_none_answered,
    expect_nothing_paid,
)

Fields = Mapping[str, object]

FIELDS = [
    cited("DIGISWITCH-REQ-COMMAND-MANDATORY", "command"),
    cited("DIGISWITCH-REQ-USERNAME-MANDATORY", "username"),
    cited("DIGISWITCH-REQ-CODE-MANDATORY", "code"),
    cited("DIGISWITCH-REQ-CUSTOMER-NO-MANDATORY", "customer_no"),
    cited("DIGISWITCH-REQ-REF-ID-MANDATORY", "ref_id"),
]
COMMANDS = ("pay-pascabayar", "bayar")
VALUES = [
    cited("DIGISWITCH-REQ-COMMAND-VALUE", "command", COMMANDS, id="command"),
    cited("DIGISWITCH-REQ-USERNAME-VALUE", "username", ("kontrak-no-such-user",), id="username"),
    cited("DIGISWITCH-REQ-CODE-VALUE", "code", ("kontraknosuchcode", "pln0x"), id="code"),
]


@clause("DIGISWITCH-REQ-PATH")
def test_a_success_comes_with_http_200(purchases: list[Purchase]) -> None:
    for one in purchases:
        answers = [answer for answer in (one.order.bill, one.paid) if answer is not None]
        with expect(*answers) as that:
            for answer in that.each(answers):
                that.that(200 <= answer.status < 300, "HTTP 200", f"HTTP {answer.status}")
        for answer in answers:
            reported = f"HTTP {answer.status}"
            reading("HTTP status of a success", reported, warns=answer.status != 200)


@pytest.mark.parametrize("field", FIELDS)
def test_a_payment_without_a_field_pays_nothing(
    account: DigiswitchAccount, orders: list[Order], field: str
) -> None:
    client = account.client
    expect_nothing_paid(
        account, orders, lambda one: _without(client, client.payment_fields(one), field)
    )


@pytest.mark.parametrize("field", FIELDS)
def test_an_inquiry_without_a_field_is_refused(
    digiswitch: Digiswitch, orders: list[Order], field: str
) -> None:
    digiswitch.require("inq-pasca")
    expect_none_answered(
        digiswitch, orders, lambda one: _without(digiswitch, _inquiry(digiswitch, one), field)
    )


@pytest.mark.parametrize(("field", "values"), VALUES)
def test_a_payment_with_an_unknown_value_pays_nothing(
    account: DigiswitchAccount, orders: list[Order], field: str, values: tuple[str, ...]
) -> None:
    client = account.client
    expect_nothing_paid(
        account, orders, lambda one: _with(client, client.payment_fields(one), field, values)
    )


@clause("DIGISWITCH-REQ-COMMAND-VALUE")
def test_an_inquiry_with_an_unknown_command_is_refused(
    digiswitch: Digiswitch, orders: list[Order]
) -> None:
    digiswitch.require("inq-pasca")
    # A command like that of a payment may be carried out as one.
    asked = {
        f"{one.product.key}: {name}": digiswitch.ask(fields, one.product, order=one)
        for one in orders
        for name, fields in _with(
            digiswitch, _inquiry(digiswitch, one), "command", COMMANDS
        ).items()
    }
    expect_all_refused(asked)


@pytest.mark.parametrize(("field", "values"), VALUES[1:])
def test_an_inquiry_with_an_unknown_value_is_refused(
    digiswitch: Digiswitch, orders: list[Order], field: str, values: tuple[str, ...]
) -> None:
    digiswitch.require("inq-pasca")
    expect_none_answered(
        digiswitch,
        orders,
        lambda one: _with(digiswitch, _inquiry(digiswitch, one), field, values),
    )


@clause("DIGISWITCH-REQ-TESTING")
def test_testing_true_is_accepted(digiswitch: Digiswitch, order: Order) -> None:
    digiswitch.require("inq-pasca")
    fields = digiswitch.fields("inq-pasca", order.product, order.number)
    answer = digiswitch.ask({**fields, "testing": True}, order.product)
    with expect(answer) as that:
        that.that(answer.is_success, "success, as without testing", answer.returned)


def _inquiry(digiswitch: Digiswitch, order: Order) -> Fields:
    """A right inquiry of an order's number, under a reference of its own."""
    return digiswitch.fields("inq-pasca", order.product, order.number)


def _without(digiswitch: Digiswitch, right: Fields, field: str) -> dict[str, Fields]:
    """The fields with one absent, and with one empty; the sign stays right for what is sent."""
    absent: dict[str, object] = {name: value for name, value in right.items() if name != field}
    if field == "ref_id":
        absent["sign"] = digiswitch.sign("")
    if field == "username":
        absent["sign"] = digiswitch.sign(str(right["ref_id"]), username="")
    return {f"{field} absent": absent, f"{field} empty": {**absent, field: ""}}


def _with(
    digiswitch: Digiswitch, right: Fields, field: str, values: tuple[str, ...]
) -> dict[str, Fields]:
    """The fields with another value in one; the sign stays right for what is sent."""
    changed: dict[str, dict[str, object]] = {
        f"{field} {value}": {**right, field: value} for value in values
    }
    if field == "username":
        for fields in changed.values():
            username = str(fields["username"])
            fields["sign"] = digiswitch.sign(str(right["ref_id"]), username=username)
    return dict(changed)
