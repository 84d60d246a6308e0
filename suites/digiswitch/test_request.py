"""Request: the fields that a payment has and what becomes of one that lacks them."""

import pytest

from kontrak.catalogue import cited, clause
from kontrak.judge import expect, note
from kontrak.providers.digiswitch import Digiswitch, DigiswitchAnswer, Order
from kontrak.providers.digiswitch.purse import Purse
from kontrak.providers.digiswitch.refusal import expect_nothing_paid, expect_refused

FIELDS = [
    cited("DIGISWITCH-REQ-COMMAND-MANDATORY", "command"),
    cited("DIGISWITCH-REQ-USERNAME-MANDATORY", "username"),
    cited("DIGISWITCH-REQ-CODE-MANDATORY", "code"),
    cited("DIGISWITCH-REQ-CUSTOMER-NO-MANDATORY", "customer_no"),
    cited("DIGISWITCH-REQ-REF-ID-MANDATORY", "ref_id"),
]
VALUES = [
    cited("DIGISWITCH-REQ-COMMAND-VALUE", "command", "pay-pascabayar", id="command-longer"),
    cited("DIGISWITCH-REQ-COMMAND-VALUE", "command", "bayar", id="command-other"),
    cited("DIGISWITCH-REQ-USERNAME-VALUE", "username", "kontrak-no-such-user", id="username"),
    cited("DIGISWITCH-REQ-CODE-VALUE", "code", "kontraknosuchcode", id="code-other"),
    cited("DIGISWITCH-REQ-CODE-VALUE", "code", "pln0x", id="code-longer"),
]


@clause("DIGISWITCH-REQ-PATH")
def test_a_payment_is_answered_with_http_200(payments: list[DigiswitchAnswer]) -> None:
    for paid in payments:
        with expect(paid) as that:
            that.that(200 <= paid.status < 300, "HTTP 200", f"HTTP {paid.status}")
        if paid.status != 200:
            note(f"a success comes with HTTP {paid.status}")


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("change", ["absent", "empty"])
def test_a_payment_without_a_field_pays_nothing(
    digiswitch: Digiswitch, purse: Purse, order: Order, field: str, change: str
) -> None:
    fields = _without(digiswitch, digiswitch.payment_fields(order), field, change)
    expect_nothing_paid(digiswitch, purse, order, fields)


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("change", ["absent", "empty"])
def test_an_inquiry_without_a_field_is_refused(
    digiswitch: Digiswitch, order: Order, field: str, change: str
) -> None:
    digiswitch.require("inq-pasca")
    fields = digiswitch.fields("inq-pasca", order.product, order.number)
    changed = _without(digiswitch, fields, field, change)
    expect_refused(digiswitch.ask(changed, order.product))


@pytest.mark.parametrize(("field", "value"), VALUES)
def test_a_payment_with_an_unknown_value_pays_nothing(
    digiswitch: Digiswitch, purse: Purse, order: Order, field: str, value: str
) -> None:
    fields = {**digiswitch.payment_fields(order), field: value}
    if field == "username":
        fields["sign"] = digiswitch.sign(order.ref_id, username=value)
    expect_nothing_paid(digiswitch, purse, order, fields)


@pytest.mark.parametrize(("field", "value"), VALUES)
def test_an_inquiry_with_an_unknown_value_is_refused(
    digiswitch: Digiswitch, order: Order, field: str, value: str
) -> None:
    digiswitch.require("inq-pasca")
    fields = {**digiswitch.fields("inq-pasca", order.product, order.number), field: value}
    if field == "username":
        fields["sign"] = digiswitch.sign(str(fields["ref_id"]), username=value)
    expect_refused(digiswitch.ask(fields, order.product))


@clause("DIGISWITCH-REQ-TESTING")
def test_testing_true_is_accepted(digiswitch: Digiswitch, order: Order) -> None:
    digiswitch.require("inq-pasca")
    fields = digiswitch.fields("inq-pasca", order.product, order.number)
    answer = digiswitch.ask({**fields, "testing": True}, order.product)
    with expect(answer) as that:
        that.that(answer.is_success, "success, as without testing", answer.said)


def _without(
    digiswitch: Digiswitch, fields: dict[str, object], field: str, change: str
) -> dict[str, object]:
    """The fields with one absent or empty; the sign stays right for what is sent."""
    changed = {name: value for name, value in fields.items() if name != field}
    if change == "empty":
        changed[field] = ""
    if field == "ref_id":
        changed["sign"] = digiswitch.sign("")
    if field == "username":
        changed["sign"] = digiswitch.sign(str(fields["ref_id"]), username="")
    return changed
