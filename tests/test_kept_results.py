"""Results are kept: old and new never stand side by side, and nothing unwritable is green."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from kontrak.config.paths import ROOT
from kontrak.errors import ConfigurationError
from kontrak.reporting.html.history import history_of
from kontrak.reporting.results_folder import ResultsFolder
from tests.rawserver import closed_port
from tests.runs import Ended, kontrak, suite, write_target
from tests.test_interruption import contents

MADE = ("report.html", "statement.json", "statement.en.html", "manifest.sha256", "summary.txt")


def fill(folder: Path, *names: str, text: str = "old") -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A folder with all that an earlier run may have left in it."""
    out = tmp_path / "out"
    fill(out, *MADE, "conformance.json", "inventory.json", "junit.xml", "plan.json")
    fill(out, "allure-results/a-result.json", "history/t-1-iak.jsonl")
    return out


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--plan"], 0),
        (["--clause", "IAK-REQ-PAHT"], 4),
        (["--clause", "IAK-REQ-PAHT", "-n", "2"], 4),
        (["-k", "no_such_test"], 5),
        (["--target", "none.toml"], 4),
        (["--fault", "no-such-fault"], 4),
        (["--", "--collect-only"], 0),
    ],
)
def test_a_run_that_judges_nothing_leaves_the_results_alone(
    arguments: list[str], code: int, old: Path
) -> None:
    before = contents(old)
    ended = suite(*arguments, output=old)
    assert ended.code == code, ended.printed
    assert {key: value for key, value in contents(old).items() if key != ".results.lock"} == before


def test_a_run_leaves_nothing_of_an_earlier_one_but_its_history(old: Path) -> None:
    ended = suite("-k", "test_amounts", output=old)
    assert ended.code == 0, ended.printed
    left = {name for name, text in contents(old).items() if text == b"old"}
    assert left == {"history/t-1-iak.jsonl"}
    assert "kontrak: embedded sandbox conforms" in (old / "summary.txt").read_text(encoding="utf-8")


def test_cut_short_in_the_middle_there_are_no_results_at_all(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = ResultsFolder.begin(old, "1")
    fill(folder.path, "summary.txt", "inventory.json", "conformance.json", text="new")
    replace = Path.replace

    def fails(self: Path, target: Path) -> Path:
        if self.name == "conformance.json" and target.parent == old:
            raise OSError(28, "No space left on device")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", fails)
    with pytest.raises(OSError, match="No space left"):
        folder.publish()
    assert not (old / "conformance.json").exists()
    assert not [name for name in MADE if (old / name).exists() and name != "summary.txt"]


def test_what_a_killed_run_left_is_cleared_and_a_living_one_stays(tmp_path: Path) -> None:
    living = ResultsFolder.begin(tmp_path, "living")
    fill(tmp_path / ".run-dead", "lock", "junit.xml")
    later = ResultsFolder.begin(tmp_path, "later")
    assert {one.name for one in tmp_path.glob(".run-*")} == {".run-living", ".run-later"}
    living.discard()
    later.discard()
    assert not list(tmp_path.glob(".run-*"))


@pytest.mark.parametrize("place", ["file/x", "/proc/x", "/dev/full/x"])
def test_an_unwritable_output_is_refused_before_anything_is_sent(
    place: str, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    output = tmp_path / place
    target = write_target(tmp_path, f"http://127.0.0.1:{closed_port()}")
    ended = suite("--target", str(target), output=output)
    assert ended.code == 4, ended.printed
    assert f"the folder of results {output} cannot be written" in ended.printed
    assert "Traceback" not in ended.printed
    assert len(ended.printed.strip().splitlines()) <= 3, ended.printed


def test_a_full_disk_makes_no_folder_of_results(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_path: Path, _content: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(ConfigurationError, match="cannot be written: No space left on device"):
        ResultsFolder.begin(tmp_path, "1")
    assert not list(tmp_path.glob(".run-*"))


@pytest.mark.parametrize("workers", ["0", "2"])
@pytest.mark.parametrize("kilobytes", [64, 8])
def test_an_output_that_becomes_full_is_never_green(
    workers: str, kilobytes: int, tmp_path: Path
) -> None:
    """No file may grow beyond a size, as on a full disk: evidence first, then the results."""
    ended = limited(tmp_path, kilobytes * 1024, "-k", "test_amounts", "-n", workers)
    assert ended.code in (3, 4), ended.printed
    assert "Traceback" not in ended.printed
    assert "INTERNALERROR" not in ended.printed
    assert "own fault" not in ended.printed
    assert "cannot be" in ended.printed
    if (ended.output / "conformance.json").exists():
        assert ended.result["exit_code"] == ended.code


def limited(folder: Path, size: int, *arguments: str) -> Ended:
    """A run none of whose files may pass a size in bytes."""
    output = folder / "out"
    ended = subprocess.run(  # noqa: S603 - our own interpreter and arguments
        [
            sys.executable,
            "-m",
            "kontrak",
            "run",
            "-p",
            "iak",
            "--no-html",
            f"--output={output}",
            *arguments,
        ],
        cwd=ROOT,
        env=dict(os.environ),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)),
        check=False,
    )
    return Ended(ended.returncode, ended.stdout, output)


@pytest.mark.parametrize("workers", ["0", "2"])
def test_stopped_by_an_option_a_proven_deviation_is_red(workers: str, tmp_path: Path) -> None:
    fault = "--fault=iak-price-off-by-one"
    ended = suite(fault, "-k", "test_amounts", "-n", workers, "--", "-x", output=tmp_path)
    assert ended.code == 1, ended.printed
    assert ended.verdicts()["IAK-AMOUNT-PRICE"] == "failed"
    assert ended.result["counts"]["broken"] == 0
    assert "exit 1: the target deviates from its document in 1 clause" in ended.printed
    if workers == "0":
        assert ended.result["executed"] < ended.result["planned"]
        assert ended.result["stopped"] == "stopped at your wish (-x or --maxfail)"


def test_a_history_belongs_to_one_target_and_its_providers(tmp_path: Path) -> None:
    def named(target: str, *providers: str) -> str:
        reported = {"target": {"name": target}, "providers": providers}
        (tmp_path / "conformance.json").write_text(json.dumps(reported), encoding="utf-8")
        return history_of(tmp_path).relative_to(tmp_path).as_posix()

    assert named("Target A", "iak").startswith("history/Target_A-")
    names = {named("Target A", "iak"), named("Target_A", "iak"), named("Target A", "iak", "rqid")}
    assert len(names) == 3
    assert named("../x", "iak").count("/") == 1
    (tmp_path / "conformance.json").unlink()
    assert history_of(tmp_path) == tmp_path / "history" / "unknown.jsonl"


def test_a_merge_leaves_nothing_of_an_earlier_one(old: Path, tmp_path: Path) -> None:
    shard = tmp_path / "shard"
    assert suite("-k", "test_amounts", output=shard).code == 0
    ended = kontrak("merge", str(shard), f"--output={old}", "--no-html", output=old)
    assert ended.code == 0, ended.printed
    left = {name for name, text in contents(old).items() if text == b"old"}
    assert left == {"history/t-1-iak.jsonl"}
