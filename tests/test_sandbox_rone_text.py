"""The imitation of R-ONE, spoken to by text over HTTP like any other target."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import requests

from kontrak.sandbox import Sandbox
from tests.rone import CUSTOMER, FAILED, KEY, MMID, ONE, PENDING, PIN, SIGNED, Partner, signed


@pytest.fixture(scope="module")
def running() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def rone(running: Sandbox) -> Partner:
    running.reset()
    return Partner(running)


def test_the_documented_texts_are_answered(rone: Partner) -> None:
    """Sign for sign, but for the serial number and the amounts of the own prices."""
    trx = rone.text(product="T2", dest="089652137190", refID="TEST-1", qty="1")
    assert re.fullmatch(r"TRX T2\.089652137190 SUKSES, HRG:3000 SN:\d{10} REFID:TEST-1\.", trx)
    about = {"product": "PLNPASC", "dest": CUSTOMER, "refID": "TEST-2"}
    assert rone.text(**about, jenis="5") == (
        f"CEK PLNPASC.{CUSTOMER} SUKSES, DATA:Anto TAGIHAN:300000 ADMIN:2750."
    )
    assert rone.text(**about, jenis="6") == (
        f"BAYAR PLNPASC.{CUSTOMER} SUKSES, HRG:302750 REFID:TEST-2."
    )
    status = rone.text(product="T2", dest="089652137190", refID="TEST-1", cek="1")
    assert status == trx.replace("TRX", "STATUS", 1)


def test_the_text_balance_has_two_blanks(rone: Partner) -> None:
    """And returns what JSON returns."""
    line = rone.line("/balance", {})
    assert re.fullmatch(r"saldo=\d+  @ \d{4}-\d\d-\d\d \d\d:\d\d:\d\d", line)
    assert line.startswith(f"saldo={rone.balance()} ")


@pytest.mark.parametrize(
    ("product", "dest"),
    [
        ("PLNNONTGL", "5463022158890"),
        ("PDAMKLT", "0123456789"),
        ("BPJSKS", "0001234567890@3"),
        ("BPJSTKPU", "21000012345"),
        ("INDIHOME", "122012345678"),
        ("HALO", "08111234567"),
        ("TOPTV", "1234567890"),
        ("FNADIRA", "0102030405"),
        ("PGN", "0012345678"),
        ("PERTAGAS", "0098765"),
        ("PKBJATENG", "H1234AB@2026"),
        ("PBBKLT@2026", "331001000100200350"),
        ("KKBCA@250000", "4111111111111110"),
    ],
)
def test_every_family_is_inquired_and_paid(rone: Partner, product: str, dest: str) -> None:
    """HRG is TAGIHAN plus ADMIN, and what stands behind an @ is repeated."""
    about = {"product": product, "dest": dest, "refID": "FAM1"}
    found = re.fullmatch(
        rf"CEK {re.escape(f'{product}.{dest}')} SUKSES, DATA:.+ TAGIHAN:(\d+) ADMIN:(\d+)\.",
        rone.text(**about, jenis="5"),
    )
    assert found is not None
    total = int(found[1]) + int(found[2])
    before = rone.balance()
    assert rone.text(**about, jenis="6") == (
        f"BAYAR {product}.{dest} SUKSES, HRG:{total} REFID:FAM1."
    )
    assert rone.balance() == before - total


@pytest.mark.parametrize(
    "change",
    [
        {"pin": "000000"},
        {"password": "no"},
        {"memberID": "R1OTHER"},
        {"memberID": SIGNED},
        {"pin": None},
        {"product": "NOSUCH"},
        {"product": None},
        {"product": ""},
        {"product": "IS5' OR '1'='1"},
        {"product": "IS5@2026"},
        {"dest": None},
        {"dest": "0812<b>"},
        {"dest": "081234567890@1"},
        {"refID": None},
        {"refID": "a.b"},
        {"product": "X" * 5000},
        {"jenis": "5"},
        {"jenis": "7"},
        {"cek": "2"},
        {"qty": "2"},
    ],
    ids=str,
)
def test_a_wrong_text_request_is_refused(rone: Partner, change: dict[str, str | None]) -> None:
    """In plain text, and nothing is charged; the unchanged request is accepted."""
    right: dict[str, str | None] = {"product": "IS5", "dest": ONE, "refID": "W1", "qty": "1"}
    before = rone.balance()
    assert re.fullmatch(r"GAGAL, [A-Z ]+\.", rone.text(**{**right, **change}))
    assert rone.balance() == before
    assert rone.text(**right).startswith(f"TRX IS5.{ONE} SUKSES, ")


def test_a_repeated_parameter_is_refused(rone: Partner) -> None:
    """Even with the same value."""
    url = f"{rone.sandbox.url}/V1/http-get"
    query = f"memberID={MMID}&pin={PIN}&password={KEY}&product=IS5&dest={ONE}&refID=Q1&refID=Q1"
    assert requests.get(f"{url}?{query}&qty=1", timeout=30).text == "GAGAL, PARAMETER BERULANG."


def test_failed_and_pending_have_texts_of_their_own(rone: Partner) -> None:
    """None of them is a text of success."""
    for dest, words in ((PENDING, "PROSES"), (FAILED, "GAGAL, TRANSAKSI GAGAL.")):
        line = rone.text(product="IS5", dest=dest, refID=f"Z{dest}", qty="1")
        assert line.startswith(f"TRX IS5.{dest} {words}")
        assert line.endswith(f"REFID:Z{dest}.")


# Between the two


def test_what_is_bought_by_text_is_seen_by_json(rone: Partner) -> None:
    """Status, history and serial number agree, and the reference is taken."""
    line = rone.text(product="IS5", dest=ONE, refID="B1", qty="1")
    status = rone.ask("status", ref_1="B1")["data"]
    assert (status["status"], status["product_code"]) == (1, "IS5")
    assert status["msg"].rpartition("SN:")[2] in line
    history = rone.ask("history/B1")["data"]
    assert (history["customer_id"], history["total_price"]) == (ONE, "5500")
    assert rone.topup(ref="B1")["rc"] == "94"


def test_a_bill_inquired_by_text_is_paid_by_json(rone: Partner) -> None:
    """One platform, one balance, one reference."""
    rone.text(product="PLNPASC", dest=CUSTOMER, refID="B2", jenis="5")
    paid = rone.ask("payment", product_code="PLNPASC", customer_id=CUSTOMER, ref_1="B2")
    assert paid["data"]["total_price"] == "302750"
    again = rone.text(product="PLNPASC", dest=CUSTOMER, refID="B2", jenis="6")
    assert again == "GAGAL, REF SUDAH DIGUNAKAN."


# Who signs


def test_a_text_partner_signs_too(rone: Partner) -> None:
    """In place of pin and password, over the same string."""
    about = {"product": "BPJSKS", "dest": "0001234567890@2", "refID": "G3"}
    right = signed(product_code="BPJSKS", customer_id="0001234567890@2", ref_1="G3")["sign"]
    own = {"memberID": SIGNED, "pin": None, "password": None}
    assert rone.text(**about, jenis="5", **own, sign=right).startswith("CEK BPJSKS.")
    assert rone.text(**about, jenis="5", **own, sign="no") == "GAGAL, AKSES DITOLAK."
