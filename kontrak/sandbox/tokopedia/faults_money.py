"""Faults of refusals that have effects: money is taken or an order is made."""

from __future__ import annotations

import time
from collections.abc import Callable

from kontrak.sandbox.changes import Fault, Wrapper
from kontrak.sandbox.http import SandboxRequest
from kontrak.sandbox.tokopedia.bills import Asked
from kontrak.sandbox.tokopedia.codes import Reason, Refusal
from kontrak.sandbox.tokopedia.faults_repeat import OPEN_SECONDS
from kontrak.sandbox.tokopedia.interface import ORDER, Answer
from kontrak.sandbox.tokopedia.making import fault
from kontrak.sandbox.tokopedia.orders import Order
from kontrak.sandbox.tokopedia.service import TokopediaService

Perform = Callable[[SandboxRequest, str], Answer]
FEE = 100


def _charging(reason: Reason) -> Wrapper:
    """Wraps ``perform``: a checkout that is refused for this reason takes a fee."""

    def perform(
        service: TokopediaService, original: Perform, request: SandboxRequest, path: str
    ) -> Answer:
        try:
            return original(request, path)
        except Refusal as refusal:
            if path == ORDER and refusal.reason is reason:
                service.deposit.debit(f"fee {len(service.deposit.mutations)}", FEE)
            raise

    return perform


def _ordering(reason: Reason) -> Wrapper:
    """Wraps ``perform``: a checkout that is refused for this reason is ordered nevertheless."""

    def perform(
        service: TokopediaService, original: Perform, request: SandboxRequest, path: str
    ) -> Answer:
        try:
            return original(request, path)
        except Refusal as refusal:
            if path == ORDER and refusal.reason is reason:
                _order(service, request.body)
            raise

    return perform


def _order(service: TokopediaService, body: bytes) -> None:
    """The order that a body asks for, without its money."""
    data = service.document("order", body)
    order_id = service.order_id(data)
    with service.lock:
        bill = service.bill_of(service.asked("order", data["attributes"]))
        service.orders[order_id] = service.new_order(order_id, bill)


def _paying_twice(
    service: TokopediaService, original: Callable[[str, Asked], Order], order_id: str, asked: Asked
) -> Order:
    """Wraps ``open``: of two checkouts at once the second is refused, and paid."""
    used = order_id in service.orders
    time.sleep(OPEN_SECONDS)
    if not used and order_id in service.orders:
        price = service.orders[order_id].bill.sales_price
        service.deposit.debit(f"{order_id} {len(service.deposit.mutations)}", price)
    return original(order_id, asked)


OF_SIGNATURES = ("SIGN-MISSING", "SIGN-FOREIGN-KEY", "SIGN-OTHER-BODY", "SIGN-OTHER-HASH")

FAULTS: tuple[Fault, ...] = (
    fault(
        "sign-refused-costs", "SIGN-WRONG",
        "A checkout that is refused for its signature takes 100 rupiah.",
        also=OF_SIGNATURES, because="all of them are refused for their signature",
        perform=_charging(Reason.SIGNATURE),
    ),
    fault(
        "sign-refused-but-ordered", "SIGN-WRONG",
        "A checkout that is refused for its signature is ordered nevertheless.",
        also=OF_SIGNATURES, because="all of them are refused for their signature",
        perform=_ordering(Reason.SIGNATURE),
    ),
    fault(
        "auth-refused-costs", "AUTH-CHECKOUT",
        "A checkout that is refused for its token takes 100 rupiah.",
        also=("TOKEN-END",), because="a token that has ended is refused so, too",
        perform=_charging(Reason.AUTHORIZATION),
    ),
    fault(
        "auth-refused-but-ordered", "AUTH-CHECKOUT",
        "A checkout that is refused for its token is ordered nevertheless.",
        also=("TOKEN-END",), because="a token that has ended is refused so, too",
        perform=_ordering(Reason.AUTHORIZATION),
    ),
    fault(
        "checkout-unknown-product-costs", "CHECKOUT-UNKNOWN-PRODUCT",
        "A checkout that is refused for its product takes 100 rupiah.",
        also=("CHECKOUT-NO-PRODUCT", "GEN-CHECKOUT-PRODUCT", "GEN-CHECKOUT-TYPE"),
        because="these are refused for their product, too",
        perform=_charging(Reason.UNKNOWN_PRODUCT),
    ),
    fault(
        "checkout-malformed-costs", "CHECKOUT-MALFORMED",
        "A checkout that is refused for its form takes 100 rupiah.",
        also=("GEN-CHECKOUT-JSON",), because="these are refused for their form, too",
        perform=_charging(Reason.MALFORMED),
    ),
    fault(
        "race-paid-twice", "IDEM-RACE",
        "Of two checkouts at the same instant the second is refused, and takes its price.",
        also=("IDEM-RACE-OTHER",), because="the two may be different ones",
        open=_paying_twice,
    ),
)  # fmt: skip
