"""Two real clients of other authors work against the imitation of Tokopedia.

They are fetched from PyPI and npm into folders of their own, so the tests are left out unless the
environment has ``KONTRAK_CLIENTS=1``; without npm its client is left out with that reason.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from kontrak.config.paths import FIXTURES
from kontrak.sandbox import Sandbox

KEYS = FIXTURES / "tokopedia" / "keys"
SCRIPTS = Path(__file__).parent / "clients"
PY_SAT, NODE_SAT = "py-sat-sdk==1.0.8", "node-sat@1.0.8"

UNDERSTOOD = {
    "ping": "ok",
    "saldo": 1_000_000_000,
    "inquired": ["317103000201711111", True],
    "no-bill": "P04",
    "checkout": "Pending",
    "again": "P03",
    "looks": ["Pending", "Success"],
    "entries": 13,
    "fulfilled": True,
    "failing": "Pending",
    "failed": ["Pending", "Failed"],
    "missing": "P02",
}
"""What both clients read out of the sandbox's answers."""


@pytest.fixture(autouse=True)
def fetched() -> None:
    if os.environ.get("KONTRAK_CLIENTS") != "1":
        pytest.skip("the clients are fetched from PyPI and npm: set KONTRAK_CLIENTS=1")


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


def _run(command: list[str], folder: Path, **environment: str) -> str:
    done = subprocess.run(  # noqa: S603 - the commands below, and no others
        command, cwd=folder, env={**os.environ, **environment}, capture_output=True, text=True,
        timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def _reported(script: list[str], sandbox: Sandbox, folder: Path) -> dict[str, Any]:
    keys = [str(KEYS / "partner-private.pem"), str(KEYS / "provider-public.pem")]
    # The sandbox speaks plain HTTP; both clients would rather not.
    printed = _run([*script, sandbox.url, *keys], folder, OAUTHLIB_INSECURE_TRANSPORT="1")
    reported: dict[str, Any] = json.loads(printed)
    return reported


def test_py_sat_sdk_buys_and_follows_orders(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if find_spec("pip") is None:
        pytest.skip("this environment has no pip")
    # A folder instead of an environment of its own: half the time, and as much apart.
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    _run([*pip, "--target", str(tmp_path), PY_SAT], tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    reported = _reported([sys.executable, str(SCRIPTS / "py_sat_walk.py")], sandbox, tmp_path)

    assert len(reported.pop("products")) == 70
    assert reported.pop("one") == ["pgn", "cbn"]
    assert reported.pop("unknown") == "P04"
    assert reported == UNDERSTOOD


def test_node_sat_buys_and_follows_orders(sandbox: Sandbox, tmp_path: Path) -> None:
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        pytest.skip("node and npm are not installed")
    _run([npm, "install", "--silent", "--no-audit", "--no-fund", NODE_SAT], tmp_path)

    reported = _reported([node, str(SCRIPTS / "node_sat_walk.cjs")], sandbox, tmp_path)

    assert reported == UNDERSTOOD
