"""How IAK's answers are looked at for the inventory."""

from __future__ import annotations

from kontrak.exchange import Exchange
from kontrak.interface.response_view import Observation, Sight, pending_codes
from kontrak.providers.iak.answer import IakAnswer
from kontrak.providers.iak.codec import CODECS, decode


def _see(exchange: Exchange) -> Sight:
    codec = next(
        (one for one in CODECS if exchange.request.operation.endswith(f" {one}")), CODECS[0]
    )
    read = decode(exchange, codec)
    return Sight(read.document, IakAnswer(exchange, read.document, read.malformed, codec).rc)


OBSERVATION = Observation(
    lambda _: _see,
    enums=frozenset({"response_code", "rc", "status"}),
    passing=pending_codes("iak") | {"3"},  # status 3 of checkstatus is in process as well
)
