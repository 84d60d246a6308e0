"""Ctrl-C at any moment: it stops at once, keeps what was judged, and ends with 130."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from kontrak.config.paths import ROOT
from kontrak.interface.concurrency import together
from kontrak.sandbox import Sandbox
from tests.interrupting import interrupted
from tests.live import live_target, passing_on
from tests.rawserver import raw_server
from tests.runs import Ended, environment, suite

pytestmark = pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks at processes in /proc")

FEW = ("-p", "iak", "-k", "test_amounts")


def assert_clean(ended: Ended) -> None:
    """The text and the exit code of an interrupted run."""
    assert ended.code == 130, ended.printed
    assert "interrupted by you" in ended.printed
    for word in ("Traceback", "KeyboardInterrupt", "Interrupted", "BROKEN", "own fault", "!!!"):
        assert word not in ended.printed, ended.printed
    assert not (ended.output / "report.html").exists()
    assert not list(ended.output.glob(".run-*"))


@pytest.mark.parametrize("group", [False, True])
@pytest.mark.parametrize(
    ("moment", "workers"),
    [
        ("main-collection", "0"),
        ("worker-start", "4"),
        ("main-spawn", "2"),
        ("worker-collection", "2"),
    ],
)
def test_before_the_first_test_the_last_results_stay(
    moment: str, workers: str, tmp_path: Path, *, group: bool
) -> None:
    suite("-k", "test_amounts", output=tmp_path / "out")
    before = contents(tmp_path / "out")
    ended = interrupted(moment, tmp_path, *FEW, "-n", workers, group=group)
    assert_clean(ended)
    assert "interrupted by you; nothing was judged" in ended.printed
    assert contents(tmp_path / "out") == before


def contents(folder: Path) -> dict[str, bytes]:
    """The results in a folder, without what goes on with every run."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "sqlite" not in path.name
    }


@pytest.mark.parametrize("group", [False, True])
@pytest.mark.parametrize(("moment", "workers"), [("main-test", "0"), ("worker-test", "2")])
def test_in_the_middle_what_came_is_judged(
    moment: str, workers: str, tmp_path: Path, *, group: bool
) -> None:
    ended = interrupted(moment, tmp_path, *FEW, "-n", workers, group=group)
    assert_clean(ended)
    result = ended.result
    planned = result["planned"]
    assert 3 <= result["executed"] < planned
    assert f"interrupted by you; {result['executed']} of {planned} tests judged" in ended.printed
    assert result["exit_code"] == 130
    assert result["stopped"] == "interrupted by you"
    assert result["counts"]["broken"] == 0
    assert result["counts"]["passed"] > 0


def test_a_proven_deviation_is_shown_and_kept(tmp_path: Path) -> None:
    ended = interrupted("main-test", tmp_path, *FEW, "--fault=iak-price-off-by-one")
    assert_clean(ended)
    assert ended.verdicts()["IAK-AMOUNT-PRICE"] == "failed"
    assert "repeat    curl" in ended.printed
    assert "DEVIATES" not in (ended.output / "summary.txt").read_text(encoding="utf-8")
    assert "failed: IAK-AMOUNT-PRICE" in (ended.output / "summary.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("workers", ["0", "2"])
def test_while_an_answer_is_awaited_no_one_waits_for_the_deadline(
    workers: str, tmp_path: Path
) -> None:
    held = threading.Event()
    with (
        Sandbox() as sandbox,
        raw_server(
            passing_on(sandbox.url, hold=lambda reported: b"pay-pasca" in reported, held=held)
        ) as server,
    ):
        target = live_target(tmp_path, server.url(""), limits="", kind="sandbox")
        text = target.read_text(encoding="utf-8")
        target.write_text(text.replace("deadline_seconds = 20", "deadline_seconds = 600"), "utf-8")
        ended = interrupted(
            "never",
            tmp_path,
            *(
                "-p",
                "iak",
                "--target",
                str(target),
                "-n",
                workers,
                "-k",
                "test_amounts or idempotency",
            ),
            group=True,
            wait=lambda: held.wait(60),
        )
    assert_clean(ended)


def test_while_results_are_written_they_are_written_whole(tmp_path: Path) -> None:
    ended = interrupted("main-finish", tmp_path, *FEW)
    assert_clean(ended)
    planned = ended.result["planned"]
    assert ended.result["executed"] == planned
    assert f"interrupted by you; {planned} of {planned} tests judged" in ended.printed
    assert (ended.output / "summary.txt").is_file()


@pytest.mark.parametrize("group", [False, True])
def test_while_the_report_is_built_the_results_stay(tmp_path: Path, *, group: bool) -> None:
    ended = interrupted("html", tmp_path, *FEW, group=group)
    assert_clean(ended)
    planned = ended.result["planned"]
    words = f"no HTML report: interrupted by you; {planned} of {planned} tests judged"
    assert words in ended.printed
    assert ended.result["exit_code"] == 0


def test_while_the_program_is_loaded_there_is_no_traceback(tmp_path: Path) -> None:
    fifo = tmp_path / "moment"
    os.mkfifo(fifo)
    (tmp_path / "click.py").write_text(
        f"import threading\nopen({str(fifo)!r}, 'w').write('x')\nthreading.Event().wait()\n",
        encoding="utf-8",
    )
    with subprocess.Popen(
        [sys.executable, "-m", "kontrak", "run"],
        cwd=ROOT,
        env=environment(PYTHONPATH=str(tmp_path)),
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert fifo.read_text(encoding="utf-8") == "x"
        process.send_signal(signal.SIGINT)
        _, printed = process.communicate(timeout=300)
    assert (process.returncode, printed) == (130, "interrupted by you\n")


def test_requests_at_one_instant_keep_order_and_errors() -> None:
    assert together([lambda: 1, lambda: 2, lambda: 3]) == [1, 2, 3]

    def wrong() -> int:
        raise ValueError("wrong")

    with pytest.raises(ValueError, match="wrong"):
        together([lambda: 1, wrong])


def test_plain_pytest_ends_with_the_same_code(tmp_path: Path) -> None:
    plugin = tmp_path / "presses.py"
    plugin.write_text(
        "import os\ndef pytest_collection():\n    os.kill(os.getpid(), 2)\n", encoding="utf-8"
    )
    ended = subprocess.run(  # noqa: S603 - our own interpreter and arguments
        [
            sys.executable,
            "-m",
            "pytest",
            "suites/iak",
            f"--output={tmp_path / 'out'}",
            "-p",
            "presses",
        ],
        cwd=ROOT,
        env=environment(PYTHONPATH=str(tmp_path)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 130, ended.stdout
    assert "interrupted by you" in ended.stdout
    assert json.dumps(ended.stdout).count("KeyboardInterrupt") == 0
