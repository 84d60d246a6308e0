"""The bills of all seventy products: each keeps the relations that its document shows."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from kontrak.derive.formats import matches
from kontrak.derive.relations import BROKEN, Relation, evaluate
from kontrak.paths import SCHEMAS
from kontrak.sandbox.clock import Clock
from kontrak.sandbox.http import SandboxRequest
from kontrak.sandbox.tokopedia import ACCOUNT, TokopediaService
from tests.tokopedia_partner import NO_PENALTY, documented, signature

FACTS: dict[str, Any] = json.loads(
    (SCHEMAS / "tokopedia" / "products.json").read_text(encoding="utf-8")
)["products"]

SAME_IN_OTHER_WORDS = {
    # One day, one month, one meter, each in the two ways that the two documented lists write it.
    ("kredit-mandiri-utama-finance", "carried-jatuh-tempo"),
    ("pdam-jatim-kota-surabaya", "carried-periode"),
    ("pln-postpaid-new", "carried-stand-meter"),
}


class Walk:
    """Inquiry, checkout and order details of one product, as its documented messages."""

    def __init__(self, service: TokopediaService, product: str, number: str | None) -> None:
        self.service = service
        token = service.tokens.issue(600)
        self.headers = (("Authorization", f"Bearer {token}"),)
        asked = documented(product, "checkout_request")
        if number is not None:
            asked["data"]["attributes"]["client_number"] = number
        self.messages = {"request": asked}
        if FACTS[product]["inquiry"]:
            self.messages["asked"] = documented(product, "inquiry_request")
            attributes = self.messages["asked"]["data"]["attributes"]
            attributes["client_number"] = asked["data"]["attributes"]["client_number"]
            self.messages["inquiry"] = self.send("POST", "/v2/inquiry", self.messages["asked"])
            inquired = self.messages["inquiry"]["data"]["attributes"]
            asked["data"]["attributes"]["amount"] = inquired["sales_price"]
        self.messages["checkout"] = self.send("POST", "/v2/order", asked)
        service.clock.advance(300)
        self.messages["order"] = self.send("GET", f"/v2/order/{asked['data']['id']}")

    def send(self, method: str, path: str, document: object = None) -> dict[str, Any]:
        body = b"" if document is None else json.dumps(document).encode()
        headers = (*self.headers, ("Signature", signature(body)))
        request = SandboxRequest(method, f"/api{path}", (), headers, body)
        answer: dict[str, Any] = json.loads(self.service.answer(request).body)
        return answer


def aligned(product: str, messages: dict[str, Any]) -> dict[str, Any]:
    """The messages with "" for every documented entry that an answer leaves out."""
    whole = copy.deepcopy(messages)
    for message, name in (("inquiry", "inquiry_result"), ("order", "fulfillment_result")):
        if message not in whole or FACTS[product][name] is None:
            continue
        seen = whole[message]["data"]["attributes"][name]
        filled = []
        for entry in FACTS[product][name]:
            here = bool(seen) and seen[0]["name"] == entry["name"]
            filled.append(seen.pop(0) if here else {"name": entry["name"], "value": ""})
            assert here or "optional" in entry
        assert seen == []
        whole[message]["data"]["attributes"][name] = filled
    return whole


@pytest.mark.parametrize("number", [None, NO_PENALTY], ids=["documented", "no-penalty"])
@pytest.mark.parametrize("product", FACTS)
def test_every_relation_and_format_of_a_product_holds(product: str, number: str | None) -> None:
    """Strict ones and warned ones, also where the document's own example breaks them."""
    walk = Walk(TokopediaService(ACCOUNT, Clock()), product, number)
    messages = aligned(product, walk.messages)
    facts = FACTS[product]
    known = facts["fulfillment_result"] is not None
    relations = [Relation.from_json(one) for one in facts["relations"]]
    broken = {one.id for one in relations if known and evaluate(one, messages) == BROKEN}
    badly = [
        (entry, shown["value"])
        for message, name in (("inquiry", "inquiry_result"), ("order", "fulfillment_result"))
        for entry, shown in zip(
            facts[name] or (),
            messages[message]["data"]["attributes"][name] if facts[name] else (),
            strict=True,
        )
        if shown["value"] and not matches(entry["format"], shown["value"])
    ]

    assert {(product, one) for one in broken} <= SAME_IN_OTHER_WORDS
    assert badly == []


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
