"""Requests at the same instant, for clauses about races, and side by side, to save time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextvars import copy_context
from itertools import islice
from threading import Barrier, Thread
from typing import TypeVar

Result = TypeVar("Result")


def together(calls: Sequence[Callable[[], Result]]) -> list[Result]:
    """Run every call in a thread of its own, all released at once; their results in order.

    An exception of a call is raised after all have ended. Ctrl-C does not wait for them: the
    threads end with the process, which a thread pool would not allow.
    """
    barrier = Barrier(len(calls))
    futures: list[Future[Result]] = [Future() for _ in calls]

    def run(call: Callable[[], Result], future: Future[Result]) -> None:
        barrier.wait()
        try:
            future.set_result(call())
        except BaseException as error:  # noqa: BLE001 - raised again where the result is asked for
            future.set_exception(error)

    threads = [
        Thread(target=copy_context().run, args=(run, call, future), daemon=True)
        for call, future in zip(calls, futures, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [future.result() for future in futures]


def side_by_side(calls: Sequence[Callable[[], Result]], at_once: int) -> list[Result]:
    """Run calls that do not depend on each other, so many at once; their results in order.

    Where one raises an exception no further one is begun, and the first, in the order of the
    calls, is raised when those that run have ended. Ctrl-C does not wait for them.
    """
    if at_once == 1 or len(calls) == 1:
        return [call() for call in calls]
    waiting = iter(list(enumerate(calls)))
    futures: list[Future[Result]] = [Future() for _ in calls]

    def work() -> None:
        # A list's iterator may be shared: taking the next is one step.
        for place, call in waiting:
            try:
                futures[place].set_result(call())
            except BaseException as error:  # noqa: BLE001 - raised again where all have ended
                futures[place].set_exception(error)
                for _ in islice(waiting, len(calls)):
                    pass

    workers = min(at_once, len(calls))
    threads = [Thread(target=copy_context().run, args=(work,), daemon=True) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    failed = (one.exception() for one in futures if one.done())
    if error := next(filter(None, failed), None):
        raise error
    return [future.result() for future in futures]
