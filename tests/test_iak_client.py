"""The asking side of IAK: signatures, encodings, answers, and what its strategies make."""

from __future__ import annotations

import json
import tomllib
from decimal import Decimal
from typing import Any

import defusedxml.ElementTree as SafeXml
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kontrak.clauses.response_codes import Outcome, response_codes
from kontrak.clauses.shapes import shape
from kontrak.config.paths import FIXTURES
from kontrak.exchange import Exchange, Reply, Request
from kontrak.interface import strategies as generate
from kontrak.judging.expect import Blocked, notebook
from kontrak.providers.iak import IakAnswer
from kontrak.providers.iak import strategies as made
from kontrak.providers.iak.codec import Codec, decode, encode
from kontrak.providers.iak.refusal import as_documented, findings
from kontrak.providers.iak.signing import sign

FOLDER = FIXTURES / "iak"
VECTORS: list[dict[str, str]] = tomllib.loads((FOLDER / "vectors.toml").read_text("utf-8"))[
    "vector"
]
FIELDS: dict[str, object] = json.loads((FOLDER / "inquiry_request.json").read_text("utf-8"))


def answer(body: bytes, codec: Codec, status: int = 200) -> IakAnswer:
    exchange = Exchange(Request("POST", "http://x", (), b"", ""), Reply(status, "", (), body), 0, 0)
    read = decode(exchange, codec)
    return IakAnswer(exchange, read.document, read.malformed, codec, {"commands": "inq-pasca"})


def documented(codec: Codec) -> IakAnswer:
    return answer((FOLDER / f"inquiry_response.{codec}").read_bytes(), codec)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda one: one["sign"])
def test_a_known_answer_is_reproduced(vector: dict[str, str]) -> None:
    assert sign(vector["username"], vector["api_key"], vector["salt"]) == vector["sign"]


def test_the_documented_request_fits_its_schema() -> None:
    assert shape("iak", "inquiry-request").violations(FIELDS) == ()
    assert not shape("iak", "inquiry-request").accepts({**FIELDS, "hp": ""})


def test_the_documented_request_is_what_we_send() -> None:
    ours = SafeXml.fromstring(encode(FIELDS, "xml"))
    theirs = SafeXml.fromstring((FOLDER / "inquiry_request.xml").read_bytes())
    assert [(one.tag, one.text) for one in ours] == [(one.tag, one.text) for one in theirs]


@pytest.mark.parametrize("codec", ["json", "xml"])
def test_the_documented_answer_is_read_alike(codec: Codec) -> None:
    bill = documented(codec)
    assert shape("iak", f"inquiry-{codec}").violations(bill.document) == ()
    assert bill.is_success
    assert (bill.rc, bill.outcome) == ("00", Outcome.SUCCESS)
    assert bill.number("price") == Decimal(302500)
    assert bill.number("desc.daya") == 1300
    assert bill.bill_numbers("total") == [Decimal(302500)]
    assert bill.bill_texts("periode") == ["201608"]


def test_what_is_unreadable_is_blocked_behind_its_clause() -> None:
    data = json.loads((FOLDER / "inquiry_response.json").read_text("utf-8"))
    data["data"]["price"] = "much"
    del data["data"]["desc"]["tarif"]
    bill = answer(json.dumps(data).encode(), "json")
    with pytest.raises(Blocked, match="IAK-JSON-PRICE"):
        bill.number("price")
    with pytest.raises(Blocked, match="IAK-JSON-DESC-TARIF"):
        bill.text("desc.tarif")


@pytest.mark.parametrize(
    ("body", "status", "refused"),
    [
        ({"data": {"response_code": "14", "message": "NO"}, "meta": []}, 200, True),
        ({"data": {"response_code": "14", "message": "NO"}}, 400, True),
        ({"error_details": []}, 400, True),
        ({"data": {"response_code": "00", "message": "OK"}}, 200, False),
        ({"data": {"response_code": "39", "message": "LATER"}}, 200, False),
        ({"data": {"response_code": "05", "message": "?"}}, 200, False),
        ({"data": {"response_code": "201", "message": "?"}}, 200, False),
        ({"data": {"response_code": "103", "message": "TIMEOUT"}}, 200, True),
    ],
)
def test_a_refusal_is_reported_from_success_and_pending(
    body: dict[str, Any],
    status: int,
    refused: bool,  # noqa: FBT001 - a parametrised value
) -> None:
    with notebook():
        assert (findings(answer(json.dumps(body).encode(), "json", status)) == []) is refused


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"data": {"response_code": "14", "message": "m"}, "meta": []}, "response_code"),
        ({"data": {"rc": "14", "message": "m"}}, "rc"),
        ({"response_code": "14", "message": "m"}, "response_code without data"),
        ({"rc": "14", "message": "m", "data": None}, "rc without data"),
    ],
)
def test_a_refusal_is_read_in_every_shape(body: dict[str, Any], place: str) -> None:
    refusal = answer(json.dumps(body).encode(), "json")
    assert (refusal.rc, refusal.outcome) == ("14", Outcome.FAILED)
    shown, where = as_documented(refusal)
    assert where == place
    assert shape("iak", "failure-json").accepts(shown)


def test_no_success_is_read_in_the_shape_of_a_bare_refusal() -> None:
    bill = json.loads((FIXTURES / "iak" / "inquiry_response.json").read_bytes())["data"]
    assert answer(json.dumps(bill).encode(), "json").members == {}


def test_a_bill_without_a_code_is_no_refusal() -> None:
    data = json.loads((FOLDER / "inquiry_response.json").read_text("utf-8"))
    del data["data"]["response_code"]
    assert findings(answer(json.dumps(data).encode(), "json"))


def test_the_table_has_its_traps() -> None:
    codes = response_codes("iak")
    assert codes["05"].outcome is codes["201"].outcome is Outcome.PENDING
    assert codes["103"].outcome is Outcome.FAILED


@given(generate.json_writings(made.FIELDS))
def test_every_json_writing_says_the_same(writing: generate.Writing) -> None:
    assert json.loads(writing(FIELDS)) == FIELDS


@given(made.xml_writings())
def test_every_xml_writing_says_the_same(writing: generate.Writing) -> None:
    root = SafeXml.fromstring(writing(FIELDS))
    assert {one.tag: one.text for one in root} == FIELDS


@given(generate.not_strings())
def test_no_wrong_type_is_a_string(value: object) -> None:
    assert not isinstance(value, str)


@given(made.wrong_texts("530000000001", "json"))
def test_no_wrong_text_trims_to_the_right_one(text: str) -> None:
    assert text.strip() != "530000000001"
    assert not text.strip().isdigit()
    # Whoever strips what is no digit is left with no number of that length.
    assert sum(mark.isdigit() for mark in text) != len("530000000001")


@given(made.wrong_ref_ids("ABCDEFGH12345678", "json"))
def test_every_wrong_ref_id_has_a_character_that_is_not_alphanumeric(ref_id: str) -> None:
    assert not ref_id.isalnum()
    assert ref_id[0] == "A"


@given(generate.malformed_json(encode(FIELDS, "json")))
def test_malformed_json_is_no_json_object(body: bytes) -> None:
    try:
        found = json.loads(body)
    except ValueError:
        found = None
    assert not isinstance(found, dict)


@given(made.malformed_xml(encode(FIELDS, "xml")))
def test_malformed_xml_does_not_parse(body: bytes) -> None:
    with pytest.raises(SafeXml.ParseError):
        SafeXml.fromstring(body)


@given(st.data())
def test_an_entity_document_spells_the_number(data: st.DataObject) -> None:
    body = data.draw(made.entity_documents(FIELDS))
    assert b"<!DOCTYPE" in body
    assert b"<hp>530000000001</hp>" not in body
