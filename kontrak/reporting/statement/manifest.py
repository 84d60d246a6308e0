"""The manifest: a SHA-256 for every file in a folder of results, and whether they still agree.

``manifest.sha256`` has the lines of ``sha256sum``, so that a partner without kontrak can check it
with ``sha256sum -c manifest.sha256``. Left out is what goes on with other runs (``LEFT_OUT``) and
what belongs to another run: a folder that has results of its own.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from kontrak.config.files import write_whole
from kontrak.errors import ConfigurationError

NAME = "manifest.sha256"
DATA = "statement.json"
RESULTS = "conformance.json"
_RESULTS = "allure-results"
_FILES = ("conformance.json", "inventory.json", "junit.xml")
LEFT_OUT = "the ledger, the rate, locks, the baseline, logs, and the Allure program"
_ONGOING = re.compile(r"(ledger|rate)\.sqlite.*|.*\.lock|.*\.log|\..*")
_FOLDERS = ("allure", "baseline")
_LINE = re.compile(r"([0-9a-f]{64}) [ *](.+)")


def evidence(folder: Path) -> list[dict[str, object]]:
    """The files that a run left as evidence: name, size in bytes and SHA-256, sorted by name."""
    paths = [folder / name for name in _FILES if (folder / name).is_file()]
    paths += [path for path in (folder / _RESULTS).rglob("*") if path.is_file()]
    return [
        {"file": name, "bytes": path.stat().st_size, "sha256": digest(path)}
        for name, path in sorted((path.relative_to(folder).as_posix(), path) for path in paths)
    ]


def digest(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def pages(folder: Path) -> list[Path]:
    """The statements in a folder, as pages and PDF."""
    return sorted([*folder.glob("statement.*.html"), *folder.glob("statement.*.pdf")])


def covered(folder: Path) -> list[str]:
    """The files that the manifest of a folder covers, by their paths in it, sorted."""
    return sorted(path.relative_to(folder).as_posix() for path in _files(folder, top=True))


def _files(folder: Path, *, top: bool = False) -> Iterator[Path]:
    for path in folder.iterdir():
        if _ONGOING.fullmatch(path.name) or (top and path.name in (NAME, *_FOLDERS)):
            continue
        if path.is_dir() and not path.is_symlink():
            if not (path / RESULTS).exists() and not (path / NAME).exists():
                yield from _files(path)
        elif path.is_file():
            yield path


def write_manifest(folder: Path) -> Path:
    """Write the manifest over every file that the folder shows."""
    text = "".join(f"{digest(folder / name)}  {name}\n" for name in covered(folder))
    write_whole(text.encode(), folder / NAME)
    return folder / NAME


def differences(folder: Path) -> list[str]:
    """What is no longer as the manifest says, a line each: altered, missing or added files.

    Results of another run than the statement's are one line. Raises ``ConfigurationError`` when
    there is no manifest or it is not one.
    """
    facts = _read(folder)
    was, now = _run(folder / DATA, "run", "run"), _run(folder / RESULTS, "run")
    if was and now and was != now:
        return [f"the results are of run {now}, the statement is of run {was}: write a new one"]
    found = [line for name, value in facts.items() if (line := _difference(folder, name, value))]
    return found + [f"added: {name}" for name in covered(folder) if name not in facts]


def _run(path: Path, *keys: str) -> str:
    """The id of the run that a file is of; empty where it cannot be read."""
    try:
        found = json.loads(path.read_bytes())
        for key in keys:
            found = found[key]
    except (OSError, ValueError, LookupError, TypeError):
        return ""
    return str(found)


def _difference(folder: Path, name: str, value: str) -> str:
    path = folder / name
    if not path.is_file():
        return f"missing: {name}"
    return "" if digest(path) == value else f"altered: {name}"


def _read(folder: Path) -> Mapping[str, str]:
    path = folder / NAME
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"there is no readable {NAME} in {folder.name}/",
            hint="`kontrak statement` writes it; name the folder that holds it",
        ) from error
    facts = dict(_pairs(lines))
    if DATA not in facts:
        raise ConfigurationError(
            f"{NAME} has no line for {DATA}", hint="write it anew with `kontrak statement`"
        )
    return facts


def _pairs(lines: Iterable[str]) -> Iterable[tuple[str, str]]:
    for number, line in enumerate(lines, 1):
        found = _LINE.fullmatch(line)
        if found is None or found[2].startswith("/") or ".." in Path(found[2]).parts:
            raise ConfigurationError(
                f"{NAME}: line {number} is not a hash and a file of this folder",
                hint="write it anew with `kontrak statement`",
            )
        yield found[2], found[1]
