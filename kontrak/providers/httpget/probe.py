"""Whether an answer comes from an R-ONE HTTP-GET interface that knows us at all."""

from __future__ import annotations

import re

from kontrak.errors import NotTheInterface
from kontrak.masking.masker import shorten
from kontrak.providers.httpget.answer import TextAnswer

_MOMENT = re.compile(r"@\s*\d{4}-\d{2}-\d{2}")


def require_interface(answer: TextAnswer) -> None:
    """Raise ``NotTheInterface`` when nothing could be concluded from any test.

    ``answer`` is that of the balance, which needs nothing but credentials.
    """
    where = answer.exchange.request.url.partition("?")[0]
    returned = f"HTTP {answer.status} {answer.media_type or 'without Content-Type'}"
    text = answer.text.strip()
    # A balance without its amount, or an empty one, is a text that its own clause judges.
    moment = _MOMENT.search(text) or (not text and answer.media_type == "text/plain")
    if answer.saldo is not None or (answer.status < 400 and moment):
        return
    if answer.status in (401, 403, 407):
        raise NotTheInterface(
            f"{where} does not let us in: {returned}",
            hint="check member_id, pin, password and signature of the target, and its addresses",
        )
    if answer.status >= 400 or text.startswith(("<", "{", "[")) or not text:
        raise NotTheInterface(
            f"{where} is not an R-ONE HTTP-GET interface: {returned}, "
            f"beginning {shorten(text, 60)!r}",
            hint="check base_url of the target: V1/http-get/balance is added to it",
        )
    if "saldo" not in text.lower():
        raise NotTheInterface(
            f"{where} returns no balance: {returned}, {shorten(text, 80)!r}",
            hint="check member_id, pin, password and signature of the target",
        )
