"""Generated requests: right ones are answered, wrong ones with one thing changed are refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kontrak.clauses.catalogue import clause
from kontrak.interface.refid import new_ref_id
from kontrak.interface.strategies import malformed_json, not_strings
from kontrak.judging.expect import expect
from kontrak.providers.iak import Iak
from kontrak.providers.iak.codec import CODECS, Codec, encode
from kontrak.providers.iak.refusal import expect_refused_generated
from kontrak.providers.iak.strategies import (
    FIELDS,
    entity_documents,
    malformed_xml,
    writings,
    wrong_ref_ids,
    wrong_texts,
)


@clause("IAK-GEN-VALID")
@given(data=st.data())
def test_a_right_inquiry_is_answered(
    iak: Iak, number: str, codec: Codec, data: st.DataObject
) -> None:
    length = data.draw(st.integers(16, 20), label="length of ref_id")
    made = new_ref_id(length)
    fields = iak.inquiry_fields(number, data.draw(st.sampled_from([made, made.lower()])))
    body = data.draw(writings(codec))(fields)
    charset = data.draw(st.sampled_from(["", "; charset=utf-8"]), label="charset")
    answer = iak.ask_body(
        body,
        codec,
        asked=fields,
        content_type=f"application/{codec}{charset}",
        summary=f"a right inq-pasca, {codec.upper()}",
    )
    with expect(answer) as that:
        came = answer.malformed or f"RC {answer.rc}, HTTP {answer.status}"
        that.that(answer.is_success, "success (RC 00)", came)


@clause("IAK-GEN-TYPE")
@pytest.mark.parametrize("field", FIELDS)
@given(value=not_strings())
def test_a_field_that_is_no_string_is_refused(
    iak: Iak, number: str, field: str, value: object
) -> None:
    expect_refused_generated(iak.ask({**iak.inquiry_fields(number), field: value}))


@clause("IAK-GEN-TEXT")
@pytest.mark.parametrize("field", ["commands", "username", "code", "hp"])
@given(data=st.data())
def test_a_field_with_another_text_is_refused(
    iak: Iak, number: str, field: str, codec: Codec, data: st.DataObject
) -> None:
    fields = iak.inquiry_fields(number)
    text = data.draw(wrong_texts(str(fields[field]), codec), label=field)
    fields[field] = text
    if field == "username":
        fields["sign"] = iak.sign_as(text, str(fields["ref_id"]))
    expect_refused_generated(iak.ask(fields, codec))


@clause("IAK-GEN-REF-ID")
@given(data=st.data())
def test_a_ref_id_with_another_character_is_refused(
    iak: Iak, number: str, codec: Codec, data: st.DataObject
) -> None:
    ref_id = data.draw(wrong_ref_ids(new_ref_id(), codec), label="ref_id")
    expect_refused_generated(iak.ask(iak.inquiry_fields(number, ref_id), codec))


@clause("IAK-GEN-JSON")
@given(data=st.data())
def test_malformed_json_is_refused(iak: Iak, number: str, data: st.DataObject) -> None:
    right = encode(iak.inquiry_fields(number), "json")
    body = data.draw(malformed_json(right), label="body")
    expect_refused_generated(iak.ask_body(body, "json", summary="malformed JSON"))


@clause("IAK-GEN-XML")
@given(data=st.data())
def test_malformed_xml_is_refused(iak: Iak, number: str, data: st.DataObject) -> None:
    iak.require(codec="xml")
    right = encode(iak.inquiry_fields(number), "xml")
    body = data.draw(malformed_xml(right), label="body")
    expect_refused_generated(iak.ask_body(body, "xml", summary="malformed XML"))


@clause("IAK-GEN-ENTITIES")
@given(data=st.data())
def test_entities_are_not_expanded(iak: Iak, number: str, data: st.DataObject) -> None:
    iak.require(codec="xml")
    body = data.draw(entity_documents(iak.inquiry_fields(number)), label="body")
    expect_refused_generated(iak.ask_body(body, "xml", summary="hp spelt by an entity, XML"))


@clause("IAK-GEN-CONTENT-TYPE")
@pytest.mark.parametrize("returned", CODECS)
def test_a_body_under_the_other_content_type_is_refused(
    iak: Iak, number: str, returned: Codec
) -> None:
    iak.require(codec="xml")
    other: Codec = "xml" if returned == "json" else "json"
    fields = iak.inquiry_fields(number)
    body = encode(fields, other)
    summary = f"inq-pasca in {other.upper()} as application/{returned}"
    expect_refused_generated(iak.ask_body(body, returned, asked=fields, summary=summary))


@clause("IAK-GEN-NUMBER")
@pytest.mark.parametrize("field", ["username", "hp"])
def test_digits_as_a_number_are_refused(iak: Iak, number: str, field: str) -> None:
    fields = iak.inquiry_fields(number)
    digits = str(fields[field])
    if not digits.isdecimal() or digits.startswith("0"):
        pytest.skip(f"{field} is not digits that a number can hold")
    expect_refused_generated(iak.ask({**fields, field: int(digits)}))


@pytest.fixture(scope="module")
def number(iak: Iak) -> str:
    """A customer number whose right inquiry is accepted, asked anew: no conversation is shared."""
    return str(iak.inquiry(iak.case("one_bill")).require_success().sent["hp"])
