"""Whether an answer comes from a Digiswitch interface that knows us at all."""

from __future__ import annotations

from kontrak.errors import NotTheInterface
from kontrak.providers.digiswitch.answer import DigiswitchAnswer

STRANGER_CODES = {
    "41": "it refuses our signature",
    "42": "it does not know our username",
    "45": "it refuses our address",
    "82": "it says that the account is not verified",
}


def require_interface(answer: DigiswitchAnswer) -> None:
    """Raise ``NotTheInterface`` when nothing could be concluded from any test."""
    where = answer.exchange.request.url
    said = f"HTTP {answer.status} {answer.media_type or 'without Content-Type'}"
    if answer.rc in STRANGER_CODES:
        raise NotTheInterface(
            f"{where} does not know us: {STRANGER_CODES[answer.rc]} (rc {answer.rc})",
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
            f"{where} is not a Digiswitch interface: {said}, {_begins(answer)}",
            hint="check base_url or transaction_url of the target",
        )
    if answer.status >= 500 and answer.rc is None:
        raise NotTheInterface(
            f"{where} is out of order: {said}", hint="try again later, or ask the provider"
        )
    if answer.status in (404, 405) and answer.rc is None:
        raise NotTheInterface(
            f"{where} does not take our request: {said}",
            hint="check base_url or transaction_url of the target",
        )


def _begins(answer: DigiswitchAnswer) -> str:
    text = " ".join(answer.exchange.reply.body[:200].decode("utf-8", "replace").split())
    return f"beginning {text[:60]!r}" if text else "with an empty body"
