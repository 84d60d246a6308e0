"""Judging refusals: no success, nothing pending, no bill to pay, no money taken.

The document shows no refusal. What every refusal must not be is judged; how it looks is noted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import partial

from kontrak.clauses.amounts import as_number
from kontrak.clauses.response_codes import Outcome
from kontrak.judging.expect import Drift, Finding, expect, note
from kontrak.providers.digiswitch.account import DigiswitchAccount
from kontrak.providers.digiswitch.answer import DigiswitchAnswer
from kontrak.providers.digiswitch.client import Digiswitch, Order

Wrong = Mapping[str, Mapping[str, object]]
"""What is wrong, in a word, and the fields that are sent."""
_REFUSAL = "a refusal: no success, nothing pending, no bill"


def expect_refused(*answers: DigiswitchAnswer) -> None:
    """Raise ``Deviation`` for every answer that is no refusal; note what is unusual in it."""
    with expect(*answers) as that:
        for answer in that.each(answers):
            for finding in findings(answer):
                that.add(finding)
    for answer in answers:
        if answer.status >= 500:
            note(f"refused with HTTP {answer.status}, which leaves the outcome unknown")


def expect_refused_generated(answer: DigiswitchAnswer) -> None:
    """The same for a generated request: a 5xx is raised as ``Drift``, so that it is shrunk."""
    with expect(answer) as that:
        for finding in findings(answer):
            that.add(finding)
    if answer.status >= 500:
        raise Drift(
            [Finding("a refusal below HTTP 500", f"HTTP {answer.status}")], [answer.exchange]
        )


def expect_nothing_paid(
    account: DigiswitchAccount, orders: Iterable[Order], wrong: Callable[[Order], Wrong]
) -> None:
    """Send payments that are wrong in one place each: all are refused and no money is taken.

    ``wrong`` maps what is wrong with an order's payment, in a word, to the fields that are sent.
    """
    pay = {
        f"{order.product.key}: {name}": partial(account.client.pay, order, fields)
        for order in orders
        for name, fields in wrong(order).items()
    }
    mark = account.mark()
    answers = dict(zip(pay, account.client.buy_side_by_side(list(pay.values())), strict=True))
    with expect(*answers.values()) as that:
        _add(that, answers)
        taken = account.spent_since(mark)
        that.equal("money taken, in rupiah", taken, Decimal(0), "nothing is paid")


def expect_none_answered(
    client: Digiswitch, orders: Iterable[Order], wrong: Callable[[Order], Wrong]
) -> None:
    """The same for requests that cost nothing, such as an inquiry of every order's product."""
    ask = {
        f"{order.product.key}: {name}": partial(client.ask, fields, order.product)
        for order in orders
        for name, fields in wrong(order).items()
    }
    expect_all_refused(dict(zip(ask, client.side_by_side(list(ask.values())), strict=True)))


def expect_all_refused(answers: Mapping[str, DigiswitchAnswer]) -> None:
    """The answers to requests that are wrong in one place each, by what is wrong, are refusals."""
    with expect(*answers.values()) as that:
        _add(that, answers)


def expect_true_balance(
    that: expect, answer: DigiswitchAnswer, balances: Sequence[Decimal]
) -> None:
    """An answer that pays nothing need not show a balance; one that it shows is what is left.

    A 0 beside other empty fields stands for no balance.
    """
    shown = as_number(answer.members.get("balance"))
    if shown:
        that.one_of("balance", shown, balances, "what is left")


def _add(that: expect, answers: Mapping[str, DigiswitchAnswer]) -> None:
    for name, answer in answers.items():
        for finding in findings(answer):
            that.add(Finding(f"{name}: {finding.expected}", finding.received))
        if answer.status >= 500:
            note(f"{name}: refused with HTTP {answer.status}, which leaves the outcome unknown")


def findings(answer: DigiswitchAnswer) -> list[Finding]:
    """What makes an answer no refusal."""
    if answer.outcome in (Outcome.SUCCESS, Outcome.PENDING):
        return [Finding(_REFUSAL, answer.returned)]
    if answer.carries_bill and answer.outcome is not Outcome.FAILED:
        return [Finding(_REFUSAL, f"a bill over {answer.members.get('price')}")]
    return []
