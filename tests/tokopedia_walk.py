"""A walk through the imitation of Tokopedia, product by product, and what its answers keep.

It hands its requests to the service itself: what the service answers is what the server sends, and
hundreds of walks over sockets would take minutes.
"""

from __future__ import annotations

import copy
import json
from typing import Any

from kontrak.config.paths import SCHEMAS
from kontrak.providers.tokopedia.formats import matches
from kontrak.providers.tokopedia.relations import BROKEN, Relation, evaluate
from kontrak.sandbox.http import SandboxRequest
from kontrak.sandbox.tokopedia import TokopediaService
from tests.tokopedia_partner import documented, signature

FACTS: dict[str, Any] = json.loads(
    (SCHEMAS / "tokopedia" / "products.json").read_text(encoding="utf-8")
)["products"]

LISTS = (("inquiry", "inquiry_result"), ("order", "fulfillment_result"))


class Walk:
    """Inquiry, checkout and order details of one product, as its documented messages."""

    def __init__(self, service: TokopediaService, product: str, number: str | None) -> None:
        self.service = service
        self.product = product
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
        elif "amount" in asked["data"]["attributes"]:
            listed = self.send("GET", "/v2/product-list", product_code=product)["data"][0]
            asked["data"]["attributes"]["amount"] = listed["attributes"]["price"]
        self.messages["checkout"] = self.send("POST", "/v2/order", asked)
        for _ in range(2):  # the second look finds the order settled
            self.messages["order"] = self.send("GET", f"/v2/order/{asked['data']['id']}")

    def send(self, method: str, path: str, document: object = None, **query: str) -> dict[str, Any]:
        body = b"" if document is None else json.dumps(document).encode()
        headers = (*self.headers, ("Signature", signature(body)))
        request = SandboxRequest(method, f"/api{path}", tuple(query.items()), headers, body)
        answer: dict[str, Any] = json.loads(self.service.answer(request).body)
        return answer


def aligned(walk: Walk) -> dict[str, Any]:
    """The messages with "" for every documented entry that an answer leaves out."""
    product, whole = walk.product, copy.deepcopy(walk.messages)
    for message, name in LISTS:
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


def broken(product: str, messages: dict[str, Any], *, strictly: bool = False) -> set[str]:
    """The relations of the product that these messages break; ``strictly`` those that may fail."""
    if FACTS[product]["fulfillment_result"] is None:
        return set()
    relations = [Relation.from_json(one) for one in FACTS[product]["relations"]]
    judged = [one for one in relations if one.reading == "strict" or not strictly]
    return {one.id for one in judged if evaluate(one, messages) == BROKEN}


def badly_written(product: str, messages: dict[str, Any]) -> list[tuple[str, str]]:
    """Names and values of entries that are not written in their documented format."""
    found = []
    for message, name in LISTS:
        entries = FACTS[product][name] or ()
        shown = messages[message]["data"]["attributes"][name] if entries else ()
        found += [
            (one["name"], one["value"])
            for entry, one in zip(entries, shown, strict=True)
            if one["value"] and not matches(entry["format"], one["value"])
        ]
    return found
