"""How R-ONE's answers are read: words of texts, movements of one second, balances that move."""

import time

import pytest

from kontrak.clauses.response_codes import Outcome
from kontrak.errors import NotOffered, NotTheInterface
from kontrak.exchange import Exchange, Reply, Request
from kontrak.http.body import read_json
from kontrak.judging.expect import Blocked
from kontrak.providers.httpget import TextAnswer
from kontrak.providers.httpget.settings import documented_templates
from kontrak.providers.rqid import RqidAnswer
from kontrak.providers.rqid.account import require_steady
from kontrak.providers.rqid.movements import READINGS, best_reading, breaks, in_time
from kontrak.providers.rqid.probe import require_interface
from kontrak.providers.rqid.waiting import wait_until

REQUEST = Request("GET", "http://x/V1/http-get", (), b"", "TRX IS5")


def _text(body: str | bytes, command: str = "trx") -> TextAnswer:
    raw = body.encode() if isinstance(body, str) else body
    exchange = Exchange(REQUEST, Reply(200, "OK", (), raw), 0.0, 0.0)
    return TextAnswer(exchange, None, None, command, templates=documented_templates())


def _json(body: str, shape: str = "mutations") -> RqidAnswer:
    headers = (("Content-Type", "application/json"),)
    exchange = Exchange(REQUEST, Reply(200, "OK", headers, body.encode()), 0.0, 0.0)
    read = read_json(exchange)
    return RqidAnswer(exchange, read.document, read.malformed, shape)


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("TRX IS5.0812 SUKSES, HRG:5500 SN:A REFID:R1.", Outcome.SUCCESS),
        ("TRX IS5.0812 SUKSES, HRG:5.500 SN:A REFID:R1", Outcome.SUCCESS),
        ("TRX IS5.0812 PROSES, REFID:R1.", Outcome.PENDING),
        ("Trx IS5.0812 akan segera diproses", Outcome.PENDING),
        ("TRX IS5.0812 GAGAL, TIDAK DAPAT DIPROSES. REFID:R1.", Outcome.FAILED),
        ("Maaf, transaksi tdk bisa diproses. Saldo=1000", Outcome.FAILED),
        ("STATUS IS5.0812 SUKSES, HRG:5500 SN:A REFID:R1.", Outcome.FAILED),
        ("", Outcome.FAILED),
    ],
)
def test_a_text_of_any_wording_has_an_outcome(text: str, outcome: Outcome) -> None:
    assert _text(text).outcome is outcome


@pytest.mark.parametrize(
    "body",
    [
        b"<html><body>saldo=1000  @ 2026-04-21 11:00:00</body></html>",
        b'{"message": "saldo=1000  @ 2026-04-21 11:00:00"}',
        "saldo=1000  @ 2026-04-21 11:00:00".encode("utf-16"),
    ],
)
def test_what_stands_around_a_text_is_a_matter_of_its_own(body: bytes) -> None:
    answer = _text(body, "balance")
    assert not answer.is_plain
    assert answer.saldo == 1000


REFUSED = '{"status": "failed", "code": 200, "message": "ditolak", "rc": "30"}'


def test_a_refused_price_check_ends_the_run_only_where_nothing_else_is_answered() -> None:
    price = _json(REFUSED, "price")
    require_interface(price, lambda: True)
    with pytest.raises(NotTheInterface, match="refuses even a price check"):
        require_interface(price, lambda: False)


def _movements(*rows: tuple[int, int, str]) -> RqidAnswer:
    listed = ",".join(
        f'{{"debit": 0, "credit": {credit}, "balance": {balance}, "created_at": "{moment}"}}'
        for credit, balance, moment in rows
    )
    return _json(f'{{"status": "success", "data": [{listed}]}}')


def test_movements_of_one_second_run_on_in_any_order() -> None:
    early, late = "2026-04-21 11:00:00", "2026-04-21 11:00:01"
    answer = _movements((10, 60, late), (30, 70, early), (0, 100, early))
    reading = best_reading(answer)
    assert reading.newest_first
    assert not list(breaks(answer, reading))
    assert [row["balance"] for row in in_time(answer, reading)] == [100, 70, 60]


def test_a_balance_that_is_one_off_breaks_every_reading() -> None:
    moment = "2026-04-21 11:00:00"
    answer = _movements((0, 100, moment), (30, 71, moment), (10, 60, moment))
    assert all(list(breaks(answer, reading)) for reading in READINGS)


def test_a_balance_has_to_stand_still() -> None:
    assert require_steady([5, 5, 5], "RQID-BALANCE-FREE")
    with pytest.raises(Blocked):
        require_steady([5, 4, 3], "RQID-BALANCE-FREE")
    with pytest.raises(NotOffered):
        require_steady([5, 5, 3], "RQID-BALANCE-FREE")


def test_only_what_is_left_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr(time, "time", lambda: 880.0)
    monkeypatch.setattr(time, "sleep", waited.append)
    bill = _json("{}")
    wait_until(bill, 920.0)
    wait_until(bill, 800.0)
    assert waited == [40.0, 0.0]
    with pytest.raises(NotOffered):
        wait_until(bill, 880.0, at_most=870.0)
