"""Runs of the suites in a process of their own, as a user starts them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kontrak.config.paths import ROOT

LIMIT_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Ended:
    """What a command left behind: exit code, all it printed, and its folder of results."""

    code: int
    printed: str
    output: Path

    @property
    def result(self) -> dict[str, Any]:
        """conformance.json."""
        path = self.output / "conformance.json"
        data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return data

    def verdicts(self) -> dict[str, str]:
        """The verdicts by clause, without what was not selected."""
        return {
            one["id"]: one["verdict"]
            for one in self.result["clauses"]
            if one["verdict"] != "disabled"
        }


def environment(**extra: str) -> dict[str, str]:
    """This process's variables, without those by which xdist marks its workers, and ``extra``.

    A run started by a worker of our own tests is no worker itself.
    """
    ours = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST_")}
    return {**ours, **extra}


def kontrak(*arguments: str, output: Path, **variables: str) -> Ended:
    """Run ``python -m kontrak`` with some arguments."""
    return _run([sys.executable, "-m", "kontrak", *arguments], output, variables)


QUICK = "--profile=selfcheck-brief"


def suite(*arguments: str, output: Path, **variables: str) -> Ended:
    """Run ``kontrak run`` on IAK without the HTML report, into a folder.

    With few generated requests, on few products, unless a profile is named: most tests are about
    what a run writes, not about what it asks.
    """
    ours = arguments[: arguments.index("--")] if "--" in arguments else arguments
    if not any("--profile" in one for one in arguments):
        arguments = (*arguments, *(() if "--" in arguments else ("--",)), QUICK)
    options = [
        "run",
        *([] if "-p" in ours else ["-p", "iak"]),
        "--no-html",
        f"--output={output}",
        "--seed=1",
    ]
    return kontrak(*options, *arguments, output=output, **variables)


def pytest_suite(*arguments: str, output: Path, **variables: str) -> Ended:
    """Run IAK's suite with plain pytest."""
    command = [sys.executable, "-m", "pytest", "suites/iak", f"--output={output}", *arguments]
    return _run(command, output, variables)


def write_target(folder: Path, url: str, **extra: str) -> Path:
    """A target file for IAK at an address; ``extra`` are further lines of the [iak] table."""
    lines = {
        "base_url": f'"{url}"',
        "username": '"081200000000"',
        "api_key": '"sandbox-key"',
        **extra,
    }
    table = "\n".join(f"{key} = {value}" for key, value in lines.items())
    path = folder / "target.toml"
    head = 'name = "test"\nkind = "sandbox"\n[limits]\ndeadline_seconds = 1.0\n'
    path.write_text(f"{head}[iak]\n{table}\n", encoding="utf-8")
    return path


def _run(command: list[str], output: Path, variables: dict[str, str]) -> Ended:
    ended = subprocess.run(  # noqa: S603 - our own interpreter and arguments
        command,
        cwd=ROOT,
        env=environment(**variables),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=LIMIT_SECONDS,
        check=False,
    )
    return Ended(ended.returncode, ended.stdout, output)
