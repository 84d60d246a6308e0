"""Digital signature: RSA with SHA-256 over the raw body, at checkout and on order details."""

import json
from collections.abc import Callable, Iterable
from functools import cache, partial

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA1, SHA512

from kontrak.clauses.catalogue import cited, clause
from kontrak.errors import NotOffered
from kontrak.interface.refid import new_ref_id
from kontrak.judging.expect import expect, note
from kontrak.providers.tokopedia import Offer, Tokopedia
from kontrak.providers.tokopedia.documents import Document, changed, encode
from kontrak.providers.tokopedia.refusal import expect_none_ordered, expect_not_ordered
from kontrak.providers.tokopedia.shop import Order, Shop
from kontrak.providers.tokopedia.signing import is_signed, padding_named, pss, sign

Sign = Callable[[Tokopedia, bytes, Document], str | None]


@cache
def foreign_key() -> rsa.RSAPrivateKey:
    """An unknown key."""
    return rsa.generate_private_key(65537, 2048)


def _other_body(change: Callable[[Document], Document]) -> Sign:
    return lambda one, _, document: sign(encode(change(document)), one.key)


def _flipped(signature: str) -> str:
    place = len(signature) // 2
    return signature[:place] + ("A" if signature[place] != "A" else "B") + signature[place + 1 :]


ACCEPTED = [
    cited("TOKOPEDIA-SIGN-PSS", "pss", lambda one, body: sign(body, one.key, pss())),
    cited("TOKOPEDIA-SIGN-PSS-SHORT", "pss", lambda one, body: sign(body, one.key, pss("digest"))),
    cited(
        "TOKOPEDIA-SIGN-PKCS",
        "pkcs1v15",
        lambda one, body: sign(body, one.key, padding_named("pkcs1v15")),
    ),
]

WRITINGS: dict[str, Callable[[Document], bytes]] = {
    "tight": lambda one: json.dumps(one, separators=(",", ":")).encode(),
    "indented": lambda one: json.dumps(one, indent=4).encode() + b"\n",
    "sorted": lambda one: json.dumps(one, sort_keys=True).encode(),
    "escaped": lambda one: json.dumps(one).replace("order", "\\u006frder", 1).encode(),
}

REFUSED = [
    cited("TOKOPEDIA-SIGN-MISSING", lambda *_: None, id="missing"),
    cited("TOKOPEDIA-SIGN-MISSING", lambda *_: "", id="empty"),
    cited("TOKOPEDIA-SIGN-WRONG", lambda *_: "bm8gc2lnbmF0dXJl", id="another"),
    cited("TOKOPEDIA-SIGN-WRONG", lambda *_: "not base64 at all", id="not-base64"),
    cited(
        "TOKOPEDIA-SIGN-WRONG", lambda one, body, _: _flipped(sign(body, one.key)), id="one-letter"
    ),
    cited("TOKOPEDIA-SIGN-WRONG", lambda one, body, _: sign(body, one.key)[:-8], id="cut"),
    cited(
        "TOKOPEDIA-SIGN-FOREIGN-KEY", lambda _, body, __: sign(body, foreign_key()), id="foreign"
    ),
    cited(
        "TOKOPEDIA-SIGN-OTHER-BODY",
        _other_body(lambda one: changed(one, client_number="0000")),
        id="number-changed",
    ),
    cited(
        "TOKOPEDIA-SIGN-OTHER-BODY",
        _other_body(lambda one: {"data": {**one["data"], "id": new_ref_id()}}),
        id="id-changed",
    ),
    cited("TOKOPEDIA-SIGN-OTHER-BODY", lambda one, _, __: sign(b"", one.key), id="empty-body"),
    cited(
        "TOKOPEDIA-SIGN-OTHER-BODY",
        lambda one, _, document: sign(WRITINGS["indented"](document), one.key),
        id="other-blanks",
    ),
    cited(
        "TOKOPEDIA-SIGN-OTHER-HASH",
        lambda one, body, _: sign(body, one.key, padding_named("pkcs1v15"), SHA1()),  # noqa: S303 - to be refused
        id="sha1",
    ),
    cited(
        "TOKOPEDIA-SIGN-OTHER-HASH",
        lambda one, body, _: sign(body, one.key, padding_named("pkcs1v15"), SHA512()),
        id="sha512",
    ),
]


@pytest.mark.parametrize(("padding", "signed"), ACCEPTED)
def test_a_right_signature_is_accepted(
    tokopedia: Tokopedia, shop: Shop, padding: str, signed: Callable[[Tokopedia, bytes], str]
) -> None:
    if padding not in tokopedia.settings.paddings:
        raise NotOffered(f"the target does not take {padding}", hint="see [tokopedia] paddings")
    offer = shop.simplest()
    document = shop.document(offer)
    body = encode(document)
    signature = signed(tokopedia, body)
    answer = tokopedia.checkout_body(body, signature, document, offer, shop.price(offer))
    with expect(answer) as that:
        that.that(not answer.is_refused, "the pending order", answer.stated)


@clause("TOKOPEDIA-SIGN-RAW")
@pytest.mark.parametrize("writing", WRITINGS)
def test_a_body_is_signed_as_it_is_written(tokopedia: Tokopedia, shop: Shop, writing: str) -> None:
    offer = shop.simplest()
    document = shop.document(offer)
    body = WRITINGS[writing](document)
    signature = sign(body, tokopedia.key, padding_named(tokopedia.settings.paddings[0]))
    answer = tokopedia.checkout_body(body, signature, document, offer, shop.price(offer))
    with expect(answer) as that:
        that.that(not answer.is_refused, "the pending order", answer.stated)


@pytest.mark.parametrize("signed", REFUSED)
def test_a_wrong_signature_orders_nothing(tokopedia: Tokopedia, shop: Shop, signed: Sign) -> None:
    _expect_not_ordered(tokopedia, shop, shop.of_each_kind(), signed)


@pytest.mark.parametrize(
    "signed",
    [
        cited("TOKOPEDIA-SIGN-MISSING", lambda *_: None),
        cited("TOKOPEDIA-SIGN-WRONG", lambda *_: "bm8gc2lnbmF0dXJl"),
    ],
)
def test_no_product_is_ordered_without_a_right_signature(
    tokopedia: Tokopedia, shop: Shop, signed: Sign
) -> None:
    _expect_not_ordered(tokopedia, shop, shop.taken(), signed)


def _expect_not_ordered(
    tokopedia: Tokopedia, shop: Shop, offers: Iterable[Offer], signed: Sign
) -> None:
    asked = []
    for offer in offers:
        document = shop.document(offer)
        body = encode(document)
        signature = signed(tokopedia, body, document)
        price = shop.price(offer)
        ask = partial(tokopedia.checkout_body, body, signature, document, offer, price)
        asked.append((ask, document["data"]["id"]))
    expect_none_ordered(shop, asked)


@clause("TOKOPEDIA-SIGN-OTHER-BODY")
def test_the_signature_of_an_earlier_checkout_orders_nothing(
    tokopedia: Tokopedia, shop: Shop, placed: list[Order]
) -> None:
    signature = dict(placed[0].checkout.exchange.request.headers)["Signature"]
    offer = shop.simplest()
    document, price = shop.document(offer), shop.price(offer)
    body = encode(document)
    expect_not_ordered(
        shop,
        lambda: tokopedia.checkout_body(body, signature, document, offer, price),
        document["data"]["id"],
    )


@clause("TOKOPEDIA-SIGN-ANSWER")
def test_order_details_are_signed_by_the_provider(tokopedia: Tokopedia, asked: list[Order]) -> None:
    key = _provider_key(tokopedia)
    for order in asked:
        for details in order.details:
            if details.is_refused:
                continue
            signature = details.exchange.reply.header("signature")
            signed = is_signed(details.exchange.reply.body, signature, key)
            with expect(details) as that:
                came = "another signature" if signature else "no signature"
                that.that(signed, "the provider's signature of these bytes", came)


@clause("TOKOPEDIA-SIGN-ANSWER-SALT")
def test_order_details_are_signed_with_the_longest_salt(
    tokopedia: Tokopedia, fulfilled: list[Order]
) -> None:
    key = _provider_key(tokopedia)
    details = fulfilled[0].require_success()
    signature = details.exchange.reply.header("signature")
    signed = is_signed(details.exchange.reply.body, signature, key, longest_salt=True)
    if not signed:
        note("py-sat-sdk takes PSS with the longest salt only")
    with expect(details) as that:
        that.that(signed, "PSS with the longest salt", "another padding or salt")


def _provider_key(tokopedia: Tokopedia) -> rsa.RSAPublicKey:
    tokopedia.require("order")
    if tokopedia.provider_key is None:
        raise NotOffered(
            "the target does not name the provider's key", hint="set [tokopedia] provider_key"
        )
    return tokopedia.provider_key
