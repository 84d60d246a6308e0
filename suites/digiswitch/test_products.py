"""Response of each product: its payment succeeds, and desc is as documented."""

import pytest

from kontrak.clauses.catalogue import Clause, cited, of_shape
from kontrak.judging.expect import Blocked, expect, judge_place, reading
from kontrak.providers.digiswitch import PRODUCTS, Digiswitch
from kontrak.providers.digiswitch.account import DigiswitchAccount

PAY = [cited(f"DIGISWITCH-{key.upper()}-PAY", key, id=key) for key in PRODUCTS]
PLACES = [
    cited(place.id, key, place, id=f"{key}-{(place.at or '').rpartition('.')[2]}")
    for key in PRODUCTS
    for place in of_shape("digiswitch", key)
]


@pytest.mark.parametrize("key", PAY)
def test_a_payment_succeeds(digiswitch: Digiswitch, account: DigiswitchAccount, key: str) -> None:
    bought = account.purchase(digiswitch.product(key), "success")
    paid = bought.paid.require_wellformed()
    with expect(paid) as that:
        that.that(paid.is_success, "success: status Sukses, rc 00", paid.returned)
    first = "Sukses at once" if bought.pending is None else "Pending first, Sukses in the end"
    reading("a payment that succeeds", first, about=key, warns=bought.pending is not None)


@pytest.mark.parametrize(("key", "place"), PLACES)
def test_desc_is_as_documented(
    digiswitch: Digiswitch, account: DigiswitchAccount, key: str, place: Clause
) -> None:
    for one in account.paid(digiswitch.product(key)):
        if not isinstance(one.paid.document, dict):
            raise Blocked("DIGISWITCH-ENVELOPE")
        judge_place(one.paid, place, builds_on="payment")
