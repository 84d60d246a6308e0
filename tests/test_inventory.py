"""The inventory: what is counted of answers, and what is never written down."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from kontrak.config.paths import SCHEMAS
from kontrak.config.registry import PROVIDERS
from kontrak.config.target import load_target
from kontrak.drift import document
from kontrak.errors import ConfigurationError
from kontrak.interface.inventory import MOST_VALUES, Inventory, added
from kontrak.interface.provider import provider
from kontrak.masking.masker import Masker
from tests.drifting import ABOUT, bill, counted, exchange


def answers(found: dict[str, object], operation: str = "inq-pasca json") -> list[dict[str, object]]:
    reported = document.document(found, ABOUT)["providers"]["iak"]["operations"][operation]
    listed: list[dict[str, object]] = reported["answers"]
    return listed


def fields(found: dict[str, object]) -> dict[str, dict[str, object]]:
    (only,) = answers(found)
    reported = only["fields"]
    assert isinstance(reported, dict)
    return reported


def test_presence_is_reported_by_the_object_around() -> None:
    found = fields(
        counted(
            exchange(bill(price=1, desc={"daya": "900"})),
            exchange(bill(price=2.5)),
        )
    )
    assert found["data.price"]["presence"] == "always"
    assert found["data.price"]["types"] == {"integer": 1, "number": 1}
    assert found["data.desc"]["presence"] == "sometimes"
    assert found["data.desc.daya"]["presence"] == "always"


def test_elements_are_one_place() -> None:
    found = fields(counted(exchange(bill(detail=[{"total": 1, "denda": 0}, {"total": 2}]))))
    assert found["data.detail[].total"]["presence"] == "always"
    assert found["data.detail[].denda"]["presence"] == "sometimes"


def test_only_listed_members_show_their_values() -> None:
    found = fields(counted(exchange(bill(tr_name="BUDI", hp="530000000001", price=302500))))
    assert found["data.response_code"]["values"] == {"00": 1}
    shown = {name for name, one in found.items() if one["values"]}
    assert shown == {"data.response_code"}


def test_many_values_are_no_enum() -> None:
    many = [exchange(bill(status=number)) for number in range(MOST_VALUES + 5)]
    assert fields(counted(*many))["data.status"]["values"] == {}


def test_a_number_as_a_name_is_not_written_down() -> None:
    text = json.dumps(counted(exchange(bill(**{"530000000001": {"x": 1}}))))
    assert "530000000001" not in text
    assert "data.*.x" in text


def test_no_secret_passes() -> None:
    found = counted(
        exchange(bill(canarysecret=1, status="canarysecret"), operation="inq-pasca json"),
        masker=Masker(["canarysecret"]),
    )
    assert "canarysecret" not in json.dumps(found)


def test_right_changed_and_refused_answers_are_kept_apart() -> None:
    found = answers(
        counted(
            exchange(bill(price=1)),
            exchange({"data": {"response_code": "14", "message": "wrong"}}),
            exchange({"data": {"response_code": "102"}}, right=False),
        )
    )
    sorts = [(one["asked"], one["rc"]) for one in found]
    assert sorts == [("right", "00"), ("right", "14"), ("changed", "102")]
    assert found[2]["fields"] == {}
    assert found[2]["n"] == 1


def test_generated_requests_are_kept_apart() -> None:
    inventory = Inventory()
    observe = inventory.observer(load_target().provider("iak", sandbox_url="http://127.0.0.1"))

    @given(st.integers())
    @settings(max_examples=3, database=None)
    def ask(number: int) -> None:
        observe(exchange(bill(price=number)))

    ask()
    (only,) = answers(inventory.raw(Masker()))
    assert only["asked"] == "generated"
    assert only["fields"] == {}


def test_what_is_not_the_provider_s_is_left_out() -> None:
    assert counted(exchange({}, operation="")) == {}


def test_an_unreadable_answer_has_no_places() -> None:
    (only,) = answers(counted(exchange(b"<html>", status=502)))
    assert (only["http"], only["rc"], only["fields"]) == (502, None, {})


def test_several_processes_add_up() -> None:
    one = counted(exchange(bill(price=1)))
    other = counted(exchange(bill()), exchange(bill(price="1"), operation="pay-pasca json"))
    total = added(iter([one, {}, other]))
    found = total["iak"]
    assert set(found) == {"inq-pasca json", "pay-pasca json"}
    assert fields({"iak": {"inq-pasca json": found["inq-pasca json"]}})["data.price"] == {
        "presence": "sometimes",
        "n": 1,
        "types": {"integer": 1},
        "values": {},
    }


def test_quantiles_are_measured_ones() -> None:
    assert document.quantiles([]) == {"n": 0, "p50": 0.0, "p90": 0.0, "p99": 0.0}
    reported = document.quantiles([float(number) for number in range(1, 101)])
    assert reported == {"n": 100, "p50": 50.0, "p90": 90.0, "p99": 99.0}


def test_shards_of_one_provider_are_one_inventory() -> None:
    one = document.document(counted(exchange(bill(price=1), seconds=0.2)), ABOUT)
    other = document.document(counted(exchange(bill(), seconds=0.5)), ABOUT)
    total = document.together([one, other])
    operation = total["providers"]["iak"]["operations"]["inq-pasca json"]
    assert operation["latency_ms"]["n"] == 2
    assert operation["latency_ms"]["p50"] == 500.0
    assert operation["answers"][0]["fields"]["data.price"]["presence"] == "sometimes"


def test_the_written_form_keeps_its_schema(tmp_path: Path) -> None:
    made = document.document(counted(exchange(bill(price=1, detail=[{"x": None}]))), ABOUT)
    document.write(made, tmp_path)
    assert document.read(tmp_path / document.NAME) == made
    rules = Draft202012Validator(
        json.loads((SCHEMAS / "inventory.json").read_text(encoding="utf-8"))
    )
    made["providers"]["iak"]["operations"]["inq-pasca json"]["answers"][0]["n"] = 0
    assert not rules.is_valid(made)


@pytest.mark.parametrize("text", ["", "[]", '{"format": 2, "providers": {}}'])
def test_a_file_that_is_no_inventory_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / document.NAME
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"inventory\.json"):
        document.read(path)


@pytest.mark.parametrize("key", PROVIDERS)
def test_every_provider_says_how_its_answers_are_looked_at(key: str) -> None:
    observation = provider(key).observation
    look = observation.look(load_target().provider(key, sandbox_url="http://127.0.0.1"))
    assert look(exchange(b"\xff{")).rc is None
    assert not observation.is_enum("data.customer_name")
