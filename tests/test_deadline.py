"""Whatever a server does, an exchange ends at its deadline."""

from __future__ import annotations

import os
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kontrak.errors import DeadlineExceeded
from kontrak.http.transport import Limits, Transport
from tests.rawserver import (
    OK,
    Handler,
    pause,
    raw_server,
    read_request,
    replies,
    silent,
    trickle,
)
from tests.wire import AMPLE, SHORT, a_request, get

CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def tls_mute(connection: socket.socket) -> None:
    """Take the client's TLS hello and never answer it."""
    silent(connection)


def endless_continue(connection: socket.socket) -> None:
    read_request(connection)
    while pause(connection):
        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")


def trickling_second_reply(connection: socket.socket) -> None:
    replies(OK)(connection)
    trickle(b"HTTP/1.1 200 OK\r\n", b"x")(connection)


SLOW: dict[str, Handler] = {
    "silence": silent,
    "status line": trickle(b"HTTP/1.", b"1"),
    "header": trickle(b"HTTP/1.1 200 OK\r\nX: ", b"x"),
    "headers": trickle(b"HTTP/1.1 200 OK\r\n", b"X: x\r\n"),
    "body of known length": trickle(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n", b"x"),
    "body until close": trickle(b"HTTP/1.1 200 OK\r\n\r\n", b"x"),
    "body with Connection: close": trickle(
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 9999\r\n\r\n", b"x"
    ),
    "chunks": trickle(CHUNKED, b"1\r\nx\r\n"),
    "one chunk": trickle(CHUNKED + b"ffff\r\n", b"x"),
    "chunk size": trickle(CHUNKED, b"0"),
    "trailer": trickle(CHUNKED + b"0\r\n", b"X: x\r\n"),
    "100 Continue": endless_continue,
}


@pytest.mark.parametrize("handler", SLOW.values(), ids=SLOW.keys())
def test_a_trickle_ends_at_the_deadline(handler: Handler) -> None:
    with raw_server(handler) as server, pytest.raises(DeadlineExceeded, match=r"within 0\.3 s"):
        get(server.url(), SHORT)


def test_a_tls_handshake_without_answer_ends_at_the_deadline() -> None:
    with raw_server(tls_mute) as server, pytest.raises(DeadlineExceeded, match="agreeing on TLS"):
        get(server.url(scheme="https"), SHORT)


def test_a_reused_connection_has_a_deadline_too() -> None:
    limits = Limits(deadline_seconds=1)  # the first reply has to make it
    with raw_server(trickling_second_reply) as server, Transport(limits) as transport:
        transport.send(a_request(server.url()))
        with pytest.raises(DeadlineExceeded):
            transport.send(a_request(server.url()))
        assert server.connections == 1


def test_a_server_that_reads_nothing_ends_at_the_deadline() -> None:
    held = threading.Event()

    def deaf(connection: socket.socket) -> None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        held.wait(20)

    with raw_server(deaf) as server, Transport(SHORT) as transport:
        with pytest.raises(DeadlineExceeded, match="sending the request"):
            transport.send(a_request(server.url(), "POST", body=bytes(50_000_000)))
        held.set()


def test_a_name_lookup_without_answer_ends_at_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    held = threading.Event()

    def hanging(*_: object, **__: object) -> list[object]:
        held.wait(20)
        return []

    monkeypatch.setattr("kontrak.http.connection.socket.getaddrinfo", hanging)
    with pytest.raises(DeadlineExceeded, match="connecting"):
        get("http://slow.invalid/", SHORT)
    held.set()


def test_many_threads_have_a_deadline_each() -> None:
    def outcome(number: int) -> str:
        try:
            transport.send(a_request(servers[number % 2].url()))
        except DeadlineExceeded:
            return "late"
        return "answered"

    with (
        raw_server(trickle(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n", b"x")) as slow,
        raw_server(replies(*[OK] * 20)) as quick,
        Transport(Limits(deadline_seconds=1)) as transport,
        ThreadPoolExecutor(8) as threads,
    ):
        servers = (slow, quick)
        outcomes = list(threads.map(outcome, range(16)))
    assert outcomes == ["late", "answered"] * 8


def test_no_descriptor_is_left_open() -> None:
    descriptors = Path("/proc/self/fd")
    if not descriptors.is_dir():
        pytest.skip("this system does not list its descriptors")
    with raw_server(trickle(b"HTTP/1.1 200 OK\r\n", b"x")) as slow, raw_server(replies(OK)) as good:
        with pytest.raises(DeadlineExceeded):
            get(slow.url(), SHORT)
        get(good.url())
    before = len(list(descriptors.iterdir()))
    for _ in range(3):
        with raw_server(replies(OK, OK)) as server, Transport(AMPLE) as transport:
            transport.send(a_request(server.url()))
            transport.send(a_request(server.url()))
    assert len(list(descriptors.iterdir())) <= before


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")  # what is tested here
def test_the_deadline_holds_after_a_fork() -> None:
    with raw_server(silent) as server:
        with pytest.raises(DeadlineExceeded):
            get(server.url(), SHORT)
        child = os.fork()
        if child == 0:
            try:
                get(server.url(), SHORT)
            except DeadlineExceeded:
                os._exit(7)
            os._exit(1)
        _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 7
