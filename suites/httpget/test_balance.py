"""Check balance."""

import re
from datetime import datetime, timedelta

import pytest

from kontrak.clauses.catalogue import clause
from kontrak.clauses.text_template import Mismatch
from kontrak.judging.expect import Blocked, expect
from kontrak.providers.httpget import HttpGet, HttpGetAccount, TextAnswer

AMOUNT = re.compile(r"(?<==)\s*(?:Rp\.?\s*)?([0-9][0-9.,]*)")


@clause("HTTPGET-BALANCE-TEXT")
def test_the_balance_keeps_its_template(httpget: HttpGet) -> None:
    answer = httpget.balance()
    template = answer.templates["balance"]
    if not answer.is_plain and answer.text.strip():
        raise Blocked("HTTPGET-ACCESS-PLAIN")
    # How an amount is written has a clause of its own, unless the template itself says so.
    text = answer.text if template.reads(answer.text) else _ungrouped(answer)
    with expect(answer) as that:
        try:
            template.read(text)
        except Mismatch as mismatch:
            returned = f"{answer.text[:160]!r}: {mismatch}"
            that.that(kept=False, expected=f"{template.text!r}", came=returned)


@clause("HTTPGET-BALANCE-AMOUNT")
def test_the_amount_has_no_separators(httpget: HttpGet) -> None:
    answer = httpget.balance()
    found = AMOUNT.search(answer.text)
    if found is None:
        raise Blocked("HTTPGET-BALANCE-TEXT")
    # The target's own template may write it otherwise.
    kept = found[0].isdigit() or answer.templates["balance"].reads(answer.text)
    with expect(answer) as that:
        that.that(kept, "digits only", repr(found[0]))


@clause("HTTPGET-BALANCE-PURCHASES")
def test_the_balance_falls_by_purchases(httpget: HttpGet, account: HttpGetAccount) -> None:
    reported = httpget.settings.topup.configured
    bought = [account.topup()] if "success" in reported else []
    if not bought or any("success" in one.configured for one in httpget.settings.bills.values()):
        bought.append(account.purchase(httpget.first_family()))
    prices = [one.price for one in bought]
    with expect(*(one.paid for one in bought)) as that:
        paid = that.each(one.paid for one in bought)
        for one, price, _ in zip(bought, prices, paid, strict=True):
            what = f"saldo falls by {one.paid.exchange.request.summary}"
            that.that(one.cost > 0, what, f"by {one.cost} rupiah, HRG {price}")


@clause("HTTPGET-BALANCE-FREE")
@pytest.mark.usefixtures("account")  # others would buy between two questions
def test_asking_changes_nothing(httpget: HttpGet) -> None:
    answers = [httpget.balance() for _ in range(4)]
    found = [answer.saldo for answer in answers]
    if None in found:
        raise Blocked("HTTPGET-BALANCE-TEXT")
    with expect(*answers) as that:
        that.equal("saldo", found, found[:1] * len(found), "four times")


@clause("HTTPGET-BALANCE-TIME")
@pytest.mark.usefixtures("account")  # it moves the clock, and with it what is in process
def test_the_time_runs_on(httpget: HttpGet) -> None:
    first, passed = httpget.balance(), 0
    if httpget.settings.control_url is not None:
        passed = 60
        httpget.advance_clock(passed)
    second = httpget.balance()
    try:
        one, other = (_time_of(each) for each in (first, second))
    except (Mismatch, KeyError):
        raise Blocked("HTTPGET-BALANCE-TEXT") from None
    with expect(first, second) as that:
        wanted = one + timedelta(seconds=passed)
        that.that(other >= wanted, f"not before {wanted}", str(other))


def _time_of(answer: TextAnswer) -> datetime:
    template = answer.templates["balance"]
    text = answer.text if template.reads(answer.text) else _ungrouped(answer)
    found: datetime = template.read(text)["at"]
    return found


def _ungrouped(answer: TextAnswer) -> str:
    """The text with an amount in digits alone: how that is written has a clause of its own."""
    return AMOUNT.sub(lambda found: re.sub(r"\D", "", found[1]), answer.text, count=1)
