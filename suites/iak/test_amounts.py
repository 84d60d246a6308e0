"""Inquiry response: amounts, in rupiah."""

from kontrak.catalogue import clause
from kontrak.judge import expect, reading
from kontrak.providers.iak import IakAnswer


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
            told = "leaves out denda" if without else "contains denda"
            reading("nominal of a bill with denda", told, warns=without)


@clause("IAK-AMOUNT-ADMIN")
def test_admin_is_the_sum_of_the_bills(bills: list[IakAnswer]) -> None:
    for bill in bills:
        with expect(bill) as that:
            wanted = sum(bill.bill_numbers("admin"))
            that.equal("admin", bill.number("admin"), wanted, "sum of admin over the bills")
