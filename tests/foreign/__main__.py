"""Run kontrak against a foreign server and its faults: ``python -m tests.foreign PROVIDER``.

A line for each fault: ``caught`` (exit code 1), ``missed`` or ``left open`` (see ``missed.toml``),
with the clauses that failed. Exit code 1 where the honest server is not quiet or a fault is missed.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import socket
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

from kontrak.config.paths import ROOT
from kontrak.masking.visible import echo

HERE = Path(__file__).parent
START_SECONDS = 20
RUN_SECONDS = 300


def main() -> int:
    """Play the honest server and its faults."""
    parser = argparse.ArgumentParser(prog="python -m tests.foreign")
    parser.add_argument("provider", choices=sorted(one.parent.name for one in servers()))
    parser.add_argument("--faults", default="", help="parted by commas; all of them by default")
    given = parser.parse_args()
    folder = HERE / given.provider
    known = _faults(folder)
    chosen = [one for one in given.faults.split(",") if one] or known
    unknown = sorted(set(chosen) - set(known))
    if unknown:
        parser.error(f"the server has no fault {', '.join(unknown)}")
    left_open = tomllib.loads((folder / "missed.toml").read_text("utf-8"))["missed"]
    code, found = play(folder, "")
    echo(f"honest: exit {code} {found}")
    caught = missed = 0
    for fault in chosen:
        ended, found = play(folder, fault)
        word = "caught" if ended == 1 else "left open" if fault in left_open else "missed"
        caught, missed = caught + (word == "caught"), missed + (word == "missed")
        echo(f"{word}: {fault}: exit {ended} {found}")
    judged = caught + missed
    echo(f"{caught} of {judged} caught, {len(chosen) - judged} left open by the document")
    return 1 if code or missed else 0


def servers() -> list[Path]:
    """The servers that there are."""
    return sorted(HERE.glob("*/server.py"))


def play(folder: Path, fault: str) -> tuple[int, str]:
    """kontrak's exit code against the server with this fault, and what failed."""
    port = _free_port()
    text = (folder / "target.toml").read_text("utf-8").replace("PORT", str(port))
    with tempfile.TemporaryDirectory(prefix="kontrak-") as place, _served(folder, port, fault):
        target = Path(place, "target.toml")
        target.write_text(text, encoding="utf-8")
        output = Path(place, "out")
        ended = _run(
            [
                *("-m", "kontrak", "run", "-p", folder.name, "--no-html"),
                *("--target", str(target), "--output", str(output)),
            ]
        )
        results = output / "conformance.json"
        if not results.exists():
            return ended.returncode, ended.stdout.strip()[-200:]
        clauses = json.loads(results.read_text("utf-8"))["clauses"]
        failed = [one["id"] for one in clauses if one["verdict"] in ("failed", "broken")]
        return ended.returncode, " ".join(failed)


@contextlib.contextmanager
def _served(folder: Path, port: int, fault: str) -> Iterator[None]:
    command = [sys.executable, str(folder / "server.py"), "--port", str(port)]
    if fault:
        command += ["--fault", fault]
    server = subprocess.Popen(command, stderr=subprocess.DEVNULL)  # noqa: S603 - a server of this folder
    try:
        _wait_for(port)
        yield
    finally:
        server.kill()
        server.wait()


def _wait_for(port: int) -> None:
    give_up = time.monotonic() + START_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > give_up:
                raise
            time.sleep(0.1)
        else:
            return


def _faults(folder: Path) -> list[str]:
    listed = _run([str(folder / "server.py"), "--list"]).stdout.splitlines()
    return [line.split("\t")[0] for line in listed]


def _run(arguments: Sequence[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=RUN_SECONDS,
        check=False,
    )


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


if __name__ == "__main__":
    sys.exit(main())
