"""R-ONE's faults and variants: their registry, and that they reach the platform behind both."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import requests

from kontrak.sandbox import Fault, Sandbox, Variant, all_faults, all_variants

PROVIDERS = ("rqid", "httpget")
NOT_IN_A_SELFCHECK = {"RQID-EXPIRY-WAITED"}
"""Real waiting, which no fault of a clock that can be advanced is needed for."""


def clauses(provider: str) -> dict[str, dict[str, Any]]:
    path = Path(__file__).parents[1] / "suites" / provider / "clauses.toml"
    return {row["id"]: row for row in tomllib.loads(path.read_text(encoding="utf-8"))["clause"]}


@pytest.mark.parametrize("provider", PROVIDERS)
def test_ids_are_words_and_unique(provider: str) -> None:
    """No fault and no variant shares its id or its sentence."""
    changes: list[Fault | Variant] = [*all_faults(provider), *all_variants(provider)]
    ids = [one.id for one in changes]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(rf"{provider}(-[a-z0-9]+)+", one) for one in ids)
    assert all(one.text.endswith(".") for one in changes)
    assert len({one.text for one in changes}) == len(changes)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_every_clause_has_a_fault(provider: str) -> None:
    """And every fault breaks what the catalogue promises."""
    known, faults = clauses(provider), all_faults(provider)
    assert {clause for fault in faults for clause in fault.clauses} <= set(known)
    assert set(known) - {fault.clauses[0] for fault in faults} <= NOT_IN_A_SELFCHECK


def saldo(sandbox: Sandbox) -> int:
    answer = requests.post(
        f"{sandbox.url}/V1/api/balance",
        json={"mmid": "R1MAIN"},
        headers={"rqid": "sandbox-rqid-key"},
        timeout=30,
    )
    left: int = answer.json()["data"]["saldo"]
    return left


def test_a_fault_of_the_platform_is_gone_after_a_reset() -> None:
    """It wraps the account of one world alone."""
    query = "memberID=R1MAIN&pin=135790&password=sandbox-rqid-key&product=IS5&qty=1"
    with Sandbox(faults=["rqid-topup-debit-twice"]) as sandbox:
        for cost, faults in ((11_000, ["rqid-topup-debit-twice"]), (5_500, [])):
            sandbox.reset(faults=faults)
            before = saldo(sandbox)
            url = f"{sandbox.url}/V1/http-get?{query}&dest=081234567890&refID=ONE"
            requests.get(url, timeout=30)
            assert before - saldo(sandbox) == cost


@pytest.mark.parametrize("provider", PROVIDERS)
def test_every_change_can_be_switched_on(provider: str) -> None:
    """What each of them wraps exists."""
    for one in all_faults(provider):
        Sandbox(faults=[one.id])
    for variant in all_variants(provider):
        Sandbox(variants=[variant.id])
