"""The imitation of R-ONE, spoken to by JSON over HTTP like any other target."""

from __future__ import annotations

import re
import threading
import tomllib
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from kontrak.sandbox import Sandbox
from kontrak.sandbox.rone.access import sign
from tests.rone import (
    CUSTOMER,
    FAILED,
    KEY,
    MMID,
    ONE,
    PENDING,
    PENDING_FAILED,
    SIGNED,
    SIGNED_KEY,
    WRONG,
    Partner,
    signed,
)


@pytest.fixture(scope="module")
def running() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def rone(running: Sandbox) -> Partner:
    running.reset()
    return Partner(running)


def together(*calls: Callable[[], Any]) -> list[Any]:
    """The answers of calls made at the same instant."""
    start = threading.Barrier(len(calls))
    answers: list[Any] = []

    def run(call: Callable[[], Any]) -> None:
        start.wait()
        answers.append(call())

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


# What JSON answers, and its lists


def test_the_documented_price_is_answered(rone: Partner) -> None:
    """Word by word what the document shows."""
    assert rone.ask("price", product_code="IS5") == {
        "status": "success",
        "code": 200,
        "message": "success",
        "rc": "00",
        "data": {
            "gangguan": "Tidak",
            "kosong": "Tidak",
            "harga": "5500",
            "kode": "IS5",
            "nama": "INDOSAT SMS 5.000",
        },
    }


def test_the_documented_topup_is_answered(rone: Partner) -> None:
    """As the document shows it, but for the serial number."""
    answer = rone.topup(ref="TEST-1")
    assert re.fullmatch(rf"TRX IS5\.{ONE} SUKSES, SN:\d{{10}}", answer["data"].pop("msg"))
    assert answer["rc"] == "00"
    assert answer["data"] == {
        "ref_1": "TEST-1",
        "product_code": "IS5",
        "product_name": "INDOSAT SMS 5.000",
        "customer_id": ONE,
        "status": 1,
        "status_label": "success",
        "price": "5500",
        "total_price": "5500",
    }


def test_an_inquired_bill_is_paid_under_its_ref(rone: Partner) -> None:
    """The payment repeats ref_1, ref_2 and total_price, and takes that from the balance."""
    before = rone.balance()
    inquiry, payment = rone.bill("inquiry", "INQ-1")["data"], rone.bill("payment", "INQ-1")["data"]
    assert inquiry["detail"] == {
        "no_pelanggan": CUSTOMER,
        "nama": "Anto",
        "bl_th": "APR26",
        "tagihan": "300000",
    }
    assert (inquiry["price"], inquiry["admin"], inquiry["total_price"]) == (
        "300000",
        "2750",
        "302750",
    )
    for name in ("ref_1", "ref_2", "product_code", "product_name", "customer_id", "total_price"):
        assert payment[name] == inquiry[name]
    assert not {"price", "admin", "detail"} & set(payment)
    assert rone.balance() == before - 302_750


def test_the_plan_has_pages(rone: Partner) -> None:
    """120 products make three pages of 50, and together they are all."""
    pages = [rone.ask("products", page=page)["data"] for page in (1, 2, 3)]
    assert pages[0]["meta"] == {"current_page": 1, "last_page": 3, "per_page": 50, "total": 120}
    codes = [one["kode"] for page in pages for one in page["data"]]
    assert len(set(codes)) == 120


@pytest.mark.parametrize(
    ("asked", "rule"),
    [
        ({"category": "PULSA"}, lambda one: one["kategori"] == "PULSA"),
        ({"category_ids": "22,41"}, lambda one: one["kategori"] in {"PULSA", "PLN"}),
        ({"operator": "BPJS"}, lambda one: one["operator"] == "BPJS"),
        ({"q": "is100"}, lambda one: one["kode"] == "IS100"),
        ({"is_open": "0"}, lambda one: "Ya" in {one["gangguan"], one["kosong"]}),
        ({"type": "voucher fisik"}, lambda one: one["kategori"] == "VFISIK"),
        (
            {"category": "PULSA", "operator": "XL"},
            lambda one: (one["kategori"], one["operator"]) == ("PULSA", "XL"),
        ),
    ],
)
def test_filters_bring_what_they_name_and_no_more(
    rone: Partner, asked: dict[str, str], rule: Callable[[dict[str, str]], bool]
) -> None:
    """Compared with the whole plan."""
    plan = rone.ask("products", per_page=1000)["data"]["data"]
    found = rone.ask("products", per_page=1000, **asked)["data"]["data"]
    assert found == [one for one in plan if rule(one)]
    assert 0 < len(found) < len(plan)


def test_prabayar_also_brings_voucher_fisik(rone: Partner) -> None:
    """In capitals and small letters, and in a list."""
    categories = {one["kategori"] for one in _products(rone, type="prabayar")}
    assert "VFISIK" in categories
    assert "PLN" not in categories
    assert _products(rone, type="PRABAYAR") == _products(rone, type="prabayar")
    assert len(_products(rone, type="prabayar,pascabayar")) == 120


def test_prices_are_sorted_as_numbers(rone: Partner) -> None:
    """Upwards and downwards, over all pages."""
    up = [int(one["harga"]) for one in _products(rone, sort="price|asc")]
    down = [int(one["harga"]) for one in _products(rone, sort="price|desc")]
    assert up == sorted(up)
    assert down == sorted(down, reverse=True)
    assert [one["kode"] for one in _products(rone, sort="code|asc")] == sorted(
        one["kode"] for one in _products(rone)
    )


def _products(rone: Partner, **asked: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = rone.ask("products", per_page=1000, **asked)["data"]["data"]
    return found


def test_the_history_is_flat_without_page(rone: Partner) -> None:
    """With page it has an envelope of its own, and per_page ends at 1000."""
    rone.topup(ref="H-1")
    assert [one["ref_1"] for one in rone.ask("history")["data"]] == ["H-1"]
    paged = rone.ask("history", page=1, per_page=5000)["data"]
    assert paged["meta"] == {"current_page": 1, "last_page": 1, "per_page": 1000, "total": 1}
    assert [one["ref_1"] for one in paged["data"]] == ["H-1"]
    assert set(paged["links"]) == {"first", "last", "prev", "next"}


def test_the_history_has_earlier_days(rone: Partner) -> None:
    """A date brings its day alone, a range all its days, both ends with them."""
    today = rone.sandbox.clock.now().date()
    fifth, first = (str(today - timedelta(days=days)) for days in (5, 1))
    assert len(rone.ask("history", date=fifth)["data"]) == 2
    found = rone.ask("history", start_date=fifth, end_date=first)["data"]
    assert {one["created_at"][:10] for one in found} == {fifth, first}
    assert rone.ask("history", date="2026-02-30")["status"] == "failed"


def test_the_history_is_filtered_by_status(rone: Partner) -> None:
    """1, 11, and 2 with 3."""
    for customer, ref in ((ONE, "S-1"), (FAILED, "S-2"), (PENDING, "S-3"), (PENDING_FAILED, "S-4")):
        rone.topup(customer, ref)
    for status, refs in (("1", ["S-1"]), (11, ["S-2"]), ("2", ["S-3"]), ("2,3", ["S-3", "S-4"])):
        assert [one["ref_1"] for one in rone.ask("history", status=status)["data"]] == refs
    assert [one["ref_1"] for one in rone.ask("history", trx_no_mitra="S-2")["data"]] == ["S-2"]


def test_mutations_run_to_the_balance(rone: Partner) -> None:
    """A purchase is a credit, a refund a debit, and every balance follows from the one before."""
    rone.topup()
    rone.topup(PENDING_FAILED)
    rone.sandbox.advance(300)
    rows = rone.ask("mutations", start_date="2000-01-01")["data"]
    balance = 0
    for row in rows:
        balance += row["debit"] - row["credit"]
        assert row["balance"] == balance
        assert (row["debit"] == 0) is not (row["credit"] == 0)
    assert balance == rone.balance()
    assert len(rone.ask("mutations")["data"]) == 3


# What becomes of purchases


@pytest.mark.parametrize(
    ("customer", "at_first", "in_the_end", "cost"),
    [
        (ONE, 1, 1, 5500),
        (PENDING, 2, 1, 5500),
        (PENDING_FAILED, 3, 11, 0),
        (FAILED, 11, 11, 0),
        (WRONG, 11, 11, 0),
    ],
)
def test_a_number_leads_to_its_end(
    rone: Partner, customer: str, at_first: int, in_the_end: int, cost: int
) -> None:
    """Five minutes settle what is in process; nothing changes afterwards."""
    before = rone.balance()
    assert rone.topup(customer, "N-1")["data"]["status"] == at_first
    assert rone.ask("status", ref_1="N-1")["data"]["status"] == at_first
    for _ in range(3):
        rone.sandbox.advance(300)
        assert rone.ask("status", ref_1="N-1")["data"]["status"] == in_the_end
    assert before - rone.balance() == cost


def test_a_used_ref_is_a_duplicate(rone: Partner) -> None:
    """For topup, inquiry and payment alike, whatever became of it; and it costs nothing."""
    for customer, ref in ((ONE, "D-1"), (PENDING, "D-2"), (FAILED, "D-3")):
        rone.topup(customer, ref)
        before = rone.balance()
        for other in (customer, "081234567899"):
            assert rone.topup(other, ref)["rc"] == "94"
        assert rone.bill("inquiry", ref)["rc"] == "94"
        assert rone.balance() == before


def test_a_race_is_won_once(rone: Partner) -> None:
    """Of ten topups under one ref_1 at the same instant, one is bought."""
    before = rone.balance()
    answers = together(*[lambda: rone.topup(ref="R-1")] * 10)
    assert sorted(answer["rc"] for answer in answers) == ["00", *["94"] * 9]
    assert rone.balance() == before - 5500


def test_a_bill_is_paid_once(rone: Partner) -> None:
    """Also at the same instant."""
    before = rone.balance()
    rone.bill("inquiry", "R-2")
    answers = together(*[lambda: rone.bill("payment", "R-2")] * 5)
    assert sorted(answer["rc"] for answer in answers) == ["00", *["94"] * 4]
    assert rone.balance() == before - 302_750


def test_an_inquiry_lasts_fifteen_minutes(rone: Partner) -> None:
    """Just before it can be paid, just after it cannot."""
    rone.bill("inquiry", "E-1")
    rone.bill("inquiry", "E-2")
    rone.sandbox.advance(15 * 60 - 30)
    assert rone.bill("payment", "E-1")["rc"] == "00"
    rone.sandbox.advance(60)
    before = rone.balance()
    assert rone.bill("payment", "E-2")["rc"] == "04"
    assert rone.balance() == before


def test_a_payment_is_for_what_was_inquired(rone: Partner) -> None:
    """A fresh ref_1, another customer and another product are refused."""
    before = rone.balance()
    assert rone.bill("payment", "P-0")["rc"] == "42"
    rone.bill("inquiry", "P-1")
    assert rone.bill("payment", "P-1", "546302215880")["rc"] == "43"
    other = rone.ask("payment", product_code="BPJSKS", customer_id=CUSTOMER, ref_1="P-1")
    assert other["rc"] == "43"
    assert rone.ask("status", ref_1="P-1")["rc"] == "40"
    assert rone.balance() == before


def test_what_cannot_be_paid_is_refused(rone: Partner) -> None:
    """A credit card bill above the balance, and a product that is closed."""
    about = {"product": "KKBCA@900000000", "dest": "4111111111111110", "refID": "K1"}
    assert "TAGIHAN:900000000 " in rone.text(**about, jenis="5")
    assert rone.text(**about, jenis="6") == "GAGAL, SALDO TIDAK CUKUP."
    assert rone.topup(code="IS100")["rc"] == "06"


# Who asks, and how


@pytest.mark.parametrize(
    "headers", [{}, {"rqid": ""}, {"rqid": "no"}, {"rqid": SIGNED_KEY}, {"rqid": KEY.upper()}]
)
def test_a_stranger_is_refused(rone: Partner, headers: dict[str, str]) -> None:
    """Nothing is returned, bought or remembered."""
    before = rone.balance()
    body = {"mmid": MMID, "product_code": "IS5", "customer_id": ONE, "ref_1": "X-1"}
    answer = rone.send("topup", body, headers)
    assert (answer.status_code, answer.json()["rc"]) == (401, "05")
    assert "data" not in answer.json()
    assert rone.balance() == before
    assert rone.topup(ref="X-1")["rc"] == "00"


def test_a_signing_partner_signs(rone: Partner) -> None:
    """Its key alone is refused, its sign opens a balance of its own."""
    fields = {"product_code": "IS5", "customer_id": ONE, "ref_1": "G-1"}
    body = {"mmid": SIGNED, **fields}
    before = rone.balance()
    assert rone.send("topup", body, {"rqid": SIGNED_KEY}).status_code == 401
    assert rone.send("topup", body, signed(**{**fields, "ref_1": "G-2"})).status_code == 401
    assert rone.send("topup", body, signed(**fields)).json()["rc"] == "00"
    assert rone.balance() == before
    assert rone.ask("status", ref_1="G-1")["rc"] == "40"


def test_signatures_are_those_of_the_vectors() -> None:
    """The known answers of R-ONE's own string."""
    path = Path(__file__).parents[1] / "fixtures" / "rqid" / "vectors.toml"
    rows = tomllib.loads(path.read_text(encoding="utf-8"))["signature"]
    names = ("mmid", "product_code", "customer_id", "ref_1", "pin", "api_key")
    for row in [row for row in rows if row["template"].startswith("R-ONE|")]:
        assert sign(*(row[name] for name in names)) == row["sign"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("product_code", None),
        ("product_code", 5),
        ("product_code", "NOSUCH"),
        ("customer_id", ""),
        ("ref_1", None),
        ("ref_1", "a b"),
        ("ref_1", "x" * 200),
        ("mmid", None),
        ("mmid", "R1OTHER"),
    ],
)
def test_a_wrong_field_is_refused(rone: Partner, name: str, value: object) -> None:
    """It costs nothing and is no server error; the unchanged request is accepted."""
    right = {"mmid": MMID, "product_code": "IS5", "customer_id": ONE, "ref_1": "F-1"}
    before = rone.balance()
    answer = rone.send("topup", {**right, name: value})
    assert answer.status_code < 500
    assert answer.json()["status"] == "failed"
    assert rone.balance() == before
    assert rone.send("topup", right).json()["rc"] == "00"


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"a": NaN}', b'{"a":1,"a":2}', b"\xff", b"5"])
def test_a_body_that_is_no_object_is_refused(rone: Partner, body: bytes) -> None:
    """With HTTP 400 and an rc."""
    url = f"{rone.sandbox.url}/V1/api/balance"
    answer = requests.post(url, data=body, headers={"rqid": KEY}, timeout=30)
    assert (answer.status_code, answer.json()["rc"]) == (400, "30")


def test_other_paths_and_methods_are_refused(rone: Partner) -> None:
    """404 and 405, as JSON."""
    assert rone.send("nowhere", {"mmid": MMID}).status_code == 404
    assert rone.send("topup/T-1", {"mmid": MMID}).status_code == 404
    url = f"{rone.sandbox.url}/V1/api/balance"
    assert requests.get(url, headers={"rqid": KEY}, timeout=30).status_code == 405
