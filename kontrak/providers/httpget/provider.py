"""The declared provider: the entry point ``httpget`` of the group ``kontrak.providers``."""

from __future__ import annotations

from kontrak.interface.provider import Provider
from kontrak.providers.httpget.availability import unoffered
from kontrak.providers.httpget.client import HttpGet
from kontrak.providers.httpget.observation import OBSERVATION
from kontrak.providers.httpget.reconcile import lookup
from kontrak.providers.httpget.scenario import begin
from kontrak.providers.httpget.settings import Settings

PROVIDER = Provider(
    key="httpget",
    title="R-ONE HTTP-GET interface",
    home="https://docs.mesinr1.com/api/http-get",
    platform="r-one",
    documents={
        "001_c00a3ef8cdb59c68.txt": "https://docs.mesinr1.com/api/http-get",
        "http-get-sign": "https://docs.mesinr1.com/api/http-get-sign",
        "000_225173fa548c7a0b.txt": "https://docs.mesinr1.com/api/api-rqid",
    },
    settings=Settings,
    connect=HttpGet,
    unoffered=unoffered,
    observation=OBSERVATION,
    compare_steps=begin,
    account_lookup=lookup,
    # Its replies are texts: the template that one keeps stands for a code.
    response_codes={},
)
