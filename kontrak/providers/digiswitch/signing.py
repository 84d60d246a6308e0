"""The signature of Digiswitch: md5 in lower-case hex over plain concatenation.

003_9b3f16432d5cddec.txt:35. Vectors: ``fixtures/digiswitch/vectors.toml``.
"""

from __future__ import annotations

from hashlib import md5


def sign(username: str, api_key: str, ref_id: str) -> str:
    """md5(username + apiKey + ref_id), the same for every command."""
    text = username + api_key + ref_id
    return md5(text.encode(), usedforsecurity=False).hexdigest()
