"""What a report's page carries."""

from __future__ import annotations

import base64
import gzip
import json
import re
from typing import Any


def unpacked(html: str) -> dict[str, Any]:
    """What the browser unpacks: programs, texts by name, encoded bytes, and names of copies."""
    found = re.search(r'id="kontrak-packed">([^<]*)<', html)
    assert found
    content: dict[str, Any] = json.loads(gzip.decompress(base64.b64decode(found[1])))
    return content
