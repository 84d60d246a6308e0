"""``kontrak compare``: five billers, one scenario, one table of answers."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest

from kontrak.asking.run import Run
from kontrak.clauses.response_codes import Outcome
from kontrak.commands.comparison import taken_through
from kontrak.config.registry import PROVIDERS
from kontrak.config.target import load_target
from kontrak.errors import NotOffered, ReplyCut
from kontrak.interface.compare_steps import Returned, Step
from kontrak.interface.provider import provider
from kontrak.judging.expect import Blocked
from kontrak.limits.ledger import Ledger
from tests.rawserver import closed_port
from tests.runs import Ended, kontrak, write_target

Rows = dict[tuple[str, str], dict[str, Any]]


def compare(output: Path, *arguments: str) -> Ended:
    return kontrak("compare", f"--output={output}", *arguments, output=output)


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("compared")


@pytest.fixture(scope="module")
def rows(output: Path) -> Rows:
    """What the honest sandbox answers, by provider and step."""
    ended = compare(output, "--format=json")
    assert ended.code == 0, ended.printed
    return {(one["provider"], one["step"]): one for one in json.loads(ended.printed)}


def outcomes(row: dict[str, Any]) -> list[str]:
    return sorted(one["outcome"] for one in row["answers"])


def test_every_provider_takes_every_step(rows: Rows) -> None:
    assert set(rows) == {(key, step.value) for key in PROVIDERS for step in Step}
    assert not [one for one in rows.values() if one["why_not"]]


@pytest.mark.parametrize("key", PROVIDERS)
def test_a_bill_is_paid_once(rows: Rows, key: str) -> None:
    first, again = rows[key, Step.PAY.value], rows[key, Step.PAY_AGAIN.value]
    assert first["taken_rupiah"] > 0
    assert again["taken_rupiah"] == 0
    assert outcomes(first)[0] in ("success", "pending")


@pytest.mark.parametrize("key", PROVIDERS)
def test_what_only_reads_is_free(rows: Rows, key: str) -> None:
    for step in (Step.INQUIRE, Step.STATUS, Step.UNKNOWN, Step.WRONG_SIGN):
        assert rows[key, step.value]["taken_rupiah"] in (0, None)
    assert outcomes(rows[key, Step.WRONG_SIGN.value]) == ["failed"]


@pytest.mark.parametrize("key", PROVIDERS)
def test_two_at_the_same_instant_cost_once(rows: Rows, key: str) -> None:
    race = rows[key, Step.SAME_INSTANT.value]
    assert len(race["answers"]) == 2
    assert race["taken_rupiah"] == rows[key, Step.PAY.value]["taken_rupiah"]


def test_codes_are_the_provider_s_own(rows: Rows) -> None:
    printed = {key: rows[key, Step.PAY.value]["answers"][0]["rc"] for key in PROVIDERS}
    assert printed["iak"] == printed["rqid"] == printed["digiswitch"] == "00"
    assert (printed["tokopedia"], printed["httpget"]) == ("Pending", "text bayar")
    assert rows["rqid", Step.PAY_AGAIN.value]["answers"][0]["rc"] == "94"


def test_the_ledger_knows_every_payment(rows: Rows, output: Path) -> None:
    assert rows
    with Ledger(output / "ledger.sqlite") as ledger:
        for key in PROVIDERS:
            # Pay, again, twice at once; Tokopedia's wrong signature is that of an order.
            wanted = 5 if key == "tokopedia" else 4
            assert len(ledger.entries(provider=key)) == wanted


def test_a_table_has_a_column_for_each(tmp_path: Path) -> None:
    ended = compare(tmp_path, "-p", "iak", "-p", "digiswitch")
    assert ended.code == 0, ended.printed
    head, *lines = ended.printed.splitlines()
    assert head.split() == ["step", "iak", "digiswitch"]
    assert all(step.value in ended.printed for step in Step)
    assert any("by its answer" in line for line in lines)


def test_smoke_spends_nothing_and_says_so(tmp_path: Path) -> None:
    ended = compare(tmp_path, "-p", "rqid", "--profile=smoke")
    assert ended.code == 0, ended.printed
    assert "this run is read-only" in ended.printed
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        assert ledger.entries() == ()


def test_what_a_target_does_not_offer_says_why(tmp_path: Path) -> None:
    target = tmp_path / "part.toml"
    text = (
        'name = "part"\nkind = "sandbox"\nembedded = true\n[iak]\nbase_url = "http://embedded"\n'
        'username = "081200000000"\napi_key = "sandbox-key"\noperations = ["inq-pasca"]\n'
    )
    target.write_text(text, encoding="utf-8")
    ended = compare(tmp_path, f"--target={target}")
    assert ended.code == 0, ended.printed
    assert "iak: the target does not offer pay-pasca" in ended.printed
    assert "iak: the target does not offer checkstatus" in ended.printed


def test_a_dead_target_is_inconclusive(tmp_path: Path) -> None:
    target = write_target(tmp_path, f"http://127.0.0.1:{closed_port()}")
    ended = compare(tmp_path, f"--target={target}")
    assert ended.code == 3, ended.printed
    assert "no answer [1]" in ended.printed
    assert ended.printed.count("no connection") == 1


def test_a_provider_without_a_table_is_a_configuration_error(tmp_path: Path) -> None:
    target = write_target(tmp_path, "http://127.0.0.1:1")
    ended = compare(tmp_path, f"--target={target}", "-p", "rqid")
    assert ended.code == 4, ended.printed


class Odd:
    """A biller that reports no balance, has no status and drops the connection at the end."""

    def balance(self) -> int:
        raise NotOffered("no balance", hint="none")

    def inquire(self) -> Returned:
        return Returned(200, "00", Outcome.SUCCESS)

    def pay(self) -> Returned:
        return Returned(200, "00", Outcome.SUCCESS, balance=900)

    def pay_again(self) -> Returned:
        return Returned(200, "00", Outcome.SUCCESS, balance=800)

    def status(self) -> Returned:
        raise NotOffered("no status", hint="none")

    def unknown_customer(self) -> Returned:
        raise Blocked("IAK-CASE-ONE-BILL")

    def wrong_signature(self) -> Returned:
        return Returned(200, None, None)

    def same_instant(self) -> tuple[Returned, ...]:
        raise ReplyCut("cut", hint="none")


def test_every_step_is_tried_whatever_became_of_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = dataclasses.replace(provider("iak"), compare_steps=lambda _: Odd())
    monkeypatch.setattr("kontrak.commands.comparison.declared", lambda _: odd)
    run = Run("run", load_target(), tmp_path, "http://127.0.0.1:1")
    rows = {one.step: one for one in taken_through(run, "iak")}
    run.close()
    assert rows[Step.PAY].taken is None
    assert (rows[Step.PAY_AGAIN].taken, rows[Step.PAY_AGAIN].by_answer) == (100, True)
    assert rows[Step.STATUS].why == "no status"
    assert "IAK-CASE-ONE-BILL" in rows[Step.UNKNOWN].why
    assert rows[Step.WRONG_SIGN].taken is None
    assert [step for step, one in rows.items() if one.unreached] == [Step.SAME_INSTANT]
