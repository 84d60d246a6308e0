"""Texts as partners' platforms write them: separators, sen, amounts below zero, totals."""

from __future__ import annotations

import pytest

from kontrak.clauses.amounts import read_money
from kontrak.clauses.text_template import Mismatch, Template
from kontrak.exchange import Exchange, Reply, Request
from kontrak.judging.expect import Deviation
from kontrak.providers.httpget import TextAnswer
from kontrak.providers.httpget.judging import expect_total
from kontrak.providers.httpget.settings import documented_templates

REQUEST = Request("GET", "http://x/V1/http-get", (), b"", "TRX IS5")
TRX = "TRX {product:code}.{dest:customer} OK, HRG:{price:money} SN:{serial:loose-serial} REF {ref:reference}"  # noqa: E501 - one text
CEK = "CEK {product:code}.{dest:customer} OK, TAGIHAN:{bill:money} ADMIN:{admin:money} TOTAL:{total:money}."  # noqa: E501 - one text


def _answer(text: str, command: str = "trx", **templates: str) -> TextAnswer:
    exchange = Exchange(REQUEST, Reply(200, "OK", (), text.encode()), 0.0, 0.0)
    own = {name: Template(one) for name, one in templates.items()}
    known = {**documented_templates(), **own}
    return TextAnswer(exchange, None, None, command, templates=known)


@pytest.mark.parametrize(
    ("text", "rupiah"),
    [
        ("2000", 2_000),
        ("2.000", 2_000),
        ("2,000", 2_000),
        ("1.302.750", 1_302_750),
        ("2.000,00", 2_000),
        ("2,000.00", 2_000),
        ("2000.00", 2_000),
        ("Rp2.000", 2_000),
        ("Rp. 2.000,-", 2_000),
        ("-1.500", -1_500),
        ("-Rp 1.500", -1_500),
        ("Rp -1.500,00", -1_500),
    ],
)
def test_money_is_read_as_people_write_it(text: str, rupiah: int) -> None:
    assert read_money(text) == rupiah
    assert Template("saldo={balance:signed}.").read(f"saldo={text}.")["balance"] == rupiah


@pytest.mark.parametrize("text", ["", "Rp", "2.00.000", "2.000,50", "1,2,3", "x", "9" * 5_000])
def test_what_is_no_amount_of_whole_rupiah_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="amount"):
        read_money(text)
    with pytest.raises(Mismatch):
        Template("HRG:{price:money} ").read(f"HRG:{text} ")


def test_a_balance_below_zero_is_read() -> None:
    own = "saldo={balance:signed} @ {at:date-time}"
    text = "saldo=-1.500,00 @ 2026-04-21 11:00:00"
    assert _answer(text, "balance", balance=own).saldo == -1_500
    assert _answer(text, "balance").saldo == -1_500


def test_a_serial_may_end_in_dots_where_the_target_says_so() -> None:
    values = _answer("TRX T1.0812 OK, HRG:2.000,00 SN:ABC... REF X-1", trx=TRX).values
    assert values["serial"] == "ABC..."
    assert values["price"] == 2_000


@pytest.mark.parametrize(
    ("amount", "rupiah"), [("2.000,00", 2_000), ("302750.", 302_750), ("5.500", 5_500)]
)
def test_sen_are_no_digits_of_an_amount(amount: str, rupiah: int) -> None:
    text = f"TRX T1.0812 SUKSES, SN:A REFID:T1 HRG:{amount}"
    assert _answer(text).values["price"] == rupiah


def test_a_total_is_read_and_judged() -> None:
    answer = _answer("CEK P.1 OK, TAGIHAN:Rp300.000 ADMIN:2.750 TOTAL:302.751.", "cek", cek=CEK)
    assert answer.values["total"] == 302_751
    expect_total(answer, 302_751, "the sum")
    with pytest.raises(Deviation, match="302750"):
        expect_total(answer, 302_750, "the sum")


def test_an_amount_is_a_number_whatever_kind_its_field_has() -> None:
    loose = "HARGA {price:text}, SN {serial:text}"
    assert _answer("HARGA Rp2.000, SN 5", trx=loose).values == {"price": 2_000, "serial": "5"}
    assert "price" not in _answer("HARGA gratis, SN 5", trx=loose).values
