"""A ledger that cannot be used: nothing is sent, nothing is green, and one line says why."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from jsonschema import validate

from kontrak.asking.run import Run
from kontrak.config.paths import ROOT
from kontrak.config.target import load_target
from kontrak.errors import ConfigurationError, LedgerFailure, TooManyRequests
from kontrak.exchange import Exchange, Reply, Request, Spend
from kontrak.limits.balance_check import Balances
from kontrak.limits.kill_switch import Switch
from kontrak.limits.ledger import Ledger, State
from kontrak.limits.ledger_schema import VERSION
from kontrak.limits.rate_limit import Pace
from kontrak.limits.spend_guard import Gate
from kontrak.masking.masker import Masker
from kontrak.reporting.run_summary import RunCounters
from kontrak.sandbox import Sandbox
from tests.live import live_target
from tests.rawserver import raw_server, silent
from tests.runs import suite

SCHEMA = ROOT / "schemas" / "conformance.json"
REQUEST = Request("POST", "http://127.0.0.1/", (), b"", "buy")
PAID = ("--clause=IAK-PAY-SUCCESS", "--clause=IAK-PAY-FAILED-FREE")


def a_gate(ledger: Ledger) -> Gate:
    return Gate(
        ledger,
        Masker(),
        run="run",
        provider="iak",
        target="there",
        kind="live",
        spend_rupiah=1_000_000,
        may_buy=[("P", "C")],
    )


def buy(gate: Gate, reference: str = "REF1") -> int:
    return gate.before(REQUEST, Spend(1_000, "P", "C", reference))


def filled(path: Path, rows: int = 300) -> None:
    with Ledger(path) as ledger:
        gate = a_gate(ledger)
        for number in range(rows):
            gate.settle(buy(gate, f"REF{number}"), "00", "paid")


# When it is opened.


def no_database(path: Path) -> None:
    path.write_bytes(b"B" * 4_096)


def a_directory(path: Path) -> None:
    path.mkdir()


def without_a_table(path: Path) -> None:
    filled(path, 1)
    with closing(sqlite3.connect(path)) as database:
        database.execute("DROP TABLE balance")


def half_written(path: Path) -> None:
    filled(path)
    whole = path.read_bytes()
    path.write_bytes(whole[:8_192] + b"\xff" * (len(whole) // 2) + whole[8_192 + len(whole) // 2 :])


def cut(path: Path) -> None:
    filled(path)
    path.write_bytes(path.read_bytes()[:20_000])


DAMAGES = (no_database, a_directory, without_a_table, half_written, cut)


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_is_not_opened(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    path = tmp_path / "ledger.sqlite"
    damage(path)
    with pytest.raises(ConfigurationError) as raised:
        Ledger(path)
    assert "ledger.sqlite" in raised.value.sentence
    assert "\n" not in raised.value.sentence


def test_a_locked_file_is_not_waited_for_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kontrak.limits.ledger._OPEN_SECONDS", 0.05)
    path = tmp_path / "ledger.sqlite"
    Ledger(path).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("BEGIN EXCLUSIVE")
        with pytest.raises(ConfigurationError, match="database is locked"):
            Ledger(path)


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_run_with_a_damaged_ledger_sends_nothing(
    tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    damage(tmp_path / "ledger.sqlite")
    with raw_server(silent) as server:
        target = live_target(tmp_path, server.url(""))
        ended = suite("--target", str(target), *PAID, output=tmp_path / "out")
    assert ended.code == 4, ended.printed
    assert server.connections == 0
    assert ended.printed.count("the ledger") == 1
    assert "BBB" not in ended.printed


def test_the_results_say_that_the_ledger_cannot_be_used(tmp_path: Path) -> None:
    output = tmp_path / "out"
    output.mkdir()
    old = ("conformance.json", "summary.txt", "report.html", "statement.json", "manifest.sha256")
    for name in old:
        (output / name).write_text("the last run's", encoding="utf-8")
    no_database(tmp_path / "ledger.sqlite")
    with raw_server(silent) as server:
        target = live_target(tmp_path, server.url(""))
        ended = suite("--target", str(target), *PAID, output=output)
    assert (ended.code, server.connections) == (4, 0), ended.printed
    result = ended.result
    validate(result, json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert (result["exit_code"], result["planned"], result["executed"]) == (4, 0, 0)
    assert "ledger.sqlite cannot be used" in result["stopped"]
    assert {one["provider"] for one in result["clauses"]} == {"iak"}
    assert {one["verdict"] for one in result["clauses"]} == {"skipped"}
    assert {one["reason"] for one in result["clauses"]} == {f"not judged: {result['stopped']}"}
    assert not [name for name in old[1:] if (output / name).exists()]
    assert not list(output.glob(".run-*"))


def test_a_plan_says_that_the_ledger_cannot_be_read(tmp_path: Path) -> None:
    no_database(tmp_path / "ledger.sqlite")
    target = live_target(tmp_path, "http://127.0.0.1:9", limits="spend_rupiah_per_day = 60000000")
    ended = suite("--target", str(target), "--plan", *PAID, output=tmp_path / "out")
    assert ended.code == 0, ended.printed
    assert "money: the ledger " in ended.printed


# An older file.


def test_a_ledger_of_the_second_layout_is_brought_to_this_one(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    filled(path, 2)
    with closing(sqlite3.connect(path)) as database:
        for index in ("day", "unclosed", "refused", "reference"):
            database.execute(f"DROP INDEX entry_{index}")
        database.execute("DROP INDEX too_many_run")
        database.execute("DROP INDEX balance_account")
        for table in ("trouble", "asking_ended"):
            database.execute(f"DROP TABLE {table}")
        for column in ("settled", "cleared"):
            database.execute(f"ALTER TABLE entry DROP COLUMN {column}")
        database.execute("CREATE INDEX entry_target ON entry (target, provider, account, at)")
        database.execute("PRAGMA user_version = 2")
    with Ledger(path) as ledger:
        gate = a_gate(ledger)
        gate.settle(buy(gate), "07", "refused")
        old, _, new = ledger.entries()
        assert ledger.number("PRAGMA user_version") == VERSION
        assert ledger.number("SELECT count(*) FROM sqlite_master WHERE name = 'entry_target'") == 0
    assert (old.state, old.settled, old.cleared) == (State.PAID, None, False)
    assert (new.state, new.cleared) == (State.REFUSED, False)
    assert new.settled is not None


# While a run goes on.


@pytest.fixture
def full(tmp_path: Path) -> Iterator[tuple[Ledger, int]]:
    """A ledger whose disk is full, and the id of a row that is in it."""
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        entry = buy(a_gate(ledger))
        ledger.rows("PRAGMA query_only = ON")
        yield ledger, entry


def an_answer() -> Exchange:
    return Exchange(REQUEST, Reply(200, "", (), b""), 0.0, 0.1)


WRITES: dict[str, Callable[[Ledger, int, Path], object]] = {
    "a payment": lambda ledger, _, __: buy(a_gate(ledger)),
    "an answer": lambda ledger, row, _: a_gate(ledger).after(row, an_answer()),
    "no answer": lambda ledger, row, _: a_gate(ledger).after(row, TooManyRequests("x", hint="y")),
    "a meaning": lambda ledger, row, _: a_gate(ledger).settle(row, "00", "paid"),
    "a balance": lambda ledger, _, __: a_gate(ledger).saw_balance(1),
    "an undocumented answer": lambda ledger, _, __: a_gate(ledger).undocumented("REF1", "77"),
    "a note": lambda ledger, _, __: Switch(ledger, "run").note("x"),
    "HTTP 429": lambda ledger, _, folder: Pace(
        ledger, {}, folder, run="run", target="there", provider="iak"
    ).refused(TooManyRequests("x", hint="y")),
    "an amount beyond 64 bits": lambda ledger, row, _: ledger.settle(row, "00", "paid", 10**30),
}


@pytest.mark.parametrize("name", WRITES)
def test_what_cannot_be_written_ends_the_sending(
    full: tuple[Ledger, int], tmp_path: Path, name: str
) -> None:
    ledger, row = full
    with pytest.raises(LedgerFailure, match="so nothing more is sent"):
        WRITES[name](ledger, row, tmp_path)
    # Even what could still be read says so from now on: a request waits for the pace first.
    with pytest.raises(LedgerFailure):
        Pace(ledger, {}, tmp_path, run="run", target="there", provider="iak").wait()
    with pytest.raises(LedgerFailure):
        Balances(ledger, run="run", provider="iak", target="there").saw(1)


def test_a_counts_of_a_failed_ledger_is_inconclusive(tmp_path: Path) -> None:
    run = Run("run", load_target(live_target(tmp_path, "http://127.0.0.1:9")), tmp_path)
    with closing(run):
        run.ledger.rows("PRAGMA query_only = ON")
        with pytest.raises(LedgerFailure):
            Switch(run.ledger, "run").throw("x")
        counts = RunCounters.of(run)
    assert "cannot be read or written" in (counts.unsure or "")
    assert counts.to_json()["stopped"] == counts.unsure
    assert next(iter(counts.lines())).startswith("INCONCLUSIVE  the ledger ")


def test_a_run_whose_disk_fills_is_never_green(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    Ledger(path).close()
    with closing(sqlite3.connect(path)) as database:
        database.execute(
            "CREATE TRIGGER full BEFORE INSERT ON entry WHEN (SELECT count(*) FROM entry) > 0"
            " BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END"
        )
    with Sandbox() as sandbox:
        target = live_target(tmp_path, sandbox.url)
        ended = suite("--target", str(target), "-k", "test_payment", output=tmp_path / "out")
    assert ended.code == 3, ended.printed
    assert "a fault of kontrak's own" not in ended.printed
    assert "database or disk is full" in ended.printed
    assert "broken" in ended.verdicts().values()
    with Ledger(path) as ledger:
        assert len(ledger.entries()) == 1
