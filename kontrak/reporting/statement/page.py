"""The statement as a page: a template filled in Indonesian or English, and printed as PDF."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from kontrak.config.files import write_whole
from kontrak.errors import ReportError
from kontrak.judging.deviation_shape import shape_of

LANGUAGES = ("id", "en")
_HERE = Path(__file__).parent
_MOST_EVIDENCE = 3


def render(facts: Mapping[str, Any], language: str) -> str:
    """The page of a statement's data. It loads nothing, and everything in it is escaped."""
    words: dict[str, Any] = tomllib.loads((_HERE / "words.toml").read_text(encoding="utf-8"))
    spoken: dict[str, Any] = words[language]
    # One template, HTML: escaping is never switched off, whatever its name ends with.
    environment = Environment(
        loader=FileSystemLoader(_HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["day"] = lambda text: _day(text, spoken["months"])
    environment.filters["moment"] = lambda text: _moment(text, spoken["months"])
    environment.filters["distinct"] = _distinct
    environment.filters["by_value"] = _by_value
    text = json.dumps(facts, indent=2, ensure_ascii=False) + "\n"
    return environment.get_template("statement.html.j2").render(
        facts=facts,
        words=spoken,
        language=language,
        sentence="text_id" if language == "id" else "text",
        seal=hashlib.sha256(text.encode()).hexdigest(),
        most_evidence=_MOST_EVIDENCE,
    )


def print_pdf(page: Path) -> Path:
    """Print a page as PDF beside it; ``ReportError`` without WeasyPrint or what it needs."""
    try:
        from weasyprint import HTML  # noqa: PLC0415 - optional, and slow to import
    except (ImportError, OSError) as error:
        raise ReportError(
            f"no PDF: WeasyPrint cannot be used ({error})",
            hint="pip install 'weasyprint>=66' (it needs the library Pango), or print the page "
            "from a browser",
        ) from error
    path = page.with_suffix(".pdf")
    content = HTML(filename=str(page), url_fetcher=_fetch_nothing).write_pdf()
    write_whole(content, path)
    return path


def _fetch_nothing(address: str, *_: object, **__: object) -> dict[str, Any]:
    raise ValueError(f"a statement loads nothing: {address[:60]}")


def _distinct(evidence: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Of the tests that saw a deviation, one for every shape of it."""
    found: dict[tuple[str, ...], Mapping[str, Any]] = {}
    for one in evidence:
        found.setdefault(shape_of(one["findings"]), one)
    return list(found.values())


def _by_value(pairs: Mapping[str, str]) -> list[tuple[str, list[str]]]:
    """Every value of a mapping with the keys that have it."""
    found: dict[str, list[str]] = {}
    for key, value in pairs.items():
        found.setdefault(value, []).append(key)
    return list(found.items())


def _day(text: str, months: list[str]) -> str:
    day = date.fromisoformat(text)
    return f"{day.day} {months[day.month - 1]} {day.year}"


def _moment(text: str, months: list[str]) -> str:
    moment = datetime.fromisoformat(text)
    return f"{_day(moment.date().isoformat(), months)} {moment:%H:%M} UTC"
