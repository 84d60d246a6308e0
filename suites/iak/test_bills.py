"""Inquiry response: bills and months."""

import re

from kontrak.clauses.catalogue import clause
from kontrak.judging.expect import expect, reading
from kontrak.providers.iak import IakAnswer

MONTH = re.compile(r"[0-9]{4}(0[1-9]|1[0-2])")


@clause("IAK-BILLS-COUNT")
def test_lembar_tagihan_counts_the_bills(bills: list[IakAnswer]) -> None:
    for bill in bills:
        with expect(bill) as that:
            count = bill.number("desc.lembar_tagihan")
            that.equal("desc.lembar_tagihan", count, len(bill.bills()), "elements of detail")


@clause("IAK-BILLS-PERIODE")
def test_periode_is_a_calendar_month(bills: list[IakAnswer]) -> None:
    for bill in bills:
        with expect(bill) as that:
            for place, text in enumerate(bill.bill_texts("periode")):
                kept = MONTH.fullmatch(text) is not None
                that.that(kept, f"detail[{place}].periode is a month as YYYYMM", text)


@clause("IAK-BILLS-PERIOD")
def test_period_names_the_months_of_the_bills(bills: list[IakAnswer]) -> None:
    for bill in bills:
        months = bill.bill_texts("periode")
        period = bill.text("period")
        named = [word for word in re.split(r"[\s,;/-]+", period) if word]
        first_and_last = {min(months), max(months)}
        with expect(bill) as that:
            kept = set(named) in (set(months), first_and_last)
            that.that(kept, f"period names {', '.join(months)}", f"period = {period}")
        if len(months) > 2:
            every = set(named) == set(months)
            reported = "every month" if every else "the first and the last month"
            reading("period of several bills", reported, warns=not every)


@clause("IAK-BILLS-DISTINCT")
def test_no_month_is_billed_twice(bills: list[IakAnswer]) -> None:
    for bill in bills:
        months = bill.bill_texts("periode")
        with expect(bill) as that:
            that.that(len(set(months)) == len(months), "a month per bill", ", ".join(months))
