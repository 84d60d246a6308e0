"""The HTML report: one file, made by the pinned Allure, that opens from disk and loads nothing."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kontrak.config.files import write_whole
from kontrak.errors import ReportError
from kontrak.masking.visible import echo
from kontrak.reporting.allure_bridge import add_unwritten
from kontrak.reporting.html.first_page import first_page
from kontrak.reporting.html.history import keep_history, usable_history
from kontrak.reporting.html.install import CONFIGURATION, allure_program
from kontrak.reporting.html.node import OTHERWISE, Node, find_node, run_node
from kontrak.reporting.html.packing import packed
from kontrak.reporting.html.page import FORBID, self_contained
from kontrak.reporting.html.trend import remember, trend_of

__all__ = ["REPORT_NAME", "build_report"]

REPORT_NAME = "report.html"
BUILD_SECONDS = 300.0

_RESULTS = "allure-results"
_HISTORY = "history.jsonl"


def _to_stderr(text: str) -> None:
    echo(text, err=True)


def build_report(
    results: Path,
    output: Path,
    *,
    history: Path,
    notify: Callable[[str], None] = _to_stderr,
) -> Path:
    """Turn a directory of allure-results into ``output/report.html`` and return that path.

    ``history`` is the file (JSON lines, at most 30 runs) from which trends are drawn and to which
    this run is added; missing or damaged, it is begun anew. ``notify`` receives warnings and the
    notice of the one download, a line each. Raises ``ReportError``, whatever goes wrong.
    """
    try:
        return _build(results.resolve(), output.resolve(), history.resolve(), notify)
    except (OSError, UnicodeError) as error:
        raise ReportError(
            f"the HTML report could not be built: {error}",
            hint=f"check free space and permissions, then run `kontrak report`; {OTHERWISE}",
        ) from error


def _build(results: Path, output: Path, history: Path, notify: Callable[[str], None]) -> Path:
    starts = _start_times(results, notify)
    run = _run(output)
    past = remember(run, trend_of(history), notify=notify) if run else []
    try:
        node = find_node()
        program = allure_program(node, notify=notify)
    except ReportError as error:
        if run is None:
            raise
        notify(f"warning: the report has its first page only: {error}")
        write_whole(_bare(first_page(run, past, {}, details=False)).encode(), output / REPORT_NAME)
        return output / REPORT_NAME
    with tempfile.TemporaryDirectory(prefix="kontrak-report-") as name:
        scratch = Path(name)
        earlier = usable_history(history, starts=starts, notify=notify)
        (scratch / _HISTORY).write_text(earlier, encoding="utf-8")
        # A copy, since Allure reads its argument as a pattern and a path may look like one.
        shutil.copytree(results, scratch / _RESULTS)
        if run:
            add_unwritten(run, scratch / _RESULTS)
        drawn = self_contained(_draw(node, program, scratch))
        page = packed(drawn, lambda links: first_page(run, past, links) if run else "")
        write_whole(page.encode(), output / REPORT_NAME)
        keep_history(scratch / _HISTORY, history, notify=notify)
    return output / REPORT_NAME


def _run(output: Path) -> dict[str, Any] | None:
    """The run's ``conformance.json``; None where it is missing or of another form."""
    try:
        data = json.loads((output / "conformance.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return data if isinstance(data, dict) and data.get("format") == 1 else None


def _bare(content: str) -> str:
    """A page with nothing but the first page."""
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">{FORBID}'
        f'<title>kontrak</title></head><body style="margin:0">{content}</body></html>\n'
    )


def _start_times(results: Path, notify: Callable[[str], None]) -> frozenset[int]:
    """When the tests in ``results`` began (Unix, milliseconds)."""
    files = sorted(results.glob("*-result.json"))
    if not files:
        raise ReportError(
            f"there are no test results in {results}",
            hint="run the tests first: `kontrak run` or pytest's --alluredir writes them",
        )
    read = [_start_time(file) for file in files]
    cut = read.count(None)
    if cut:
        notify(
            f"warning: {cut} of {len(files)} results cannot be read and are missing in the report"
        )
    return frozenset(start for start in read if start is not None)


def _start_time(file: Path) -> int | None:
    try:
        start = json.loads(file.read_bytes())["start"]
    except (ValueError, LookupError, TypeError):
        return None
    return start if isinstance(start, int) else None


def _draw(node: Node, program: Path, scratch: Path) -> str:
    """Let Allure draw the page in ``scratch``, where the results are, and return it."""
    shutil.copy(CONFIGURATION / "allurerc.json", scratch)
    run_node(
        node,
        [program, "generate", _RESULTS, "--config", "allurerc.json"],
        cwd=scratch,
        environment={"HOME": str(scratch), "TMPDIR": str(scratch), "TEMP": str(scratch)},
        seconds=BUILD_SECONDS,
        what="drawing the HTML report",
    )
    page = scratch / "report" / "index.html"
    if not page.is_file():
        raise ReportError("Allure ended well but wrote no page", hint=OTHERWISE)
    return page.read_text(encoding="utf-8")
