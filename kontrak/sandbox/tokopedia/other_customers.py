"""Bills of other customers than the documented ones: with a penalty, a discount, two months."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from kontrak.sandbox.tokopedia.bills import Bill, repriced
from kontrak.sandbox.tokopedia.catalogue import Entries, Entry
from kontrak.sandbox.tokopedia.making import with_entry
from kontrak.sandbox.tokopedia.money import amount_of, written_like

LATE = ("biznet-home", "kredit-mandiri-utama-finance", "pbb-kota-depok", "pbb-kab-semarang")
"""Products whose documented customer pays no penalty, though their lists have an entry for it."""
DISCOUNTED = ("pbb-kota-depok", "pbb-dki-jakarta-new")
TWO_MONTHS = (
    "pdam-dki-palyja", "pdam-kota-kediri", "pdam-jabar-kota-cirebon", "pdam-kab-pandeglang",
)  # fmt: skip
PENALTIES, DISCOUNTS = ("Denda", "Jumlah Denda"), ("Diskon",)
PRINCIPALS = ("Tagihan", "Jumlah Pokok", "Pokok")
TOTALS = ("Total Tagihan",)


def adjusted(
    names: tuple[str, ...], rupiah: int, reported: str, *, apart: tuple[str, ...] = ()
) -> Callable[[Bill], Bill]:
    """The bill with so much more (or less) to pay, reported in the entries of these names.

    Entries named in ``apart`` that showed the base price before show it still: they are the bill
    without it.
    """

    def change(bill: Bill) -> Bill:
        changed = repriced(bill, bill.base_price + rupiah)
        return replace(
            changed,
            inquiry_result=_put(bill.inquiry_result, changed.inquiry_result),
            fulfillment_result=_put(bill.fulfillment_result, changed.fulfillment_result),
        )

    def _put(before: Entries, now: Entries) -> Entries:
        return tuple(
            replace(new, value=reported) if new.name in names else old if old.name in apart else new
            for old, new in zip(before, now, strict=True)
        )

    return change


def of_two_months(bill: Bill) -> Bill:
    """A PDAM bill of two equal months: the entries of a month stand once for each of them."""
    doubled = repriced(bill, 2 * bill.base_price)
    first = next(i for i, one in enumerate(doubled.fulfillment_result) if one.name == "Periode")
    month = tuple(
        replace(one, value=bill.fulfillment_result[first + place].value)
        for place, one in enumerate(doubled.fulfillment_result[first:])
    )
    done = (*doubled.fulfillment_result[:first], *month, *month)
    return replace(
        doubled,
        inquiry_result=tuple(_of_two(one) for one in doubled.inquiry_result),
        fulfillment_result=tuple(
            replace(one, value="2") if one.name == "Jumlah Periode" else one for one in done
        ),
    )


def _of_two(entry: Entry) -> Entry:
    match entry.name:
        case "Jumlah Periode":
            return replace(entry, value="2")
        case "Periode":
            return replace(entry, value=f"{entry.value}, {entry.value}")
        case "Pemakaian":
            number, _, unit = (entry.value or "0").partition(" ")
            return replace(entry, value=f"{2 * int(number)} {unit}".strip())
    return entry


def of_a_member(bill: Bill) -> Bill:
    """A BPJS bill asked for with a member's number: the head of the family has another."""
    return with_entry(bill, "inquiry", 0, "0009994301999")


def asked_by_customer_id(bill: Bill) -> Bill:
    """A PLN token bought with the customer id: the meter has another number."""
    return with_entry(bill, "order", 1, "52861111199")


def with_top_up_fee(bill: Bill) -> Bill:
    """A wallet with a fee of 1,000 rupiah: Nominal Top-up is what arrives, not what is paid."""

    def other(entry: Entry) -> Entry:
        if entry.name == "Biaya Admin":
            return replace(entry, value=written_like(entry.value or "Rp0", 1_000))
        if entry.name == "Nominal Top-up" and entry.value:
            return replace(entry, value=written_like(entry.value, bill.base_price - 1_000))
        return entry

    return replace(
        bill,
        base_price=bill.base_price - 1_000,
        admin_fee=1_000,
        inquiry_result=tuple(map(other, bill.inquiry_result)),
        fulfillment_result=tuple(map(other, bill.fulfillment_result)),
    )


def with_decimals(bill: Bill) -> Bill:
    """Every amount with two decimals behind a comma."""

    def other(entry: Entry) -> Entry:
        plain = entry.value is not None and amount_of(entry.value) is not None
        return replace(entry, value=f"{entry.value},00") if plain else entry

    return replace(
        bill,
        inquiry_result=tuple(map(other, bill.inquiry_result)),
        fulfillment_result=tuple(map(other, bill.fulfillment_result)),
    )
