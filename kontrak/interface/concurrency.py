"""Requests at the same instant, for clauses about races."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextvars import copy_context
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
