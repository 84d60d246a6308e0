"""Whether an answer comes from the documented interface and from one that knows us."""

from __future__ import annotations

from kontrak.errors import NotTheInterface
from kontrak.providers.tokopedia.answer import TokopediaAnswer


def require_interface(answer: TokopediaAnswer) -> None:
    """Raise ``NotTheInterface`` when nothing could be concluded from any test."""
    where = answer.exchange.request.url
    said = f"HTTP {answer.status} {answer.media_type or 'without Content-Type'}"
    if answer.status in (401, 403, 407):
        raise NotTheInterface(
            f"{where} does not let us in with the token it gave: {said}",
            hint="check the account and the provider's list of allowed addresses",
        )
    unreadable = answer.malformed is not None or not isinstance(answer.document, dict)
    if unreadable and ("json" not in answer.media_type or answer.status >= 400):
        raise NotTheInterface(
            f"{where} is not Tokopedia's B2B interface: {said}, {_begins(answer)}",
            hint="check base_url of the target: /v2/inquiry and the like are added to it",
        )
    if answer.status >= 500 and not answer.bears_data:
        raise NotTheInterface(
            f"{where} is out of order: {said}", hint="try again later, or ask the provider"
        )


def _begins(answer: TokopediaAnswer) -> str:
    text = " ".join(answer.exchange.reply.body[:200].decode("utf-8", "replace").split())
    return f"beginning {text[:60]!r}" if text else "with an empty body"
