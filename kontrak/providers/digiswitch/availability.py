"""What a target does not offer, known before anything is sent."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from kontrak.providers.digiswitch.settings import CASES, PRODUCTS, Settings


def unoffered(
    settings: Settings, fixtures: Collection[str], rows: Mapping[str, object]
) -> str | None:
    """Why a test with these fixtures and parameters will be skipped; None where unknown."""
    wants = {"inquiries": "inq-pasca", "offers_status": "status-pasca"}
    for fixture, operation in wants.items():
        if fixture in fixtures and operation not in settings.operations:
            return f"the target does not offer {operation}"
    key = rows.get("product", rows.get("key"))
    if key in PRODUCTS and key not in settings.products:
        return f"the target does not offer {key}"
    usual = next(iter(settings.products.values()))
    case = rows.get("case")
    if key is None and case in CASES and case not in usual.numbers:
        return f"the target has no customer number for {case}"
    return None
