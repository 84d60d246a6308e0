"""Every error kontrak raises on its own account. Each ends with a hint: what to do next.

    KontrakError
    ├── ConfigurationError      exit 4: a file, a key or an option is wrong
    │   └── CatalogueError      a clause id or a clause file is wrong
    ├── NoAnswer                exit 3: nothing may be concluded about the target
    │   ├── Unreachable         no connection (port, name, TLS)
    │   ├── DeadlineExceeded    the whole exchange took longer than allowed
    │   ├── ReplyTooLarge       the reply passed the size cap
    │   ├── TooManyRequests     HTTP 429: asked too often
    │   ├── ReplyCut            the connection ended before the reply did
    │   ├── OutOfOrder          an answer that shows the target is out of order
    │   ├── AskingEnded         nothing more is asked: the target stopped replying
    │   └── NotTheInterface     something answers, but not the documented interface, or not us
    ├── SpendingRefused         the target does not allow this request to move money
    │   └── LimitReached        it would pass what may be spent
    ├── LedgerFailure           exit 3: the ledger cannot be written or read, so nothing is judged
    ├── NotOffered              the target declares that it does not offer this
    └── ReportError             the HTML report could not be built

What a *target* does wrong is not an error of ours: see ``Deviation`` in ``kontrak.judging.expect``.
"""

from __future__ import annotations

from kontrak.exchange import Request


class KontrakError(Exception):
    """An error with a hint.

    ``str(error)`` is the sentence, a line break, and ``hint: ...``; neither contains a secret.
    """

    def __init__(self, sentence: str, *, hint: str) -> None:
        super().__init__(sentence, hint)
        self.sentence = sentence
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.sentence}\n  hint: {self.hint}"

    def __reduce__(self) -> tuple[object, ...]:
        # Keyword-only arguments do not survive the default pickling that worker processes use.
        # The third part restores whatever else the error carries, notes included.
        return (_rebuild, (type(self), self.sentence, self.hint), self.__dict__)


def _rebuild(kind: type[KontrakError], sentence: str, hint: str) -> KontrakError:
    return kind(sentence, hint=hint)


class ConfigurationError(KontrakError):
    """A file, a key or an option is wrong; the sentence names file and key."""


class CatalogueError(ConfigurationError, LookupError):
    """A clause id is unknown, or a clause file breaks its rules."""


class NoAnswer(KontrakError):  # noqa: N818 - the name says what happened; its children do too
    """The target gave no answer that could be judged.

    ``request`` is what was sent, or was about to be; it holds secrets, the error's text does not.
    """

    request: Request | None = None


class Unreachable(NoAnswer):
    """No connection: closed port, unknown name, failed TLS handshake."""


class DeadlineExceeded(NoAnswer):
    """The exchange as a whole took longer than the target's deadline (seconds)."""


class TooManyRequests(NoAnswer):
    """HTTP 429: the target wants to be asked less often. It says nothing about a clause.

    ``seconds`` is how long it wants to be left alone, None where it does not say.
    """

    seconds: float | None = None


class ReplyTooLarge(NoAnswer):
    """The reply passed the size cap (bytes) and was cut."""


class ReplyCut(NoAnswer):
    """The connection ended before the reply was complete, or the reply is not HTTP."""


class OutOfOrder(NoAnswer):
    """An answer which shows that the target is out of order (see ``kontrak.http.trouble``)."""


class AskingEnded(NoAnswer):
    """The request was not sent: the target does not reply, or wants to be left alone for long."""


class NotTheInterface(NoAnswer):
    """Something answers, but it is not the documented interface or it does not know us."""


class SpendingRefused(KontrakError):  # noqa: N818 - as NoAnswer
    """The target's limits forbid this money-moving request; nothing was sent."""


class LimitReached(SpendingRefused):
    """The request would pass what a run or a day may spend; nothing was sent."""


class LedgerFailure(KontrakError):  # noqa: N818 - as NoAnswer
    """The ledger cannot be written or read in the middle of a run; nothing was sent.

    It is a fault on our side, so the clause is broken and the run is not green.
    """


class NotOffered(KontrakError):  # noqa: N818 - as NoAnswer
    """The target declares that it does not offer this; the clause is skipped with that reason."""


class ReportError(KontrakError):
    """The HTML report could not be built; verdicts are not affected."""
