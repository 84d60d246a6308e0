"""Replies that are too large or broken, and errors that show no secret."""

from __future__ import annotations

import gzip
import itertools
import pickle
import socket
from collections.abc import Iterator

import pytest

from kontrak.errors import ConfigurationError, NoAnswer, ReplyCut, ReplyTooLarge
from kontrak.exchange import Request
from kontrak.http.transport import Limits, Transport
from tests.rawserver import (
    OK,
    Handler,
    closed_port,
    raw_server,
    read_request,
    replies,
    reset_after,
    silent,
)
from tests.wire import AMPLE, SHORT, a_request, get

SECRET = "s3cr3t-canary"  # noqa: S105 - the point is that it is seen nowhere
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.fixture
def transport() -> Iterator[Transport]:
    with Transport(AMPLE) as transport:
        yield transport


def endless_body(head: bytes) -> Handler:
    def handler(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(head)
        for _ in itertools.count():
            connection.sendall(bytes(65_536))

    return handler


def test_an_endless_body_ends_at_the_size_cap() -> None:
    with (
        raw_server(endless_body(b"HTTP/1.1 200 OK\r\n\r\n")) as server,
        pytest.raises(ReplyTooLarge, match="1000 bytes"),
    ):
        get(server.url(), Limits(reply_bytes=1000))


def test_an_endless_redirect_body_ends_at_the_size_cap() -> None:
    head = b"HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n"
    with raw_server(endless_body(head)) as server, pytest.raises(ReplyTooLarge):
        get(server.url(), Limits(reply_bytes=1000))


def test_a_compressed_body_is_measured_unpacked() -> None:
    packed = gzip.compress(bytes(2_000_000))
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed)
    with raw_server(replies(head + packed)) as server, pytest.raises(ReplyTooLarge):
        get(server.url(), Limits(reply_bytes=1_000_000))


def test_a_body_of_just_the_cap_passes() -> None:
    with raw_server(replies(OK)) as server:
        assert get(server.url(), Limits(reply_bytes=2)).reply.body == b"ok"


BROKEN: dict[str, Handler] = {
    "closed at once": replies(b""),
    "not HTTP": replies(b"SSH-2.0-OpenSSH_9.2\r\n"),
    "cut in the headers": replies(b"HTTP/1.1 200 OK\r\nContent-"),
    "cut between headers": replies(b"HTTP/1.1 200 OK\r\nX: x\r\n"),
    "cut in the body": replies(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"),
    "cut in a chunk": replies(CHUNKED + b"a\r\nabc"),
    "cut between chunks": replies(CHUNKED + b"3\r\nabc\r\n"),
    "bad chunk size": replies(CHUNKED + b"zz\r\nabc\r\n0\r\n\r\n"),
    "bad compression": replies(
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc"
    ),
    "too many headers": replies(b"HTTP/1.1 200 OK\r\n" + b"X: x\r\n" * 200 + b"\r\n"),
    "reset in the headers": reset_after(b"HTTP/1.1 200 OK\r\n"),
    "reset in the body": reset_after(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"),
}


@pytest.mark.parametrize("handler", BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_reply_is_a_cut_reply(handler: Handler) -> None:
    with raw_server(handler) as server, pytest.raises(ReplyCut) as caught:
        get(server.url())
    assert "hint: look at" in str(caught.value)


def test_a_cut_reply_is_not_asked_for_again() -> None:
    with raw_server(replies(b"")) as server:
        with pytest.raises(ReplyCut):
            get(server.url())
        assert server.connections == 1


SPOILT = {
    "closed port": None,
    "cut": replies(b""),
    "not HTTP": replies(b"?\r\n"),
    "late": silent,
    "large": endless_body(b"HTTP/1.1 200 OK\r\n\r\n"),
}


@pytest.mark.parametrize("handler", SPOILT.values(), ids=SPOILT.keys())
def test_an_error_carries_the_request_and_shows_no_secret(handler: Handler | None) -> None:
    with raw_server(handler or silent) as server:
        port = closed_port() if handler is None else server.port
        request = a_request(f"http://u:{SECRET}@127.0.0.1:{port}/trx?pin={SECRET}")
        with Transport(SHORT) as transport, pytest.raises(NoAnswer) as caught:
            transport.send(request)
    error = caught.value
    assert f"http://127.0.0.1:{port}/trx" in str(error)
    assert SECRET not in str(error) + repr(error)
    assert error.__cause__ is None
    assert error.__context__ is None
    assert error.request is request
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert (type(again), str(again), again.request) == (type(error), str(error), request)


def test_the_log_shows_no_secret(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    with raw_server(replies(b"HTTP/1.1 200 OK\r\nno header\r\n\r\n")) as server:
        assert get(server.url(f"/?pin={SECRET}")).reply.status == 200
    assert SECRET not in caplog.text


UNWRITABLE = {
    "no scheme": a_request("127.0.0.1/path"),
    "other scheme": a_request("ftp://127.0.0.1/"),
    "no host": a_request("http:///path"),
    "bad port": a_request("http://127.0.0.1:99999/"),
    "space": a_request(f"http://127.0.0.1/?a={SECRET} b"),
    "non-ASCII": a_request("http://127.0.0.1/é"),
    "method": a_request("http://127.0.0.1/", "GET /\r\n"),
    "header value": a_request("http://127.0.0.1/", headers=(("sign", f"{SECRET}\r\nX: y"),)),
}


@pytest.mark.parametrize("request_", UNWRITABLE.values(), ids=UNWRITABLE.keys())
def test_what_http_cannot_carry_is_a_configuration_error(
    transport: Transport, request_: Request
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        transport.send(request_)
    assert SECRET not in str(caught.value)
