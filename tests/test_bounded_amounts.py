"""Amounts of any size cost nothing to read, and are distinguished from amounts that can be."""

from __future__ import annotations

import contextlib
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from kontrak.asking.run import Run
from kontrak.clauses.amounts import LARGEST, as_number, digits_of, whole_rupiah
from kontrak.clauses.shapes import shape
from kontrak.clauses.text_template import Mismatch, Template
from kontrak.config.paths import FIXTURES
from kontrak.config.target import load_target
from kontrak.errors import SpendingRefused
from kontrak.exchange import Exchange, Reply, Request
from kontrak.http.body import read_json
from kontrak.judging.expect import Blocked
from kontrak.limits.ledger import Ledger
from kontrak.providers.iak.client import Iak
from kontrak.sandbox import Sandbox
from tests.live import live_target, lying
from tests.rawserver import raw_server
from tests.runs import suite
from tests.test_lying_providers import of, setting

HUGE: tuple[object, ...] = (
    "1e10000000",
    "1e1000000000000",
    "-1e10000000",
    "1e-10000000",
    "1e400",
    "9" * 5_000,
    "1" + "0" * 39,
    " " * 5 + "9" * 50,
    10**30,
    -(10**30),
    10**5_000,
    LARGEST + 1,
    1e308,
    float("inf"),
    float("nan"),
    "Infinity",
    "NaN",
    "sNaN",
    True,
    None,
    [],
    {},
    "",
)


@pytest.mark.parametrize("found", HUGE, ids=range(len(HUGE)))
def test_what_is_no_amount_is_none(found: object) -> None:
    assert as_number(found) is None
    assert whole_rupiah(found) is None


@pytest.mark.parametrize(
    ("found", "amount"),
    [
        (302_500, 302_500),
        ("302500", 302_500),
        (302_500.0, 302_500),
        ("302500.00", 302_500),
        (0, 0),
        (-5, -5),
        (LARGEST, LARGEST),
        (str(LARGEST), LARGEST),
        ("3e5", 300_000),
    ],
    ids=range(9),
)
def test_what_is_an_amount_stays_one(found: object, amount: int) -> None:
    assert as_number(found) == Decimal(amount)
    assert whole_rupiah(found) == amount


def test_amounts_in_texts_are_bounded_too() -> None:
    assert digits_of("1.234.567,00") == 123_456_700
    assert [digits_of(text) for text in ("", "Rp", "9" * 17, "9" * 5_000)] == [None] * 4
    template = Template("HRG: {price:amount}")
    assert template.read("HRG: 5500") == {"price": 5500}
    for digits in ("9" * 17, "9" * 5_000):
        with pytest.raises(Mismatch):
            template.read(f"HRG: {digits}")


def an_answer(body: bytes) -> Exchange:
    request = Request("POST", "http://127.0.0.1/", (), b"", "ask")
    return Exchange(request, Reply(200, "", (), body), 0.0, 0.1)


def test_a_document_with_an_integer_of_any_length_is_well_formed() -> None:
    answer = read_json(an_answer(b'{"price": ' + b"9" * 5_000 + b', "n": 12}'))
    assert answer.malformed is None
    assert answer.document["n"] == 12
    assert as_number(answer.document["price"]) is None


@pytest.mark.parametrize("value", [10**30, LARGEST + 1, -(10**20), 1e300, float("inf")])
def test_a_number_that_is_no_amount_breaks_the_place_it_stands_at(value: object) -> None:
    inquiry = shape("iak", "inquiry-json")
    text = (FIXTURES / "iak" / "inquiry_response.json").read_text(encoding="utf-8")
    document = json.loads(text)
    assert inquiry.accepts(document)
    document["data"]["price"] = value
    found = inquiry.violations(document)
    assert {one.at for one in found} == {"data.price"}
    assert all(len(one.received) < 200 for one in found)


# Through a client, and through a whole run.

ODD: tuple[Any, ...] = ("1e10000000", 10**30, "1e400", "9" * 5_000, -5, True, "NaN", 1e308, [])


@pytest.mark.parametrize("value", ODD, ids=range(len(ODD)))
@pytest.mark.parametrize("name", ["price", "selling_price", "balance"])
def test_no_answer_to_a_payment_breaks_the_ledger(tmp_path: Path, name: str, value: object) -> None:
    odd = of("pay-pasca", setting(**{name: value}))
    with Sandbox() as sandbox, raw_server(lying(sandbox.url, odd)) as server:
        run = Run("run", load_target(live_target(tmp_path, server.url(""))), tmp_path / "out")
        with contextlib.closing(run):
            iak = Iak(run.wire("iak"))
            iak.pay(iak.inquiry(iak.case("one_bill")))
            (row,) = run.ledger.entries()
            assert row.state.value == "paid"
            assert run.ledger.spent("run") >= 302_500


@pytest.mark.parametrize("value", ODD, ids=range(len(ODD)))
def test_no_price_of_an_inquiry_breaks_a_client(tmp_path: Path, value: object) -> None:
    odd = of("inq-pasca", setting(price=value, tr_id=value))
    with Sandbox() as sandbox, raw_server(lying(sandbox.url, odd)) as server:
        run = Run("run", load_target(live_target(tmp_path, server.url(""))), tmp_path / "out")
        with contextlib.closing(run):
            iak = Iak(run.wire("iak"))
            with pytest.raises((Blocked, SpendingRefused)):
                iak.pay(iak.inquiry(iak.case("one_bill")))


@pytest.mark.parametrize("value", ["1e10000000", 10**30], ids=["text", "integer"])
def test_a_run_calls_it_a_deviation(tmp_path: Path, value: object) -> None:
    odd = of("pay-pasca", setting(selling_price=value))
    with Sandbox() as sandbox, raw_server(lying(sandbox.url, odd)) as server:
        target = live_target(tmp_path, server.url(""))
        ended = suite("--target", str(target), "-k", "test_payment", output=tmp_path / "out")
    assert ended.code == 1, ended.printed
    assert "a fault of kontrak's own" not in ended.printed
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        assert all(one.debit is None for one in ledger.entries() if one.state.value == "refused")
