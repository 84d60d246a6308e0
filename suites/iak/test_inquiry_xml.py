"""Inquiry response in XML: every field of the table, in every answer that holds a bill."""

import pytest

from kontrak.clauses.catalogue import Clause, cited, clause, of_shape
from kontrak.judging.expect import expect, judge_place
from kontrak.providers.iak import Iak, IakAnswer
from kontrak.providers.iak.conversations import REFUSED, Inquiries

PLACES = [cited(one.id, one) for one in of_shape("iak", "inquiry-xml")]


@clause("IAK-XML-WELLFORMED")
def test_the_answer_is_well_formed(inquiries: Inquiries, payable: str) -> None:
    _expect_well_formed(inquiries.held(payable, "xml"))


@clause("IAK-XML-WELLFORMED")
@pytest.mark.parametrize("name", REFUSED)
def test_a_refusal_is_well_formed(inquiries: Inquiries, name: str) -> None:
    _expect_well_formed(inquiries.held(name, "xml"))


@clause("IAK-XML-MEDIA-TYPE")
def test_the_answer_says_what_it_is(iak: Iak, inquiries: Inquiries) -> None:
    iak.require(codec="xml")
    for bill in inquiries.bills("xml"):
        with expect(bill) as that:
            that.one_of("Content-Type", bill.media_type, ("application/xml", "text/xml"))


@pytest.mark.parametrize("place", PLACES)
def test_a_place_of_the_answer(iak: Iak, inquiries: Inquiries, place: Clause) -> None:
    iak.require(codec="xml")
    for reply in inquiries.replies("xml"):
        judge_place(reply, place)


def _expect_well_formed(answer: IakAnswer) -> None:
    with expect(answer) as that:
        that.that(answer.malformed is None, "well-formed XML", str(answer.malformed))
