"""A partner of IAK of the tests' own, who speaks to the sandbox over HTTP."""

from __future__ import annotations

import hashlib
import itertools
import threading
import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import Any

import requests

from kontrak.sandbox import Sandbox

USERNAME, KEY = "081200000000", "sandbox-key"
ONE, EIGHT = "530000000001", "530000000002"


def md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


class Partner:
    """A client of these tests' own; what it sends is written out here."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.refs = (f"T{number:06d}" for number in itertools.count(1))

    def send(self, body: str | bytes, content_type: str = "application/json") -> requests.Response:
        return requests.post(
            f"{self.sandbox.url}/api/v1/bill/check",
            data=body,
            headers={"Content-Type": content_type},
            timeout=30,
        )

    def ask(self, **fields: Any) -> dict[str, Any]:
        answer = requests.post(f"{self.sandbox.url}/api/v1/bill/check", json=fields, timeout=30)
        data: dict[str, Any] = answer.json()["data"]
        return data

    def ask_xml(self, **fields: str) -> ET.Element:
        inside = "".join(f"<{name}>{value}</{name}>" for name, value in fields.items())
        answer = self.send(f'<?xml version="1.0" ?><mp>{inside}</mp>', "application/xml")
        return ET.fromstring(answer.content)  # noqa: S314 - the sandbox of this very process

    def inquiry(self, hp: str = ONE, ref_id: str | None = None) -> dict[str, str]:
        ref_id = ref_id or next(self.refs)
        return {
            "commands": "inq-pasca",
            "username": USERNAME,
            "code": "PLNPOSTPAID",
            "hp": hp,
            "ref_id": ref_id,
            "sign": md5(USERNAME + KEY + ref_id),
        }

    def inquire(self, hp: str = ONE, ref_id: str | None = None) -> dict[str, Any]:
        return self.ask(**self.inquiry(hp, ref_id))

    def pay(self, tr_id: object) -> dict[str, Any]:
        sign = md5(f"{USERNAME}{KEY}{tr_id}")
        return self.ask(commands="pay-pasca", username=USERNAME, tr_id=tr_id, sign=sign)

    def status(self, ref_id: str) -> dict[str, Any]:
        sign = md5(USERNAME + KEY + "cs")
        return self.ask(commands="checkstatus", username=USERNAME, ref_id=ref_id, sign=sign)

    def balance(self) -> Any:
        body = {"username": USERNAME, "sign": md5(USERNAME + KEY + "bl")}
        answer = requests.post(f"{self.sandbox.url}/api/check-balance", json=body, timeout=30)
        return answer.json()["data"]["balance"]

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
