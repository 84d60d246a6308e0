"""Request body: the fields that an inquiry has and what becomes of one that lacks them."""

import pytest

from kontrak.clauses.catalogue import cited, clause
from kontrak.interface.refid import new_ref_id
from kontrak.judging.expect import expect
from kontrak.providers.iak import Iak, IakAnswer
from kontrak.providers.iak.codec import Codec, encode
from kontrak.providers.iak.conversations import Inquiries
from kontrak.providers.iak.refusal import expect_refused

FIELDS = [
    cited("IAK-REQ-COMMANDS-MANDATORY", "commands"),
    cited("IAK-REQ-USERNAME-MANDATORY", "username"),
    cited("IAK-REQ-CODE-MANDATORY", "code"),
    cited("IAK-REQ-HP-MANDATORY", "hp"),
    cited("IAK-REQ-REF-ID-MANDATORY", "ref_id"),
]


@clause("IAK-REQ-PATH")
def test_an_inquiry_is_answered_with_http_200(bills: list[IakAnswer]) -> None:
    for bill in bills:
        with expect(bill) as that:
            that.equal("HTTP status", bill.status, 200)


@clause("IAK-REQ-XML")
def test_xml_is_accepted(inquiries: Inquiries, payable: str) -> None:
    answer = inquiries.held(payable, "xml").require_readable()
    in_json = inquiries.held(payable, "json").require_success()
    with expect(in_json, answer) as that:
        that.that(
            answer.is_success,
            "the bill, as for the same inquiry in JSON",
            f"RC {answer.rc}, HTTP {answer.status}",
        )


@clause("IAK-REQ-XML-TEXT")
def test_text_xml_is_accepted(iak: Iak, inquiries: Inquiries) -> None:
    known = inquiries.held("one_bill", "xml").require_success()
    fields = iak.inquiry_fields(str(known.sent["hp"]))
    answer = iak.ask_body(
        encode(fields, "xml"),
        "xml",
        asked=fields,
        content_type="text/xml",
        summary="inq-pasca as text/xml",
    )
    with expect(answer) as that:
        that.that(answer.is_success, "the bill", f"RC {answer.rc}, HTTP {answer.status}")


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("change", ["absent", "empty"])
def test_an_inquiry_without_a_field_is_refused(
    iak: Iak, inquiries: Inquiries, field: str, change: str, codec: Codec
) -> None:
    number = str(inquiries.held("one_bill", codec).require_success().sent["hp"])
    fields = iak.inquiry_fields(number)
    if change == "absent":
        del fields[field]
    else:
        fields[field] = ""
    # The signature stays right for what is sent, so that nothing but the field is wrong.
    if field == "ref_id":
        fields["sign"] = iak.sign("")
    if field == "username":
        fields["sign"] = iak.sign_as("", str(fields["ref_id"]))
    expect_refused(iak.ask(fields, codec))


@clause("IAK-REQ-COMMANDS-VALUE")
@pytest.mark.parametrize("value", ["inq-pascabayar", "inq-prabayar", "inquiry"])
def test_an_unknown_command_is_refused(
    iak: Iak, inquiries: Inquiries, value: str, codec: Codec
) -> None:
    expect_refused(_changed(iak, inquiries, codec, commands=value))


@clause("IAK-REQ-USERNAME-VALUE")
def test_an_unregistered_username_is_refused(iak: Iak, inquiries: Inquiries, codec: Codec) -> None:
    known = inquiries.held("one_bill", codec).require_success()
    stranger = "080000000000"
    fields = iak.inquiry_fields(str(known.sent["hp"]))
    fields["username"] = stranger
    fields["sign"] = iak.sign_as(stranger, str(fields["ref_id"]))
    expect_refused(iak.ask(fields, codec))


@clause("IAK-REQ-CODE-VALUE")
@pytest.mark.parametrize("value", ["KONTRAKNOSUCHCODE", "PLNPOSTPAIDX"])
def test_a_code_outside_the_price_list_is_refused(
    iak: Iak, inquiries: Inquiries, value: str, codec: Codec
) -> None:
    expect_refused(_changed(iak, inquiries, codec, code=value))


@clause("IAK-REQ-REF-ID-FORMAT")
@pytest.mark.parametrize("mark", ["-", " ", "_", ".", "/"])
def test_a_ref_id_that_is_not_alphanumeric_is_refused(
    iak: Iak, inquiries: Inquiries, mark: str, codec: Codec
) -> None:
    made = new_ref_id()
    ref_id = f"{made[:8]}{mark}{made[8:]}"
    expect_refused(_changed(iak, inquiries, codec, ref_id=ref_id, sign=iak.sign(ref_id)))


def _changed(iak: Iak, inquiries: Inquiries, codec: Codec, **changes: str) -> IakAnswer:
    """A right inquiry with these fields changed, sent once the unchanged one is accepted."""
    known = inquiries.held("one_bill", codec).require_success()
    fields = {**iak.inquiry_fields(str(known.sent["hp"])), **changes}
    return iak.ask(fields, codec)
