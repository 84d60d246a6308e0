"""The one visible table of providers. A new provider is a row here and the same six places."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Provider:
    """One documented interface.

    ``documents`` maps a document's file name (as clauses cite it) to the public page it records,
    or to "" where there is none. ``home`` is the public page of the interface itself. Providers of
    one ``purse`` are interfaces of one platform and pay from one balance.
    """

    key: str
    title: str
    home: str
    documents: dict[str, str]
    purse: str = ""


PROVIDERS: dict[str, Provider] = {
    provider.key: provider
    for provider in (
        Provider(
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
        ),
        Provider(
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
                    "https://developer.tokopedia.com/openapi/b2b/api-reference/"
                    "frequently-asked-question"
                ),
                "python-sat": "https://github.com/tokopedia/python-sat",
                "golang-sat": "https://github.com/tokopedia/golang-sat",
                "nodejs-sat": "https://github.com/tokopedia/nodejs-sat",
                "php-sat": "https://github.com/tokopedia/php-sat",
            },
        ),
        Provider(
            key="rqid",
            title="R-ONE JSON interface",
            home="https://docs.mesinr1.com/api/api-rqid",
            purse="r-one",
            documents={
                "000_225173fa548c7a0b.txt": "https://docs.mesinr1.com/api/api-rqid",
                "api-sign": "https://docs.mesinr1.com/api/api-sign",
            },
        ),
        Provider(
            key="httpget",
            title="R-ONE HTTP-GET interface",
            home="https://docs.mesinr1.com/api/http-get",
            purse="r-one",
            documents={
                "001_c00a3ef8cdb59c68.txt": "https://docs.mesinr1.com/api/http-get",
                "http-get-sign": "https://docs.mesinr1.com/api/http-get-sign",
                "000_225173fa548c7a0b.txt": "https://docs.mesinr1.com/api/api-rqid",
            },
        ),
        Provider(
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
        ),
    )
}


def one_purse(key: str) -> tuple[str, ...]:
    """The providers that pay from the balance of a provider, itself among them."""
    mine = PROVIDERS[key].purse
    return tuple(
        one.key for one in PROVIDERS.values() if one.key == key or (mine and one.purse == mine)
    )
