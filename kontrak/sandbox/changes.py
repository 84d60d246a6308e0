"""Faults and variants: named, switchable changes of a service's behaviour.

A service is a class of small methods. A change wraps one or more of them on a single instance:
``wraps={"bill_of": wrapper}`` replaces ``service.bill_of(hp)`` by
``wrapper(service, original, hp)``, where ``original`` is the method as it was. A name with dots,
as in ``account.debit``, leads to a part of the service; the wrapper is then given that part.
Nothing outside that instance changes, so a fresh service is honest again.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

Wrapper = Callable[..., object]
"""``wrapper(service, original, *arguments)``, returning what the wrapped method returns."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A wrong behaviour that breaks one clause.

    ``clauses[0]`` is that clause; further ones turn red with it and cannot be kept apart, and
    ``because`` says why. ``text`` says in one sentence what the service does wrong.
    """

    id: str
    provider: str
    clauses: tuple[str, ...]
    text: str
    wraps: Mapping[str, Wrapper] = field(compare=False, repr=False)
    because: str = ""

    def __post_init__(self) -> None:
        if not self.clauses:
            raise ValueError(f"{self.id} breaks no clause")
        if bool(self.clauses[1:]) != bool(self.because):
            raise ValueError(f"{self.id}: further clauses and their reason come together")


@dataclass(frozen=True, slots=True)
class Variant:
    """A correct but different behaviour, which no clause may mind."""

    id: str
    provider: str
    text: str
    wraps: Mapping[str, Wrapper] = field(compare=False, repr=False)

    @property
    def on_the_wire(self) -> bool:
        """Whether it concerns how answers are sent, and not only what they say."""
        return "answer" in self.wraps


def make_fault(
    provider: str,
    name: str,
    clause: str,
    text: str,
    *,
    also: Collection[str] = (),
    because: str = "",
    **wraps: Wrapper,
) -> Fault:
    """A provider's fault that breaks one clause, and ``also`` others for the reason given."""
    return Fault(f"{provider}-{name}", provider, (clause, *also), text, wraps, because)


def by_chance(faults: Iterable[Fault], names: Collection[str], because: str) -> tuple[Fault, ...]:
    """The faults of a provider; those ``names`` may break every clause, for the reason given.

    That is for faults which any request meets by chance, so that no run is like another.
    """
    known = tuple(faults)
    every = tuple(dict.fromkeys(clause for one in known for clause in one.clauses))
    return tuple(
        replace(one, clauses=tuple(dict.fromkeys((one.clauses[0], *every))), because=because)
        if one.id in names
        else one
        for one in known
    )


def also_breaking(
    faults: Iterable[Fault], more: Mapping[str, tuple[str, ...]], because: str
) -> tuple[Fault, ...]:
    """The faults of a provider; those named in ``more`` may break these clauses too.

    That is for what many faults share, such as filters that generated values meet as well. A fault
    that has a reason of its own keeps it.
    """
    return tuple(
        replace(
            one,
            clauses=tuple(dict.fromkeys((*one.clauses, *more[one.id]))),
            because=one.because or because,
        )
        if one.id in more
        else one
        for one in faults
    )


def make_variant(provider: str, name: str, text: str, **wraps: Wrapper) -> Variant:
    """A provider's variant."""
    return Variant(f"{provider}-{name}", provider, text, wraps)


class Change(Protocol):
    """Anything that wraps methods of a service."""

    @property
    def wraps(self) -> Mapping[str, Wrapper]:
        """The wrappers by the method's name."""
        ...


def install(service: object, change: Change) -> None:
    """Wrap the methods of this one service; later changes wrap the earlier ones."""
    for name, wrapper in change.wraps.items():
        way, _, method = name.rpartition(".")
        part = operator.attrgetter(way)(service) if way else service
        original = getattr(part, method)
        setattr(part, method, functools.partial(wrapper, part, original))
