"""How a partner shows who it is: plain keys, or a signature over the request."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re

REFERENCE = re.compile(r"[A-Za-z0-9_-]{1,40}")
"""What a reference may look like: it has to survive in a text template and in an address."""


def sign(*parts: str) -> str:
    """SHA1 over ``R-ONE|`` and the parts joined by ``|``, as base64 for addresses, unpadded."""
    text = "|".join(("R-ONE", *parts))
    digest = hashlib.sha1(text.encode(), usedforsecurity=False).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def same(given: str | None, wanted: str) -> bool:
    """Whether a secret is the right one."""
    return given is not None and hmac.compare_digest(given.encode(), wanted.encode())
