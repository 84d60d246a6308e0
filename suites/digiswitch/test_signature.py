"""Request: sign. A right one is accepted, every other one is refused and nothing is paid."""

from collections.abc import Callable

import pytest

from kontrak.catalogue import clause
from kontrak.judge import expect
from kontrak.providers.digiswitch import Digiswitch, DigiswitchAnswer, Order
from kontrak.providers.digiswitch.purse import Purse
from kontrak.providers.digiswitch.refusal import expect_nothing_paid, expect_refused
from kontrak.refid import new_ref_id

Break = Callable[[Digiswitch, str], str]

WRONG: dict[str, Break] = {
    "another-digest": lambda _client, _ref_id: "0123456789abcdef0123456789abcdef",
    "last-digit": lambda client, ref_id: _other_digit(client.sign(ref_id), -1),
    "first-digit": lambda client, ref_id: _other_digit(client.sign(ref_id), 0),
    "middle-digit": lambda client, ref_id: _other_digit(client.sign(ref_id), 16),
    "cut-short": lambda client, ref_id: client.sign(ref_id)[:16],
    "longer": lambda client, ref_id: client.sign(ref_id) + "0",
    "another-key": lambda client, ref_id: client.sign(ref_id, api_key="not-the-api-key"),
    "without-key": lambda client, ref_id: client.sign(ref_id, api_key=""),
    "without-username": lambda client, ref_id: client.sign(ref_id, username=""),
    "without-ref-id": lambda client, _ref_id: client.sign(""),
    "the-ref-id-itself": lambda _client, ref_id: ref_id,
}


@clause("DIGISWITCH-SIGN-ACCEPTED")
@pytest.mark.parametrize("zeros", ["", "0", "00"], ids=["any", "one-zero", "two-zeros"])
def test_a_right_sign_is_accepted(digiswitch: Digiswitch, order: Order, zeros: str) -> None:
    digiswitch.require("inq-pasca")
    ref_id = new_ref_id()
    while not digiswitch.sign(ref_id).startswith(zeros):
        ref_id = new_ref_id()
    fields = digiswitch.fields("inq-pasca", order.product, order.number, ref_id)
    answers = [digiswitch.ask(fields, order.product)]
    if answers[0].is_success and digiswitch.settings.payment_ref_id == "inquiry":
        mine = Order(order.product, order.case, order.number, ref_id, answers[0])
        answers.append(digiswitch.pay(mine))
    with expect(*answers) as that:
        begins = f" and begins with {zeros}" if zeros else ""
        for answer in answers:
            wanted = f"success: the sign is md5(username+apiKey+ref_id){begins}"
            that.that(answer.is_success, wanted, answer.said)


@clause("DIGISWITCH-SIGN-WRONG")
@pytest.mark.parametrize("wrong", WRONG)
def test_a_payment_with_a_wrong_sign_pays_nothing(
    digiswitch: Digiswitch, purse: Purse, order: Order, wrong: str
) -> None:
    sign = WRONG[wrong](digiswitch, order.ref_id)
    _expect_nothing_paid(digiswitch, purse, order, sign)


@clause("DIGISWITCH-SIGN-EMPTY")
def test_a_payment_with_an_empty_sign_pays_nothing(
    digiswitch: Digiswitch, purse: Purse, order: Order
) -> None:
    _expect_nothing_paid(digiswitch, purse, order, "")


@clause("DIGISWITCH-SIGN-MISSING")
def test_a_payment_without_sign_pays_nothing(
    digiswitch: Digiswitch, purse: Purse, order: Order
) -> None:
    fields = digiswitch.payment_fields(order)
    del fields["sign"]
    expect_nothing_paid(digiswitch, purse, order, fields)


@clause("DIGISWITCH-SIGN-FOREIGN")
def test_a_payment_with_the_sign_of_another_ref_id_pays_nothing(
    digiswitch: Digiswitch, purse: Purse, order: Order
) -> None:
    _expect_nothing_paid(digiswitch, purse, order, digiswitch.sign(new_ref_id()))


@clause("DIGISWITCH-SIGN-STALE")
def test_a_payment_with_the_sign_of_an_earlier_one_pays_nothing(
    digiswitch: Digiswitch, purse: Purse, order: Order
) -> None:
    earlier = purse.purchase(order.product, "success").paid.require_success()
    _expect_nothing_paid(digiswitch, purse, order, str(earlier.sent["sign"]))


@clause("DIGISWITCH-SIGN-INQUIRY")
@pytest.mark.parametrize("wrong", [*WRONG, "empty", "of-another-ref-id"])
def test_an_inquiry_with_a_wrong_sign_is_refused(
    digiswitch: Digiswitch, order: Order, wrong: str
) -> None:
    digiswitch.require("inq-pasca")
    fields = digiswitch.fields("inq-pasca", order.product, order.number)
    fields["sign"] = _wrong(digiswitch, str(fields["ref_id"]), wrong)
    expect_refused(digiswitch.ask(fields, order.product))


@clause("DIGISWITCH-SIGN-STATUS")
@pytest.mark.usefixtures("offers_status")
@pytest.mark.parametrize("wrong", [*WRONG, "empty", "of-another-ref-id"])
def test_a_status_with_a_wrong_sign_is_refused(
    digiswitch: Digiswitch, purse: Purse, wrong: str
) -> None:
    paid: Order = purse.purchase(digiswitch.usual, "success").order
    answer: DigiswitchAnswer = digiswitch.status(paid, sign=_wrong(digiswitch, paid.ref_id, wrong))
    expect_refused(answer)


def _wrong(digiswitch: Digiswitch, ref_id: str, wrong: str) -> str:
    other = {"empty": "", "of-another-ref-id": digiswitch.sign(new_ref_id())}
    return other[wrong] if wrong in other else WRONG[wrong](digiswitch, ref_id)


def _expect_nothing_paid(digiswitch: Digiswitch, purse: Purse, order: Order, sign: str) -> None:
    fields = {**digiswitch.payment_fields(order), "sign": sign}
    expect_nothing_paid(digiswitch, purse, order, fields)


def _other_digit(sign: str, place: int) -> str:
    digits = list(sign)
    digits[place] = "1" if digits[place] != "1" else "2"
    return "".join(digits)
