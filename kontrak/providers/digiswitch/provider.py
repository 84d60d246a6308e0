"""The declared provider: the entry point ``digiswitch`` of the group ``kontrak.providers``."""

from __future__ import annotations

from kontrak.clauses.response_codes import response_codes
from kontrak.interface.provider import Provider
from kontrak.providers.digiswitch.availability import unoffered
from kontrak.providers.digiswitch.client import Digiswitch
from kontrak.providers.digiswitch.observation import OBSERVATION
from kontrak.providers.digiswitch.reconcile import lookup
from kontrak.providers.digiswitch.scenario import begin
from kontrak.providers.digiswitch.settings import Settings

PROVIDER = Provider(
    key="digiswitch",
    title="Digiswitch Mitra Pintar postpaid payment",
    home="https://mitrapintar.com/h2h/1.0/api/bayar-tagihan",
    documents={
        "003_9b3f16432d5cddec.txt": "https://mitrapintar.com/h2h/1.0/api/bayar-tagihan",
        "digiswitch-cek-tagihan": "https://tokohanif.com/h2h/1.0/api/cek-tagihan",
        "digiflazz-bayar-tagihan": "https://developer.digiflazz.com/api/buyer/bayar-tagihan/",
        "digiflazz-cek-status": "https://developer.digiflazz.com/api/buyer/cek-status/",
        "digiflazz-response-code": "https://developer.digiflazz.com/api/buyer/response-code/",
        "digiflazz-test-case": "https://developer.digiflazz.com/api/buyer/test-case/",
    },
    settings=Settings,
    connect=Digiswitch,
    unoffered=unoffered,
    observation=OBSERVATION,
    compare_steps=begin,
    account_lookup=lookup,
    response_codes=response_codes("digiswitch"),
)
