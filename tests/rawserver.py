"""A server that sends exactly the bytes it is given, for what no HTTP library would send.

``with raw_server(handler) as server`` calls ``handler(connection)`` in a thread for each
connection and closes the connection afterwards. A handler that holds the line uses ``pause``, which
ends it as soon as the client or the test is gone.
"""

from __future__ import annotations

import contextlib
import re
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

Handler = Callable[[socket.socket], None]

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
_ENDED = (OSError, EOFError)


@dataclass(slots=True)
class RawServer:
    """``port`` on 127.0.0.1, and how many connections have been accepted so far."""

    port: int
    connections: int = 0

    def url(self, path: str = "/", *, scheme: str = "http") -> str:
        """An address on this server."""
        return f"{scheme}://127.0.0.1:{self.port}{path}"


@contextlib.contextmanager
def raw_server(handler: Handler, *, tls: ssl.SSLContext | None = None) -> Iterator[RawServer]:
    """Serve on a free port of 127.0.0.1 until the block ends."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = RawServer(listener.getsockname()[1])
    accepted: list[socket.socket] = []
    threads: list[threading.Thread] = []

    def serve(connection: socket.socket) -> None:
        with contextlib.suppress(*_ENDED):
            stream = connection if tls is None else tls.wrap_socket(connection, server_side=True)
            with stream:
                handler(stream)

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listener.accept()
                server.connections += 1
                accepted.append(connection)
                threads.append(threading.Thread(target=serve, args=(connection,), daemon=True))
                threads[-1].start()

    acceptor = threading.Thread(target=accept, daemon=True)
    acceptor.start()
    try:
        yield server
    finally:
        for each in (listener, *accepted):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        listener.close()
        for thread in (acceptor, *threads):
            thread.join(5)
        for each in accepted:
            each.close()


def read_request(connection: socket.socket) -> bytes:
    """One whole request: head, and the body its Content-Length announces.

    Raises ``EOFError`` when the client ends the connection before.
    """
    data = b""
    while b"\r\n\r\n" not in data:
        data += _some(connection)
    head, _, body = data.partition(b"\r\n\r\n")
    length = re.search(rb"(?im)^content-length:\s*(\d+)", head)
    while length and len(body) < int(length[1]):
        body += _some(connection)
    return head + b"\r\n\r\n" + body


def _some(connection: socket.socket) -> bytes:
    data = connection.recv(65_536)
    if not data:
        raise EOFError
    return data


def replies(*answers: bytes, kept: list[bytes] | None = None) -> Handler:
    """Answer each request of a connection in turn, then close it. ``kept`` collects requests."""

    def handler(connection: socket.socket) -> None:
        for answer in answers:
            request = read_request(connection)
            if kept is not None:
                kept.append(request)
            connection.sendall(answer)

    return handler


def trickle(head: bytes, drop: bytes) -> Handler:
    """Send ``head`` at once and then ``drop`` again and again, for ever."""

    def handler(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(head)
        while pause(connection):
            connection.sendall(drop)

    return handler


def silent(connection: socket.socket) -> None:
    """Read whatever comes and say nothing."""
    while connection.recv(65_536):
        pass


def reset_after(answer: bytes) -> Handler:
    """Send ``answer`` and reset the connection."""

    def handler(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(answer)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    return handler


def pause(connection: socket.socket, seconds: float = 0.02) -> bool:
    """Hold the line for a moment; False when the client has gone."""
    connection.settimeout(seconds)
    try:
        return bool(connection.recv(65_536))
    except TimeoutError:
        return True
    except OSError:
        return False
    finally:
        connection.settimeout(None)


def closed_port() -> int:
    """A port of 127.0.0.1 on which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
