"""What a target does not offer, known before anything is sent."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from kontrak.providers.tokopedia.products import products
from kontrak.providers.tokopedia.settings import Settings


def unoffered(
    settings: Settings,
    fixtures: Collection[str],
    rows: Mapping[str, object],
) -> str | None:
    """Why a test with these fixtures and parameters will be skipped; None where unknown."""
    wants = {"placed": "checkout", "asked": "order", "bills": "inquiry"}
    for fixture, operation in wants.items():
        if fixture in fixtures and operation not in settings.operations:
            return f"the target does not offer {operation}"
    product = rows.get("product")
    if product in products() and product not in settings.offers:
        return "the target does not offer the product"
    return None
