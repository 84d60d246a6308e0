"""The selfcheck distinguishes caught from survived; its stages judge as pytest does."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from kontrak.config.paths import SCHEMAS
from kontrak.errors import ConfigurationError
from kontrak.selfcheck import Matrix, Outcome, Trial, play, trials
from kontrak.selfcheck.trials import Played
from tests.runs import kontrak, suite

FAULT = "iak-price-off-by-one"
CLAUSE = "IAK-AMOUNT-PRICE"


def one(trial_id: str) -> Trial:
    (found,) = trials(["iak"], [trial_id])
    return found


def test_a_fault_is_caught_and_a_variant_is_quiet(tmp_path: Path) -> None:
    chosen = f"--faults={FAULT},iak-chunked"
    ended = kontrak("selfcheck", chosen, f"--output={tmp_path}", output=tmp_path)
    assert ended.code == 0, ended.printed
    assert f"caught      {FAULT} -> {CLAUSE}" in ended.printed
    assert "quiet       iak-chunked" in ended.printed
    data = json.loads((tmp_path / "detection.json").read_text(encoding="utf-8"))
    schema = json.loads((SCHEMAS / "detection.json").read_text(encoding="utf-8"))
    Draft202012Validator(schema).validate(data)
    assert [row["well"] for row in data["trials"]] == [True, True]
    assert CLAUSE in data["trials"][0]["message"]
    assert f"| {FAULT}: " in (tmp_path / "detection.md").read_text(encoding="utf-8")


def test_an_unknown_fault_is_refused(tmp_path: Path) -> None:
    ended = kontrak("selfcheck", "--faults=no-such-fault", output=tmp_path)
    assert ended.code == 4
    assert "no-such-fault" in ended.printed


def test_a_stage_judges_as_pytest_does(tmp_path: Path) -> None:
    (outcome,) = play([one(FAULT)], workers=1)
    ran = suite(f"--fault={FAULT}", output=tmp_path)
    assert outcome.played.verdicts == ran.verdicts()


def test_the_trials_of_one_stage_do_not_see_one_another() -> None:
    honest = one("iak-lower-case-headers")
    outcomes = list(play([honest, one(FAULT), replace(honest, id="iak-chunked")], workers=1))
    by_id = {outcome.trial.id: outcome for outcome in outcomes}
    assert by_id[FAULT].red == {CLAUSE}
    assert not by_id["iak-lower-case-headers"].red
    assert not by_id["iak-chunked"].red


@pytest.mark.parametrize(
    ("verdicts", "word"),
    [
        ({CLAUSE: "passed"}, "survived"),
        ({CLAUSE: "failed", "IAK-JSON-HP": "failed"}, "stray"),
        ({CLAUSE: "failed", "IAK-JSON-HP": "broken"}, "stray"),
    ],
)
def test_what_is_not_as_it_has_to_be_is_not_well(verdicts: dict[str, str], word: str) -> None:
    outcome = Outcome(one(FAULT), Played(verdicts, {}))
    assert not outcome.well
    assert outcome.caught is (word == "stray")
    assert not Matrix([outcome], [], seconds=0, seed=1).well


def test_a_trial_of_which_nothing_is_seen_is_not_well() -> None:
    played = Played({CLAUSE: "failed"}, {}, trouble="its process died")
    assert not Outcome(one(FAULT), played).well


def test_a_clause_without_a_fault_is_not_well() -> None:
    assert not Matrix([], [CLAUSE], seconds=0, seed=1).well


def test_an_unknown_id_is_reported() -> None:
    with pytest.raises(ConfigurationError, match="no-such"):
        trials(["iak"], ["no-such"])
