"""Generated requests: right ones are answered, wrong ones with one thing changed are refused."""

from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kontrak.clauses.catalogue import cited, clause
from kontrak.errors import NotOffered
from kontrak.interface.strategies import json_writings, malformed_json, not_strings, wrong_texts
from kontrak.judging.expect import expect
from kontrak.judging.generated import ask_generated
from kontrak.providers.tokopedia import Tokopedia, TokopediaAnswer
from kontrak.providers.tokopedia.documents import Document, changed, encode, inquiry_document
from kontrak.providers.tokopedia.refusal import expect_not_fulfilled, expect_refused_generated
from kontrak.providers.tokopedia.shop import Order, Shop, pays_exactly
from kontrak.providers.tokopedia.signing import padding_named, sign
from kontrak.providers.tokopedia.till import Till

WRITE = json_writings(("data",))

Change = Callable[[Document, st.DataObject], bytes]
Ask = Callable[[], TokopediaAnswer]


Documents = st.SearchStrategy[Document]


@pytest.fixture
def inquiries(shop: Shop) -> Documents:
    """A right inquiry of any product whose bill was returned."""
    shop.inquiries()
    offers = [one for one in shop.inquirable() if shop.inquiry(one.product.code).is_accepted]
    return st.sampled_from([inquiry_document(one) for one in offers])


@clause("TOKOPEDIA-GEN-INQUIRY-VALID")
def test_a_right_inquiry_is_answered(tokopedia: Tokopedia, inquiries: Documents) -> None:
    def request(data: st.DataObject) -> Ask:
        inquiry = data.draw(inquiries, label="inquiry")
        attributes = inquiry["data"]["attributes"]
        order = data.draw(st.permutations(list(attributes)), label="order of the attributes")
        shuffled = {name: attributes[name] for name in order}
        document = {"data": {**inquiry["data"], "attributes": shuffled}}
        return partial(tokopedia.post, "/v2/inquiry", data.draw(WRITE)(document), document)

    def judge(answer: TokopediaAnswer) -> None:
        with expect(answer) as that:
            that.that(answer.is_accepted, "the bill", answer.stated)

    ask_generated(tokopedia.side_by_side, request, judge)


@clause("TOKOPEDIA-GEN-INQUIRY-TYPE")
@pytest.mark.parametrize("name", ["product_code", "client_number"])
def test_an_attribute_that_is_no_string_is_refused(
    tokopedia: Tokopedia, inquiries: Documents, name: str
) -> None:
    def request(data: st.DataObject) -> Ask:
        inquiry = data.draw(inquiries, label="inquiry")
        value = data.draw(not_strings(), label=name)
        return partial(tokopedia.inquire, changed(inquiry, **{name: value}))

    ask_generated(tokopedia.side_by_side, request, expect_refused_generated)


@clause("TOKOPEDIA-GEN-INQUIRY-PRODUCT")
def test_an_inquiry_of_another_text_is_refused(tokopedia: Tokopedia, inquiries: Documents) -> None:
    def request(data: st.DataObject) -> Ask:
        inquiry = data.draw(inquiries, label="inquiry")
        right = inquiry["data"]["attributes"]["product_code"]
        text = data.draw(wrong_texts(right), label="product_code")
        return partial(tokopedia.inquire, changed(inquiry, product_code=text))

    ask_generated(tokopedia.side_by_side, request, expect_refused_generated)


@clause("TOKOPEDIA-GEN-INQUIRY-JSON")
def test_a_malformed_inquiry_is_refused(tokopedia: Tokopedia, inquiries: Documents) -> None:
    def request(data: st.DataObject) -> Ask:
        inquiry = data.draw(inquiries, label="inquiry")
        body = data.draw(malformed_json(encode(inquiry)), label="body")
        return partial(tokopedia.post, "/v2/inquiry", body, {})

    ask_generated(tokopedia.side_by_side, request, expect_refused_generated)


def _other_product(document: Document, data: st.DataObject) -> bytes:
    right = document["data"]["attributes"]["product_code"]
    return encode(changed(document, product_code=data.draw(wrong_texts(right))))


def _other_type(document: Document, data: st.DataObject) -> bytes:
    name = data.draw(st.sampled_from(["product_code", "client_number"]))
    if not document["data"]["attributes"]["client_number"]:
        name = "product_code"
    return encode(changed(document, **{name: data.draw(not_strings())}))


def _malformed(document: Document, data: st.DataObject) -> bytes:
    return data.draw(malformed_json(encode(document)))


@pytest.mark.parametrize(
    "change",
    [
        cited("TOKOPEDIA-GEN-CHECKOUT-PRODUCT", _other_product),
        cited("TOKOPEDIA-GEN-CHECKOUT-TYPE", _other_type),
        cited("TOKOPEDIA-GEN-CHECKOUT-JSON", _malformed),
    ],
)
def test_a_wrong_checkout_orders_nothing(tokopedia: Tokopedia, shop: Shop, change: Change) -> None:
    offers = shop.taken()
    padding = padding_named(tokopedia.settings.paddings[0])
    till = Till(shop)
    sent = []

    @given(data=st.data())
    def check_out(data: st.DataObject) -> None:
        offer = data.draw(st.sampled_from(offers), label="product")
        document, price = shop.document(offer), shop.price(offer)
        body = change(document, data)
        signature = sign(body, tokopedia.key, padding)
        answer = tokopedia.checkout_body(body, signature, document, offer, price)
        sent.append(answer)
        expect_refused_generated(answer)

    check_out()
    till.expect_nothing_taken(*sent[-1:])


@clause("TOKOPEDIA-GEN-CHECKOUT-AMOUNT")
def test_a_checkout_of_a_wrong_amount_is_not_fulfilled(shop: Shop) -> None:
    offer = next((one for one in shop.taken() if pays_exactly(one)), None)
    if offer is None:
        raise NotOffered(
            "no product of an amount may be bought", hint="add one under [tokopedia.products]"
        )
    price = shop.price(offer)

    @given(amount=_wrong_amounts(price))
    @example(amount=-price)
    @example(amount=price + 0.01)
    def check_out(amount: object) -> None:
        document = changed(shop.document(offer), amount=amount)
        expect_not_fulfilled(shop, [(offer, document, price)])

    check_out()


def _wrong_amounts(price: int) -> st.SearchStrategy[object]:
    """What is no amount, or another one below the price, so that none costs more than expected.

    A price that is written as text may be taken for the price.
    """
    fractions = st.sampled_from([price - 0.5, price + 0.5])
    return st.one_of(
        st.integers(1, price - 1),
        st.integers(max_value=-1),
        fractions,
        st.sampled_from([f"Rp{price}", f"{price} rupiah", "all", True, [price], {"amount": price}]),
    )


@clause("TOKOPEDIA-GEN-CHECKOUT-ID")
def test_a_checkout_whose_id_is_no_text_orders_nothing(tokopedia: Tokopedia, shop: Shop) -> None:
    offer = shop.simplest()
    document, price = shop.document(offer), shop.price(offer)
    till = Till(shop)
    sent = []

    @given(order_id=not_strings())
    def check_out(order_id: object) -> None:
        changed_id = {"data": {**document["data"], "id": order_id}}
        answer = tokopedia.checkout(changed_id, offer, price)
        sent.append(answer)
        expect_refused_generated(answer)

    check_out()
    till.expect_nothing_taken(*sent[-1:])


@clause("TOKOPEDIA-GEN-ORDER-ID")
def test_no_other_id_finds_an_order(tokopedia: Tokopedia, asked: list[Order]) -> None:
    ids = _other_ids(asked[0].id, {one.id for one in asked})

    def request(data: st.DataObject) -> Ask:
        return partial(tokopedia.order, data.draw(ids, label="id"))

    def judge(answer: TokopediaAnswer) -> None:
        with expect(answer) as that:
            that.that(not answer.has_data, "a refusal: no such order", answer.stated)

    ask_generated(tokopedia.side_by_side, request, judge)


def _other_ids(right: str, known: set[str]) -> st.SearchStrategy[str]:
    """Ids like that of an order, long enough to belong to no order."""
    cut = st.integers(8, len(right) - 1)
    letters = st.characters(categories=["L", "N"])
    return st.one_of(
        cut.map(lambda size: right[:size]),
        cut.map(lambda size: right[-size:]),
        st.text(letters, min_size=1, max_size=8).map(lambda tail: right + tail),
        st.text(letters, min_size=12, max_size=40),
        wrong_texts(right, controls=" "),
        st.sampled_from(["*", "%", "_", "?", ".*"]).map(lambda mark: right[:-1] + mark),
    ).filter(lambda text: "/" not in text and text not in known)
