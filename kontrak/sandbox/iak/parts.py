"""What a request is about, so that a fault may be one codec's."""

from __future__ import annotations

from kontrak.sandbox.http import SandboxRequest
from kontrak.sandbox.narrowed import Parts

CODECS = ("json", "xml")


def _subject(request: SandboxRequest) -> tuple[str, str]:
    named = (request.header("Content-Type") or "").lower()
    return next((one for one in CODECS if one in named), ""), ""


PARTS = Parts(CODECS, _subject)
