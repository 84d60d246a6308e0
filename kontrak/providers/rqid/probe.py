"""Whether an answer comes from an R-ONE JSON interface that knows us at all."""

from __future__ import annotations

from collections.abc import Callable

from kontrak.errors import NotTheInterface
from kontrak.interface.preflight import require_admission, require_object, returned
from kontrak.providers.rqid.answer import RqidAnswer


def require_interface(answer: RqidAnswer, is_known: Callable[[], bool]) -> None:
    """Raise ``NotTheInterface`` when nothing could be concluded from any test.

    ``answer`` is that of a price check, which needs nothing but credentials and a product.
    ``is_known`` sends a request that needs credentials alone, and returns whether it succeeded:
    if so, a price check that is refused has a clause of its own.
    """
    require_admission(
        answer, "check mmid, api_key and signature of the target, and the addresses it allows"
    )
    require_object(
        answer,
        "an R-ONE JSON interface",
        "check base_url of the target: V1/api/price is added to it",
    )
    readable = answer.malformed is None and isinstance(answer.document, dict)
    if not readable or answer.says_success or answer.record:
        return
    if answer.status >= 500 or not is_known():
        raise NotTheInterface(
            f"{answer.exchange.request.url} refuses even a price check: {returned(answer)}, "
            f"rc {answer.rc}",
            hint="check mmid, api_key and signature of the target, and [rqid.prepaid] product",
        )
