"""The registry of faults and variants of every provider."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from functools import cache
from typing import TypeVar

from kontrak.errors import ConfigurationError
from kontrak.sandbox.changes import Fault, Variant, install
from kontrak.sandbox.derived import MARK, Derived
from kontrak.sandbox.narrowed import NARROWED
from kontrak.sandbox.services import SERVICES

__all__ = [
    "Derived",
    "Fault",
    "Variant",
    "all_faults",
    "all_variants",
    "choose",
    "choose_faults",
    "derived_faults",
    "install",
    "narrowed_faults",
]

Named = TypeVar("Named", Fault, Variant, Derived)


def all_faults(provider: str | None = None) -> tuple[Fault, ...]:
    """The faults of one provider, or of all of them, in the order of their tables."""
    return tuple(f for row in SERVICES if provider in {None, row.provider} for f in row.faults)


def all_variants(provider: str | None = None) -> tuple[Variant, ...]:
    """The variants of one provider, or of all of them, in the order of their tables."""
    return tuple(v for row in SERVICES if provider in {None, row.provider} for v in row.variants)


def derived_faults(provider: str) -> tuple[Derived, ...]:
    """The damaged answers of one provider that are made by rule."""
    return tuple(one for one in _by_rule(provider) if one.family != NARROWED)


def narrowed_faults(provider: str) -> tuple[Derived, ...]:
    """The faults made by hand of one provider, each within one product or codec only."""
    return tuple(one for one in _by_rule(provider) if one.family == NARROWED)


@cache
def _by_rule(provider: str) -> tuple[Derived, ...]:
    """All faults of one provider that are made by rule, worked out when first asked for."""
    return tuple(one for row in SERVICES if row.provider == provider for one in row.derived())


def choose_faults(ids: Iterable[str]) -> tuple[Fault | Derived, ...]:
    """The faults of those ids, made by hand or by rule; errors are those of ``choose``."""
    wanted = list(ids)
    made = [one for one in wanted if MARK not in one]
    by_rule = [one for one in wanted if MARK in one]
    providers = {one.partition(MARK)[0] for one in by_rule}
    known = [one for provider in sorted(providers) for one in _by_rule(provider)]
    return (*choose("fault", made, all_faults()), *choose("derived fault", by_rule, known))


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
