"""One inquiry, what became of it, and the answers that are made of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from kontrak.sandbox.iak.bills import Bill, MonthBill, Scenario
from kontrak.sandbox.iak.codec import Fields
from kontrak.sandbox.iak.codes import Reason


class State(Enum):
    """Where the payment of an inquiry stands."""

    UNPAID = auto()
    PENDING = auto()
    PAID = auto()
    FAILED = auto()


@dataclass(slots=True)
class Transaction:
    """An accepted inquiry. ``failure`` is set once its payment failed, moments are in WIB.

    ``asked`` counts the checkstatus requests about it.
    """

    tr_id: int
    ref_id: str
    code: str
    hp: str
    scenario: Scenario
    bill: Bill
    inquired_at: datetime
    state: State = State.UNPAID
    failure: Reason | None = None
    paid_at: datetime | None = None
    settles_at: datetime | None = None
    asked: int = 0

    @property
    def known(self) -> Fields:
        """What a refusal repeats of it."""
        return {"ref_id": self.ref_id, "code": self.code, "hp": self.hp}


def inquiry_fields(transaction: Transaction, bill: Bill, rc: str, message: str) -> Fields:
    """The documented fields of a successful inquiry, in the document's order."""
    return {
        "tr_id": transaction.tr_id,
        "code": transaction.code,
        "hp": transaction.hp,
        "tr_name": bill.tr_name,
        "period": bill.period,
        "nominal": bill.nominal,
        "admin": bill.admin,
        "ref_id": transaction.ref_id,
        "response_code": rc,
        "message": message,
        "price": bill.price,
        "selling_price": bill.selling_price,
        "desc": {
            "tarif": bill.tarif,
            "daya": bill.daya,
            "lembar_tagihan": bill.lembar_tagihan,
            "tagihan": {"detail": [_month(month) for month in bill.months]},
        },
    }


def payment_fields(inquiry: Fields, bill: Bill, moment: datetime, balance: int) -> Fields:
    """The fields of a payment: those of the inquiry, and what only a payment has."""
    fields = {
        **inquiry,
        "datetime": moment.strftime("%Y%m%d%H%M%S"),
        "balance": balance,
        "noref": f"0SYM21{inquiry['tr_id']:026d}",
    }
    desc = dict(inquiry["desc"])
    desc["lembar_tagihan_sisa"] = 0
    desc["tagihan"] = {
        "detail": [
            _month(month) | {"meter_awal": month.meter_awal, "meter_akhir": month.meter_akhir}
            for month in bill.months
        ]
    }
    return fields | {"desc": desc}


def _month(month: MonthBill) -> Fields:
    return {
        "periode": month.periode,
        "nilai_tagihan": str(month.nilai_tagihan),
        "admin": str(month.admin),
        "denda": str(month.denda),
        "total": month.total,
    }
