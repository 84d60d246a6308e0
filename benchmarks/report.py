"""The HTML report of all five providers: its size and how long it takes, with and without history.

Run ``python -m benchmarks.report``: it judges the embedded sandbox once, builds the report, then
puts 30 nights before it and builds it again.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path
from typing import Any

from kontrak.reporting.html import build_report
from kontrak.reporting.html.history import history_of

NIGHTS = 30
DAY = 86_400_000
MEGABYTE = 1_000_000


def main() -> None:
    """Print a line for the report of one run, and one for that after 30 nights."""
    with tempfile.TemporaryDirectory(prefix="kontrak-benchmark-") as name:
        output = Path(name)
        subprocess.run(  # noqa: S603 - our own interpreter
            [sys.executable, "-m", "kontrak", "run", "--no-html", "--seed=1", f"--output={output}"],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        history = history_of(output)
        _build("one run", output, history)
        last = json.loads(history.read_text(encoding="utf-8").splitlines()[-1])
        nights = (json.dumps(_night(last, ago)) for ago in range(NIGHTS, 0, -1))
        history.write_text("".join(f"{night}\n" for night in nights), encoding="utf-8")
        _build(f"after {NIGHTS} nights", output, history)


def _build(what: str, output: Path, history: Path) -> None:
    begin = time.perf_counter()
    report = build_report(output / "allure-results", output, history=history)
    seconds = time.perf_counter() - begin
    sizes = (one.stat().st_size / MEGABYTE for one in (report, history))
    sys.stdout.write(
        f"{what}: {seconds:.1f} s, report {next(sizes):.1f} MB, history {next(sizes):.1f} MB\n"
    )


def _night(run: dict[str, Any], ago: int) -> dict[str, Any]:
    """A run like this one, so many days ago: other ids and durations, some tests failed."""
    chance = random.Random(ago)  # noqa: S311 - a sample, no secret
    tests = {}
    for key, test in run["testResults"].items():
        duration = max(1, test["duration"] + chance.randint(-5, 20))
        start = test["start"] - ago * DAY
        status = "failed" if chance.random() < 0.02 else test["status"]
        times = {"start": start, "stop": start + duration, "duration": duration}
        tests[key] = {**test, **times, "id": uuid.uuid4().hex, "status": status}
    stamp = {"uuid": str(uuid.uuid4()), "timestamp": run["timestamp"] - ago * DAY}
    return {**run, **stamp, "testResults": tests}


if __name__ == "__main__":
    main()
