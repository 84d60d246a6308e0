"""What a target does not offer, known before anything is sent."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from kontrak.providers.httpget.settings import FAMILIES, Settings


def unoffered(
    settings: Settings, fixtures: Collection[str], rows: Mapping[str, object]
) -> str | None:
    """Why a test with these fixtures and parameters will be skipped; None where unknown."""
    key = rows.get("key")
    if key in FAMILIES and key not in settings.bills:
        return "the target does not offer the bill family"
    if "signing" in fixtures and settings.other is None and not settings.partner.signs:
        return "the target names no partner that signs"
    return None
