"""How texts of the R-ONE HTTP-GET interface are looked at for the inventory.

A text has no members: the template that it keeps reports its outcome.
"""

from __future__ import annotations

from collections.abc import Callable

from kontrak.config.target import ProviderTarget
from kontrak.exchange import Exchange
from kontrak.interface.response_view import Observation, Sight
from kontrak.providers.httpget.answer import TEMPLATES
from kontrak.providers.httpget.settings import Settings


def _look(target: ProviderTarget) -> Callable[[Exchange], Sight]:
    settings = Settings.of(target)

    def see(exchange: Exchange) -> Sight:
        text = exchange.reply.body.decode("utf-8", "replace").removesuffix("\n").removesuffix("\r")
        command = exchange.request.operation.partition(" ")[0]
        names = TEMPLATES.get(command, (command,))
        known = {name: settings.templates[name] for name in names if name in settings.templates}
        kept = (name for name, one in {**known, **settings.texts}.items() if one.reads(text))
        return Sight(template=next(kept, None))

    return see


OBSERVATION = Observation(_look, passing=frozenset({"pending"}))
