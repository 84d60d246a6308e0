"""What answers say of one bill, so that a later answer can be held against an earlier one.

Only what both say is compared: whether a field has to be there is a question of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from kontrak.clauses.amounts import as_number
from kontrak.judging.expect import Blocked, expect, reading
from kontrak.providers.iak.answer import IakAnswer, amount_of_bill

TEXTS = ("code", "hp", "tr_name", "period", "desc.tarif")
AMOUNTS = ("nominal", "admin", "price", "selling_price")
NUMBERS = (*AMOUNTS, "desc.daya", "desc.lembar_tagihan")
BILL_AMOUNTS = ("nilai_tagihan", "admin", "denda", "total")
BILL_TEXTS = ("periode", "meter_awal", "meter_akhir")


def returned(answer: IakAnswer, place: str) -> object:
    """The value at a place as it can be compared: a number if it is one by its name, else text.

    None where there is none, or none that can be read.
    """
    found: Any = answer.members
    for part in place.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    if place in NUMBERS or place in {"tr_id", "balance", "desc.lembar_tagihan_sisa"}:
        return as_number(found)
    return found if isinstance(found, str) and found else None


def expect_same(
    that: expect, later: IakAnswer, earlier: IakAnswer, places: Iterable[str], because: str
) -> None:
    """Note a finding for every place that both answers fill, with different values."""
    for place in places:
        one, other = returned(later, place), returned(earlier, place)
        if one is not None and other is not None:
            that.equal(place, one, other, because)


def expect_same_bills(that: expect, later: IakAnswer, earlier: IakAnswer, because: str) -> None:
    """Note a finding for every bill of the later answer that differs from the earlier one.

    Bills are known by their month, in whatever order they come; nothing is judged where a month of
    the earlier answer cannot be read, which is the matter of a clause about that answer.
    """
    left = list(bills_of(earlier))
    if not left or not all(_value(bill, "periode") for bill in left):
        return
    for place, bill in enumerate(bills_of(later)):
        month = bill.get("periode")
        like = next((one for one in left if one.get("periode") == month), None)
        that.that(like is not None, f"detail[{place}] is a bill {because}", f"month {month}")
        if like is None:
            continue
        left.remove(like)
        for name in (*BILL_AMOUNTS, *BILL_TEXTS):
            one, other = _value(bill, name), _value(like, name)
            if one is not None and other is not None:
                that.equal(f"detail[{place}].{name}", one, other, because)


def bills_of(answer: IakAnswer) -> list[Mapping[str, Any]]:
    """The bills that can be read; none where there is no list of them."""
    try:
        return answer.bills()
    except Blocked:
        return []


def has(answer: IakAnswer, place: str) -> bool:
    """Whether there is something at a place that can be read and is not empty."""
    return returned(answer, place) is not None


def require_echo(bill: IakAnswer) -> None:
    """``Blocked`` where the inquiry itself does not repeat what was asked."""
    for name in ("code", "hp", "ref_id"):
        if bill.text(name) != bill.sent[name]:
            raise Blocked(f"IAK-ECHO-{name.upper().replace('_', '-')}")


def require_sums(bill: IakAnswer) -> None:
    """``Blocked`` where the amounts of the inquiry itself do not add up."""
    nominal, admin, price = (bill.number(name) for name in ("nominal", "admin", "price"))
    if price != nominal + admin:
        raise Blocked("IAK-AMOUNT-PRICE")
    if bill.number("selling_price") > price:
        raise Blocked("IAK-AMOUNT-SELLING-PRICE")
    parts = (bill.bill_numbers(name) for name in ("nilai_tagihan", "admin", "denda"))
    if bill.bill_numbers("total") != [sum(one) for one in zip(*parts, strict=True)]:
        raise Blocked("IAK-AMOUNT-BILL-TOTAL")


def pays_all(paid: IakAnswer) -> bool:
    """Whether no bill is left: IAK pays at most four PLN bills at once and says what remains."""
    left = returned(paid, "desc.lembar_tagihan_sisa")
    if left:
        reading("a payment of many bills", "leaves some of them unpaid", warns=True)
    return not left


def _value(bill: Mapping[str, Any], name: str) -> object:
    found = bill.get(name)
    if name in BILL_AMOUNTS:
        return amount_of_bill(found, name)
    return found if isinstance(found, str) and found else None
