"""Several runs as one: the shards of a night. What is missing never makes it green."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import defusedxml.ElementTree as SafeXml
import pytest
from jsonschema import Draft202012Validator

from kontrak.config.paths import SCHEMAS
from kontrak.drift import document
from kontrak.errors import ConfigurationError
from kontrak.reporting.merge import merged_results
from kontrak.reporting.results import Results, TestRecord
from tests.drifting import ABOUT, bill, counted, exchange, results, written
from tests.runs import kontrak

ABROAD = "RQID-ACCESS-ANSWERED"
FULL = {**ABOUT, "versions": {"kontrak": "0.1.0"}}


def shard(folder: Path, made: dict[str, Any]) -> Path:
    """A folder as a run leaves it."""
    folder.mkdir()
    (folder / "conformance.json").write_text(json.dumps(made), encoding="utf-8")
    document.write(document.document(counted(exchange(bill())), ABOUT), folder)
    suite = '<testsuites name="pytest tests"><testsuite name="pytest" tests="1"/></testsuites>'
    (folder / "junit.xml").write_text(suite, encoding="utf-8")
    allure = folder / "allure-results"
    allure.mkdir()
    (allure / f"{folder.name}-result.json").write_text("{}", encoding="utf-8")
    (allure / "environment.properties").write_text(f"{folder.name}=1\n", encoding="utf-8")
    return folder


def rqid(verdict: str = "passed") -> dict[str, Any]:
    about = {**FULL, "run": "run2", "providers": ["rqid"], "started": "2026-11-25T01:10:00+00:00"}
    record = TestRecord("r.py::a", ABROAD, verdict)
    return written(Results(about=about, planned={"r.py::a": ABROAD}, records=[record]))


def test_the_merged_results_keep_the_schema() -> None:
    total = merged_results([results(), rqid("warned")])
    schema = json.loads((SCHEMAS / "conformance.json").read_text(encoding="utf-8"))
    assert list(Draft202012Validator(schema).iter_errors(total)) == []
    assert total["run"] == "run1+run2"
    assert total["started"] == "2026-11-25T01:10:00+00:00"
    assert total["providers"] == ["rqid", "iak"]
    assert (total["counts"]["passed"], total["counts"]["warned"]) == (1, 1)
    assert (total["planned"], total["executed"]) == (2, 2)


@pytest.mark.parametrize(
    ("one", "other", "code"),
    [
        ("passed", "passed", 0),
        ("passed", "broken", 3),
        ("broken", "failed", 1),
        ("warned", "failed", 1),
    ],
)
def test_the_worst_shard_decides(one: str, other: str, code: int) -> None:
    assert merged_results([results(one), rqid(other)])["exit_code"] == code


def test_a_clause_of_two_shards_has_the_tests_of_both() -> None:
    total = merged_results([results("passed", test="a"), results("failed", test="b")])
    (clause,) = total["clauses"]
    assert clause["verdict"] == "failed"
    assert [one["test"] for one in clause["tests"]] == ["a", "b"]


def test_one_test_in_two_results_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="stands in two of the results"):
        merged_results([results(), results()])


def test_what_only_some_runs_report_is_kept() -> None:
    readings = [{"clause": "RQID-X", "question": "q", "answer": "a", "about": ""}]
    total = merged_results([{**results(), "readings": []}, {**rqid(), "readings": readings}])
    assert total["readings"] == readings


def merge(tmp_path: Path, *arguments: str) -> tuple[int, str]:
    output = tmp_path / "merged"
    options = ["--no-html", f"--output={output}", f"--baseline={tmp_path / 'none'}"]
    ended = kontrak("merge", *arguments, *options, output=output)
    return ended.code, ended.printed


def test_merging_writes_every_result(tmp_path: Path) -> None:
    one, other = shard(tmp_path / "one", results()), shard(tmp_path / "other", rqid())
    code, printed = merge(tmp_path, str(one), str(other), "-p", "iak", "-p", "rqid")
    assert code == 0, printed
    assert "iak: 1 passed" in printed
    merged = tmp_path / "merged"
    assert (merged / "summary.txt").read_text(encoding="utf-8") == printed
    suites = SafeXml.parse(merged / "junit.xml").getroot()
    assert suites is not None
    assert len(suites) == 2
    allure = {path.name for path in (merged / "allure-results").iterdir()}
    assert allure == {"one-result.json", "other-result.json", "environment.properties"}
    properties = (merged / "allure-results" / "environment.properties").read_text(encoding="utf-8")
    assert properties == "one=1\nother=1\n"
    assert set(document.read(merged / document.NAME)["providers"]) == {"iak"}


def test_a_shard_without_results_is_inconclusive(tmp_path: Path) -> None:
    one, lost = shard(tmp_path / "one", results()), tmp_path / "lost"
    lost.mkdir()
    code, printed = merge(tmp_path, str(one), str(lost))
    assert code == 3, printed
    assert "MISSING: lost: its run ended without results" in printed


def test_a_provider_that_no_one_judged_is_inconclusive(tmp_path: Path) -> None:
    code, printed = merge(tmp_path, str(shard(tmp_path / "one", results())), "-p", "tokopedia")
    assert code == 3, printed
    assert "tokopedia: no results" in printed
    found = json.loads((tmp_path / "merged" / "conformance.json").read_text(encoding="utf-8"))
    assert found["exit_code"] == 3


def test_a_deviation_stays_one_whatever_is_missing(tmp_path: Path) -> None:
    one = shard(tmp_path / "one", results("failed"))
    assert merge(tmp_path, str(one), "-p", "tokopedia")[0] == 1


def test_wrong_folders_are_usage_errors(tmp_path: Path) -> None:
    one = str(shard(tmp_path / "one", results()))
    (tmp_path / "empty").mkdir()
    wrong: tuple[list[str], ...] = (
        [one, one],
        [str(tmp_path / "none")],
        [str(tmp_path / "empty")],
        [],
    )
    for arguments in wrong:
        code, printed = merge(tmp_path, *arguments)
        assert code == 4, printed
        assert "Traceback" not in printed
