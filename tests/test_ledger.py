"""The ledger and the gate before it."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import pytest

from kontrak.errors import (
    ConfigurationError,
    DeadlineExceeded,
    LedgerFailure,
    NoAnswer,
    ReplyCut,
    SpendingRefused,
    Unreachable,
)
from kontrak.exchange import Exchange, Reply, Request, Spend
from kontrak.interface.refid import new_ref_id
from kontrak.limits.ledger import Ledger, Outcome, State
from kontrak.limits.spend_guard import Gate
from kontrak.masking.masker import Masker

API_KEY = "canary-api-key"
REQUEST = Request("POST", "http://127.0.0.1/", (), b"{}", f"pay-pasca 17, key {API_KEY}")
ALLOWED = ("PLNPOSTPAID", "530000000001")

# Run by a worker process: argv is the ledger's path and an amount.
RESERVE = """
import sys
from kontrak.errors import SpendingRefused
from kontrak.exchange import Request, Spend
from kontrak.limits.spend_guard import Gate
from kontrak.limits.ledger import Ledger
from kontrak.masking.masker import Masker

gate = Gate(Ledger(sys.argv[1]), Masker(), run="run", provider="iak", target="here", kind="live",
            spend_rupiah=100_000, may_buy=[("P", "C")])
try:
    gate.before(Request("POST", "http://127.0.0.1/", (), b"", "buy"),
                Spend(int(sys.argv[2]), "P", "C", "REF"))
except SpendingRefused:
    print("refused", flush=True)
else:
    print("reserved", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "made" / "ledger.sqlite"


@pytest.fixture
def ledger(path: Path) -> Iterator[Ledger]:
    with Ledger(path) as ledger:
        yield ledger


def a_gate(
    ledger: Ledger,
    *,
    kind: str = "live",
    run: str = "run",
    limit: int | None = 100_000,
    may_buy: tuple[tuple[str, str], ...] = (ALLOWED,),
) -> Gate:
    return Gate(
        ledger,
        Masker([API_KEY]),
        run=run,
        provider="iak",
        target="staging",
        kind=kind,
        spend_rupiah=limit,
        may_buy=may_buy,
    )


def a_spend(rupiah: int, *, pair: tuple[str, str] = ALLOWED, reference: str | None = None) -> Spend:
    return Spend(rupiah, *pair, reference or new_ref_id())


def an_exchange(status: int) -> Exchange:
    return Exchange(REQUEST, Reply(status, "", (), b""), 0.0, 0.1)


def test_a_row_says_what_is_bought_and_never_a_secret(ledger: Ledger, path: Path) -> None:
    a_gate(ledger).before(REQUEST, a_spend(2500, reference="REF1"))
    (entry,) = ledger.entries()
    assert (entry.run, entry.provider, entry.target) == ("run", "iak", "staging")
    assert (entry.product, entry.customer, entry.reference) == (*ALLOWED, "REF1")
    assert (entry.rupiah, entry.state, entry.http_status) == (2500, State.SENT, None)
    assert entry.operation == "pay-pasca 17, key ****"
    assert all(API_KEY.encode() not in file.read_bytes() for file in path.parent.iterdir())


def test_an_answer_is_noted_with_its_status(ledger: Ledger) -> None:
    gate = a_gate(ledger)
    gate.after(gate.before(REQUEST, a_spend(1)), an_exchange(503))
    (entry,) = ledger.entries()
    assert (entry.state, entry.http_status) == (State.ANSWERED, 503)


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (Unreachable("x", hint="y"), State.UNSENT),
        (DeadlineExceeded("x", hint="y"), State.UNKNOWN),
        (ReplyCut("x", hint="y"), State.UNKNOWN),
    ],
    ids=lambda value: type(value).__name__,
)
def test_an_error_is_noted_with_its_kind(ledger: Ledger, error: NoAnswer, state: State) -> None:
    gate = a_gate(ledger)
    gate.after(gate.before(REQUEST, a_spend(1)), error)
    (entry,) = ledger.entries()
    assert (entry.state, entry.error) == (state, type(error).__name__)


@pytest.mark.parametrize(
    ("outcome", "spent"), [("paid", 1000), ("pending", 1000), ("refused", 1000)]
)
def test_an_outcome_is_settled_by_reference(ledger: Ledger, outcome: Outcome, spent: int) -> None:
    gate = a_gate(ledger)
    gate.before(REQUEST, a_spend(1000, reference="REF1"))
    assert gate.settle("REF1", f"00 {API_KEY}", outcome)
    (entry,) = ledger.entries(reference="REF1")
    assert (entry.state, entry.rc) == (State(outcome), "00 ****")
    assert ledger.spent("run") == spent


def test_more_than_was_declared_counts_as_spent(ledger: Ledger) -> None:
    gate = a_gate(ledger)
    gate.before(REQUEST, a_spend(1000, reference="REF1"))
    assert gate.settle("REF1", "00", "paid", debit=1_500)
    assert ledger.spent("run") == 1_500


def test_a_paid_row_stays_paid(ledger: Ledger) -> None:
    gate = a_gate(ledger)
    entry_id = gate.before(REQUEST, a_spend(1000))
    assert gate.settle(entry_id, "00", "paid")
    assert not gate.settle(entry_id, "07", "refused")
    assert ledger.spent("run") == 1000


def test_a_repeated_reference_settles_its_last_row_only(ledger: Ledger) -> None:
    gate = a_gate(ledger)
    for _ in range(2):
        gate.before(REQUEST, a_spend(1000, reference="REF1"))
    gate.settle("REF1", "11", "refused")
    assert [entry.state for entry in ledger.entries()] == [State.SENT, State.REFUSED]
    assert (ledger.spent("run"), ledger.refused("run")) == (2000, 1000)


def test_an_unknown_reference_settles_nothing(ledger: Ledger) -> None:
    a_gate(ledger, run="other").before(REQUEST, a_spend(1000, reference="REF1"))
    assert not a_gate(ledger).settle("REF1", "00", "paid")


def test_entries_are_narrowed_by_run(ledger: Ledger) -> None:
    for run in ("one", "two", "one"):
        a_gate(ledger, run=run).before(REQUEST, a_spend(1))
    assert len(ledger.entries()) == 3
    assert [entry.run for entry in ledger.entries(run="one", provider="iak")] == ["one", "one"]
    assert ledger.entries(provider="rqid") == ()


# What the gate lets pass.


def test_a_sandbox_allows_everything_and_records_it(ledger: Ledger) -> None:
    gate = a_gate(ledger, kind="sandbox", limit=None, may_buy=())
    for rupiah in (0, 5, 10**9):
        gate.before(REQUEST, a_spend(rupiah, pair=("any", "one")))
    assert len(ledger.entries()) == 3


def test_a_live_target_without_a_limit_refuses(ledger: Ledger) -> None:
    with pytest.raises(SpendingRefused, match=r"`\[limits\] spend_rupiah`"):
        a_gate(ledger, limit=None).before(REQUEST, a_spend(1))
    assert ledger.entries() == ()


@pytest.mark.parametrize("pair", [("OTHER", ALLOWED[1]), (ALLOWED[0], "530000000002")])
def test_a_live_target_refuses_what_it_does_not_list(ledger: Ledger, pair: tuple[str, str]) -> None:
    with pytest.raises(SpendingRefused, match=r"`\[\[limits.may_buy\]\]`.*`product`.*`customer`"):
        a_gate(ledger).before(REQUEST, a_spend(1, pair=pair))
    assert ledger.entries() == ()


@pytest.mark.parametrize("rupiah", [0, -1])
def test_a_live_target_refuses_an_amount_that_is_none(ledger: Ledger, rupiah: int) -> None:
    with pytest.raises(SpendingRefused, match="no amount"):
        a_gate(ledger).before(REQUEST, a_spend(rupiah))


def test_the_limit_may_be_reached_and_not_passed(ledger: Ledger) -> None:
    gate = a_gate(ledger)
    gate.before(REQUEST, a_spend(60_000))
    with pytest.raises(SpendingRefused, match="60000 of 100000"):
        gate.before(REQUEST, a_spend(40_001))
    assert ledger.spent("run") == 60_000
    other = a_gate(ledger, run="other")
    other.before(REQUEST, a_spend(60_000))
    other.before(REQUEST, a_spend(40_000))
    assert ledger.spent("other") == 100_000


def test_another_run_has_a_limit_of_its_own(ledger: Ledger) -> None:
    a_gate(ledger, run="one").before(REQUEST, a_spend(100_000))
    a_gate(ledger, run="two").before(REQUEST, a_spend(100_000))
    assert ledger.spent("one") == ledger.spent("two") == 100_000


def test_threads_share_one_limit(ledger: Ledger) -> None:
    def reserved(_: int) -> bool:
        try:
            gate.before(REQUEST, a_spend(10_000))
        except SpendingRefused:
            return False
        return True

    gate = a_gate(ledger)
    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(reserved, range(30))) == 10


# Several processes.


def a_worker(path: Path, rupiah: int) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603 - our own interpreter and text
        [sys.executable, "-c", RESERVE, str(path), str(rupiah)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def first_line(worker: subprocess.Popen[str]) -> str:
    assert worker.stdout is not None
    return worker.stdout.readline().strip()


def test_workers_share_one_limit(path: Path) -> None:
    workers = [a_worker(path, 40_000) for _ in range(4)]
    lines = [first_line(worker) for worker in workers]
    for worker in workers:
        worker.communicate()
    assert sorted(lines) == ["refused", "refused", "reserved", "reserved"]
    with Ledger(path) as ledger:
        assert ledger.spent("run") == 80_000


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no SIGKILL")
def test_a_row_survives_the_death_of_its_process(path: Path) -> None:
    worker = a_worker(path, 40_000)
    assert first_line(worker) == "reserved"
    worker.kill()
    worker.communicate()
    assert worker.returncode == -signal.SIGKILL
    with Ledger(path) as ledger:
        (entry,) = ledger.entries()
        assert (entry.state, entry.rupiah) == (State.SENT, 40_000)
        assert ledger.spent("run") == 40_000


# The file.


def test_commits_reach_the_disk(ledger: Ledger, path: Path) -> None:
    a_gate(ledger).before(REQUEST, a_spend(1))
    database = sqlite3.connect(path)
    assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert database.execute("SELECT count(*) FROM entry").fetchone() == (1,)
    database.close()


def test_a_file_that_is_no_ledger_is_a_configuration_error(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"no database at all, " * 100)
    with pytest.raises(ConfigurationError, match=r"ledger\.sqlite cannot be used"):
        Ledger(path)


def test_a_ledger_of_another_layout_is_a_configuration_error(path: Path) -> None:
    Ledger(path).close()
    database = sqlite3.connect(path)
    database.execute("PRAGMA user_version = 99")
    database.close()
    with pytest.raises(ConfigurationError, match="layout 99"):
        Ledger(path)


def test_what_cannot_be_recorded_is_refused(path: Path) -> None:
    ledger = Ledger(path)
    gate = a_gate(ledger)
    ledger.close()
    with pytest.raises(LedgerFailure, match="nothing more is sent"):
        gate.before(REQUEST, a_spend(1))


# Reference ids.


def test_reference_ids_are_unique_capitals_and_digits() -> None:
    with ThreadPoolExecutor(4) as threads:
        ids = list(threads.map(lambda _: new_ref_id(), range(20_000)))
    assert len(set(ids)) == len(ids)
    assert all(
        len(each) == 20 and each.isascii() and each.isalnum() and each == each.upper()
        for each in ids
    )


def test_reference_ids_sort_by_age(monkeypatch: pytest.MonkeyPatch) -> None:
    times = iter([36**8 // 2, 36**8 // 2 + 1, 36**8 - 1])
    clock = SimpleNamespace(time_ns=lambda: next(times) * 1_000_000)
    monkeypatch.setattr("kontrak.interface.refid.time", clock)
    ids = [new_ref_id(16) for _ in range(3)]
    assert ids == sorted(ids)
    assert {len(each) for each in ids} == {16}


def test_a_short_reference_id_is_refused() -> None:
    with pytest.raises(ValueError, match="15 characters"):
        new_ref_id(15)
