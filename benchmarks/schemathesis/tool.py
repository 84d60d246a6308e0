"""Schemathesis as a command line: an environment of its own, a folder per provider, one run.

Its settings are the ones it documents for comparisons (guides/benchmarking): go on after a failure,
do not shrink, no health checks; all checks, positive and negative data, examples, links. What a
provider refuses by its nature is subtracted with its own ``--baseline``.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.schemathesis.description import Description

REQUIREMENTS = ("schemathesis", "cryptography")
HOOKS = Path(__file__).with_name("hooks.py")
BASELINE, REPORT, CALLS = "baseline.json", "report.json", "calls.json"
TIME_LIMIT = 300.0

# The sandbox's server knows no TRACE. What replies gave is fed into requests by the hooks and the
# links, so the tool need not guess at links of its own.
SETTINGS = """\
hooks = "hooks.py"
[phases.examples.extra-data-sources]
responses = false
[phases.coverage]
unexpected-methods = ["GET", "PUT", "DELETE", "PATCH"]
[phases.stateful.inference]
algorithms = []
"""


class ToolError(Exception):
    """The tool could not be installed or did not run."""


@dataclass(frozen=True, slots=True)
class Run:
    """The result of one run: its new failures by title, how long it took, and its version.

    ``seconds`` is the wall time with the start of the process, ``cpu_seconds`` its processor time.
    """

    failures: tuple[str, ...]
    seconds: float
    cpu_seconds: float
    cases: int
    version: str

    @property
    def found(self) -> bool:
        """Whether it reports what it does not report on the honest sandbox."""
        return bool(self.failures)


def install(folder: Path) -> Path:
    """The tool's command, installed from PyPI into an environment of its own unless it is there."""
    command = folder / "bin" / "st"
    if not command.exists():
        _must([sys.executable, "-m", "venv", str(folder)])
        _must([str(folder / "bin" / "pip"), "install", "-q", *REQUIREMENTS])
    return command


class Tool:
    """The tool pointed at one provider. ``examples`` bounds what it generates per operation."""

    def __init__(
        self, command: Path, folder: Path, description: Description, examples: int
    ) -> None:
        self.command = command
        self.folder = folder
        self.examples = examples
        folder.mkdir(parents=True, exist_ok=True)
        documents = {
            "openapi.json": description.document(),
            "settings.json": description.settings(),
        }
        for name, document in documents.items():
            (folder / name).write_text(json.dumps(document, indent=1), encoding="utf-8")
        credentials = _credentials(description.credentials)
        (folder / "schemathesis.toml").write_text(SETTINGS + credentials, encoding="utf-8")
        shutil.copy(HOOKS, folder / "hooks.py")

    def forget(self) -> None:
        """Accept nothing any more."""
        (self.folder / BASELINE).unlink(missing_ok=True)

    def learn(self, url: str, seed: int, token: str) -> Run:
        """A run against the honest sandbox, whose failures are accepted from now on."""
        return self._run(url, seed, token, ["--baseline-update"])

    def run(self, url: str, seed: int, token: str, examples: int | None = None) -> Run:
        """A run that shows what is new."""
        return self._run(url, seed, token, [], examples)

    def arguments(self, url: str, seed: int, examples: int | None = None) -> list[str]:
        """The command line, without the program."""
        return [
            *("run", "openapi.json", "--url", url, "--seed", str(seed)),
            *("--max-examples", str(examples or self.examples), "--checks", "all", "--mode", "all"),
            *("--continue-on-failure", "--no-shrink", "--suppress-health-check", "all"),
            *("--generation-database", "none", "--baseline", BASELINE),
            *("--report", "json", "--report-json-path", REPORT, "--no-color"),
        ]

    def _run(
        self, url: str, seed: int, token: str, more: Sequence[str], examples: int | None = None
    ) -> Run:
        report = self.folder / REPORT
        report.unlink(missing_ok=True)
        environment = {
            **os.environ,
            "CONTROL_SETTINGS": "settings.json",
            "CONTROL_URL": url,
            "CONTROL_CALLS": CALLS,
            "CONTROL_TOKEN": token,
        }
        started, spent = time.monotonic(), _children_seconds()
        ended = subprocess.run(  # noqa: S603 - our own command line
            [str(self.command), *self.arguments(url, seed, examples), *more],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=TIME_LIMIT,
            check=False,
        )
        seconds, cpu = time.monotonic() - started, _children_seconds() - spent
        (self.folder / "output.txt").write_text(ended.stdout + ended.stderr, encoding="utf-8")
        if not report.exists():
            raise ToolError(f"no report, exit code {ended.returncode}:\n{ended.stderr[-2000:]}")
        return _read(json.loads(report.read_text(encoding="utf-8")), seconds, cpu)


def accepted(folder: Path) -> dict[str, dict[str, int]]:
    """How often each operation's requests were carried out and refused, in the last run."""
    rows = json.loads((folder / CALLS).read_text(encoding="utf-8"))
    found: dict[str, dict[str, int]] = {}
    for label, _, _, status, count in rows:
        counts = found.setdefault(label, {"carried out": 0, "refused": 0})
        counts["carried out" if status < 300 else "refused"] += count
    return found


def _read(report: Mapping[str, Any], seconds: float, cpu: float) -> Run:
    # An error of the run (a connection that breaks, for one) counts as a finding: in its favour.
    found = [f"{one['title']}: {', '.join(one['operations'])}" for one in report["failures"]]
    found += [f"error: {one['title']}" for one in report["errors"]]
    return Run(
        tuple(found),
        seconds,
        cpu,
        int(report["test_cases"]["generated"]),
        str(report["schemathesis_version"]),
    )


def _credentials(credentials: Mapping[str, Mapping[str, str]]) -> str:
    lines = []
    for scheme, values in credentials.items():
        lines.append(f"[auth.openapi.{scheme}]")
        lines += [f"{key} = {json.dumps(value)}" for key, value in values.items()]
    return "\n".join([*lines, ""])


def _children_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _must(command: Sequence[str]) -> None:
    ended = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - ours
    if ended.returncode:
        raise ToolError(f"{' '.join(command)}:\n{ended.stderr[-2000:]}")
