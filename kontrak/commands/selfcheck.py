"""``kontrak selfcheck``: play the trials and report the detection matrix."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from kontrak.clauses.verdict import ExitCode
from kontrak.limits.ledger import WIB
from kontrak.masking.visible import echo
from kontrak.selfcheck import Matrix, play, trials, unfaulted
from kontrak.selfcheck.matrix import line
from kontrak.selfcheck.stage import SEED
from kontrak.selfcheck.trials import Outcome, Trial


def selfcheck(
    providers: Sequence[str],
    only: Sequence[str],
    *,
    brief: bool,
    draw: Mapping[str, int | None],
    workers: int | None,
    output: Path,
) -> int:
    """Play every chosen fault and variant; exit code 1 on a survivor, stray red or false alarm.

    ``draw`` is how many are played of every provider, None for all: ``derived`` faults made by rule
    (of every family), ``narrowed`` ones that are there for one product or codec only, and
    ``variants``, others every day (WIB). Of the first two none with ``only`` or ``brief``.
    Writes ``detection.json`` and ``detection.md`` into ``output``.
    Raises ``ConfigurationError`` for an unknown id.
    """
    kept = {**draw, "derived": 0, "narrowed": 0} if only or brief else draw
    day = f"{datetime.now(tz=WIB):%Y-%m-%d}"
    chosen = trials(providers, only, brief=brief, day=day, **kept)
    started = time.monotonic()
    outcomes = list(_shown(chosen, workers))
    matrix = Matrix(
        outcomes=sorted(outcomes, key=lambda o: (o.trial.provider, o.trial.kind, o.trial.id)),
        unfaulted=[] if only else unfaulted(providers),
        seconds=time.monotonic() - started,
        seed=SEED,
    )
    if not only:
        matrix = replace(matrix, unfaulted=[*matrix.unfaulted, *matrix.unproven()])
    for clause_id in matrix.unfaulted:
        echo(f"NO FAULT   {clause_id}: no fault breaks this clause")
    matrix.write(output)
    echo(matrix.closing())
    return ExitCode.CONFORMS if matrix.well else ExitCode.DEVIATES


def _shown(chosen: Sequence[Trial], workers: int | None) -> Iterator[Outcome]:
    """Play the trials and print a line for each.

    Those made by rule are thousands: what is as it has to be is in the matrix.
    """
    for number, outcome in enumerate(play(chosen, workers), start=1):
        if outcome.trial.kind != "derived" or not outcome.well:
            echo(f"[{number}/{len(chosen)}] {line(outcome)}")
        yield outcome
