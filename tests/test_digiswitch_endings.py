"""digiswitch: payments in process are judged where their target's clock cannot be moved, too."""

from __future__ import annotations

from pathlib import Path

import pytest

from kontrak.sandbox import Sandbox
from tests.runs import kontrak

SOON = "digiswitch-pending-ends-soon"
TARGET = """name = "test"
kind = "sandbox"
[digiswitch]
base_url = "{url}"
username = "sandbox-user"
api_key = "sandbox-key"
products = {{pln = true, hp = true}}
"""
SETTLES, MONEY = "DIGISWITCH-PENDING-SETTLES", "DIGISWITCH-PENDING-FINAL-MONEY"


def verdicts(folder: Path, faults: list[str], variants: list[str]) -> dict[str, str]:
    sandbox = Sandbox(faults=faults, variants=variants)
    try:
        target = folder / "target.toml"
        target.write_text(TARGET.format(url=sandbox.start()), encoding="utf-8")
        options = ["run", "-p", "digiswitch", "--no-html", f"--output={folder}", "--seed=1"]
        chosen = [f"--clause={one}" for one in (SETTLES, MONEY)]
        return kontrak(*options, f"--target={target}", *chosen, output=folder).verdicts()
    finally:
        sandbox.stop()


@pytest.mark.parametrize(
    ("faults", "variants", "settles", "money"),
    [
        ([], [SOON], "passed", "passed"),
        ([], [SOON, "digiswitch-no-status"], "passed", "passed"),
        (["digiswitch-pending-again"], [SOON], "failed", "skipped"),
        (["digiswitch-pending-failure-keeps-money"], [SOON], "passed", "failed"),
    ],
)
def test_what_ends_soon_is_judged(
    tmp_path: Path, faults: list[str], variants: list[str], settles: str, money: str
) -> None:
    assert verdicts(tmp_path, faults, variants) == {SETTLES: settles, MONEY: money}
