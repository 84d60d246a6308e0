"""Response of each product: how many bills there are, and how each names its period."""

import re

import pytest

from kontrak.clauses.amounts import as_number
from kontrak.clauses.catalogue import cited, clause
from kontrak.judging.expect import expect, note
from kontrak.providers.digiswitch import PRODUCTS, Digiswitch, DigiswitchAnswer
from kontrak.providers.digiswitch.account import DigiswitchAccount

MONTHS = r"(JAN|FEB|PEB|MAR|APR|MEI|JUN|JUL|AGU|AGS|AGT|SEP|OKT|NOV|NOP|DES)"
NUMBER = r"(0[1-9]|1[0-2])"
FORMS = {
    "pln": ("a month as YYYYMM", rf"[0-9]{{4}}{NUMBER}"),
    "pdam": ("a month as YYYYMM", rf"[0-9]{{4}}{NUMBER}"),
    "internet": ("a month as MMM YYYY", rf"{MONTHS} [0-9]{{4}}"),
    "bpjs": ("a number of months in digits", r"0*[1-9][0-9]*"),
    "multifinance": ("the number of an instalment in digits", r"0*[1-9][0-9]*"),
    "pgas": ("a month as MMYY", rf"{NUMBER}[0-9]{{2}}"),
    "tv": ("a month as MMM YY", rf"{MONTHS} [0-9]{{2}}"),
}
"""The periode of each product that has details, in words and as a pattern."""
METERS = ("pln", "pdam", "pgas")

LEMBAR = [cited(f"DIGISWITCH-{key.upper()}-LEMBAR", key, id=key) for key in PRODUCTS]
PERIODE = [cited(f"DIGISWITCH-{key.upper()}-PERIODE", key, id=key) for key in FORMS]


@pytest.mark.parametrize("key", LEMBAR)
def test_lembar_tagihan_counts_the_bills(
    digiswitch: Digiswitch, account: DigiswitchAccount, key: str
) -> None:
    for paid in _payments(digiswitch, account, key):
        count = paid.number("desc.lembar_tagihan")
        with expect(paid) as that:
            if key == "bpjs":
                counts = dict.fromkeys([len(paid.bills()), _months(paid)])
                that.one_of("desc.lembar_tagihan", count, counts, "elements of detail, or months")
            elif key in FORMS:
                wanted = len(paid.bills())
                that.equal("desc.lembar_tagihan", count, wanted, "elements of detail")
            else:
                that.that("detail" not in paid.value("desc"), "no detail", "a detail")


@pytest.mark.parametrize("key", PERIODE)
def test_periode_has_the_products_form(
    digiswitch: Digiswitch, account: DigiswitchAccount, key: str
) -> None:
    form, pattern = FORMS[key]
    for paid in _payments(digiswitch, account, key):
        with expect(paid) as that:
            for place, text in enumerate(paid.bill_texts("periode")):
                kept = re.fullmatch(pattern, _indonesian(text)) is not None
                that.that(kept, f"detail[{place}].periode is {form}", text)


@clause("DIGISWITCH-BILLS-DISTINCT")
@pytest.mark.parametrize("key", [key for key in FORMS if key != "bpjs"])
def test_no_period_is_billed_twice(
    digiswitch: Digiswitch, account: DigiswitchAccount, key: str
) -> None:
    for paid in _payments(digiswitch, account, key):
        periods = paid.bill_texts("periode")
        with expect(paid) as that:
            kept = len(set(periods)) == len(periods)
            that.that(kept, "a period per bill", ", ".join(periods))


@clause("DIGISWITCH-BILLS-METERS")
@pytest.mark.parametrize("key", METERS)
def test_a_meter_does_not_run_backwards(
    digiswitch: Digiswitch, account: DigiswitchAccount, key: str
) -> None:
    for paid in _payments(digiswitch, account, key):
        with expect(paid) as that:
            for place, bill in enumerate(paid.bills()):
                first, last = (as_number(bill.get(name)) for name in ("meter_awal", "meter_akhir"))
                if first is None or last is None:
                    note(f"meters that are no numbers: {bill.get('meter_awal')}")
                    continue
                that.that(
                    first <= last,
                    f"detail[{place}]: meter_awal {first} not above meter_akhir",
                    f"meter_akhir {last}",
                )


def _payments(
    digiswitch: Digiswitch, account: DigiswitchAccount, key: str
) -> list[DigiswitchAnswer]:
    return [one.paid for one in account.paid(digiswitch.product(key))]


def _months(paid: DigiswitchAnswer) -> int:
    """The months of a BPJS payment: each detail says how many it is about."""
    periods = paid.bill_texts("periode")
    return sum(int(text) for text in periods if re.fullmatch(r"[0-9]{1,4}", text))


def _indonesian(text: str) -> str:
    """The text in capitals, an English month as the Indonesian of the examples, as a reading."""
    capitals = text.upper()
    for english, indonesian in (("MAY", "MEI"), ("AUG", "AGU"), ("OCT", "OKT"), ("DEC", "DES")):
        capitals = capitals.replace(english, indonesian)
    if capitals != text:
        note(f"periode {text}: the examples write {capitals}")
    return capitals
