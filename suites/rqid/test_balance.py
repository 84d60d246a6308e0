"""Balance."""

import pytest

from kontrak.catalogue import Clause, cited, clause, of_shape
from kontrak.judge import expect, judge_place
from kontrak.providers.rqid import Purse, Rqid

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
def test_both_purses_are_one(rqid: Rqid, purse: Purse) -> None:
    purse.purchase("postpaid", "success").paid.require_success()
    purse.purchase("prepaid", "success").paid.require_success()
    mark = purse.mark()
    bought = [purse.fresh(kind, "success") for kind in ("postpaid", "prepaid")]
    costs = [(one.bill or one.paid).number("total_price") for one in bought]
    after = rqid.balance()
    with expect(*(one.paid for one in bought), after) as that:
        because = f"{mark} less {' and '.join(map(str, costs))}"
        that.equal("saldo", after.number("saldo"), mark - sum(costs), because)


@clause("RQID-BALANCE-FREE")
def test_asking_changes_nothing(rqid: Rqid, purse: Purse) -> None:
    mark = purse.mark()
    answers = [rqid.balance() for _ in range(3)]
    with expect(*answers) as that:
        that.equal("saldo", [one.number("saldo") for one in answers], [mark] * 3, "three times")
