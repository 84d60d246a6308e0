"""A transport that hands its requests to the sandbox of its own process.

Sockets cost as much as all judging, and what a change does to answers is seen just as well without
them. Variants of how answers are put on the wire are played over HTTP.
"""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import SplitResult, parse_qsl

from kontrak.errors import ReplyCut
from kontrak.exchange import Exchange, Reply, Request
from kontrak.http.transport import Transport
from kontrak.sandbox import Sandbox, SandboxRequest


class DirectTransport(Transport):
    """As a ``Transport``, gate and observer included, but for the connection."""

    def __init__(self, sandbox: Sandbox, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._sandbox = sandbox

    def _exchange(self, request: Request, address: SplitResult) -> Exchange:
        asked = SandboxRequest(
            request.method,
            address.path or "/",
            tuple(parse_qsl(address.query, keep_blank_values=True)),
            (("Host", address.netloc), *request.headers),
            request.body,
            address.query,
        )
        started_at, started = time.time(), time.monotonic()
        try:
            response = self._sandbox.answer(asked)
        except Exception as error:
            # Over HTTP the connection would end without a reply.
            cut = ReplyCut(f"the sandbox failed: {error!r}", hint="look at the fault")
            cut.request = request
            raise cut from error
        reply = Reply(response.status, "", response.headers, response.body)
        return Exchange(request, reply, started_at, time.monotonic() - started)
