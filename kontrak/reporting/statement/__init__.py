"""The statement for a partner: one page, its data, and a manifest that shows an alteration."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kontrak.config.files import write_whole
from kontrak.reporting.statement.data import statement
from kontrak.reporting.statement.manifest import (
    DATA,
    LEFT_OUT,
    differences,
    evidence,
    pages,
    write_manifest,
)
from kontrak.reporting.statement.page import LANGUAGES, print_pdf, render

__all__ = ["LANGUAGES", "LEFT_OUT", "differences", "write_statement"]


def write_statement(
    folder: Path, run: Mapping[str, Any], language: str, *, days: int, pdf: bool
) -> list[Path]:
    """Write statement and manifest of a run into the folder of its results.

    ``run`` is the folder's ``conformance.json``, ``days`` the longest the statement holds. Pages of
    another language stay when they are of the same run, and go otherwise. Raises ``ReportError``
    when a PDF is asked for and cannot be made; page, data and manifest are written then.
    """
    facts = statement(run, evidence(folder), days)
    text = json.dumps(facts, indent=2, ensure_ascii=False) + "\n"
    data = folder / DATA
    if not data.is_file() or data.read_text(encoding="utf-8", errors="replace") != text:
        for old in pages(folder):
            old.unlink()
        write_whole(text.encode(), data)
    page = folder / f"statement.{language}.html"
    write_whole(render(facts, language).encode(), page)
    try:
        printed = [print_pdf(page)] if pdf else []
    finally:
        manifest = write_manifest(folder)
    return [page, *printed, data, manifest]
