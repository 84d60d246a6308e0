"""The Tokopedia interface, complete and stateful: products, inquiries, orders and the balance.

The state is touched only by the steps that say *at once*: they hold the lock, nothing else does.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from enum import Enum, auto
from typing import Any
from urllib.parse import unquote

from kontrak.sandbox.clock import Clock
from kontrak.sandbox.deposit import Deposit
from kontrak.sandbox.http import SandboxRequest
from kontrak.sandbox.tokopedia.bills import (
    Asked,
    Bill,
    Fields,
    bill_for,
    inquiry_attributes,
    own_codes,
    without_penalty,
)
from kontrak.sandbox.tokopedia.catalogue import HOME, Attributes, Product, products
from kontrak.sandbox.tokopedia.codes import SAYINGS, Reason, Refusal
from kontrak.sandbox.tokopedia.interface import (
    INQUIRY,
    METHODS,
    ORDER,
    TOKEN_PATH,
    Answer,
    Document,
    Kind,
    TokopediaInterface,
)
from kontrak.sandbox.tokopedia.orders import (
    Order,
    State,
    fulfilled_attributes,
    unfulfilled_attributes,
)

ACCOUNT = {
    "client_id": "sandbox-partner",
    "client_secret": "sandbox-secret",
    "partner_public_key": (HOME / "keys/partner-public.pem").read_text("ascii"),
}
ACCOUNT_ID = "2203"
START_BALANCE = 1_000_000_000
SETTLES_AFTER = timedelta(seconds=60)
SETTLES_LATE = timedelta(hours=1)
PATIENCE = 1
"""How many status requests an order stays pending for; the next one finds it settled."""
LONGEST_ID = 200


class Scenario(Enum):
    """What a customer number leads to. The numbers are the sandbox's own, for every product."""

    BILL = auto()
    ORDER_FAILED = auto()
    ORDER_PENDING = auto()
    NO_PENALTY = auto()
    WRONG_NUMBER = auto()


NUMBERS = {
    "081211311999": Scenario.ORDER_FAILED,
    "081211311888": Scenario.ORDER_PENDING,
    "081211311777": Scenario.NO_PENALTY,
    "081211311666": Scenario.WRONG_NUMBER,
}


class TokopediaService(TokopediaInterface):
    """One partner's view: ``account`` holds ``client_id``, ``client_secret`` and its public key."""

    def __init__(self, account: Mapping[str, str], clock: Clock) -> None:
        super().__init__(account, clock)
        self.deposit = Deposit(START_BALANCE)
        self.lock = threading.RLock()
        self.orders: dict[str, Order] = {}
        self.sold: Counter[str] = Counter()

    def perform(self, request: SandboxRequest, path: str) -> Answer:
        """Carry the request out."""
        wanted = METHODS.get(path, "GET")
        if request.method != wanted:
            raise Refusal(Reason.METHOD)
        if path == TOKEN_PATH:
            return self.token(request)
        self.authorize(request)
        match path:
            case "/api/v2/inquiry":
                return self.inquire(request)
            case "/api/v2/order":
                return self.check_out(request)
            case _:
                return self.look_up(request, path)

    def look_up(self, request: SandboxRequest, path: str) -> Answer:
        """The answer to a request that only reads."""
        match path:
            case "/api/ping":
                return Answer(Kind.PING, self.ping(), path=path)
            case "/api/v2/account":
                return Answer(Kind.ACCOUNT, self.account(), path=path)
            case "/api/v2/product-list":
                return Answer(Kind.PRODUCTS, self.product_list(request), path=path)
            case _:
                return self.order_details(path)

    # Reading

    def ping(self) -> Document:
        """GET /ping."""
        return {"buildhash": "kontrak", "sandbox": True, "status": "ok"}

    def account(self) -> Document:
        """GET /v2/account: what is left in the balance."""
        self.progress_all()
        saldo = {"saldo": self.deposit.balance}
        return {"data": {"type": "account", "id": ACCOUNT_ID, "attributes": saldo}}

    def product_list(self, request: SandboxRequest) -> Document:
        """GET /v2/product-list: all products, or those whose codes are named."""
        asked = request.parameter("product_code")
        if not asked:
            every = {product.code: product for product in products().values()}
            return {"data": [self.listing(code, one) for code, one in every.items()]}
        codes = [code.strip() for code in asked.split(",")]
        return {"data": [self.listing(code, self.product_of("product", code)) for code in codes]}

    def listing(self, code: str, product: Product) -> Document:
        """One product of the list."""
        fixed = product.inquiry is None
        attributes = {
            "is_inquiry": not fixed,
            "price": product.order["sales_price"] if fixed else 0,
            "product_name": code.replace("-", " ").title(),
            "status": 1,
        }
        return {"attributes": attributes, "id": code, "type": "product"}

    def product_of(self, wanted: str, code: object) -> Product:  # noqa: ARG002 - changes wrap this
        """The product of that code, or a refusal."""
        if not isinstance(code, str) or code not in products():
            raise Refusal(Reason.UNKNOWN_PRODUCT)
        return products()[code]

    # Inquiry

    def inquire(self, request: SandboxRequest) -> Answer:
        """POST /v2/inquiry: what a customer owes."""
        data = self.document("inquiry", request.body)
        self.require_type("inquiry", data)
        asked = self.asked("inquiry", data["attributes"])
        if self.scenario_of(asked.client_number) is Scenario.WRONG_NUMBER:
            raise Refusal(Reason.WRONG_NUMBER)
        bill = self.bill_of(asked)
        document = {"data": self.inquiry_data(bill)}
        return Answer(Kind.INQUIRY, document, path=INQUIRY, bill=bill)

    def require_type(self, wanted: str, data: Document) -> None:
        """Refuse a document of another type."""
        if data.get("type") != wanted:
            raise Refusal(Reason.TYPE)

    def asked(self, wanted: str, attributes: Attributes) -> Asked:
        """What the request asks for; a mandatory field that is missing is refused."""
        product = self.product_of(wanted, attributes.get("product_code"))
        number = attributes.get("client_number", "")
        fields = self.fields_of(attributes.get("fields"))
        given = {field["name"] for field in fields or ()}
        if not isinstance(number, str) or (product.needs_number and not number):
            raise Refusal(Reason.MISSING)
        if not given.issuperset(product.field_names):
            raise Refusal(Reason.MISSING)
        amount = self.amount_of(attributes.get("amount"))
        if product.open_amount and amount is None:
            raise Refusal(Reason.MISSING)
        return Asked(product, attributes.get("product_code", product.code), number, fields, amount)

    def fields_of(self, fields: Any) -> Fields:
        """The additional fields, as sent."""
        if fields is None:
            return None
        if not isinstance(fields, list) or not all(_is_field(field) for field in fields):
            raise Refusal(Reason.MALFORMED)
        return fields

    def amount_of(self, amount: Any) -> int | None:
        """The amount in rupiah; some clients send 0 for none."""
        if amount is None:
            return None
        if isinstance(amount, bool) or not isinstance(amount, int | float) or amount < 0:
            raise Refusal(Reason.MALFORMED)
        if amount != amount // 1:
            raise Refusal(Reason.AMOUNT)
        return int(amount) or None

    def scenario_of(self, client_number: str) -> Scenario:
        """What the customer number leads to."""
        return NUMBERS.get(client_number, Scenario.BILL)

    def bill_of(self, asked: Asked) -> Bill:
        """The bill of a customer."""
        bill = bill_for(asked)
        if self.scenario_of(asked.client_number) is Scenario.NO_PENALTY:
            return without_penalty(bill)
        return bill

    def inquiry_data(self, bill: Bill) -> Document:
        """The document of an inquiry."""
        return {
            "type": "inquiry",
            "id": bill.asked.client_number,
            "attributes": inquiry_attributes(bill),
        }

    # Checkout

    def check_out(self, request: SandboxRequest) -> Answer:
        """POST /v2/order: buys, under an id that is new."""
        if not self.accepts_signature(request.header("Signature"), request.body):
            raise Refusal(Reason.SIGNATURE)
        data = self.document("order", request.body)
        self.require_type("order", data)
        order_id = self.order_id(data)
        order = self.open(order_id, self.asked("order", data["attributes"]))
        document = {"data": self.order_data(order)}
        return Answer(Kind.CHECKOUT, document, path=ORDER, bill=order.bill, order=order)

    def order_id(self, data: Document) -> str:
        """The partner's id of an order, or a refusal."""
        order_id = data.get("id")
        if not isinstance(order_id, str) or not 0 < len(order_id) <= LONGEST_ID:
            raise Refusal(Reason.MISSING)
        return order_id

    def open(self, order_id: str, asked: Asked) -> Order:
        """At once: a new order, its money reserved; or a refusal, and nothing has happened."""
        with self.lock:
            if self.known(order_id, asked):
                raise Refusal(Reason.DUPLICATE)
            bill = self.bill_of(asked)
            if not self.accepts_amount(asked, bill):
                raise Refusal(Reason.AMOUNT)
            if not self.debit(order_id, bill):
                raise Refusal(Reason.POOR)
            order = self.new_order(order_id, self.own_codes(bill, self.sold[asked.code]))
            self.sold[asked.code] += 1
            self.orders[order_id] = order
            return order

    def own_codes(self, bill: Bill, earlier: int) -> Bill:
        """The bill with the voucher or token that no earlier order of its product had."""
        return own_codes(bill, earlier)

    def known(self, order_id: str, asked: Asked) -> bool:  # noqa: ARG002 - changes wrap this
        """Whether the id was used before; the caller holds the lock."""
        return order_id in self.orders

    def accepts_amount(self, asked: Asked, bill: Bill) -> bool:
        """Whether the amount is what is to be paid; only bills need one."""
        if asked.amount is None:
            return not asked.product.needs_amount
        return asked.amount == bill.sales_price

    def debit(self, order_id: str, bill: Bill) -> bool:
        """Take the money of an order, once; False if there is too little."""
        return self.deposit.debit(order_id, bill.sales_price)

    def new_order(self, order_id: str, bill: Bill) -> Order:
        """A pending order, its fate decided by the customer number."""
        scenario = self.scenario_of(bill.asked.client_number)
        late = scenario is Scenario.ORDER_PENDING
        return Order(
            id=order_id,
            bill=bill,
            settles_at=self.clock.now() + (SETTLES_LATE if late else SETTLES_AFTER),
            patience=None if late else PATIENCE,
            fate=FATES.get(scenario),
        )

    # Order details

    def order_details(self, path: str) -> Answer:
        """GET /v2/order/{id}: where an order stands."""
        with self.lock:
            order = self.find(unquote(path.removeprefix(f"{ORDER}/")))
            self.progress(order)
            order.asked += 1
            document = {"data": self.order_data(order)}
        return Answer(Kind.STATUS, document, path=path, bill=order.bill, order=order)

    def find(self, order_id: str) -> Order:
        """The order of exactly that id, or a refusal."""
        if order_id not in self.orders:
            raise Refusal(Reason.UNKNOWN_ORDER)
        return self.orders[order_id]

    def progress(self, order: Order) -> None:
        """Let a pending order end when it is time; the caller holds the lock."""
        if order.state is State.PENDING and self.due(order):
            self.settle(order)

    def due(self, order: Order) -> bool:
        """Whether a pending order ends now."""
        tired = order.patience is not None and order.asked >= order.patience
        return tired or self.clock.now() >= order.settles_at

    def settle(self, order: Order) -> None:
        """End an order: fulfil it, or give its money back."""
        if order.fate is None:
            order.state, order.fulfilled_at = State.SUCCESS, self.clock.now()
        else:
            order.state = State.FAILED
            self.refund(order)

    def refund(self, order: Order) -> None:
        """Give the money of an order back."""
        self.deposit.refund(order.id)

    def progress_all(self) -> None:
        """At once: let every pending order end whose time has come."""
        with self.lock:
            for order in self.orders.values():
                self.progress(order)

    def order_data(self, order: Order) -> Document:
        """The document of an order."""
        return {"type": "order", "id": order.id, "attributes": self.order_attributes(order)}

    def order_attributes(self, order: Order) -> Attributes:
        """The attributes of an order in its present state."""
        match order.state:
            case State.SUCCESS:
                return fulfilled_attributes(order)
            case State.FAILED:
                saying = SAYINGS[order.fate or Reason.UNAVAILABLE]
                return unfulfilled_attributes(order, saying.code, saying.detail)
            case State.PENDING:
                return unfulfilled_attributes(order, "", "")


FATES = {
    Scenario.ORDER_FAILED: Reason.UNAVAILABLE,
    Scenario.WRONG_NUMBER: Reason.WRONG_NUMBER,
}


def _is_field(field: Any) -> bool:
    return isinstance(field, dict) and all(
        isinstance(field.get(name), str) for name in ("name", "value")
    )
