"""How a ledger of many rows behaves: ``python benchmarks/ledger.py [ROWS]``; 1,000,000 by default.

Fills a temporary ledger, and prints the seconds and the peak memory of a short run with an empty
one and with this one, and of closing the books of both. The target is a sandbox of kontrak's own.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import click

from kontrak.limits.entry import State
from kontrak.limits.ledger import Ledger
from kontrak.sandbox import Sandbox

ROWS = 1_000_000
OPEN = 20
"""How many of them have an unknown end: each is asked for."""
DAYS = 400
_DAY = 86_400.0
_AT_ONCE = 50_000


@dataclass(frozen=True, slots=True)
class Cost:
    """What a command took: its exit code, its seconds, and its peak memory in MB."""

    code: int
    seconds: float
    megabytes: float


def main(rows: int) -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder, Sandbox() as sandbox:
        empty, full = (_target(Path(folder) / name, sandbox.url) for name in ("empty", "full"))
        began = time.monotonic()
        fill(full.parent / "ledger.sqlite", rows)
        size = (full.parent / "ledger.sqlite").stat().st_size / 1e6
        click.echo(f"{rows} rows written in {time.monotonic() - began:.0f} s, {size:.0f} MB")
        for target in (empty, full):
            for command in (("run", "-p", "iak", "--no-html", "--clause=IAK-PAY-SUCCESS"),
                            ("reconcile",)):  # fmt: skip
                cost = measured([*command, f"--target={target}", f"--output={target.parent}"])
                click.echo(
                    f"{command[0]:9} {target.parent.name:5}  {cost.seconds:6.1f} s  "
                    f"{cost.megabytes:5.0f} MB  exit {cost.code}"
                )


def fill(path: Path, rows: int) -> None:
    """Write rows of the last ``DAYS`` days, paid and refused, the last few with an unknown end."""
    now = time.time()
    names = (
        "run, at, provider, target, operation, product, customer, reference, rupiah, state, debit,"
        " settled, cleared"
    )
    with Ledger(path) as ledger:
        for first in range(0, rows, _AT_ONCE):
            numbers = range(first, min(first + _AT_ONCE, rows))
            values = [_row(number, rows, now) for number in numbers]
            with ledger.transaction() as database:
                database.executemany(
                    f"INSERT INTO entry ({names}) VALUES ({', '.join('?' * 13)})",  # noqa: S608 - as above
                    values,
                )


def _row(number: int, rows: int, now: float) -> tuple[object, ...]:
    at = now - DAYS * _DAY * (rows - number) / rows
    known = State.PAID if number % 3 else State.REFUSED
    state = known if number < rows - OPEN else State.UNKNOWN
    debit = 301_900 if state is State.PAID else None
    return (
        f"run{number // 500}", at, "iak", "bench", "pay-pasca", "PLNPOSTPAID", "530000000001",
        f"B{number:019}", 302_500, state.value, debit, at + 1, int(state is State.REFUSED),
    )  # fmt: skip


def measured(arguments: list[str]) -> Cost:
    """Run kontrak; its own process and nothing else is measured."""
    began = time.monotonic()
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and arguments
        [sys.executable, "-m", "kontrak", *arguments], stdout=subprocess.DEVNULL
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return Cost(process.returncode, time.monotonic() - began, used.ru_maxrss / 1024)


def _target(folder: Path, url: str) -> Path:
    folder.mkdir()
    path = folder / "bench.toml"
    path.write_text(
        f'name = "bench"\nkind = "live"\n[iak]\nbase_url = "{url}"\n'
        f'balance_url = "{url}/api/check-balance"\nusername = "081200000000"\n'
        'api_key = "sandbox-key"\n[limits]\nledger = "ledger.sqlite"\nspend_rupiah = 5000000\n'
        "spend_rupiah_per_day = 5000000000\n"
        '[[limits.may_buy]]\nproduct = "PLNPOSTPAID"\ncustomer = "530000000001"\n',
        encoding="utf-8",
    )
    return path


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)
