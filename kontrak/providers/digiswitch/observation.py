"""How Digiswitch's answers are looked at for the inventory."""

from __future__ import annotations

from kontrak.exchange import Exchange
from kontrak.http.body import read_json
from kontrak.interface.response_view import Observation, Sight, pending_codes
from kontrak.providers.digiswitch.answer import DigiswitchAnswer


def _see(exchange: Exchange) -> Sight:
    read = read_json(exchange)
    return Sight(read.document, DigiswitchAnswer(exchange, read.document, read.malformed).rc)


OBSERVATION = Observation(
    lambda _: _see,
    enums=frozenset({"rc", "status"}),
    passing=pending_codes("digiswitch") | {"Pending"},
)
