"""The clock of a kontrak sandbox: a target that names it need not be waited for."""

from __future__ import annotations

import json

from kontrak.errors import NotOffered
from kontrak.exchange import Exchange, Request
from kontrak.transport import Transport


def advance_clock(transport: Transport, control_url: str | None, seconds: int) -> Exchange:
    """Move it forward; the reply tells the moment that it then shows.

    Raises ``NotOffered`` where the target has no ``control_url``.
    """
    if control_url is None:
        raise NotOffered(
            "the target's clock cannot be moved", hint="only a kontrak sandbox has control_url"
        )
    body = json.dumps({"seconds": seconds}).encode()
    headers = (("Content-Type", "application/json"),)
    summary = f"advance the clock by {seconds} s"
    return transport.send(Request("POST", f"{control_url}/advance", headers, body, summary))
