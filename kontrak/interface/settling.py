"""What an answer to a money-moving request means for the ledger: one rule for all providers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from kontrak.clauses.response_codes import Outcome

if TYPE_CHECKING:
    from kontrak.exchange import Exchange
    from kontrak.limits.spend_guard import Gate


@dataclass(frozen=True, slots=True)
class Reported:
    """What an answer reports of a payment. Amounts are rupiah.

    ``outcome`` is None where the answer names none, or several that contradict one another.
    ``code`` is its RC, or the word that it has instead. ``explained`` reports that the document, or
    the target, says what such an answer means. ``debit`` is what the payment took, ``balance`` what
    is left, each None where the answer does not say.
    """

    outcome: Outcome | None
    code: str | None = None
    explained: bool = True
    debit: int | None = None
    balance: int | None = None


class Reporting(Protocol):
    """An answer that can say what it reports of a payment."""

    @property
    def exchange(self) -> Exchange:
        """The request and its reply."""

    @property
    def reported(self) -> Reported:
        """What it reports."""


def settle_payment(gate: Gate, reference: str, answer: Reporting, account: str = "") -> None:
    """Note in the ledger what a payment was answered with.

    Where no outcome can be read, the row stays open. The payment is ``undocumented`` if it was
    right and its answer is more than an error of HTTP; what a deliberately wrong one is refused
    with needs no document.
    """
    settle(gate, reference, answer, account)
    stated = answer.reported
    answered = stated.code is not None or answer.exchange.reply.status < 400
    if answer.exchange.request.right and answered and not stated.explained:
        gate.undocumented(reference, stated.code)


def settle(gate: Gate, reference: str, answer: Reporting, account: str = "") -> None:
    """Note in the ledger what became of a payment, by its answer or by the answer to its status.

    A success is paid, whatever was wrong with the request. A failure is refused below HTTP 500
    only: a server error leaves it unknown what was done.
    """
    stated, status = answer.reported, answer.exchange.reply.status
    if stated.outcome is Outcome.SUCCESS:
        gate.settle(reference, stated.code, "paid", stated.debit)
    elif stated.outcome is Outcome.PENDING:
        gate.settle(reference, stated.code, "pending")
    elif stated.outcome is Outcome.FAILED and status < 500:
        gate.settle(reference, stated.code, "refused")
    if stated.balance is not None:
        gate.saw_balance(stated.balance, account)
