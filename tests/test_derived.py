"""Faults made by rule: what each family does to a value, and which places are damaged."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kontrak.config.registry import PROVIDERS
from kontrak.errors import CatalogueError
from kontrak.sandbox import Sandbox, derived_faults
from kontrak.sandbox.damage import FAMILIES, Seen
from kontrak.selfcheck import freedoms as freedoms_module
from kontrak.selfcheck import play, trials
from kontrak.selfcheck.freedoms import freedom_of, freedoms

BY_NAME = {family.name: family for family in FAMILIES}


def tree() -> dict[str, Any]:
    return {
        "rc": "00",
        "name": "Ani",
        "price": 302_500,
        "paid": True,
        "bills": [{"month": "JAN", "total": "100"}, {"month": "FEB", "total": "099"}],
    }


@pytest.mark.parametrize(
    ("family", "path", "value"),
    [
        ("retype", "price", "302500"),
        ("retype", "rc", 0),
        ("retype", "paid", "true"),
        ("null", "name", None),
        ("empty", "name", ""),
        ("empty", "bills", []),
        ("out of enum", "paid", False),
        ("out of enum", "rc", "LAINNYA"),
        ("off by one", "price", 302_501),
        ("off by one", "rc", "01"),
        ("swap", "rc", "Ani"),
        ("wrong case", "name", "aNI"),
        ("extra blanks", "name", " Ani "),
        ("reordered list", "bills", tree()["bills"][::-1]),
        ("duplicated element", "bills", [*tree()["bills"], tree()["bills"][-1]]),
    ],
)
def test_a_family_changes_one_value(family: str, path: str, value: object) -> None:
    damaged = tree()
    assert BY_NAME[family].change(damaged, path, Seen())
    assert damaged[path] == value
    others = {key: old for key, old in tree().items() if key != path}
    swapped = "name" if family == "swap" else None
    assert {key: damaged[key] for key in others if key != swapped} == {
        key: old for key, old in others.items() if key != swapped
    }


def test_the_last_element_of_a_list_is_damaged() -> None:
    damaged = tree()
    assert BY_NAME["off by one"].change(damaged, "bills[].total", Seen())
    assert [bill["total"] for bill in damaged["bills"]] == ["100", "100"]


@pytest.mark.parametrize("family", ["drop", "rename"])
def test_a_member_is_lost(family: str) -> None:
    damaged = tree()
    assert BY_NAME[family].change(damaged, "bills[].month", Seen())
    assert "month" in damaged["bills"][0]
    assert "month" not in damaged["bills"][1]


def test_stale_and_foreign_values_come_from_earlier_answers() -> None:
    seen = Seen()
    older, old, new = {"ref": "A"}, {"ref": "B"}, {"ref": "B"}
    seen.remember(older)
    seen.remember(old)
    assert not BY_NAME["stale"].change(new, "ref", seen)
    assert BY_NAME["foreign"].change(new, "ref", seen)
    assert new == {"ref": "A"}


@pytest.mark.parametrize(
    ("family", "path"),
    [("empty", "price"), ("wrong case", "rc"), ("drop", "absent"), ("drop", "bills[].absent")],
)
def test_a_family_says_when_it_changes_nothing(family: str, path: str) -> None:
    damaged = tree()
    assert not BY_NAME[family].change(damaged, path, Seen())
    assert damaged == tree()


@pytest.mark.parametrize("provider", PROVIDERS)
def test_ids_are_unique_and_name_their_provider(provider: str) -> None:
    ids = [fault.id for fault in derived_faults(provider)]
    assert len(ids) == len(set(ids)) > 100
    assert all(one.startswith(f"{provider}~") and " " not in one for one in ids)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_every_freedom_covers_a_fault(provider: str) -> None:
    used = {freedom_of(fault) for fault in derived_faults(provider)}
    assert [one for one in freedoms(provider) if one not in used] == []


def test_a_wrong_file_of_freedoms_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "iak").mkdir()
    (tmp_path / "iak/freedoms.toml").write_text('[[freedom]]\nanswers = ["*"]\n', encoding="utf-8")
    monkeypatch.setattr(freedoms_module, "SUITES", tmp_path)
    freedoms.cache_clear()
    with pytest.raises(CatalogueError, match=r"suites/iak/freedoms\.toml: freedom\.0"):
        freedoms("iak")
    freedoms.cache_clear()


def test_a_sandbox_with_a_derived_fault_counts_what_it_changes() -> None:
    with Sandbox(faults=["iak~inquiry-in-JSON~price~off-by-one"]) as sandbox:
        assert sandbox.damaged == 0


def test_a_derived_fault_is_killed_by_its_place_and_ends_its_trial() -> None:
    (chosen,) = trials(["iak"], ["iak~inquiry-in-JSON~price~null"])
    (outcome,) = play([chosen], workers=1)
    assert outcome.red == {"IAK-JSON-PRICE"}
    assert outcome.well
    assert outcome.played.damaged


def test_what_a_derived_fault_does_not_change_is_idle() -> None:
    (chosen,) = trials(["iak"], ["iak~inquiry-in-JSON~code~foreign"])
    (outcome,) = play([chosen], workers=1)
    assert outcome.excuse == "idle"


def test_a_sample_is_the_same_every_time() -> None:
    taken = [one.id for one in trials(["rqid"], derived=3) if one.kind == "derived"]
    assert taken == [one.id for one in trials(["rqid"], derived=3) if one.kind == "derived"]
    assert len(taken) < len(trials(["rqid"], derived=None))
