"""The declared provider: the entry point ``tokopedia`` of the group ``kontrak.providers``."""

from __future__ import annotations

from kontrak.clauses.response_codes import response_codes
from kontrak.interface.provider import Provider
from kontrak.providers.tokopedia.availability import unoffered
from kontrak.providers.tokopedia.client import Tokopedia
from kontrak.providers.tokopedia.observation import OBSERVATION
from kontrak.providers.tokopedia.reconcile import lookup
from kontrak.providers.tokopedia.scenario import begin
from kontrak.providers.tokopedia.settings import Settings

PROVIDER = Provider(
    key="tokopedia",
    title="Tokopedia B2B digital",
    home="https://developer.tokopedia.com/openapi/b2b",
    documents={
        "002_39248943ca9b132d.txt": "https://developer.tokopedia.com/openapi/b2b",
        "tokopedia-web-service-security": (
            "https://developer.tokopedia.com/openapi/b2b/api-reference/web-service-security"
        ),
        "tokopedia-web-services-detail": (
            "https://developer.tokopedia.com/openapi/b2b/api-reference/web-services-detail"
        ),
        "tokopedia-faq": (
            "https://developer.tokopedia.com/openapi/b2b/api-reference/frequently-asked-question"
        ),
        "python-sat": "https://github.com/tokopedia/python-sat",
        "golang-sat": "https://github.com/tokopedia/golang-sat",
        "nodejs-sat": "https://github.com/tokopedia/nodejs-sat",
        "php-sat": "https://github.com/tokopedia/php-sat",
    },
    settings=Settings,
    connect=Tokopedia,
    unoffered=unoffered,
    observation=OBSERVATION,
    compare_steps=begin,
    account_lookup=lookup,
    response_codes=response_codes("tokopedia"),
)
