"""Faults of prices and of the life of an order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from kontrak.sandbox.changes import Fault, Wrapper
from kontrak.sandbox.http import SandboxRequest
from kontrak.sandbox.tokopedia.bills import Asked, Bill, repriced
from kontrak.sandbox.tokopedia.catalogue import products
from kontrak.sandbox.tokopedia.codes import Refusal
from kontrak.sandbox.tokopedia.interface import INQUIRY, ORDER, Answer, Kind
from kontrak.sandbox.tokopedia.making import (
    about,
    always,
    at,
    both,
    failed,
    failing,
    fault,
    fulfilled,
    inquired,
    of,
    pending,
    with_answer,
    with_attributes,
    with_bill,
    with_document,
    with_values,
)
from kontrak.sandbox.tokopedia.orders import Order, State
from kontrak.sandbox.tokopedia.service import TokopediaService

detailed = of(Kind.STATUS)
MOMENT = "%Y-%m-%dT%H:%M:%SZ"


def _more_than(base: int) -> Callable[[Bill], Bill]:
    return lambda bill: repriced(bill, bill.base_price + base)


def _opened(change: Callable[[Bill], Bill], *codes: str) -> Wrapper:
    """Wraps ``new_order``: the order is about another bill than the inquiry was."""

    def new_order(
        _service: object, original: Callable[[str, Bill], Order], order_id: str, bill: Bill
    ) -> Order:
        order = original(order_id, bill)
        if bill.asked.product.code in codes:
            order.bill = change(bill)
        return order

    return new_order


def _settled(change: Callable[[Bill], Bill], *codes: str) -> Wrapper:
    """Wraps ``settle``: the order ends with another bill than it began with."""

    def settle(_service: object, original: Callable[[Order], None], order: Order) -> None:
        original(order)
        if order.bill.asked.product.code in codes:
            order.bill = change(order.bill)

    return settle


def _paid(rupiah: Callable[[Bill], int], *codes: str) -> Wrapper:
    """Wraps ``debit``: another amount is taken for an order."""

    def debit(
        service: TokopediaService, original: Callable[[str, Bill], bool], order_id: str, bill: Bill
    ) -> bool:
        if codes and bill.asked.product.code not in codes:
            return original(order_id, bill)
        return service.deposit.debit(order_id, rupiah(bill))

    return debit


def _another_amount(bill: Bill) -> Bill:
    return repriced(bill, 50_000)


PRICES = (
    fault(
        "inquiry-base-off-by-one", "INQUIRY-PRICE-SUM",
        "base_price of mobile-legends-18-diamonds is one rupiah too low.",
        finish=with_attributes(
            lambda attributes: attributes.update(base_price=attributes["base_price"] - 1),
            both(inquired, about("mobile-legends-18-diamonds")),
        ),
    ),
    fault(
        "inquiry-admin-left-out", "INQUIRY-PRICE-SUM",
        "admin_fee of topup-dana is a thousand rupiah that sales_price leaves out.",
        also=("ORDER-ADMIN-FEE",), because="the order has the fee that it was before",
        finish=with_values(both(inquired, about("topup-dana")), admin_fee=1_000),
    ),
    fault(
        "inquiry-amount-ignored", "INQUIRY-AMOUNT",
        "The price of topup-dana is 50,000 rupiah, whatever amount the inquiry names.",
        bill_of=with_bill(_another_amount, "topup-dana"),
    ),
    fault(
        "inquiry-meter-for-postpaid", "INQUIRY-METER",
        "meter_id is a number of its own for every product.",
        finish=with_values(inquired, meter_id="528611111111"),
    ),
    fault(
        "inquiry-meter-missing", "INQUIRY-METER", "meter_id is empty for PLN prepaid.",
        finish=with_values(inquired, meter_id=""),
    ),
    fault(
        "checkout-dearer", "CHECKOUT-PRICE",
        "An order of firstmedia is a thousand rupiah dearer than its inquiry.",
        new_order=_opened(_more_than(1_000), "firstmedia"),
    ),
    fault(
        "checkout-one-rupiah-dearer", "CHECKOUT-PRICE",
        "The answer to a checkout of bigo-live-10-diamonds is one rupiah dearer than its inquiry.",
        new_order=_opened(_more_than(1), "bigo-live-10-diamonds"),
    ),
    fault(
        "order-dearer", "ORDER-PRICE",
        "An order of 50k-simpati becomes a thousand rupiah dearer when it is fulfilled.",
        settle=_settled(_more_than(1_000), "50k-simpati"),
    ),
    fault(
        "order-one-rupiah-cheaper", "ORDER-PRICE",
        "An order of kfc-50k becomes one rupiah cheaper when it is fulfilled.",
        settle=_settled(_more_than(-1), "kfc-50k"),
    ),
    fault(
        "order-partner-fee-changes", "ORDER-PARTNER-FEE",
        "partner_fee is 300 rupiah higher once an order is fulfilled.",
        finish=with_attributes(
            lambda attributes: attributes.update(partner_fee=attributes["partner_fee"] + 300),
            both(fulfilled, about("firstmedia", "50k-simpati")),
        ),
    ),
    fault(
        "order-partner-fee-huge", "ORDER-PARTNER-FEE-CAP",
        "partner_fee of an order of 50k-simpati is a million rupiah.",
        bill_of=with_bill(lambda bill: replace(bill, partner_fee=1_000_000), "50k-simpati"),
    ),
    fault(
        "order-admin-fee-free", "ORDER-ADMIN-FEE",
        "admin_fee of a fulfilled order of kredit-mtf is 0.",
        finish=with_values(both(fulfilled, about("kredit-mtf")), admin_fee=0),
    ),
    fault(
        "order-name-of-another", "ORDER-NAME",
        "client_name of a fulfilled order of samsat-jabar is someone else's.",
        also=("SAMSAT-JABAR-VALUES",), because="the list of the order names the customer",
        finish=with_values(both(fulfilled, about("samsat-jabar")), client_name="BUDI SANTOSO A"),
    ),
    fault(
        "order-name-of-another-behind-the-mask", "ORDER-NAME",
        "client_name of a fulfilled order of comet-internet is masked, and someone else's.",
        also=("COMET-INTERNET-VALUES",), because="the list of the order names the customer",
        finish=with_values(both(fulfilled, about("comet-internet")), client_name="BUDI***** SA**"),
    ),
    fault(
        "checkout-costs-more", "CHECKOUT-AT-MOST",
        "An order takes a thousand rupiah more than its sales_price.",
        also=("CHECKOUT-TOTAL",), because="all orders together cost more, too",
        debit=_paid(lambda bill: bill.sales_price + 1_000),
    ),
    fault(
        "checkout-costs-twice", "CHECKOUT-AT-MOST", "An order takes its sales_price twice.",
        also=("IDEM-RACE", "IDEM-RACE-OTHER", "CHECKOUT-TOTAL"),
        because="one order costs as much as two",
        debit=_paid(lambda bill: 2 * bill.sales_price),
    ),
    fault(
        "checkout-bill-costs-twice", "CHECKOUT-TOTAL", "An inquired bill takes its price twice.",
        debit=_paid(
            lambda bill: (2 if bill.asked.product.inquiry is not None else 1) * bill.sales_price
        ),
    ),
    fault(
        "checkout-costs-nothing", "CHECKOUT-COST", "An order takes no money.",
        debit=_paid(lambda _: 0),
    ),
)  # fmt: skip


def _never(*codes: str) -> Wrapper:
    """Wraps ``due``: orders of these products stay pending."""

    def due(_service: object, original: Callable[[Order], bool], order: Order) -> bool:
        stays = order.fate is None and order.bill.asked.product.code in codes
        return not stays and original(order)

    return due


def _fulfilled_anyway(_service: object, original: Callable[[Order], None], order: Order) -> None:
    order.fate = None
    original(order)


Progress = Callable[[Order], None]


def _ended_for_a_while(_service: object, original: Progress, order: Order) -> None:
    was = order.state
    original(order)
    if was is State.SUCCESS:
        order.state, order.fulfilled_at = State.PENDING, None


def _fails_later(_service: object, original: Progress, order: Order) -> None:
    was = order.state
    original(order)
    if was is State.SUCCESS:
        order.state = State.FAILED


def _fulfilled_again(_service: object, original: Progress, order: Order) -> None:
    was = order.state
    original(order)
    if was is State.SUCCESS and order.fulfilled_at is not None:
        order.fulfilled_at += timedelta(seconds=1)


def _renumbered(_service: object, original: Progress, order: Order) -> None:
    was = order.state
    original(order)
    if was is State.SUCCESS and order.bill.asked.product.code == "topup-dana":
        order.bill = replace(order.bill, serial_number=f"SN{order.asked}")


def _seven_hours_later(moment: str) -> str:
    later = datetime.strptime(moment, MOMENT).replace(tzinfo=UTC) + timedelta(hours=7)
    return later.strftime(MOMENT)


def _charged(service: TokopediaService, original: Callable[[str], Answer], path: str) -> Answer:
    answer = original(path)
    service.deposit.debit(f"look{len(service.deposit.mutations)}", 100)
    return answer


def _by_any_case(
    service: TokopediaService, original: Callable[[str], Order], order_id: str
) -> Order:
    known = {one.lower(): one for one in service.orders}
    return original(known.get(order_id.lower(), order_id))


def _remembering(
    service: TokopediaService,
    original: Callable[[SandboxRequest, str], Answer],
    request: SandboxRequest,
    path: str,
) -> Answer:
    if path in (INQUIRY, ORDER):
        TRIED.add((id(service), request.body))
    return original(request, path)


TRIED: set[tuple[int, bytes]] = set()
"""What was sent to a checkout, accepted or not, or to an inquiry, which may be of type order."""


def _anybody(service: TokopediaService, original: Callable[[str], Order], order_id: str) -> Order:
    try:
        return original(order_id)
    except Refusal:
        tried = any(owner == id(service) and order_id.encode() in body for owner, body in TRIED)
        if tried:
            raise
        return next(iter(service.orders.values()), None) or _documented_order(service)


def _documented_order(service: TokopediaService) -> Order:
    """An order as a document shows it, for a service that has none yet."""
    product = next(iter(products().values()))
    number = str(product.request["client_number"])
    asked = Asked(product, product.code, number, product.request.get("fields"), None)
    return service.new_order("order-1", service.bill_of(asked))


LIFE = (
    fault(
        "order-accepted-202", "ORDER-ACCEPTED", "Order details are answered with HTTP 202.",
        finish=with_answer(lambda answer: replace(answer, status=202), both(detailed, fulfilled)),
    ),
    fault(
        "order-status-in-indonesian", "ORDER-STATUS", "status of a fulfilled order is Sukses.",
        finish=with_values(fulfilled, status="Sukses"),
    ),
    fault(
        "order-status-in-capitals", "ORDER-STATUS", "status of a fulfilled order is SUCCESS.",
        finish=with_values(fulfilled, status="SUCCESS"),
    ),
    fault(
        "order-stays-pending", "ORDER-SETTLES", "An order of 50k-simpati stays pending.",
        due=_never("50k-simpati"),
    ),
    fault(
        "order-of-bill-stays-pending", "ORDER-SETTLES", "An order of topup-dana stays pending.",
        due=_never("topup-dana"),
    ),
    fault(
        "order-always-fails", "ORDER-SUCCEEDS", "Every order fails.", settle=failing(),
    ),
    fault(
        "order-pending-one-rupiah-dearer", "ORDER-PRICE",
        "The details of an order are one rupiah dearer while it is pending.",
        finish=with_attributes(
            lambda attributes: attributes.update(sales_price=attributes["sales_price"] + 1),
            both(detailed, pending),
        ),
    ),
    fault(
        "order-serial-number-changes", "ORDER-FINAL",
        "serial_number of topup-dana is another one at every look at the fulfilled order.",
        progress=_renumbered,
    ),
    fault(
        "order-fulfilled-at-local", "SUCCESS-FULFILLED-AT",
        "fulfilled_at is the local time of Jakarta, with a Z behind it.",
        finish=with_document(
            at("data.attributes.fulfilled_at", _seven_hours_later), fulfilled
        ),
    ),
    fault(
        "order-pending-again", "ORDER-FINAL", "A fulfilled order is pending at a second look.",
        progress=_ended_for_a_while,
    ),
    fault(
        "order-fails-after-success", "ORDER-FINAL",
        "A fulfilled order has failed at a second look.", progress=_fails_later,
    ),
    fault(
        "order-fulfilled-again", "ORDER-FINAL",
        "fulfilled_at of an order is a second later at every look.",
        also=("ORDER-POLLING",), because="a look is what changes it",
        progress=_fulfilled_again,
    ),
    fault(
        "order-look-costs", "ORDER-POLLING", "Every look at an order takes 100 rupiah.",
        also=("CHECKOUT-AT-MOST", "CHECKOUT-TOTAL", "FAILED-FREE"),
        because="the looks are paid for with the order, also with one that fails",
        order_details=_charged,
    ),
    fault(
        "order-unknown-answered", "ORDER-UNKNOWN",
        "The details of an order that no one tried to place are those of another one.",
        also=("ERROR-UNKNOWN-ORDER", "GEN-ORDER-ID"),
        because="what is not refused has no code, and no one tried those ids either",
        find=_anybody, perform=_remembering,
    ),
    fault(
        "order-id-in-any-case", "ORDER-ID-CASE", "An order is found by its id in any case.",
        find=_by_any_case,
    ),
    fault(
        "failed-order-http-400", "FAILED-HTTP", "A failed order is answered with HTTP 400.",
        finish=with_answer(lambda answer: replace(answer, status=400), failed),
    ),
    fault(
        "failed-order-http-500", "FAILED-HTTP", "A failed order is answered with HTTP 500.",
        finish=with_answer(lambda answer: replace(answer, status=500), failed),
    ),
    fault(
        "failed-order-other-id", "FAILED-ECHO", "A failed order has another id.",
        finish=with_document(at("data.id", lambda _: "order-1"), failed),
    ),
    fault(
        "failed-order-other-number", "FAILED-ECHO",
        "A failed order has another customer number.",
        finish=with_values(failed, client_number="081211311000"),
    ),
    fault(
        "failed-order-other-product", "FAILED-ECHO", "A failed order names another product.",
        finish=with_values(failed, product_code="pgn"),
    ),
    fault(
        "failed-order-succeeds", "FAILED-ENDS", "An order that cannot be served is fulfilled.",
        settle=_fulfilled_anyway,
    ),
    fault(
        "failed-order-keeps-money", "FAILED-FREE", "A failed order keeps its money.",
        refund=always(None),
    ),
    fault(
        "failed-order-keeps-some", "FAILED-FREE", "A failed order keeps a thousand rupiah.",
        refund=lambda service, original, order: (
            original(order), service.deposit.debit(f"fee-{order.id}", 1_000)
        ),
    ),
)  # fmt: skip

FAULTS: tuple[Fault, ...] = (*PRICES, *LIFE)
