"""Faults of one product each: the names of its lists, the amounts in them, and other values.

Every product has one of each; which way its list or value goes wrong changes from one to the next.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import cycle

from kontrak.sandbox.changes import Fault, Wrapper
from kontrak.sandbox.tokopedia.bills import Bill, without_penalty
from kontrak.sandbox.tokopedia.catalogue import Attributes, Entry, Product, products
from kontrak.sandbox.tokopedia.making import (
    about,
    both,
    fault,
    fulfilled,
    inquired,
    with_attributes,
    with_bill,
    with_entry,
)
from kontrak.sandbox.tokopedia.money import amount_of, written_like

Listed = list[dict[str, str]]
Change = Callable[[Listed, int], Listed]
LISTS = {"inquiry": "inquiry_result", "order": "fulfillment_result"}


def clause_of(code: str) -> str:
    """How the clauses call a product."""
    return re.sub(r"[^A-Z0-9]+", "-", code.upper())


def slug_of(code: str) -> str:
    """How the faults call a product."""
    return clause_of(code).lower()


# Names. The place is that of an entry that every answer has.


def _left_out(entries: Listed, place: int) -> Listed:
    return [*entries[:place], *entries[place + 1 :]]


def _renamed(entries: Listed, place: int) -> Listed:
    entry = entries[place]
    return [*entries[:place], {**entry, "name": f"{entry['name']} Anda"}, *entries[place + 1 :]]


def _in_capitals(entries: Listed, place: int) -> Listed:
    entry = entries[place]
    return [*entries[:place], {**entry, "name": entry["name"].swapcase()}, *entries[place + 1 :]]


def _moved(entries: Listed, place: int) -> Listed:
    rest = [*entries[:place], *entries[place + 1 :]]
    return [*rest, entries[place]] if place < len(rest) else [entries[place], *rest]


def _twice(entries: Listed, place: int) -> Listed:
    return [*entries[: place + 1], entries[place], *entries[place + 1 :]]


def _with_another(entries: Listed, place: int) -> Listed:
    return [*entries[: place + 1], {"name": "Catatan", "value": ""}, *entries[place + 1 :]]


NAMES: dict[str, tuple[str, Change]] = {
    "missing": ("is left out", _left_out),
    "renamed": ("has Anda behind its name", _renamed),
    "moved": ("stands at the other end", _moved),
    "twice": ("stands twice", _twice),
    "capitals": ("has its name in other case", _in_capitals),
    "followed": ("is followed by one that no list has", _with_another),
}


def _steady(product: Product, message: str) -> int:
    """The place of an entry that is in every answer and whose name no other one has."""
    entries = product.inquiry_result if message == "inquiry" else product.fulfillment_result
    names = [entry.name for entry in entries]
    wanted = (
        place
        for place, entry in enumerate(entries)
        if names.count(entry.name) == 1
        and place not in product.optional[message]
        and not re.search(r"\d{4}$", entry.name)
    )
    return next(wanted, 0)


def _list_fault(product: Product, message: str, kind: str) -> Fault:
    returned, change = NAMES[kind]
    place = _steady(product, message)
    entries = product.inquiry_result if message == "inquiry" else product.fulfillment_result
    if len(entries) == 1 and kind == "moved":
        returned, change, kind = *NAMES["renamed"], "renamed"
    when = both(inquired if message == "inquiry" else fulfilled, about(product.code))
    name = LISTS[message]

    def edit(attributes: Attributes) -> None:
        attributes[name] = change(attributes[name], place)

    return fault(
        f"{slug_of(product.code)}-{message}-name-{kind}",
        f"{clause_of(product.code)}-{message.upper()}-NAMES",
        f"{entries[place].name} of {name} of {product.code} {returned}.",
        finish=with_attributes(edit, when),
    )  # fmt: skip


# Amounts


def _tied(product: Product, *prefixes: str) -> Iterator[tuple[str, int, Entry]]:
    """Message, place and entry of what takes part in relations of these kinds."""
    lists = (("order", product.fulfillment_result), ("inquiry", product.inquiry_result))
    for prefix in prefixes:
        for message, entries in lists:
            for place in sorted(product.tied(f"{prefix}-{message}", message)):
                if entries[place].value:
                    yield message, place, entries[place]


def _rupiah(text: str | None) -> int | None:
    """An amount, also one that is written without Rp."""
    return int(text) if text and text.isdigit() else amount_of(text)


def _amount_fault(product: Product, more: int) -> Fault | None:
    found = [
        one
        for one in _tied(product, "total-paid", "shown-price", "admin-row", "total-bill", "bill")
        if _rupiah(one[2].value) is not None
    ]
    if not found:
        return None
    message, place, entry = found[abs(more) % len(found)]
    more = abs(more) if _rupiah(entry.value) == 0 else more

    def change(bill: Bill) -> Bill:
        value = _entry(bill, message, place).value or ""
        return with_entry(bill, message, place, written_like(value, (_rupiah(value) or 0) + more))

    return fault(
        f"{slug_of(product.code)}-amount-off",
        f"{clause_of(product.code)}-AMOUNTS",
        f"{entry.name} in the {message} list of {product.code} is off by {abs(more)} rupiah.",
        bill_of=with_bill(change, product.code),
    )  # fmt: skip


def _entry(bill: Bill, message: str, place: int) -> Entry:
    return (bill.inquiry_result if message == "inquiry" else bill.fulfillment_result)[place]


# Values


def _digit_changed(text: str) -> str:
    return f"{text[:-1]}{'1' if text[-1] != '1' else '2'}"


def _in_idr(text: str) -> str:
    return text.replace("Rp", "IDR")


def _value_fault(product: Product) -> Fault | None:
    for message, place, entry in _tied(product, "number", "serial-number", "voucher-code"):
        return fault(
            f"{slug_of(product.code)}-value-of-another",
            f"{clause_of(product.code)}-VALUES",
            f"{entry.name} in the {message} list of {product.code} is another customer's.",
            bill_of=with_bill(_all_changed(product, message, place), product.code),
        )  # fmt: skip
    for place, entry in enumerate(product.fulfillment_result):
        if amount_of(entry.value) is not None:
            return fault(
                f"{slug_of(product.code)}-value-in-idr",
                f"{clause_of(product.code)}-VALUES",
                f"{entry.name} in the order list of {product.code} is written with IDR.",
                bill_of=with_bill(_with_changed("order", place, _in_idr), product.code),
            )  # fmt: skip
    return None


def _all_changed(product: Product, message: str, place: int) -> Callable[[Bill], Bill]:
    """Another's number in this entry, and in those of which one has to be the customer's."""
    together = (one.places(message) for one in product.relations if one.id == f"number-{message}")
    places = next((found for found in together if place in found), {place})

    def change(bill: Bill) -> Bill:
        for one in places:
            bill = _with_changed(message, one, _digit_changed)(bill)
        return bill

    return change


def _with_changed(message: str, place: int, change: Callable[[str], str]) -> Callable[[Bill], Bill]:
    return lambda bill: with_entry(
        bill, message, place, change(_entry(bill, message, place).value or "")
    )


def _all() -> Iterator[Fault]:
    known = {product.code: product for product in products().values()}
    kinds, amounts = cycle(NAMES), cycle((1, -1, 1_000, 2_500))
    for product in known.values():
        if product.code == "sony-sugema-college-2":
            continue  # no clause is about the list that no document shows
        if product.inquiry is not None:
            yield _list_fault(product, "inquiry", next(kinds))
        yield _list_fault(product, "order", next(kinds))
        yield from filter(None, (_amount_fault(product, next(amounts)), _value_fault(product)))


def _one(code: str, message: str, place: int, value: str) -> Wrapper:
    """Wraps ``bill_of``: another text in one entry of one product."""
    return with_bill(lambda bill: with_entry(bill, message, place, value), code)


def _on(code: str, change: Callable[[Bill], Bill]) -> Wrapper:
    return with_bill(change, code)


def _exchanged(bill: Bill) -> Bill:
    """JKK and JKM of the order in one another's place: their sum is the same."""
    first, second = (_entry(bill, "order", place).value or "" for place in (4, 5))
    return with_entry(with_entry(bill, "order", 4, second), "order", 5, first)


POSTPAID, PREPAID = "pln-postpaid-new", "pln-prepaid-token-50k-sat-new"

SUBTLE = (
    fault(
        "pln-token-of-nineteen-digits", "PLN-PREPAID-TOKEN-50K-SAT-NEW-VALUES",
        "The token of PLN prepaid has nineteen digits.",
        bill_of=_one(PREPAID, "order", 12, "1378 7553 5576 5816 125"),
    ),
    fault(
        "pln-token-without-blanks", "PLN-PREPAID-TOKEN-50K-SAT-NEW-VALUES",
        "The token of PLN prepaid is written with dashes.",
        bill_of=_one(PREPAID, "order", 12, "1378-7553-5576-5816-1258"),
    ),
    fault(
        "pln-voucher-of-another-token", "PLN-PREPAID-TOKEN-50K-SAT-NEW-VALUES",
        "voucher_code of PLN prepaid is another token.",
        bill_of=_on(PREPAID, lambda bill: replace(bill, voucher_code="1378-7553-5576-5816-1259")),
    ),
    fault(
        "pln-serial-of-another-token", "PLN-PREPAID-TOKEN-50K-SAT-NEW-VALUES",
        "serial_number of PLN prepaid is another token.",
        bill_of=_on(PREPAID, lambda bill: replace(bill, serial_number="2378-7553-5576-5816-1258")),
    ),
    fault(
        "pln-bills-of-one-too-few", "PLN-POSTPAID-NEW-AMOUNTS",
        "TAGIHAN of PLN postpaid lists three amounts for four bills.",
        bill_of=_one(POSTPAID, "order", 11, "393712, 342713, 175821"),
    ),
    fault(
        "pln-bills-off-by-one", "PLN-POSTPAID-NEW-AMOUNTS",
        "The amounts of PLN postpaid's bills add up to one rupiah more than RP TAG PLN.",
        bill_of=_one(POSTPAID, "order", 11, "156231, 237481, 342713, 175822"),
    ),
    fault(
        "pln-penalty-forgotten", "PLN-POSTPAID-NEW-AMOUNTS",
        "PENALTY of PLN postpaid is 0 for every bill.",
        bill_of=_one(POSTPAID, "order", 12, "0, 0, 0, 0"),
    ),
    fault(
        "pln-due-dates-too-few", "PLN-POSTPAID-NEW-AMOUNTS",
        "JATUH TEMPO of PLN postpaid lists three dates for four bills.",
        bill_of=_one(POSTPAID, "order", 13, "2023-05-22, 2023-06-22, 2023-07-22"),
    ),
    fault(
        "pln-bill-count-off", "PLN-POSTPAID-NEW-AMOUNTS",
        "TOTAL TAGIHAN of PLN postpaid counts three of four bills.",
        bill_of=_one(POSTPAID, "inquiry", 9, "3 BULAN"),
    ),
    fault(
        "pln-months-in-numbers", "PLN-POSTPAID-NEW-VALUES",
        "BL/TH of PLN postpaid has months as 202305.",
        bill_of=_one(POSTPAID, "order", 9, "202305, 202306, 202307, 202308"),
    ),
    fault(
        "pln-due-date-in-no-calendar", "PLN-POSTPAID-NEW-VALUES",
        "JATUH TEMPO of PLN postpaid has the 31st of June.",
        bill_of=_one(POSTPAID, "order", 13, "2023-05-22, 2023-06-31, 2023-07-22, 2023-08-22"),
    ),
    fault(
        "kredit-mandiri-date-in-no-calendar", "KREDIT-MANDIRI-UTAMA-FINANCE-VALUES",
        "Jatuh Tempo of kredit-mandiri-utama-finance has a twentieth month.",
        bill_of=_one("kredit-mandiri-utama-finance", "inquiry", 3, "2020-20-02"),
    ),
    fault(
        "cirebon-other-month", "PDAM-JABAR-KOTA-CIREBON-VALUES",
        "Periode of pdam-jabar-kota-cirebon is a month earlier in the order.",
        bill_of=_one("pdam-jabar-kota-cirebon", "order", 9, "NOV22"),
    ),
    fault(
        "samsat-jatim-other-date", "SAMSAT-JATIM-VALUES",
        "Tanggal Masa Laku of samsat-jatim is another day in the order.",
        bill_of=_one("samsat-jatim", "order", 9, "13/10/2023"),
    ),
    fault(
        "samsat-kaltara-penalty-unsummed", "SAMSAT-KALTARA-AMOUNTS",
        "Denda PKB of samsat-kaltara is not in Tagihan.",
        bill_of=_one("samsat-kaltara", "inquiry", 9, "Rp60.000"),
    ),
    fault(
        "samsat-kaltara-empty-penalty", "SAMSAT-KALTARA-INQUIRY-NAMES",
        "samsat-kaltara shows Bea Balik Nama, which no document names.",
        finish=with_attributes(
            lambda attributes: attributes["inquiry_result"].insert(
                9, {"name": "Bea Balik Nama", "value": "Rp0"}
            ),
            both(inquired, about("samsat-kaltara")),
        ),
    ),
    fault(
        "kep-riau-other-vehicle", "SAMSAT-KEP-RIAU-VALUES",
        "Tipe Kendaraan of samsat-kep-riau is another vehicle's in the order.",
        bill_of=_one("samsat-kep-riau", "order", 4, "MINIBUS LAIN"),
    ),
    fault(
        "bpjs-programmes-exchanged", "BPJS-KETENAGAKERJAAN-IURAN-1MONTH-AMOUNTS",
        "JKK and JKM of bpjs-ketenagakerjaan-iuran-1month are exchanged in the order.",
        bill_of=_on("bpjs-ketenagakerjaan-iuran-1month", _exchanged),
    ),
    fault(
        "transvision-fee-twice", "TRANSVISION-AMOUNTS",
        "Total Bayar of transvision adds the fee twice.",
        bill_of=_one("transvision", "inquiry", 2, "Rp476.750"),
    ),
    fault(
        "surabaya-meter-off", "PDAM-JATIM-KOTA-SURABAYA-NEW-AMOUNTS",
        "Stand Meter of pdam-jatim-kota-surabaya-new spans ten where Pemakaian is eleven.",
        bill_of=_one("pdam-jatim-kota-surabaya-new", "order", 12, "1124-1134 m3"),
    ),
    fault(
        "bandung-barat-amount-of-another", "PBB-KAB-BANDUNG-BARAT-AMOUNTS",
        "Jumlah Pembayaran of pbb-kab-bandung-barat is another customer's in the order.",
        bill_of=_one("pbb-kab-bandung-barat", "order", 3, "Rp 7.308.964"),
    ),
    fault(
        "mobile-legends-other-server", "MOBILE-LEGENDS-18-DIAMONDS-VALUES",
        "Server ID of mobile-legends-18-diamonds is not the zone_id of the request.",
        bill_of=_one("mobile-legends-18-diamonds", "order", 3, "13396"),
    ),
    fault(
        "medan-month-unsummed", "PDAM-SUMATERA-KOTA-MEDAN-AMOUNTS",
        "The months of pdam-sumatera-kota-medan do not add up to Jumlah Tagihan.",
        bill_of=_one("pdam-sumatera-kota-medan", "inquiry", 6, "Rp7.000"),
    ),
)  # fmt: skip


def _with_blanks(bill: Bill) -> Bill:
    """The bill without a penalty, whose entries are there and empty."""
    optional = bill.asked.product.optional
    for message in LISTS:
        for place in optional[message]:
            bill = with_entry(bill, message, place, "")
    return bill


BLANKS = tuple(
    fault(
        f"{code}-blank-penalty", f"{clause_of(code)}-INQUIRY-NAMES",
        f"{code} without a penalty shows its entries empty instead of leaving them out.",
        also=(f"{clause_of(code)}-ORDER-NAMES",), because="both lists show them",
        bill_of=with_bill(lambda bill: _with_blanks(without_penalty(bill)), code),
    )
    for code in ("samsat-jatim", "samsat-kep-riau", "samsat-kaltara", "samsat-sulut")
)  # fmt: skip

FAULTS: tuple[Fault, ...] = (*_all(), *SUBTLE, *BLANKS)
