"""Puts derived files in their place, or shows where they differ from what is there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Difference:
    """A file that is ``missing``, ``different`` or ``stale`` (no longer derived)."""

    path: Path
    what: str

    def __str__(self) -> str:
        return f"{self.what}: {self.path.parent.name}/{self.path.name}"


def differences(
    home: Path, files: Mapping[str, str], *, present: Iterable[Path] = ()
) -> list[Difference]:
    """What ``write`` would change in ``home``. ``present`` are the derived files there now."""
    found = []
    for name, text in files.items():
        path = home / name
        if not path.is_file():
            found.append(Difference(path, "missing"))
        elif path.read_bytes() != text.encode():
            found.append(Difference(path, "different"))
    kept = {home / name for name in files}
    return found + [Difference(path, "stale") for path in sorted(present) if path not in kept]


def write(
    home: Path, files: Mapping[str, str], *, present: Iterable[Path] = ()
) -> list[Difference]:
    """Makes ``home`` as derived: writes what differs, removes what is stale, returns both."""
    changed = differences(home, files, present=present)
    for difference in changed:
        if difference.what == "stale":
            difference.path.unlink()
        else:
            difference.path.parent.mkdir(parents=True, exist_ok=True)
            name = difference.path.relative_to(home).as_posix()
            difference.path.write_bytes(files[name].encode())
    return changed
