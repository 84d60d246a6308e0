"""Access token: OAuth2 client credentials."""

from collections.abc import Callable
from functools import partial

import pytest

from kontrak.asking.run import Run
from kontrak.clauses.amounts import as_number
from kontrak.clauses.catalogue import Clause, cited, clause, of_shape
from kontrak.http.body import Answer
from kontrak.judging.expect import Blocked, expect, judge_place, reading
from kontrak.providers.tokopedia import Settings, Tokopedia, TokopediaAnswer
from kontrak.providers.tokopedia.documents import encode, inquiry_document
from kontrak.providers.tokopedia.refusal import (
    expect_none_ordered,
    expect_not_ordered,
    expect_refused,
)
from kontrak.providers.tokopedia.shop import Shop
from kontrak.providers.tokopedia.signing import sign
from kontrak.providers.tokopedia.tokens import Tokens, access_token

PLACES = [cited(one.id, one) for one in of_shape("tokopedia", "token")]
A_MOMENT = 60

Ask = Callable[[Tokopedia, Shop, str], TokopediaAnswer]


def _inquire(tokopedia: Tokopedia, shop: Shop, token: str) -> TokopediaAnswer:
    tokopedia.require("inquiry")
    document = inquiry_document(shop.inquirable()[0])
    return tokopedia.post("/v2/inquiry", encode(document), document, token=token)


READING: dict[str, Ask] = {
    "account": lambda one, _, token: one.get("/v2/account", "account", token=token),
    "product-list": lambda one, _, token: one.get("/v2/product-list", "products", token=token),
    "inquiry": _inquire,
    "order": lambda one, shop, token: one.get(
        f"/v2/order/{shop.orders()[0].id}", "order", token=token
    ),
}

WRONG_TOKENS: dict[str, Callable[[str], str]] = {
    "another": lambda _: "c:0123456789abcdef",
    "cut": lambda token: token[:-1],
    "longer": lambda token: token + "x",
    "other case": str.swapcase,
}


@pytest.fixture(scope="session")
def tokens(kontrak_run: Run) -> Tokens:
    """The token address alone, whatever comes of its tokens."""
    wire = kontrak_run.wire("tokopedia")
    return Tokens(wire, Settings.of(wire.target))


@pytest.mark.parametrize("place", PLACES)
def test_a_place_of_the_token(tokens: Tokens, place: Clause) -> None:
    for _ in range(2):  # the second token is made where the first one is still valid
        judge_place(tokens.fetch(), place)


@clause("TOKOPEDIA-TOKEN-HTTP")
def test_a_token_comes_with_http_200(tokens: Tokens) -> None:
    answer = tokens.fetch()
    _token(answer)
    with expect(answer) as that:
        that.equal("HTTP status", answer.status, 200)


@pytest.mark.parametrize(
    "changes",
    [
        cited("TOKOPEDIA-TOKEN-CLIENT", {"client_id": "kontrak-no-such-client"}),
        cited("TOKOPEDIA-TOKEN-SECRET", {"client_secret": "kontrak-wrong-secret"}),
        cited("TOKOPEDIA-TOKEN-SECRET", {"client_secret": ""}, id="empty-secret"),
        cited("TOKOPEDIA-TOKEN-CREDENTIALS", {"credentials": False}),
        cited("TOKOPEDIA-TOKEN-GRANT", {"grant": "password"}),
    ],
)
@pytest.mark.usefixtures("tokopedia")
def test_a_wrong_token_request_is_refused(tokens: Tokens, changes: dict[str, object]) -> None:
    answer = tokens.fetch(**changes)  # type: ignore[arg-type]  # one keyword of fetch each
    _expect_no_token(answer)


@clause("TOKOPEDIA-TOKEN-KEPT")
def test_a_token_outlives_the_next_one(tokopedia: Tokopedia, shop: Shop) -> None:
    first, second = (_token(tokopedia.tokens.fetch()) for _ in range(2))
    ask = _some_reading(tokopedia)
    later, earlier = ask(tokopedia, shop, second), ask(tokopedia, shop, first)
    with expect(later, earlier) as that:
        for name, one in (("later", later), ("earlier", earlier)):
            answered = one.has_data or not one.is_refused
            that.that(answered, f"an answer to the {name} token", one.stated)


@clause("TOKOPEDIA-TOKEN-END")
def test_a_token_ends(tokopedia: Tokopedia, shop: Shop) -> None:
    token, seconds = _outlived(tokopedia)
    operations = tokopedia.settings.operations - {"order"}
    asks = [READING[one] for one in READING if one in operations]
    before = [(ask, ask(tokopedia, shop, token)) for ask in asks]
    answered = [ask for ask, answer in before if not answer.is_refused]
    tokopedia.advance_clock(seconds)
    after = [ask(tokopedia, shop, token) for ask in answered]
    with expect(*(answer for _, answer in before), *after) as that:
        stated = ", ".join(answer.stated for _, answer in before)
        that.that(bool(answered), "an answer while the token lasts", stated)
        for one in after:
            that.that(one.is_refused, f"a refusal {seconds} s later", one.stated)


@clause("TOKOPEDIA-TOKEN-END")
def test_a_checkout_with_an_ended_token_orders_nothing(tokopedia: Tokopedia, shop: Shop) -> None:
    offer = shop.simplest()
    document, price = shop.document(offer), shop.price(offer)
    body = encode(document)
    signature = sign(body, tokopedia.key)
    token, seconds = _outlived(tokopedia)
    tokopedia.advance_clock(seconds)
    expect_not_ordered(
        shop,
        lambda: tokopedia.checkout_body(body, signature, document, offer, price, token=token),
        document["data"]["id"],
    )


@clause("TOKOPEDIA-AUTH-MISSING")
@pytest.mark.parametrize("operation", READING)
def test_a_request_without_a_token_is_refused(
    tokopedia: Tokopedia, shop: Shop, operation: str
) -> None:
    tokopedia.require(operation)
    _expect_unauthorised(READING[operation](tokopedia, shop, ""))


@clause("TOKOPEDIA-AUTH-WRONG")
@pytest.mark.parametrize("operation", READING)
@pytest.mark.parametrize("wrong", WRONG_TOKENS)
def test_a_request_with_a_wrong_token_is_refused(
    tokopedia: Tokopedia, shop: Shop, operation: str, wrong: str
) -> None:
    tokopedia.require(operation)
    right = tokopedia.tokens.current()
    token = WRONG_TOKENS[wrong](right)
    if token == right:
        pytest.skip("the token has no letters that could have another case")
    _expect_unauthorised(READING[operation](tokopedia, shop, token))


@clause("TOKOPEDIA-AUTH-CHECKOUT")
@pytest.mark.parametrize("token", ["", "c:0123456789abcdef"], ids=["none", "wrong"])
def test_a_checkout_without_a_valid_token_orders_nothing(
    tokopedia: Tokopedia, shop: Shop, token: str
) -> None:
    asked = []
    for offer in shop.taken():
        document, price = shop.document(offer), shop.price(offer)
        body = encode(document)
        signature = sign(body, tokopedia.key)
        ask = partial(tokopedia.checkout_body, body, signature, document, offer, price, token=token)
        asked.append((ask, document["data"]["id"]))
    expect_none_ordered(shop, asked)


def _expect_unauthorised(answer: TokopediaAnswer) -> None:
    expect_refused(answer)
    unusual = answer.status != 401
    reading("HTTP status of an unauthorised request", f"HTTP {answer.status}", warns=unusual)


def _expect_no_token(answer: Answer) -> None:
    with expect(answer) as that:
        token = access_token(answer)
        that.that(token is None, "a refusal: no access_token", "an access_token")
    unusual = answer.status not in (400, 401)
    reading("HTTP status of a wrong token request", f"HTTP {answer.status}", warns=unusual)


def _token(answer: Answer) -> str:
    token = access_token(answer)
    if token is None:
        raise Blocked("TOKOPEDIA-TOKEN-ACCESS")
    return token


def _outlived(tokopedia: Tokopedia) -> tuple[str, int]:
    """A new token, and the seconds after which it has ended."""
    given = tokopedia.tokens.fetch()
    token = _token(given)
    life = as_number(given.document.get("expires_in"))
    if life is None or life <= 0:
        raise Blocked("TOKOPEDIA-TOKEN-EXPIRES-IN")
    return token, int(life) + A_MOMENT


def _some_reading(tokopedia: Tokopedia) -> Ask:
    offered = [one for one in READING if one in tokopedia.settings.operations]
    return READING[(offered or ["account"])[0]]
