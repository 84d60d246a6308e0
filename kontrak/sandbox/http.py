"""The sandbox's HTTP server: requests in, responses out, and how they are put on the wire."""

from __future__ import annotations

import contextlib
import gzip
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

MAX_BODY_BYTES = 1_048_576
IDLE_SECONDS = 60.0
MOST_CONNECTIONS = 256
"""More are served as well, but then the one that has been silent for longest is closed."""

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class SandboxRequest:
    """One request. ``path`` is as sent, without the query; ``query`` is decoded, in its order.

    ``raw_query`` is the query as sent.
    """

    method: str
    path: str
    query: Pairs
    headers: Pairs
    body: bytes
    raw_query: str = ""

    def header(self, name: str) -> str | None:
        """The first header of that name, whatever its case."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)

    def parameter(self, name: str) -> str | None:
        """The first query parameter of that exact name."""
        return next((value for key, value in self.query if key == name), None)


@dataclass(frozen=True, slots=True)
class Framing:
    """How a response is put on the wire; the default is HTTP/1.1 with a Content-Length.

    With ``hangs_up`` the connection is closed afterwards, though nothing announces it.
    """

    chunked: bool = False
    http_1_0: bool = False
    lower_case_names: bool = False
    upper_case_names: bool = False
    zipped: bool = False
    hangs_up: bool = False
    delay_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class SandboxResponse:
    """One response. ``headers`` leaves out what framing adds (Content-Length, Date, ...)."""

    status: int
    headers: Pairs
    body: bytes
    framing: Framing = field(default_factory=Framing)


Answer = Callable[[SandboxRequest], SandboxResponse]


class _Refused(Exception):  # noqa: N818 - local to this module, it ends a request and nothing else
    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.response = SandboxResponse(
            status, (("Content-Type", "text/plain; charset=utf-8"),), f"{sentence}\n".encode()
        )


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Header and body are two writes; with Nagle each answer would wait 40 ms for an ACK.
    disable_nagle_algorithm = True
    timeout = IDLE_SECONDS
    server: HttpServer

    def _serve(self) -> None:
        try:
            request = self._request()
        except _Refused as refused:
            # The rest of the body is unread: the connection cannot be used any further.
            self.close_connection = True
            self._send(refused.response)
            return
        with self.server.busy(self.connection):
            self._send(self.server.answer(request))

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _serve  # noqa: N815 - the base class's names

    def _request(self) -> SandboxRequest:
        try:
            parts = urlsplit(self.path)
        except ValueError:
            raise _Refused(400, "the address in the request line cannot be read") from None
        return SandboxRequest(
            method=self.command,
            path=parts.path,
            query=tuple(parse_qsl(parts.query, keep_blank_values=True)),
            headers=tuple(self.headers.items()),
            body=self._body(),
            raw_query=parts.query,
        )

    def _body(self) -> bytes:
        if "Transfer-Encoding" in self.headers:
            raise _Refused(411, "send the body with a Content-Length")
        declared = self.headers.get("Content-Length", "0").strip()
        if not (declared.isascii() and declared.isdigit()):
            raise _Refused(400, "Content-Length is not a number")
        if len(declared) > 9 or int(declared) > MAX_BODY_BYTES:
            raise _Refused(413, f"the body is larger than {MAX_BODY_BYTES} bytes")
        body = self.rfile.read(int(declared))
        if len(body) < int(declared):
            raise ConnectionAbortedError("the client left before its body was complete")
        return body

    def _send(self, response: SandboxResponse) -> None:
        framing = response.framing
        if framing.zipped:
            headers = (*response.headers, ("Content-Encoding", "gzip"))
            response = replace(response, headers=headers, body=gzip.compress(response.body))
        if framing.delay_seconds:
            time.sleep(framing.delay_seconds)
        if framing.http_1_0:
            self.close_connection = True
        self.wfile.write(self._head(response))
        if self.command == "HEAD":
            return
        self.wfile.write(_chunks(response.body) if framing.chunked else response.body)
        self.close_connection = self.close_connection or framing.hangs_up

    def _head(self, response: SandboxResponse) -> bytes:
        framing = response.framing
        reason = self.responses.get(response.status, ("",))[0]
        version = "HTTP/1.0" if framing.http_1_0 else "HTTP/1.1"
        headers = [("Date", self.date_time_string()), *response.headers]
        if framing.chunked:
            headers.append(("Transfer-Encoding", "chunked"))
        elif not framing.http_1_0:
            headers.append(("Content-Length", str(len(response.body))))
        if self.close_connection:
            headers.append(("Connection", "close"))
        names = str.lower if framing.lower_case_names else str
        names = str.upper if framing.upper_case_names else names
        lines = [f"{version} {response.status} {reason}"]
        lines += [f"{names(name)}: {value}" for name, value in headers]
        return "\r\n".join([*lines, "", ""]).encode("latin-1")

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:  # noqa: ARG002 - the base class's signature
        """Refuse what the base class cannot read; it would leave out the status line."""
        self.close_connection = True
        self._send(_Refused(code, HTTPStatus(code).phrase).response)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's signature
        """Stay quiet: the asking side records every exchange."""


def _chunks(body: bytes, size: int = 64) -> bytes:
    parts = [body[start : start + size] for start in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in [*parts, b""])


def _end(connection: socket.socket) -> None:
    """Hang up; the thread that serves the connection closes it."""
    with contextlib.suppress(OSError):  # the client was faster
        connection.shutdown(socket.SHUT_RDWR)


class HttpServer(ThreadingHTTPServer):
    """A threaded server on 127.0.0.1 that hands every request to ``answer``."""

    daemon_threads = True
    block_on_close = False
    # The default of 5 lets a burst of clients wait seconds for their second attempt to connect.
    request_queue_size = 1024

    def __init__(self, port: int, answer: Answer) -> None:
        # In the order of their last request, each with whether it is being answered.
        self._open: dict[socket.socket, bool] = {}
        self._open_lock = threading.Lock()
        self.answer = answer
        super().__init__(("127.0.0.1", port), _Handler)

    @property
    def url(self) -> str:
        """The base URL, without a slash at its end."""
        return f"http://127.0.0.1:{self.server_port}"

    def process_request(self, request: Any, client_address: Any) -> None:
        """Remember the connection for ``hang_up``; of many, end the one that is silent for longest.

        A client that sends its request slowly, or none, holds a thread. It loses its connection to
        a newer one; a client that waits for its answer never does.
        """
        with self._open_lock:
            if len(self._open) >= MOST_CONNECTIONS:
                silent = next((one for one, busy in self._open.items() if not busy), None)
                if silent is not None:
                    # Its thread sees the end, and takes it from the list in ``shutdown_request``.
                    del self._open[silent]
                    _end(silent)
            self._open[request] = False
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Forget the connection and close it."""
        with self._open_lock:
            self._open.pop(request, None)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        """End every connection that is kept alive, so that no thread outlives the server."""
        with self._open_lock:
            for connection in self._open:
                _end(connection)

    @contextlib.contextmanager
    def busy(self, connection: socket.socket) -> Iterator[None]:
        """While this lasts, the connection is not ended in favour of a newer one."""
        self._mark(connection, busy=True)
        try:
            yield
        finally:
            self._mark(connection, busy=False)

    def _mark(self, connection: socket.socket, *, busy: bool) -> None:
        with self._open_lock:
            if self._open.pop(connection, None) is not None:
                self._open[connection] = busy

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a client that went away; anything else is a bug and is shown."""
        if not isinstance(sys.exception(), (ConnectionError, TimeoutError)):
            super().handle_error(request, client_address)
