"""Other bills than the documented ones, and just as right: for variants."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from kontrak.sandbox.tokopedia.bills import Bill, repriced
from kontrak.sandbox.tokopedia.catalogue import Entries, Entry
from kontrak.sandbox.tokopedia.money import amount_of, written_like

PLN_BILLS = (165_231, 243_481, 345_713, 175_821)
"""What PLN postpaid's four months cost, with their penalties."""

SUMS = (
    "total-paid", "shown-price", "admin-row", "bill-inquiry", "bill-order", "total-bill", "rows",
    "components", "pkb", "bill-with-penalty", "total-with-penalty", "programmes",
    "principal-and-penalties",
    "token-components", "month-components", "bills", "lists",
)  # fmt: skip


def times(factor: int) -> Callable[[Bill], Bill]:
    """Every amount so many times as high."""

    def change(bill: Bill) -> Bill:
        if bill.asked.product.open_amount:
            return bill
        return replace(
            bill,
            base_price=bill.base_price * factor,
            admin_fee=bill.admin_fee * factor,
            inquiry_result=_multiplied(bill, "inquiry", bill.inquiry_result, factor),
            fulfillment_result=_multiplied(bill, "order", bill.fulfillment_result, factor),
        )

    return change


def _multiplied(bill: Bill, message: str, entries: Entries, factor: int) -> Entries:
    tied: set[int] = set().union(*(bill.asked.product.tied(one, message) for one in SUMS))
    return tuple(
        replace(entry, value=_times(entry.value, factor))
        if place in tied or amount_of(entry.value) is not None
        else entry
        for place, entry in enumerate(entries)
    )


def _times(text: str | None, factor: int) -> str | None:
    if not text:
        return text
    return re.sub(
        r"(Rp ?)?\d[\d.]*",
        lambda found: written_like(found.group(), int(re.sub(r"\D", "", found.group())) * factor),
        text,
    )


def with_names(masked: str, full: str) -> Callable[[Bill], Bill]:
    """Another customer's name, masked at the inquiry as ``masked`` is."""

    def change(bill: Bill) -> Bill:
        inquired, done = _named(bill, "inquiry"), _named(bill, "order")
        return replace(
            bill,
            masked_name=masked,
            name=full,
            inquiry_result=_put(bill.inquiry_result, inquired, masked),
            fulfillment_result=_put(bill.fulfillment_result, done, full),
        )

    return change


def _named(bill: Bill, message: str) -> set[int]:
    return bill.asked.product.tied("name-", message)


def _put(entries: Entries, places: set[int], value: str) -> Entries:
    return tuple(
        replace(entry, value=value) if place in places and entry.value else entry
        for place, entry in enumerate(entries)
    )


def unmasked(bill: Bill) -> Bill:
    """The full name also at the inquiry."""
    places = _named(bill, "inquiry")
    shown = _put(bill.inquiry_result, places, bill.name) if bill.name else bill.inquiry_result
    return replace(bill, masked_name=bill.name or bill.masked_name, inquiry_result=shown)


def still_masked(bill: Bill) -> Bill:
    """The masked name also in the order."""
    done = _put(bill.fulfillment_result, _named(bill, "order"), bill.masked_name)
    named = bill.masked_name
    return replace(bill, name=named, fulfillment_result=done) if named else bill


_MONTHS = {"Feb": "Des", "May": "Okt", "Jun": "Mei", "Jul": "Agu"}


def in_indonesian(bill: Bill) -> Bill:
    """Days in months that English shortens otherwise."""

    def other(entry: Entry) -> Entry:
        if entry.value is None:
            return entry
        reported = re.sub(
            rf"(?<=\d )({'|'.join(_MONTHS)})(?= \d{{4}})", lambda one: _MONTHS[one[0]], entry.value
        )
        return replace(entry, value=reported)

    return replace(
        bill,
        inquiry_result=tuple(map(other, bill.inquiry_result)),
        fulfillment_result=tuple(map(other, bill.fulfillment_result)),
    )


def restyled(bill: Bill) -> Bill:
    """Amounts with a blank where the document has none, and without where it has one."""

    def other(entry: Entry) -> Entry:
        if entry.value is None or amount_of(entry.value) is None:
            return entry
        blank = entry.value.startswith("Rp ")
        return replace(
            entry,
            value=entry.value.replace("Rp ", "Rp") if blank else entry.value.replace("Rp", "Rp "),
        )

    return replace(
        bill,
        inquiry_result=tuple(map(other, bill.inquiry_result)),
        fulfillment_result=tuple(map(other, bill.fulfillment_result)),
    )


def with_denda_pkb(bill: Bill) -> Bill:
    """SAMSAT KEP RIAU with the penalty that the note names and no example shows."""
    dearer = repriced(bill, bill.base_price + 12_500)
    return replace(
        dearer,
        inquiry_result=_put_at(dearer.inquiry_result, "Denda PKB"),
        fulfillment_result=_put_at(dearer.fulfillment_result, "Denda PKB"),
    )


def _put_at(entries: Entries, name: str) -> Entries:
    return tuple(replace(one, value="Rp12.500") if one.name == name else one for one in entries)


def medan_of(*months: str) -> Callable[[Bill], Bill]:
    """PDAM Medan with a bill of 6,000 rupiah for each of these months, and the same penalty."""

    def change(bill: Bill) -> Bill:
        inquiry, order = bill.inquiry_result, bill.fulfillment_result
        base = 6_000 * len(months)
        changed = repriced(bill, base + 10_000)
        inquiry, order = changed.inquiry_result, changed.fulfillment_result
        due = f"Rp{base:,}".replace(",", ".")
        used = [one for month in months for one in (
            Entry(month, "Rp6.000"), Entry("Pemakaian", "10 m3")
        )]  # fmt: skip
        paid = [one for month in months for one in (
            Entry("Periode", month), Entry("Tagihan", "Rp6.000")
        )]  # fmt: skip
        shown = (*inquiry[:4], *used, *inquiry[8:])
        done = (*order[:10], *paid, *order[14:])
        count = str(len(months))
        return replace(
            changed,
            inquiry_result=_by_name(shown, {"Jumlah Periode": count, "Jumlah Tagihan": due}),
            fulfillment_result=_by_name(done, {"Jumlah Periode": count, "Total Tagihan": due}),
        )

    return change


def _by_name(entries: Entries, values: dict[str, str]) -> Entries:
    return tuple(replace(one, value=values.get(one.name, one.value)) for one in entries)


def comet_of_two(bill: Bill) -> Bill:
    """Comet with bills of two months."""
    changed = repriced(bill, bill.base_price + 100_000)
    two = (Entry("Juli 2022", "Rp100.000"), Entry("Agustus 2022", "Rp195.640"))
    return replace(
        changed,
        inquiry_result=(*changed.inquiry_result[:5], *two),
        fulfillment_result=(*changed.fulfillment_result[:5], *two),
    )


def pln_of(months: int) -> Callable[[Bill], Bill]:
    """PLN postpaid with the bills of the first so many of its four months."""

    def first(one: Entry) -> Entry:
        parts = (one.value or "").split(", ")
        return replace(one, value=", ".join(parts[:months]) if len(parts) == 4 else one.value)

    def change(bill: Bill) -> Bill:
        changed = repriced(bill, sum(PLN_BILLS[:months]))
        counts = {"Jumlah Tagihan": str(months), "TOTAL TAGIHAN": f"{months} BULAN"}
        return replace(
            changed,
            inquiry_result=tuple(map(first, _by_name(changed.inquiry_result, counts))),
            fulfillment_result=tuple(map(first, _by_name(changed.fulfillment_result, counts))),
        )

    return change


def pln_short_meter(bill: Bill) -> Bill:
    """PLN postpaid with a meter of five digits."""
    short = ", ".join(["12345-12400"] * 4)
    shown = _by_name(bill.inquiry_result, {"STAND METER": "12345-12400"})
    done = _by_name(bill.fulfillment_result, {"STAND METER": short})
    return replace(bill, inquiry_result=shown, fulfillment_result=done)


def indihome_of_two(bill: Bill) -> Bill:
    """Indihome with bills of two months in one sum."""
    values = {"Periode Bayar": "Februari 2022, Maret 2022", "Jumlah Tagihan": "2"}
    return replace(
        bill,
        inquiry_result=_by_name(bill.inquiry_result, values),
        fulfillment_result=_by_name(bill.fulfillment_result, values),
    )


def with_fee_more(rupiah: int) -> Callable[[Bill], Bill]:
    """The bill with a fee that is so much higher, wherever the price and the fee are shown."""

    def change(bill: Bill) -> Bill:
        if bill.asked.product.open_amount or bill.asked.product.inquiry is None:
            return bill
        old = bill.sales_price

        def changed(message: str, entries: Entries) -> Entries:
            fees = bill.asked.product.tied("admin-row", message)
            paid = bill.asked.product.tied("total-paid", message)
            return tuple(
                replace(entry, value=_times_more(entry.value, rupiah))
                if entry.value
                and (place in fees | paid or (bill.admin_fee and _amount(entry.value) == old))
                else entry
                for place, entry in enumerate(entries)
            )

        return replace(
            bill,
            admin_fee=bill.admin_fee + rupiah,
            inquiry_result=changed("inquiry", bill.inquiry_result),
            fulfillment_result=changed("order", bill.fulfillment_result),
        )

    return change


def free_of_fee(bill: Bill) -> Bill:
    """The bill without a fee, wherever the price and the fee are shown."""
    return with_fee_more(-bill.admin_fee)(bill)


def _amount(text: str) -> int | None:
    return int(text) if text.isdigit() else amount_of(text)


def _times_more(text: str, rupiah: int) -> str:
    return written_like(text, (_amount(text) or 0) + rupiah)


def without_rp(bill: Bill) -> Bill:
    """Amounts in digits alone."""
    return _rewritten(bill, lambda text: re.sub(r"\D", "", text) if amount_of(text) else text)


def with_rp(bill: Bill) -> Bill:
    """The amounts that are digits alone, with ``Rp`` before them."""
    product = bill.asked.product

    def changed(message: str, entries: Entries) -> Entries:
        amounts = set().union(*(product.tied(one, message) for one in SUMS))
        return tuple(
            replace(entry, value=f"Rp{int(entry.value):,}".replace(",", "."))
            if place in amounts and entry.value and entry.value.isdigit()
            else entry
            for place, entry in enumerate(entries)
        )

    return replace(
        bill,
        inquiry_result=changed("inquiry", bill.inquiry_result),
        fulfillment_result=changed("order", bill.fulfillment_result),
    )


def _rewritten(bill: Bill, write: Callable[[str], str]) -> Bill:
    def other(entry: Entry) -> Entry:
        return replace(entry, value=write(entry.value)) if entry.value else entry

    return replace(
        bill,
        inquiry_result=tuple(map(other, bill.inquiry_result)),
        fulfillment_result=tuple(map(other, bill.fulfillment_result)),
    )
