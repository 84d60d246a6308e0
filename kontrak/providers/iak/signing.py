"""Signatures of IAK: md5 in lower-case hex over plain concatenation.

The document names the inquiry's (004_aa804b5916536fc5.txt:30); the others are public
(iak-api-reference-docs). Vectors: ``fixtures/iak/vectors.toml``.
"""

from __future__ import annotations

from hashlib import md5

CHECKSTATUS_SALT = "cs"
BALANCE_SALT = "bl"


def sign(username: str, api_key: str, salt: str) -> str:
    """md5(username + api_key + salt).

    The salt is the ref_id for an inquiry, the tr_id for a payment, ``"cs"`` for checkstatus and
    ``"bl"`` for check-balance.
    """
    text = username + api_key + salt
    return md5(text.encode(), usedforsecurity=False).hexdigest()
