"""``kontrak run`` and ``kontrak report``: a thin front of pytest and of the report's builder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import pytest

from kontrak.clauses.verdict import ExitCode, Verdict
from kontrak.commands.waive import read_conformance
from kontrak.config.interruption import INTERRUPTION, Interrupted
from kontrak.config.paths import SUITES, require_data
from kontrak.config.target import load_target
from kontrak.errors import ConfigurationError, ReportError
from kontrak.interface.provider import provider
from kontrak.masking.visible import echo
from kontrak.pytest_plugin.arguments import ALWAYS
from kontrak.reporting.html import build_report
from kontrak.reporting.html.history import history_of
from kontrak.reporting.results_folder import ALLURE, CONFORMANCE

_REPORTED = (ExitCode.CONFORMS, ExitCode.DEVIATES, ExitCode.INCONCLUSIVE)
"""What has an HTML report: a run that came to its end."""


def run(
    providers: Sequence[str],
    target: Path | None,
    options: Sequence[str],
    *,
    html: Path | Literal[False] = False,
) -> int:
    """Run the suites of some providers with pytest and return the exit code.

    ``html`` is the folder of results where the HTML report is wanted. Ctrl-C, whenever it comes,
    ends with 130. Raises ``ConfigurationError`` for a wrong target or a provider the target has no
    table for.
    """
    INTERRUPTION.watch()
    try:
        code = _judged(providers, target, options)
        if INTERRUPTION.asked:
            if code != ExitCode.INTERRUPTED:
                words = "interrupted by you; the results are complete, no HTML report was built"
                echo(words, err=True)
            return ExitCode.INTERRUPTED
        if html and code in _REPORTED and (html / CONFORMANCE).is_file():
            INTERRUPTION.release()
            build_html(html)
    except Interrupted:
        echo("interrupted by you", err=True)
        return ExitCode.INTERRUPTED
    finally:
        INTERRUPTION.leave()
    return code


def _judged(providers: Sequence[str], target: Path | None, options: Sequence[str]) -> int:
    require_data()
    loaded = load_target(target)
    chosen = providers or loaded.providers()
    for key in chosen:
        provider(key)
    for key in providers:
        loaded.provider(key, sandbox_url="http://127.0.0.1" if loaded.embedded else None)
    suites = [str(SUITES / key) for key in chosen]
    return int(pytest.main([*ALWAYS, *suites, *options]))


def last_failed(folder: Path) -> tuple[str, ...]:
    """The clauses that failed or broke in the last run of a folder.

    Raises ``ConfigurationError`` where there was none, or nothing failed in it.
    """
    bad = {Verdict.FAILED.word, Verdict.BROKEN.word}
    clauses = read_conformance(folder)["clauses"]
    found = tuple(one["id"] for one in clauses if one["verdict"] in bad)
    if not found:
        raise ConfigurationError(
            f"nothing failed in the last run in {folder.name}/", hint="run without --lf"
        )
    return found


def build_html(folder: Path) -> None:
    """Build the HTML report after a run; without it, say how else to look at the results.

    Ctrl-C ends the building and nothing else: ``Interrupted`` is raised again.
    """
    try:
        echo(f"report: {report(folder)}")
    except KeyboardInterrupt:
        run = read_conformance(folder)
        echo(
            f"no HTML report: interrupted by you; {run['executed']} of {run['planned']} tests "
            f"judged, `kontrak report {folder}` builds it",
            err=True,
        )
        raise
    except ReportError as error:
        echo(f"no HTML report: {error}", err=True)


def report(folder: Path) -> Path:
    """Build ``report.html`` from a folder's ``allure-results``; ``ReportError`` if it fails."""
    return build_report(folder / ALLURE, folder, history=history_of(folder))
