"""Faults of repetition: an order id that is used twice, one after the other or at once."""

from __future__ import annotations

import time
from collections.abc import Callable

from kontrak.sandbox.changes import Fault, Wrapper
from kontrak.sandbox.http import SandboxRequest
from kontrak.sandbox.tokopedia.bills import Asked
from kontrak.sandbox.tokopedia.codes import Reason, Refusal
from kontrak.sandbox.tokopedia.interface import ORDER, Answer, Kind
from kontrak.sandbox.tokopedia.making import fault
from kontrak.sandbox.tokopedia.orders import Order, State
from kontrak.sandbox.tokopedia.service import TokopediaService

Open = Callable[[str, Asked], Order]
CheckOut = Callable[[SandboxRequest], Answer]
Rule = Callable[[Order, Asked], bool]
OPEN_SECONDS = 0.03
"""How long a racing fault leaves the gap open between looking and acting."""


def _same(order: Order, asked: Asked) -> bool:
    first = order.bill.asked
    return first.code == asked.code and first.client_number == asked.client_number


def _sell_again(service: TokopediaService, order_id: str, asked: Asked) -> Order:
    """A second order under a used id, paid like any other; it takes the first one's place."""
    with service.lock:
        bill = service.bill_of(asked)
        service.deposit.debit(f"{order_id} {len(service.deposit.mutations)}", bill.sales_price)
        service.orders[order_id] = service.new_order(order_id, bill)
        return service.orders[order_id]


def _accepting(rule: Rule) -> Wrapper:
    """Wraps ``open``: a used id is accepted again if this holds of its order."""

    def open_(service: TokopediaService, original: Open, order_id: str, asked: Asked) -> Order:
        first = service.orders.get(order_id)
        if first is None or not rule(first, asked):
            return original(order_id, asked)
        return _sell_again(service, order_id, asked)

    return open_


def _racing(rule: Rule) -> Wrapper:
    """Wraps ``open``: an id that was new when the request came is new, whatever came since."""

    def open_(service: TokopediaService, original: Open, order_id: str, asked: Asked) -> Order:
        used = order_id in service.orders
        time.sleep(OPEN_SECONDS)
        first = service.orders.get(order_id)
        if used or first is None or not rule(first, asked):
            return original(order_id, asked)
        return _sell_again(service, order_id, asked)

    return open_


def _paying(rule: Rule) -> Wrapper:
    """Wraps ``open``: a repetition is refused, and costs as much as if it were not."""

    def open_(service: TokopediaService, original: Open, order_id: str, asked: Asked) -> Order:
        first = service.orders.get(order_id)
        if first is not None and rule(first, asked):
            price = first.bill.sales_price
            service.deposit.debit(f"{order_id} {len(service.deposit.mutations)}", price)
        return original(order_id, asked)

    return open_


def _overwriting(service: TokopediaService, original: Open, order_id: str, asked: Asked) -> Order:
    """Wraps ``open``: a repetition is refused, and the first order is about it from then on."""
    first = service.orders.get(order_id)
    if first is not None and not _same(first, asked):
        first.bill = service.bill_of(asked)
    return original(order_id, asked)


def _reviving(service: TokopediaService, original: Open, order_id: str, asked: Asked) -> Order:
    """Wraps ``open``: a repetition is refused, and the first order is pending anew."""
    first = service.orders.get(order_id)
    if first is not None:
        first.state, first.fulfilled_at = State.PENDING, None
        first.fate = Reason.UNAVAILABLE
    return original(order_id, asked)


def _known_by_its_bytes() -> Wrapper:
    """Wraps ``check_out``: what repeats another body than the first one is no repetition."""
    seen: set[tuple[int, bytes]] = set()

    def check_out(service: TokopediaService, original: CheckOut, request: SandboxRequest) -> Answer:
        sent = (id(service), request.body)
        new = sent not in seen
        seen.add(sent)
        try:
            return original(request)
        except Refusal as refusal:
            if refusal.reason is not Reason.DUPLICATE or not new:
                raise
            data = service.document("order", request.body)
            asked = service.asked("order", data["attributes"])
            if not _same(service.orders[data["id"]], asked):
                raise
            order = _sell_again(service, data["id"], asked)
        document = {"data": service.order_data(order)}
        return Answer(Kind.CHECKOUT, document, path=ORDER, bill=order.bill, order=order)

    return check_out


def _used_up() -> tuple[Wrapper, Wrapper]:
    """Wraps ``check_out`` and ``known``: the id of a refused checkout counts as used."""
    spent: set[tuple[int, str]] = set()

    def check_out(
        service: TokopediaService,
        original: Callable[[SandboxRequest], Answer],
        request: SandboxRequest,
    ) -> Answer:
        try:
            return original(request)
        except Refusal as refusal:
            if refusal.reason is not Reason.MALFORMED:
                data = service.document("order", request.body)
                spent.add((id(service), str(data.get("id"))))
            raise

    def known(
        service: TokopediaService,
        original: Callable[[str, Asked], bool],
        order_id: str,
        asked: Asked,
    ) -> bool:
        return original(order_id, asked) or (id(service), order_id) in spent

    return check_out, known


def _charged(
    service: TokopediaService,
    original: Callable[[SandboxRequest], Answer],
    request: SandboxRequest,
) -> Answer:
    answer = original(request)
    service.deposit.debit(f"inquiry {len(service.deposit.mutations)}", 100)
    return answer


USED_UP = _used_up()

REPEATED = (
    fault(
        "same-code-for-every-order", "IDEM-OWN-CODE",
        "Every order of 50k-simpati has one serial number, and every order of gofood one voucher.",
        own_codes=lambda _, original, bill, earlier: original(
            bill, 0 if bill.asked.code in {"50k-simpati", "gofood-20k"} else earlier
        ),
    ),
    fault(
        "repeat-sold-again", "IDEM-REPEAT", "The same checkout buys again while it is pending.",
        also=("ERROR-DUPLICATE", "IDEM-RACE"),
        because="what is not refused has no code, and two at the same instant are a repetition",
        open=_accepting(
            lambda order, asked: _same(order, asked) and order.state is State.PENDING
        ),
    ),
    fault(
        "repeat-written-otherwise-sold", "IDEM-REPEAT",
        "The same checkout buys again if its JSON is written in another order.",
        check_out=_known_by_its_bytes(),
    ),
    fault(
        "repeat-costs-again", "IDEM-REPEAT",
        "The same checkout is refused while it is pending, and takes its price once more.",
        also=("IDEM-RACE",), because="two at the same instant are a repetition, too",
        open=_paying(lambda order, asked: _same(order, asked) and order.state is State.PENDING),
    ),
    fault(
        "repeat-of-final-sold-again", "IDEM-REPEAT-FINAL",
        "The same checkout buys again once its order has ended.",
        also=("ERROR-DUPLICATE", "ORDER-FINAL"),
        because="what is not refused has no code, and the second takes the first one's place",
        open=_accepting(
            lambda order, asked: _same(order, asked) and order.state is not State.PENDING
        ),
    ),
    fault(
        "repeat-of-final-costs-again", "IDEM-REPEAT-FINAL",
        "The same checkout is refused once its order has ended, and takes its price once more.",
        open=_paying(
            lambda order, asked: _same(order, asked) and order.state is not State.PENDING
        ),
    ),
    fault(
        "repeat-of-final-bill-costs-again", "IDEM-REPEAT-FINAL",
        "A bill is refused once its order has ended, and takes its price once more.",
        open=_paying(
            lambda order, asked: (
                _same(order, asked)
                and order.state is not State.PENDING
                and order.bill.asked.product.inquiry is not None
            )
        ),
    ),
    fault(
        "repeat-with-other-product-sold", "IDEM-OTHER-PRODUCT",
        "Another product can be bought under a used id.",
        also=("IDEM-FIRST-KEPT", "IDEM-RACE-OTHER"),
        because="the second order takes the first one's place, also at the same instant",
        open=_accepting(lambda order, asked: order.bill.asked.code != asked.code),
    ),
    fault(
        "repeat-with-other-product-costs", "IDEM-OTHER-PRODUCT",
        "A checkout of another product under a used id is refused, and costs as much as the first.",
        also=("IDEM-RACE-OTHER",), because="two at the same instant use one id, too",
        open=_paying(lambda order, asked: order.bill.asked.code != asked.code),
    ),
    fault(
        "repeat-for-other-number-sold", "IDEM-OTHER-NUMBER",
        "The same product can be bought for another number under a used id.",
        also=("IDEM-FIRST-KEPT",), because="the second order takes the first one's place",
        open=_accepting(
            lambda order, asked: order.bill.asked.code == asked.code and not _same(order, asked)
        ),
    ),
    fault(
        "repeat-overwrites-first", "IDEM-FIRST-KEPT",
        "A refused repetition for another number or product changes the first order.",
        open=_overwriting,
    ),
    fault(
        "repeat-revives-first", "IDEM-FIRST-KEPT",
        "A refused repetition makes the first order pending again, and it fails.",
        also=("ORDER-FINAL", "IDEM-REPEAT-FINAL"),
        because="the repetition of a fulfilled order changes it, too",
        open=_reviving,
    ),
    fault(
        "race-sold-twice", "IDEM-RACE", "Two equal checkouts at the same instant are both sold.",
        open=_racing(_same),
    ),
    fault(
        "race-of-others-sold-twice", "IDEM-RACE-OTHER",
        "Two different checkouts under one id at the same instant are both sold.",
        open=_racing(lambda order, asked: not _same(order, asked)),
    ),
    fault(
        "refused-id-used-up", "IDEM-REFUSED-FREE", "The id of a refused checkout is used up.",
        check_out=USED_UP[0], known=USED_UP[1],
    ),
    fault(
        "inquiry-costs", "IDEM-INQUIRY-FREE", "Every inquiry takes 100 rupiah.",
        inquire=_charged,
    ),
)  # fmt: skip

FAULTS: tuple[Fault, ...] = REPEATED
