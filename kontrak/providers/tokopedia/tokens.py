"""Access tokens: OAuth2 client credentials (tokopedia-web-service-security).

A token is fetched once and renewed ten minutes before it ends (tokopedia-faq). It is held in memory
only; the masker knows it before anyone can write it.
"""

from __future__ import annotations

import base64
import re
import threading
import time

from oauthlib.oauth2 import BackendApplicationClient

from kontrak.clauses.amounts import as_number
from kontrak.errors import NotTheInterface
from kontrak.exchange import Request
from kontrak.http.body import Answer, read_json
from kontrak.interface.session import Wire
from kontrak.judging.expect import Blocked
from kontrak.providers.tokopedia.settings import Settings

_EARLY = 600.0
_TOKEN = re.compile("[!-~]+")
_FORM = "application/x-www-form-urlencoded"


class Tokens:
    """Fetches tokens and keeps one. ``advance`` follows a sandbox's clock, in seconds."""

    def __init__(self, wire: Wire, settings: Settings) -> None:
        self._wire = wire
        self._settings = settings
        self._held: tuple[str, float] | None = None
        self._ahead = 0.0
        self._lock = threading.Lock()

    def current(self) -> str:
        """The token to use now.

        Raises ``NotTheInterface`` when the target gives us none, ``Blocked`` when what it gives
        cannot be read.
        """
        with self._lock:
            if self._held is None or self._now() > self._held[1]:
                self._held = self._fetched()
            return self._held[0]

    def drop(self, token: str) -> None:
        """Forget a token that was refused."""
        with self._lock:
            if self._held is not None and self._held[0] == token:
                self._held = None

    def advance(self, seconds: float) -> None:
        """The target's clock was moved."""
        self._ahead += seconds

    def fetch(
        self,
        *,
        client_id: str | None = None,
        client_secret: str | None = None,
        grant: str | None = None,
        credentials: bool = True,
    ) -> Answer:
        """Ask for a token, rightly or with one thing changed."""
        settings = self._settings
        client = BackendApplicationClient(client_id or settings.client_id)
        body = client.prepare_request_body()
        if grant is not None:
            body = body.replace(client.grant_type, grant)
        headers = [("Content-Type", _FORM), ("Accept", "application/json")]
        if credentials:
            headers.append(("Authorization", self._basic(client.client_id, client_secret)))
        summary = "an access token"
        right = client_id is client_secret is grant is None and credentials
        request = Request(
            "POST", settings.token_url, tuple(headers), body.encode(), summary, "token", right=right
        )
        answer = read_json(self._wire.transport.send(request))
        if token := access_token(answer):
            self._wire.masker.learn(token)
        self._wire.heed(answer.exchange)
        return answer

    def _basic(self, client_id: str, secret: str | None) -> str:
        secret = self._settings.client_secret if secret is None else secret
        made = base64.b64encode(f"{client_id}:{secret}".encode()).decode("ascii")
        self._wire.masker.learn(made)
        return f"Basic {made}"

    def _fetched(self) -> tuple[str, float]:
        asked_at = self._now()
        answer = self.fetch()
        token = access_token(answer)
        if token is None:
            raise _no_token(answer)
        if _TOKEN.fullmatch(token) is None:
            raise NotTheInterface(
                f"{answer.exchange.request.url} gives an access token that no header can carry",
                hint="a token has neither blanks nor control characters: ask the provider",
            )
        seconds = as_number(answer.document.get("expires_in"))
        return token, asked_at + max(float(seconds or 0) - _EARLY, 0.0)

    def _now(self) -> float:
        return time.monotonic() + self._ahead


def access_token(answer: Answer) -> str | None:
    """The token that an answer has."""
    document = answer.document if isinstance(answer.document, dict) else {}
    token = document.get("access_token")
    return token if isinstance(token, str) and token else None


def _no_token(answer: Answer) -> Exception:
    where = answer.exchange.request.url
    if isinstance(answer.document, dict) and answer.status == 200:
        return Blocked("TOKOPEDIA-TOKEN-ACCESS")
    if answer.status in (400, 401, 403) and answer.malformed is None:
        return NotTheInterface(
            f"{where} does not know us: HTTP {answer.status}",
            hint="check client_id and client_secret of the target, and whose account they are",
        )
    return NotTheInterface(
        f"{where} gives no access token: HTTP {answer.status} {answer.media_type}",
        hint="check token_url of the target, and the provider's list of allowed addresses",
    )
