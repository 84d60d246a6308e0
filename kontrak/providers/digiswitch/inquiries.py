"""Inquiries held once and judged by many tests."""

from __future__ import annotations

from kontrak.providers.digiswitch.answer import DigiswitchAnswer
from kontrak.providers.digiswitch.client import Digiswitch
from kontrak.providers.digiswitch.settings import Product


class Inquiries:
    """The answers to the inquiries of the test cases.

    Raises ``NotOffered`` for a case that the target does not offer.
    """

    def __init__(self, client: Digiswitch) -> None:
        self._client = client
        self._held: dict[tuple[str, str], tuple[int, DigiswitchAnswer]] = {}

    def held(self, product: Product, case: str) -> DigiswitchAnswer:
        """The answer of a case: asked once per product and case."""
        key = (product.key, case)
        if key not in self._held:
            self._held[key] = self._client.advances, self._client.inquiry(product, case)
        return self._held[key][1]

    def payable(self, product: Product, case: str) -> DigiswitchAnswer:
        """The same, asked anew where the clock was moved since: a bill is paid on the same day."""
        answer = self.held(product, case)
        if self._held[product.key, case][0] == self._client.advances:
            return answer
        return self._client.inquiry(product, case)
