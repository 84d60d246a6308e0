"""The command-line options of runs of suites; ``kontrak run`` sets the same ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from kontrak.config.paths import REPORTS
from kontrak.config.profiles import PROFILES


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add kontrak's options; ``kontrak run`` sets the same ones."""
    group = parser.getgroup("kontrak", "kontrak: contract tests of biller APIs")
    group.addoption("--target", type=Path, help="target file (default: the embedded sandbox)")
    group.addoption(
        "--output", type=Path, default=REPORTS, help="folder of results (default: reports)"
    )
    group.addoption(
        "--profile", choices=PROFILES, default="full", help="smoke, full (default) or nightly"
    )
    group.addoption("--baseline", type=Path, help="folder of the accepted run")
    group.addoption("--seed", type=int, help="seed of generated requests (default: by chance)")
    group.addoption("--clause", action="append", default=[], help="run the tests of this clause")
    group.addoption(
        "--waivers", type=Path, help="file of waivers (default: waivers.toml beside the target)"
    )
    group.addoption("--fault", action="append", default=[], help="a fault of the embedded sandbox")
    group.addoption("--plan", action="store_true", help="report what a run would do; send nothing")
    group.addoption("--variant", action="append", default=[], help="a variant of the same")
