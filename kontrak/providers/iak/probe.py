"""Whether an answer comes from an IAK interface that knows us at all."""

from __future__ import annotations

from kontrak.errors import NotTheInterface
from kontrak.providers.iak.answer import IakAnswer

STRANGER_CODES = {
    "100": "it refuses our signature",
    "102": "it refuses our address",
    "118": "it says that the account is suspended",
}


def require_interface(answer: IakAnswer) -> None:
    """Raise ``NotTheInterface`` when nothing could be concluded from any test."""
    where = answer.exchange.request.url
    said = f"HTTP {answer.status} {answer.media_type or 'without Content-Type'}"
    if answer.rc in STRANGER_CODES:
        raise NotTheInterface(
            f"{where} does not know us: {STRANGER_CODES[answer.rc]} (RC {answer.rc})",
            hint="check username and api_key of the target, and the address the provider expects",
        )
    if answer.status in (401, 403, 407):
        raise NotTheInterface(
            f"{where} does not let us in: {said}",
            hint="check username, api_key and the provider's list of allowed addresses",
        )
    unreadable = answer.malformed is not None or not isinstance(answer.document, dict)
    if unreadable and ("json" not in answer.media_type or answer.status >= 400):
        raise NotTheInterface(
            f"{where} is not an IAK interface: {said}, {_begins(answer)}",
            hint="check base_url of the target: api/v1/bill/check is added to it",
        )
    if answer.status >= 500 and answer.rc is None:
        raise NotTheInterface(
            f"{where} is out of order: {said}", hint="try again later, or ask the provider"
        )


def _begins(answer: IakAnswer) -> str:
    text = " ".join(answer.exchange.reply.body[:200].decode("utf-8", "replace").split())
    return f"beginning {text[:60]!r}" if text else "with an empty body"
