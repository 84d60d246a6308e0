"""How a provider's answers are looked at for the inventory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kontrak.clauses.response_codes import Outcome, response_codes
from kontrak.config.target import ProviderTarget
from kontrak.exchange import Exchange


@dataclass(frozen=True, slots=True)
class Sight:
    """One answer: its document, and what sort of answer it is.

    ``document`` is None where the answer is text or cannot be read, ``rc`` the code of its
    outcome, ``template`` the name of the text template that it keeps.
    """

    document: Any = None
    rc: str | None = None
    template: str | None = None


@dataclass(frozen=True, slots=True)
class Observation:
    """How a provider's responses are looked at for the inventory.

    ``look`` gives, for a target, what looks at an exchange with it.
    ``enums`` are the names of members whose values are few and report nothing of a customer; a name
    that begins with ``[].`` is one of list elements only. ``records`` are the operations that list
    what was bought before: how much they show depends on the order of the tests. ``passing`` are
    codes and values of what is still in process: whether they are met is a matter of a moment.
    """

    look: Callable[[ProviderTarget], Callable[[Exchange], Sight]]
    enums: frozenset[str] = frozenset()
    records: frozenset[str] = frozenset()
    passing: frozenset[str] = frozenset()

    def is_enum(self, place: str) -> bool:
        """Whether the values at a place, as in ``data.detail[].status``, may be written down."""
        head, _, name = place.rpartition(".")
        return name in self.enums or (head.endswith("[]") and f"[].{name}" in self.enums)


def pending_codes(provider: str) -> frozenset[str]:
    """The provider's codes of what is still in process."""
    known = response_codes(provider)
    return frozenset(code for code, one in known.items() if one.outcome is Outcome.PENDING)
