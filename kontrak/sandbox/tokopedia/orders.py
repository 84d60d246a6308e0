"""Orders, and what they look like in each state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum

from kontrak.sandbox.tokopedia.bills import Bill, listed
from kontrak.sandbox.tokopedia.catalogue import Attributes
from kontrak.sandbox.tokopedia.codes import Reason


class State(Enum):
    """Where an order stands; the value is what answers say."""

    PENDING = "Pending"
    SUCCESS = "Success"
    FAILED = "Failed"


@dataclass(slots=True)
class Order:
    """An accepted order. Moments have their time zone.

    ``fate`` is why it fails in the end, if it does. ``patience`` is how many status requests it
    stays pending for, None for one that only time settles. ``asked`` counts them.
    """

    id: str
    bill: Bill
    settles_at: datetime
    patience: int | None
    fate: Reason | None
    state: State = State.PENDING
    fulfilled_at: datetime | None = None
    asked: int = 0


def unfulfilled_attributes(order: Order, code: str, detail: str) -> Attributes:
    """The ten attributes of an order that is pending or failed."""
    asked = order.bill.asked
    return {
        "client_number": asked.client_number,
        "error_code": code,
        "error_detail": detail,
        "fields": asked.fields or None,
        "fulfilled_at": None,
        "partner_fee": order.bill.partner_fee,
        "product_code": asked.code,
        "sales_price": order.bill.sales_price,
        "serial_number": "",
        "status": order.state.value,
    }


def fulfilled_attributes(order: Order) -> Attributes:
    """The fourteen attributes of an order that succeeded."""
    bill, asked = order.bill, order.bill.asked
    moment = (order.fulfilled_at or order.settles_at).astimezone(UTC)
    return {
        "admin_fee": bill.admin_fee,
        "client_name": bill.name,
        "client_number": asked.client_number,
        "error_code": "",
        "error_detail": "",
        "fields": asked.fields or None,
        "fulfilled_at": moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "fulfillment_result": listed(bill.fulfillment_result),
        "partner_fee": bill.partner_fee,
        "product_code": asked.code,
        "sales_price": bill.sales_price,
        "serial_number": bill.serial_number,
        "status": order.state.value,
        "voucher_code": bill.voucher_code,
    }
