"""Taking billers through one scenario, and what each of them returned and charged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kontrak.asking.run import Run
from kontrak.errors import KontrakError, NoAnswer, NotOffered, SpendingRefused
from kontrak.interface.compare_steps import Returned, Scenario, Step
from kontrak.interface.provider import provider as declared
from kontrak.judging.expect import Blocked


@dataclass(frozen=True, slots=True)
class Row:
    """One step of one provider.

    ``taken`` is what left the balance meanwhile, in rupiah; None where it is not known, and
    ``by_answer`` where the answers report it and the balance cannot be asked. ``why`` says why
    there is no answer; ``unreached`` that the network is the reason.
    """

    provider: str
    step: Step
    returned: tuple[Returned, ...] = ()
    taken: int | None = None
    by_answer: bool = False
    why: str = ""
    unreached: bool = False


def taken_through(run: Run, provider: str) -> list[Row]:
    """The rows of one provider; every step is tried, whatever became of the others.

    Raises ``ConfigurationError`` where the target's table is wrong.
    """
    try:
        scenario = declared(provider).compare_steps(run.wire(provider))
    except (NoAnswer, Blocked) as problem:
        why = _sentence(problem)
        return [Row(provider, step, why=why, unreached=True) for step in Step]
    account = _BalanceReader(scenario)
    return [_row(provider, step, call, account) for step, call in _calls(scenario).items()]


def _calls(scenario: Scenario) -> dict[Step, Callable[[], tuple[Returned, ...]]]:
    return {
        Step.INQUIRE: lambda: (scenario.inquire(),),
        Step.PAY: lambda: (scenario.pay(),),
        Step.PAY_AGAIN: lambda: (scenario.pay_again(),),
        Step.STATUS: lambda: (scenario.status(),),
        Step.UNKNOWN: lambda: (scenario.unknown_customer(),),
        Step.WRONG_SIGN: lambda: (scenario.wrong_signature(),),
        Step.SAME_INSTANT: scenario.same_instant,
    }


def _row(
    provider: str, step: Step, call: Callable[[], tuple[Returned, ...]], account: _BalanceReader
) -> Row:
    try:
        account.before()
        returned = call()
        return Row(provider, step, returned, account.taken(returned), account.by_answer)
    except (NotOffered, SpendingRefused, Blocked) as problem:
        return Row(provider, step, why=_sentence(problem))
    except NoAnswer as problem:
        return Row(provider, step, why=_sentence(problem), unreached=True)


class _BalanceReader:
    """What left the balance: asked before and after, or as the answers themselves report it."""

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        self._known: int | None = None
        self.by_answer = False

    def before(self) -> None:
        """Ask the balance where it can be asked; where not, what was reported last stands."""
        self._known = self._asked(otherwise=self._known)

    def taken(self, returned: tuple[Returned, ...]) -> int | None:
        """What has left it since; None where that was not reported."""
        reported = [one.balance for one in returned if one.balance is not None]
        now = self._asked(otherwise=min(reported) if reported else None)
        was, self._known = self._known, self._known if now is None else now
        return None if was is None or now is None else was - now

    def _asked(self, *, otherwise: int | None) -> int | None:
        try:
            found = self._scenario.balance()
        except (NotOffered, Blocked):
            self.by_answer = True
            return otherwise
        self.by_answer = False
        return found


def _sentence(problem: KontrakError | Blocked) -> str:
    if isinstance(problem, Blocked):
        return f"not possible: an earlier response failed ({problem.clause_id})"
    return problem.sentence
