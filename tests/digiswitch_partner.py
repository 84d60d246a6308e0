"""A partner of Digiswitch of the tests' own, who speaks to the sandbox over HTTP."""

from __future__ import annotations

import hashlib
import itertools
import json
import threading
from collections.abc import Callable
from typing import Any

import requests

from kontrak.sandbox import Sandbox

USERNAME, KEY = "sandbox-user", "sandbox-key"
PATH = "/v1/user/api/transaction"
DAY = 86_400

NUMBERS = {
    "pln": ("530000000001", "530000000003", "530000000006", "630000000001", "630000000006"),
    "pdam": ("1013226", "1013227", "1013230", "2013226", "2013230"),
    "hp": ("081234554320", "081234554321", "081234554324", "081244554320", "081244554324"),
    "internet": ("6391601001", "6391601002", "6391601005", "7391601001", "7391601005"),
    "bpjs": ("8801234560001", "8801234560002", "8801234560005", "9801234560001", "9801234560005"),
    "multifinance": ("6391601201", "6391601202", "6391601205", "7391601201", "7391601205"),
    "pbb": (
        "329801092375999991", "329801092375999992", "329801092375999995",
        "429801092375999991", "429801092375999995",
    ),
    "pgas": ("0110014601", "0110014603", "0110014605", "1110014601", "1110014605"),
    "tv": ("127246500101", "127246500102", "127246500105", "227246500101", "227246500105"),
    "plnnontaglis": (
        "3225030005921", "3225030005922", "3225030005923", "4225030005921", "4225030005923",
    ),
    "emoney": ("082100000001", "082100000002", "082100000003", "082110000001", "082110000003"),
    "samsat": tuple(
        f"{code},0212502110170100"
        for code in (
            "9658548523568701", "9658548523568702", "9658548523568705",
            "0658548523568701", "0658548523568705",
        )
    ),
    "kirimuang": ("5830000004", "5830000005", "5830000006", "6830000004", "6830000006"),
}  # fmt: skip
"""Success, inquiry fails, payment fails, pending that succeeds, pending that fails."""

BARE = {"ref_id", "customer_no", "code", "message", "status", "rc"}


def md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


class Partner:
    """A client of these tests' own; what it sends is written out here."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.refs = (f"ref-{number:06d}" for number in itertools.count(1))

    def send(self, body: str | bytes, path: str = PATH) -> requests.Response:
        headers = {"Content-Type": "application/json"}
        return requests.post(f"{self.sandbox.url}{path}", data=body, headers=headers, timeout=30)

    def ask(self, **fields: Any) -> dict[str, Any]:
        answer = self.send(json.dumps(fields))
        assert answer.status_code == 200
        assert set(answer.json()) == {"data"}
        data: dict[str, Any] = answer.json()["data"]
        return data

    def request(self, command: str, code: str, customer_no: str, ref_id: str) -> dict[str, Any]:
        return {
            "command": command,
            "username": USERNAME,
            "code": code,
            "customer_no": customer_no,
            "ref_id": ref_id,
            "testing": True,
            "sign": md5(USERNAME + KEY + ref_id),
        }

    def inquire(self, code: str, customer_no: str, ref_id: str | None = None) -> dict[str, Any]:
        return self.ask(**self.request("inq-pasca", code, customer_no, ref_id or next(self.refs)))

    def pay(self, bill: dict[str, Any], **change: str) -> dict[str, Any]:
        return self._again("pay-pasca", bill, change)

    def status(self, bill: dict[str, Any], **change: str) -> dict[str, Any]:
        return self._again("status-pasca", bill, change)

    def _again(self, command: str, bill: dict[str, Any], change: dict[str, str]) -> dict[str, Any]:
        reported = {name: bill[name] for name in ("code", "customer_no", "ref_id")} | change
        return self.ask(**self.request(command, **reported))

    def balance(self) -> int:
        """What an inquiry says is left."""
        left: int = self.inquire("hp", "081234554320")["balance"]
        return left

    def advance(self, seconds: float) -> None:
        url = f"{self.sandbox.url}/_sandbox/advance"
        token = {"X-Sandbox-Token": self.sandbox.token}
        answer = requests.post(url, json={"seconds": seconds}, headers=token, timeout=30)
        answer.raise_for_status()


def together(*calls: Callable[[], dict[str, Any]]) -> list[dict[str, Any]]:
    """The answers of calls made at the same instant."""
    start = threading.Barrier(len(calls))
    answers: list[dict[str, Any]] = []

    def run(call: Callable[[], dict[str, Any]]) -> None:
        start.wait()
        answers.append(call())

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers
