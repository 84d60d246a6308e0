"""What a target does not offer, known before anything is sent."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from kontrak.providers.rqid.settings import Settings

_WANTS = {
    "catalogue": "products",
    "records": "history",
    "mutations": "mutations",
    "around": "mutations",
}


def unoffered(
    settings: Settings, fixtures: Collection[str], rows: Mapping[str, object]
) -> str | None:
    """Why a test with these fixtures and parameters will be skipped; None where unknown."""
    for fixture, operation in _WANTS.items():
        if fixture in fixtures and operation not in settings.operations:
            return f"the target does not offer {operation}"
    for kind, numbers in settings.numbers.items():
        if kind in rows.values() and not numbers.configured:
            return f"the target names no {kind} product"
    if "signing" in fixtures and settings.other is None and not settings.partner.signs:
        return "the target names no partner that signs"
    return None
