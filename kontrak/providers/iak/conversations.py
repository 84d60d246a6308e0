"""Inquiries held once and judged by many tests."""

from __future__ import annotations

import threading

from kontrak.providers.iak.answer import IakAnswer
from kontrak.providers.iak.client import Iak
from kontrak.providers.iak.codec import Codec

PAYABLE = ("one_bill", "eight_bills", "payment_failed", "payment_pending", "payment_error")
"""The test cases whose inquiry succeeds."""
REFUSED = ("time_out", "already_paid", "wrong_number")
"""The test cases whose inquiry is refused."""


class Inquiries:
    """The answers to the inquiries of the test cases.

    Raises ``NotOffered`` for a case or an encoding that the target does not offer.
    """

    def __init__(self, iak: Iak) -> None:
        self._iak = iak
        self._held: dict[tuple[str, Codec], IakAnswer] = {}
        self._lock = threading.Lock()

    def held(self, name: str, codec: Codec) -> IakAnswer:
        """The answer of a case: asked once per case and codec."""
        # Asked by the first of several threads; the others wait for its answer.
        with self._lock:
            if (name, codec) not in self._held:
                self._held[name, codec] = self.fresh(name, codec)
            return self._held[name, codec]

    def bills(self, codec: Codec) -> list[IakAnswer]:
        """The bill of every payable test case that the target offers and answers with one.

        Raises ``Blocked`` where there is none at all; a single case's failure has its own clause.
        """
        offered = [name for name in PAYABLE if name in self._iak.settings.cases]
        answers = [self.held(name, codec) for name in offered]
        found = [one for one in answers if one.malformed is None and one.is_success]
        return found or [answers[0].require_success()]

    def replies(self, codec: Codec) -> list[IakAnswer]:
        """The same, with the answers whose envelope cannot be read: that is a clause's matter."""
        offered = [name for name in PAYABLE if name in self._iak.settings.cases]
        answers = [self.held(name, codec) for name in offered]
        strange = [one for one in answers if one.malformed is None and not one.is_enveloped]
        return strange or self.bills(codec)

    def fresh(self, name: str, codec: Codec) -> IakAnswer:
        """Ask anew, for tests that need an inquiry of their own."""
        self._iak.require(codec=codec)
        return self._iak.inquiry(self._iak.case(name), codec)
