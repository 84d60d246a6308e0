"""Inquiry response: values that repeat the request."""

import pytest

from kontrak.clauses.catalogue import cited, clause
from kontrak.judging.expect import expect
from kontrak.providers.iak import Iak, IakAnswer
from kontrak.providers.iak.codec import CODECS, Codec
from kontrak.providers.iak.conversations import Inquiries

ECHOES = [
    cited("IAK-ECHO-CODE", "code"),
    cited("IAK-ECHO-HP", "hp"),
    cited("IAK-ECHO-REF-ID", "ref_id"),
]


@pytest.mark.parametrize("field", ECHOES)
def test_a_field_repeats_the_request(bills: list[IakAnswer], field: str) -> None:
    for bill in bills:
        with expect(bill) as that:
            that.equal(field, bill.text(field), bill.sent[field], "as sent")


@clause("IAK-ECHO-TR-ID")
def test_every_inquiry_has_a_tr_id_of_its_own(
    inquiries: Inquiries, payable: str, codec: Codec
) -> None:
    first = inquiries.held(payable, codec).require_success()
    second = inquiries.fresh(payable, codec).require_success()
    one, other = first.number("tr_id"), second.number("tr_id")
    with expect(first, second) as that:
        that.that(one != other, f"a tr_id other than {one}", f"tr_id = {other} again")


@clause("IAK-ECHO-TR-ID")
def test_json_and_xml_share_no_tr_id(iak: Iak, inquiries: Inquiries) -> None:
    codecs = [codec for codec in CODECS if codec in iak.settings.codecs]
    bills = [bill for codec in codecs for bill in inquiries.bills(codec)]
    owners: dict[object, object] = {}
    with expect(*bills) as that:
        for bill in that.each(bills):
            tr_id, ref_id = bill.number("tr_id"), bill.sent["ref_id"]
            owner = owners.setdefault(tr_id, ref_id)
            that.equal(f"ref_id of tr_id {tr_id}", ref_id, owner, "an id for each inquiry")
