"""The test numbers of every product, and what each of them leads to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto


class Scenario(Enum):
    """What becomes of a customer's inquiry and payment."""

    SUCCESS = auto()
    INQUIRY_FAILS = auto()
    PAYMENT_FAILS = auto()
    PENDING_SUCCEEDS = auto()
    PENDING_FAILS = auto()


@dataclass(frozen=True, slots=True)
class Customer:
    """Who has a number. ``bills`` are open; ``dearer`` rupiah set the first of them apart."""

    scenario: Scenario
    name: str
    bills: int = 1
    dearer: int = 0


FIRST = "Nama Pelanggan Pertama"
SUCCESS = Customer(Scenario.SUCCESS, FIRST)
TWO_BILLS = Customer(Scenario.SUCCESS, "Rina Kartika", 2)
TWO_PENDING = Customer(Scenario.PENDING_SUCCEEDS, "Agus Wijaya", 2, 4_000)


def _numbers(
    success: str, inquiry: str, payment: str, pending: str, pending_fails: str
) -> dict[str, Customer]:
    return {
        success: SUCCESS,
        inquiry: Customer(Scenario.INQUIRY_FAILS, FIRST),
        payment: Customer(Scenario.PAYMENT_FAILS, "Siti Rahayu", dearer=1_000),
        pending: Customer(Scenario.PENDING_SUCCEEDS, "Budi Santoso", dearer=2_000),
        pending_fails: Customer(Scenario.PENDING_FAILS, "Dewi Lestari", dearer=3_000),
    }


def _ending(first: str, last: str, pending: str) -> dict[str, Customer]:
    """The numbers of a product whose failing ones end in other digits; ``last`` names the three.

    ``last`` is "success inquiry payment"; ``pending`` begins the pending ones instead of ``first``.
    """
    success, inquiry, payment = last.split()
    return _numbers(
        first + success, first + inquiry, first + payment, pending + success, pending + payment
    )


_IDENTITY = ",0212502110170100"


def _samsat(code: str) -> str:
    return f"{code}{_IDENTITY}"


# The numbers are the family's public test cases. The document's own examples are kept beside them:
# hp 1013226 and the samsat code that ends in 703. No one names any for kirimuang but the document's
# 5830000004; the other four are this sandbox's own.
CUSTOMERS: dict[str, dict[str, Customer]] = {
    "pln": _ending("53000000000", "1 3 6", "63000000000")
    | {"530000000002": TWO_BILLS, "630000000002": TWO_PENDING},
    "pdam": _ending("10132", "26 27 30", "20132"),
    "hp": _ending("0812345543", "20 21 24", "0812445543") | {"1013226": SUCCESS},
    # The document's example of this number has two bills.
    "internet": _ending("639160100", "1 2 5", "739160100") | {"6391601001": TWO_BILLS},
    "bpjs": _ending("880123456000", "1 2 5", "980123456000"),
    "multifinance": _ending("639160120", "1 2 5", "739160120"),
    "pbb": _ending("32980109237599999", "1 2 5", "42980109237599999"),
    "pgas": _ending("011001460", "1 3 5", "111001460")
    | {"0110014602": TWO_BILLS, "1110014602": TWO_PENDING},
    "tv": _ending("12724650010", "1 2 5", "22724650010"),
    "plnnontaglis": _ending("322503000592", "1 2 3", "422503000592"),
    "emoney": _ending("08210000000", "1 2 3", "08211000000"),
    "samsat": _numbers(
        *map(
            _samsat,
            (
                "9658548523568701",
                "9658548523568702",
                "9658548523568705",
                "0658548523568701",
                "0658548523568705",
            ),
        )
    )
    | {_samsat("9658548523568703"): SUCCESS},
    "kirimuang": _ending("583000000", "4 5 6", "683000000"),
}


def customer_of(code: str, customer_no: str) -> Customer | None:
    """The customer of a product's number, if there is one. A blank after a comma is nothing."""
    return CUSTOMERS[code].get(plain(customer_no))


def plain(customer_no: str) -> str:
    """The number without the blank that the document's table writes after the comma."""
    return customer_no.replace(", ", ",")
