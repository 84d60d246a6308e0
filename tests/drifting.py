"""Exchanges, counts and records of our own making, for the tests of drift."""

from __future__ import annotations

import json
from typing import Any

from kontrak.config.target import load_target
from kontrak.drift.difference import Record
from kontrak.drift.document import document
from kontrak.exchange import Exchange, Reply, Request
from kontrak.interface.inventory import Inventory
from kontrak.masking.masker import Masker
from kontrak.reporting.results import Results, TestRecord

PRICE = "IAK-AMOUNT-PRICE"
ABOUT: dict[str, Any] = {
    "run": "run1",
    "started": "2026-11-25T01:17:00+00:00",
    "target": {
        "name": "staging",
        "file": "staging.toml",
        "kind": "sandbox",
        "addresses": {"iak": "http://127.0.0.1"},
    },
    "versions": {"kontrak": "0.1.0"},
    "python": "3.11.7",
    "seed": 1,
    "profile": "full",
    "providers": ["iak"],
}


def exchange(
    body: object,
    *,
    status: int = 200,
    operation: str = "inq-pasca json",
    right: bool = True,
    seconds: float = 0.1,
    headers: tuple[tuple[str, str], ...] = (),
) -> Exchange:
    """An answer of IAK in JSON."""
    sent = Request("POST", "http://127.0.0.1/", (), b"", "inq-pasca", operation, right)
    head = (("Content-Type", "application/json; charset=utf-8"), *headers)
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Exchange(sent, Reply(status, "OK", head, text), 0.0, seconds)


def bill(**members: object) -> dict[str, object]:
    """An answer of success with some members."""
    return {"data": {"response_code": "00", **members}, "meta": []}


def counted(*exchanges: Exchange, masker: Masker | None = None) -> dict[str, Any]:
    """What one process counts of some exchanges with IAK."""
    inventory = Inventory()
    observe = inventory.observer(load_target().provider("iak", sandbox_url="http://127.0.0.1"))
    for one in exchanges:
        observe(one)
    return inventory.raw(masker or Masker())


def results(
    verdict: str = "passed", *, test: str = "t.py::a", blocked_by: str | None = None, **more: object
) -> dict[str, Any]:
    """The results of a run that judged one clause by one test."""
    record = TestRecord(test, PRICE, verdict, blocked_by=blocked_by, reason="why")
    return written(Results(about={**ABOUT, **more}, planned={test: PRICE}, records=[record]))


def written(made: Results) -> dict[str, Any]:
    """Results as they are read back from conformance.json."""
    found: dict[str, Any] = json.loads(json.dumps(made.to_json()))
    return found


def record(*exchanges: Exchange, printed: dict[str, Any] | None = None) -> Record:
    """A run of IAK with some exchanges, and what its results say."""
    return Record(document(counted(*exchanges), ABOUT), printed or results())
