"""The bills of the documented test-case numbers. The same number has the same bill every time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum, auto

CODE = "PLNPOSTPAID"
COMMISSION = 600
"""What the partner keeps of a price, in rupiah: selling_price is that much below price."""
ADMIN = 2500


class Scenario(Enum):
    """What a customer number leads to (004_aa804b5916536fc5.txt:13 to 20)."""

    ONE_BILL = auto()
    EIGHT_BILLS = auto()
    TIME_OUT = auto()
    ALREADY_PAID = auto()
    WRONG_NUMBER = auto()
    PAYMENT_FAILED = auto()
    PAYMENT_PENDING = auto()
    PAYMENT_ERROR = auto()


NUMBERS = {f"53000000000{place}": scenario for place, scenario in enumerate(Scenario, start=1)}


@dataclass(frozen=True, slots=True)
class MonthBill:
    """The bill of one month (``periode`` as YYYYMM), in rupiah; meters in kWh."""

    periode: str
    nilai_tagihan: int
    admin: int
    denda: int
    total: int
    meter_awal: str
    meter_akhir: str


@dataclass(frozen=True, slots=True)
class Bill:
    """All that is owed under one customer number, in rupiah; every value as it is answered."""

    tr_name: str
    period: str
    nominal: int
    admin: int
    price: int
    selling_price: int
    tarif: str
    daya: int
    lembar_tagihan: str
    months: tuple[MonthBill, ...]


@dataclass(frozen=True, slots=True)
class Customer:
    """Who lives behind a number. ``nilai`` is the first month's amount, ``step`` the growth."""

    name: str
    tarif: str
    daya: int
    months: int = 1
    nilai: int = 300_000
    step: int = 0
    denda: int = 0


CUSTOMERS = {
    # The first one is the document's own example (004_aa804b5916536fc5.txt:76).
    Scenario.ONE_BILL: Customer("SUBCRIBER NAME", "R1", 1300),
    Scenario.EIGHT_BILLS: Customer("SITI RAHAYU", "R1M", 900, 8, 152_300, 7_450, 3_000),
    Scenario.PAYMENT_FAILED: Customer("BUDI SANTOSO", "R1", 2200, 1, 418_250, 0, 5_000),
    Scenario.PAYMENT_PENDING: Customer("DEWI LESTARI", "B1", 1300, 1, 275_900, 0, 3_000),
    Scenario.PAYMENT_ERROR: Customer("AGUS WIJAYA", "R2", 3500, 1, 611_400),
}


def bill_of(scenario: Scenario) -> Bill:
    """The bill of a scenario that has one. Raises ``KeyError`` for the others."""
    customer = CUSTOMERS[scenario]
    first = 9 - customer.months
    months = tuple(
        month_bill(
            f"2016{first + place:02d}",
            nilai=customer.nilai + place * customer.step,
            # The last two months are not overdue yet.
            denda=customer.denda if place < max(1, customer.months - 2) else 0,
            meter=12_000 + 118 * place,
        )
        for place in range(customer.months)
    )
    return compose(customer.name, customer.tarif, customer.daya, months)


def month_bill(periode: str, nilai: int, denda: int, meter: int, admin: int = ADMIN) -> MonthBill:
    """The bill of one month with its total."""
    total = nilai + admin + denda
    return MonthBill(periode, nilai, admin, denda, total, f"{meter:08d}", f"{meter + 118:08d}")


def compose(name: str, tarif: str, daya: int, months: tuple[MonthBill, ...]) -> Bill:
    """The whole bill: nominal (with fines), admin, price = nominal + admin, and the months."""
    nominal = sum(month.nilai_tagihan + month.denda for month in months)
    admin = sum(month.admin for month in months)
    return Bill(
        tr_name=name,
        period=",".join(month.periode for month in months),
        nominal=nominal,
        admin=admin,
        price=nominal + admin,
        selling_price=nominal + admin - COMMISSION,
        tarif=tarif,
        daya=daya,
        lembar_tagihan=str(len(months)),
        months=months,
    )


def with_months(bill: Bill, months: tuple[MonthBill, ...]) -> Bill:
    """The same customer's bill over other months."""
    return compose(bill.tr_name, bill.tarif, bill.daya, months)


def repriced(bill: Bill, *, nominal: int | None = None, admin: int | None = None) -> Bill:
    """The bill with another nominal or admin, and the prices that follow from it."""
    nominal = bill.nominal if nominal is None else nominal
    admin = bill.admin if admin is None else admin
    return replace(
        bill,
        nominal=nominal,
        admin=admin,
        price=nominal + admin,
        selling_price=nominal + admin - COMMISSION,
    )
