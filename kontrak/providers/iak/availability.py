"""What a target does not offer, known before anything is sent."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from kontrak.providers.iak.codec import CODECS
from kontrak.providers.iak.settings import Settings, documented


def unoffered(
    settings: Settings, fixtures: Collection[str], rows: Mapping[str, object]
) -> str | None:
    """Why a test with these fixtures and parameters will be skipped; None where unknown."""
    wants = {"account": "pay-pasca", "offers_status": "checkstatus"}
    for fixture, operation in wants.items():
        if fixture in fixtures and operation not in settings.operations:
            return f"the target does not offer {operation}"
    for value in rows.values():
        if value in CODECS and value not in settings.codecs:
            return f"the target does not offer {str(value).upper()}"
        if value in documented() and value not in settings.cases:
            return f"the target does not offer the test case {value}"
    return None
