"""What was masked before: a run writes the same titles, addresses and answers hundreds of times.

A remembered text is masked anew once a secret that was learnt since stands in anything that was
read in it. So what is remembered never shows more than masking it again would.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from kontrak.masking.encodings import Secrets

_MOST_CHARACTERS = 8_000_000
_LONGEST = 200_000
"""Characters; longer texts are not kept, they would drive out all others."""

State = tuple[int, int]
Mask = Callable[[str, list[str]], str]
"""Masks a text, and adds the bare texts of all that was read in it to a list."""


class _Known(NamedTuple):
    masked: str
    bares: tuple[str, ...]
    state: State


class Memory:
    """Texts and what they are once masked. Safe to use from several threads."""

    def __init__(self) -> None:
        self._known: dict[str, _Known] = {}
        self._characters = 0

    def masked(self, text: str, secrets: Secrets, mask: Mask) -> str:
        """The text as ``mask`` returns it, or has returned it when no secret in it was unknown."""
        # Before it is masked: what another thread learns meanwhile counts as new.
        state = secrets.state
        known = self._known.get(text)
        if known is None or secrets.may_be_new(known.bares, known.state):
            bares: list[str] = []
            known = _Known(mask(text, bares), tuple(dict.fromkeys(bares)), state)
            self._keep(text, known)
        elif known.state != state:
            self._known[text] = known._replace(state=state)
        return known.masked

    def _keep(self, text: str, known: _Known) -> None:
        size = len(text) + len(known.masked) + sum(map(len, known.bares))
        if size > _LONGEST:
            return
        if self._characters + size > _MOST_CHARACTERS:
            self._known, self._characters = {}, 0
        self._known[text] = known
        self._characters += size
