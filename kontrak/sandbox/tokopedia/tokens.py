"""Access tokens: OAuth2 client credentials."""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets
import threading
from datetime import datetime, timedelta
from urllib.parse import unquote_plus

from kontrak.sandbox.clock import Clock


class Tokens:
    """The tokens that are valid; a new one leaves the old ones valid to their own end."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ends: dict[str, datetime] = {}
        self._lock = threading.Lock()

    def issue(self, seconds: int) -> str:
        """A new token that lives so long."""
        token = f"c:{secrets.token_urlsafe(24)}"
        with self._lock:
            self._ends[token] = self._clock.now() + timedelta(seconds=seconds)
        return token

    def knows(self, token: str) -> bool:
        """Whether the token is valid now."""
        with self._lock:
            end = self._ends.get(token)
        return end is not None and self._clock.now() < end

    def knew(self, token: str) -> bool:
        """Whether the token was ever issued."""
        with self._lock:
            return token in self._ends

    def only(self, token: str) -> None:
        """End every token but this one."""
        with self._lock:
            self._ends = {token: self._ends[token]}


def basic(header: str | None) -> tuple[str, str] | None:
    """Name and password of a Basic authorization, or None."""
    scheme, _, coded = (header or "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        text = base64.b64decode(coded.strip(), validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return None
    name, colon, password = text.partition(":")
    # OAuth2 has both form-encoded within Basic; many clients leave that out.
    return (unquote_plus(name), unquote_plus(password)) if colon else None


def bearer(header: str | None) -> str | None:
    """The token of a Bearer authorization, or None."""
    scheme, _, token = (header or "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


def same(one: str, other: str) -> bool:
    """Whether two secrets are the same, without showing where they differ."""
    return hmac.compare_digest(one.encode(), other.encode())
