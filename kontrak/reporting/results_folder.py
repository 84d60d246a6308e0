"""The folder of results, in which the files of two runs never stand side by side.

A run writes into a folder of its own, ``.run-<id>`` in the folder of results. When it has judged
something, ``publish`` puts its files in the place of the last run's; otherwise they are dropped and
the last run's results stay as they were. What was made from the last run's results, such as the
HTML report and the statement, goes with them.
"""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path
from typing import Self

from filelock import FileLock, Timeout

from kontrak.errors import ConfigurationError

CONFORMANCE = "conformance.json"
PLAN = "plan.json"
ALLURE = "allure-results"
_RESULTS = ("inventory.json", "summary.txt", "junit.xml", PLAN, ALLURE)
_MADE_FROM_THEM = ("report.html", "manifest.sha256", "statement.json", "statement.*.*")
_PREFIX = ".run-"
_LOCK = ".results.lock"
_WAIT_SECONDS = 30.0


class ResultsFolder:
    """The results of one run on their way into ``output``; ``path`` is where the run writes."""

    def __init__(self, output: Path, path: Path, lock: FileLock) -> None:
        self.output = output
        self.path = path
        self._lock = lock

    @classmethod
    def begin(cls, output: Path, run: str) -> Self:
        """Make the folder of a run, and clear away those of runs that did not end.

        Raises ``ConfigurationError`` when nothing can be written there.
        """
        path = output / f"{_PREFIX}{run}"
        lock = FileLock(path / "lock")
        try:
            output.mkdir(parents=True, exist_ok=True)
            with FileLock(output / _LOCK, timeout=_WAIT_SECONDS):
                for old in output.glob(f"{_PREFIX}*"):
                    _clear(old)
                path.mkdir()
                lock.acquire()
                # A full disk still makes folders; it has to hold some bytes as well.
                (path / "probe").write_bytes(bytes(4096))
                (path / "probe").unlink()
        except (OSError, Timeout) as error:
            lock.release()
            shutil.rmtree(path, ignore_errors=True)
            raise ConfigurationError(
                f"the folder of results {output} cannot be written: {reason(error)}",
                hint="name a folder on a disk with free space: --output FOLDER",
            ) from error
        return cls(output, path, lock)

    def publish(self) -> None:
        """Put the run's files in the place of the last run's; ``OSError`` when that fails.

        ``conformance.json`` is the first to go and the last to come: whenever this is cut short,
        there is none, and no command takes the rest for the results of a run.
        """
        with FileLock(self.output / _LOCK, timeout=_WAIT_SECONDS):
            away = self.path / "away"
            away.mkdir()
            for pattern in (CONFORMANCE, *_MADE_FROM_THEM, *_RESULTS):
                for old in self.output.glob(pattern):
                    old.replace(away / old.name)
            for name in (*_RESULTS, CONFORMANCE):
                if (self.path / name).exists():
                    (self.path / name).replace(self.output / name)
        self.discard()

    def discard(self) -> None:
        """Drop what was not published; nothing happens after ``publish``."""
        self._lock.release()
        shutil.rmtree(self.path, ignore_errors=True)


def reason(error: BaseException) -> str:
    """What went wrong with a file, in a few words and without its path."""
    return (error.strerror if isinstance(error, OSError) else None) or type(error).__name__


def _clear(old: Path) -> None:
    """Remove the folder of a run, unless its process still lives and holds the lock."""
    with contextlib.suppress(OSError, Timeout):
        with FileLock(old / "lock", timeout=0):
            pass
        shutil.rmtree(old)
