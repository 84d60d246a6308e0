"""Response: the fields of every product, in every answer to a successful payment."""

import pytest

from kontrak.catalogue import Clause, cited, clause, of_shape
from kontrak.judge import Blocked, expect, judge_place, reading
from kontrak.providers.digiswitch import DigiswitchAnswer, Product
from kontrak.providers.digiswitch.conversations import bought
from kontrak.providers.digiswitch.purse import Purse

PLACES = [cited(one.id, one) for one in of_shape("digiswitch", "payment")]
WITH_COMMISSION = ("plnnontaglis", "emoney", "kirimuang")


@clause("DIGISWITCH-WELLFORMED")
@pytest.mark.usefixtures("pending_payments")
def test_every_answer_is_well_formed(purse: Purse, product: Product) -> None:
    purchases = bought(purse, product)
    answers = [answer for one in purchases for answer in (one.order.bill, one.paid, one.status)]
    known = [answer for answer in answers if answer is not None]
    if not known:
        raise Blocked("DIGISWITCH-INQ-SUCCESS")
    with expect(*known) as that:
        for answer in known:
            that.that(answer.malformed is None, "well-formed JSON", str(answer.malformed))


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
        told = "present, though the example has none"
        reading("base_commission", told, about=paid.product, warns=True)
