"""Inquiry response: JSON and XML are two ways to say the same."""

import pytest

from kontrak.clauses.catalogue import clause
from kontrak.judging.expect import Blocked, expect
from kontrak.providers.iak import IakAnswer
from kontrak.providers.iak.conversations import REFUSED, Inquiries

TEXTS = ("code", "hp", "tr_name", "period", "desc.tarif")
NUMBERS = ("nominal", "admin", "price", "selling_price", "desc.daya", "desc.lembar_tagihan")
BILL_TEXTS = ("periode",)
BILL_NUMBERS = ("nilai_tagihan", "admin", "denda", "total")


@clause("IAK-AGREE-BILL")
def test_json_and_xml_report_the_same_bill(inquiries: Inquiries, payable: str) -> None:
    in_json = inquiries.held(payable, "json").require_success()
    in_xml = inquiries.held(payable, "xml").require_success()
    one, other = _story(in_json), _story(in_xml)
    with expect(in_json, in_xml) as that:
        for place in one:
            # What is unreadable in one of them is judged by its own clause.
            if one[place] is not None and other[place] is not None:
                that.equal(f"{place} in XML", other[place], one[place], "as in JSON")


@clause("IAK-AGREE-RC")
@pytest.mark.parametrize("name", REFUSED)
def test_json_and_xml_refuse_alike(inquiries: Inquiries, name: str) -> None:
    in_json, in_xml = (inquiries.held(name, codec) for codec in ("json", "xml"))
    for answer in (in_json, in_xml):
        if answer.rc is None:
            raise Blocked("IAK-RC-FAILURE-SHAPE")
    with expect(in_json, in_xml) as that:
        that.equal("response_code in XML", in_xml.rc, in_json.rc, "as in JSON")


def _story(answer: IakAnswer) -> dict[str, object]:
    """Every comparable value of a bill by its place; None where it cannot be read."""
    story: dict[str, object] = {}
    for place in TEXTS:
        story[place] = _readable(answer.text, place)
    for place in NUMBERS:
        story[place] = _readable(answer.number, place)
    for place in BILL_TEXTS:
        story[f"detail[].{place}"] = _readable(answer.bill_texts, place)
    for place in BILL_NUMBERS:
        story[f"detail[].{place}"] = _readable(answer.bill_numbers, place)
    return story


def _readable(read: object, place: str) -> object:
    try:
        return read(place) if callable(read) else None
    except Blocked:
        return None
