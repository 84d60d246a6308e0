"""The declared provider: the entry point ``rqid`` of the group ``kontrak.providers``."""

from __future__ import annotations

from kontrak.clauses.response_codes import response_codes
from kontrak.interface.provider import Provider
from kontrak.providers.rqid.availability import unoffered
from kontrak.providers.rqid.client import Rqid
from kontrak.providers.rqid.observation import OBSERVATION
from kontrak.providers.rqid.reconcile import lookup
from kontrak.providers.rqid.scenario import begin
from kontrak.providers.rqid.settings import Settings

PROVIDER = Provider(
    key="rqid",
    title="R-ONE JSON interface",
    home="https://docs.mesinr1.com/api/api-rqid",
    platform="r-one",
    documents={
        "000_225173fa548c7a0b.txt": "https://docs.mesinr1.com/api/api-rqid",
        "api-sign": "https://docs.mesinr1.com/api/api-sign",
    },
    settings=Settings,
    connect=Rqid,
    unoffered=unoffered,
    observation=OBSERVATION,
    compare_steps=begin,
    account_lookup=lookup,
    response_codes=response_codes("rqid"),
)
