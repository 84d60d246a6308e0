"""Response: the fields of every product, in every answer to a successful payment."""

import pytest

from kontrak.clauses.catalogue import Clause, cited, clause, of_shape
from kontrak.judging.expect import Blocked, expect, judge_place, reading
from kontrak.providers.digiswitch import DigiswitchAnswer, Product
from kontrak.providers.digiswitch.account import DigiswitchAccount
from kontrak.providers.digiswitch.conversations import (
    PAYABLE,
    bought,
    everything,
    report_transport,
)
from kontrak.providers.digiswitch.inquiries import Inquiries

PLACES = [cited(one.id, one) for one in of_shape("digiswitch", "payment")]
INTS = ("admin", "price", "selling_price")
INTS_OF_DESC = ("daya", "lembar_tagihan")
WITH_COMMISSION = ("plnnontaglis", "emoney", "kirimuang")


@clause("DIGISWITCH-WELLFORMED")
@pytest.mark.usefixtures("pending_payments")
def test_every_answer_is_well_formed(
    account: DigiswitchAccount, inquiries: Inquiries, product: Product
) -> None:
    # An inquiry that cannot be read leads to no purchase, so that it is looked at by itself.
    cases = [one for one in PAYABLE if account.client.inquires and one in product.numbers]
    known = [inquiries.held(product, case) for case in cases]
    known += [one for one in everything(bought(account, product)) if one not in known]
    if not known:
        raise Blocked("DIGISWITCH-INQ-SUCCESS")
    with expect(*known) as that:
        for answer in that.each(known):
            that.that(answer.malformed is None, "well-formed JSON", str(answer.malformed))
    for answer in known:
        report_transport(answer, "an answer about a transaction")


@clause("DIGISWITCH-FIELD-INT")
def test_an_int_is_written_without_a_point(payments: list[DigiswitchAnswer]) -> None:
    for paid in payments:
        desc = paid.members.get("desc")
        inside = desc if isinstance(desc, dict) else {}
        # A fraction is no integer at all, and judged by the field's own clause.
        written = {
            **{name: paid.members.get(name) for name in INTS},
            **{f"desc.{name}": inside.get(name) for name in INTS_OF_DESC},
        }
        with expect(paid) as that:
            for place, value in written.items():
                pointed = isinstance(value, float) and value.is_integer()
                that.that(not pointed, f"{place} as an integer", f"{place} = {value}")


@pytest.mark.parametrize("place", PLACES)
def test_a_field_of_the_answer(payments: list[DigiswitchAnswer], place: Clause) -> None:
    for paid in payments:
        if not isinstance(paid.document, dict) and place.at != "data":
            raise Blocked("DIGISWITCH-ENVELOPE")
        judge_place(paid, place)
        if place.at == "data.base_commission" and "base_commission" in paid.members:
            _note_commission(paid)


def _note_commission(paid: DigiswitchAnswer) -> None:
    if paid.product not in WITH_COMMISSION:
        reported = "present, though the example has none"
        reading("base_commission", reported, about=paid.product, warns=True)
