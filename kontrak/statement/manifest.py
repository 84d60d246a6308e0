"""The manifest: a SHA-256 for every file of a statement, and whether they still agree.

``manifest.sha256`` has the lines of ``sha256sum``, so that a partner without kontrak can check it
with ``sha256sum -c manifest.sha256``. The ledger is left out: it goes on with every run.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from kontrak.errors import ConfigurationError
from kontrak.report.files import write_whole

NAME = "manifest.sha256"
DATA = "statement.json"
_RESULTS = "allure-results"
_FILES = ("conformance.json", "inventory.json", "junit.xml")
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


def write_manifest(folder: Path) -> Path:
    """Write the manifest over the evidence, the statement's data and its pages."""
    hashes = {str(one["file"]): str(one["sha256"]) for one in evidence(folder)}
    hashes |= {path.name: digest(path) for path in (folder / DATA, *pages(folder))}
    text = "".join(f"{value}  {name}\n" for name, value in hashes.items())
    write_whole(text.encode(), folder / NAME)
    return folder / NAME


def differences(folder: Path) -> list[str]:
    """What is no longer as the manifest says, a line each: altered, missing or added files.

    Raises ``ConfigurationError`` when there is no manifest or it is none.
    """
    told = _read(folder)
    found = [line for name, value in told.items() if (line := _difference(folder, name, value))]
    here = {str(one["file"]) for one in evidence(folder)} | {one.name for one in pages(folder)}
    return found + [f"added: {name}" for name in sorted(here - set(told))]


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
    told = dict(_pairs(lines))
    if DATA not in told:
        raise ConfigurationError(
            f"{NAME} has no line for {DATA}", hint="write it anew with `kontrak statement`"
        )
    return told


def _pairs(lines: Iterable[str]) -> Iterable[tuple[str, str]]:
    for number, line in enumerate(lines, 1):
        found = _LINE.fullmatch(line)
        if found is None or found[2].startswith("/") or ".." in Path(found[2]).parts:
            raise ConfigurationError(
                f"{NAME}: line {number} is not a hash and a file of this folder",
                hint="write it anew with `kontrak statement`",
            )
        yield found[2], found[1]
