"""How Tokopedia's answers are looked at for the inventory."""

from __future__ import annotations

from kontrak.exchange import Exchange
from kontrak.http.body import read_json
from kontrak.interface.response_view import Observation, Sight
from kontrak.providers.tokopedia.answer import TokopediaAnswer


def _see(exchange: Exchange) -> Sight:
    read = read_json(exchange)
    answer = TokopediaAnswer(exchange, read.document, read.malformed)
    return Sight(read.document, answer.order_status or " ".join(answer.codes) or None)


OBSERVATION = Observation(
    lambda _: _see,
    # The names in a bill's lists are labels that belong to the product.
    enums=frozenset({"status", "type", "code", "token_type", "[].name"}),
    passing=frozenset({"Pending"}),
)
