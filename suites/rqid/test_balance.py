"""Balance."""

import pytest

from kontrak.clauses.catalogue import Clause, cited, clause, of_shape
from kontrak.judging.expect import expect, judge_place
from kontrak.providers.rqid import Rqid, RqidAccount
from kontrak.providers.rqid.records import KINDS

PLACES = [cited(one.id, one) for one in of_shape("rqid", "balance")]


@pytest.mark.parametrize("place", PLACES)
def test_a_place_of_the_balance(rqid: Rqid, place: Clause) -> None:
    judge_place(rqid.balance().require_success(), place)


@clause("RQID-BALANCE-NO-RC")
def test_the_balance_has_no_rc(rqid: Rqid) -> None:
    answer = rqid.balance()
    with expect(answer) as that:
        that.that("rc" not in answer.members, "no rc", f"rc {answer.members.get('rc')!r}")


@clause("RQID-BALANCE-PURCHASES")
def test_both_accounts_are_one(rqid: Rqid, account: RqidAccount) -> None:
    kinds = [kind for kind in KINDS if rqid.numbers(kind).configured]
    bought = [account.purchase(kind, "success") for kind in kinds]
    for one in bought:
        one.ended_well()
    with expect(*(one.paid for one in bought)) as that:
        for one, _ in zip(bought, that.each(one.paid for one in bought), strict=True):
            what = f"saldo falls by {one.paid.exchange.request.summary}"
            that.that(one.cost > 0, what, f"by {one.cost} rupiah")


@clause("RQID-BALANCE-FREE")
@pytest.mark.usefixtures("account")  # others would buy between two questions
def test_asking_changes_nothing(rqid: Rqid) -> None:
    answers = [rqid.balance().require_success() for _ in range(4)]
    found = [one.number("saldo") for one in answers]
    with expect(*answers) as that:
        that.equal("saldo", found, found[:1] * 4, "four times")
