"""What a provider's client is given: its target, the only door to the wire, and the masker."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from kontrak.config.target import ProviderTarget
from kontrak.exchange import Exchange, Request, Spend
from kontrak.http.transport import Transport
from kontrak.http.trouble import Watch, heed
from kontrak.interface.concurrency import side_by_side
from kontrak.interface.settling import Reporting, settle_payment
from kontrak.limits.spend_guard import Gate
from kontrak.masking.masker import Masker

A = TypeVar("A", bound=Reporting)
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Wire:
    """One provider's way to its target, shared by every test of a worker.

    ``at_once`` is how many requests that cost nothing may be under way side by side, ``buys`` how
    many purchases that have nothing to do with each other.
    """

    target: ProviderTarget
    transport: Transport
    masker: Masker
    gate: Gate
    trouble: Watch = field(default_factory=Watch)
    at_once: int = 1
    buys: int = 1

    def side_by_side(self, calls: Sequence[Callable[[], Result]]) -> list[Result]:
        """Ask what costs nothing, and does not depend on order, ``at_once`` at a time."""
        return side_by_side(calls, self.at_once)

    def buy_side_by_side(self, calls: Sequence[Callable[[], Result]]) -> list[Result]:
        """The same for purchases, ``buys`` at a time: one by one on a live target."""
        return side_by_side(calls, self.buys)

    def ask(
        self,
        request: Request,
        read: Callable[[Exchange], A],
        *,
        spend: Spend | None = None,
        pays: bool = False,
        note: Callable[[A], None] = lambda _: None,
        asked_for: Callable[[A], Collection[str]] = lambda _: (),
        sound: bool = False,
    ) -> A:
        """Send a request and read its reply; what it says of a payment is settled.

        ``pays`` means that the interface may take money for this request, right or wrong: it needs
        a ``spend``, so that it passes the gate and stands in the ledger. Raises ``ValueError``
        where there is none, before anything is sent, and what ``Transport.send`` raises.
        ``note`` is given the answer before anything is concluded from it.
        An answer that shows trouble on the target's side raises ``OutOfOrder``: ``asked_for`` gives
        the codes that are no error in answer to this; ``sound`` means that nothing is wrong
        with a request that is not called right because of what was asked before it.
        """
        if pays and spend is None:
            raise ValueError(f"{request.summary[:80]!r} may move money and declares no Spend")
        answer = read(self.transport.send(request, spend))
        if spend is not None:
            settle_payment(self.gate, spend.reference, answer, spend.account)
        note(answer)
        code = answer.reported.code
        self.heed(answer.exchange, code, asked_for=asked_for(answer), sound=sound)
        return answer

    def heed(
        self,
        exchange: Exchange,
        code: str | None = None,
        *,
        asked_for: Collection[str] = (),
        sound: bool = False,
    ) -> None:
        """Raise ``OutOfOrder`` where an answer shows trouble; see ``kontrak.http.trouble.heed``."""
        heed(self.trouble, self.target, exchange, code, asked_for=asked_for, sound=sound)
