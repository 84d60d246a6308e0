"""``kontrak statement`` and ``kontrak verify``: what a partner gets, and that it is unaltered."""

from __future__ import annotations

from pathlib import Path

from kontrak.clauses.verdict import ExitCode
from kontrak.commands.waive import read_conformance
from kontrak.errors import ReportError
from kontrak.masking.visible import echo
from kontrak.reporting.statement import LEFT_OUT, differences, write_statement

_MOST = 10
"""How many altered files are named; the rest is a number."""


def statement(folder: Path, language: str, *, pdf: bool, days: int) -> int:
    """Write the statement about the run in a folder; its verdict is the run's, not this command's.

    Without a PDF that was asked for, all else is written and the exit code is 3. Raises
    ``ConfigurationError`` when the folder holds no run.
    """
    run = read_conformance(folder)
    try:
        written = write_statement(folder, run, language, days=days, pdf=pdf)
    except ReportError as error:
        echo(f"{error.sentence}; page and manifest are written; {error.hint}", err=True)
        return ExitCode.INCONCLUSIVE
    for path in written:
        echo(f"written: {path}")
    return ExitCode.CONFORMS


def verify(folder: Path) -> int:
    """Name every file that is not as the manifest says; ``ConfigurationError`` without one."""
    found = differences(folder)
    for line in found[:_MOST]:
        echo(line)
    if len(found) > _MOST:
        echo(f"and {len(found) - _MOST} more files")
    if not found:
        echo(f"unaltered: every file is as the manifest says (not covered: {LEFT_OUT})")
    return ExitCode.DEVIATES if found else ExitCode.CONFORMS
