"""Runs of both R-ONE suites: quiet where nothing is wrong, judged as far as a target allows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kontrak.sandbox.http import SandboxResponse
from tests.runs import suite
from tests.sick import SickSandbox, target_of

OPERATIONS = (
    "price", "product-categories", "products", "topup", "inquiry", "payment", "status",
    "history/ref_1", "history", "mutations",
)  # fmt: skip
WITHOUT_BALANCE = f"""
name = "without balance"
kind = "sandbox"
embedded = true
[rqid]
base_url = "http://embedded"
control_url = "http://embedded/_sandbox/rqid"
mmid = "R1MAIN"
api_key = "sandbox-rqid-key"
pin = "135790"
signed_mmid = "R1SIGNED"
signed_api_key = "sandbox-signed-key"
signed_pin = "246801"
settle_seconds = 300
operations = {list(OPERATIONS)}
[rqid.prepaid]
product = "IS5"
other_product = "IS10"
success = "081234567890"
other = "081234567899"
pending_success = "081234567891"
pending_failed = "081234567892"
failed = "081234567893"
wrong_number = "081234567894"
[rqid.postpaid]
product = "PLN"
other_product = "PDAMKLT"
success = "546302215889"
other = "546302215880"
"""


@pytest.fixture
def without_balance(tmp_path: Path) -> str:
    path = tmp_path / "target.toml"
    path.write_text(WITHOUT_BALANCE, encoding="utf-8")
    return f"--target={path}"


def test_the_honest_sandbox_is_quiet(tmp_path: Path) -> None:
    ended = suite("-p", "rqid", "-p", "httpget", output=tmp_path / "out")
    assert ended.code == 0, ended.printed
    assert ended.result["money"]["noticed"] == []
    assert set(ended.verdicts().values()) == {"passed"}
    assert "no document explains" not in ended.printed


def test_no_one_buys_while_the_balance_is_asked(tmp_path: Path) -> None:
    """All that reads the balance or moves the clock shares a worker with all that buys."""
    ended = suite("-p", "rqid", "-p", "httpget", "-k", "test_balance", output=tmp_path / "out")
    assert ended.code == 0, ended.printed
    groups = json.loads((ended.output / "plan.json").read_text(encoding="utf-8"))["groups"]
    buying = {group for test, group in groups.items() if "test_the_balance_falls" in test}
    assert len(buying) == 1
    for name in ("test_asking_changes_nothing", "test_the_time_runs_on"):
        found = [group for test, group in groups.items() if name in test]
        assert found
        assert set(found) == buying


def test_without_a_balance_the_rest_is_judged(tmp_path: Path, without_balance: str) -> None:
    ended = suite("-p", "rqid", without_balance, output=tmp_path / "out")
    assert ended.code == 0, ended.printed
    verdicts = ended.verdicts()
    skipped = [name for name, verdict in verdicts.items() if verdict == "skipped"]
    assert len(skipped) < len(verdicts) / 6, skipped
    for name in ("RQID-TOPUP-SUCCESS", "RQID-IDEM-DUPLICATE", "RQID-STATUS-FINAL"):
        assert verdicts[name] == "passed"
    for name in ("RQID-TOPUP-DEBIT", "RQID-MONEY-ONCE", "RQID-PAYMENT-FRESH-REF"):
        assert verdicts[name] == "skipped"


def test_a_price_that_is_refused_without_a_reference_is_a_deviation(tmp_path: Path) -> None:
    fault = ("--fault", "rqid-price-needs-ref-1")
    ended = suite("-p", "rqid", *fault, "-k", "test_price or test_access", output=tmp_path / "out")
    assert ended.code == 1, ended.printed
    verdicts = ended.verdicts()
    failed = [name for name, verdict in verdicts.items() if verdict == "failed"]
    assert failed == ["RQID-PRICE-SUCCESS"]
    assert "broken" not in verdicts.values()
    assert "the same with ref_1 is answered" in ended.printed


def test_a_partner_who_is_refused_everything_is_no_deviation(tmp_path: Path) -> None:
    """Without an HTTP status of its own: by an rc that only the provider knows."""
    body = b'{"status": "failed", "code": 200, "message": "AKSES DITOLAK", "rc": "05"}'
    refused = SandboxResponse(200, (("Content-Type", "application/json"),), body)
    with SickSandbox(lambda _request, _honest: refused, first=1) as sandbox:
        target = target_of("rqid", sandbox.url, tmp_path)
        arguments = ("-p", "rqid", "--target", str(target), "-k", "test_price")
        ended = suite(*arguments, output=tmp_path / "out")
    assert ended.code == 3, ended.printed
    assert set(ended.verdicts().values()) == {"broken"}
    assert "refuses even a price check" in ended.printed


def test_a_product_that_is_not_listed_is_no_deviation(tmp_path: Path, without_balance: str) -> None:
    path = Path(without_balance.partition("=")[2])
    text = path.read_text(encoding="utf-8").replace('"IS5"', '"NOSUCH"')
    path.write_text(text, encoding="utf-8")
    ended = suite("-p", "rqid", without_balance, "-k", "test_price", output=tmp_path / "out")
    assert ended.code == 3, ended.printed
    assert "failed" not in ended.verdicts().values()
    assert "products does not list NOSUCH" in ended.printed


def test_without_a_balance_a_refusal_is_still_judged(tmp_path: Path, without_balance: str) -> None:
    fault = ("--fault", "rqid-topup-unknown-product")
    ended = suite(
        "-p", "rqid", without_balance, *fault, "-k", "test_topup", output=tmp_path / "out"
    )
    assert ended.code == 1, ended.printed
    assert ended.verdicts()["RQID-TOPUP-UNKNOWN-PRODUCT"] == "failed"
