"""Words: plain technical English everywhere, and every word of ours in the glossary."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from kontrak.clauses.verdict import Strength, Verdict
from kontrak.config.paths import ROOT
from kontrak.limits.entry import State

FOLDERS = ("kontrak", "suites", "tests", "tools", "benchmarks", "schemas", "docs")
PAGES = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "conftest.py", "pyproject.toml")
ENDINGS = {".py", ".toml", ".json", ".md", ".j2"}

PLAIN = {
    "told": "returned, reported",
    "tell": "report, return",
    "tells": "reports, returns",
    "telling": "reporting",
    "said": "returned, printed",
    "bear": "have, allow",
    "bears": "has, allows",
    "mend": "fix",
    "mended": "fixed",
    "nobody": "no customer, no partner, nothing",
    "somebody": "a customer, a partner, a caller",
    "purse": "account, balance",
    "tally": "count",
    "desk": "account, lookup",
}
"""Words that a stranger stumbles over, and what to write instead."""

NONE = re.compile(r"(?<!here )\b(?:is|are) none\b(?! of)")
WORDS = re.compile(r"(?<![A-Za-z])(" + "|".join(PLAIN) + r")(?![A-Za-z])", re.IGNORECASE)


def files() -> Iterator[Path]:
    """Everything that a reader sees, but this list."""
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            ours = path.name != "server.py"  # see tests/foreign/README.md
            if ours and path.suffix in ENDINGS and path.name != Path(__file__).name:
                yield path
    yield from (ROOT / page for page in PAGES)


def test_words_are_plain() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {match[0]!r}: write {PLAIN[match[0].lower()]}"
        for path in files()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        for match in WORDS.finditer(line)
    ]
    assert not found, "\n".join(found)


def test_nothing_is_none() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in files()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if NONE.search(line)
    ]
    assert not found, "\n".join(found)


def test_every_word_of_ours_is_in_the_glossary() -> None:
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    known = set(re.findall(r"^\| \*\*([a-z]+)\*\*", text, re.MULTILINE))
    wanted = {one.word for one in Verdict} | {one.value for one in (*Strength, *State)}
    assert wanted - known == set()
