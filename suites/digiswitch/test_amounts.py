"""Response of each product: amounts, in rupiah. What is not here has no sum in the document."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from kontrak.clauses.catalogue import cited, clause
from kontrak.judging.expect import Blocked, expect, reading
from kontrak.providers.digiswitch import Digiswitch, DigiswitchAnswer
from kontrak.providers.digiswitch.account import DigiswitchAccount
from kontrak.providers.digiswitch.answer import BILL_AMOUNT

SUMS = {
    "pln": ("nilai_tagihan", "admin", "denda"),
    "pdam": ("nilai_tagihan", "denda", "biaya_lain"),
    "internet": ("nilai_tagihan", "admin"),
    "tv": ("nilai_tagihan",),
}
"""The amounts of a bill that are summed; where admin is not one of them, it is added once."""
PLATE_FEES = ("biaya_admin_tnkb", "biaya_tnkb")
"""The two names of the plate fee, the example's and the table's."""
FEES = (
    "biaya_pokok_bbn",
    "biaya_pokok_swd",
    "biaya_pokok_pkb",
    "biaya_denda_swd",
    "biaya_denda_bbn",
    "biaya_denda_pkb",
    "biaya_admin_stnk",
    "biaya_parkir_pokok",
    "biaya_pajak_progresif",
)

TEXTS = ("pln", "pdam", "internet", "multifinance", "tv", "samsat")
"""The products that write amounts as text."""
AMOUNTS = (BILL_AMOUNT, "admin", "denda")
DIGITS = re.compile(r"-?[0-9]+(\.[0-9]{1,2})?")

SELLING = [cited(f"DIGISWITCH-{key.upper()}-SUM", key, id=key) for key in SUMS]
ADMIN = [cited(f"DIGISWITCH-{key.upper()}-ADMIN", key, id=key) for key in ("pln", "internet")]


@pytest.mark.parametrize("key", SELLING)
def test_selling_price_is_the_sum_of_the_bills(
    digiswitch: Digiswitch, account: DigiswitchAccount, key: str
) -> None:
    names = SUMS[key]
    for paid in _payments(digiswitch, account, key):
        parts = {f"sum of {name}": sum(paid.bill_numbers(name), Decimal(0)) for name in names}
        if "admin" not in names:
            parts["admin"] = paid.number("admin")
        because = " + ".join(f"{name} {value}" for name, value in parts.items())
        with expect(paid) as that:
            wanted = sum(parts.values(), Decimal(0))
            that.equal("selling_price", paid.number("selling_price"), wanted, because)


@clause("DIGISWITCH-SAMSAT-SUM")
@pytest.mark.parametrize("key", ["samsat"])
def test_the_fees_of_a_vehicle_add_up(
    digiswitch: Digiswitch, account: DigiswitchAccount, key: str
) -> None:
    for paid in _payments(digiswitch, account, key):
        total = sum(_fees(paid).values(), Decimal(0)) + paid.number("admin")
        price, selling = paid.number("price"), paid.number("selling_price")
        with expect(paid) as that:
            because = f"sum of biaya with admin {paid.number('admin')}"
            that.that(
                total in (price, selling),
                f"price or selling_price = {total} ({because})",
                f"price = {price}, selling_price = {selling}",
            )
        reported = "price" if total == price else "selling_price"
        reading("what the fees of a vehicle add up to", reported, warns=total != price)


@pytest.mark.parametrize("key", ADMIN)
def test_admin_is_the_sum_over_the_bills(
    digiswitch: Digiswitch, account: DigiswitchAccount, key: str
) -> None:
    for paid in _payments(digiswitch, account, key):
        wanted = sum(paid.bill_numbers("admin"), Decimal(0))
        with expect(paid) as that:
            that.equal("admin", paid.number("admin"), wanted, "sum of admin over the bills")


@clause("DIGISWITCH-AMOUNT-SELLING-PRICE")
def test_price_is_not_above_selling_price(payments: list[DigiswitchAnswer]) -> None:
    for paid in payments:
        price, selling = paid.number("price"), paid.number("selling_price")
        with expect(paid) as that:
            that.that(
                0 < price <= selling,
                f"0 < price <= selling_price {selling}",
                f"price = {price}",
            )


@clause("DIGISWITCH-AMOUNT-DIGITS")
@pytest.mark.parametrize("key", TEXTS)
def test_amounts_of_a_bill_are_digits(
    digiswitch: Digiswitch, account: DigiswitchAccount, key: str
) -> None:
    for paid in _payments(digiswitch, account, key):
        desc = paid.value("desc")
        with expect(paid) as that:
            for place, name, text in _amount_texts(desc if isinstance(desc, dict) else {}):
                # Of another type it is judged by the clause of its place.
                empty = not text and name != BILL_AMOUNT
                kept = empty or DIGITS.fullmatch(text) is not None
                that.that(kept, f"{place} in digits, rupiah", text or "an empty string")


def _amount_texts(desc: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """The amounts that a bill writes as text: place, name and text."""
    details = desc.get("detail")
    holders = {"desc": desc}
    for number, detail in enumerate(details if isinstance(details, list) else ()):
        holders[f"desc.detail[{number}]"] = detail if isinstance(detail, dict) else {}
    for place, holder in holders.items():
        for name, text in holder.items():
            if isinstance(text, str) and (name in AMOUNTS or name.startswith("biaya_")):
                yield f"{place}.{name}", name, text


def _fees(paid: DigiswitchAnswer) -> dict[str, Decimal]:
    """The fees of a SAMSAT answer by name, the plate fee under the one name that it has."""
    desc = paid.value("desc")
    plate = [name for name in PLATE_FEES if isinstance(desc, dict) and name in desc]
    if len(plate) != 1:
        raise Blocked("DIGISWITCH-SAMSAT-TNKB")
    return {name: paid.amount(f"desc.{name}") for name in (*FEES, *plate)}


def _payments(
    digiswitch: Digiswitch, account: DigiswitchAccount, key: str
) -> list[DigiswitchAnswer]:
    return [one.paid for one in account.paid(digiswitch.product(key))]
