"""``kontrak compare``: several billers taken through one scenario, side by side."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from kontrak.asking.run import Run, embedded_sandbox
from kontrak.asking.run_lock import RunLock
from kontrak.clauses.verdict import ExitCode
from kontrak.commands.comparison import Row, taken_through
from kontrak.config.paths import require_data
from kontrak.config.target import load_target
from kontrak.interface.compare_steps import Returned, Step
from kontrak.masking.masker import Masker


def compare(
    providers: Sequence[str], path: Path | None, output: Path, profile: str, form: str
) -> int:
    """Print one table of answers; nothing is judged.

    Exit code 3 when a provider gave no answer. What moves money passes the target's limits and
    stands in the ledger of ``output``. Raises ``ConfigurationError`` for a wrong target.
    """
    require_data()
    target = load_target(path)
    chosen = tuple(providers) or target.providers()
    sandbox = embedded_sandbox(target, [], [])
    url = sandbox.start() if sandbox else None
    try:
        run = Run(uuid.uuid4().hex[:12], target, output.absolute(), url, profile)
        run.control_token = sandbox.token if sandbox else ""
        for key in chosen:
            run.provider(key)
        lock = RunLock.of(run, chosen)
        try:
            rows = [row for key in chosen for row in taken_through(run, key)]
        finally:
            lock.close()
        masker = run.masker
        run.close()
    finally:
        if sandbox is not None:
            sandbox.stop()
    if form == "json":
        plain = masker.structure([_plain(one) for one in rows])
        click.echo(json.dumps(plain, indent=1, ensure_ascii=False))
    else:
        for line in _table(rows, chosen, masker):
            click.echo(line)
    unreached = any(one.unreached for one in rows)
    return ExitCode.INCONCLUSIVE if unreached else ExitCode.CONFORMS


def _table(rows: Sequence[Row], providers: Sequence[str], masker: Masker) -> list[str]:
    grid = Table(box=None, padding=(0, 3, 0, 0), header_style="bold")
    grid.add_column("step", no_wrap=True)
    for key in providers:
        grid.add_column(key, no_wrap=True)
    notes: list[str] = []
    cells = {(one.step, one.provider): _cell(one, notes) for one in rows}
    for step in Step:
        # As Text: square brackets in an RC are no markup.
        shown = (Text(masker.text(cells[step, key])) for key in providers)
        grid.add_row(step.value, *shown)
        grid.add_row()
    console = Console(width=max(100, 30 + 28 * len(providers)))
    with console.capture() as captured:
        console.print(grid)
    lines = [line.rstrip() for line in captured.get().splitlines()]
    reported = (f"[{number}] {masker.text(note)}" for number, note in enumerate(notes, start=1))
    return [*lines, *reported]


def _cell(row: Row, notes: list[str]) -> str:
    if row.why:
        note = f"{row.provider}: {row.why}"
        if note not in notes:
            notes.append(note)
        return f"{'no answer' if row.unreached else 'not done'} [{notes.index(note) + 1}]"
    lines = [_words(one) for one in row.returned]
    by_answer = " by its answer" if row.by_answer and row.taken is not None else ""
    return "\n".join([*lines, _money(row.taken) + by_answer])


def _words(returned: Returned) -> str:
    code = returned.rc or "no code"
    outcome = returned.outcome.value if returned.outcome else "no outcome"
    return f"{code}, HTTP {returned.http}, {outcome}"


def _money(taken: int | None) -> str:
    if taken is None:
        return "money: not known"
    return f"money: {-taken:+d}" if taken else "money: 0"


def _plain(row: Row) -> dict[str, Any]:
    return {
        "provider": row.provider,
        "step": row.step.value,
        "answers": [
            {
                "http": one.http,
                "rc": one.rc,
                "outcome": one.outcome.value if one.outcome else None,
            }
            for one in row.returned
        ],
        "taken_rupiah": row.taken,
        "reported_by_answer": row.by_answer,
        "why_not": row.why,
        "unreached": row.unreached,
    }
