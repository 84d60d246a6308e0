"""A time limit for a whole exchange, kept by one thread per process.

A socket timeout starts anew with every byte, so a server that trickles holds a client for as long
as it likes. Here one thread shuts the socket down when the exchange's time is over, whatever the
exchange is doing: TLS handshake, sending, headers or body.
"""

from __future__ import annotations

import math
import os
import socket
import threading
import time
from types import TracebackType
from typing import Self


class Deadline:
    """``with Deadline(seconds) as deadline``: one exchange's time limit, running from now.

    ``expired`` reports, also after the block, whether the time was up before the block's end.
    """

    def __init__(self, seconds: float) -> None:
        self.ends_at = time.monotonic() + seconds
        self.expired = False
        self._released = False
        self._socket: socket.socket | None = None
        self._lock = threading.Lock()

    def remaining(self) -> float:
        """The seconds left; never negative."""
        return max(0.0, self.ends_at - time.monotonic())

    def watch(self, sock: socket.socket) -> None:
        """Shut ``sock`` down when the time is over; it takes the place of one watched before."""
        # A duplicate of the descriptor, since the HTTP library wraps the socket in TLS and lets go
        # of it early (Connection: close). It lives no longer than the exchange: while it is open,
        # closing the original does not end the connection.
        duplicate = socket.socket(fileno=os.dup(sock.fileno()))
        with self._lock:
            if self._socket is not None:
                self._socket.close()
            self._socket = duplicate
            if self.expired:
                self._cut()

    def expire(self) -> None:
        """End the exchange now; without effect once the block has ended."""
        with self._lock:
            if not self._released:
                self.expired = True
                self._cut()

    def _cut(self) -> None:
        if self._socket is None:
            return
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # the peer was faster: the connection is gone already

    def __enter__(self) -> Self:
        _watchdog.add(self)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        _watchdog.remove(self)
        with self._lock:
            self._released = True
            if self._socket is not None:
                self._socket.close()
                self._socket = None


class _Watchdog:
    """The thread that expires deadlines, started by the first one."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget everything: after a fork, the thread and the deadlines are the parent's."""
        self._changed = threading.Condition()
        self._deadlines: set[Deadline] = set()
        self._thread: threading.Thread | None = None
        self._wakes_at = math.inf

    def add(self, deadline: Deadline) -> None:
        with self._changed:
            self._deadlines.add(deadline)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="deadlines", daemon=True)
                self._thread.start()
            elif deadline.ends_at < self._wakes_at:
                self._changed.notify()

    def remove(self, deadline: Deadline) -> None:
        with self._changed:
            self._deadlines.discard(deadline)

    def _run(self) -> None:
        with self._changed:
            while True:
                now = time.monotonic()
                for deadline in [each for each in self._deadlines if each.ends_at <= now]:
                    self._deadlines.discard(deadline)
                    deadline.expire()
                self._wakes_at = min((each.ends_at for each in self._deadlines), default=math.inf)
                self._changed.wait(None if self._wakes_at == math.inf else self._wakes_at - now)


_watchdog = _Watchdog()
if hasattr(os, "register_at_fork"):  # Windows has no fork
    os.register_at_fork(after_in_child=_watchdog.reset)
