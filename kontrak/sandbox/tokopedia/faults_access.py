"""Faults of tokens and of what only reads: product list, account."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from kontrak.sandbox.changes import Fault, Wrapper
from kontrak.sandbox.http import SandboxRequest
from kontrak.sandbox.tokopedia.catalogue import products
from kontrak.sandbox.tokopedia.codes import Reason, Refusal
from kontrak.sandbox.tokopedia.interface import ORDER, PRODUCTS, Answer, Document, Kind
from kontrak.sandbox.tokopedia.making import fault, of, with_answer, with_document
from kontrak.sandbox.tokopedia.service import TokopediaService
from kontrak.sandbox.tokopedia.tokens import basic

Token = Callable[[SandboxRequest], Answer]


def _later_tokens(edit: Callable[[Document], object]) -> Wrapper:
    """Wraps ``token``: the first token answer is right, those after it are edited."""
    seen: set[int] = set()

    def token(service: TokopediaService, original: Token, request: SandboxRequest) -> Answer:
        answer = original(request)
        if id(service) in seen and answer.kind is Kind.TOKEN:
            edit(answer.document)
        seen.add(id(service))
        return answer

    return token


def _without_credentials(
    service: TokopediaService, original: Token, request: SandboxRequest
) -> Answer:
    if basic(request.header("Authorization")) is not None:
        return original(request)
    document = {
        "access_token": service.tokens.issue(60),
        "expires_in": 60,
        "token_type": "Bearer",
    }
    return Answer(Kind.TOKEN, document)


def _any_grant(_service: object, original: Token, request: SandboxRequest) -> Answer:
    form = b"grant_type=client_credentials"
    return original(
        SandboxRequest(request.method, request.path, request.query, request.headers, form)
    )


def _one_token_only(service: TokopediaService, original: Token, request: SandboxRequest) -> Answer:
    answer = original(request)
    if answer.kind is Kind.TOKEN:
        service.tokens.only(answer.document["access_token"])
    return answer


Accepts = Callable[[str | None, SandboxRequest], bool]


def _if_missing(
    _service: object, original: Accepts, token: str | None, request: SandboxRequest
) -> bool:
    return request.header("Authorization") is None or original(token, request)


def _if_any(
    service: TokopediaService, original: Accepts, token: str | None, request: SandboxRequest
) -> bool:
    unknown = token is not None and not service.tokens.knew(token)
    return unknown or original(token, request)


def _if_issued(
    service: TokopediaService, original: Accepts, token: str | None, request: SandboxRequest
) -> bool:
    return original(token, request) or (token is not None and service.tokens.knew(token))


def _if_issued_at_checkout(
    service: TokopediaService, original: Accepts, token: str | None, request: SandboxRequest
) -> bool:
    posted = request.method == "POST" and request.path.rstrip("/") == ORDER
    return original(token, request) or (posted and token is not None and service.tokens.knew(token))


def _at_checkout(
    _service: object, original: Accepts, token: str | None, request: SandboxRequest
) -> bool:
    posted = request.method == "POST" and request.path.rstrip("/") == ORDER
    return posted or original(token, request)


def _knows(accepts: Callable[[TokopediaService, str, str], bool]) -> Wrapper:
    """Wraps ``knows_client``."""

    def knows_client(
        service: TokopediaService, _original: object, client_id: str, client_secret: str
    ) -> bool:
        return accepts(service, client_id, client_secret)

    return knows_client


TOKENS = (
    fault(
        "token-access-missing", "TOKEN-ACCESS", "From the second one on, access_token is left out.",
        token=_later_tokens(lambda document: document.pop("access_token")),
    ),
    fault(
        "token-access-null", "TOKEN-ACCESS", "From the second one on, access_token is null.",
        token=_later_tokens(lambda document: document.update(access_token=None)),
    ),
    fault(
        "token-access-empty", "TOKEN-ACCESS", "From the second one on, access_token is empty.",
        token=_later_tokens(lambda document: document.update(access_token="")),
    ),
    fault(
        "token-for-any-client", "TOKEN-CLIENT", "Any client_id with the right secret gets a token.",
        knows_client=_knows(lambda service, _, secret: secret == service.client_secret),
    ),
    fault(
        "token-for-any-secret", "TOKEN-SECRET", "The right client_id gets a token with any secret.",
        knows_client=_knows(lambda service, client, _: client == service.client_id),
    ),
    fault(
        "token-without-credentials", "TOKEN-CREDENTIALS",
        "A token is given without an Authorization header.", token=_without_credentials,
    ),
    fault(
        "token-for-any-grant", "TOKEN-GRANT", "A token is given for any grant.", token=_any_grant,
    ),
    fault(
        "token-ends-with-the-next", "TOKEN-KEPT", "A new token ends the older ones.",
        token=_one_token_only,
    ),
    fault(
        "token-never-ends", "TOKEN-END", "A token is accepted for ever.",
        accepts_token=_if_issued,
    ),
    fault(
        "token-never-ends-at-checkout", "TOKEN-END", "A checkout takes a token that has ended.",
        accepts_token=_if_issued_at_checkout,
    ),
    fault(
        "auth-missing-accepted", "AUTH-MISSING", "A request without a token is answered.",
        also=("AUTH-CHECKOUT",), because="a checkout is tried without a token",
        accepts_token=_if_missing,
    ),
    fault(
        "auth-anything-accepted", "AUTH-WRONG", "Any token is accepted but one that has ended.",
        also=("AUTH-CHECKOUT",), because="a checkout is tried with such a token",
        accepts_token=_if_any,
    ),
    fault(
        "auth-unneeded-at-checkout", "AUTH-CHECKOUT", "A checkout needs no token.",
        also=("TOKEN-END",), because="a token that has ended is not valid, too",
        accepts_token=_at_checkout,
    ),
)  # fmt: skip

Listing = Callable[[SandboxRequest], Document]


def _list_all(_service: object, original: Listing, request: SandboxRequest) -> Document:
    return original(SandboxRequest(request.method, request.path, (), request.headers, request.body))


def _list_first(_service: object, original: Listing, request: SandboxRequest) -> Document:
    document = original(request)
    return {"data": document["data"][:1]} if request.query else document


def _list_other_names(_service: object, original: Listing, request: SandboxRequest) -> Document:
    document = original(request)
    if request.query:
        for row in document["data"]:
            row["attributes"]["product_name"] = "Produk"
    return document


def _list_alike(_service: object, original: Listing, request: SandboxRequest) -> Document:
    asked = (request.parameter("product_code") or "").split(",")
    document = original(request)
    if not request.query:
        return document
    whole = original(SandboxRequest("GET", PRODUCTS, (), (), b""))
    families = {code.partition("-")[0] for code in asked}
    alike = [one for one in whole["data"] if one["id"].partition("-")[0] in families]
    known = {one["id"] for one in document["data"]}
    return {"data": document["data"] + [one for one in alike if one["id"] not in known]}


def _without_slash(
    _service: object,
    original: Callable[[SandboxRequest, str], Answer],
    request: SandboxRequest,
    path: str,
) -> Answer:
    if path == PRODUCTS and request.path.endswith("/"):
        raise Refusal(Reason.PATH)
    return original(request, path)


def _short(document: Document) -> None:
    if len(document["data"]) > 50:
        del document["data"][50:]


def _without_one(document: Document) -> None:
    if len(document["data"]) > 1:
        document["data"] = [one for one in document["data"] if one["id"] != "pgn"]


def _inquiries(change: Callable[[str, bool], bool]) -> Callable[[Document], None]:
    """An edit of is_inquiry, product by product."""

    def edit(document: Document) -> None:
        for one in document["data"]:
            attributes = one["attributes"]
            attributes["is_inquiry"] = change(one["id"], attributes["is_inquiry"])

    return edit


def _dearer(document: Document) -> None:
    """Higher prices, but not of what is paid for by an amount that a checkout copies from here."""
    for one in document["data"]:
        if one["attributes"]["price"] and "amount" not in products()[one["id"]].request:
            one["attributes"]["price"] += 1_000


LISTS = (
    fault(
        "products-first-fifty", "PRODUCTS-COMPLETE",
        "The product list ends after fifty products.",
        finish=with_document(_short, of(Kind.PRODUCTS)),
    ),
    fault(
        "products-one-left-out", "PRODUCTS-COMPLETE", "The whole product list leaves out pgn.",
        finish=with_document(_without_one, of(Kind.PRODUCTS)),
    ),
    fault(
        "products-unfiltered", "PRODUCTS-FILTER", "product_code is ignored.",
        product_list=_list_all, also=("ERROR-UNKNOWN-PRODUCT",),
        because="a list of an unknown product is not refused then",
    ),
    fault(
        "products-first-code", "PRODUCTS-FILTER", "Of several codes only the first is listed.",
        product_list=_list_first,
    ),
    fault(
        "products-alike", "PRODUCTS-FILTER",
        "Products of the same family are listed with those asked for.",
        product_list=_list_alike,
    ),
    fault(
        "products-other-names", "PRODUCTS-SAME", "A filtered list names every product Produk.",
        product_list=_list_other_names,
    ),
    fault(
        "products-all-inquired", "PRODUCTS-INQUIRED", "is_inquiry is true for every product.",
        finish=with_document(_inquiries(lambda _, __: True), of(Kind.PRODUCTS)),
    ),
    fault(
        "products-none-inquired", "PRODUCTS-INQUIRED", "is_inquiry is false for every product.",
        finish=with_document(_inquiries(lambda _, __: False), of(Kind.PRODUCTS)),
    ),
    fault(
        "products-one-not-inquired", "PRODUCTS-INQUIRED", "is_inquiry of samsat-jatim is false.",
        finish=with_document(
            _inquiries(lambda code, was: was and code != "samsat-jatim"), of(Kind.PRODUCTS)
        ),
    ),
    fault(
        "products-slash-unknown", "PRODUCTS-SLASH",
        "The product list is not served with a trailing slash.",
        perform=_without_slash,
    ),
    fault(
        "products-price-of-tomorrow", "CHECKOUT-LIST-PRICE",
        "The product list has prices that are a thousand rupiah above those of an order.",
        finish=with_document(_dearer, of(Kind.PRODUCTS)),
    ),
)  # fmt: skip


def _sent_as(media_type: str, *kinds: Kind) -> Wrapper:
    """Wraps ``content_type``: another one for answers of these kinds."""

    def content_type(_service: object, original: Callable[[Answer], str], answer: Answer) -> str:
        return media_type if answer.kind in kinds else original(answer)

    return content_type


def _with_status(status: int, kind: Kind) -> Wrapper:
    return with_answer(lambda answer: replace(answer, status=status), of(kind))


FORMS = (
    # HTTP 500 and 503 count as outages, so another status stands first: that one is red.
    fault(
        "token-with-201", "TOKEN-HTTP", "An access token comes with HTTP 201.",
        finish=_with_status(201, Kind.TOKEN),
    ),
    fault(
        "token-with-500", "TOKEN-HTTP", "An access token comes with HTTP 500.",
        finish=_with_status(500, Kind.TOKEN),
    ),
    *(
        fault(
            f"{name}-with-{status}", "SERVICE-HTTP", f"{words} comes with HTTP {status}.",
            finish=_with_status(status, kind),
        )
        for name, words, kind, status in (
            ("products", "The product list", Kind.PRODUCTS, 404),
            ("ping", "A ping", Kind.PING, 503),
            ("account", "The account", Kind.ACCOUNT, 500),
        )
    ),
    *(
        fault(
            f"{name}-as-html", "MEDIA-TYPE", f"{words} is sent as text/html.",
            content_type=_sent_as("text/html", kind),
        )
        for name, words, kind in (
            ("token", "An access token", Kind.TOKEN),
            ("ping", "A ping", Kind.PING),
            ("inquiry", "A bill", Kind.INQUIRY),
            ("order", "An order", Kind.STATUS),
        )
    ),
)  # fmt: skip

FAULTS: tuple[Fault, ...] = (*TOKENS, *LISTS, *FORMS)
