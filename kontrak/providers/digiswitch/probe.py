"""Whether an answer comes from a Digiswitch interface that knows us at all."""

from __future__ import annotations

from kontrak.errors import NotTheInterface
from kontrak.interface.preflight import (
    require_acquaintance,
    require_admission,
    require_object,
    require_order,
    returned,
)
from kontrak.providers.digiswitch.answer import DigiswitchAnswer

WRONG_SIGN = "41"
STRANGER_CODES = {
    WRONG_SIGN: "it refuses our signature",
    "42": "it does not know our username",
    "45": "it refuses our address",
    "82": "it says that the account is not verified",
}
_ADDRESS = "check base_url or transaction_url of the target"


def require_interface(answer: DigiswitchAnswer) -> None:
    """Raise ``NotTheInterface`` when nothing could be concluded from any test."""
    require_acquaintance(answer, "rc", answer.rc, STRANGER_CODES)
    require_admission(
        answer, "check username, api_key and the provider's list of allowed addresses"
    )
    require_object(answer, "a Digiswitch interface", _ADDRESS)
    require_order(answer, reports=answer.rc is not None)
    if answer.status in (404, 405) and answer.rc is None:
        raise NotTheInterface(
            f"{answer.exchange.request.url} does not take our request: {returned(answer)}",
            hint=_ADDRESS,
        )
