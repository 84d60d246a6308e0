"""The imitation of Tokopedia, spoken to over HTTP like any other target."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS, PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from kontrak.errors import ConfigurationError
from kontrak.sandbox import Sandbox
from tests.tokopedia_partner import (
    CLIENT,
    FAILS,
    NO_PENALTY,
    STAYS,
    WRONG,
    Partner,
    documented,
    error,
    provider_key,
    signature,
)

PRODUCT, PRICE = "pasca-telkomsel", 102_000


@pytest.fixture(scope="module")
def running() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def partner(running: Sandbox) -> Partner:
    running.reset()
    return Partner(running)


# Tokens


def test_a_token_lives_for_a_day(partner: Partner) -> None:
    """The answer is OAuth2's, and the token works until it ends."""
    answer = partner.ask_token()

    assert answer.status_code == 200
    assert answer.json().items() >= {"token_type": "Bearer", "expires_in": 86_400}.items()
    assert partner.get("/ping").json() == {"buildhash": "kontrak", "sandbox": True, "status": "ok"}
    partner.advance(86_400)
    assert error(partner.get("/ping")) == (401, "P00")


def test_a_second_token_leaves_the_first_one_valid(partner: Partner) -> None:
    partner.ask_token()

    assert partner.get("/ping").status_code == 200


@pytest.mark.parametrize("client", [("no_one", CLIENT[1]), (CLIENT[0], "wrong"), ("", "")])
def test_wrong_credentials_get_no_token(partner: Partner, client: tuple[str, str]) -> None:
    answer = partner.ask_token(client)

    assert (answer.status_code, answer.json()) == (401, {"error": "invalid_client"})


def test_another_grant_gets_no_token(partner: Partner) -> None:
    answer = partner.ask_token(grant="password")

    assert (answer.status_code, answer.json()) == (400, {"error": "unsupported_grant_type"})


@pytest.mark.parametrize("value", [None, "Bearer", "Bearer nonsense", "Basic YTpi"])
def test_nothing_is_printed_without_a_token(partner: Partner, value: str | None) -> None:
    del partner.session.headers["Authorization"]
    if value is not None:
        partner.session.headers["Authorization"] = value

    assert error(partner.get("/v2/account")) == (401, "P00")


# Products


def test_the_product_list_has_all_seventy(partner: Partner) -> None:
    listed = partner.get("/v2/product-list").json()["data"]

    assert len(listed) == len({one["id"] for one in listed}) == 70
    assert sum(one["attributes"]["is_inquiry"] for one in listed) == 60
    fixed = [one["attributes"]["price"] for one in listed if not one["attributes"]["is_inquiry"]]
    assert min(fixed) > 0


@pytest.mark.parametrize("path", ["/v2/product-list", "/v2/product-list/"])
def test_some_products_are_listed_by_code(partner: Partner, path: str) -> None:
    listed = partner.get(f"{path}?product_code=pgn%2Ccbn").json()["data"]

    assert [one["id"] for one in listed] == ["pgn", "cbn"]


def test_a_product_has_both_its_codes(partner: Partner) -> None:
    answer = partner.inquire("dompet-digital-gopay-open-amount", product_code="topup-gopay")

    assert answer.json()["data"]["attributes"]["product_code"] == "topup-gopay"


def test_an_unknown_product_is_refused(partner: Partner) -> None:
    assert error(partner.get("/v2/product-list?product_code=nothing")) == (400, "P04")
    assert error(partner.inquire(PRODUCT, product_code="nothing")) == (400, "P04")
    assert error(partner.order(partner.checkout(PRODUCT, product_code="nothing"))) == (400, "P04")


# Inquiries


def test_an_inquiry_is_answered_as_documented(partner: Partner) -> None:
    assert partner.inquire(PRODUCT).json() == documented(PRODUCT, "inquiry_response")


def test_an_inquiry_of_type_order_is_refused(partner: Partner) -> None:
    document = documented(PRODUCT, "inquiry_request")
    document["data"]["type"] = "order"

    assert error(partner.post("/v2/inquiry", json.dumps(document).encode())) == (400, "P00")


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"null", b"{", b'{"data": []}', b'{"data": {"attributes": 1}}', b"\xff"]
)
def test_a_body_that_is_no_document_is_refused(partner: Partner, body: bytes) -> None:
    assert error(partner.post("/v2/inquiry", body)) == (400, "P00")


@pytest.mark.parametrize(
    "attributes",
    [
        {"client_number": ""},
        {"client_number": 81},
        {"fields": "none"},
        {"fields": [{"name": "period"}]},
        {"amount": "102000"},
        {"amount": -1},
        {"amount": True},
        {"amount": 0.5},
    ],
)
def test_a_wrong_attribute_is_refused(partner: Partner, attributes: dict[str, Any]) -> None:
    assert error(partner.inquire(PRODUCT, **attributes)) == (400, "P00")


def test_additional_fields_are_required_and_echoed(partner: Partner) -> None:
    period = [{"name": "period", "value": "2019"}]
    attributes = partner.inquire("pbb-dki-jakarta", fields=period).json()["data"]["attributes"]

    assert attributes["fields"] == period
    assert {"name": "Tahun Pajak", "value": "2019"} in attributes["inquiry_result"]
    assert error(partner.inquire("pbb-dki-jakarta", fields=None)) == (400, "P00")


def test_an_open_amount_is_the_price(partner: Partner) -> None:
    attributes = partner.inquire("topup-dana", amount=25_500).json()["data"]["attributes"]

    assert attributes["sales_price"] == 25_500
    assert {"name": "Nominal Top-up", "value": "Rp25.500"} in attributes["inquiry_result"]
    assert error(partner.inquire("topup-dana", amount=0)) == (400, "P00")


def test_a_number_without_penalty_has_no_entries_for_it(partner: Partner) -> None:
    with_it = partner.inquire("samsat-kaltara").json()["data"]["attributes"]
    without = partner.inquire("samsat-kaltara", client_number=NO_PENALTY).json()["data"]
    names = [one["name"] for one in without["attributes"]["inquiry_result"]]

    assert not [name for name in names if name.startswith("Denda")]
    assert without["attributes"]["sales_price"] == with_it["sales_price"] - 58_000
    assert without["attributes"]["inquiry_result"][-1]["value"] == "Rp222.000"


def test_a_wrong_number_is_refused(partner: Partner) -> None:
    assert error(partner.inquire(PRODUCT, client_number=WRONG)) == (400, "U00")


# Orders


def test_an_order_is_pending_and_then_fulfilled(partner: Partner) -> None:
    pending = partner.buy(PRODUCT, "testorder124", amount=PRICE)
    done = partner.settled("testorder124")
    wanted = documented(PRODUCT, "order_response")["data"]

    assert pending == documented(PRODUCT, "checkout_response")["data"]
    moment = done["attributes"].pop("fulfilled_at")
    del wanted["attributes"]["fulfilled_at"]
    assert done == wanted
    assert len(moment) == len("2022-12-01T03:39:41Z")


def test_the_second_look_finds_an_order_settled(partner: Partner) -> None:
    order_id = partner.buy(PRODUCT)["id"]
    seen = [partner.details(order_id)["attributes"]["status"] for _ in range(3)]

    assert seen == ["Pending", "Success", "Success"]


def test_time_alone_settles_the_patient_order(partner: Partner) -> None:
    order_id = partner.buy(PRODUCT, client_number=STAYS)["id"]
    looks = [partner.details(order_id)["attributes"]["status"] for _ in range(4)]
    partner.advance(3_600)

    assert set(looks) == {"Pending"}
    assert partner.details(order_id)["attributes"]["status"] == "Success"


def test_a_failed_order_gives_its_money_back(partner: Partner) -> None:
    before = partner.saldo()
    order_id = partner.buy(PRODUCT, client_number=FAILS)["id"]
    reserved = partner.saldo()
    attributes = partner.settled(order_id)["attributes"]

    assert reserved == before - PRICE
    assert partner.saldo() == before
    assert len(attributes) == 10
    assert attributes["status"] == "Failed"
    assert (attributes["error_code"], attributes["error_detail"]) == (
        "S02",
        "Product is not available",
    )
    assert attributes["fulfilled_at"] is None


def test_the_same_id_is_refused_and_costs_nothing(partner: Partner) -> None:
    order_id = partner.buy(PRODUCT)["id"]
    before = partner.saldo()
    again = partner.order(partner.checkout("pgn", order_id))

    assert error(again) == (400, "P03")
    assert partner.saldo() == before
    assert partner.details(order_id)["attributes"]["product_code"] == PRODUCT


def test_ids_are_case_sensitive(partner: Partner) -> None:
    partner.buy(PRODUCT, "testOrder1")

    assert error(partner.get("/v2/order/testorder1")) == (400, "P02")
    assert partner.buy(PRODUCT, "testorder1")["id"] == "testorder1"


def test_an_id_of_any_characters_is_found_again(partner: Partner) -> None:
    partner.buy(PRODUCT, "a b/ü")

    assert partner.details("a%20b%2F%C3%BC")["id"] == "a b/ü"


def test_one_of_many_at_the_same_instant_is_accepted(partner: Partner) -> None:
    document = partner.checkout(PRODUCT, "race")
    statuses: list[int] = []

    def order() -> None:
        statuses.append(partner.order(document).status_code)

    before = partner.saldo()
    threads = [threading.Thread(target=order) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(statuses) == [200, 400, 400, 400, 400, 400]
    assert partner.saldo() == before - PRICE


def test_an_unknown_order_is_refused(partner: Partner) -> None:
    assert error(partner.get("/v2/order/nothing")) == (400, "P02")


def test_another_amount_than_the_price_is_refused(partner: Partner) -> None:
    before = partner.saldo()

    assert error(partner.order(partner.checkout(PRODUCT, amount=PRICE - 1))) == (400, "P00")
    assert partner.saldo() == before


@pytest.mark.parametrize("attributes", [{}, {"amount": 0}, {"amount": 0.0}])
def test_what_is_not_inquired_needs_no_amount(partner: Partner, attributes: dict[str, Any]) -> None:
    """Public clients send 0 for none."""
    answer = partner.order(partner.checkout("50k-simpati", **attributes))

    assert answer.status_code == 200


def test_a_bill_needs_its_amount(partner: Partner) -> None:
    assert error(partner.order(partner.checkout(PRODUCT, amount=0))) == (400, "P00")
    assert partner.order(partner.checkout(PRODUCT, amount=102000.0)).status_code == 200


@pytest.mark.parametrize(
    "attributes", [{"fields": None}, {"fields": []}, {"downline_id": ""}, {"request_id": "x"}]
)
def test_what_public_clients_add_is_tolerated(partner: Partner, attributes: dict[str, Any]) -> None:
    answer = partner.order(partner.checkout(PRODUCT, **attributes))

    assert answer.json()["data"]["attributes"]["fields"] is None


@pytest.mark.parametrize("order_id", ["", None, 7])
def test_an_order_without_id_is_refused(partner: Partner, order_id: object) -> None:
    document = partner.checkout(PRODUCT)
    document["data"]["id"] = order_id

    assert error(partner.order(document)) == (400, "P00")


def test_an_order_dearer_than_the_balance_is_refused(partner: Partner) -> None:
    everything = partner.saldo() + 1

    assert error(partner.order(partner.checkout("topup-dana", amount=everything))) == (400, "P00")


def test_another_method_is_refused(partner: Partner) -> None:
    assert error(partner.get("/v2/inquiry")) == (405, "P00")
    assert partner.post("/v2/nothing", b"").status_code == 404


# Signatures


@pytest.mark.parametrize(
    "padding", [PSS(MGF1(SHA256()), 32), PSS(MGF1(SHA256()), PSS.MAX_LENGTH), PKCS1v15()]
)
def test_every_documented_padding_is_accepted(partner: Partner, padding: PSS | PKCS1v15) -> None:
    document = partner.checkout(PRODUCT)
    answer = partner.order(document, signature(json.dumps(document).encode(), padding))

    assert answer.status_code == 200


@pytest.mark.parametrize("sign", ["nonsense", "é", base64.b64encode(b"x" * 256).decode()])
def test_a_wrong_signature_is_refused(partner: Partner, sign: str) -> None:
    body = json.dumps(partner.checkout(PRODUCT, "unsigned")).encode()
    answer = partner.post("/v2/order", body, {"Signature": sign.encode().decode("latin-1")})

    assert error(answer) == (400, "P00")
    assert error(partner.get("/v2/order/unsigned")) == (400, "P02")


def test_a_missing_signature_is_refused(partner: Partner) -> None:
    body = json.dumps(partner.checkout(PRODUCT)).encode()

    assert error(partner.post("/v2/order", body)) == (400, "P00")


def test_a_body_changed_after_signing_is_refused(partner: Partner) -> None:
    document = partner.checkout(PRODUCT)
    sign = signature(json.dumps(document).encode())
    document["data"]["attributes"]["client_number"] = "081200000001"

    assert error(partner.order(document, sign)) == (400, "P00")


@pytest.mark.parametrize("known", [True, False])
def test_order_details_are_signed_with_the_longest_salt(partner: Partner, *, known: bool) -> None:
    order_id = partner.buy(PRODUCT)["id"] if known else "nothing"
    answer = partner.get(f"/v2/order/{order_id}")
    raw = base64.b64decode(answer.headers["Signature"], validate=True)

    provider_key().verify(raw, answer.content, PSS(MGF1(SHA256()), PSS.MAX_LENGTH), SHA256())


def test_a_partner_key_that_is_none_is_a_configuration_error() -> None:
    with pytest.raises(ConfigurationError, match="partner_public_key"):
        Sandbox(accounts={"tokopedia": {"partner_public_key": "none"}})
