"""Check balance."""

import re

from kontrak.catalogue import clause
from kontrak.judge import Blocked, expect
from kontrak.providers.httpget import HttpGet, TextPurse
from kontrak.template import Mismatch

AMOUNT = re.compile(r"(?<==)\s*(?:Rp\.?\s*)?([0-9][0-9.,]*)")


@clause("HTTPGET-BALANCE-TEXT")
def test_the_balance_keeps_its_template(httpget: HttpGet) -> None:
    answer = httpget.balance()
    template = answer.templates["balance"]
    # How the amount is written has a clause of its own.
    text = AMOUNT.sub(lambda found: re.sub(r"\D", "", found[1]), answer.text, count=1)
    with expect(answer) as that:
        try:
            template.read(text)
        except Mismatch as mismatch:
            said = f"{answer.text[:160]!r}: {mismatch}"
            that.that(kept=False, expected=f"{template.text!r}", came=said)


@clause("HTTPGET-BALANCE-AMOUNT")
def test_the_amount_has_no_separators(httpget: HttpGet) -> None:
    answer = httpget.balance()
    found = AMOUNT.search(answer.text)
    if found is None:
        raise Blocked("HTTPGET-BALANCE-TEXT")
    with expect(answer) as that:
        that.that(found[0].isdigit(), "digits only", repr(found[0]))


@clause("HTTPGET-BALANCE-PURCHASES")
def test_the_balance_falls_by_purchases(httpget: HttpGet, purse: TextPurse) -> None:
    purse.topup().paid.require_success()
    family = httpget.first_family()
    purse.purchase(family).paid.require_success()
    mark = purse.mark()
    bought = [purse.fresh(httpget.settings.topup), purse.fresh(family)]
    costs = [one.settled.require_success().value("price") for one in bought]
    after = httpget.balance()
    with expect(*(one.paid for one in bought), after) as that:
        because = f"{mark} less {' and '.join(map(str, costs))}"
        that.equal("saldo", after.saldo, mark - sum(costs), because)


@clause("HTTPGET-BALANCE-TIME")
def test_the_time_does_not_run_backwards(httpget: HttpGet) -> None:
    first, second = httpget.balance(), httpget.balance()
    try:
        one, other = (each.templates["balance"].read(each.text)["at"] for each in (first, second))
    except (Mismatch, KeyError):
        raise Blocked("HTTPGET-BALANCE-TEXT") from None
    with expect(first, second) as that:
        that.that(one <= other, f"not before {one}", str(other))
