"""``python -m tests.odd_answers``: send odd answers through every way of every provider.

``--all`` sends every one there is, ``--draw N`` so many through each way and provider. It prints
how many were sent and what went wrong, and exits 1 if anything did.
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import click

from kontrak.config.registry import PROVIDERS
from tests.odd_answers.suite import play
from tests.odd_answers.ways import WAYS, Arena, HangError, faults
from tests.odd_answers.wire import odd_replies

_WIRED = ("doctor", "compare", "reconcile")
_SUITE = 40
"""How many runs of a suite ``--all`` plays; the mixed ones have hundreds of odd answers each."""
T = TypeVar("T")


@dataclass(slots=True)
class Counts:
    """How many odd answers were sent, by way and provider, and what went wrong.

    What goes wrong is printed at once: the whole takes hours.
    """

    sent: Counter[tuple[str, str]] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def count(
        self, way: str, provider: str, what: str, found: Sequence[str], sent: int = 1
    ) -> None:
        """Count one."""
        self.sent[way, provider] += sent
        for one in found:
            self.wrong.append(f"{way} {provider}: {what}\n{one}")
            click.echo(f"WRONG: {self.wrong[-1]}")

    def lines(self) -> Iterator[str]:
        """What is printed."""
        for (way, provider), number in sorted(self.sent.items()):
            yield f"{way:16} {provider:12} {number:7}"
        yield f"{'all':29} {self.sent.total():7}"
        yield f"{len(self.wrong)} wrong"


def drawn(found: Sequence[T], number: int | None, seed: int) -> list[T]:
    """So many of them, the same for the same seed; all where ``number`` is None."""
    if number is None or number >= len(found):
        return list(found)
    return random.Random(seed).sample(found, number)  # noqa: S311 - to be repeated


def by_body(arena: Arena, way: str, number: int | None, seed: int, counts: Counts) -> None:
    """Odd bodies, statuses and headers through one way, without sockets."""
    for one in drawn(arena.catalogue(way), number, seed):
        try:
            ended = arena.go(way, one)
            found = faults(way, ended, one, provider=arena.provider)
        except HangError as error:
            found = [f"does not end: {error}"]
        counts.count(way, arena.provider, str(one), found, arena.sandbox.changed)


def by_wire(arena: Arena, way: str, number: int | None, seed: int, counts: Counts) -> None:
    """Odd HTTP through one way; the first answer, or the first three, are sent rightly."""
    for place, one in enumerate(drawn(list(odd_replies()), number, seed)):
        honest = 0 if way == "doctor" else place % 4
        try:
            found = faults(way, arena.wired(way, one, honest))
        except HangError as error:
            found = [f"does not end: {error}"]
        counts.count(f"{way}, wire", arena.provider, f"{one.name} after {honest}", found)


def by_suite(provider: str, number: int, seed: int, counts: Counts) -> None:
    """Odd bodies through whole runs of a suite."""
    with tempfile.TemporaryDirectory(prefix="kontrak-") as folder:
        for one in play(provider, list(range(seed, seed + number)), Path(folder)):
            what = f"play {one.number}, {one.odd[0] if len(one.odd) == 1 else len(one.odd)}"
            counts.count("run", provider, what, one.faults, one.changed)


@click.command()
@click.option("--all", "everything", is_flag=True, help="Every odd answer; takes an hour or two.")
@click.option("--draw", type=int, default=20, help="How many for each way and provider.")
@click.option("--plays", type=int, default=4, help="How many runs of each suite.")
@click.option("--seed", type=int, default=1, help="Of the draw.")
@click.option("-p", "providers", multiple=True, type=click.Choice(list(PROVIDERS)))
@click.option("--way", "ways", multiple=True, type=click.Choice([*WAYS, "wire", "run"]))
def main(
    everything: bool,  # noqa: FBT001 - click passes options by name
    draw: int,
    plays: int,
    seed: int,
    providers: tuple[str, ...],
    ways: tuple[str, ...],
) -> None:
    """Send odd answers, and say what they did."""
    counts, number = Counts(), None if everything else draw
    chosen = ways or (*WAYS, "wire", "run")
    for provider in providers or tuple(PROVIDERS):
        with Arena(provider) as arena:
            for way in WAYS:
                if way in chosen:
                    by_body(arena, way, number, seed, counts)
            for way in _WIRED if "wire" in chosen else ():
                few = number if way == "doctor" or number is not None else 200
                by_wire(arena, way, few, seed, counts)
        if "run" in chosen:
            by_suite(provider, _SUITE if everything else plays, seed, counts)
        click.echo(f"{provider}: {counts.sent.total()} sent so far, {len(counts.wrong)} wrong")
    for line in counts.lines():
        click.echo(line)
    sys.exit(1 if counts.wrong else 0)


if __name__ == "__main__":
    main()
