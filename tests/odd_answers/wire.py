"""Odd HTTP: replies on the wire that no HTTP library would send.

Each is made from the body of an honest answer. ``serving`` puts a sandbox behind a raw socket:
the first answers are honest, all further ones odd.
"""

from __future__ import annotations

import contextlib
import gzip
import socket
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from kontrak.sandbox import Sandbox, SandboxRequest
from tests.rawserver import Handler, pause, raw_server, read_request

Reply = Callable[[bytes], bytes]

_JSON = b"Content-Type: application/json\r\n"
_CHUNKED = b"HTTP/1.1 200 OK\r\n" + _JSON + b"Transfer-Encoding: chunked\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Wired:
    """One odd way of sending a body. ``holds`` keeps the connection open afterwards."""

    name: str
    reply: Reply
    holds: bool = False
    trickles: bool = False


def odd_replies() -> Iterator[Wired]:
    """All odd ways of sending."""
    for name, line in _STATUS_LINES.items():
        yield Wired(f"status line {name}", _headed(line))
    for status in range(100, 1000):
        yield Wired(f"status {status}", _headed(b"HTTP/1.1 %d Odd\r\n" % status))
    for name, size in _CHUNK_SIZES.items():
        yield Wired(f"chunk size {name}", _chunk(size))
    for name, length in _LENGTHS.items():
        yield Wired(f"Content-Length {name}", _with(b"Content-Length: " + length))
    for name, header in _HEADERS.items():
        yield Wired(f"header {name}", _with(header, measured=True))
    for name, (coding, packed) in _CODINGS.items():
        yield Wired(f"coding {name}", _coded(coding, packed))
    for name, asked in _RETRY_AFTER.items():
        yield Wired(f"429 {name}", _headed(b"HTTP/1.1 429 Slow\r\nRetry-After: " + asked + b"\r\n"))
        yield Wired(f"503 {name}", _headed(b"HTTP/1.1 503 Slow\r\nRetry-After: " + asked + b"\r\n"))
    for name, garbage in _GARBAGE.items():
        yield Wired(f"garbage {name}", _always(garbage))
    yield from _unfinished()


def _unfinished() -> Iterator[Wired]:
    whole = _with(b"X: y", measured=True)
    for share in (0, 1, 9, 17, 40, 90, 130):
        yield Wired(f"closed after {share} bytes", _begin(whole, share))
    yield Wired("silence", lambda _: b"", holds=True)
    yield Wired("half a status line", lambda _: b"HTTP/1.1 2", holds=True)
    yield Wired("half a header", lambda _: b"HTTP/1.1 200 OK\r\nContent-", holds=True)
    yield Wired("half a body", lambda body: whole(body)[:-1], holds=True)
    yield Wired("no end", lambda body: b"HTTP/1.1 200 OK\r\n" + _JSON + b"\r\n" + body, holds=True)
    yield Wired("endless chunks", lambda _: _CHUNKED + b"1\r\nx\r\n" * 9_999, holds=True)
    yield Wired("trickled interim answers", lambda _: b"HTTP/1.1 103 Hints\r\n\r\n", trickles=True)
    yield Wired("trickled header", lambda _: b"X-A: b\r\n", trickles=True)
    yield Wired("trickled blanks", lambda _: b" ", trickles=True)


def _always(sent: bytes) -> Reply:
    return lambda _: sent


def _begin(whole: Reply, share: int) -> Reply:
    return lambda body: whole(body)[:share]


def _headed(begin: bytes) -> Reply:
    return lambda body: begin + _JSON + b"Content-Length: %d\r\n\r\n" % len(body) + body


def _with(header: bytes, *, measured: bool = False) -> Reply:
    def reply(body: bytes) -> bytes:
        length = b"Content-Length: %d\r\n" % len(body) if measured else b""
        return b"HTTP/1.1 200 OK\r\n" + _JSON + length + header + b"\r\n\r\n" + body

    return reply


def _chunk(size: bytes) -> Reply:
    return lambda body: _CHUNKED + size + b"\r\n" + body + b"\r\n0\r\n\r\n"


def _coded(coding: bytes, packed: Callable[[bytes], bytes]) -> Reply:
    def reply(body: bytes) -> bytes:
        sent = packed(body)
        return _with(b"Content-Encoding: " + coding, measured=True)(sent)

    return reply


_STATUS_LINES: Mapping[str, bytes] = {
    "without reason": b"HTTP/1.1 200\r\n",
    "HTTP/1.0": b"HTTP/1.0 200 OK\r\n",
    "HTTP/0.9": b"HTTP/0.9 200 OK\r\n",
    "HTTP/2": b"HTTP/2 200 OK\r\n",
    "HTTP/9.9": b"HTTP/9.9 200 OK\r\n",
    "no version": b"HTTP 200 OK\r\n",
    "other protocol": b"ICY 200 OK\r\n",
    "no number": b"HTTP/1.1 OK\r\n",
    "huge number": b"HTTP/1.1 99999999999 OK\r\n",
    "zero": b"HTTP/1.1 000 OK\r\n",
    "below zero": b"HTTP/1.1 -200 OK\r\n",
    "fraction": b"HTTP/1.1 200.5 OK\r\n",
    "two digits": b"HTTP/1.1 20 OK\r\n",
    "bytes in reason": b"HTTP/1.1 200 \xff\xfe\x1b[2J\r\n",
    "long reason": b"HTTP/1.1 200 " + b"x" * 60_000 + b"\r\n",
    "too long reason": b"HTTP/1.1 200 " + b"x" * 90_000 + b"\r\n",
    "blank first": b"\r\nHTTP/1.1 200 OK\r\n",
    "line feeds": b"HTTP/1.1 200 OK\n",
    "small letters": b"http/1.1 200 ok\r\n",
    "100 first": b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n",
    "102 first": b"HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 200 OK\r\n",
    "103 first": b"HTTP/1.1 103 Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\n",
    "101": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\nHTTP/1.1 200 OK\r\n",
    "1,000 times 100": b"HTTP/1.1 100 Continue\r\n\r\n" * 1_000 + b"HTTP/1.1 200 OK\r\n",
    "100 with a body": b"HTTP/1.1 100 Continue\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n",
}
_CHUNK_SIZES: Mapping[str, bytes] = {
    "-5": b"-5", "-0": b"-0", "0": b"0", "huge": b"f" * 16, "longer": b"f" * 4_000, "+5": b"+5",
    "0x5": b"0x5", "word": b"many", "none": b"", "blank": b"  ", "5_0": b"5_0", "too much": b"7fff",
    "too little": b"1", "extension": b"5;x=\"" + b"y" * 9_000, "bytes": b"\xff\xfe", "NUL": b"\0",
    "wide digit": "\uff15".encode(), "fraction": b"5.0", "line feed": b"5\n5",
}  # fmt: skip
_LENGTHS: Mapping[str, bytes] = {
    "-1": b"-1", "0": b"0", "1": b"1", "huge": b"9" * 30, "5,000 digits": b"9" * 5_000,
    "word": b"many", "none": b"", "two": b"5\r\nContent-Length: 7", "list": b"5, 5",
    "other list": b"5, 7", "+5": b"+5", "5_0": b"5_0", "fraction": b"5.5", "0x5": b"0x5",
    "with chunks": b"5\r\nTransfer-Encoding: chunked", "wide digit": "\uff15".encode(),
    "one too many": b"100000",
}  # fmt: skip
_HEADERS: Mapping[str, bytes] = {
    "without colon": b"garbage",
    "only a colon": b":",
    "blank name": b" : x",
    "blank in name": b"Bad Name: x",
    "folded": b"X: a\r\n b\r\n\tc",
    "folded first": b" folded: x",
    "NUL": b"X: a\0b",
    "bytes": b"\xff\xfe: \xff",
    "escape": b"X: \x1b[2J",
    "bare CR": b"X: a\rb",
    "long": b"X: " + b"y" * 60_000,
    "too long": b"X: " + b"y" * 90_000,
    "99": b"\r\n".join(b"X-%d: y" % one for one in range(95)),
    "200": b"\r\n".join(b"X-%d: y" % one for one in range(200)),
    "Content-Type twice": b"Content-Type: text/html",
    "charset": b"Content-Type: application/json; charset=x-none",
    "Set-Cookie": b"Set-Cookie: " + b"a=b; " * 900,
    "Location": b"Location: http://127.0.0.1:9/",
    "unknown transfer": b"Transfer-Encoding: odd",
    "identity": b"Transfer-Encoding: identity",
    "chunked twice": b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
    "close": b"Connection: close",
    "odd connection": b"Connection: \xff, keep-alive, close",
    "keep alive": b"Keep-Alive: timeout=-1, max=x",
    "trailer": b"Trailer: X",
    "date": b"Date: tomorrow",
    "upgrade": b"Upgrade: h2c\r\nConnection: upgrade",
}
_CODINGS: Mapping[str, tuple[bytes, Callable[[bytes], bytes]]] = {
    "gzip that is not gzip": (b"gzip", bytes),
    "gzip cut": (b"gzip", lambda body: gzip.compress(body)[:-9]),
    "gzip with a wrong sum": (b"gzip", lambda body: gzip.compress(body)[:-8] + b"x" * 8),
    "gzip and garbage": (b"gzip", lambda body: gzip.compress(body) + b"garbage"),
    "gzip twice": (b"gzip, gzip", lambda body: gzip.compress(gzip.compress(body))),
    "gzip many times": (b", ".join([b"gzip"] * 50), bytes),
    "gzip in parts": (b"gzip", lambda body: gzip.compress(body[:9]) + gzip.compress(body[9:])),
    "gzip of much": (b"gzip", lambda _: gzip.compress(bytes(30_000_000))),
    "gzip of nothing": (b"gzip", lambda _: b""),
    "deflate": (b"deflate", zlib.compress),
    "raw deflate": (b"deflate", lambda body: zlib.compress(body)[2:-4]),
    "deflate that is not deflate": (b"deflate", bytes),
    "br": (b"br", bytes),
    "zstd": (b"zstd", bytes),
    "unknown": (b"odd", bytes),
    "empty": (b"", bytes),
    "bytes": (b"\xff\xfe", bytes),
    "capitals": (b"GZIP", gzip.compress),
}
_RETRY_AFTER: Mapping[str, bytes] = {
    "none": b"", "0": b"0", "-5": b"-5", "far": b"9" * 40, "5,000 digits": b"9" * 5_000,
    "fraction": b"0.5", "word": b"soon", "past": b"Thu, 01 Jan 1970 00:00:00 GMT",
    "future": b"Fri, 31 Dec 9999 23:59:59 GMT", "no day": b"Fri, 99 Foo 99999 99:99:99 GMT",
    "infinite": b"inf", "NaN": b"nan", "exponent": b"1e9999", "bytes": b"\xff", "superscript":
    b"\xb2", "escape": b"\x1b[2J", "twice": b"1\r\nRetry-After: 2", "zone":
    b"Fri, 31 Dec 2026 23:59:59 +9999",
}  # fmt: skip
_GARBAGE: Mapping[str, bytes] = {
    "NUL": b"\0" * 500,
    "bytes": bytes(range(256)) * 4,
    "line feeds": b"\r\n" * 500,
    "body only": b'{"rc": "00"}',
    "page": b"<html>503</html>",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "TLS alert": b"\x15\x03\x03\x00\x02\x02\x28",
    "SSH": b"SSH-2.0-OpenSSH_9.6\r\n",
    "SMTP": b"220 mail ESMTP\r\n",
    "HTTP/2": b"\x00\x00\x12\x04\x00\x00\x00\x00\x00" * 9,
    "a request": b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    "a long line": b"x" * 200_000,
    "two replies": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}" * 2,
}


@contextlib.contextmanager
def serving(sandbox: Sandbox, odd: Wired, honest: int) -> Iterator[str]:
    """A sandbox's address, of which ``honest`` answers are sent rightly and all others oddly."""
    left = [honest]

    def handler(connection: socket.socket) -> None:
        while True:
            body = sandbox.answer(_parsed(read_request(connection))).body
            if left[0] > 0:
                left[0] -= 1
                connection.sendall(_with(b"Server: x", measured=True)(body))
                continue
            connection.sendall(odd.reply(body))
            while odd.trickles and pause(connection):
                connection.sendall(odd.reply(body))
            while odd.holds and pause(connection):
                pass
            return

    with raw_server(_quietly(handler)) as server:
        yield server.url("")


def _quietly(handler: Handler) -> Handler:
    def quiet(connection: socket.socket) -> None:
        with contextlib.suppress(OSError, EOFError):
            handler(connection)

    return quiet


def _parsed(sent: bytes) -> SandboxRequest:
    head, _, body = sent.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, _ = first.split(" ")
    headers = tuple(
        (name, value.strip()) for name, _, value in (one.partition(":") for one in lines)
    )
    address = urlsplit(target)
    query = tuple(parse_qsl(address.query, keep_blank_values=True))
    return SandboxRequest(method, address.path, query, headers, body, address.query)
