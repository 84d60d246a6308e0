"""Selfcheck: every fault of the sandbox is caught by its clause, and no variant is called wrong.

Each fault and each variant is one run of the provider's suite against a sandbox that misbehaves (or
differs) in that one way, in a process of its own, several at a time. The matrix says what turned
red; a survivor, an undeclared red or a false alarm makes the check fail.
"""

from __future__ import annotations

import contextlib
import io
import json
import multiprocessing
import os
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from kontrak.catalogue import clauses
from kontrak.errors import ConfigurationError
from kontrak.paths import ROOT, SUITES
from kontrak.sandbox import Fault, Variant, all_faults, all_variants
from kontrak.verdict import Strength, Verdict

SEED = 1
REQUEST_KINDS = frozenset({"request", "signature", "generated"})


@dataclass(frozen=True, slots=True)
class Trial:
    """One run to be made: ``changes`` are options of the plugin, ``wanted`` what has to turn red.

    ``allowed`` are clauses that may turn red with it (declared consequences). With ``alone`` only
    the wanted clause is judged, so that strays stay unseen.
    """

    id: str
    provider: str
    kind: str
    text: str
    option: str
    wanted: str | None
    allowed: frozenset[str]
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a trial's run said: the clauses that turned red or yellow, and its exit code."""

    trial: Trial
    red: frozenset[str]
    warned: frozenset[str]
    broken: frozenset[str]
    exit_code: int
    output: str

    @property
    def caught(self) -> bool:
        """Whether the wanted clause turned red; an inferred one can only warn."""
        wanted = self.trial.wanted
        if wanted is None:
            return True
        inferred = clauses(self.trial.provider)[wanted].strength is Strength.INFERRED
        return wanted in (self.warned if inferred else self.red)

    @property
    def undeclared(self) -> frozenset[str]:
        """What turned red or broken without being wanted or declared."""
        return (self.red | self.broken) - self.trial.allowed

    @property
    def well(self) -> bool:
        """Whether the trial went as it has to."""
        ran = self.exit_code in (0, 1)
        return self.caught and not self.undeclared and ran


def trials(
    providers: Iterable[str], only: Iterable[str] = (), *, brief: bool = False
) -> list[Trial]:
    """The faults and variants of some providers; ``only`` narrows them by id.

    ``brief`` keeps one fault per clause, judged by this clause alone, and every variant.
    Raises ``ConfigurationError`` for an id that is neither.
    """
    found: list[Trial] = []
    for provider in providers:
        faults = all_faults(provider)
        if brief:
            faults = tuple({one.clauses[0]: one for one in reversed(faults)}.values())
        found += [_fault(one, alone=brief) for one in faults]
        found += [_variant(one) for one in all_variants(provider)]
    wanted = set(only)
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


def run(chosen: list[Trial], workers: int | None = None) -> Iterator[Outcome]:
    """Run the trials, several at a time; outcomes come as they end."""
    # A fork server that has imported everything starts a fresh process per trial at no cost.
    context = multiprocessing.get_context("forkserver" if os.name == "posix" else "spawn")
    context.set_forkserver_preload(["kontrak.selfcheck_preload"])
    count = workers or os.cpu_count() or 1
    with context.Pool(min(count, len(chosen)) or 1, maxtasksperchild=1) as pool:
        yield from pool.imap_unordered(_trial, chosen)


def _fault(fault: Fault, *, alone: bool) -> Trial:
    return Trial(
        fault.id,
        fault.provider,
        "fault",
        fault.text,
        "--fault",
        fault.clauses[0],
        frozenset(fault.clauses),
        alone,
    )


def _variant(variant: Variant) -> Trial:
    return Trial(
        variant.id, variant.provider, "variant", variant.text, "--variant", None, frozenset()
    )


def _trial(trial: Trial) -> Outcome:
    with tempfile.TemporaryDirectory(prefix="kontrak-") as folder:
        output = io.StringIO()
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
            code = pytest.main(_arguments(trial, folder))
        result = Path(folder) / "conformance.json"
        verdicts = _verdicts(result)
    return Outcome(
        trial,
        red=_of(verdicts, Verdict.FAILED),
        warned=_of(verdicts, Verdict.WARNED),
        broken=_of(verdicts, Verdict.BROKEN),
        exit_code=int(code),
        output=output.getvalue(),
    )


def _arguments(trial: Trial, folder: str) -> list[str]:
    return [
        "-c",
        str(ROOT / "pyproject.toml"),
        f"--rootdir={ROOT}",
        str(SUITES / trial.provider),
        *("-q", "-p", "no:xdist", "-p", "no:allure_pytest", "-p", "no:junitxml"),
        f"--output={folder}",
        f"--seed={SEED}",
        f"--profile={_profile(trial)}",
        # Nothing here asserts by hand, and what is imported already cannot be rewritten.
        "--assert=plain",
        trial.option,
        trial.id,
        *([f"--clause={trial.wanted}"] if trial.alone else []),
    ]


def _profile(trial: Trial) -> str:
    """Many generated requests where a fault is about requests, a few to see strays elsewhere."""
    if trial.wanted is None:
        return "selfcheck"
    about_requests = clauses(trial.provider)[trial.wanted].kind in REQUEST_KINDS
    return "selfcheck" if about_requests else "selfcheck-brief"


def _verdicts(result: Path) -> dict[str, str]:
    if not result.exists():
        return {}
    data: dict[str, Any] = json.loads(result.read_text(encoding="utf-8"))
    return {one["id"]: one["verdict"] for one in data["clauses"]}


def _of(verdicts: dict[str, str], wanted: Verdict) -> frozenset[str]:
    return frozenset(one for one, word in verdicts.items() if word == wanted.word)
