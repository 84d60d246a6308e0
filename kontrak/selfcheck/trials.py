"""Trials: which faults and variants are tried, what has to come of each, and what did."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from kontrak.clauses.catalogue import clauses
from kontrak.clauses.verdict import Strength
from kontrak.errors import ConfigurationError
from kontrak.sandbox import (
    Derived,
    Fault,
    Variant,
    all_faults,
    all_variants,
    derived_faults,
    narrowed_faults,
)
from kontrak.selfcheck.freedoms import freedom_of

REQUEST_KINDS = frozenset({"request", "signature", "generated"})


@dataclass(frozen=True, slots=True)
class Trial:
    """One run to be made against a sandbox with one change.

    ``kind`` is "fault", "derived", "variant" or "honest" (the sandbox as it is). ``wanted`` is the
    clause that has to turn red, None where there is none; ``allowed`` are the clauses that may turn
    red with it (declared consequences). ``family`` is what kind of fault it is. With ``alone`` only
    the wanted clause is judged, so that strays stay unseen. A derived fault is damage at a
    ``place`` of an ``answer``; the first red ends its trial, and ``freedom`` is the reason why it
    may survive, if it may.
    ``quick`` is for right behaviour that few generated requests are sent to.
    ``likely`` is the clause whose tests are played first.
    ``wired`` is for what concerns how answers are sent, and needs a connection to be seen.
    """

    id: str
    provider: str
    kind: str
    family: str
    text: str
    wanted: str | None
    allowed: frozenset[str]
    alone: bool = False
    answer: str = ""
    place: str = ""
    freedom: str = ""
    wired: bool = False
    likely: str = ""
    quick: bool = False

    @property
    def faults(self) -> tuple[str, ...]:
        """The faults to switch on."""
        return (self.id,) if self.kind in {"fault", "derived"} else ()

    @property
    def variants(self) -> tuple[str, ...]:
        """The variants to switch on."""
        return (self.id,) if self.kind == "variant" else ()

    @property
    def is_right(self) -> bool:
        """Whether the sandbox behaves as the document says, so that nothing may be red."""
        return self.kind in {"variant", "honest"}

    @property
    def direct(self) -> bool:
        """Whether requests are handed over without a connection."""
        return self.kind != "honest" and not self.wired

    @property
    def profile(self) -> str:
        """Many generated requests where a fault is about requests, else a few to see strays."""
        if self.is_right:
            return "selfcheck-brief" if self.quick else "selfcheck-variant"
        if self.wanted is None:
            return "selfcheck" if self.likely else "selfcheck-brief"
        about_requests = clauses(self.provider)[self.wanted].kind in REQUEST_KINDS
        return "selfcheck" if about_requests else "selfcheck-brief"


HONEST = Trial("honest", "", "honest", "honest", "The sandbox as it is.", None, frozenset())


@dataclass(frozen=True, slots=True)
class Played:
    """What a stage saw: a verdict's word per clause, and the tests that failed, per clause.

    ``message`` is the first failure's whole text. ``damaged`` says how many answers a derived fault
    has changed. ``outages`` counts answers that look like an outage (``kontrak.http.trouble``).
    ``trouble`` says why there is nothing to see. ``reasons`` say why tests could not be judged.
    """

    verdicts: dict[str, str]
    killers: dict[str, list[str]]
    message: str = ""
    seconds: float = 0.0
    requests: int = 0
    damaged: int = 0
    outages: int = 0
    trouble: str = ""
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """A trial and what was seen of it."""

    trial: Trial
    played: Played

    @property
    def red(self) -> frozenset[str]:
        """The clauses that failed."""
        return self._with("failed")

    @property
    def warned(self) -> frozenset[str]:
        """The clauses that warned."""
        return self._with("warned")

    @property
    def broken(self) -> frozenset[str]:
        """The clauses that could not be judged."""
        return self._with("broken")

    def _with(self, word: str) -> frozenset[str]:
        return frozenset(one for one, returned in self.played.verdicts.items() if returned == word)

    @property
    def caught(self) -> bool:
        """Whether the wanted clause turned red; an inferred one can only warn."""
        wanted = self.trial.wanted
        if wanted is None:
            return self.trial.is_right or bool(self.red)
        inferred = clauses(self.trial.provider)[wanted].strength is Strength.INFERRED
        return wanted in (self.warned if inferred else self.red)

    @property
    def undeclared(self) -> frozenset[str]:
        """What turned red or broken without being wanted or declared.

        The honest sandbox may not even warn: a warning that is always there excuses every fault.
        What an outage leaves unjudged is no stray: the run is inconclusive, as it has to be.
        """
        if self.trial.kind == "derived":
            return frozenset()
        warned = self.warned if self.trial.kind == "honest" else frozenset()
        lost = self.played.outages and not self.trial.is_right
        broken = frozenset() if lost else self.broken
        return (self.red | broken | warned) - self.trial.allowed

    @property
    def excuse(self) -> str:
        """Why a fault that nothing killed counts as no survivor; "" if it does.

        It looks like an outage, so that the run is inconclusive; or, if it was made by rule: it
        changed nothing, it was reported as a warning, or the document leaves it open.
        """
        if self.trial.is_right or self.caught or self.played.trouble:
            return ""
        if self.played.outages and self.broken and not self.red:
            return "outage"
        if self.trial.kind != "derived" or self.caught or self.played.trouble:
            return ""
        if not self.played.damaged:
            return "idle"
        if self.warned:
            return "warned"
        return "free" if self.trial.freedom and not self.broken else ""

    @property
    def well(self) -> bool:
        """Whether the trial went as it has to."""
        good = self.caught or bool(self.excuse)
        return good and not self.undeclared and not self.played.trouble


def trials(
    providers: Iterable[str],
    only: Iterable[str] = (),
    *,
    brief: bool = False,
    derived: int | None = 0,
    narrowed: int | None = 0,
    variants: int | None = None,
    day: str = "",
) -> list[Trial]:
    """The faults and variants of some providers; ``only`` narrows them by id.

    Each provider's honest sandbox is tried as well. ``brief`` keeps one fault per clause, judged by
    this clause alone, and every variant.
    ``derived`` is how many faults made by rule are taken of every provider and family, None for
    all, and ``narrowed`` of those within one product or codec; those named in ``only`` are taken
    anyway. ``variants`` is how many variants are taken of every provider, None for all; ``day``
    decides which, so that other days take others.
    Raises ``ConfigurationError`` for an id that is neither.
    """
    wanted = set(only)
    found: list[Trial] = []
    for provider in providers:
        faults = all_faults(provider)
        if brief:
            faults = tuple({one.clauses[0]: one for one in reversed(faults)}.values())
        right = _right(provider, brief=brief)
        # Slow answers are waited for while other trials are played.
        found += right if wanted else [right[0], *_of_the_day(right[1:], variants, day)]
        found += [_fault(one, alone=brief) for one in faults]
        found += _by_rule(provider, wanted, derived, narrowed)
    unknown = wanted - {one.id for one in found}
    if unknown:
        raise ConfigurationError(
            f"no fault or variant is called {', '.join(sorted(unknown))}",
            hint="see `kontrak sandbox --list-faults`",
        )
    return [one for one in found if not wanted or one.id in wanted]


def unfaulted(providers: Iterable[str]) -> list[str]:
    """The clauses of strength must or observed that no fault breaks."""
    faulted = {one.clauses[0] for provider in providers for one in all_faults(provider)}
    return [
        one.id
        for provider in providers
        for one in clauses(provider).values()
        if one.strength is not Strength.INFERRED and not one.untested and one.id not in faulted
    ]


def _by_rule(
    provider: str, wanted: Collection[str], derived: int | None, narrowed: int | None
) -> list[Trial]:
    """The faults made by rule that are named, or else so many."""
    damaged, within = derived_faults(provider), narrowed_faults(provider)
    named = [one for one in (*damaged, *within) if one.id in wanted]
    drawn = [*_sample(damaged, derived), *_sample(within, narrowed)]
    return [_derived(one) for one in named or drawn]


def _right(provider: str, *, brief: bool) -> list[Trial]:
    """The honest sandbox, and every variant."""
    honest = replace(HONEST, id=f"{provider}-honest", provider=provider)
    variants = [_variant(one) for one in all_variants(provider)]
    return [replace(one, quick=brief) for one in (honest, *variants)]


def _of_the_day(right: list[Trial], most: int | None, day: str) -> list[Trial]:
    """So many of them, others on another day, in their order."""
    drawn = sorted(right, key=lambda one: hashlib.sha256(f"{day} {one.id}".encode()).digest())
    kept = {one.id for one in drawn[:most]}
    return [one for one in right if one.id in kept]


def _fault(fault: Fault, *, alone: bool) -> Trial:
    clause = clauses(fault.provider)[fault.clauses[0]]
    return Trial(
        id=fault.id,
        provider=fault.provider,
        kind="fault",
        family=clause.kind,
        text=fault.text,
        wanted=clause.id,
        allowed=frozenset(fault.clauses),
        alone=alone,
    )


def _sample(faults: Iterable[Derived], most: int | None) -> list[Derived]:
    """So many of every family, the same every time and spread over the answers by chance."""
    if most == 0:
        return []
    families: dict[str, list[Derived]] = {}
    for one in sorted(faults, key=lambda fault: hashlib.sha256(fault.id.encode()).digest()):
        families.setdefault(one.family, []).append(one)
    return [one for family in families.values() for one in family[:most]]


def _derived(fault: Derived) -> Trial:
    freedom = freedom_of(fault)
    return Trial(
        id=fault.id,
        provider=fault.provider,
        kind="derived",
        family=fault.family,
        text=fault.text,
        wanted=None,
        allowed=frozenset(),
        answer=fault.answer,
        place=fault.place,
        freedom=freedom.reason if freedom else "",
        likely=fault.clause,
    )


def _variant(variant: Variant) -> Trial:
    return Trial(
        id=variant.id,
        provider=variant.provider,
        kind="variant",
        family="variant",
        text=variant.text,
        wanted=None,
        allowed=frozenset(),
        wired=variant.on_the_wire,
    )
