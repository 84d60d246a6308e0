"""Request: the fields that a payment has and what becomes of one that lacks them."""

from collections.abc import Mapping

import pytest

from kontrak.clauses.catalogue import cited, clause
from kontrak.judging.expect import expect, reading
from kontrak.providers.digiswitch import Digiswitch, Order
from kontrak.providers.digiswitch.account import DigiswitchAccount, Purchase
from kontrak.providers.digiswitch.refusal import expect_all_refused, expect_nothing_paid

Fields = Mapping[str, object]

FIELDS = [
    cited("DIGISWITCH-REQ-COMMAND-MANDATORY", "command"),
    cited("DIGISWITCH-REQ-USERNAME-MANDATORY", "username"),
    cited("DIGISWITCH-REQ-CODE-MANDATORY", "code"),
    cited("DIGISWITCH-REQ-CUSTOMER-NO-MANDATORY", "customer_no"),
    cited("DIGISWITCH-REQ-REF-ID-MANDATORY", "ref_id"),
]
VALUES = [
    cited("DIGISWITCH-REQ-COMMAND-VALUE", "command", ("pay-pascabayar", "bayar"), id="command"),
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
    account: DigiswitchAccount, order: Order, field: str
) -> None:
    right = account.client.payment_fields(order)
    expect_nothing_paid(account, order, _without(account.client, right, field))


@pytest.mark.parametrize("field", FIELDS)
def test_an_inquiry_without_a_field_is_refused(
    digiswitch: Digiswitch, order: Order, field: str
) -> None:
    digiswitch.require("inq-pasca")
    right = digiswitch.fields("inq-pasca", order.product, order.number)
    wrong = _without(digiswitch, right, field)
    expect_all_refused({name: digiswitch.ask(one, order.product) for name, one in wrong.items()})


@pytest.mark.parametrize(("field", "values"), VALUES)
def test_a_payment_with_an_unknown_value_pays_nothing(
    account: DigiswitchAccount, order: Order, field: str, values: tuple[str, ...]
) -> None:
    right = account.client.payment_fields(order)
    expect_nothing_paid(account, order, _with(account.client, right, field, values))


@pytest.mark.parametrize(("field", "values"), VALUES)
def test_an_inquiry_with_an_unknown_value_is_refused(
    digiswitch: Digiswitch, order: Order, field: str, values: tuple[str, ...]
) -> None:
    digiswitch.require("inq-pasca")
    right = digiswitch.fields("inq-pasca", order.product, order.number)
    wrong = _with(digiswitch, right, field, values)
    # A command like that of a payment may be carried out as one.
    risked = order if field == "command" else None
    expect_all_refused(
        {name: digiswitch.ask(one, order.product, order=risked) for name, one in wrong.items()}
    )


@clause("DIGISWITCH-REQ-TESTING")
def test_testing_true_is_accepted(digiswitch: Digiswitch, order: Order) -> None:
    digiswitch.require("inq-pasca")
    fields = digiswitch.fields("inq-pasca", order.product, order.number)
    answer = digiswitch.ask({**fields, "testing": True}, order.product)
    with expect(answer) as that:
        that.that(answer.is_success, "success, as without testing", answer.returned)


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
