"""How answers of the R-ONE JSON interface are looked at for the inventory."""

from __future__ import annotations

from kontrak.exchange import Exchange
from kontrak.http.body import read_json
from kontrak.interface.response_view import Observation, Sight
from kontrak.providers.rqid.message import message_templates


def _see(exchange: Exchange) -> Sight:
    document = read_json(exchange).document
    members = document if isinstance(document, dict) else {}
    code, data = members.get("rc"), members.get("data")
    msg = data.get("msg") if isinstance(data, dict) else None
    # Only purchases and inquiries have a template, by the names of their operations.
    operation = exchange.request.operation
    template = message_templates().get(operation)
    kept = template is not None and isinstance(msg, str) and template.reads(msg)
    return Sight(document, code if isinstance(code, str) else None, operation if kept else None)


OBSERVATION = Observation(
    lambda _: _see,
    enums=frozenset({"rc", "status", "status_label", "type"}),
    records=frozenset({"history", "history-page", "mutations"}),
    passing=frozenset({"2", "3", "process", "pending"}),
)
