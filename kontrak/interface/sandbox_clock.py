"""The clock of a kontrak sandbox: a target that names it need not be waited for."""

from __future__ import annotations

import json
from typing import Protocol

from kontrak.errors import ConfigurationError, NotOffered
from kontrak.exchange import Exchange, Request
from kontrak.http.transport import Transport


class Controlled(Protocol):
    """Settings that may name a sandbox's control door and the token that opens it."""

    @property
    def control_url(self) -> str | None:
        """The door's address, or None for a real provider."""

    @property
    def control_token(self) -> str | None:
        """What ``kontrak sandbox`` prints when it starts."""


def advance_clock(transport: Transport, settings: Controlled, seconds: int) -> Exchange:
    """Move it forward by ``seconds``; the reply reports the moment that it then shows.

    Raises ``NotOffered`` where the target has no ``control_url``, and ``ConfigurationError`` where
    its ``control_token`` does not open it.
    """
    if settings.control_url is None:
        raise NotOffered(
            "the target's clock cannot be moved", hint="only a kontrak sandbox has control_url"
        )
    body = json.dumps({"seconds": seconds}).encode()
    token = settings.control_token or ""
    headers = (("Content-Type", "application/json"), ("X-Sandbox-Token", token))
    summary = f"advance the clock by {seconds} s"
    url = f"{settings.control_url}/advance"
    exchange = transport.send(Request("POST", url, headers, body, summary))
    if exchange.reply.status in {401, 403}:
        raise ConfigurationError(
            "the sandbox's control door does not open with this target's control_token",
            hint="copy control_token from what `kontrak sandbox` printed when it started",
        )
    return exchange
