"""Short ways to send a request in the tests of the wire."""

from __future__ import annotations

from kontrak.exchange import Exchange, Headers, Request
from kontrak.http.transport import Limits, Transport

SHORT = Limits(deadline_seconds=0.3)
AMPLE = Limits(deadline_seconds=20)


def a_request(
    url: str, method: str = "GET", *, headers: Headers = (), body: bytes = b""
) -> Request:
    """A request with a summary of no interest."""
    return Request(method, url, headers, body, "a request")


def get(url: str, limits: Limits = AMPLE) -> Exchange:
    """One GET over a connection of its own."""
    with Transport(limits) as transport:
        return transport.send(a_request(url))
