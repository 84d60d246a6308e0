"""Inquiry response in JSON: every field of the table, in every answer that holds a bill."""

import pytest

from kontrak.clauses.catalogue import Clause, cited, clause, of_shape
from kontrak.judging.expect import expect, judge_place
from kontrak.providers.iak import Iak, IakAnswer
from kontrak.providers.iak.conversations import REFUSED, Inquiries

PLACES = [cited(one.id, one) for one in of_shape("iak", "inquiry-json")]


@clause("IAK-JSON-WELLFORMED")
def test_the_answer_is_well_formed(inquiries: Inquiries, payable: str) -> None:
    _expect_well_formed(inquiries.held(payable, "json"))


@clause("IAK-JSON-WELLFORMED")
@pytest.mark.parametrize("name", REFUSED)
def test_a_refusal_is_well_formed(inquiries: Inquiries, name: str) -> None:
    _expect_well_formed(inquiries.held(name, "json"))


@clause("IAK-JSON-MEDIA-TYPE")
def test_the_answer_says_what_it_is(iak: Iak, inquiries: Inquiries) -> None:
    iak.require(codec="json")
    for bill in inquiries.bills("json"):
        with expect(bill) as that:
            that.one_of("Content-Type", bill.media_type, ("application/json",))


@clause("IAK-JSON-INTEGER")
def test_an_integer_is_written_without_a_point(iak: Iak, inquiries: Inquiries) -> None:
    iak.require(codec="json")
    for bill in inquiries.bills("json"):
        desc = bill.members.get("desc")
        daya = desc.get("daya") if isinstance(desc, dict) else None
        written = {"tr_id": bill.members.get("tr_id"), "desc.daya": daya}
        with expect(bill) as that:
            for name, value in written.items():
                # A fraction is no integer at all, and judged by the field's own clause.
                pointed = isinstance(value, float) and value.is_integer()
                that.that(not pointed, f"{name} as an integer", f"{name} = {value}")


@pytest.mark.parametrize("place", PLACES)
def test_a_place_of_the_answer(iak: Iak, inquiries: Inquiries, place: Clause) -> None:
    iak.require(codec="json")
    for reply in inquiries.replies("json"):
        judge_place(reply, place)


def _expect_well_formed(answer: IakAnswer) -> None:
    with expect(answer) as that:
        that.that(answer.malformed is None, "well-formed JSON", str(answer.malformed))
