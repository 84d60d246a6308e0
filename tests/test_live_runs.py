"""Runs against a live target, played by a kontrak sandbox: limits, workers, the kill switch."""

from __future__ import annotations

from pathlib import Path

from kontrak.limits.ledger import Entry, Ledger
from kontrak.sandbox import Sandbox
from tests.live import live_target
from tests.runs import Ended, suite

PAYMENTS = ("-k", "test_payment or test_idempotency")


def live_run(folder: Path, fault: str, *, kind: str = "live") -> Ended:
    with Sandbox(faults=[fault] if fault else []) as sandbox:
        target = live_target(folder, sandbox.url, kind=kind)
        return suite("--target", str(target), *PAYMENTS, output=folder / "out")


def test_workers_share_limit_and_rate_and_stop_together(tmp_path: Path) -> None:
    with Sandbox() as sandbox:
        target = live_target(
            tmp_path, sandbox.url, spend=700_000, limits="requests_per_second = 50"
        )
        ended = suite("--target", str(target), "-n", "2", *PAYMENTS, output=tmp_path / "out")
    assert ended.code == 3, ended.printed
    assert "STOPPED  nothing more was bought: rehearsal: " in ended.printed
    assert "failed" not in ended.verdicts().values()
    assert ended.verdicts()["IAK-IDEM-PAY-TWICE"] == "skipped"
    assert ended.result["money"]["stopped"].endswith("rupiah are spent or may be")
    assert 0 < ended.result["money"]["spent_rupiah"] <= 700_000
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        assert ledger.spent_today("rehearsal") <= 700_000
    assert (tmp_path / "rate.sqlite").exists()


def test_a_stopped_run_that_found_a_deviation_says_so(tmp_path: Path) -> None:
    ended = live_run(tmp_path, "iak-payment-takes-twice")
    assert ended.code == 1, ended.printed
    assert ended.verdicts()["IAK-PAY-DEBIT"] == "failed"
    assert "STOPPED  nothing more was bought: iak: the balance fell by" in ended.printed
    # Only a payment of several bills is taken twice: it is the last that was sent.
    *others, last = _rows(tmp_path)
    assert last.customer == "530000000002"
    assert {one.customer for one in others} == {"530000000001"}


def test_the_same_of_a_sandbox_is_noted_and_stops_nothing(tmp_path: Path) -> None:
    ended = live_run(tmp_path, "iak-payment-takes-twice", kind="sandbox")
    assert ended.code == 1, ended.printed
    assert "STOPPED" not in ended.printed
    assert "money: iak: the balance fell by" in ended.printed
    assert len(_rows(tmp_path)) > 10


def test_a_payment_without_documented_rc_stops_a_live_run(tmp_path: Path) -> None:
    ended = live_run(tmp_path, "iak-payment-response-code-is-empty")
    assert (
        "STOPPED  nothing more was bought: iak: a payment was answered with nothing"
        in ended.printed
    )
    assert ended.code in (1, 3)
    assert len(_rows(tmp_path)) == 1


def test_an_honest_live_run_conforms(tmp_path: Path) -> None:
    ended = live_run(tmp_path, "")
    assert ended.code == 0, ended.printed
    assert ended.verdicts()["IAK-PAY-SUCCESS"] == "passed"
    assert ended.result["money"]["stopped"] is None
    assert ended.result["money"]["noticed"] == []


def _rows(folder: Path) -> tuple[Entry, ...]:
    with Ledger(folder / "ledger.sqlite") as ledger:
        return ledger.entries()
