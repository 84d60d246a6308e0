"""Two runs that buy from one account at the same time: the second is refused."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from kontrak.asking.run import Run
from kontrak.asking.run_lock import RunLock
from kontrak.config.target import load_target
from kontrak.errors import ConfigurationError
from tests.live import live_target
from tests.rawserver import closed_port

HOLDS = """
import sys
from pathlib import Path
from kontrak.asking.run import Run
from kontrak.asking.run_lock import RunLock
from kontrak.config.target import load_target
lock = RunLock.of(Run("first", load_target(Path(sys.argv[1])), Path(".")), ["iak"])
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A live target, and a folder of temporary files for its locks."""
    (tmp_path / "tmp").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    monkeypatch.setattr("tempfile.tempdir", None)
    return live_target(tmp_path, f"http://127.0.0.1:{closed_port()}")


def run_of(target: Path, profile: str = "full") -> Run:
    return Run("second", load_target(target), target.parent, None, profile)


def holder(target: Path) -> subprocess.Popen[str]:
    """Another process that holds the account of a target."""
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and arguments
        [sys.executable, "-c", HOLDS, str(target)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=dict(os.environ),
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_the_second_run_is_reported_of_the_first_and_sends_nothing(target: Path) -> None:
    with holder(target) as first:
        ended = subprocess.run(  # noqa: S603 - our own interpreter and arguments
            [
                sys.executable,
                "-m",
                "kontrak",
                "run",
                "-p",
                "iak",
                "--target",
                str(target),
                f"--output={target.parent / 'out'}",
                "--no-html",
            ],
            capture_output=True,
            text=True,
            env=dict(os.environ),
            check=False,
        )
        first.communicate()
    printed = ended.stdout + ended.stderr
    assert ended.returncode == 4, printed
    assert f"another run buys from this account: process {first.pid} on " in printed
    assert "run first, since 20" in printed
    assert not (target.parent / "out" / "conformance.json").exists()


def test_the_lock_of_a_killed_process_is_taken_over(target: Path) -> None:
    with holder(target) as first:
        first.send_signal(signal.SIGKILL)
    RunLock.of(run_of(target), ["iak"]).close()


def test_what_buys_nothing_or_from_another_account_is_not_refused(target: Path) -> None:
    held = RunLock.of(run_of(target), ["iak"])
    try:
        RunLock.of(run_of(target, "smoke"), ["iak"]).close()
        text = target.read_text(encoding="utf-8")
        other = target.with_name("other.toml")
        other.write_text(text.replace("081200000000", "081200000001"), encoding="utf-8")
        RunLock.of(run_of(other), ["iak"]).close()
        renamed = target.with_name("renamed.toml")
        renamed.write_text(text.replace('"rehearsal"', '"same account"'), encoding="utf-8")
        with pytest.raises(ConfigurationError, match="same account: another run buys"):
            RunLock.of(run_of(renamed), ["iak"])
    finally:
        held.close()
    RunLock.of(run_of(target), ["iak"]).close()


def test_the_lock_shows_no_one_the_account(target: Path) -> None:
    held = RunLock.of(run_of(target), ["iak"])
    held.close()
    files = [one for one in (target.parent / "tmp").rglob("*") if one.is_file()]
    assert files
    for one in files:
        assert b"081200000000" not in one.read_bytes()
        assert "081200000000" not in one.name
