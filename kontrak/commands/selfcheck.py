"""``kontrak selfcheck``: play the trials and report the detection matrix."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from kontrak.clauses.verdict import ExitCode
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
    derived: int | None,
    narrowed: int | None,
    workers: int | None,
    output: Path,
) -> int:
    """Play every chosen fault and variant; exit code 1 on a survivor, stray red or false alarm.

    ``derived`` faults made by rule are played of every provider and family, all of them if None,
    and ``narrowed`` of every provider that are there for one product or codec only. Neither is
    played where ``only`` or ``brief`` says what is.
    Writes ``detection.json`` and ``detection.md`` into ``output``.
    Raises ``ConfigurationError`` for an unknown id.
    """
    if only or brief:
        derived = narrowed = 0
    chosen = trials(providers, only, brief=brief, derived=derived, narrowed=narrowed)
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
