"""Results are for the one who ran them: files that only their owner may read.

They hold what a provider answered, and the ledger holds customers' numbers in full.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from pathlib import Path

_OTHERS = 0o077
_FILE = 0o600
_NAMES = (
    "conformance.json",
    "inventory.json",
    "junit.xml",
    "plan.json",
    "summary.txt",
    "history.jsonl",
    "report.html",
    "manifest.sha256",
    "detection.json",
    "detection.md",
    "statement.*",
    "ledger.sqlite*",
    "allure-results/*",
)


def keep_private() -> Callable[[], None]:
    """Files are made 0600 and folders 0700 from now on; the result puts things back.

    Programs that are started meanwhile, such as workers, keep to it as well.
    """
    before = os.umask(_OTHERS)

    def restore() -> None:
        os.umask(before)

    return restore


def tighten(folder: Path) -> None:
    """Take the results of earlier runs away from others: a file keeps its rights when rewritten."""
    for name in _NAMES:
        for path in folder.glob(name):
            tighten_file(path)


def tighten_file(path: Path) -> None:
    """Make a file 0600; one that is missing, or has another owner, stays as it is."""
    with contextlib.suppress(OSError):
        if path.is_file() and not path.is_symlink():
            path.chmod(_FILE)
