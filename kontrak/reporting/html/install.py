"""The pinned Allure: fetched once by npm and kept in the user's cache folder."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from kontrak.config.paths import ROOT, cache_folder
from kontrak.errors import ReportError
from kontrak.reporting.html.node import GET_NODE, OTHERWISE, Node, run_node

CONFIGURATION = ROOT / "reports" / "allure"
INSTALL_SECONDS = 600.0

_MANIFEST = ("package.json", "package-lock.json", ".npmrc")
_PROGRAM = Path("node_modules", "allure", "cli.js")


def allure_program(
    node: Node, *, notify: Callable[[str], None], kept_in: Path | None = None
) -> Path:
    """The path of Allure's ``cli.js`` in the folder ``kept_in``, installed on first use.

    ``kept_in`` is the cache folder unless given. An interrupted install leaves nothing that
    a later one would take for complete, and of two at once one wins. Raises ``ReportError``, and
    ``OSError`` where the disk is full or the folder is not ours to write to.
    """
    home = (kept_in or cache_folder()) / f"allure-{_fingerprint()}"
    program = home / _PROGRAM
    if not program.is_file():
        notify(f"Installing Allure {pinned_version()} for the HTML report (once, about 53 MB) ...")
        _install(node, home)
    return program


def pinned_version() -> str:
    """The exact Allure version of the committed manifest."""
    manifest = json.loads((CONFIGURATION / "package.json").read_bytes())
    return str(manifest["dependencies"]["allure"])


def _fingerprint() -> str:
    try:
        lock = (CONFIGURATION / "package-lock.json").read_bytes()
        return f"{pinned_version()}-{hashlib.sha256(lock).hexdigest()[:12]}"
    except (OSError, ValueError, LookupError) as error:
        raise ReportError(
            f"the report's own configuration in {CONFIGURATION} cannot be read ({error})",
            hint=f"install kontrak again; {OTHERWISE}",
        ) from error


def _install(node: Node, home: Path) -> None:
    if node.npm is None:
        raise ReportError(
            f"Allure is not installed yet, and {node.executable} comes without npm",
            hint=f"{GET_NODE}; {OTHERWISE}",
        )
    home.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".installing-", dir=home.parent) as scratch:
        staging = Path(scratch, "allure")
        staging.mkdir()
        for name in _MANIFEST:
            shutil.copy(CONFIGURATION / name, staging / name)
        _npm_ci(node, node.npm, staging, cache=Path(scratch, "npm"))
        _move_into_place(staging, home)


def _npm_ci(node: Node, npm: Path, staging: Path, *, cache: Path) -> None:
    # npm reads the user's settings (a registry mirror, a proxy) but writes to our cache only.
    settings = {key: value for key, value in os.environ.items() if _is_npm_setting(key)}
    home = {key: os.environ[key] for key in ("HOME", "USERPROFILE") if key in os.environ}
    quiet = {"npm_config_cache": str(cache), "npm_config_update_notifier": "false"}
    try:
        run_node(
            node,
            [npm, "ci", "--ignore-scripts", "--loglevel=error", "--logs-max=0"],
            cwd=staging,
            environment=settings | home | quiet,
            seconds=INSTALL_SECONDS,
            what=f"installing Allure {pinned_version()} with npm",
        )
    except ReportError as error:
        raise ReportError(
            error.sentence, hint=f"npm must reach its registry once; {error.hint}"
        ) from error
    if not (staging / _PROGRAM).is_file():
        raise ReportError(f"npm installed no {_PROGRAM.as_posix()}", hint=OTHERWISE)


def _is_npm_setting(name: str) -> bool:
    return name.lower().startswith("npm_config_") and name.lower() != "npm_config_cache"


def _move_into_place(staging: Path, home: Path) -> None:
    try:
        staging.rename(home)
    except OSError:
        # Another process was first; its install is as good as ours.
        if not (home / _PROGRAM).is_file():
            raise
