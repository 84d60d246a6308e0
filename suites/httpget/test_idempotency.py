"""References and repetition: nothing is paid twice, whatever the text says.

The same reference with the same request, another dest, another product and, for a card, another
amount; one after the other, at the same instant, in process, after success, failure and expiry.
"""

from functools import partial

import pytest

from kontrak.clauses.catalogue import clause
from kontrak.clauses.response_codes import Outcome
from kontrak.errors import NotOffered
from kontrak.interface.concurrency import together
from kontrak.interface.refid import new_ref_id
from kontrak.judging.expect import Blocked, expect, reading
from kontrak.providers.httpget import Family, HttpGet, HttpGetAccount, TextAnswer
from kontrak.providers.httpget.client import clause_prefix
from kontrak.providers.httpget.judging import expect_free

ROUNDS = range(3)
SIXTEEN_MINUTES = 16 * 60


@clause("HTTPGET-IDEM-DUPLICATE")
def test_a_used_reference_is_not_charged_again(httpget: HttpGet, account: HttpGetAccount) -> None:
    bought = account.topup(use="repeated")
    _, used = bought.reported, bought.ref
    mark = account.mark()
    expect_free(account, mark, [call(ref=used) for call in _variations(httpget)])


@clause("HTTPGET-IDEM-DUPLICATE-TEXT")
def test_a_used_reference_sells_nothing_else(httpget: HttpGet, account: HttpGetAccount) -> None:
    bought = account.topup(use="repeated")
    _, used = bought.reported, bought.ref
    answers = [call(ref=used) for call in _variations(httpget)[1:]]
    with expect(*answers) as that:
        for answer in that.each(answers):
            returned = [answer.values.get(name) for name in ("product", "dest")]
            sold = answer.is_success and returned == [
                answer.asked[name] for name in ("product", "dest")
            ]
            that.that(not sold, "no text that sells it", repr(answer.text[:160]))


@clause("HTTPGET-IDEM-RACE")
@pytest.mark.parametrize("_round", ROUNDS)
def test_topups_at_the_same_instant_cost_once(
    httpget: HttpGet, account: HttpGetAccount, _round: int
) -> None:
    _ = account.topup().reported
    calls = _variations(httpget)
    prices = {account.cost_of(call.keywords["product"]) for call in calls}
    ref = new_ref_id()
    mark = account.mark()
    answers = together([partial(call, ref=ref) for call in (calls[0], *calls)])
    spent = account.spent_since(mark)
    with expect(*answers) as that:
        words = " or ".join(str(price) for price in sorted(prices))
        that.that(spent in {0, *prices}, f"{words} rupiah taken, once", f"{spent} rupiah taken")
    if spent == 0:
        reading("several topups with one ref_1 at once", "none takes the money", warns=True)


@clause("HTTPGET-IDEM-PENDING")
def test_a_reference_in_process_is_taken(httpget: HttpGet, account: HttpGetAccount) -> None:
    with account.in_process(httpget.settings.topup, "pending_success") as (first, _):
        mark = account.mark()
        calls = _variations(httpget, "pending_success")
        expect_free(account, mark, [call(ref=first.asked["refID"]) for call in calls])


@clause("HTTPGET-IDEM-FAILED")
def test_a_failed_reference_is_taken(httpget: HttpGet, account: HttpGetAccount) -> None:
    first = account.topup("pending_failed", use="repeated")
    if first.is_success:
        raise Blocked("HTTPGET-STATUS-SETTLES-FAILED")
    if first.paid.outcome is not Outcome.PENDING:
        # A request that is refused may leave its reference free.
        raise NotOffered(
            "the target fails it at once",
            hint="configure a customer number whose payment stays pending",
        )
    mark = account.mark()
    calls = _variations(httpget, "pending_failed")
    expect_free(account, mark, [call(ref=first.ref) for call in calls])


@clause("HTTPGET-IDEM-PAY-TWICE")
def test_paying_twice_costs_once(httpget: HttpGet, account: HttpGetAccount) -> None:
    for family in httpget.families():
        bought = account.purchase(family, use="repeated")
        _ = bought.reported
        mark = account.mark()
        expect_free(account, mark, [pay() for pay in _payments(httpget, family, bought.bill)])


@clause("HTTPGET-IDEM-PAY-RACE")
@pytest.mark.parametrize("_round", ROUNDS)
def test_two_payments_at_once_cost_once(
    httpget: HttpGet, account: HttpGetAccount, _round: int
) -> None:
    family = httpget.first_family()
    account.purchase(family).took_its_price()
    bill = httpget.inquiry(family).require_success()
    total = bill.value("bill") + bill.value("admin")
    payments = _payments(httpget, family, bill)
    mark = account.mark()
    answers = together([payments[0], payments[0], *payments])
    spent = account.spent_since(mark)
    with expect(bill, *answers) as that:
        that.that(spent in (0, total), f"{total} rupiah taken once", f"{spent} rupiah taken")
    if spent == 0:
        reading("several payments at once", "none takes the money", warns=True)


@clause("HTTPGET-IDEM-PAY-RACE")
def test_no_bill_is_paid_twice_at_once(httpget: HttpGet, account: HttpGetAccount) -> None:
    for family in httpget.families():
        account.purchase(family).took_its_price()
        bill = httpget.inquiry(family).require_success()
        total = bill.value("bill") + bill.value("admin")
        mark = account.mark()
        answers = together([partial(httpget.pay, family, bill, right=False)] * 2)
        spent = account.spent_since(mark)
        with expect(bill, *answers) as that:
            that.that(spent in (0, total), f"{total} rupiah taken once", f"{spent} rupiah taken")


@clause("HTTPGET-IDEM-PAY-PENDING")
def test_paying_again_while_in_process_costs_nothing(
    httpget: HttpGet, account: HttpGetAccount
) -> None:
    family = httpget.family_with("pending_success")
    with account.in_process(family, "pending_success") as (bill, _):
        mark = account.mark()
        expect_free(account, mark, [pay() for pay in _payments(httpget, family, bill)])


@clause("HTTPGET-IDEM-PAY-FAILED")
def test_paying_again_after_failure_costs_nothing(
    httpget: HttpGet, account: HttpGetAccount
) -> None:
    family = httpget.family_with("failed")
    bought = account.purchase(family, "failed", use="repeated")
    if bought.paid.is_success:
        raise Blocked("HTTPGET-BILL-FAILED")
    mark = account.mark()
    expect_free(account, mark, [pay() for pay in _payments(httpget, family, bought.bill)])


@clause("HTTPGET-IDEM-PAY-EXPIRED")
def test_paying_after_expiry_costs_once_at_most(httpget: HttpGet, account: HttpGetAccount) -> None:
    family = httpget.first_family()
    account.purchase(family).took_its_price()
    bill = httpget.inquiry(family).require_success()
    total = bill.value("bill") + bill.value("admin")
    httpget.advance_clock(SIXTEEN_MINUTES)
    mark = account.mark()
    answers = [pay() for pay in _payments(httpget, family, bill)]
    spent = account.spent_since(mark)
    refused = all(answer.outcome is Outcome.FAILED for answer in answers)
    allowed, words = ((0,), "nothing") if refused else ((0, total), f"0 or {total} rupiah")
    with expect(bill, *answers) as that:
        that.that(spent in allowed, f"{words} taken", f"{spent} rupiah taken")


def _variations(httpget: HttpGet, case: str = "success") -> list[partial[TextAnswer]]:
    """The same topup, one for another dest, and one of another product."""
    topup = httpget.settings.topup
    product, dest = topup.get("product"), topup.get(case)
    topup_again = partial(httpget.topup, right=False)
    found = [partial(topup_again, dest, product=product)]
    if "other" in topup.configured:
        found.append(partial(topup_again, topup.get("other"), product=product))
    if "other_product" in topup.configured:
        found.append(partial(topup_again, topup.get("success"), product=topup.get("other_product")))
    return found


def _payments(
    httpget: HttpGet, family: Family, bill: TextAnswer | None
) -> list[partial[TextAnswer]]:
    """Pay the same bill, another customer's, another product's and, for a card, another amount."""
    if bill is None:
        raise Blocked(f"{clause_prefix(family)}-CEK")
    changes: list[dict[str, str]] = [{}]
    if "other" in family.configured:
        changes.append({"dest": family.dest("other")})
    if family.key == "credit_card":
        changes.append({"product": family.product(part="300000")})
    bills = httpget.settings.bills.values()
    other = next((one for one in bills if one.side == "none" and one.key != family.key), None)
    if other is not None:
        changes.append({"product": other.product()})
    again = partial(httpget.pay, family, bill, right=False)
    return [partial(again, **change) for change in changes]
