"""One inquiry, what became of it, and the answers that are made of it."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from kontrak.sandbox.digiswitch.bills import PRODUCTS, Bill
from kontrak.sandbox.digiswitch.codes import Reason
from kontrak.sandbox.digiswitch.customers import Scenario
from kontrak.sandbox.json_body import Fields

METERS = ("meter_awal", "meter_akhir")


class State(Enum):
    """Where a transaction stands; ``REFUSED``: its inquiry failed."""

    REFUSED = auto()
    UNPAID = auto()
    PENDING = auto()
    PAID = auto()
    FAILED = auto()


@dataclass(slots=True)
class Transaction:
    """An inquiry that reached the biller. Moments are in WIB, money is in rupiah.

    ``balance`` is what was left after the payment, ``asked`` counts the answers to a payment and
    to questions about it.
    """

    serial: int
    ref_id: str
    code: str
    customer_no: str
    scenario: Scenario
    bill: Bill
    inquired_at: datetime
    state: State = State.UNPAID
    settles_at: datetime | None = None
    balance: int | None = None
    asked: int = 0


def shown_fields(transaction: Transaction, balance: int, sn: str) -> Fields:
    """The documented fields of a bill, in the document's order, without what says its outcome."""
    bill = transaction.bill
    fields: Fields = {
        "ref_id": transaction.ref_id,
        "customer_no": transaction.customer_no,
        "name": bill.name,
        "code": transaction.code,
        "admin": bill.admin,
        "base_commission": bill.base_commission,
        "message": "",
        "status": "",
        "sn": sn,
        "rc": "",
        "balance": balance,
        "price": bill.price,
        "selling_price": bill.selling_price,
        "desc": copy.deepcopy(bill.desc),
    }
    if bill.base_commission is None:
        del fields["base_commission"]
    return fields


def without_meters(fields: Fields) -> Fields:
    """The fields as an inquiry has them: its details have no meters."""
    for detail in fields["desc"].get("detail", ()):
        for name in METERS:
            detail.pop(name, None)
    return fields


def serial_number(transaction: Transaction) -> str:
    """The sn of a payment, in letters and digits like the document's."""
    before, after = PRODUCTS[transaction.code].sn
    return f"{before}{transaction.serial:010d}{after}"


SUCCESSFUL = frozenset({Reason.INQUIRED, Reason.PAID, Reason.PENDING})
"""Reasons whose answers report the bill; the others have nothing but the refusal."""
