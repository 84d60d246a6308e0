"""urllib3 connections that obey the deadline of the exchange they serve.

An exchange announces itself in ``current``; every connection opened or reused on its behalf hands
its socket to the exchange's deadline and notes how far the exchange has come.
"""

from __future__ import annotations

import logging
import os
import queue
import socket
import ssl
import threading
import time
from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from enum import Enum
from functools import cache
from http.client import HTTPResponse, IncompleteRead
from io import BufferedIOBase, BufferedReader
from pathlib import Path
from typing import Any, cast

import certifi
import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.util import wait_for_read

from kontrak.errors import ConfigurationError, DeadlineExceeded, Unreachable
from kontrak.http.deadline import Deadline

IDLE_SECONDS = 4.0
"""A kept connection idle for longer is not used again: many servers close theirs after 5 s, and a
request that meets that close is lost without our knowing whether it was taken."""

_Addresses = Sequence[tuple[int, int, int, str, Any]]  # as getaddrinfo gives them

HANG_UP_SECONDS = 0.02
"""How long the first answer's connection is watched for a server that closes without notice."""

# urllib3's messages show addresses with their query, credentials included; ours say the rest.
logging.getLogger("urllib3").setLevel(logging.CRITICAL + 1)

_TLS_ALERT = b"\x15"
_POOL_SIZE = 32
_MAX_PORTS = 16


class Phase(Enum):
    """How far an exchange has come; the value completes "it ended while ..."."""

    CONNECTING = "connecting"
    HANDSHAKE = "agreeing on TLS"
    SENDING = "sending the request"
    HEAD = "waiting for status and headers"
    BODY = "reading the body"


@dataclass(slots=True)
class Attempt:
    """One exchange on its way.

    ``place`` is its address without secrets, ``target`` path and query exactly as they are sent.
    """

    place: str
    target: str
    seconds: float
    deadline: Deadline
    phase: Phase = Phase.CONNECTING

    def time_left(self) -> float:
        """The seconds left, more than 0; raises ``DeadlineExceeded`` when there are none."""
        left = self.deadline.remaining()
        if not left:
            raise self.exceeded()
        return left

    def exceeded(self) -> DeadlineExceeded:
        """The error that says what the exchange was doing when its time was over."""
        return DeadlineExceeded(
            f"{self.place}: no complete reply within {self.seconds:g} s (while {self.phase.value})",
            hint="look whether the service hangs; if it is only slow, raise deadline_seconds",
        )


current: ContextVar[Attempt] = ContextVar("current")


def connections(*, ca_file: str | None, proxy: str | None) -> urllib3.PoolManager:
    """A pool of watched connections, for several threads.

    ``ca_file``, or else what REQUESTS_CA_BUNDLE or SSL_CERT_FILE names, replaces the public
    certificate authorities; ``proxy`` is an http(s) address,
    ``http://user:password@host:port`` if it asks for credentials.
    Raises ``ConfigurationError`` for an unreadable ``ca_file`` or an unusable ``proxy``.
    """
    options: dict[str, Any] = {
        "num_pools": _MAX_PORTS,
        "maxsize": _POOL_SIZE,
        "ssl_context": _tls(*_authorities(ca_file)),
    }
    pools = urllib3.PoolManager(**options) if proxy is None else _proxied(proxy, options)
    pools.pool_classes_by_scheme = {"http": _HTTPPool, "https": _HTTPSPool}
    return pools


def _authorities(ca_file: str | None) -> tuple[str, str]:
    """The file, or the folder, of certificate authorities, and the setting that names it."""
    if ca_file is not None:
        return ca_file, "ca_file"
    for name in ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"):
        if found := os.environ.get(name):
            return found, name
    return certifi.where(), "certifi"


@cache
def _tls(authorities: str, named_by: str) -> ssl.SSLContext:
    try:
        if Path(authorities).is_dir():
            return ssl.create_default_context(capath=authorities)
        return ssl.create_default_context(cafile=authorities)
    except OSError as error:  # SSLError is one of them
        reason = error.strerror or "no PEM certificate in it"
        raise ConfigurationError(
            f"{named_by} {authorities} cannot be used: {reason}",
            hint=f"name a readable file of PEM certificates, or leave {named_by} out",
        ) from None


def _proxied(proxy: str, options: dict[str, Any]) -> urllib3.ProxyManager:
    try:
        url = urllib3.util.parse_url(proxy)
        headers = urllib3.make_headers(proxy_basic_auth=url.auth) if url.auth else None
        return urllib3.ProxyManager(proxy, proxy_headers=headers, **options)
    except (urllib3.exceptions.LocationParseError, urllib3.exceptions.ProxySchemeUnknown):
        # Neither exception is chained: both show the address, and it may hold a password.
        problem = ConfigurationError(
            "proxy is not an http or https address", hint="write proxy = 'http://host:port'"
        )
    raise problem


class _Head:
    """The beginning of a reply, noting whether it ended before its empty line."""

    def __init__(self, stream: BufferedIOBase) -> None:
        self.cut = False
        self._stream = stream

    def readline(self, limit: int) -> bytes:
        line = self._stream.readline(limit)
        self.cut = not line
        return line

    def close(self) -> None:
        self._stream.close()


class _Response(HTTPResponse):
    # The base class takes the end of the connection for the end of the headers, and every interim
    # answer but 100 for the final one.
    def begin(self) -> None:
        while True:
            self._begin()
            if not self._is_interim:
                return
            # Only a response whose status is not read yet reads another.
            self.headers = self.msg = cast("Any", None)

    @property
    def _is_interim(self) -> bool:
        # 101 is a final answer in this respect: another protocol would follow it.
        return 100 < self.status < 200 and self.status != 101

    def _begin(self) -> None:
        stream = self.fp
        head = _Head(stream)
        standing_in = self.fp = cast("BufferedReader", head)
        try:
            super().begin()
        finally:
            if self.fp is standing_in:
                self.fp = stream
        if head.cut:
            raise IncompleteRead(b"")


class _HTTPConnection(HTTPConnection):
    response_class = _Response
    _used_at = 0.0

    @property
    def is_connected(self) -> bool:
        return time.monotonic() - self._used_at < IDLE_SECONDS and super().is_connected

    def _new_conn(self) -> socket.socket:
        attempt = current.get()
        attempt.phase = Phase.CONNECTING
        sock = _open(attempt, self._dns_host, self.port, self.socket_options)
        attempt.phase = Phase.HANDSHAKE if isinstance(self, HTTPSConnection) else Phase.SENDING
        attempt.deadline.watch(sock)
        return sock

    def request(self, *args: Any, **kwargs: Any) -> None:
        attempt = current.get()
        if self.sock is not None:
            attempt.deadline.watch(self.sock)
            attempt.phase = Phase.SENDING
        super().request(*args, **kwargs)
        attempt.phase = Phase.HEAD

    def putrequest(
        self,
        method: str,
        url: str,
        skip_host: bool = False,  # noqa: FBT001, FBT002 - http.client's signature
        skip_accept_encoding: bool = False,  # noqa: ARG002, FBT001, FBT002 - as above
    ) -> None:
        # urllib3 rewrites percent-encodings and asks for compression; we send what we were given.
        exact = current.get().target if url.startswith("/") else url
        super().putrequest(method, exact, skip_host=skip_host, skip_accept_encoding=True)

    def getresponse(  # type: ignore[override] # urllib3 departs from http.client here
        self,
    ) -> urllib3.HTTPResponse:
        response = super().getresponse()
        self._used_at = time.monotonic()
        current.get().phase = Phase.BODY
        return response


class _HTTPSConnection(_HTTPConnection, HTTPSConnection):
    pass


class _Keeping(HTTPConnectionPool):
    """A pool that keeps no connection of a server that closes them without notice.

    A request sent on such a connection would be lost, and nothing may be sent twice.
    """

    _keeps: bool | None = None

    def _put_conn(self, conn: Any) -> None:
        if conn is not None and conn.sock is not None:
            if self._keeps is None:
                self._keeps = not _is_closed(conn.sock, HANG_UP_SECONDS)
            elif self._keeps and _is_closed(conn.sock, 0.0):
                self._keeps = False
            if not self._keeps:
                conn.close()
        super()._put_conn(conn)


class _HTTPPool(_Keeping):
    ConnectionCls = _HTTPConnection


class _HTTPSPool(_Keeping, HTTPSConnectionPool):
    ConnectionCls = _HTTPSConnection


def _is_closed(sock: socket.socket, seconds: float) -> bool:
    """Whether the other side ends the connection within so many seconds of its answer."""
    if not wait_for_read(sock, seconds):
        return False
    # Beneath TLS, where peeking is possible: an alert is its good-bye, all else is housekeeping.
    with socket.fromfd(sock.fileno(), sock.family, sock.type) as plain:
        try:
            first = plain.recv(1, socket.MSG_PEEK)
        except OSError:
            return True
    return first in {b"", _TLS_ALERT}


def _open(attempt: Attempt, host: str, port: int | None, options: Any) -> socket.socket:
    """A connected socket: the first of the name's addresses that accepts."""
    refusal = "the name has no address"
    for family, kind, protocol, _, address in _resolve(attempt, host, port):
        sock = socket.socket(family, kind, protocol)
        try:
            for option in options or ():
                sock.setsockopt(*option)
            sock.settimeout(attempt.time_left())
            sock.connect(address)
        except OSError as error:
            sock.close()
            attempt.time_left()
            refusal = error.strerror or "it timed out"
        except BaseException:
            sock.close()
            raise
        else:
            return sock
    raise Unreachable(
        f"no connection to {attempt.place}: {refusal} ({host}:{port})",
        hint="check host and port, that the service runs, and that a firewall or the provider's "
        "list of allowed IP addresses lets this machine in",
    )


def _resolve(attempt: Attempt, host: str, port: int | None) -> _Addresses:
    # The resolver has no time limit of its own, so a thread waits for it in our place.
    answers: queue.SimpleQueue[_Addresses | Exception] = queue.SimpleQueue()

    def look_up() -> None:
        try:
            answers.put(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            answers.put(error)

    threading.Thread(target=look_up, name="look up", daemon=True).start()
    try:
        answer = answers.get(timeout=attempt.time_left())
    except queue.Empty:
        raise attempt.exceeded() from None
    if isinstance(answer, Exception):
        raise Unreachable(
            f"no connection to {attempt.place}: the name {host} is not known",
            hint="check the spelling of the host name and this machine's DNS",
        )
    return answer
