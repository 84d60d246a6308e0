"""The ways through which odd answers are sent, in this process and without a socket.

Each way is one command of kontrak, or the probe alone, against a sandbox that is odd. ``Ended``
says what it came to; ``faults`` says what is wrong with that.
"""

from __future__ import annotations

import contextlib
import io
import signal
import sqlite3
import sys
import tempfile
import threading
import traceback
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any, Self
from unittest import mock

from kontrak import cli
from kontrak.asking.run import Run
from kontrak.config.target import load_target
from kontrak.errors import NoAnswer
from kontrak.interface.provider import provider
from kontrak.judging.expect import Blocked
from kontrak.selfcheck.direct import DirectTransport
from tests.odd_answers.bodies import Oddity, oddities
from tests.odd_answers.sandbox import OddSandbox, richest
from tests.odd_answers.wire import Wired, serving
from tests.sick import target_of

HANG_SECONDS = 30.0
WIRED_SECONDS = 0.4
WAYS = ("probe", "doctor", "compare", "reconcile")
CODES = {"doctor": {0, 3}, "compare": {0, 3}, "reconcile": {0, 1, 3}, "run": {0, 1, 3}}
"""The exit codes that a command may have whatever the target answers: never 4."""
_RAW = "\x1b\x07\0\x9b\u202e"
_STATUS = ("status", "/order", "cek=1")
_OWN = ("Traceback (most recent call last)", "a fault of kontrak's own")


class HangError(BaseException):
    """A way did not end; no ``except Exception`` may swallow it."""


@dataclass(frozen=True, slots=True)
class Ended:
    """What a way came to: its exit code, all that it wrote, and what broke it."""

    code: int
    output: str
    broke: str = ""


def faults(way: str, ended: Ended, *odd: Oddity, provider: str = "") -> list[str]:
    """What is wrong with an end.

    Books may not close over a status that cannot be read; without a balance they rest on statuses.
    R-ONE's history reports of a transaction where its status does not.
    """
    found = [ended.broke] if ended.broke else []
    found += [f"says {words!r}" for words in _OWN if words in ended.output]
    if way in CODES and ended.code not in CODES[way]:
        found.append(f"exit code {ended.code}")
    closes = way == "reconcile" and provider not in ("rqid", "") and ended.code == 0
    asked = (one.operation for one in odd if one.whole)
    if closes and any(word in each for each in asked for word in _STATUS):
        found.append("closes the books over an answer that cannot be read")
    if any(raw in ended.output for raw in _RAW):
        found.append("writes a control character")
    return found


@contextlib.contextmanager
def no_hang(seconds: float = HANG_SECONDS) -> Iterator[None]:
    """Raise ``HangError`` in the main thread when the block takes longer."""

    def ring(_: int, frame: FrameType | None) -> None:
        raise HangError("".join(traceback.format_stack(frame)[-4:]))

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


class Arena:
    """One provider's target, and a sandbox behind it that can be turned odd.

    ``with Arena("iak") as arena: arena.go("doctor")``.
    """

    def __init__(self, provider: str) -> None:
        self.provider = provider
        self.sandbox = OddSandbox()
        memory = Path("/dev/shm")  # noqa: S108 - the folder in it is made by tempfile
        place = memory if memory.is_dir() else None
        self._folder = tempfile.TemporaryDirectory(prefix="kontrak-", dir=place)
        self.folder = Path(self._folder.name)
        (self.folder / "target").mkdir()
        self.target = target_of(provider, f"http://{a_name()}.invalid", self.folder)
        self._books: Path | None = None
        self._probing: Run | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._probing is not None:
            self._probing.close()
        self._folder.cleanup()

    def go(self, way: str, *odd: Oddity) -> Ended:
        """Take a way against a sandbox that is odd in these ways."""
        if way == "reconcile":
            books = self._opened()
        elif way == "compare":
            self.sandbox.reset()
        self.sandbox.turn(*odd)
        loose: list[str] = []
        with (
            mock.patch.object(threading, "excepthook", lambda args: loose.append(repr(args))),
            no_hang(),
        ):
            if way == "probe":
                ended = self._probe()
            elif way == "reconcile":
                ended = self._command("reconcile", books)
            else:
                ended = self._command(way, self.folder / "out")
        return Ended(ended.code, ended.output, ended.broke or "; ".join(loose))

    def wired(self, way: str, odd: Wired, honest: int) -> Ended:
        """Take a way over sockets: so many answers are sent rightly, all further ones oddly."""
        output = self._opened() if way == "reconcile" else self.folder / "wired"
        if way != "reconcile":
            self.sandbox.reset()
        self.sandbox.turn()
        with serving(self.sandbox, odd, honest) as url, no_hang():
            limits = {"deadline_seconds": WIRED_SECONDS, "longest_pause_seconds": 0.01}
            target = target_of(self.provider, url, self.folder / "target", **limits)
            arguments = ["--target", str(target), "-p", self.provider]
            if way != "doctor":
                arguments.append(f"--output={output}")
            ended = command(["kontrak", way, *arguments])
        for file in output.glob("ledger.sqlite*"):
            file.unlink()
        return ended

    def catalogue(self, way: str) -> list[Oddity]:
        """Every oddity of what this way asks."""
        ended = self.go(way)
        assert not faults(way, ended), (way, self.provider, ended)
        asked = dict(self.sandbox.kept)
        return [one for key, kept in asked.items() for one in oddities(key, richest(kept))]

    def _probe(self) -> Ended:
        if self._probing is None:
            # One run for all: its ledger costs more than a probe.
            door = partial(DirectTransport, self.sandbox)
            target = load_target(self.target)
            self._probing = Run("probe", target, self.folder / "probe", None, "smoke", door=door)
        run = self._probing
        run._wires.clear()  # noqa: SLF001 - every probe is a run's first
        connect = provider(self.provider).connect
        try:
            connect(run.wire(self.provider)).probe()
        except (NoAnswer, Blocked) as error:
            # Blocked: a clause has its say of this answer.
            return Ended(3, run.masker.text(str(error)))
        except Exception:  # noqa: BLE001 - this is what is looked for
            return Ended(3, "", traceback.format_exc(limit=-6))
        return Ended(0, "")

    def _command(self, name: str, output: Path) -> Ended:
        arguments = ["kontrak", name, "--target", str(self.target), "-p", self.provider]
        if name != "doctor":
            arguments.append(f"--output={output}")
        door = partial(DirectTransport, self.sandbox)
        with mock.patch(f"kontrak.commands.{name}.Run", partial(Run, door=door)):
            ended = command(arguments)
        if name == "compare":
            for file in output.glob("ledger.sqlite*"):
                file.unlink()
        return ended

    def _opened(self) -> Path:
        """A folder with the books of one comparison, of which the end is not known."""
        output = self.folder / "books"
        kept = self.folder / "ledger.kept"
        if self._books is None:
            self._books = output
            self.sandbox.reset()
            self.sandbox.turn()
            door = partial(DirectTransport, self.sandbox)
            with mock.patch("kontrak.commands.compare.Run", partial(Run, door=door)):
                arguments = ["--target", str(self.target), "-p", self.provider]
                ended = command(["kontrak", "compare", *arguments, f"--output={output}"])
            assert ended.code == 0, ended.output
            with contextlib.closing(sqlite3.connect(output / "ledger.sqlite")) as database:
                database.execute("UPDATE entry SET state = 'unknown', debit = NULL, at = at - 600")
                database.commit()
                database.execute("VACUUM INTO ?", (str(kept),))
        for file in output.glob("ledger.sqlite*"):
            file.unlink()
        (output / "ledger.sqlite").write_bytes(kept.read_bytes())
        return output


def command(arguments: list[str]) -> Ended:
    """Take the command line's way, with an output that is as strict as a terminal's."""
    output = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    code, broke = 0, ""
    with (
        mock.patch.object(sys, "argv", arguments),
        contextlib.redirect_stdout(output),
        contextlib.redirect_stderr(output),
        _reporting() as reported,
    ):
        try:
            cli.main()
        except SystemExit as end:
            code = int(end.code or 0)
        except Exception:  # noqa: BLE001 - this is what is looked for
            code, broke = 1, traceback.format_exc(limit=-6)
    output.seek(0)
    return Ended(code, output.read(), broke or "".join(reported))


@contextlib.contextmanager
def _reporting() -> Iterator[list[str]]:
    """Collect the tracebacks of crashes that the command line shows in one line."""
    reported: list[str] = []
    real = traceback.extract_tb

    def listen(*arguments: Any, **options: Any) -> traceback.StackSummary:
        if sys.exc_info()[1] is not None:
            reported.append(traceback.format_exc(limit=-6))
        return real(*arguments, **options)

    with mock.patch("kontrak.cli.traceback", mock.Mock(extract_tb=listen)):
        yield reported


def a_name() -> str:
    """A name that no other run has."""
    return uuid.uuid4().hex[:12]
