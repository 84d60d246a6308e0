"""Ping, account and product list."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from kontrak.clauses.catalogue import Clause, cited, clause, of_shape
from kontrak.http.body import Answer
from kontrak.judging.expect import Blocked, expect, judge_place
from kontrak.providers.tokopedia import Tokopedia, TokopediaAnswer
from kontrak.providers.tokopedia.places import require_place
from kontrak.providers.tokopedia.shop import Shop

PING = [cited(one.id, one) for one in of_shape("tokopedia", "ping")]
ACCOUNT = [cited(one.id, one) for one in of_shape("tokopedia", "account")]
PRODUCTS = [cited(one.id, one) for one in of_shape("tokopedia", "product-list")]


READING: dict[str, Callable[[Tokopedia], TokopediaAnswer]] = {
    "ping": Tokopedia.ping,
    "account": Tokopedia.account,
    "product-list": Tokopedia.product_list,
}
JSON = ("application/json", "application/vnd.api+json")


@pytest.fixture(scope="module")
def product_list(tokopedia: Tokopedia) -> TokopediaAnswer:
    """The whole product list."""
    return tokopedia.product_list()


@pytest.mark.parametrize("place", PING)
def test_a_place_of_the_ping(tokopedia: Tokopedia, place: Clause) -> None:
    judge_place(tokopedia.ping(), place)


@pytest.mark.parametrize("place", ACCOUNT)
def test_a_place_of_the_account(tokopedia: Tokopedia, place: Clause) -> None:
    judge_place(tokopedia.account(), place)


@pytest.mark.parametrize("place", PRODUCTS)
def test_a_place_of_the_product_list(product_list: TokopediaAnswer, place: Clause) -> None:
    judge_place(product_list, place)


@clause("TOKOPEDIA-SERVICE-HTTP")
@pytest.mark.parametrize("operation", READING)
def test_what_only_reads_is_answered_with_http_200(tokopedia: Tokopedia, operation: str) -> None:
    answer = READING[operation](tokopedia)
    with expect(answer) as that:
        that.equal("HTTP status", answer.status, 200)


@clause("TOKOPEDIA-MEDIA-TYPE")
@pytest.mark.parametrize("operation", READING)
def test_what_only_reads_is_answered_as_json(tokopedia: Tokopedia, operation: str) -> None:
    _expect_json(READING[operation](tokopedia))


@clause("TOKOPEDIA-MEDIA-TYPE")
def test_a_token_is_sent_as_json(tokopedia: Tokopedia) -> None:
    _expect_json(tokopedia.tokens.fetch())


@clause("TOKOPEDIA-MEDIA-TYPE")
def test_a_bill_is_sent_as_json(shop: Shop) -> None:
    _expect_json(*shop.inquiries())


@clause("TOKOPEDIA-MEDIA-TYPE")
def test_an_order_is_sent_as_json(shop: Shop) -> None:
    orders = shop.orders()
    _expect_json(*(one.checkout for one in orders), *(one for o in orders for one in o.details))


@clause("TOKOPEDIA-PRODUCTS-COMPLETE")
def test_every_product_on_offer_is_listed(
    tokopedia: Tokopedia, product_list: TokopediaAnswer
) -> None:
    require_place(product_list, "PRODUCTS", "id")
    listed = _codes(product_list)
    with expect(product_list) as that:
        for offer in tokopedia.settings.offers.values():
            if offer.buy:
                that.that(offer.code in listed, f"{offer.code} in the product list", "absent")


@clause("TOKOPEDIA-PRODUCTS-FILTER")
@pytest.mark.parametrize("count", [1, 2])
def test_a_filtered_list_holds_what_was_asked_for(
    tokopedia: Tokopedia, product_list: TokopediaAnswer, count: int
) -> None:
    require_place(product_list, "PRODUCTS", "id")
    chosen = _chosen(tokopedia, product_list, count)
    answer = tokopedia.product_list(chosen)
    with expect(answer) as that:
        that.that(answer.has_data, f"the products {', '.join(chosen)}", answer.stated)
        if answer.has_data:
            came = sorted(_codes(answer))
            that.equal("products of the list", came, sorted(chosen), "as asked for")


@clause("TOKOPEDIA-PRODUCTS-SAME")
def test_a_product_of_a_filtered_list_is_that_of_the_whole_list(
    tokopedia: Tokopedia, product_list: TokopediaAnswer
) -> None:
    require_place(product_list, "PRODUCTS", "id")
    # Backwards, so that no list asked for before ends with the same product.
    answer = tokopedia.product_list(_chosen(tokopedia, product_list, 2)[::-1])
    if not answer.has_data:
        raise Blocked("TOKOPEDIA-PRODUCTS-FILTER")
    whole = {row["id"]: row.get("attributes") for row in _rows(product_list)}
    with expect(product_list, answer) as that:
        for row in _rows(answer):
            if row["id"] in whole:
                came = row.get("attributes")
                that.equal(f"attributes of {row['id']}", came, whole[row["id"]], "as listed")


@clause("TOKOPEDIA-PRODUCTS-INQUIRED")
def test_is_inquiry_reports_which_products_are_inquired(
    tokopedia: Tokopedia, product_list: TokopediaAnswer
) -> None:
    require_place(product_list, "PRODUCTS", "is_inquiry")
    returned = {row["id"]: row["attributes"]["is_inquiry"] for row in _rows(product_list)}
    with expect(product_list) as that:
        for offer in tokopedia.settings.offers.values():
            # The note at line 12697 leaves the inquiry of one product to the partner.
            if offer.code in returned and not offer.product.inquiry_optional:
                that.equal(
                    f"is_inquiry of {offer.code}", returned[offer.code], offer.product.inquired
                )


@clause("TOKOPEDIA-PRODUCTS-SLASH")
def test_a_slash_behind_the_address_changes_nothing(
    tokopedia: Tokopedia, product_list: TokopediaAnswer
) -> None:
    wanted = len(_rows(product_list))
    answer = tokopedia.product_list(slash=True)
    with expect(product_list, answer) as that:
        rows = answer.document.get("data") if isinstance(answer.document, dict) else None
        count = len(rows) if isinstance(rows, list) else 0
        that.equal("number of products", count, wanted)


@pytest.fixture(autouse=True)
def one_worker(shop: Shop) -> Shop:
    """Keep these tests with the others: one client, one token."""
    return shop


def _chosen(tokopedia: Tokopedia, product_list: TokopediaAnswer, count: int) -> list[str]:
    """So many listed products on offer, those with relatives first: a list may mix them up."""
    families = Counter(_family(code) for code in _codes(product_list))
    offers = [one.code for one in tokopedia.settings.offers.values()]
    offers.sort(key=lambda code: -families[_family(code)])
    chosen = [code for code in offers if code in _codes(product_list)][:count]
    if len(chosen) < count:
        pytest.skip(f"the list has no {count} products that the target offers")
    return chosen


def _expect_json(*answers: Answer) -> None:
    for answer in answers:
        # A refusal has a clause of its own.
        if answer.status < 400:
            with expect(answer) as that:
                that.one_of("Content-Type", answer.media_type, JSON)


def _rows(answer: TokopediaAnswer) -> list[dict[str, Any]]:
    document = answer.document if isinstance(answer.document, dict) else {}
    rows = document.get("data")
    if not isinstance(rows, list):
        raise Blocked("TOKOPEDIA-PRODUCTS-DATA")
    return [row for row in rows if isinstance(row, dict) and isinstance(row.get("id"), str)]


def _codes(answer: TokopediaAnswer) -> list[str]:
    return [str(row["id"]) for row in _rows(answer)]


def _family(code: str) -> str:
    return code.partition("-")[0]
