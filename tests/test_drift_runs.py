"""Drift in whole runs: a sandbox that stays as it is, and one that changes between two nights."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from kontrak.drift import baseline, document
from tests import runs
from tests.runs import Ended, kontrak

QUICK = ("--", "-p", "no:allure_pytest")
NUMBERS = ("53000000000", "081200000000", "sandbox-key")


def suite(*arguments: str, output: Path) -> Ended:
    """IAK's suite, without what only the HTML report needs."""
    return runs.suite(*arguments, *QUICK, output=output)


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Ended:
    """A whole run of IAK against the honest sandbox."""
    return suite(output=tmp_path_factory.mktemp("honest"))


@pytest.fixture(scope="module")
def accepted(honest: Ended, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same run as a baseline."""
    into = tmp_path_factory.mktemp("accepted") / "baseline"
    ended = kontrak(
        "accept", f"--output={honest.output}", f"--baseline={into}", output=honest.output
    )
    assert ended.code == 0, ended.printed
    assert f"accepted: {into}" in ended.printed
    return into


def diff(accepted: Path, output: Path, *more: str) -> Ended:
    return kontrak("diff", f"--baseline={accepted}", f"--output={output}", *more, output=output)


def test_a_run_writes_its_inventory_and_summary(honest: Ended) -> None:
    assert honest.code == 0, honest.printed
    found = document.read(honest.output / document.NAME)["providers"]["iak"]
    assert {"inq-pasca json", "pay-pasca xml", "check-balance"} <= set(found["operations"])
    assert found["latency_ms"]["inq-pasca"]["n"] > 10
    text = (honest.output / "summary.txt").read_text(encoding="utf-8")
    assert "conforms (exit 0)" in text
    assert len(text) < 1_000


def test_no_number_and_no_secret_is_in_it(honest: Ended) -> None:
    for name in (document.NAME, "summary.txt"):
        text = (honest.output / name).read_text(encoding="utf-8")
        assert not [one for one in NUMBERS if one in text]


def test_an_unchanged_sandbox_shows_no_difference(accepted: Path, tmp_path: Path) -> None:
    # Another seed, and workers: neither is the provider's doing.
    ended = suite("--seed=7", "-n", "2", f"--baseline={accepted}", output=tmp_path)
    assert ended.code == 0, ended.printed
    assert "since the baseline: no difference" in (tmp_path / "summary.txt").read_text()
    reported = diff(accepted, tmp_path)
    assert reported.code == 0, reported.printed
    assert "no difference" in reported.printed


def test_more_members_are_new_and_do_not_fail(accepted: Path, tmp_path: Path) -> None:
    suite("--variant=iak-more-fields", output=tmp_path)
    reported = diff(accepted, tmp_path)
    assert reported.code == 0, reported.printed
    assert "new       data.biller_ref, string, always" in reported.printed
    assert "turned    IAK-JSON-ENVELOPE, IAK-JSON-DESC, IAK-JSON-DETAIL and " in reported.printed


def test_members_that_refusals_lose_are_gone(accepted: Path, tmp_path: Path) -> None:
    # No clause promises them, so the run conforms: only the difference shows them.
    assert suite("--variant=iak-refusals-bare", output=tmp_path).code == 0
    reported = diff(accepted, tmp_path)
    assert reported.code == 1, reported.printed
    assert "! gone      data.hp, which was there always" in reported.printed
    assert "RC 14" in reported.printed


def test_another_rc_is_new_and_the_old_one_gone(honest: Ended, tmp_path: Path) -> None:
    assert suite("--variant=iak-paid-rc-34", output=tmp_path).code == 0
    there = kontrak("diff", str(honest.output), str(tmp_path), "--format=json", output=tmp_path)
    assert there.code == 1, there.printed
    rows = {(one["kind"], one["what"], one["fails"]) for one in json.loads(there.printed)}
    assert rows == {
        ("gone", "answer HTTP 200 RC 01", True),
        ("new", "answer HTTP 200 RC 34", False),
        ("reading", "response code of a test number (already_paid): RC 01 -> RC 34", True),
    }
    back = kontrak("diff", str(tmp_path), str(honest.output), output=tmp_path)
    assert "! gone      answer HTTP 200 RC 34" in back.printed


def test_a_nightly_run_reports_the_difference_first(accepted: Path, tmp_path: Path) -> None:
    clause = "--clause=IAK-JSON-DESC-TARIF"
    fault = ("--fault=iak-json-desc-tarif-missing", "--profile=nightly", f"--baseline={accepted}")
    ended = suite(clause, *fault, output=tmp_path)
    assert ended.code == 1, ended.printed
    reported = ended.printed
    assert "! turned    IAK-JSON-DESC-TARIF: passed -> failed" in reported
    assert reported.index("since the baseline:") < reported.index("IAK-JSON-DESC-TARIF  In JSON")
    summary = (tmp_path / "summary.txt").read_text(encoding="utf-8")
    assert "failed: IAK-JSON-DESC-TARIF" in summary
    assert "1 turned" in summary


def test_a_run_never_writes_the_baseline(accepted: Path, tmp_path: Path) -> None:
    before = {path.name: path.read_bytes() for path in accepted.iterdir()}
    suite("--clause=IAK-AMOUNT-PRICE", f"--baseline={accepted}", output=tmp_path)
    assert {path.name: path.read_bytes() for path in accepted.iterdir()} == before


def test_a_part_of_a_run_is_not_accepted(tmp_path: Path) -> None:
    suite("--clause=IAK-AMOUNT-PRICE", output=tmp_path)
    ended = kontrak(
        "accept", f"--output={tmp_path}", f"--baseline={tmp_path / 'b'}", output=tmp_path
    )
    assert ended.code == 4, ended.printed
    assert "judged a part only" in ended.printed
    assert not (tmp_path / "b").exists()


def test_a_part_of_a_run_loses_nothing(accepted: Path, tmp_path: Path) -> None:
    suite("--clause=IAK-AMOUNT-PRICE", output=tmp_path)
    reported = diff(accepted, tmp_path)
    assert reported.code == 0, reported.printed
    assert "did not judge again" in reported.printed


def test_bad_input_is_a_configuration_error(honest: Ended, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(honest.output, broken, ignore=shutil.ignore_patterns("allure-results"))
    (broken / document.NAME).write_text("{", encoding="utf-8")
    good, none = str(honest.output), str(tmp_path / "none")
    for arguments in ([good], [good, none], [good, str(broken)], [good, good, "-p", "rqid"]):
        ended = kontrak("diff", *arguments, output=tmp_path)
        assert ended.code == 4, ended.printed
        assert "Traceback" not in ended.printed
    ended = kontrak("diff", f"--baseline={none}", f"--output={good}", output=tmp_path)
    assert ended.code == 4, ended.printed
    assert "kontrak accept" in ended.printed


def test_accepting_one_provider_keeps_the_others(honest: Ended, tmp_path: Path) -> None:
    into = tmp_path / "baseline"
    shutil.copytree(honest.output, into, ignore=shutil.ignore_patterns("allure-results"))
    other = tmp_path / "other"
    kontrak("run", "-p", "httpget", "--no-html", f"--output={other}", *QUICK, output=other)
    assert baseline.accept(other, into) == []
    held = baseline.read(into)
    assert set(held.providers) == {"iak", "httpget"}
    assert {one["provider"] for one in held.results["clauses"]} == {"iak", "httpget"}
    assert diff(into, honest.output, "-p", "iak").code == 0


def test_the_baseline_lies_beside_the_target() -> None:
    assert baseline.folder(Path("a/staging.toml")) == Path.cwd() / "a" / "baseline" / "staging"
    assert baseline.folder(Path("a/staging.toml"), Path("b")) == Path("b")
    assert baseline.folder(None).parts[-3:] == ("reports", "baseline", "embedded")
