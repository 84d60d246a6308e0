"""Request and response of SAMSAT: customer_no is a payment code and an identity number."""

import pytest

from kontrak.clauses.catalogue import clause
from kontrak.judging.expect import Blocked, expect, reading
from kontrak.providers.digiswitch import Digiswitch, Product
from kontrak.providers.digiswitch.account import DigiswitchAccount
from kontrak.providers.digiswitch.inquiries import Inquiries
from kontrak.providers.digiswitch.refusal import expect_all_refused, expect_nothing_paid


@pytest.fixture
def samsat(digiswitch: Digiswitch) -> Product:
    """The product, where the target offers it."""
    return digiswitch.product("samsat")


@clause("DIGISWITCH-SAMSAT-CUSTOMER-NO")
def test_an_inquiry_with_half_a_customer_no_is_refused(
    digiswitch: Digiswitch, inquiries: Inquiries, samsat: Product
) -> None:
    inquiries.held(samsat, "success").require_success()
    halves = _halves(samsat.number("success"))
    answers = {
        name: digiswitch.ask(digiswitch.fields("inq-pasca", samsat, half), samsat)
        for name, half in halves.items()
    }
    expect_all_refused(answers)


@clause("DIGISWITCH-SAMSAT-CUSTOMER-NO")
def test_a_payment_with_half_a_customer_no_pays_nothing(
    account: DigiswitchAccount, samsat: Product
) -> None:
    account.purchase(samsat, "success").paid.require_success()
    order = account.client.order(samsat)
    right = account.client.payment_fields(order)
    halves = _halves(order.number)
    wrong = {name: {**right, "customer_no": half} for name, half in halves.items()}
    expect_nothing_paid(account, [order], lambda _: wrong)


@clause("DIGISWITCH-SAMSAT-BLANK")
def test_a_blank_after_the_comma_changes_nothing(
    digiswitch: Digiswitch, inquiries: Inquiries, samsat: Product
) -> None:
    known = inquiries.held(samsat, "success").require_success()
    number = ", ".join(samsat.number("success").split(","))
    answer = digiswitch.ask(digiswitch.fields("inq-pasca", samsat, number), samsat)
    with expect(known, answer) as that:
        that.that(answer.is_success, "success, as without the blank", answer.returned)


@clause("DIGISWITCH-SAMSAT-IDENTITY")
def test_nomor_identitas_is_the_second_half(account: DigiswitchAccount, samsat: Product) -> None:
    for one in account.paid(samsat):
        wanted = one.order.number.partition(",")[2].strip()
        with expect(one.paid) as that:
            came = one.paid.text("desc.nomor_identitas")
            that.equal("desc.nomor_identitas", came, wanted, "second half of customer_no")


@clause("DIGISWITCH-SAMSAT-TNKB")
def test_the_plate_fee_has_one_name(account: DigiswitchAccount, samsat: Product) -> None:
    for one in account.paid(samsat):
        desc = one.paid.value("desc")
        if not isinstance(desc, dict):
            raise Blocked("DIGISWITCH-SAMSAT-DESC")
        names = [name for name in ("biaya_admin_tnkb", "biaya_tnkb") if name in desc]
        with expect(one.paid) as that:
            came = " and ".join(names) or "neither"
            that.that(len(names) == 1, "biaya_admin_tnkb or biaya_tnkb", came)
        table = names == ["biaya_tnkb"]
        reading("name of the plate fee", names[0], warns=table)


def _halves(number: str) -> dict[str, str]:
    code, _, identity = number.partition(",")
    return {"no identity": code, "empty identity": f"{code},", "no payment code": f",{identity}"}
