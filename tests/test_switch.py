"""What stops a run from buying anything more, and what is only noted."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from kontrak.errors import LimitReached, SpendingRefused
from kontrak.exchange import Request, Spend
from kontrak.limits.kill_switch import Switch
from kontrak.limits.ledger import WIB, Ledger, day_begins
from kontrak.limits.spend_guard import Gate
from kontrak.masking.masker import Masker

REQUEST = Request("POST", "http://127.0.0.1/", (), b"", "buy")
CANARY = "canary-secret"


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        yield ledger


def a_gate(
    ledger: Ledger,
    *,
    run: str = "run",
    kind: str = "live",
    provider: str = "iak",
    per_day: int | None = None,
    known_rc: tuple[str, ...] = (),
    unexplained: int = 0,
) -> Gate:
    return Gate(
        ledger,
        Masker([CANARY]),
        run=run,
        provider=provider,
        target="there",
        kind=kind,
        spend_rupiah=100_000,
        spend_rupiah_per_day=per_day,
        may_buy=[("P", "C")],
        known_rc=known_rc,
        unexplained_rupiah=unexplained,
    )


def buy(gate: Gate, rupiah: int, reference: str = "REF1", account: str = "") -> int:
    return gate.before(REQUEST, Spend(rupiah, "P", "C", reference, account))


def test_a_reached_limit_stops_everything(ledger: Ledger) -> None:
    gate, worker = a_gate(ledger), a_gate(ledger)
    buy(gate, 60_000)
    with pytest.raises(LimitReached):
        buy(gate, 50_000)
    with pytest.raises(SpendingRefused, match=r"nothing more is bought .*60000 of 100000"):
        buy(worker, 1)
    buy(a_gate(ledger, run="other"), 1)


def test_the_runs_of_a_day_share_its_limit(ledger: Ledger) -> None:
    buy(a_gate(ledger, run="one", per_day=100_000), 70_000)
    with pytest.raises(LimitReached, match=r"limit of a day: 70000 .*\n.*spend_rupiah_per_day"):
        buy(a_gate(ledger, run="two", per_day=100_000), 30_001)
    buy(a_gate(ledger, run="three", per_day=100_000), 30_000)
    assert ledger.spent_today("there") == 100_000


def test_the_day_before_does_not_count(ledger: Ledger, tmp_path: Path) -> None:
    buy(a_gate(ledger, run="one", per_day=100_000), 100_000)
    with sqlite3.connect(tmp_path / "ledger.sqlite") as database:
        database.execute("UPDATE entry SET at = at - 86400")
    database.close()
    buy(a_gate(ledger, run="two", per_day=100_000), 100_000)


def test_a_day_begins_at_midnight_in_jakarta() -> None:
    evening = datetime(2026, 3, 1, 23, 59, tzinfo=WIB).timestamp()
    morning = datetime(2026, 3, 2, 0, 1, tzinfo=WIB).timestamp()
    assert day_begins(evening) == datetime(2026, 3, 1, tzinfo=WIB).timestamp()
    assert day_begins(morning) == datetime(2026, 3, 2, tzinfo=WIB).timestamp()


def test_an_undocumented_rc_stops_a_live_run(ledger: Ledger) -> None:
    gate = a_gate(ledger)
    buy(gate, 1)
    gate.undocumented("REF1", f"77 {CANARY}")
    with pytest.raises(SpendingRefused, match=r"RC 77 \*\*\*\*, which no document explains"):
        buy(gate, 1)
    assert "REF1" in (Switch(ledger, "run").why or "")


def test_an_undocumented_rc_is_noted_of_a_sandbox(ledger: Ledger) -> None:
    gate = a_gate(ledger, kind="sandbox")
    for reference in ("REF1", "REF2"):
        gate.undocumented(reference, "77")
    buy(gate, 1)
    switch = Switch(ledger, "run")
    assert switch.why is None
    assert switch.notes() == ["iak: a payment was answered with RC 77, which no document explains"]


def test_an_rc_that_the_target_reports_stops_nothing(ledger: Ledger) -> None:
    gate = a_gate(ledger, known_rc=("77",))
    gate.undocumented("REF1", "77")
    buy(gate, 1)


# Balances.


def test_a_balance_that_the_ledger_explains_stops_nothing(ledger: Ledger) -> None:
    gate = a_gate(ledger)
    gate.saw_balance(1_000_000)
    buy(gate, 30_000)
    gate.saw_balance(970_000)
    buy(gate, 20_000, "REF2")
    gate.settle("REF2", "07", "refused")
    gate.saw_balance(970_000)
    buy(gate, 1)


def test_a_debit_that_the_provider_reported_explains_a_balance(ledger: Ledger) -> None:
    gate = a_gate(ledger)
    gate.saw_balance(1_000_000)
    buy(gate, 18_000, "REF1")
    gate.settle("REF1", "00", "paid", debit=51_000)
    gate.saw_balance(949_000)
    buy(gate, 1)


def test_a_balance_that_fell_by_more_stops_a_live_run(ledger: Ledger) -> None:
    gate, worker = a_gate(ledger), a_gate(ledger)
    gate.saw_balance(1_000_000)
    buy(gate, 30_000)
    gate.saw_balance(940_000)
    with pytest.raises(
        SpendingRefused, match=r"by 60000 rupiah .*the ledger accounts for only 30000"
    ):
        buy(worker, 1)


def test_the_same_is_noted_of_a_sandbox(ledger: Ledger) -> None:
    gate = a_gate(ledger, kind="sandbox")
    gate.saw_balance(1_000_000)
    gate.saw_balance(999_999)
    buy(gate, 1)
    (note,) = Switch(ledger, "run").notes()
    assert "the ledger accounts for only 0" in note


def test_a_target_may_have_what_others_spend(ledger: Ledger) -> None:
    gate = a_gate(ledger, unexplained=10_000)
    gate.saw_balance(1_000_000)
    gate.saw_balance(990_000)
    buy(gate, 1)


def test_what_was_open_before_may_be_taken_later(ledger: Ledger) -> None:
    earlier = a_gate(ledger, run="earlier")
    earlier.settle(buy(earlier, 30_000), "39", "pending")
    gate = a_gate(ledger)
    gate.saw_balance(1_000_000)
    gate.saw_balance(970_000)
    buy(gate, 1)


def test_a_deposit_is_a_new_beginning(ledger: Ledger) -> None:
    gate = a_gate(ledger)
    gate.saw_balance(1_000_000)
    buy(gate, 30_000)
    gate.saw_balance(5_000_000)
    gate.saw_balance(4_970_000)
    buy(gate, 1)
    gate.saw_balance(4_900_000)
    with pytest.raises(SpendingRefused):
        buy(gate, 1)


def test_accounts_have_balances_of_their_own(ledger: Ledger) -> None:
    gate = a_gate(ledger)
    gate.saw_balance(1_000_000)
    gate.saw_balance(50_000, "signed")
    buy(gate, 20_000, account="signed")
    gate.saw_balance(30_000, "signed")
    gate.saw_balance(1_000_000)
    buy(gate, 1)


def test_interfaces_of_one_platform_pay_from_one_account(ledger: Ledger) -> None:
    json, text = a_gate(ledger, provider="rqid"), a_gate(ledger, provider="httpget")
    json.saw_balance(1_000_000)
    buy(text, 30_000)
    json.saw_balance(970_000)
    buy(json, 1)


# The file.


def test_a_ledger_of_the_first_layout_is_brought_to_this_one(tmp_path: Path) -> None:
    path = tmp_path / "old.sqlite"
    old = sqlite3.connect(path)
    old.execute(
        "CREATE TABLE entry (id INTEGER PRIMARY KEY AUTOINCREMENT, run TEXT NOT NULL,"
        " at REAL NOT NULL, provider TEXT NOT NULL, target TEXT NOT NULL, operation TEXT NOT NULL,"
        " product TEXT NOT NULL, customer TEXT NOT NULL, reference TEXT NOT NULL,"
        " rupiah INTEGER NOT NULL, state TEXT NOT NULL, http_status INTEGER, rc TEXT, error TEXT)"
    )
    old.execute("CREATE INDEX entry_run ON entry (run, reference)")
    old.execute(
        "INSERT INTO entry (run, at, provider, target, operation, product, customer, reference,"
        " rupiah, state) VALUES ('old', 1.0, 'iak', 'there', 'buy', 'P', 'C', 'REF0', 5, 'sent')"
    )
    old.execute("PRAGMA user_version = 1")
    old.commit()
    old.close()
    with Ledger(path) as ledger:
        buy(a_gate(ledger), 7)
        first, second = ledger.entries()
    assert (first.reference, first.account, first.debit, first.closed) == ("REF0", "", None, None)
    assert second.rupiah == 7


# Which row an answer is about.


def test_a_refused_repetition_does_not_become_paid(ledger: Ledger) -> None:
    gate = a_gate(ledger)
    gate.settle(buy(gate, 1), "00", "paid")
    gate.settle(buy(gate, 1), "11", "refused")
    assert not gate.settle("REF1", "00", "paid")
    assert [one.state.value for one in ledger.entries()] == ["paid", "refused"]


def test_two_answers_at_once_settle_both_rows(ledger: Ledger) -> None:
    gate = a_gate(ledger)
    buy(gate, 1)
    buy(gate, 1)
    gate.settle("REF1", "00", "paid", 1)
    gate.settle("REF1", "11", "refused")
    assert sorted(one.state.value for one in ledger.entries()) == ["paid", "refused"]
