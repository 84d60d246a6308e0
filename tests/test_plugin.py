"""Runs against the embedded sandbox: faults, masking, workers, selection, exit codes."""

from __future__ import annotations

import base64
import json
import re
import sqlite3
from pathlib import Path
from urllib.parse import quote

import pytest
from jsonschema import Draft202012Validator

from kontrak.config.paths import SCHEMAS
from kontrak.sandbox import Sandbox
from tests.runs import kontrak, pytest_suite, suite, write_target

CANARY_NAME = "0899canary&name<1>"
CANARY_KEY = 'canary"key/\\+ä=1'


def test_an_honest_sandbox_conforms_and_the_result_fits_its_schema(tmp_path: Path) -> None:
    ended = suite(output=tmp_path)
    assert ended.code == 0, ended.printed
    assert set(ended.verdicts().values()) == {"passed"}
    assert "Warning" not in ended.printed
    schema = json.loads((SCHEMAS / "conformance.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    assert list(Draft202012Validator(schema).iter_errors(ended.result)) == []
    assert ended.result["planned"] == ended.result["executed"]


def test_a_fault_turns_its_clause_red(tmp_path: Path) -> None:
    ended = suite("--fault=iak-price-off-by-one", output=tmp_path)
    assert ended.code == 1
    red = [key for key, word in ended.verdicts().items() if word == "failed"]
    assert red == ["IAK-AMOUNT-PRICE"]


def test_two_workers_say_what_one_says(tmp_path: Path) -> None:
    alone = suite("--fault=iak-price-off-by-one", output=tmp_path / "one")
    shared = suite("--fault=iak-price-off-by-one", "-n", "2", output=tmp_path / "two")
    assert alone.verdicts() == shared.verdicts()
    assert alone.code == shared.code == 1
    assert len(list((tmp_path / "two" / "allure-results").glob("*-result.json"))) == len(
        list((tmp_path / "one" / "allure-results").glob("*-result.json"))
    )


def test_plain_pytest_does_the_same_work(tmp_path: Path) -> None:
    with Sandbox() as sandbox:
        target = write_target(tmp_path, sandbox.url)
        chosen = ["-k", "test_amounts", "--target", str(target), "-n", "2"]
        ended = pytest_suite(*chosen, output=tmp_path)
    assert ended.code == 0, ended.printed
    assert "6 clauses: 6 passed" in ended.printed


def test_a_seed_repeats_the_generated_requests(tmp_path: Path) -> None:
    fault = "--fault=iak-request-json-repaired"
    printed = [suite(fault, "-k", "malformed_body", output=tmp_path).result for _ in range(2)]
    first, second = (one["clauses"] for one in printed)
    findings = [
        [test["findings"] for clause in clauses for test in clause["tests"]]
        for clauses in (first, second)
    ]
    assert findings[0] == findings[1]
    assert any(findings[0])


def test_nothing_selected_has_its_exit_code(tmp_path: Path) -> None:
    assert suite("-k", "no_such_test", output=tmp_path).code == 5


def test_a_dead_worker_breaks_its_clauses(tmp_path: Path) -> None:
    plugin = tmp_path / "killer.py"
    plugin.write_text(
        "import os\n"
        "def pytest_runtest_call(item):\n"
        "    if 'price_is_nominal' in item.name and 'PYTEST_XDIST_WORKER' in os.environ:\n"
        "        os._exit(9)\n",
        encoding="utf-8",
    )
    ended = suite(
        *("-n", "2", "-k", "test_amounts", "--", "-p", "killer"),
        output=tmp_path / "out",
        PYTHONPATH=str(tmp_path),
    )
    assert ended.code == 3, ended.printed
    assert ended.verdicts()["IAK-AMOUNT-PRICE"] == "broken"
    assert len(ended.verdicts()) == 6


def test_secrets_are_nowhere(tmp_path: Path) -> None:
    """Faults and a warning make the run say a lot; none of it holds key, name or a signature."""
    accounts = {"iak": {"username": CANARY_NAME, "api_key": CANARY_KEY}}
    faults = ["iak-price-off-by-one", "iak-request-content-type-guessed"]
    with Sandbox(accounts=accounts, faults=faults, variants=["iak-more-fields"]) as sandbox:
        target = write_target(
            tmp_path, sandbox.url, username='"env:CANARY_NAME"', api_key='"env:CANARY_KEY"'
        )
        out = tmp_path / "out"
        ended = suite(
            *("--target", str(target), "-n", "2"),
            output=out,
            CANARY_NAME=CANARY_NAME,
            CANARY_KEY=CANARY_KEY,
        )
    assert ended.code == 1, ended.printed
    assert "repeat    curl" in ended.printed
    for language in ("id", "en"):
        assert kontrak("statement", str(out), "--lang", language, output=out).code == 0
        assert "curl -sS" in (out / f"statement.{language}.html").read_text(encoding="utf-8")
    texts = {"terminal": ended.printed.encode()}
    texts |= {path.name: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    assert len(texts) > 1_000
    for name, text in texts.items():
        for form in _forms(CANARY_NAME) | _forms(CANARY_KEY):
            assert form not in text, name
        assert not _signatures(text), name


def _forms(secret: str) -> set[bytes]:
    raw = secret.encode()
    escaped = json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]
    xml = secret.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    texts = {secret, *escaped, xml, quote(secret, safe=""), raw.hex()}
    return {text.encode() for text in texts} | {base64.b64encode(raw)}


def _signatures(text: bytes) -> list[bytes]:
    """Every value that stands where a signature is sent, unless it is masked."""
    found: list[bytes] = re.findall(rb'sign(?:\\*"\s*:\s*\\*"|>|=)([0-9a-f]{16,})', text)
    return found


def test_the_ledger_holds_every_payment(tmp_path: Path) -> None:
    ended = suite("-k", "test_payment", output=tmp_path)
    assert ended.code == 0, ended.printed
    rows = sqlite3.connect(tmp_path / "ledger.sqlite").execute("SELECT state FROM entry").fetchall()
    states = {state for (state,) in rows}
    assert states <= {"paid", "refused", "pending"}
    assert "paid" in states


def test_a_smoke_run_spends_nothing(tmp_path: Path) -> None:
    ended = suite("--profile=smoke", output=tmp_path)
    assert ended.code == 0, ended.printed
    assert ended.verdicts()["IAK-PAY-SUCCESS"] == "skipped"
    rows = sqlite3.connect(tmp_path / "ledger.sqlite").execute("SELECT * FROM entry").fetchall()
    assert rows == []


def test_a_live_target_without_limits_spends_nothing(tmp_path: Path) -> None:
    with Sandbox() as sandbox:
        target = write_target(tmp_path, sandbox.url)
        text = target.read_text(encoding="utf-8").replace('kind = "sandbox"', 'kind = "live"')
        target.write_text(text, encoding="utf-8")
        ended = suite("--target", str(target), output=tmp_path / "out")
    assert ended.code == 0, ended.printed
    assert ended.verdicts()["IAK-PAY-SUCCESS"] == "skipped"
    assert "spend_rupiah" in ended.printed


def test_a_test_without_a_clause_is_a_configuration_error(tmp_path: Path) -> None:
    plugin = tmp_path / "stray.py"
    plugin.write_text(
        "def pytest_itemcollected(item):\n"
        "    if 'price_is_nominal' in item.name:\n"
        "        item.own_markers[:] = [one for one in item.own_markers if one.name != 'clause']\n",
        encoding="utf-8",
    )
    arguments = ("-k", "test_amounts", "--", "-p", "stray")
    ended = suite(*arguments, output=tmp_path / "out", PYTHONPATH=str(tmp_path))
    assert ended.code == 4, ended.printed
    assert "cites no clause" in ended.printed


@pytest.mark.parametrize("variant", ["iak-more-fields"])
def test_drift_is_a_warning(variant: str, tmp_path: Path) -> None:
    ended = suite(f"--variant={variant}", "-k", "test_inquiry_json", output=tmp_path)
    assert ended.code == 0, ended.printed
    assert "warned" in ended.verdicts().values()
    assert "the document does not name" in ended.printed


def test_a_file_that_cannot_be_collected_is_named_with_its_error(tmp_path: Path) -> None:
    (tmp_path / "test_x.py").write_text("import no_such_module\n", encoding="utf-8")
    ended = suite("--", str(tmp_path / "test_x.py"), output=tmp_path / "out")
    assert ended.code != 0
    assert "cannot be collected: " in ended.printed
    assert "No module named 'no_such_module'" in ended.printed
