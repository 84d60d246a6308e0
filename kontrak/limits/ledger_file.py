"""Where a target's ledger lies.

Real money has one ledger, whatever folder a run is started in or writes its results to: limits of a
day and the closing of the books rest on it. So a live target's ledger lies beside the target file.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from filelock import FileLock

from kontrak.config.paths import ROOT, displayed
from kontrak.config.target import Target
from kontrak.errors import ConfigurationError
from kontrak.masking.visible import echo

FOLDER = "ledger"
"""The folder beside the target file; version control leaves it out by its own ``.gitignore``."""
NAME = "ledger.sqlite"
_EARLIER = ROOT / "reports" / NAME
"""Where kontrak kept the ledger of every live target up to version 0.2."""


def ledger_path(target: Target, output: Path) -> Path:
    """The file of a target's ledger, which may not exist yet; ``output`` is the folder of results.

    ``[limits] ledger`` names another file, beside the target file. What an earlier version wrote of
    a live target is copied on first sight. Raises ``ConfigurationError`` when it cannot be.
    """
    named = target.limits.get("ledger")
    if named is not None:
        return target.folder / str(named)
    if target.kind == "sandbox":
        return output / NAME
    path = target.folder / FOLDER / NAME
    if not path.exists() and _knows(_EARLIER, target.name):
        _copy(_EARLIER, path)
    return path


def make_private(path: Path) -> None:
    """Make the folder of a ledger, and keep it out of version control if it is of our naming.

    Raises ``ConfigurationError`` when it cannot be written.
    """
    if path.parent.name != FOLDER:
        return
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        ignored = path.parent / ".gitignore"
        if not ignored.exists():
            ignored.write_text("# Holds customers' numbers in full.\n*\n", encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(
            f"the ledger's folder {path.parent} cannot be written: {error.strerror}",
            hint="make the target file's folder writable, or name a file in [limits] ledger",
        ) from error


def _knows(ledger: Path, target: str) -> bool:
    """Whether an earlier ledger has a request of this target."""
    if not ledger.is_file():
        return False
    try:
        with closing(sqlite3.connect(f"{ledger.as_uri()}?mode=ro", uri=True)) as database:
            query = "SELECT 1 FROM entry WHERE target = ? LIMIT 1"
            return database.execute(query, (target,)).fetchone() is not None
    except sqlite3.Error as error:
        raise ConfigurationError(
            f"the earlier ledger {ledger} cannot be read, so what was spent before is not known: "
            f"{error}",
            hint="move it away if it holds nothing of live targets",
        ) from error


def _copy(earlier: Path, path: Path) -> None:
    make_private(path)
    fresh = path.with_suffix(".copying")
    try:
        with FileLock(path.with_suffix(".lock")):
            if path.exists():
                return
            fresh.unlink(missing_ok=True)
            with (
                closing(sqlite3.connect(f"{earlier.as_uri()}?mode=ro", uri=True)) as old,
                closing(sqlite3.connect(fresh)) as new,
            ):
                old.backup(new)
            fresh.chmod(0o600)
            os.replace(fresh, path)  # noqa: PTH105 - Path.replace is the same
    except (OSError, sqlite3.Error) as error:
        raise ConfigurationError(
            f"the earlier ledger {earlier} cannot be copied to {path}: {error}",
            hint="make the target file's folder writable, or name a file in [limits] ledger",
        ) from error
    echo(
        f"the ledger was copied from {displayed(earlier)} to {displayed(path)}: "
        "from now on the copy counts",
        err=True,
    )
