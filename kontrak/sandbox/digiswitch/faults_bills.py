"""Faults of what a bill says: its count, its periods, its sums, and SAMSAT's two numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from kontrak.sandbox.changes import Fault, Wrapper
from kontrak.sandbox.digiswitch.bills import PRODUCTS, Bill
from kontrak.sandbox.digiswitch.customers import SUCCESS, TWO_BILLS, Customer, plain
from kontrak.sandbox.digiswitch.making import fault, with_bill, with_desc
from kontrak.sandbox.edits import Edit, holders, retyped
from kontrak.sandbox.json_body import Fields

DETAILED = tuple(code for code, one in PRODUCTS.items() if "detail" in one.desc("", TWO_BILLS))
PERIODE = "detail[].periode"


def _counted() -> Iterator[Fault]:
    for code in PRODUCTS:
        clause = f"DIGISWITCH-{code.upper()}-LEMBAR"
        if code in DETAILED:
            yield fault(
                f"{code}-lembar-one-more", clause,
                f"For {code}, lembar_tagihan counts one bill more than there is.",
                bill_of=with_desc(retyped("lembar_tagihan", lambda count: count + 1), code),
            )  # fmt: skip
        else:
            yield fault(
                f"{code}-has-detail", clause, f"For {code}, desc has a detail.",
                bill_of=with_desc(lambda desc: desc.update(detail=[{"periode": "1"}]), code),
            )  # fmt: skip
    for code, number in (("pln", "two"), ("internet", "two")):
        yield fault(
            f"{code}-lembar-always-one", f"DIGISWITCH-{code.upper()}-LEMBAR",
            f"For {code}, lembar_tagihan of {number} bills is 1.",
            bill_of=with_desc(lambda desc: desc.update(lembar_tagihan=1), code),
        )  # fmt: skip


def _periode(change: Callable[[str], str]) -> Edit:
    return retyped(PERIODE, change)


# Each is the form of another product, or a near miss of its own.
OTHER_FORMS: tuple[tuple[str, str, str, Callable[[str], str]], ...] = (
    ("pln", "month-first", "as MMYYYY", lambda text: text[4:] + text[:4]),
    ("pln", "month-thirteen", "with the month 13", lambda text: f"{text[:4]}{12 + int(text[4:])}"),
    ("pdam", "in-words", "as MMM YYYY", lambda _: "JAN 2019"),
    ("pdam", "with-hyphen", "as YYYY-MM", lambda text: f"{text[:4]}-{text[4:]}"),
    ("internet", "in-digits", "as YYYYMM", lambda text: f"20190{5 + (text[:3] == 'JUN')}"),
    ("internet", "short-year", "as MMM YY", lambda text: f"{text[:4]}{text[6:]}"),
    ("bpjs", "in-words", "as a month", lambda _: "MEI 2019"),
    ("bpjs", "one-of-no-digits", "in words", lambda _: "SATU"),
    ("multifinance", "in-words", "as a month", lambda _: "MEI 2019"),
    ("multifinance", "with-slash", "as one of all instalments", lambda text: f"{text}/030"),
    ("pgas", "in-words", "as MMM YY", lambda text: {"03": "MAR 20", "04": "APR 20"}[text[:2]]),
    ("pgas", "year-first", "as YYMM", lambda text: text[2:] + text[:2]),
    ("tv", "in-digits", "as MMYY", lambda _: "0522"),
    ("tv", "long-year", "as MMM YYYY", lambda text: f"{text[:4]}20{text[4:]}"),
)


def _periods() -> Iterator[Fault]:
    for code, word, text, change in OTHER_FORMS:
        yield fault(
            f"{code}-periode-{word}", f"DIGISWITCH-{code.upper()}-PERIODE",
            f"For {code}, periode is written {text}.",
            bill_of=with_desc(_periode(change), code),
        )  # fmt: skip


def _same_month(desc: Fields) -> None:
    for detail in desc["detail"]:
        detail["periode"] = desc["detail"][0]["periode"]


def _meters_swapped(desc: Fields) -> None:
    for detail in desc["detail"]:
        detail["meter_awal"], detail["meter_akhir"] = detail["meter_akhir"], detail["meter_awal"]


OTHERS = (
    fault(
        "bills-month-twice", "DIGISWITCH-BILLS-DISTINCT",
        "Both bills of an internet customer are of one month.",
        bill_of=with_desc(_same_month, "internet"),
    ),
    fault(
        "bills-month-twice-for-pln", "DIGISWITCH-BILLS-DISTINCT",
        "Both bills of a PLN customer are of one month.",
        bill_of=with_desc(_same_month, "pln"),
    ),
    *(
        fault(
            f"bills-meters-swapped-for-{code}", "DIGISWITCH-BILLS-METERS",
            f"For {code}, the meter runs backwards.",
            bill_of=with_desc(_meters_swapped, code),
        )
        for code in ("pln", "pdam", "pgas")
    ),
)  # fmt: skip


# Amounts. selling_price alone is what the customer owes: the price that is taken stays.


def _selling(change: Callable[[Bill], int], code: str) -> Wrapper:
    return with_bill(lambda bill: replace(bill, selling_price=change(bill)), code)


def _sum_of(bill: Bill, name: str) -> int:
    return sum(int(holder[key]) for holder, key in holders(bill.desc, f"detail[].{name}"))


def _pricier_detail(name: str, rupiah: int) -> Edit:
    """The last bill's amount is another; what it is summed to stays."""

    def edit(desc: Fields) -> None:
        last = desc["detail"][-1]
        last[name] = str(int(last[name]) + rupiah)

    return edit


def _sums() -> Iterator[Fault]:
    for code in ("pln", "pdam", "internet", "tv"):
        clause = f"DIGISWITCH-{code.upper()}-SUM"
        yield fault(
            f"{code}-sum-off-by-one", clause, f"For {code}, selling_price is one rupiah too high.",
            bill_of=_selling(lambda bill: bill.selling_price + 1, code),
        )  # fmt: skip
        yield fault(
            f"{code}-last-bill-off-by-one", clause,
            f"For {code}, nilai_tagihan of the last bill is one rupiah above what is summed.",
            bill_of=with_desc(_pricier_detail("nilai_tagihan", 1), code),
        )  # fmt: skip
    for code, name in (("pln", "denda"), ("pdam", "denda"), ("pdam", "biaya_lain")):
        yield fault(
            f"{code}-sum-without-{name.replace('_', '-')}", f"DIGISWITCH-{code.upper()}-SUM",
            f"For {code}, selling_price leaves out {name}, and price does.",
            bill_of=with_bill(_cheaper(lambda bill, name=name: _sum_of(bill, name)), code),  # type: ignore[misc]  # the default binds the loop's name
        )  # fmt: skip
    for code in ("pln", "pdam", "internet", "tv"):
        yield fault(
            f"{code}-sum-without-admin", f"DIGISWITCH-{code.upper()}-SUM",
            f"For {code}, selling_price leaves out the admin fee, and price does.",
            bill_of=with_bill(_cheaper(lambda bill: bill.admin), code),
        )  # fmt: skip


def _cheaper(by: Callable[[Bill], int]) -> Callable[[Bill], Bill]:
    def change(bill: Bill) -> Bill:
        less = by(bill)
        return replace(bill, selling_price=bill.selling_price - less, price=bill.price - less)

    return change


def _other_admin(code: str) -> Iterator[Fault]:
    clause = f"DIGISWITCH-{code.upper()}-ADMIN"
    yield fault(
        f"{code}-admin-off-by-one", clause, f"For {code}, admin is one rupiah too low.",
        bill_of=with_bill(lambda bill: replace(bill, admin=bill.admin - 1), code),
    )  # fmt: skip
    yield fault(
        f"{code}-admin-of-one-bill", clause,
        f"For {code}, admin of two bills is the fee of one.",
        bill_of=with_bill(lambda bill: replace(bill, admin=2500), code),
    )  # fmt: skip


AMOUNTS = (
    *_sums(),
    fault(
        "samsat-sum-off-by-one", "DIGISWITCH-SAMSAT-SUM",
        "For samsat, biaya_pokok_pkb is one rupiah above what is summed.",
        bill_of=with_desc(retyped("biaya_pokok_pkb", lambda text: str(int(text) + 1)), "samsat"),
    ),
    fault(
        "samsat-sum-without-swd", "DIGISWITCH-SAMSAT-SUM",
        "For samsat, price leaves out biaya_pokok_swd.",
        bill_of=with_bill(_cheaper(lambda bill: int(bill.desc["biaya_pokok_swd"])), "samsat"),
    ),
    fault(
        "samsat-sum-without-admin", "DIGISWITCH-SAMSAT-SUM",
        "For samsat, price leaves out the admin fee.",
        bill_of=with_bill(_cheaper(lambda bill: bill.admin), "samsat"),
    ),
    *_other_admin("pln"),
    *_other_admin("internet"),
    *(
        fault(
            f"{code}-selling-price-below-price", "DIGISWITCH-AMOUNT-SELLING-PRICE",
            f"For {code}, selling_price is one rupiah below price.",
            bill_of=_selling(lambda bill: bill.price - 1, code),
        )
        for code in ("hp", "pbb", "kirimuang")
    ),
    fault(
        "price-and-selling-price-swapped", "DIGISWITCH-AMOUNT-SELLING-PRICE",
        "For bpjs, price and selling_price have changed places.",
        bill_of=with_bill(
            lambda bill: replace(bill, price=bill.selling_price, selling_price=bill.price), "bpjs"
        ),
    ),
    fault(
        "price-zero", "DIGISWITCH-AMOUNT-SELLING-PRICE", "For emoney, price is 0.",
        bill_of=with_bill(lambda bill: replace(bill, price=0), "emoney"),
    ),
)  # fmt: skip


# SAMSAT

CustomerOf = Callable[[str, str], Customer | None]


def _half_enough(half: int) -> Wrapper:
    """Wraps ``customer_of``: the payment code (0) or the identity number (1) alone will do."""

    def customer_of(
        _service: object, original: CustomerOf, code: str, customer_no: str
    ) -> Customer | None:
        found = original(code, customer_no)
        halves = [part.strip() for part in customer_no.split(",")]
        alone = len(halves) == 1 or (len(halves) == 2 and not halves[1 - half])
        whole = len(halves[half] if half < len(halves) else halves[0]) == 16
        return SUCCESS if found is None and code == "samsat" and alone and whole else found

    return customer_of


def _without_blanks(
    _service: object, original: CustomerOf, code: str, customer_no: str
) -> Customer | None:
    return None if " " in customer_no else original(code, customer_no)


def _identity(change: Callable[[str, str], str]) -> Wrapper:
    """Wraps ``bill_of``: nomor_identitas made of the payment code and the identity number."""

    def bill_of(
        _service: object,
        original: Callable[[str, str, Customer], Bill],
        code: str,
        customer_no: str,
        customer: Customer,
    ) -> Bill:
        bill = original(code, customer_no, customer)
        if code != "samsat":
            return bill
        payment, _, identity = plain(customer_no).partition(",")
        return replace(bill, desc=bill.desc | {"nomor_identitas": change(payment, identity)})

    return bill_of


def _without_tnkb(desc: Fields) -> None:
    del desc["biaya_admin_tnkb"]


SAMSAT = (
    fault(
        "samsat-payment-code-alone", "DIGISWITCH-SAMSAT-CUSTOMER-NO",
        "A samsat customer_no without identity number is answered with a bill.",
        customer_of=_half_enough(0),
    ),
    fault(
        "samsat-identity-alone", "DIGISWITCH-SAMSAT-CUSTOMER-NO",
        "A samsat customer_no without payment code is answered with a bill.",
        customer_of=_half_enough(1),
    ),
    fault(
        "samsat-blank-refused", "DIGISWITCH-SAMSAT-BLANK",
        "A samsat customer_no with a blank after the comma is refused.",
        customer_of=_without_blanks,
    ),
    fault(
        "samsat-identity-is-payment-code", "DIGISWITCH-SAMSAT-IDENTITY",
        "nomor_identitas is the payment code.",
        bill_of=_identity(lambda payment, _: payment),
    ),
    fault(
        "samsat-identity-is-customer-no", "DIGISWITCH-SAMSAT-IDENTITY",
        "nomor_identitas is the whole customer_no.",
        bill_of=_identity(lambda payment, identity: f"{payment},{identity}"),
    ),
    fault(
        "samsat-identity-without-zero", "DIGISWITCH-SAMSAT-IDENTITY",
        "nomor_identitas loses its leading zero.",
        bill_of=_identity(lambda _, identity: identity.lstrip("0")),
    ),
    fault(
        "samsat-no-tnkb", "DIGISWITCH-SAMSAT-TNKB", "The plate fee is left out.",
        bill_of=with_desc(_without_tnkb, "samsat"),
    ),
    fault(
        "samsat-tnkb-twice", "DIGISWITCH-SAMSAT-TNKB", "The plate fee stands under both names.",
        bill_of=with_desc(lambda desc: desc.update(biaya_tnkb="0"), "samsat"),
    ),
)  # fmt: skip

FAULTS: tuple[Fault, ...] = (*_counted(), *_periods(), *OTHERS, *AMOUNTS, *SAMSAT)
