"""Digiswitch's documented answers, for derived faults: a payment of every product, and the rest."""

from __future__ import annotations

from collections.abc import Callable

from kontrak.sandbox.derived import Documented
from kontrak.sandbox.digiswitch.bills import PRODUCTS
from kontrak.sandbox.digiswitch.codes import Reason
from kontrak.sandbox.digiswitch.interface import Answer, Kind


def _of(kind: Kind, *reasons: Reason) -> Callable[[Answer], bool]:
    return lambda answer: answer.kind is kind and (not reasons or answer.reason in reasons)


def _paid(code: str) -> Callable[[Answer], bool]:
    paid = _of(Kind.PAYMENT, Reason.PAID)
    return lambda answer: (
        paid(answer) and answer.transaction is not None and answer.transaction.code == code
    )


def _answer(name: str, schema: str, when: Callable[[Answer], bool]) -> Documented:
    return Documented("digiswitch", name, schema, when, "data")


DOCUMENTED = (
    *(_answer(f"payment of {code}", code, _paid(code)) for code in PRODUCTS),
    _answer("unpaid payment", "unpaid", _of(Kind.PAYMENT, Reason.PAYMENT_FAILED, Reason.PENDING)),
    _answer("inquiry", "inquiry", _of(Kind.INQUIRY, Reason.INQUIRED)),
    _answer("status", "status", _of(Kind.STATUS)),
    _answer("refusal", "refusal", _of(Kind.REFUSAL)),
)
