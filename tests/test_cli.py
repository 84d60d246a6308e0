"""The command line: its exit codes, its words, and what it leaves behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from kontrak import cli
from kontrak.config.paths import ROOT
from kontrak.sandbox import Sandbox
from tests.rawserver import closed_port
from tests.runs import kontrak, write_target


def test_a_wrong_option_is_a_usage_error(tmp_path: Path) -> None:
    for arguments in (["run", "-p", "no_one"], ["nonsense"], ["sandbox", "--port", "x"]):
        ended = kontrak(*arguments, output=tmp_path)
        assert ended.code == 4, ended.printed
        assert "Traceback" not in ended.printed


def test_a_missing_target_is_a_configuration_error(tmp_path: Path) -> None:
    for command in ("run", "doctor"):
        ended = kontrak(command, "--target", str(tmp_path / "none.toml"), output=tmp_path)
        assert ended.code == 4, ended.printed
        assert "hint:" in ended.printed
        assert "Traceback" not in ended.printed


def test_an_unknown_fault_suggests_the_nearest(tmp_path: Path) -> None:
    fault = "--fault=iak-price-off-by-on"
    ended = kontrak("run", "--no-html", f"--output={tmp_path}", fault, output=tmp_path)
    assert ended.code == 4, ended.printed
    assert "did you mean iak-price-off-by-one?" in ended.printed


def test_clauses_has_no_gap(tmp_path: Path) -> None:
    ended = kontrak("clauses", "--format", "json", output=tmp_path)
    assert ended.code == 0, ended.printed
    rows = json.loads(ended.printed)
    assert all(row["gap"] is None for row in rows)
    assert {row["provider"] for row in rows} >= {"iak"}


def test_clauses_prints_a_table(tmp_path: Path) -> None:
    ended = kontrak("clauses", "-p", "iak", output=tmp_path)
    assert ended.code == 0
    assert "IAK-AMOUNT-PRICE" in ended.printed
    assert "004_aa804b5916536fc5.txt:62" in ended.printed


def test_doctor_is_content_with_the_embedded_sandbox(tmp_path: Path) -> None:
    ended = kontrak("doctor", output=tmp_path)
    assert ended.code == 0, ended.printed
    assert "it knows our credentials" in ended.printed


def test_doctor_reports_a_wrong_key_and_a_dead_port(tmp_path: Path) -> None:
    with Sandbox() as sandbox:
        target = write_target(tmp_path, sandbox.url, api_key='"wrong-key"')
        ended = kontrak("doctor", "--target", str(target), output=tmp_path)
    assert ended.code == 3, ended.printed
    assert "check username and api_key" in ended.printed
    assert "wrong-key" not in ended.printed
    target = write_target(tmp_path, f"http://127.0.0.1:{closed_port()}")
    ended = kontrak("doctor", "--target", str(target), output=tmp_path)
    assert ended.code == 3
    assert "Connection refused" in ended.printed


def test_doctor_says_what_a_live_target_may_cost(tmp_path: Path) -> None:
    with Sandbox() as sandbox:
        target = write_target(tmp_path, sandbox.url)
        live = target.read_text(encoding="utf-8").replace('"sandbox"', '"live"', 1)
        limits = "[limits]\nspend_rupiah = 50000\n"
        pair = '[[limits.may_buy]]\nproduct = "PLNPOSTPAID"\ncustomer = "530000000001"\n'
        head, table = live.split("[iak]")
        limited = head.replace("[limits]\n", limits) + pair + "[iak]" + table
        for text, words in ((live, "nothing will be bought"), (limited, "at most 50000 rupiah")):
            target.write_text(text, encoding="utf-8")
            ended = kontrak("doctor", "--target", str(target), output=tmp_path)
            assert ended.code == 0, ended.printed
            assert words in ended.printed


def test_faults_are_listed(tmp_path: Path) -> None:
    ended = kontrak("sandbox", "--list-faults", output=tmp_path)
    assert ended.code == 0
    assert "iak-price-off-by-one" in ended.printed


@pytest.mark.skipif(os.name != "posix", reason="Ctrl-C is sent as a POSIX signal")
def test_the_sandbox_serves_until_ctrl_c() -> None:
    command = [sys.executable, "-u", "-m", "kontrak", "sandbox"]
    with subprocess.Popen(  # noqa: S603 - our own interpreter and arguments
        command, cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        printed = process.stdout.readline()
        url = printed.split("control door: ")[1].split(")")[0]
        token = process.stdout.readline().split('"')[1]
        about = requests.get(url, headers={"X-Sandbox-Token": token}, timeout=5).json()
        process.send_signal(signal.SIGINT)
        rest = process.stdout.read()
    assert about["sandbox"] == "kontrak"
    assert rest == "ended\n"
    assert process.returncode == 0


def test_a_run_without_node_says_how_to_look_at_the_results(tmp_path: Path) -> None:
    ended = kontrak("report", str(tmp_path / "nothing-here"), output=tmp_path)
    assert ended.code == 3
    assert "hint:" in ended.printed


def test_a_crash_of_ours_is_inconclusive_and_quotes_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def crash(*_: object, **__: object) -> None:
        raise RuntimeError("s3cr3t-canary")

    monkeypatch.setattr(cli.cli, "main", crash)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    printed = capsys.readouterr().err
    assert ended.value.code == 3
    assert "RuntimeError, test_cli.py:" in printed
    assert "s3cr3t" not in printed


def test_version_and_help_load_nothing_that_takes_time() -> None:
    program = (
        "import sys\n"
        "from kontrak.cli import cli\n"
        "cli.main(['run', '--help'], standalone_mode=False)\n"
        "print(sorted({'pytest', 'hypothesis', 'requests', 'jsonschema'} & set(sys.modules)))\n"
    )
    shown = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout
    assert shown.splitlines()[-1] == "[]"


def test_faults_can_be_searched(tmp_path: Path) -> None:
    ended = kontrak("sandbox", "-p", "iak", "--search", "PRICE is one", output=tmp_path)
    lines = ended.printed.splitlines()[1:]
    assert ended.code == 0
    assert lines
    assert all(line.startswith("iak-") and "price is one" in line.lower() for line in lines)
    assert kontrak("sandbox", "--search", "no such thing", output=tmp_path).code == 5


def test_what_failed_last_is_run_alone(tmp_path: Path) -> None:
    options = ("run", "-p", "iak", "--no-html", f"--output={tmp_path}")
    missing = kontrak(*options, "--lf", output=tmp_path)
    assert missing.code == 4
    assert "no readable conformance.json" in missing.printed
    fault = "--fault=iak-price-off-by-one"
    assert kontrak(*options, "-k", "test_amounts", fault, output=tmp_path).code == 1
    again = kontrak(*options, "--lf", fault, output=tmp_path)
    assert again.code == 1
    assert again.verdicts() == {"IAK-AMOUNT-PRICE": "failed"}
    assert kontrak(*options, "--lf", output=tmp_path).code == 0
    nothing = kontrak(*options, "--lf", output=tmp_path)
    assert nothing.code == 4
    assert "nothing failed in the last run" in nothing.printed
