"""A client of R-ONE's imitation for these tests alone; what it sends is written out here."""

from __future__ import annotations

import base64
import hashlib
import itertools
from typing import Any

import requests

from kontrak.sandbox import Sandbox

MMID, KEY, PIN = "R1MAIN", "sandbox-rqid-key", "135790"
SIGNED, SIGNED_KEY, SIGNED_PIN = "R1SIGNED", "sandbox-signed-key", "246801"
ONE, PENDING, PENDING_FAILED = "081234567890", "081234567891", "081234567892"
FAILED, WRONG = "081234567893", "081234567894"
CUSTOMER = "546302215889"


class Partner:
    """A client of these tests' own; what it sends is written out here."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.refs = (f"T-{number}" for number in itertools.count(1))

    def send(
        self, operation: str, body: Any, headers: dict[str, str] | None = None
    ) -> requests.Response:
        headers = {"rqid": KEY} if headers is None else headers
        url = f"{self.sandbox.url}/V1/api/{operation}"
        return requests.post(url, json=body, headers=headers, timeout=30)

    def ask(self, operation: str, **fields: Any) -> dict[str, Any]:
        whole: dict[str, Any] = self.send(operation, {"mmid": MMID, **fields}).json()
        return whole

    def text(self, **changes: str | None) -> str:
        return self.line("", changes)

    def line(self, path: str, changes: dict[str, str | None]) -> str:
        parameters: dict[str, str | None] = {"memberID": MMID, "pin": PIN, "password": KEY}
        parameters |= changes
        sent = {name: value for name, value in parameters.items() if value is not None}
        url = f"{self.sandbox.url}/V1/http-get{path}"
        answer = requests.get(url, params=sent, timeout=30)
        assert answer.status_code == 200
        assert answer.headers["Content-Type"].startswith("text/plain")
        return answer.text

    def topup(
        self, customer: str = ONE, ref: str | None = None, code: str = "IS5"
    ) -> dict[str, Any]:
        ref = ref or next(self.refs)
        return self.ask("topup", product_code=code, customer_id=customer, ref_1=ref)

    def bill(self, operation: str, ref: str, customer: str = CUSTOMER) -> dict[str, Any]:
        return self.ask(operation, product_code="PLN", customer_id=customer, ref_1=ref)

    def balance(self) -> int:
        saldo: int = self.ask("balance")["data"]["saldo"]
        return saldo


def signed(**fields: str) -> dict[str, str]:
    names = ("product_code", "customer_id", "ref_1")
    parts = [SIGNED, *(fields.get(name, "") for name in names), SIGNED_PIN, SIGNED_KEY]
    digest = hashlib.sha1("|".join(["R-ONE", *parts]).encode(), usedforsecurity=False).digest()
    return {"sign": base64.urlsafe_b64encode(digest).decode().rstrip("=")}
