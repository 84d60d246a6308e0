"""The asker: holds conversations, those that cost nothing at the same time, before the first test.

Rows that cost nothing share ``[limits] at_once`` threads. Rows that buy have one thread of their
own, so that the balance moves for one reason at a time; it runs beside the others, since what costs
nothing does not change a balance. Ctrl-C does not wait for a thread: they end with the process.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future, wait
from contextvars import copy_context
from dataclasses import dataclass, field
from typing import Any

from kontrak.asking.conversation import Conversation, Held

AT_ONCE = {"embedded": 8, "sandbox": 4, "live": 2}
"""How many requests are under way at the same time unless the target says ``at_once``."""


@dataclass(slots=True)
class Asker:
    """Holds conversations on ``at_once`` threads; 0 holds each row when it is first looked at."""

    at_once: int
    _free: _Threads | None = None
    _buying: _Threads | None = None
    _futures: list[Future[Any]] = field(default_factory=list)

    def hold(self, conversation: Conversation, needed: Mapping[str, Any]) -> Held[Any]:
        """Begin to hold every row of a conversation; ``needed`` are its fixtures.

        A row waits for the rows of other conversations that it looks at. These were handed over
        before it, so that the oldest unfinished row never waits for a younger one.
        """
        held: Held[Any] = Held(conversation)
        for labels, values in conversation.rows():
            row = _Row(conversation, {**needed, **values})
            held.futures[labels] = self._begin(row)
        return held

    def wait(self) -> None:
        """Return when every row that was handed over has been held."""
        wait(self._futures)

    def stop(self) -> None:
        """Let no further row begin; rows under way end by themselves."""
        for threads in (self._free, self._buying):
            if threads is not None:
                threads.stop()

    def _begin(self, row: _Row) -> Future[Any]:
        if self.at_once == 0:
            return _Lazy(row)
        if row.conversation.buys:
            threads = self._buying = self._buying or _Threads(1)
        else:
            threads = self._free = self._free or _Threads(self.at_once)
        future = threads.submit(row)
        self._futures.append(future)
        return future


@dataclass(frozen=True, slots=True)
class _Row:
    """One row of a conversation, ready to be held."""

    conversation: Conversation
    values: Mapping[str, Any]

    def __call__(self) -> Any:
        return self.conversation.function(**self.values)


class _Lazy(Future[Any]):
    """A row that is held when its result is first asked for, in the thread that asks."""

    def __init__(self, row: _Row) -> None:
        super().__init__()
        self._row = row

    def result(self, timeout: float | None = None) -> Any:
        """The row's result, held now if it was not yet."""
        if not self.done():
            _settle(self, self._row)
        return super().result(timeout)


class _Threads:
    """Some threads that hold rows in the order in which they are handed over.

    A thread pool of the standard library would make Ctrl-C wait for the answers under way.
    """

    def __init__(self, count: int) -> None:
        self._rows: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._stopped = threading.Event()
        self._count = count
        for _ in range(count):
            threading.Thread(target=self._work, name="asks", daemon=True).start()

    def submit(self, row: Callable[[], Any]) -> Future[Any]:
        """Hand a row over; its future is settled by one of the threads."""
        future: Future[Any] = Future()
        context = copy_context()
        self._rows.put(lambda: context.run(_settle, future, row))
        return future

    def stop(self) -> None:
        """End the threads once they are done with the row that they hold."""
        self._stopped.set()
        for _ in range(self._count):
            self._rows.put(None)

    def _work(self) -> None:
        while (call := self._rows.get()) is not None and not self._stopped.is_set():
            call()


def _settle(future: Future[Any], row: Callable[[], Any]) -> None:
    try:
        future.set_result(row())
    except BaseException as problem:  # noqa: BLE001 - raised again where the result is asked for
        future.set_exception(problem)
