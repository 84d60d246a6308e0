"""Faults of what a request must name: products that do without, and amounts that are not read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from kontrak.sandbox.changes import Fault, Wrapper
from kontrak.sandbox.tokopedia.bills import Asked, Bill
from kontrak.sandbox.tokopedia.catalogue import Attributes, products
from kontrak.sandbox.tokopedia.codes import Reason, Refusal
from kontrak.sandbox.tokopedia.interface import Answer
from kontrak.sandbox.tokopedia.making import fault, inquired
from kontrak.sandbox.tokopedia.orders import Order, State
from kontrak.sandbox.tokopedia.service import TokopediaService

Ask = Callable[[str, Attributes], Asked]
Accept = Callable[[Asked, Bill], bool]
THIRD = 3


def _filled(kind: str, code: str, **missing: object) -> Wrapper:
    """Wraps ``asked``: a request of this product gets what it lacks from somewhere."""

    def asked(_service: object, original: Ask, wanted: str, attributes: Attributes) -> Asked:
        if wanted != kind or attributes.get("product_code") != code:
            return original(wanted, attributes)
        lacking = {key: held for key, held in missing.items() if attributes.get(key, "") == ""}
        return original(wanted, {**attributes, **lacking})

    return asked


def _fields_filled(kind: str, code: str) -> Wrapper:
    """Wraps ``asked``: fields of this product that are not sent are those of the example."""

    def asked(_service: object, original: Ask, wanted: str, attributes: Attributes) -> Asked:
        if wanted != kind or attributes.get("product_code") != code:
            return original(wanted, attributes)
        sent = attributes.get("fields") or []
        named = {one["name"] for one in sent}
        others = [one for one in products()[code].request["fields"] if one["name"] not in named]
        found = original(wanted, {**attributes, "fields": [*sent, *others]})
        return replace(found, fields=attributes.get("fields"))

    return asked


def _with_downline(kind: str) -> Wrapper:
    """Wraps ``asked``: a request of topup-dana needs a downline_id, if only an empty one."""

    def asked(_service: object, original: Ask, wanted: str, attributes: Attributes) -> Asked:
        of_dana = attributes.get("product_code") == "topup-dana"
        if wanted == kind and of_dana and "downline_id" not in attributes:
            raise Refusal(Reason.MISSING)
        return original(wanted, attributes)

    return asked


def _remembering(
    service: TokopediaService, original: Callable[[Answer], Answer], answer: Answer
) -> Answer:
    """Wraps ``finish``: who was inquired is kept."""
    answer = original(answer)
    if inquired(answer):
        vars(service).setdefault("customers", set()).add(answer.document["data"]["id"])
    return answer


def _inquired_first(
    service: TokopediaService, original: Ask, wanted: str, attributes: Attributes
) -> Asked:
    """Wraps ``asked``: GoPay is sold to those who were inquired before."""
    found = original(wanted, attributes)
    known: set[str] = vars(service).get("customers", set())
    if wanted == "order" and "gopay" in found.code and found.client_number not in known:
        raise Refusal(Reason.MISSING)
    return found


def _accepted(code: str, rule: Callable[[int | None, int], bool]) -> Wrapper:
    """Wraps ``accepts_amount``: amounts of this product of which the rule holds are accepted.

    The rule is given the amount, None where there is none, and what is to be paid, in rupiah.
    """

    def accepts_amount(_service: object, original: Accept, asked: Asked, bill: Bill) -> bool:
        if bill.asked.product.code == code and rule(asked.amount, bill.sales_price):
            return True
        return original(asked, bill)

    return accepts_amount


def _rounded(_service: object, original: Callable[[object], int | None], amount: object) -> object:
    """Wraps ``amount_of``: a fraction of a rupiah is left out."""
    return original(round(amount) if isinstance(amount, float) else amount)


def _as_paid(
    _service: object, original: Callable[[str, Bill], bool], order_id: str, bill: Bill
) -> bool:
    """Wraps ``debit``: what is taken is what the partner names, whatever the bill is."""
    named = bill.asked.amount
    paid = replace(bill, base_price=named - bill.admin_fee) if named else bill
    return original(order_id, paid)


def _first_customer(
    service: TokopediaService, original: Callable[[Answer], Answer], answer: Answer
) -> Answer:
    """Wraps ``finish``: the number of a product's first customer is returned to every other."""
    answer = original(answer)
    if not inquired(answer):
        return answer
    data = answer.document["data"]
    kept: dict[str, str] = vars(service).setdefault("first_customers", {})
    number = kept.setdefault(data["attributes"]["product_code"], data["id"])
    attributes = {**data["attributes"], "client_number": number}
    return replace(answer, document={"data": {**data, "id": number, "attributes": attributes}})


def _succeeds_later(
    service: TokopediaService, original: Callable[[Order], None], order: Order
) -> None:
    """Wraps ``progress``: a failed order is fulfilled at the third look."""
    if order.state is State.FAILED and order.asked >= THIRD:
        order.state, order.fulfilled_at = State.SUCCESS, service.clock.now()
    original(order)


INQUIRIES = (
    fault(
        "inquiry-without-period-answered", "INQUIRY-NO-FIELDS",
        "An inquiry of pbb-dki-jakarta without period is answered.",
        asked=_fields_filled("inquiry", "pbb-dki-jakarta"),
    ),
    fault(
        "inquiry-without-one-field-answered", "INQUIRY-NO-FIELDS",
        "An inquiry of samsat-jatim is answered without any of its three fields.",
        asked=_fields_filled("inquiry", "samsat-jatim"),
    ),
    fault(
        "inquiry-of-dana-without-number-answered", "INQUIRY-NO-NUMBER",
        "An inquiry of topup-dana without client_number is answered.",
        asked=_filled("inquiry", "topup-dana", client_number="081711111111"),
    ),
    fault(
        "inquiry-of-dana-without-amount-answered", "INQUIRY-NO-AMOUNT",
        "An inquiry of topup-dana without amount is answered.",
        asked=_filled("inquiry", "topup-dana", amount=15_780),
    ),
    fault(
        "inquiry-of-first-customer", "INQUIRY-OTHER-NUMBER",
        "An inquiry returns the number of the product's first customer.",
        finish=_first_customer,
    ),
)  # fmt: skip

CHECKOUTS = (
    fault(
        "checkout-without-number-sold", "CHECKOUT-NO-NUMBER",
        "A checkout of 50k-simpati without client_number is taken.",
        asked=_filled("order", "50k-simpati", client_number="081211311111"),
    ),
    fault(
        "checkout-without-period-sold", "CHECKOUT-NO-FIELDS",
        "A checkout of pbb-dki-jakarta-new without period is taken.",
        asked=_fields_filled("order", "pbb-dki-jakarta-new"),
    ),
    fault(
        "checkout-without-amount-sold", "CHECKOUT-NO-AMOUNT",
        "A checkout of kredit-mtf-new without amount is taken.",
        accepts_amount=_accepted("kredit-mtf-new", lambda amount, _: amount is None),
    ),
    fault(
        "checkout-of-any-amount-sold", "CHECKOUT-OTHER-AMOUNT",
        "A checkout of kredit-mandiri-utama-finance is taken whatever its amount is.",
        accepts_amount=_accepted(
            "kredit-mandiri-utama-finance", lambda amount, _: amount is not None
        ),
    ),
    fault(
        "checkout-of-less-sold", "CHECKOUT-OTHER-AMOUNT",
        "A bill of pgn is paid for any amount below it, which is all that is taken.",
        accepts_amount=_accepted("pgn", lambda amount, price: bool(amount and amount < price)),
        debit=_as_paid,
    ),
    fault(
        "checkout-of-more-sold", "CHECKOUT-OTHER-AMOUNT",
        "A donation is taken for any amount above the one that it has.",
        accepts_amount=_accepted(
            "donasi-rumah-zakat-50", lambda amount, price: bool(amount and amount > price)
        ),
    ),
    fault(
        "checkout-without-inquiry-refused", "CHECKOUT-NO-INQUIRY",
        "A checkout of GoPay is refused for a customer who was not inquired.",
        finish=_remembering, asked=_inquired_first,
    ),
    fault(
        "inquiry-without-downline-refused", "INQUIRY-NO-DOWNLINE",
        "An inquiry of topup-dana is refused without downline_id.",
        asked=_with_downline("inquiry"),
    ),
    fault(
        "checkout-without-downline-refused", "CHECKOUT-NO-DOWNLINE",
        "A checkout of topup-dana is refused without downline_id.",
        asked=_with_downline("order"),
    ),
    fault(
        "checkout-of-fractions-sold", "GEN-CHECKOUT-AMOUNT",
        "An amount with a fraction is taken for the rupiah before or behind it.",
        amount_of=_rounded,
    ),
    fault(
        "checkout-of-negative-amounts-sold", "GEN-CHECKOUT-AMOUNT",
        "A checkout of a negative amount is taken for one without a sign.",
        amount_of=lambda _, original, amount: original(
            abs(amount) if isinstance(amount, int | float) else amount
        ),
    ),
    fault(
        "checkout-of-steam-costs-nothing", "CHECKOUT-TOTAL-COST",
        "An order of steam-wallet-idr-90 takes no money.",
        debit=lambda _, original, order_id, bill: (
            bill.asked.product.code == "steam-wallet-idr-90" or original(order_id, bill)
        ),
    ),
    fault(
        "failed-order-succeeds-later", "FAILED-FINAL",
        "A failed order is fulfilled at the third look.",
        progress=_succeeds_later,
    ),
    fault(
        "sign-of-dana-unchecked", "SIGN-MISSING",
        "A checkout of topup-dana needs no signature.",
        also=("SIGN-WRONG",), because="a wrong signature is not looked at either",
        accepts_signature=lambda _, original, signature, body: (
            b'"topup-dana"' in body or original(signature, body)
        ),
    ),
)  # fmt: skip

FAULTS: tuple[Fault, ...] = (*INQUIRIES, *CHECKOUTS)
