"""The declared provider: the entry point ``iak`` of the group ``kontrak.providers``."""

from __future__ import annotations

from kontrak.clauses.response_codes import response_codes
from kontrak.interface.provider import Provider
from kontrak.providers.iak.availability import unoffered
from kontrak.providers.iak.client import Iak
from kontrak.providers.iak.observation import OBSERVATION
from kontrak.providers.iak.reconcile import lookup
from kontrak.providers.iak.scenario import begin
from kontrak.providers.iak.settings import Settings

PROVIDER = Provider(
    key="iak",
    title="IAK PLN postpaid inquiry",
    home="https://api.iak.id",
    documents={
        "004_aa804b5916536fc5.txt": "https://api.iak.id",
        "iak-api-reference-docs": "https://github.com/iak-id/iak-api-reference-docs",
        "iak-api-developer-docs": "https://github.com/iak-id/iak-api-developer-docs",
        "iak-api-server-js": "https://github.com/iak-id/iak-api-server-js",
        "iak-response-codes": "https://api.iak.id/api/postpaid/response-code",
    },
    settings=Settings,
    connect=Iak,
    unoffered=unoffered,
    observation=OBSERVATION,
    compare_steps=begin,
    account_lookup=lookup,
    response_codes=response_codes("iak"),
)
