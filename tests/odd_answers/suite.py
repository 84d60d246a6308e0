"""Whole runs of a provider's suite over odd answers.

The suite is collected once and played in forks, as the selfcheck does it. A play is drawn by its
number: every second one has a single oddity in all answers to one operation, the others have many
of every operation, among honest ones.
"""

from __future__ import annotations

import json
import multiprocessing
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from unittest import mock

from kontrak.clauses.catalogue import clauses
from kontrak.clauses.shapes import shape
from kontrak.clauses.verdict import Strength
from kontrak.config.target import Target
from kontrak.sandbox import Sandbox, account_keys
from kontrak.sandbox.http import SandboxResponse
from kontrak.selfcheck import stage
from kontrak.selfcheck.trials import Played, Trial
from tests.odd_answers.bodies import Oddity, oddities
from tests.odd_answers.sandbox import OddSandbox, richest

HANG_SECONDS = 120
_EACH = 12
"""How many oddities of an operation a mixed play has."""


@dataclass(frozen=True, slots=True)
class Play:
    """One run: what was odd in it, how many answers, and what is wrong with its end."""

    number: int
    odd: tuple[str, ...]
    changed: int
    faults: tuple[str, ...]


@dataclass(slots=True)
class _Stand:
    """Takes the place of the embedded sandbox in the stage, and becomes odd as a trial's id says.

    The stage judges the honest sandbox first: what it answers then is what oddities are made of.
    """

    provider: str
    folder: Path
    honest: OddSandbox | None = None
    broken: int = field(default=0)

    def sandbox(self, target: Target, faults: list[str], _: list[str]) -> Sandbox:
        accounts = {
            key: {
                name: value
                for name, value in target.provider(
                    key, sandbox_url="http://127.0.0.1"
                ).options.items()
                if name in account_keys(key)
            }
            for key in target.providers()
        }
        if self.honest is None or not faults:
            self.honest = OddSandbox(accounts=accounts)
            return self.honest
        number = int(faults[0])
        odd = self._drawn(number)
        self._write(number, odd)
        watch = partial(self._look, number, odd)
        return OddSandbox(*odd, accounts=accounts, watch=watch)

    def _drawn(self, number: int) -> list[Oddity]:
        draw = random.Random(number)  # noqa: S311 - to be repeated, not to be secret
        assert self.honest is not None
        kept = self.honest.kept
        if number % 2 == 0:
            operation = draw.choice(sorted(kept))
            return [draw.choice(list(oddities(operation, richest(kept[operation]))))]
        return [
            one
            for operation in sorted(kept)
            for one in draw.choices(list(oddities(operation, richest(kept[operation]))), k=_EACH)
        ]

    def _look(
        self, number: int, odd: list[Oddity], honest: SandboxResponse, changed: SandboxResponse
    ) -> None:
        if not self.broken and breaks(self.provider, honest.body, changed.body):
            self.broken = 1
            self._write(number, odd)

    def _write(self, number: int, odd: list[Oddity]) -> None:
        reported = {"odd": [str(one) for one in odd], "broken": self.broken}
        (self.folder / f"{number}.json").write_text(json.dumps(reported), encoding="utf-8")


def breaks(provider: str, honest: bytes, changed: bytes) -> bool:
    """Whether a JSON answer breaks the documented shape at a place that has a clause.

    That is: shapes accept the honest one, and none of these accepts the other, and every one is
    broken at a place that a clause of strength must or observed judges.
    """
    try:
        before, after = json.loads(honest), json.loads(changed)
    except (ValueError, RecursionError):
        return False
    found = [one for one in clauses(provider).values() if one.shape]
    kept = [name for name in {str(one.shape) for one in found} if _accepts(provider, name, before)]
    judged = {
        (one.shape, one.at) for one in found if one.strength is not Strength.INFERRED and one.at
    }
    return bool(kept) and all(
        any((name, one.pattern) in judged for one in shape(provider, name).violations(after))
        for name in kept
    )


def _accepts(provider: str, name: str, document: Any) -> bool:
    return shape(provider, name).accepts(document)


def play(provider: str, numbers: list[int], folder: Path) -> Iterator[Play]:
    """Play runs of a suite, one by one. ``folder`` is for the stage's notes."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(provider, folder, theirs))
    process.start()
    theirs.close()
    for number in numbers:
        ours.send(Trial(str(number), provider, "fault", "odd", "", None, frozenset()))
        try:
            played: Played = ours.recv()
        except EOFError:
            played = Played({}, {}, trouble="the stage died")
        yield _judged(number, played, folder)
        if played.trouble == "the stage died":
            break
    else:
        ours.send(None)
    process.join()


def _serve(provider: str, folder: Path, door: Connection) -> None:
    stand = _Stand(provider, folder)
    with (
        mock.patch.object(stage, "embedded_sandbox", stand.sandbox),
        mock.patch.object(stage, "LIMIT_SECONDS", HANG_SECONDS),
    ):
        stage.serve(provider, "selfcheck-brief", door)


def _judged(number: int, played: Played, folder: Path) -> Play:
    note = folder / f"{number}.json"
    reported = json.loads(note.read_text(encoding="utf-8")) if note.exists() else {}
    words = set(played.verdicts.values())
    found = [played.trouble] if played.trouble else []
    found += [one for one in played.reasons if "a fault of kontrak's own" in one]
    if reported.get("broken") and not words & {"failed", "broken"}:
        found.append("green, though a judged place breaks its documented shape")
    changed = played.damaged
    return Play(number, tuple(reported.get("odd", ())), changed, tuple(found))
