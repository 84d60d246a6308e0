"""Runs that get SIGINT at a chosen moment, as by Ctrl-C in a terminal.

A pytest plugin inside the run says through a FIFO that the moment has come and then waits for ever,
so the signal always meets the same place and nothing rests on how fast the machine is.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from kontrak.config.paths import ROOT
from tests.runs import LIMIT_SECONDS, Ended, environment

MOMENTS = """
import os, pathlib, sys, threading

def reached():
    if MOMENT == "main-spawn":
        os.kill(os.getpid(), 2)
        return
    with open(os.environ["MOMENT_FIFO"], "w") as fifo:
        fifo.write("x")
    threading.Event().wait()

ROLE = "worker" if "PYTEST_XDIST_WORKER" in os.environ else "main"
MOMENT = os.environ["MOMENT"]
calls = 0

def pytest_configure(config):
    if MOMENT == ROLE + "-start" and (ROLE == "worker" or not hasattr(config, "workerinput")):
        reached()
    if MOMENT == "html" and ROLE == "main":
        from kontrak.reporting import html as report
        from kontrak.reporting.html.node import Node
        report.find_node = lambda: Node(pathlib.Path(sys.executable), None)
        script = pathlib.Path(__file__).with_name("drawing.py")
        report.allure_program = lambda node, notify: script

@__import__("pytest").hookimpl(optionalhook=True)
def pytest_xdist_setupnodes():
    if MOMENT == "main-spawn":
        reached()

def pytest_collection():
    if MOMENT == ROLE + "-collection":
        reached()

def pytest_runtest_call(item):
    global calls
    calls += 1
    if MOMENT == f"{ROLE}-test" and calls == 4:
        reached()

def pytest_sessionfinish():
    if MOMENT == ROLE + "-finish":
        os.kill(os.getpid(), 2)
"""
DRAWING = """
import os, sys, threading
with open(sys.argv[0].replace("drawing.py", "moment"), "w") as fifo:
    fifo.write("x")
threading.Event().wait()
"""


def interrupted(
    moment: str,
    folder: Path,
    *arguments: str,
    group: bool = False,
    wait: Callable[[], object] | None = None,
) -> Ended:
    """Run ``kontrak run`` and send SIGINT at a moment; ``group`` sends it to the workers as well.

    ``wait`` returns when the moment has come where no hook of pytest can say so.
    """
    fifo, output = folder / "moment", folder / "out"
    with _started(moment, folder, [f"--output={output}", "--seed=1", *arguments]) as process:
        try:
            if wait is not None:
                wait()
            elif not moment.endswith(("-finish", "-spawn")):
                _reached(fifo)
            if not moment.endswith(("-finish", "-spawn")):
                (os.killpg if group else os.kill)(process.pid, signal.SIGINT)
            printed, _ = process.communicate(timeout=LIMIT_SECONDS)
            left = alive(process.pid)
        finally:
            for one in alive(process.pid):
                os.kill(one, signal.SIGKILL)
    assert left == [], f"{left} outlived the run: {printed}"
    return Ended(process.returncode, printed, output)


def _started(moment: str, folder: Path, arguments: list[str]) -> subprocess.Popen[str]:
    """``kontrak run`` in a session of its own, with what reports the moment in ``folder``."""
    (folder / "moments.py").write_text(MOMENTS, encoding="utf-8")
    (folder / "drawing.py").write_text(DRAWING, encoding="utf-8")
    fifo = folder / "moment"
    os.mkfifo(fifo)
    return subprocess.Popen(  # noqa: S603 - our own interpreter and arguments
        [sys.executable, "-m", "kontrak", "run", *arguments, "--", "-p", "moments"],
        cwd=ROOT,
        env=environment(PYTHONPATH=str(folder), MOMENT=moment, MOMENT_FIFO=str(fifo)),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def _reached(fifo: Path) -> None:
    # Opened for both ways, it neither blocks nor ends before the first writer.
    door = os.open(fifo, os.O_RDWR)
    try:
        ready, _, _ = select.select([door], [], [], LIMIT_SECONDS)
        assert ready, "the moment never came"
    finally:
        os.close(door)


def alive(group: int) -> list[int]:
    """The living processes of a group."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, their_group = stat.read_text(encoding="utf-8").rpartition(")")[2].split()[:3]
        except OSError:
            continue
        if int(their_group) == group and state not in "ZX":
            found.append(int(stat.parent.name))
    return found
