"""The control: its OpenAPI documents, the sample it draws, and the table it prints."""

from __future__ import annotations

import ast
import json
import re
from typing import Any

import jsonschema_rs
import pytest
import requests
from openapi_spec_validator import OpenAPIV31SpecValidator

from benchmarks.schemathesis.description import PLACEHOLDER, Description
from benchmarks.schemathesis.measure import DESCRIPTIONS, is_visible, sample
from benchmarks.schemathesis.table import estimate, page
from kontrak.config.paths import ROOT
from kontrak.sandbox import Sandbox
from kontrak.selfcheck import Trial, trials

CONTROL = ROOT / "benchmarks" / "schemathesis"


@pytest.fixture(params=DESCRIPTIONS)
def described(request: pytest.FixtureRequest) -> Description:
    return DESCRIPTIONS[str(request.param)]()


def test_a_description_is_openapi(described: Description) -> None:
    document = json.loads(json.dumps(described.document()))
    assert [str(error) for error in OpenAPIV31SpecValidator(document).iter_errors()] == []


def test_every_reference_of_a_description_leads_somewhere(described: Description) -> None:
    document = described.document()
    found = re.findall(r'"\$ref": "#([^"]+)"', json.dumps(document))
    for place in found:
        held: Any = document
        for part in place.split("/")[1:]:
            held = held[part]


def test_documented_examples_have_the_shape_of_requests(described: Description) -> None:
    document = described.document()
    for one in described.operations:
        if one.example is not None:
            judge = _validator(one.body, document)
            assert judge.is_valid(one.example), f"{one.label}: {_errors(judge, one.example)}"


def test_steps_and_links_lead_to_what_there_is(described: Description) -> None:
    names = {one.name for one in described.operations}
    for one in described.operations:
        assert set(one.recipe.steps) <= set(described.steps), one.label
        wanted = {value.step for value in one.recipe.put.values()}
        assert wanted <= {*one.recipe.steps, "fresh", "given"}, one.label
        assert {link["operationId"] for link in one.links.values()} <= names, one.label


def test_operations_are_reported_apart(described: Description) -> None:
    for one in ("name", "label"):
        found = [getattr(operation, one) for operation in described.operations]
        assert len(set(found)) == len(found)


@pytest.mark.parametrize("shape", ["error", "ping"])
def test_an_honest_reply_has_the_described_shape(shape: str) -> None:
    description = DESCRIPTIONS["tokopedia"]()
    document = description.document()
    with Sandbox() as sandbox:
        path = {"ping": "/api/ping", "error": "/api/v2/account"}[shape]
        reply = requests.get(
            sandbox.url + path, headers={"Authorization": f"Bearer {_token(sandbox)}"}, timeout=10
        )
        if shape == "error":
            reply = requests.get(sandbox.url + path, timeout=10)
    assert _validator({"$ref": f"#/components/schemas/{shape}"}, document).is_valid(reply.json())


def test_an_inquiry_of_iak_is_described_as_it_is_answered() -> None:
    description = DESCRIPTIONS["iak"]()
    inquiry = next(one for one in description.operations if one.name == "inquiry")
    judge = _validator(inquiry.ok, description.document())
    example = json.loads((ROOT / "fixtures/iak/inquiry_response.json").read_text(encoding="utf-8"))
    assert judge.is_valid(example)
    del example["data"]["tr_id"]
    assert not judge.is_valid(example)


def test_a_text_of_success_is_reported_from_another() -> None:
    description = DESCRIPTIONS["httpget"]()
    topup = next(one for one in description.operations if one.name == "trx")
    judge = _validator(topup.ok, description.document())
    right = "TRX IS5.081234567890 SUKSES, HRG:5500 SN:A.1 REFID:K1."
    assert judge.is_valid(right)
    for wrong in (right[:-1], right.replace("IS5", "IS10"), right.replace("5500", "5.500")):
        assert not judge.is_valid(wrong)


def test_every_family_is_in_a_sample() -> None:
    faults = [one for one in trials(["iak"]) if one.kind == "fault"]
    families = {one.family for one in faults}
    drawn = sample(faults, len(families) + 5, seed=7)
    assert {one.family for one in drawn} == families
    assert drawn == sample(faults, len(families) + 5, seed=7)
    assert drawn != sample(faults, len(families) + 5, seed=8)


def test_faults_of_products_that_are_left_out_are_not_asked_about() -> None:
    left_out = {
        "iak": _trial("iak-xml-answered-in-json", "IAK-XML-WELLFORMED"),
        "digiswitch": _trial("digiswitch-tv-sum-off", "DIGISWITCH-TV-SUM"),
        "tokopedia": _trial("tokopedia-cbn-amount-off", "TOKOPEDIA-CBN-AMOUNTS"),
    }
    for provider, trial in left_out.items():
        description = DESCRIPTIONS[provider]()
        assert not is_visible(trial, description)
        assert is_visible(_trial(f"{provider}-account-missing", "ANY-CLAUSE"), description)


def test_the_hooks_use_nothing_of_kontrak() -> None:
    tree = ast.parse((CONTROL / "hooks.py").read_text(encoding="utf-8"))
    names = {one.module or "" for one in ast.walk(tree) if isinstance(one, ast.ImportFrom)}
    assert not [name for name in names if name.startswith(("kontrak", "tests"))]
    assert f'PLACEHOLDER = "0" * {len(PLACEHOLDER)}' in (CONTROL / "hooks.py").read_text("utf-8")


def test_the_table_sets_both_side_by_side() -> None:
    reported = {"found": True, "seconds": 1.0, "requests": 10, "excuse": ""}
    missed = {"found": False, "seconds": 8.0, "requests": 500, "excuse": ""}
    fault = {
        "kind": "fault",
        "family": "echo",
        "kontrak": reported,
        "tool": missed,
        "deeper": reported,
    }
    idle = {**fault, "kind": "derived", "kontrak": {**missed, "excuse": "idle"}}
    variant = {"kind": "variant", "family": "variant", "kontrak": missed, "tool": reported}
    visible = {"fault": {"echo": 5, "rc": 4}, "derived": {"drop": 9}, "variant": {"variant": 1}}
    reported_of = {"visible": visible, "trials": [fault, idle, variant]}
    text = page({"providers": {"iak": reported_of}})
    assert "| `iak` | 1 of 18 | 1 of 1 (100 %) | 0 of 1 (0 %) | 100 % : 0 % | 1 of 1 |" in text
    assert "| 0 : 1 of 1 | 1.0 : 8.0 | 10 : 500 |" in text
    assert "| echo (by hand) | 1 of 1 (100 %) | 0 of 1 (0 %) |" in text


def test_a_family_counts_by_its_size() -> None:
    yes, no = ({"found": one, "excuse": ""} for one in (True, False))
    trials_ = [
        {"kind": "fault", "family": "schema", "kontrak": yes, "tool": yes},
        {"kind": "fault", "family": "state", "kontrak": yes, "tool": no},
    ]
    reported = {"visible": {"fault": {"schema": 90, "state": 10}}, "trials": trials_}
    assert estimate(reported, "kontrak") == 100
    assert estimate(reported, "tool") == 90


def _trial(name: str, clause: str) -> Trial:
    return Trial(name, "", "fault", "", "", clause, frozenset())


def _token(sandbox: Sandbox) -> str:
    from benchmarks.schemathesis.tokopedia import client_credentials

    reply = requests.post(
        f"{sandbox.url}/token",
        data={"grant_type": "client_credentials"},
        auth=client_credentials(),
        timeout=10,
    )
    return str(reply.json()["access_token"])


def _validator(schema: Any, document: dict[str, Any]) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator({**schema, "components": document["components"]})


def _errors(judge: jsonschema_rs.Draft202012Validator, found: object) -> list[str]:
    return [str(error) for error in judge.iter_errors(found)]
