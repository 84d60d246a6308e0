"""Whether an answer comes from the documented interface and from one that knows us."""

from __future__ import annotations

from kontrak.interface.preflight import require_admission, require_object, require_order
from kontrak.providers.tokopedia.answer import TokopediaAnswer


def require_interface(answer: TokopediaAnswer) -> None:
    """Raise ``NotTheInterface`` when nothing could be concluded from any test."""
    require_admission(
        answer,
        "check the account and the provider's list of allowed addresses",
        bearing=" with the token it gave",
    )
    require_object(
        answer,
        "Tokopedia's B2B interface",
        "check base_url of the target: /v2/inquiry and the like are added to it",
    )
    require_order(answer, reports=answer.has_data)
