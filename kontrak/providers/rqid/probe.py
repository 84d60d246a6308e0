"""Whether an answer comes from an R-ONE JSON interface that knows us at all."""

from __future__ import annotations

from kontrak.errors import NotTheInterface
from kontrak.providers.rqid.answer import RqidAnswer


def require_interface(answer: RqidAnswer) -> None:
    """Raise ``NotTheInterface`` when nothing could be concluded from any test.

    ``answer`` is that of a price check, which needs nothing but credentials and a product.
    """
    where = answer.exchange.request.url
    said = f"HTTP {answer.status} {answer.media_type or 'without Content-Type'}"
    if answer.status in (401, 403, 407):
        raise NotTheInterface(
            f"{where} does not let us in: {said}",
            hint="check mmid, api_key and signature of the target, and the addresses it allows",
        )
    unreadable = answer.malformed is not None or not isinstance(answer.document, dict)
    if unreadable and ("json" not in answer.media_type or answer.status >= 400):
        raise NotTheInterface(
            f"{where} is not an R-ONE JSON interface: {said}, {_begins(answer)}",
            hint="check base_url of the target: V1/api/price is added to it",
        )
    if not unreadable and not answer.says_success and not answer.record:
        raise NotTheInterface(
            f"{where} refuses even a price check: {said}, rc {answer.rc}",
            hint="check mmid, api_key and signature of the target, and [rqid.prepaid] product",
        )


def _begins(answer: RqidAnswer) -> str:
    text = " ".join(answer.exchange.reply.body[:200].decode("utf-8", "replace").split())
    return f"beginning {text[:60]!r}" if text else "with an empty body"
