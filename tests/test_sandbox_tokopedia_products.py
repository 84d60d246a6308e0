"""The bills of all seventy products: each keeps the relations that its document shows."""

from __future__ import annotations

import pytest

from kontrak.sandbox.clock import Clock
from kontrak.sandbox.tokopedia import ACCOUNT, TokopediaService
from tests.tokopedia_partner import NO_PENALTY, documented
from tests.tokopedia_walk import FACTS, Walk, aligned, badly_written, broken

SAME_IN_OTHER_WORDS = {
    # One day, one month, one meter, each in the two ways that the two documented lists write it.
    ("kredit-mandiri-utama-finance", "carried-jatuh-tempo"),
    ("pdam-jatim-kota-surabaya", "carried-periode"),
    ("pln-postpaid-new", "carried-stand-meter"),
}


@pytest.mark.parametrize("number", [None, NO_PENALTY], ids=["documented", "no-penalty"])
@pytest.mark.parametrize("product", FACTS)
def test_every_relation_and_format_of_a_product_holds(product: str, number: str | None) -> None:
    """Strict ones and warned ones, also where the document's own example breaks them."""
    messages = aligned(Walk(TokopediaService(ACCOUNT, Clock()), product, number))

    assert {(product, one) for one in broken(product, messages)} <= SAME_IN_OTHER_WORDS
    assert badly_written(product, messages) == []


@pytest.mark.parametrize("product", FACTS)
def test_a_list_has_the_documented_names_in_order(product: str) -> None:
    walk = Walk(TokopediaService(ACCOUNT, Clock()), product, None)
    for message, payload, name in (
        ("inquiry", "inquiry_response", "inquiry_result"),
        ("order", "order_response", "fulfillment_result"),
    ):
        if FACTS[product][name] is None:
            continue
        shown = documented(product, payload)["data"]["attributes"][name]
        answered = walk.messages[message]["data"]["attributes"][name]
        assert [one["name"] for one in answered] == [one["name"] for one in shown]
