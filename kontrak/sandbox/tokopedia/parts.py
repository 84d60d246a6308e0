"""What a request is about, so that a fault may be one product's."""

from __future__ import annotations

import json
from urllib.parse import unquote

from kontrak.sandbox.http import SandboxRequest
from kontrak.sandbox.narrowed import Parts
from kontrak.sandbox.tokopedia.bills import Asked, Bill
from kontrak.sandbox.tokopedia.interface import ORDER, Answer
from kontrak.sandbox.tokopedia.orders import Order


def _subject(request: SandboxRequest) -> tuple[str, str]:
    if request.path.startswith(f"{ORDER}/"):
        return "", unquote(request.path.removeprefix(f"{ORDER}/"))
    try:
        data = json.loads(request.body)["data"]
        return str(data["attributes"].get("product_code", "")), str(data.get("id", ""))
    except (ValueError, KeyError, TypeError, AttributeError):
        return "", ""


def _of(argument: object) -> str | None:
    if isinstance(argument, Order | Answer):
        argument = argument.bill
    if isinstance(argument, Bill):
        argument = argument.asked
    return argument.code if isinstance(argument, Asked) else None


ONE_OF_EACH = (
    *("50k-simpati", "pln-prepaid-token-50k-sat-new", "gofood-20k", "mobile-legends-18-diamonds"),
    *("samsat-jatim", "kredit-mtf", "pbb-dki-jakarta-new", "donasi-rumah-zakat-50", "topup-dana"),
)
"""A product of every kind: one by one, seventy of them differ by their lists only."""

PARTS = Parts(ONE_OF_EACH, _subject, _of)
