"""What lets money-moving requests pass, and records in the ledger what came of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

from kontrak.errors import (
    KontrakError,
    LedgerFailure,
    LimitReached,
    NoAnswer,
    SpendingRefused,
    Unreachable,
)
from kontrak.exchange import Exchange, Request, Spend
from kontrak.limits.balance_check import Balances
from kontrak.limits.kill_switch import Switch
from kontrak.limits.ledger import Entry, Ledger, Limit, Outcome, State
from kontrak.masking.masker import Masker, cut, shorten

_RC_LENGTH = 64


class Gate:
    """Decides whether a money-moving request may be sent, and records it.

    To a target of kind ``sandbox`` everything may be sent. Any other kind is real money: it needs
    ``spend_rupiah`` (for the run as a whole) and the pair of product and customer in ``may_buy``;
    ``spend_rupiah_per_day`` holds for all runs of a day. With ``read_only`` nothing may be sent.

    On real money three things throw the kill switch, and everything is refused from then on: a
    limit that is reached, an answer to a payment that no document explains (``undocumented``), and
    a balance that fell by more than the ledger knows (``saw_balance``). On a ``sandbox`` the last
    two are noted. ``known_rc`` are codes that the provider has reported beside its document,
    ``unexplained_rupiah`` what may leave the balance besides.

    What the provider refuses counts towards the limits until a balance shows that it took nothing.
    Where a balance can be asked for (``looks``), it is asked before the first payment, and again
    before a limit stops a run because of what was refused.
    """

    def __init__(  # noqa: PLR0913 - each is one fact of the run or the target
        self,
        ledger: Ledger,
        masker: Masker,
        *,
        run: str,
        provider: str,
        target: str,
        kind: str,
        spend_rupiah: int | None = None,
        spend_rupiah_per_day: int | None = None,
        known_rc: Iterable[str] = (),
        unexplained_rupiah: int = 0,
        may_buy: Iterable[tuple[str, str]] = (),
        read_only: bool = False,
    ) -> None:
        self._read_only = read_only
        self._ledger = ledger
        self._masker = masker
        self._run = run
        self._provider = provider
        self._target = target
        self._limited = kind != "sandbox"
        self._limit = Limit(spend_rupiah, spend_rupiah_per_day)
        self._known_rc = frozenset(known_rc)
        self._tolerance = unexplained_rupiah
        self._switch = Switch(ledger, run)
        self._balances = Balances(ledger, run=run, provider=provider, target=target)
        self._may_buy = frozenset(may_buy)
        self._looks: dict[str, Callable[[], object]] = {}
        self._began: set[str] = set()

    def looks(self, look: Callable[[], object], account: str = "") -> None:
        """Name how an account's balance is asked for: a request that only reads."""
        self._looks[account] = look

    def before(self, request: Request, spend: Spend) -> int:
        """Record what is about to be sent and return the row's id.

        Raises ``SpendingRefused`` when the target does not allow it and ``LedgerFailure`` when it
        cannot be recorded.
        """
        if self._read_only:
            raise SpendingRefused(
                "this run is read-only: nothing that moves money is sent",
                hint="use --profile full",
            )
        if not self._limited:
            return self._ledger.add(self._entry(request, spend), limit=None)
        self._allow(spend)
        if spend.account not in self._began:
            self._began.add(spend.account)
            self._look(spend.account)
        try:
            return self._add(request, spend)
        except LimitReached:
            if not self._ledger.refused(self._run):
                raise
            self._look(spend.account)
        return self._add(request, spend, last=True)

    def _add(self, request: Request, spend: Spend, *, last: bool = False) -> int:
        try:
            return self._ledger.add(self._entry(request, spend), limit=self._limit)
        except LimitReached as reached:
            if last or not self._ledger.refused(self._run):
                self._switch.throw(self._masker.text(reached.sentence))
            raise

    def _look(self, account: str) -> None:
        """Ask for a balance, where that is possible; ``saw_balance`` is given what is reported."""
        look = self._looks.get(account)
        if look is None:
            return
        try:
            look()
        except LedgerFailure:
            raise
        except KontrakError:
            return  # A balance that cannot be asked for proves nothing; the limits hold without.

    def _entry(self, request: Request, spend: Spend) -> Entry:
        # Reconciling asks for the very customer: the ledger is private, and no report.
        mask = self._masker.plain
        return Entry(
            id=0,
            run=self._run,
            at=time.time(),
            provider=self._provider,
            target=self._target,
            operation=mask(request.summary),
            product=mask(spend.product),
            customer=mask(spend.customer),
            reference=spend.reference,
            rupiah=spend.rupiah,
            state=State.SENT,
            http_status=None,
            rc=None,
            error=None,
            account=spend.account,
            their_id=spend.their_id,
        )

    def _allow(self, spend: Spend) -> None:
        if spend.rupiah <= 0:
            raise SpendingRefused(
                f"{self._target}: {spend.rupiah} rupiah for {spend.product} is no amount to pay",
                hint="declare the amount that the inquiry announced",
            )
        if self._limit.run is None:
            raise SpendingRefused(
                f"{self._target} moves real money and sets no limit",
                hint="set `[limits] spend_rupiah` in the target to what one run may cost",
            )
        if (spend.product, spend.customer) not in self._may_buy:
            customer = self._masker.text(spend.customer)
            raise SpendingRefused(
                f"{self._target} does not allow buying {spend.product} for {customer}",
                hint="add them to the target: `[[limits.may_buy]]` with `product` and `customer`",
            )

    def after(self, entry_id: int, result: Exchange | NoAnswer) -> None:
        """Record what came of it."""
        if isinstance(result, Exchange):
            self._ledger.answered(entry_id, result.reply.status)
        else:
            state = State.UNSENT if isinstance(result, Unreachable) else State.UNKNOWN
            self._ledger.unanswered(entry_id, state, type(result).__name__)

    def undocumented(self, reference: str, rc: str | None) -> None:
        """A payment was answered with an RC that no document explains, or with nothing like one.

        Where nothing else reports either, the row stays open: money may have moved.
        """
        if rc is None or rc not in self._known_rc:
            returned = (
                "nothing that a document explains"
                if rc is None
                else f"RC {shorten(rc, _RC_LENGTH, self._masker)}, which no document explains"
            )
            self._trouble(
                f"{self._provider}: a payment was answered with {returned}",
                f" (reference {reference})",
            )

    def saw_balance(self, rupiah: int, account: str = "", asked_at: float | None = None) -> None:
        """The provider reported a balance: it is kept, and held against the ledger.

        ``asked_at`` is the Unix time at which a request that only reads asked for it.
        """
        words = self._balances.saw(rupiah, account, tolerance=self._tolerance, asked_at=asked_at)
        if words is not None:
            self._trouble(f"{self._provider}: {words}")

    def _trouble(self, words: str, more: str = "") -> None:
        if self._limited:
            self._switch.throw(self._masker.text(words + more))
        else:
            self._switch.note(self._masker.text(words))

    def settle(
        self, entry: int | str, rc: str | None, outcome: Outcome, debit: int | None = None
    ) -> bool:
        """Record what the provider's reply meant; True when a row was changed.

        ``debit`` is what it took by the provider's own word, in rupiah, where it says so.

        ``entry`` is a row's id or a reference, which means its last open row in this run. A row
        that is ``paid`` stays so: counting a payment that was taken back errs on the safe side.
        """
        entry_id = self._ledger.meant(self._run, entry) if isinstance(entry, str) else entry
        if entry_id is None:
            return False
        masked = None if rc is None else fit_code(rc, self._masker)
        return self._ledger.settle(entry_id, masked, outcome, debit)


def fit_code(rc: str, masker: Masker) -> str:
    """An RC of a provider, fit to be written into the ledger: short, masked, visible."""
    shown = cut(rc, _RC_LENGTH, masker)
    return masker.text(rc) if shown is None else shown
