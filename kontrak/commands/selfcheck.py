"""``kontrak selfcheck``: run the trials and print the detection matrix."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from pathlib import Path

import click

from kontrak.selfcheck import Outcome, run, trials, unfaulted
from kontrak.verdict import ExitCode


def selfcheck(
    providers: Sequence[str],
    only: Sequence[str],
    *,
    brief: bool,
    workers: int | None,
    output: Path,
) -> int:
    """Run every chosen fault and variant; exit code 1 on a survivor, stray red or false alarm.

    Writes ``detection.json`` into ``output``. Raises ``ConfigurationError`` for an unknown id.
    """
    chosen = trials(providers, only, brief=brief)
    missing = [] if only else unfaulted(providers)
    started = time.monotonic()
    outcomes = []
    for number, outcome in enumerate(run(chosen, workers), start=1):
        outcomes.append(outcome)
        click.echo(f"[{number}/{len(chosen)}] {_line(outcome)}")
    for clause_id in missing:
        click.echo(f"NO FAULT   {clause_id}: no fault breaks this clause")
    outcomes.sort(key=lambda one: (one.trial.provider, one.trial.kind, one.trial.id))
    _write(outcomes, output / "detection.json")
    _close(outcomes, missing, time.monotonic() - started)
    well = all(one.well for one in outcomes) and not missing
    return ExitCode.CONFORMS if well else ExitCode.DEVIATES


def _line(one: Outcome) -> str:
    if one.trial.kind == "variant":
        word = "quiet" if one.well else "FALSE ALARM"
        return f"{word:<12}{one.trial.id}{_reds(one)}"
    word = "caught" if one.well else "SURVIVED" if not one.caught else "STRAY RED"
    return f"{word:<12}{one.trial.id} -> {one.trial.wanted}{_reds(one)}"


def _reds(one: Outcome) -> str:
    if one.exit_code not in (ExitCode.CONFORMS, ExitCode.DEVIATES):
        last = one.output.strip().splitlines()[-1:]
        return f"  (exit {one.exit_code}: {''.join(last)}; not to be: {_few(one)})"
    return f"  (not to be: {_few(one)})" if one.undeclared else ""


def _few(one: Outcome) -> str:
    return ", ".join(sorted(one.undeclared)[:6]) or "nothing red"


def _close(outcomes: Sequence[Outcome], missing: Sequence[str], seconds: float) -> None:
    faults = [one for one in outcomes if one.trial.kind == "fault"]
    variants = [one for one in outcomes if one.trial.kind == "variant"]
    survivors = sum(not one.caught for one in faults)
    stray = sum(one.caught and not one.well for one in faults)
    alarms = sum(not one.well for one in variants)
    click.echo(
        f"{len(faults)} faults: {len(faults) - survivors} caught, {survivors} survived, "
        f"{stray} with a stray red; {len(variants)} variants: {alarms} false alarms; "
        f"{len(missing)} clauses without a fault; {seconds:.0f} s"
    )


def _write(outcomes: Sequence[Outcome], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [
        {
            "id": one.trial.id,
            "provider": one.trial.provider,
            "kind": one.trial.kind,
            "text": one.trial.text,
            "clause": one.trial.wanted,
            "well": one.well,
            "caught": one.caught,
            "red": sorted(one.red),
            "warned": sorted(one.warned),
            "broken": sorted(one.broken),
            "undeclared": sorted(one.undeclared),
        }
        for one in outcomes
    ]
    path.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
