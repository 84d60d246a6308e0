"""``kontrak statement`` and ``kontrak verify``: what a partner gets, and that it is unaltered."""

from __future__ import annotations

from pathlib import Path

from kontrak.commands.waive import read_conformance
from kontrak.statement import differences, write_statement
from kontrak.verdict import ExitCode
from kontrak.visible import echo


def statement(folder: Path, language: str, *, pdf: bool, days: int) -> int:
    """Write the statement about the run in a folder; its verdict is the run's, not this command's.

    Raises ``ConfigurationError`` when the folder holds no run, ``ReportError`` for no PDF.
    """
    run = read_conformance(folder)
    for path in write_statement(folder, run, language, days=days, pdf=pdf):
        echo(f"written: {path}")
    return ExitCode.CONFORMS


def verify(folder: Path) -> int:
    """Name every file that is not as the manifest says; ``ConfigurationError`` without one."""
    found = differences(folder)
    for line in found:
        echo(line)
    if not found:
        echo("unaltered: every file is as the manifest says")
    return ExitCode.DEVIATES if found else ExitCode.CONFORMS
