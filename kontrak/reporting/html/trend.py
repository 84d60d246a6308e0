"""The verdicts of the last runs, a line of JSON each, for the first page of the report."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from kontrak.config.files import write_whole
from kontrak.reporting.html.first_page import LETTERS

RUNS = 30


def trend_of(history: Path) -> Path:
    """The file of verdicts that belongs to a history of Allure."""
    return history.with_suffix(".verdicts.jsonl")


def remember(
    run: Mapping[str, Any], file: Path, *, notify: Callable[[str], None]
) -> list[dict[str, str]]:
    """Add a run to the file, and return the verdict letters of the runs before it, oldest first.

    A run that is there already counts once. Lines that cannot be read are left out; a file that
    cannot be written is a warning to ``notify``.
    """
    earlier = [one for one in _lines(file) if one["run"] != run["run"]][-(RUNS - 1) :]
    verdicts = {one["id"]: LETTERS[one["verdict"]] for one in run["clauses"]}
    lines = [*earlier, {"run": run["run"], "started": run["started"], "clauses": verdicts}]
    text = "".join(json.dumps(one, separators=(",", ":")) + "\n" for one in lines)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(text.encode(), file)
    except OSError as error:
        notify(f"warning: the verdicts {file} cannot be written ({error.strerror})")
    return [one["clauses"] for one in earlier]


def _lines(file: Path) -> list[dict[str, Any]]:
    try:
        text = file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    found = []
    for line in text.splitlines():
        try:
            one = json.loads(line)
        except ValueError:
            continue
        if isinstance(one, dict) and isinstance(one.get("clauses"), dict) and "run" in one:
            found.append(one)
    return found
