"""A client of the tests' own for the imitation of Tokopedia; what it sends is written out here."""

from __future__ import annotations

import base64
import itertools
import json
from collections.abc import Mapping
from functools import cache
from typing import Any

import requests
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS, AsymmetricPadding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    load_pem_private_key,
    load_pem_public_key,
)

from kontrak.config.paths import FIXTURES
from kontrak.sandbox import Sandbox

HOME = FIXTURES / "tokopedia"
CLIENT = ("sandbox-partner", "sandbox-secret")
FAILS, STAYS = "081211311999", "081211311888"
NO_PENALTY, WRONG = "081211311777", "081211311666"
LONGEST_SALT = PSS(MGF1(SHA256()), PSS.MAX_LENGTH)

Document = dict[str, Any]


@cache
def partner_key() -> RSAPrivateKey:
    key = load_pem_private_key((HOME / "keys/partner-private.pem").read_bytes(), None)
    assert isinstance(key, RSAPrivateKey)
    return key


def provider_key() -> RSAPublicKey:
    key = load_pem_public_key((HOME / "keys/provider-public.pem").read_bytes())
    assert isinstance(key, RSAPublicKey)
    return key


def signature(body: bytes, padding: AsymmetricPadding = LONGEST_SALT) -> str:
    return base64.b64encode(partner_key().sign(body, padding, SHA256())).decode()


def documented(product: str, payload: str) -> Document:
    document: Document = json.loads((HOME / product / f"{payload}.json").read_bytes())
    return document


class Partner:
    """A partner with a token of its own."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.session = requests.Session()
        self.ids = (f"T{number:06d}" for number in itertools.count(1))
        answer = self.ask_token().json()
        self.session.headers["Authorization"] = f"Bearer {answer['access_token']}"

    def ask_token(
        self, client: tuple[str, str] = CLIENT, grant: str = "client_credentials"
    ) -> requests.Response:
        form = {"grant_type": grant}
        return requests.post(f"{self.sandbox.url}/token", data=form, auth=client, timeout=30)

    def get(self, path: str) -> requests.Response:
        return self.session.get(f"{self.sandbox.url}/api{path}", timeout=30)

    def post(
        self, path: str, body: bytes, headers: Mapping[str, str] | None = None
    ) -> requests.Response:
        return self.session.post(
            f"{self.sandbox.url}/api{path}",
            data=body,
            headers={"Content-Type": "application/json", **(headers or {})},
            timeout=30,
        )

    def inquire(self, product: str, **attributes: Any) -> requests.Response:
        document = documented(product, "inquiry_request")
        document["data"]["attributes"].update(attributes)
        return self.post("/v2/inquiry", json.dumps(document).encode())

    def checkout(self, product: str, order_id: str | None = None, **attributes: Any) -> Document:
        """The request of a checkout: the documented one, under a new id, for its own price."""
        document = documented(product, "checkout_request")
        document["data"]["id"] = next(self.ids) if order_id is None else order_id
        if "amount" in document["data"]["attributes"]:
            # Some examples name another amount than their own price.
            pending = documented(product, "checkout_response")["data"]["attributes"]
            document["data"]["attributes"]["amount"] = pending["sales_price"]
        document["data"]["attributes"].update(attributes)
        return document

    def order(self, document: Document, sign: str | None = None) -> requests.Response:
        body = json.dumps(document).encode()
        return self.post("/v2/order", body, {"Signature": sign or signature(body)})

    def buy(self, product: str, order_id: str | None = None, **attributes: Any) -> Document:
        answer = self.order(self.checkout(product, order_id, **attributes))
        data: Document = answer.json()["data"]
        return data

    def details(self, order_id: str) -> Document:
        data: Document = self.get(f"/v2/order/{order_id}").json()["data"]
        return data

    def settled(self, order_id: str) -> Document:
        """The order after the sandbox's clock moved on."""
        self.advance(300)
        return self.details(order_id)

    def saldo(self) -> int:
        saldo: int = self.get("/v2/account").json()["data"]["attributes"]["saldo"]
        return saldo

    def advance(self, seconds: float) -> None:
        url = f"{self.sandbox.url}/_sandbox/advance"
        token = {"X-Sandbox-Token": self.sandbox.token}
        answer = requests.post(url, json={"seconds": seconds}, headers=token, timeout=30)
        answer.raise_for_status()


def error(answer: requests.Response) -> tuple[int, str]:
    """The HTTP status and the code of a refusal."""
    return answer.status_code, answer.json()["errors"][0]["code"]
