"""Narrowed faults: every fault made by hand, but of one product (or one codec) only.

A suite that asks one product in place of all misses a provider that is wrong with another. These
are made by rule: each fault of a provider is crossed with its *parts*, and the fault is there only
while a request is about that part. Whatever turns red has killed it, as of a derived fault.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial

from kontrak.sandbox.changes import Fault, Wrapper
from kontrak.sandbox.derived import MARK, Derived, FamilyCount
from kontrak.sandbox.http import SandboxRequest, SandboxResponse

NARROWED = "narrowed"
"""The family of these faults."""
Answer = Callable[[SandboxRequest], SandboxResponse]

_asked: ContextVar[str] = ContextVar("asked", default="")
"""The part that the request is about which is answered now."""


@dataclass(frozen=True, slots=True)
class Parts:
    """How to know what a request is about.

    ``subject`` returns the part that a request names and its reference, "" for what it has not: a
    later request about the same reference is about the same part. ``of`` returns the part of an
    object that a method is given, None where it has none. ``names`` are the parts to narrow to.
    """

    names: tuple[str, ...]
    subject: Callable[[SandboxRequest], tuple[str, str]]
    of: Callable[[object], str | None] = lambda _: None


def narrow(faults: Iterable[Fault], parts: Parts) -> Iterator[Derived]:
    """Every fault in every part."""
    for fault in faults:
        for part in parts.names:
            name = fault.id.removeprefix(f"{fault.provider}-")
            yield Derived(
                id=f"{fault.provider}{MARK}{part}{MARK}{name}",
                provider=fault.provider,
                answer=part,
                place=name,
                family=NARROWED,
                text=f"{part} only: {fault.text}",
                make=partial(_wraps, fault, part, parts),
                clause=fault.clauses[0],
            )


def _wraps(fault: Fault, part: str, parts: Parts, counts: FamilyCount) -> Mapping[str, Wrapper]:
    narrowed = {
        name: partial(_within, wrapper, part, parts, counts)
        for name, wrapper in fault.wraps.items()
        if name != "answer"
    }
    whole = fault.wraps.get("answer")

    def answer(service: object, original: Answer, request: SandboxRequest) -> object:
        named, reference = parts.subject(request)
        known: dict[str, str] = vars(service).setdefault("narrowed_references", {})
        if named and reference:
            known.setdefault(reference, named)
        token = _asked.set(named or known.get(reference, ""))
        try:
            if whole is None:
                return original(request)
            return _within(whole, part, parts, counts, service, original, request)
        finally:
            _asked.reset(token)

    return {**narrowed, "answer": answer}


def _within(
    wrapper: Wrapper,
    part: str,
    parts: Parts,
    counts: FamilyCount,
    service: object,
    original: Callable[..., object],
    /,
    *arguments: object,
) -> object:
    """What the wrapper returns within the part, else what the method itself does."""
    named = next((one for one in map(parts.of, arguments) if one is not None), _asked.get())
    if named != part:
        return original(*arguments)
    watched = _Watched(original)
    try:
        returned = wrapper(service, watched, *arguments)
    except Exception:
        counts.changes += 1
        raise
    counts.changes += not watched.was_all(arguments, returned)
    return returned


class _Watched:
    """A method that remembers how it was called, to see whether a wrapper changes anything."""

    def __init__(self, original: Callable[..., object]) -> None:
        self._original = original
        self._calls: list[tuple[tuple[object, ...], object]] = []

    def __call__(self, *arguments: object) -> object:
        returned = self._original(*arguments)
        self._calls.append((arguments, _copied(returned)))
        return returned

    def was_all(self, arguments: tuple[object, ...], returned: object) -> bool:
        """Whether one call with these arguments and this outcome was all that happened.

        What a wrapper does besides, to a balance for example, is not seen.
        """
        return len(self._calls) == 1 and self._calls[0] == (arguments, returned)


def _copied(returned: object) -> object:
    try:
        return copy.deepcopy(returned)
    except TypeError:  # what holds a lock cannot be copied, and is not edited in place either
        return returned
