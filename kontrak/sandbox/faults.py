"""The registry of faults and variants of every provider."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from typing import TypeVar

from kontrak.errors import ConfigurationError
from kontrak.sandbox.changes import Fault, Variant, install
from kontrak.sandbox.services import SERVICES

__all__ = ["Fault", "Variant", "all_faults", "all_variants", "choose", "install"]

Named = TypeVar("Named", Fault, Variant)


def all_faults(provider: str | None = None) -> tuple[Fault, ...]:
    """The faults of one provider, or of all of them, in the order of their tables."""
    return tuple(f for row in SERVICES if provider in {None, row.provider} for f in row.faults)


def all_variants(provider: str | None = None) -> tuple[Variant, ...]:
    """The variants of one provider, or of all of them, in the order of their tables."""
    return tuple(v for row in SERVICES if provider in {None, row.provider} for v in row.variants)


def choose(word: str, ids: Iterable[str], known: Sequence[Named]) -> tuple[Named, ...]:
    """The changes of those ids; ``word`` ("fault", "variant") is how a message calls them.

    Raises ``ConfigurationError`` for an unknown id and suggests the nearest.
    """
    table = {one.id: one for one in known}
    chosen: list[Named] = []
    for wanted in ids:
        if wanted not in table:
            near = difflib.get_close_matches(wanted, table, n=1)
            hint = f"did you mean {near[0]}?" if near else f"list the {word}s for their ids"
            raise ConfigurationError(f"the sandbox has no {word} {wanted!r}", hint=hint)
        chosen.append(table[wanted])
    return tuple(chosen)
