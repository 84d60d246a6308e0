"""Faults of refusals: their code, HTTP status and media type."""

from __future__ import annotations

from collections.abc import Callable

from kontrak.sandbox.changes import Fault, Wrapper
from kontrak.sandbox.tokopedia.codes import Reason
from kontrak.sandbox.tokopedia.interface import Answer
from kontrak.sandbox.tokopedia.making import at, because_of, fault, refused, with_document


def _coded(code: str, *reasons: Reason) -> Wrapper:
    """Wraps ``error``: another code for these reasons."""

    def error(
        _service: object, original: Callable[[Reason], dict[str, str]], reason: Reason
    ) -> dict[str, str]:
        returned = original(reason)
        return returned | {"code": code} if reason in reasons else returned

    return error


def _statused(status: int, *reasons: Reason) -> Wrapper:
    """Wraps ``http_status``: another one for these reasons."""

    def http_status(_service: object, original: Callable[[Reason], int], reason: Reason) -> int:
        return status if reason in reasons else original(reason)

    return http_status


def _typed(media_type: str) -> Wrapper:
    """Wraps ``content_type`` of refusals."""

    def content_type(_service: object, original: Callable[[Answer], str], answer: Answer) -> str:
        return media_type if answer.reason is not None else original(answer)

    return content_type


OWN_CODES = tuple(
    one
    for name, clause, words, reason, code in (
        ("unknown-order", "UNKNOWN-ORDER", "An unknown order", Reason.UNKNOWN_ORDER, "P04"),
        ("duplicate", "DUPLICATE", "A used order id", Reason.DUPLICATE, "P01"),
        ("unknown-product", "UNKNOWN-PRODUCT", "An unknown product", Reason.UNKNOWN_PRODUCT, "P02"),
    )
    for one in (
        fault(
            f"error-{name}-other-code", f"ERROR-{clause}", f"{words} is refused with code {code}.",
            error=_coded(code, reason),
        ),
        fault(
            f"error-{name}-http-404", f"ERROR-{clause}", f"{words} is refused with HTTP 404.",
            http_status=_statused(404, reason),
        ),
        fault(
            f"error-{name}-code-lower", f"ERROR-{clause}",
            f"{words} is refused with a code in small letters.",
            finish=with_document(at("errors[].code", str.lower), because_of(reason)),
        ),
    )
)  # fmt: skip

FAULTS: tuple[Fault, ...] = (
    *OWN_CODES,
    fault(
        "error-status-of-another", "ERROR-STATUS-HTTP",
        "errors[].status is 500 while the answer has HTTP 400.",
        finish=with_document(at("errors[].status", lambda _: "500"), refused),
    ),
    fault(
        "error-vnd-api", "ERROR-MEDIA-TYPE", "A refusal is sent as application/vnd.api+json.",
        content_type=_typed("application/vnd.api+json"),
    ),
    fault(
        "error-text", "ERROR-MEDIA-TYPE", "A refusal is sent as text/plain.",
        content_type=_typed("text/plain"),
    ),
)  # fmt: skip
