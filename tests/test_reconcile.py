"""Closing the books: what has no known end is asked for, and the balance is explained."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from kontrak.config.paths import ROOT
from kontrak.config.registry import PROVIDERS
from kontrak.limits.ledger import Entry, Ledger, State
from kontrak.sandbox import Sandbox
from tests.live import live_target, passing_on, rehearsal
from tests.rawserver import closed_port, raw_server
from tests.runs import Ended, kontrak, suite

PAID = ("--clause=IAK-PAY-SUCCESS", "--clause=IAK-PAY-FAILED-FREE")


def reconcile(target: Path, *arguments: str) -> Ended:
    output = target.parent / "out"
    options = ("reconcile", "--target", str(target), f"--output={output}")
    return kontrak(*options, *arguments, output=output)


def entries(folder: Path) -> tuple[Entry, ...]:
    with Ledger(folder / "ledger.sqlite") as ledger:
        return ledger.entries()


def forget(folder: Path, state: State = State.SENT, *, seconds: int = 0) -> None:
    """Make the ledger forget how its payments ended, and let them be so old."""
    with sqlite3.connect(folder / "ledger.sqlite") as database:
        database.execute(
            "UPDATE entry SET state = ?, debit = NULL, at = at - ? WHERE state <> 'refused'",
            (state.value, seconds),
        )
    database.close()


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no SIGKILL")
def test_a_run_that_was_killed_while_paying_is_reconciled(tmp_path: Path) -> None:
    paid = threading.Event()
    with (
        Sandbox() as sandbox,
        raw_server(
            passing_on(sandbox.url, hold=lambda sent: b"pay-pasca" in sent, held=paid)
        ) as post,
    ):
        target = live_target(tmp_path, post.url(""))
        command = [sys.executable, "-m", "kontrak", "run", "-p", "iak", "--no-html", *PAID]
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and arguments
            [*command, "--target", str(target), f"--output={tmp_path / 'out'}"],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            assert paid.wait(120)
            os.kill(process.pid, signal.SIGKILL)
        finally:
            process.kill()
            process.wait()
        (before,) = entries(tmp_path)
        assert before.state is State.SENT
        ended = reconcile(target)
    assert ended.code == 0, ended.printed
    assert before.reference in ended.printed
    assert "1 of them with an unknown end" in ended.printed
    assert "closed: ledger and provider agree" in ended.printed
    (after,) = entries(tmp_path)
    assert (after.state, after.rc, after.closed) == (State.PAID, "00", 1)
    assert after.debit
    assert f"the balance fell by {after.debit}; the ledger explains {after.debit}" in ended.printed
    assert "sandbox-key" not in ended.printed


@pytest.mark.parametrize("provider", PROVIDERS)
def test_the_books_of_a_whole_run_are_closed(provider: str, tmp_path: Path) -> None:
    with Sandbox() as sandbox:
        target = rehearsal(tmp_path, sandbox.url, token=sandbox.token)
        ran = suite("-p", provider, "--target", str(target), output=tmp_path / "out")
        assert ran.code == 0, ran.printed
        assert not any("balance" in one for one in ran.result["money"]["noticed"])
        forget(tmp_path, State.UNKNOWN, seconds=600)
        # Requests of one provider that are wrong on purpose are described in no known words.
        ended = reconcile(target, "--accept", "wrong on purpose")
        again = reconcile(target)
    assert ended.code == 0, ended.printed
    assert "DO NOT AGREE" not in ended.printed
    assert "fell by" in ended.printed or "returns no balance" in ended.printed
    known = {one.state for one in entries(tmp_path)}
    assert State.PAID in known
    assert again.code == 0, again.printed
    assert "the books are closed" in again.printed


def test_a_balance_that_nothing_explains_is_reported(tmp_path: Path) -> None:
    with Sandbox(faults=["iak-payment-takes-twice"]) as sandbox:
        target = live_target(tmp_path, sandbox.url)
        suite("--target", str(target), *PAID, output=tmp_path / "out")
        ended = reconcile(target)
        accepted = reconcile(target, "--accept", "their ticket 17")
        again = reconcile(target)
    assert ended.code == 1, ended.printed
    assert "THE BOOKS DO NOT AGREE" in ended.printed
    assert accepted.code == 0, accepted.printed
    assert again.code == 0, again.printed
    (first, second) = _closings(tmp_path)
    assert (first, second) == ("differs", "accepted")


def test_what_the_provider_has_never_heard_of_stays_open_for_a_while(tmp_path: Path) -> None:
    with Sandbox() as sandbox:
        target = live_target(tmp_path, sandbox.url)
        assert suite("--target", str(target), *PAID, output=tmp_path / "out").code == 0
        forget(tmp_path)
        sandbox.reset()
        early = reconcile(target)
        forget(tmp_path, seconds=600)
        late = reconcile(target)
    assert early.code == 3, early.printed
    assert "not known there yet" in early.printed
    # The new sandbox has the balance of the beginning: nothing was taken.
    assert late.code == 0, late.printed
    assert {one.state for one in entries(tmp_path)} == {State.REFUSED}


def test_a_target_that_cannot_be_reached_leaves_the_books_open(tmp_path: Path) -> None:
    with Sandbox() as sandbox:
        target = live_target(tmp_path, sandbox.url)
        assert suite("--target", str(target), *PAID, output=tmp_path / "out").code == 0
    forget(tmp_path)
    live_target(tmp_path, f"http://127.0.0.1:{closed_port()}")
    ended = reconcile(target)
    assert ended.code == 3, ended.printed
    assert "NOT ASKED" in ended.printed
    assert {one.state for one in entries(tmp_path)} == {State.SENT}
    assert _closings(tmp_path) == ["open"]


def test_the_embedded_sandbox_has_no_books(tmp_path: Path) -> None:
    ended = kontrak("reconcile", f"--output={tmp_path}", output=tmp_path)
    assert ended.code == 4
    assert "--target FILE" in ended.printed


def test_without_a_ledger_nothing_was_bought(tmp_path: Path) -> None:
    ended = reconcile(live_target(tmp_path, "http://127.0.0.1:9"))
    assert ended.code == 0
    assert "nothing was bought" in ended.printed
    assert not (tmp_path / "ledger.sqlite").exists()


def _closings(folder: Path) -> list[str]:
    with Ledger(folder / "ledger.sqlite") as ledger:
        return [verdict for (verdict,) in ledger.rows("SELECT verdict FROM closing ORDER BY id")]
