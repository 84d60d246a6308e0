"""The plan of a run, shown before anything is sent."""

from __future__ import annotations

from pathlib import Path

import pytest

from kontrak.config.paths import FIXTURES, TARGETS
from kontrak.config.registry import PROVIDERS
from kontrak.config.target import load_target
from kontrak.exchange import Request, Spend
from kontrak.limits.ledger import Ledger
from kontrak.limits.spend_guard import Gate
from kontrak.masking.masker import Masker
from kontrak.pytest_plugin.run_plan import Forecast, measured, short_name
from kontrak.pytest_plugin.selection import Plan
from tests.live import live_target
from tests.rawserver import raw_server, silent
from tests.runs import kontrak, suite

ACCOUNTS = {
    "IAK_USERNAME": "0812",
    "IAK_API_KEY": "canary-key",
    "DIGISWITCH_USERNAME": "user",
    "DIGISWITCH_API_KEY": "canary-key",
    "RONE_MMID": "R1",
    "RONE_PIN": "135790",
    "RONE_API_KEY": "canary-key",
    "TOKOPEDIA_CLIENT_ID": "partner",
    "TOKOPEDIA_CLIENT_SECRET": "canary-key",
    "TOKOPEDIA_PRIVATE_KEY": str(FIXTURES / "tokopedia" / "keys" / "partner-private.pem"),
}


@pytest.mark.parametrize("provider", PROVIDERS)
def test_every_template_has_a_plan(provider: str, tmp_path: Path) -> None:
    ended = kontrak(
        *("run", "-p", provider, "--plan", f"--output={tmp_path}"),
        *("--target", str(TARGETS / f"{provider}.toml")),
        output=tmp_path,
        **ACCOUNTS,
    )
    assert ended.code == 0, ended.printed
    assert f"({provider}.toml, sandbox), profile full" in ended.printed
    assert "which may move money" in ended.printed
    assert "will be skipped: the target" in ended.printed or provider in ("iak", "digiswitch")
    assert "canary-key" not in ended.printed
    assert not (tmp_path / "conformance.json").exists()
    assert not (tmp_path / "allure-results").exists()
    assert not (tmp_path / "junit.xml").exists()


def test_a_plan_sends_nothing_and_reports_what_may_be_spent(tmp_path: Path) -> None:
    with raw_server(silent) as server:
        target = live_target(
            tmp_path,
            server.url(""),
            spend=500_000,
            limits="spend_rupiah_per_day = 600_000\nrequests_per_second = 4",
        )
        _spent_before(tmp_path, 250_000)
        ended = suite("--plan", "--target", str(target), output=tmp_path / "out")
        assert server.connections == 0
    assert ended.code == 0, ended.printed
    assert (
        "money: at most 350000 rupiah ([limits] spend_rupiah = 500000; 250000 of" in ended.printed
    )
    assert "may buy PLNPOSTPAID for 5300******01" in ended.printed
    assert "rate: iak takes at least" in ended.printed


def test_a_live_target_without_limits_may_spend_nothing(tmp_path: Path) -> None:
    with raw_server(silent) as server:
        target = live_target(tmp_path, server.url(""), customers=())
        ended = suite("--plan", "--target", str(target), output=tmp_path / "out")
    assert "money: 0 rupiah: the target lists nothing in may_buy" in ended.printed
    assert "tests will be skipped: it needs a request that moves money" in ended.printed
    assert ", 0 of which may move money" in ended.printed


def test_the_embedded_sandbox_needs_one_line(tmp_path: Path) -> None:
    ended = suite("-k", "test_amounts", "-n", "2", output=tmp_path)
    (line,) = [one for one in ended.printed.splitlines() if one.startswith("plan:")]
    assert "14 tests of 6 clauses" in line
    assert "provider  section" not in ended.printed


def test_fewer_rows_ask_less() -> None:
    test = "suites/iak/test_request.py::test_a_field_is_mandatory"
    (name, row) = next(
        (name, row)
        for name, row in measured()["iak"].items()
        if row["items"] > 1 and row["full"][0] >= row["items"]
    )
    assert short_name(f"{test}[hp-absent]") == "test_request.py::test_a_field_is_mandatory"
    target = load_target(TARGETS / "iak.toml")
    tests = [f"suites/iak/{name}[{number}]" for number in range(row["items"])]
    clauses = dict.fromkeys(tests, "IAK-AMOUNT-PRICE")
    whole = Forecast.of(Plan(clauses, {}), target, "full")
    one = Forecast.of(Plan({tests[0]: clauses[tests[0]]}, {}), target, "full")
    assert whole.requests == row["full"][0] + row["full"][1]
    assert 0 < one.requests < whole.requests
    skipped = Forecast.of(Plan(clauses, {}, dict.fromkeys(tests, "not there")), target, "full")
    assert skipped.requests == 0
    assert skipped.skips["not there"] == row["items"]


def test_an_unknown_test_is_reported_as_not_measured() -> None:
    plan = Plan({"suites/iak/test_new.py::test_new": "IAK-AMOUNT-PRICE"}, {})
    assert Forecast.of(plan, load_target(TARGETS / "iak.toml"), "full").unmeasured == 1


def _spent_before(folder: Path, rupiah: int) -> None:
    with Ledger(folder / "ledger.sqlite") as ledger:
        Gate(
            ledger, Masker(), run="before", provider="iak", target="rehearsal", kind="sandbox"
        ).before(Request("POST", "http://x/", (), b"", "buy"), Spend(rupiah, "P", "C", "REF"))
