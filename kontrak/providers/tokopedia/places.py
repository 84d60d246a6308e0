"""What cannot be judged because its place in the answer breaks the schema already."""

from __future__ import annotations

from kontrak.clauses.catalogue import find
from kontrak.judging.expect import Blocked, Deviation, judge_place
from kontrak.providers.tokopedia.answer import TokopediaAnswer
from kontrak.providers.tokopedia.documents import whole_rupiah

# A failed order has the keys of a pending one.
KINDS = {"Pending": "PENDING", "Success": "SUCCESS", "Failed": "PENDING"}


def require_place(answer: TokopediaAnswer, kind: str, name: str) -> None:
    """Raise ``Blocked`` where a place, or what is around it, breaks its clause.

    ``kind`` is INQUIRY, PENDING, SUCCESS or PRODUCTS, ``name`` as in ``sales_price``: together they
    are TOKOPEDIA-PENDING-SALES-PRICE.
    """
    clause = f"TOKOPEDIA-{kind}-{name.upper().replace('_', '-')}"
    try:
        judge_place(answer, find(clause))
    except Deviation as deviation:
        raise Blocked(clause) from deviation


def kind_of(details: TokopediaAnswer) -> str:
    """Which clauses judge order details: PENDING or SUCCESS; ``Blocked`` without a known status."""
    status = details.require("ORDER").order_status
    if status is None:
        raise Blocked("TOKOPEDIA-ORDER-STATUS")
    return KINDS[status]


def held(answer: TokopediaAnswer, kind: str, name: str) -> object:
    """An attribute; ``Blocked`` where its place breaks the schema."""
    require_place(answer, kind, name)
    return answer.attributes.get(name)


def rupiah(answer: TokopediaAnswer, kind: str, name: str) -> int:
    """An amount in rupiah; ``Blocked`` where its place breaks the schema."""
    found = whole_rupiah(held(answer, kind, name))
    if found is None:
        raise Blocked(f"TOKOPEDIA-{kind}-{name.upper().replace('_', '-')}")
    return found
