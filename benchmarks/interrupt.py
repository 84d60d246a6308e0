"""How long a run needs to end after Ctrl-C: ``python -m benchmarks.interrupt``.

A full run on the embedded sandbox is interrupted after some seconds of asking, with one process
and with two; what is printed are seconds of the wall clock from the signal to the end of all
processes, and what the run returned (130 when it was still running).
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time

import click

_LIMIT_SECONDS = 120


def interrupted_after(seconds: float, workers: int, output: str) -> tuple[float, int, str]:
    """Interrupt one run and return the seconds it took, its exit code and its last line."""
    command = [sys.executable, "-m", "kontrak", "run", "--no-html", "--output", output]
    command += ["-n", str(workers)]
    with subprocess.Popen(  # noqa: S603 - our own program, no shell
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    ) as run:
        time.sleep(seconds)
        begun = time.monotonic()
        os.killpg(run.pid, signal.SIGINT)
        words, _ = run.communicate(timeout=_LIMIT_SECONDS)
        taken = time.monotonic() - begun
    line = next((one for one in reversed(words.splitlines()) if "interrupted" in one), "")
    return taken, run.returncode, line.strip()


@click.command()
@click.option("--after", "moments", multiple=True, type=float, default=(6, 12, 18))
@click.option("--workers", "counts", multiple=True, type=int, default=(0, 2))
def main(moments: tuple[float, ...], counts: tuple[int, ...]) -> None:
    """Interrupt full runs after so many seconds each."""
    for workers in counts:
        for moment in moments:
            with tempfile.TemporaryDirectory() as folder:
                taken, code, line = interrupted_after(moment, workers, folder)
            click.echo(f"-n {workers}, after {moment:4.0f} s: {taken:5.2f} s, {code}  {line}")


if __name__ == "__main__":
    main()
