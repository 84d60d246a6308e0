"""Signatures of R-ONE: SHA1 over a partner's string, in URL-safe base64 without padding.

The string for HTTP-GET is public (http-get-sign); the one for JSON is not, so it is a setting.
Vectors: ``fixtures/rqid/vectors.toml``.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from hashlib import sha1

from kontrak.errors import ConfigurationError


def sign(template: str, **fields: str) -> str:
    """The signature of a string such as ``R-ONE|{mmid}|{product_code}`` with its fields filled in.

    Raises ``ConfigurationError`` for a field that the string names and the interface has not.
    """
    try:
        text = template.format_map(fields)
    except (KeyError, ValueError, IndexError) as error:
        raise ConfigurationError(
            f"signature_string {template!r} has a field that there is not: {error}",
            hint=f"fields are {', '.join(fields)}",
        ) from error
    digest = sha1(text.encode(), usedforsecurity=False).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()
