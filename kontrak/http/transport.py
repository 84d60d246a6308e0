"""The only place that opens a connection.

One exchange is one request and one reply: nothing is retried, no redirect is followed, no cookie
is kept and nothing is added to the request but what HTTP/1.1 needs. The whole of it has one
deadline and one size cap. A request that may move money passes the gate before it is sent. HTTP 429
answers nothing: what only reads is asked again when the pace allows it, what may move money is not.

It uses an adapter of requests without its Session, which would read the body of a redirect to its
end, whatever its size, even when redirects are off.
"""

from __future__ import annotations

import re
import ssl
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from http.client import BadStatusLine, HTTPException, RemoteDisconnected
from importlib.metadata import version
from types import TracebackType
from typing import Any, Self, cast
from urllib.parse import SplitResult, urlsplit

import requests
import urllib3
from urllib3.exceptions import DecodeError, HTTPError
from urllib3.exceptions import TimeoutError as PoolTimeoutError

from kontrak.config.interruption import INTERRUPTION
from kontrak.errors import (
    ConfigurationError,
    NoAnswer,
    ReplyCut,
    ReplyTooLarge,
    SpendingRefused,
    TooManyRequests,
    Unreachable,
)
from kontrak.exchange import Exchange, Headers, Reply, Request, Spend
from kontrak.http.adapter import WatchedAdapter
from kontrak.http.connection import Attempt, Phase, current
from kontrak.http.deadline import Deadline
from kontrak.http.trouble import Watch
from kontrak.limits.rate_limit import Pace, retry_after
from kontrak.limits.spend_guard import Gate
from kontrak.masking.masker import shorten

USER_AGENT = f"kontrak/{version('kontrak')}"

_CHUNK = 65_536
_LONGEST_HEADER = 40


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how large an exchange may be, and the way to the target.

    ``deadline_seconds`` covers name lookup, connection, TLS, request, headers and body together;
    ``reply_bytes`` is the body's size once decoded. ``ca_file`` (PEM) replaces the public
    certificate authorities; there is no way to switch verification off. ``headers`` are added to
    every request that has none of that name.
    """

    deadline_seconds: float = 30.0
    reply_bytes: int = 1_048_576
    proxy: str | None = None
    ca_file: str | None = None
    headers: Headers = ()


class Transport:
    """Sends requests, from several threads if need be; connections are kept for reuse.

    ``gate`` decides on and records what may move money, ``pace`` says when a request may go,
    ``observer`` is given every exchange, ``watch`` ends the asking of a target that is lost.
    Raises ``ConfigurationError`` for an unusable ``ca_file`` or ``proxy``.
    """

    def __init__(
        self,
        limits: Limits,
        *,
        gate: Gate | None = None,
        pace: Pace | None = None,
        observer: Callable[[Exchange], None] | None = None,
        watch: Watch | None = None,
    ) -> None:
        self._watch = watch or Watch()
        self._limits = limits
        self._gate = gate
        self._pace = pace
        self._observer = observer
        self._adapter = WatchedAdapter(ca_file=limits.ca_file, proxy=limits.proxy)

    def send(self, request: Request, spend: Spend | None = None) -> Exchange:
        """Send one request and return it with its reply, whatever the reply's status.

        ``spend`` belongs to every request that may move money.
        Raises a ``NoAnswer`` that carries ``request``, ``SpendingRefused`` when the gate does not
        let ``spend`` pass, ``ConfigurationError`` when the request cannot be written as HTTP; after
        the last two nothing has been sent.
        """
        INTERRUPTION.check()
        request = _with_headers(request, self._limits.headers)
        address = _checked(request)
        if spend is None:
            exchange = self._read(request, address)
        else:
            exchange = self._spend(request, address, spend)
        if self._observer is not None:
            self._observer(exchange)
        return exchange

    def close(self) -> None:
        """Close the kept connections."""
        self._adapter.close()
        if self._pace is not None:
            self._pace.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _spend(self, request: Request, address: SplitResult, spend: Spend) -> Exchange:
        if self._gate is None:
            raise SpendingRefused(
                f"{request.method} {_place(address)} may move money and no gate watches over it",
                hint="give the Transport a Gate",
            )
        self._watch.require_asking()
        if self._pace is not None:
            self._pace.wait()
        entry = self._gate.before(request, spend)
        try:
            exchange = self._watched(request, address)
        except NoAnswer as error:
            self._gate.after(entry, error)
            if isinstance(error, TooManyRequests):
                self._may_go_on(error)
            raise
        self._gate.after(entry, exchange)
        return exchange

    def _read(self, request: Request, address: SplitResult) -> Exchange:
        while True:
            self._watch.require_asking()
            if self._pace is not None:
                self._pace.wait()
            try:
                return self._watched(request, address)
            except TooManyRequests as error:
                if not self._may_go_on(error):
                    raise

    def _may_go_on(self, error: TooManyRequests) -> bool:
        """Whether a request that was refused with HTTP 429 may be sent again, after a pause.

        A run that may not has lost the target: nothing more is asked.
        """
        if self._pace is None:
            return False
        if self._pace.refused(error):
            return True
        self._watch.end(self._pace.lost, everywhere=self._pace.too_many)
        return False

    def _watched(self, request: Request, address: SplitResult) -> Exchange:
        try:
            exchange = self._exchange(request, address)
        except NoAnswer as error:
            self._watch.silent(error)
            raise
        self._watch.heard()
        return exchange

    def _exchange(self, request: Request, address: SplitResult) -> Exchange:
        seconds = self._limits.deadline_seconds
        started_at, started = time.time(), time.monotonic()
        with Deadline(seconds) as deadline:
            attempt = Attempt(_place(address), _target(request.url), seconds, deadline)
            token = current.set(attempt)
            try:
                outcome = self._outcome(request, attempt)
            finally:
                current.reset(token)
        if isinstance(outcome, Reply):
            exchange = Exchange(request, outcome, started_at, time.monotonic() - started)
            if outcome.status != 429:
                return exchange
            outcome = _too_many(exchange, attempt)
        outcome.request = request
        raise outcome

    def _outcome(self, request: Request, attempt: Attempt) -> Reply | NoAnswer:
        # An error is returned, to be raised outside the except block: a chained traceback would
        # show the address with its query, and there may be credentials in it.
        try:
            reply = self._reply(request, attempt)
        except NoAnswer as error:
            return error
        except (HTTPError, HTTPException, OSError) as problem:
            return _no_answer(problem, attempt)
        except (ValueError, ArithmeticError) as problem:
            # Of the libraries, for numbers in the reply that are not numbers, such as chunk sizes.
            if attempt.phase not in {Phase.HEAD, Phase.BODY}:
                raise
            return _no_answer(problem, attempt)
        # A shut-down socket looks like the end of a reply without Content-Length.
        return attempt.exceeded() if attempt.deadline.expired else reply

    def _reply(self, request: Request, attempt: Attempt) -> Reply:
        prepared = requests.PreparedRequest()
        # Filled in by hand: preparing would write address and headers anew.
        prepared.method, prepared.url = request.method, request.url
        # Any mapping will do, and this one keeps a repeated name.
        prepared.headers = cast("Any", _headers(request))
        prepared.body = request.body or None
        timeout = self._limits.deadline_seconds
        response = self._adapter.send(prepared, stream=True, timeout=timeout).raw
        try:
            body = self._body(response, attempt)
        except BaseException:
            response.close()
            raise
        response.release_conn()
        headers = tuple(response.headers.items())
        return Reply(response.status, response.reason or "", headers, body)

    def _body(self, response: urllib3.BaseHTTPResponse, attempt: Attempt) -> bytes:
        body = bytearray()
        while chunk := response.read(_CHUNK, decode_content=True):
            body += chunk
            if len(body) > self._limits.reply_bytes:
                raise ReplyTooLarge(
                    f"{attempt.place}: the reply is larger than {self._limits.reply_bytes} bytes",
                    hint="look at what the service sends; if it is right, raise reply_bytes",
                )
        return bytes(body)


def _checked(request: Request) -> SplitResult:
    """The address of a request that HTTP/1.1 can carry."""
    try:
        address = urlsplit(request.url)
        usable = address.scheme in {"http", "https"} and bool(address.hostname)
        usable = usable and (address.port is None or address.port > 0)
    except ValueError:
        usable = False
    if not usable:
        raise ConfigurationError(
            f"the address of a {request.method} request is not an http(s) address",
            hint="write http://host[:port]/path or https://host[:port]/path",
        )
    plain = all("!" <= each <= "~" for each in request.url)
    if not plain or not (request.method.isascii() and request.method.isalpha()):
        raise ConfigurationError(
            f"{request.method!r} {_place(address)} cannot be written as a request line",
            hint="percent-encode spaces and non-ASCII characters of the address",
        )
    for name, value in request.headers:
        if any(each in name + value for each in "\r\n\0") or not name.isascii():
            raise ConfigurationError(
                f"the header {name!r} for {_place(address)} has a line break in it",
                hint="look at where its value comes from",
            )
    return address


def _with_headers(request: Request, further: Headers) -> Request:
    """The request with what the target adds to it: evidence shows what was really sent."""
    given = {name.lower() for name, _ in request.headers}
    added = tuple((name, value) for name, value in further if name.lower() not in given)
    return replace(request, headers=(*request.headers, *added)) if added else request


def _headers(request: Request) -> urllib3.HTTPHeaderDict:
    headers = urllib3.HTTPHeaderDict()
    given = {name.lower() for name, _ in request.headers}
    if request.body and "content-length" not in given:
        # Without it, the adapter would send the body in chunks.
        headers.add("Content-Length", str(len(request.body)))
    for name, value in (("User-Agent", USER_AGENT), ("Accept", "*/*")):
        if name.lower() not in given:
            headers.add(name, value)
    for name, value in request.headers:
        # http.client writes Latin-1; this way the bytes on the wire are UTF-8.
        headers.add(name, value.encode().decode("latin-1"))
    return headers


def _place(address: SplitResult) -> str:
    """The address without user, password, query and fragment."""
    host = address.hostname or ""
    host = f"[{host}]" if ":" in host else host
    port = f":{address.port}" if address.port else ""
    return f"{address.scheme}://{host}{port}{address.path or '/'}"


def _target(url: str) -> str:
    """Path and query as they stand in the address, an empty query's question mark included."""
    rest = url.partition("://")[2].partition("#")[0]
    target = rest[len(re.split("[/?]", rest, maxsplit=1)[0]) :]
    return target if target.startswith("/") else f"/{target}"


def _no_answer(problem: Exception, attempt: Attempt) -> NoAnswer:
    causes = tuple(_causes(problem))
    late = any(isinstance(each, TimeoutError | PoolTimeoutError) for each in causes)
    if attempt.deadline.expired or late:
        return attempt.exceeded()
    if attempt.phase in {Phase.CONNECTING, Phase.HANDSHAKE}:
        return _unreachable(causes, attempt)
    return ReplyCut(
        f"{attempt.place}: {_how_cut(causes)} (while {attempt.phase.value})",
        hint="look at the service's log and at proxies in between; whether the request was carried "
        "out is not known",
    )


def _too_many(exchange: Exchange, attempt: Attempt) -> TooManyRequests:
    asked = exchange.reply.header("Retry-After")
    error = TooManyRequests(
        f"{attempt.place} answered HTTP 429, which says nothing of the clause"
        + (f" (Retry-After: {shorten(asked, _LONGEST_HEADER)})" if asked else ""),
        hint="set `[limits] requests_per_second` in the target to what the provider allows",
    )
    error.seconds = retry_after(exchange)
    return error


def _causes(problem: BaseException | None) -> Iterator[BaseException]:
    """An exception and what it wraps: urllib3 puts it into the arguments or the cause."""
    while problem is not None:
        yield problem
        inner = (each for each in problem.args if isinstance(each, BaseException))
        problem = next(inner, problem.__cause__ or problem.__context__)


def _unreachable(causes: tuple[BaseException, ...], attempt: Attempt) -> Unreachable:
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return Unreachable(
                f"no connection to {attempt.place}: its TLS certificate is refused "
                f"({cause.verify_message})",
                hint="check the host name and this machine's clock; for a private certificate "
                "authority set ca_file to its PEM file",
            )
    reason = next((each.reason for each in causes if isinstance(each, ssl.SSLError)), None)
    return Unreachable(
        f"no connection to {attempt.place}: the TLS handshake failed"
        + (f" ({reason})" if reason else ""),
        hint="check that this port speaks TLS (https) rather than plain http, and the proxy if "
        "there is one",
    )


_CUTS: tuple[tuple[type[BaseException], str], ...] = (
    (RemoteDisconnected, "the connection was closed without a reply"),
    (BadStatusLine, "what came is not an HTTP reply"),
    (DecodeError, "the body does not fit its Content-Encoding"),
    (ConnectionResetError, "the connection was reset before the reply was complete"),
    (BrokenPipeError, "the connection was closed before the request was sent"),
    (ssl.SSLError, "TLS broke off before the reply was complete"),
)


def _how_cut(causes: tuple[BaseException, ...]) -> str:
    for kind, sentence in _CUTS:
        if any(isinstance(each, kind) for each in causes):
            return sentence
    return "the reply is incomplete or breaks the rules of HTTP"
