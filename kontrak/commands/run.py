"""``kontrak run`` and ``kontrak report``: a thin front of pytest and of the report's builder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from kontrak.errors import ReportError
from kontrak.paths import ROOT, SUITES, require_checkout
from kontrak.report import build_report
from kontrak.target import load_target
from kontrak.visible import echo

ALWAYS = (
    "-c",
    str(ROOT / "pyproject.toml"),
    f"--rootdir={ROOT}",
    # The suites assert through kontrak.judge, so there is nothing to rewrite.
    "--assert=plain",
    "-q",
)


def run(providers: Sequence[str], target: Path | None, options: Sequence[str]) -> int:
    """Run the suites of some providers with pytest and return its exit code.

    Raises ``ConfigurationError`` for a wrong target or a provider the target has no table for.
    """
    require_checkout()
    loaded = load_target(target)
    chosen = providers or loaded.providers()
    for key in providers:
        loaded.provider(key, sandbox_url="http://127.0.0.1" if loaded.embedded else None)
    suites = [str(SUITES / key) for key in chosen]
    return int(pytest.main([*ALWAYS, *suites, *options]))


def build_html(folder: Path) -> None:
    """Build the HTML report after a run; without it, say how else to look at the results."""
    try:
        echo(f"report: {report(folder)}")
    except ReportError as error:
        echo(f"no HTML report: {error}", err=True)


def report(folder: Path) -> Path:
    """Build ``report.html`` from a folder's ``allure-results``; ``ReportError`` if it fails."""
    return build_report(folder / "allure-results", folder, history=folder / "history.jsonl")
