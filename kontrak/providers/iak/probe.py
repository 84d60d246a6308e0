"""Whether an answer comes from an IAK interface that knows us at all."""

from __future__ import annotations

from kontrak.interface.preflight import (
    require_acquaintance,
    require_admission,
    require_object,
    require_order,
)
from kontrak.providers.iak.answer import IakAnswer

WRONG_SIGN = "100"
STRANGER_CODES = {
    WRONG_SIGN: "it refuses our signature",
    "102": "it refuses our address",
    "118": "it says that the account is suspended",
}


def require_interface(answer: IakAnswer) -> None:
    """Raise ``NotTheInterface`` when nothing could be concluded from any test."""
    require_acquaintance(answer, "RC", answer.rc, STRANGER_CODES)
    require_admission(
        answer, "check username, api_key and the provider's list of allowed addresses"
    )
    require_object(
        answer,
        "an IAK interface",
        "check base_url of the target: api/v1/bill/check is added to it",
    )
    require_order(answer, reports=answer.rc is not None)
