"""Generated requests: right ones are answered, wrong ones with one thing changed are refused."""

from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import strategies as st

from kontrak.clauses.catalogue import cited, clause
from kontrak.interface.refid import new_ref_id
from kontrak.interface.strategies import not_strings
from kontrak.judging.expect import expect
from kontrak.judging.generated import ask_generated
from kontrak.providers.iak import Iak, IakAnswer
from kontrak.providers.iak.codec import CODECS, Codec, encode
from kontrak.providers.iak.refusal import expect_refused_generated
from kontrak.providers.iak.strategies import (
    FIELDS,
    entity_documents,
    malformed,
    writings,
    wrong_ref_ids,
    wrong_texts,
)

Ask = Callable[[], IakAnswer]


@clause("IAK-GEN-VALID")
def test_a_right_inquiry_is_answered(iak: Iak, number: str, codec: Codec) -> None:
    def request(data: st.DataObject) -> Ask:
        length = data.draw(st.integers(16, 20), label="length of ref_id")
        made = new_ref_id(length)
        fields = iak.inquiry_fields(number, data.draw(st.sampled_from([made, made.lower()])))
        body = data.draw(writings(codec))(fields)
        charset = data.draw(st.sampled_from(["", "; charset=utf-8"]), label="charset")
        return partial(
            iak.ask_body,
            body,
            codec,
            asked=fields,
            content_type=f"application/{codec}{charset}",
            summary=f"a right inq-pasca, {codec.upper()}",
        )

    def judge(answer: IakAnswer) -> None:
        with expect(answer) as that:
            came = answer.malformed or f"RC {answer.rc}, HTTP {answer.status}"
            that.that(answer.is_success, "success (RC 00)", came)

    ask_generated(iak.side_by_side, request, judge)


@clause("IAK-GEN-TYPE")
@pytest.mark.parametrize("field", FIELDS)
def test_a_field_that_is_no_string_is_refused(iak: Iak, number: str, field: str) -> None:
    def request(data: st.DataObject) -> Ask:
        value = data.draw(not_strings(), label=field)
        return partial(iak.ask, {**iak.inquiry_fields(number), field: value})

    ask_generated(iak.side_by_side, request, expect_refused_generated)


@clause("IAK-GEN-TEXT")
@pytest.mark.parametrize("field", ["commands", "username", "code", "hp"])
def test_a_field_with_another_text_is_refused(
    iak: Iak, number: str, field: str, codec: Codec
) -> None:
    def request(data: st.DataObject) -> Ask:
        fields = iak.inquiry_fields(number)
        text = data.draw(wrong_texts(str(fields[field]), codec), label=field)
        fields[field] = text
        if field == "username":
            fields["sign"] = iak.sign_as(text, str(fields["ref_id"]))
        return partial(iak.ask, fields, codec)

    ask_generated(iak.side_by_side, request, expect_refused_generated)


@clause("IAK-GEN-REF-ID")
def test_a_ref_id_with_another_character_is_refused(iak: Iak, number: str, codec: Codec) -> None:
    def request(data: st.DataObject) -> Ask:
        ref_id = data.draw(wrong_ref_ids(new_ref_id(), codec), label="ref_id")
        return partial(iak.ask, iak.inquiry_fields(number, ref_id), codec)

    ask_generated(iak.side_by_side, request, expect_refused_generated)


@pytest.mark.parametrize(
    "used", [cited("IAK-GEN-JSON", "json", id="json"), cited("IAK-GEN-XML", "xml", id="xml")]
)
def test_a_malformed_body_is_refused(iak: Iak, number: str, used: Codec) -> None:
    iak.require(codec=used)
    right = encode(iak.inquiry_fields(number), used)

    def request(data: st.DataObject) -> Ask:
        body = data.draw(malformed(used, right), label="body")
        return partial(iak.ask_body, body, used, summary=f"malformed {used.upper()}")

    ask_generated(iak.side_by_side, request, expect_refused_generated)


@clause("IAK-GEN-ENTITIES")
def test_entities_are_not_expanded(iak: Iak, number: str) -> None:
    iak.require(codec="xml")

    def request(data: st.DataObject) -> Ask:
        body = data.draw(entity_documents(iak.inquiry_fields(number)), label="body")
        return partial(iak.ask_body, body, "xml", summary="hp spelt by an entity, XML")

    ask_generated(iak.side_by_side, request, expect_refused_generated)


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
