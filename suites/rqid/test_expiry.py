"""Inquiry: it expires after fifteen minutes. Both sides of the boundary, by the sandbox's clock.

A real target's clock cannot be moved. There, profile nightly inquires when the suite begins and
pays after the rest, so that only what is left of the fifteen minutes is waited for.
"""

import pytest

from kontrak.clauses.catalogue import clause
from kontrak.clauses.response_codes import Outcome
from kontrak.errors import NotOffered
from kontrak.judging.expect import expect
from kontrak.providers.rqid import Rqid, RqidAccount, RqidAnswer
from kontrak.providers.rqid.refusal import expect_refused
from kontrak.providers.rqid.waiting import wait_until

FIFTEEN_MINUTES = 15 * 60
BEFORE = (1, 2, 5, 20)
"""Seconds before the end at which an inquiry is paid, the nearest first."""
MARGIN = 20
"""Seconds before and after the end at which a real target is asked."""


@clause("RQID-EXPIRY-BEFORE")
def test_a_young_inquiry_can_be_paid(rqid: Rqid, account: RqidAccount) -> None:
    for seconds in BEFORE:
        bill = _bill(rqid, account)
        rqid.advance_clock(FIFTEEN_MINUTES - seconds)
        answer = rqid.pay(bill)
        # The clock runs on meanwhile; on a busy machine the end may have come.
        if _seconds_between(bill, answer) < seconds:
            break
    if answer.outcome is Outcome.PENDING:
        rqid.settled(str(answer.sent["ref_1"]))
    with expect(bill, answer) as that:
        kept = answer.outcome in (Outcome.SUCCESS, Outcome.PENDING)
        that.that(kept, f"paid {seconds} s before the end", f"rc {answer.rc}")


@clause("RQID-EXPIRY-BEFORE")
def test_after_real_waiting_a_young_inquiry_can_be_paid(
    account: RqidAccount, rqid: Rqid, early_bills: list[RqidAnswer]
) -> None:
    bill = early_bills[0]
    wait_until(bill, FIFTEEN_MINUTES - MARGIN, at_most=FIFTEEN_MINUTES - 2)
    account.mark_if_any()
    answer = rqid.pay(bill)
    with expect(bill, answer) as that:
        kept = answer.outcome in (Outcome.SUCCESS, Outcome.PENDING)
        that.that(kept, f"paid {MARGIN} s before the end", f"rc {answer.rc}")


@clause("RQID-EXPIRY-AFTER")
def test_an_old_inquiry_cannot_be_paid(rqid: Rqid, account: RqidAccount) -> None:
    bill = _bill(rqid, account)
    rqid.advance_clock(FIFTEEN_MINUTES)
    _expect_expired(rqid, account, bill)


@clause("RQID-EXPIRY-AFTER")
def test_after_real_waiting_an_inquiry_cannot_be_paid(
    rqid: Rqid, account: RqidAccount, early_bills: list[RqidAnswer]
) -> None:
    bill = early_bills[1]
    wait_until(bill, FIFTEEN_MINUTES + MARGIN)
    _expect_expired(rqid, account, bill)


@pytest.fixture(scope="session")
def early_bills(account: RqidAccount) -> list[RqidAnswer]:
    """The inquiries that were made when the suite began."""
    if not account.early:
        raise NotOffered(
            "real waiting is for --profile nightly and a target whose clock cannot be moved",
            hint="run with that profile",
        )
    return [bill.require_success() for bill in account.early]


def _bill(rqid: Rqid, account: RqidAccount) -> RqidAnswer:
    rqid.require("payment")
    account.purchase("postpaid", "success").ended_well()
    return rqid.inquiry(rqid.numbers("postpaid").get("success")).require_success()


def _seconds_between(first: RqidAnswer, last: RqidAnswer) -> float:
    """The real time from the first request to the last reply, at most."""
    return last.exchange.started_at + last.exchange.seconds - first.exchange.started_at


def _expect_expired(rqid: Rqid, account: RqidAccount, bill: RqidAnswer) -> None:
    mark = account.mark_if_any()
    answer = rqid.pay(bill, right=False)
    expect_refused(answer)
    with expect(bill, answer) as that:
        that.equal("money taken, in rupiah", account.spent_since(mark), 0)
