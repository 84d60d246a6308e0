"""Ctrl-C: it ends the asking at once, and is held back while results are being written.

SIGINT raises ``Interrupted`` in the main thread wherever it is, so that a wait for an answer, a
conversation or the start of workers ends there. From then on, and while a run that has ended writes
its results, a further SIGINT is only remembered: results are written whole. Workers never see the
signal, although a terminal gives it to every process of its group: the one that started them ends
them.
"""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Generator, Iterator
from types import FrameType
from typing import Any

import pytest

NOTHING_JUDGED = (
    "interrupted by you; nothing was judged, the results of the last run stay as they are"
)
_EXIT = 130
_KILL_SECONDS = 0.2
"""How long a worker may take to end by itself once the run was interrupted."""


class Interrupted(KeyboardInterrupt):
    """Ctrl-C."""


class Interruption:
    """The one watch over SIGINT in this process: ``asked`` says that it has come."""

    def __init__(self) -> None:
        self.asked = False
        self._held = False
        self._previous: Any = None

    @property
    def watching(self) -> bool:
        """Whether SIGINT comes here."""
        return signal.getsignal(signal.SIGINT) == self._arrived

    def watch(self) -> None:
        """Take SIGINT over; only the main thread can, elsewhere nothing happens."""
        self.asked = self._held = False
        if threading.current_thread() is threading.main_thread() and not self.watching:
            self._previous = signal.signal(signal.SIGINT, self._arrived)

    def leave(self) -> None:
        """Give SIGINT back to whoever had it."""
        if self.watching:
            signal.signal(signal.SIGINT, self._previous or signal.default_int_handler)

    def hold(self) -> None:
        """From now on a SIGINT is remembered and raises nothing."""
        self._held = True

    def release(self) -> None:
        """Let SIGINT raise again. One that has come meanwhile is in ``asked``."""
        self._held = False

    def check(self) -> None:
        """Raise ``Interrupted`` once SIGINT has come: before a request or a test.

        It also catches what was lost, since an exception that is raised in a destructor goes
        nowhere, and it ends threads that the signal does not reach.
        """
        if self.asked:
            raise Interrupted

    def _arrived(self, _number: int, _frame: FrameType | None) -> None:
        self.asked = True
        if not self._held:
            self._held = True
            raise Interrupted


INTERRUPTION = Interruption()


def shield_worker() -> None:
    """Let a worker process ignore SIGINT."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.SIG_IGN)


class Stopper:
    """The pytest side, registered in the process that started a run."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._session: pytest.Session | None = None
        self._starting = self._finished = False

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionstart(self, session: pytest.Session) -> Generator[None]:
        """Workers are started here. Until they ignore SIGINT it is blocked, which they inherit.

        It is held as well: a thread that does not block it would let it into the middle of a start,
        and the worker would read the end of its input as a line of Python.
        """
        self._session, self._starting = session, True
        INTERRUPTION.hold()
        try:
            with _blocked():
                yield
        finally:
            self._starting = False
            if not INTERRUPTION.asked:
                INTERRUPTION.release()
        INTERRUPTION.check()

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_newgateway(self) -> None:
        """Between the starts of two workers a SIGINT that was blocked is let in."""
        if self._starting and _CAN_BLOCK:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        if self._starting:
            INTERRUPTION.check()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self) -> None:
        """No test begins after Ctrl-C."""
        INTERRUPTION.check()

    @pytest.hookimpl(tryfirst=True)
    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """End the workers at once, and leave out pytest's own words about it."""
        if not INTERRUPTION.asked:
            return
        # pytest draws the whole traceback, for most of a second, although it is never shown.
        excinfo.traceback = excinfo.traceback[-1:]
        reporter = self._config.pluginmanager.get_plugin("terminalreporter")
        if reporter is not None:
            # pytest has no public way to leave its line and the traceback out.
            reporter._report_keyboardinterrupt = lambda: None  # noqa: SLF001 - as above
        manager = getattr(self._config.pluginmanager.get_plugin("dsession"), "nodemanager", None)
        if manager is not None:
            manager.group.terminate(timeout=_KILL_SECONDS)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionfinish(self) -> Generator[None]:
        """Results are written here, whole."""
        self._finished = True
        INTERRUPTION.hold()
        return (yield)

    @pytest.hookimpl(tryfirst=True)
    def pytest_unconfigure(self) -> None:
        """An interruption while workers were started has no end of a session that would show it."""
        if not INTERRUPTION.asked or self._session is None:
            return
        self._session.exitstatus = _EXIT
        reporter = self._config.pluginmanager.get_plugin("terminalreporter")
        if reporter is not None and not self._finished:
            reporter.write_line(NOTHING_JUDGED)


_CAN_BLOCK = hasattr(signal, "pthread_sigmask")


@contextlib.contextmanager
def _blocked() -> Iterator[None]:
    """Block SIGINT, in this thread and in the processes that it starts; it comes afterwards."""
    if not _CAN_BLOCK:
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
