"""Payment (pay-pasca): pending. It has taken price once at most, and it ends."""

from decimal import Decimal

import pytest

from kontrak.clauses.catalogue import clause
from kontrak.clauses.response_codes import Outcome
from kontrak.judging.expect import Blocked, expect, reading
from kontrak.providers.digiswitch import DigiswitchAnswer, Product
from kontrak.providers.digiswitch.account import DigiswitchAccount, Purchase
from kontrak.providers.digiswitch.client import promise
from kontrak.providers.digiswitch.endings import Endings
from kontrak.providers.digiswitch.refusal import expect_true_balance
from kontrak.pytest_plugin.selection import conversation

pytestmark = pytest.mark.usefixtures("pending_payments")

CASES = ("pending_success", "pending_failed")


@conversation
def endings(account: DigiswitchAccount) -> Endings:
    """The pending purchases that have ended."""
    return Endings(account)


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> str:
    """Each test case of a payment that is pending at first."""
    return str(request.param)


@clause("DIGISWITCH-PENDING-MONEY")
def test_a_pending_payment_takes_price_at_most_once(
    account: DigiswitchAccount, product: Product, case: str
) -> None:
    one = account.purchase(product, case)
    _require_pending(one.paid, product, case)
    if not _takes_once(one) and account.client.settings.control_url is None:
        # Another pending payment may have ended meanwhile; it does not do so twice.
        one = account.fresh_purchase(product, case)
    bill = one.order.bill or one.paid
    price, cost = bill.number("price"), one.cost
    with expect(bill, one.paid) as that:
        came = f"{cost.taken} rupiah taken"
        that.that(cost.taken in (0, price), f"nothing or {price} rupiah taken", came)
        expect_true_balance(that, one.paid, (cost.before, cost.before - price))
    reading("a pending payment", "takes the price at once" if cost.taken else "takes nothing yet")


@clause("DIGISWITCH-PENDING-SETTLES")
def test_a_pending_payment_ends_and_stays(endings: Endings, product: Product) -> None:
    for ending in endings.held(product).endings:
        first, later = _reported(ending.settled), _reported(ending.later)
        with expect(ending.paid, first, later) as that:
            final = (Outcome.SUCCESS, Outcome.FAILED)
            that.that(first.outcome in final, "Sukses or Gagal in the end", first.returned)
            if first.outcome in final:
                same = later.outcome is first.outcome
                that.that(same, f"{first.outcome} for good", later.returned)


@clause("DIGISWITCH-PENDING-FINAL-MONEY")
def test_settled_payments_have_cost_what_they_ended_as(endings: Endings, product: Product) -> None:
    held = endings.held(product)
    ends = {one.order.case: _reported(one.later).outcome for one in held.endings}
    if not set(ends.values()) <= {Outcome.SUCCESS, Outcome.FAILED}:
        raise Blocked("DIGISWITCH-PENDING-SETTLES")
    wanted = sum((one.costs for one in held.endings), Decimal(0))
    with expect(*(answer for one in held.endings for answer in (one.paid, one.later))) as that:
        because = ", ".join(f"{case} ended as {end}" for case, end in ends.items())
        that.equal("money taken, in rupiah", held.cost.taken, wanted, because)


def _takes_once(one: Purchase) -> bool:
    bill = one.order.bill or one.paid
    return one.cost.taken in (0, bill.number("price"))


def _require_pending(paid: DigiswitchAnswer, product: Product, case: str) -> None:
    if paid.outcome is not Outcome.PENDING:
        raise Blocked(promise(product, case))


def _reported(answer: DigiswitchAnswer) -> DigiswitchAnswer:
    if not answer.reports_transaction:
        raise Blocked("DIGISWITCH-STATUS-ANSWERED")
    return answer
