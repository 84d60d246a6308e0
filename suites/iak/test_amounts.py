"""Inquiry response: amounts, in rupiah."""

import re

import pytest

from kontrak.clauses.catalogue import clause
from kontrak.judging.expect import expect, reading
from kontrak.providers.iak import Iak, IakAnswer
from kontrak.providers.iak.account import IakAccount
from kontrak.providers.iak.answer import FEES
from kontrak.providers.iak.story import bills_of

DIGITS = re.compile(r"-?[0-9]+(\.[0-9]{1,2})?")


@clause("IAK-AMOUNT-PRICE")
def test_price_is_nominal_plus_admin(bills: list[IakAnswer]) -> None:
    for bill in bills:
        nominal, admin = bill.number("nominal"), bill.number("admin")
        with expect(bill) as that:
            because = f"nominal {nominal} + admin {admin}"
            that.equal("price", bill.number("price"), nominal + admin, because)


@clause("IAK-AMOUNT-SELLING-PRICE")
def test_selling_price_is_not_above_price(bills: list[IakAnswer]) -> None:
    for bill in bills:
        price, selling = bill.number("price"), bill.number("selling_price")
        with expect(bill) as that:
            that.that(
                0 < selling <= price,
                f"0 < selling_price <= price {price}",
                f"selling_price = {selling}",
            )


@clause("IAK-AMOUNT-BILL-TOTAL")
def test_a_bills_total_is_the_sum_of_its_parts(bills: list[IakAnswer]) -> None:
    for bill in bills:
        parts = zip(
            bill.bill_numbers("total"),
            bill.bill_numbers("nilai_tagihan"),
            bill.bill_numbers("admin"),
            bill.bill_numbers("denda"),
            strict=True,
        )
        with expect(bill) as that:
            for place, (total, amount, admin, fine) in enumerate(parts):
                because = f"nilai_tagihan {amount} + admin {admin} + denda {fine}"
                that.equal(f"detail[{place}].total", total, amount + admin + fine, because)


@clause("IAK-AMOUNT-DIGITS")
def test_the_amounts_of_a_bill_are_digits(bills: list[IakAnswer]) -> None:
    for bill in bills:
        _expect_digits(bill)


@clause("IAK-AMOUNT-DIGITS")
@pytest.mark.parametrize("name", ["one_bill", "eight_bills"])
def test_the_amounts_of_a_paid_bill_are_digits(iak: Iak, account: IakAccount, name: str) -> None:
    purchase = account.purchase(iak.case(name))
    for answer in (purchase.paid, purchase.status):
        if answer is not None:
            _expect_digits(answer)


def _expect_digits(answer: IakAnswer) -> None:
    with expect(answer) as that:
        for place, bill in enumerate(bills_of(answer)):
            for name in ("nilai_tagihan", "admin", "denda"):
                text = bill.get(name)
                if isinstance(text, str):
                    # Of another type it is judged by the clause of its place.
                    kept = (not text and name in FEES) or DIGITS.fullmatch(text) is not None
                    wanted = f"detail[{place}].{name} in digits, rupiah"
                    that.that(kept, wanted, text or "an empty string")


@clause("IAK-AMOUNT-NOMINAL")
def test_nominal_is_the_sum_of_the_bills(bills: list[IakAnswer]) -> None:
    for bill in bills:
        amounts = sum(bill.bill_numbers("nilai_tagihan"))
        fines = sum(bill.bill_numbers("denda"))
        nominal = bill.number("nominal")
        with expect(bill) as that:
            wanted = [amounts + fines, amounts]
            because = "sum of nilai_tagihan, with or without denda"
            that.one_of("nominal", nominal, dict.fromkeys(wanted), because)
        if fines:
            without = nominal == amounts
            reported = "leaves out denda" if without else "contains denda"
            reading("nominal of a bill with denda", reported, warns=without)


@clause("IAK-AMOUNT-ADMIN")
def test_admin_is_the_sum_of_the_bills(bills: list[IakAnswer]) -> None:
    for bill in bills:
        with expect(bill) as that:
            wanted = sum(bill.bill_numbers("admin"))
            that.equal("admin", bill.number("admin"), wanted, "sum of admin over the bills")
