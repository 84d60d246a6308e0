"""The typed operations of Digiswitch's postpaid interface. Amounts are rupiah.

One address takes every command (003_9b3f16432d5cddec.txt:8). The document describes the payment;
the inquiry is public (digiswitch-cek-tagihan), the status is the family's (digiflazz-cek-status).
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from kontrak.clauses.response_codes import Outcome, response_codes
from kontrak.errors import NotOffered
from kontrak.exchange import Exchange, Request, Spend
from kontrak.http.body import read_json
from kontrak.interface.refid import new_ref_id
from kontrak.interface.sandbox_clock import advance_clock
from kontrak.interface.session import Result, Wire
from kontrak.providers.digiswitch.answer import DigiswitchAnswer
from kontrak.providers.digiswitch.probe import WRONG_SIGN, require_interface
from kontrak.providers.digiswitch.settings import Product, Settings
from kontrak.providers.digiswitch.signing import sign

MEDIA_TYPE = "application/json"
COMMANDS = ("inq-pasca", "pay-pasca", "status-pasca")
_PAYMENT = b"pay-pasca"
"""What stands in the body of every payment whose command is not changed, and in no other's."""


@dataclass(frozen=True, slots=True)
class Order:
    """What a payment pays: a customer's bill under a ref_id.

    ``bill`` is the answer of its inquiry; None where the target has no inquiry. ``case`` names the
    test case its number belongs to.
    """

    product: Product
    case: str
    number: str
    ref_id: str
    bill: DigiswitchAnswer | None

    @property
    def rupiah(self) -> int:
        """What paying it may cost: the price that the inquiry announced, 0 where there was none."""
        if self.bill is None:
            return 0
        return math.ceil(self.bill.number("price"))

    @property
    def promised_by(self) -> str:
        """The clause that promises how its payment goes."""
        return promise(self.product, self.case)


class Digiswitch:
    """A client of one Digiswitch target. Nothing is retried; every call is one exchange.

    ``moves`` counts what may have changed the balance, ``advances`` the moves of the clock.
    ``unended`` are the orders whose payments were in process when they were last heard of: their
    end may still change the balance.
    """

    def __init__(self, wire: Wire) -> None:
        self.settings = Settings.of(wire.target)
        self.moves = 0
        self.advances = 0
        self.unended: dict[str, Order] = {}
        self._wire = wire

    def side_by_side(self, calls: Sequence[Callable[[], Result]]) -> list[Result]:
        """Ask what costs nothing, and does not depend on order, several at a time."""
        return self._wire.side_by_side(calls)

    def buy_side_by_side(self, calls: Sequence[Callable[[], Result]]) -> list[Result]:
        """The same for purchases: one by one on a live target."""
        return self._wire.buy_side_by_side(calls)

    @property
    def buys_several(self) -> bool:
        """Whether several purchases may be under way at a time."""
        return self._wire.buys > 1

    @property
    def usual(self) -> Product:
        """The product by which everything is asked that no product differs in."""
        return next(iter(self.settings.products.values()))

    @property
    def inquires(self) -> bool:
        """Whether the target has an inquiry."""
        return "inq-pasca" in self.settings.operations

    def product(self, key: str) -> Product:
        """A product by its shape; ``NotOffered`` when the target does not list it."""
        found = self.settings.products.get(key)
        if found is None:
            raise NotOffered(
                f"the target does not offer {key}",
                hint=f"list it in the target: [digiswitch.products] {key} = true",
            )
        return found

    def require(self, operation: str) -> None:
        """Raise ``NotOffered`` unless the target offers a command."""
        if operation not in self.settings.operations:
            raise NotOffered(
                f"the target does not offer {operation}",
                hint="see [digiswitch] operations in the target",
            )

    def sign(self, ref_id: str, *, api_key: str | None = None, username: str | None = None) -> str:
        """The signature over a ref_id, made known to the masker before anyone can write it."""
        settings = self.settings
        made = sign(
            settings.username if username is None else username,
            settings.api_key if api_key is None else api_key,
            ref_id,
        )
        self._wire.masker.learn(made)
        return made

    def fields(
        self, command: str, product: Product, number: str, ref_id: str | None = None
    ) -> dict[str, object]:
        """A right request, field by field, for tests that change one of them."""
        ref_id = new_ref_id() if ref_id is None else ref_id
        testing = {"testing": True} if self.settings.testing else {}
        return {
            "command": command,
            "username": self.settings.username,
            "code": product.code,
            "customer_no": number,
            "ref_id": ref_id,
            **testing,
            "sign": self.sign(ref_id),
        }

    def probe(self) -> None:
        """Raise ``NoAnswer`` unless a Digiswitch interface answers that knows our credentials.

        One inquiry, which costs nothing: what is wrong for every test is reported once.
        """
        product = self.usual
        number = next(iter(product.numbers.values()), "0")
        answer = self.ask(self.fields("inq-pasca", product, number), product, right=True)
        if answer.rc == WRONG_SIGN:
            # It may be this one sign that is refused (DIGISWITCH-SIGN-ACCEPTED): try another.
            answer = self.ask(self.fields("inq-pasca", product, number), product, right=True)
        require_interface(answer)
        self._wire.trouble.admitted = True

    def inquiry(self, product: Product, case: str) -> DigiswitchAnswer:
        """Inquire the bill of a test case under a fresh ref_id."""
        self.require("inq-pasca")
        fields = self.fields("inq-pasca", product, product.number(case))
        promised = "DIGISWITCH-INQ-SUCCESS" if case == "success" else promise(product, case)
        return self.ask(fields, product, promised_by=promised, right=True)

    def order(
        self, product: Product, case: str = "success", *, asked: DigiswitchAnswer | None = None
    ) -> Order:
        """A bill that is ready to be paid: inquired with success where there is an inquiry.

        ``asked`` is an answer of its inquiry that is there already. Raises ``Blocked`` where the
        inquiry is refused.
        """
        number = product.number(case)
        if not self.inquires:
            return Order(product, case, number, new_ref_id(), None)
        bill = (asked or self.inquiry(product, case)).require_success()
        shared = self.settings.payment_ref_id == "inquiry"
        ref_id = str(bill.sent["ref_id"]) if shared else new_ref_id()
        return Order(product, case, number, ref_id, bill)

    def payment_fields(self, order: Order) -> dict[str, object]:
        """A right payment of an order, field by field."""
        return self.fields("pay-pasca", order.product, order.number, order.ref_id)

    def pay(self, order: Order, fields: Mapping[str, object] | None = None) -> DigiswitchAnswer:
        """Pay an order; ``fields`` take the place of the right ones."""
        sent = self.payment_fields(order) if fields is None else fields
        return self.ask(
            sent, order.product, promised_by=order.promised_by, order=order, right=fields is None
        )

    def pay_body(self, order: Order, body: bytes) -> DigiswitchAnswer:
        """Send a body that is wrong as the payment of an order."""
        return self.ask_body(body, order.product, order=order, summary="a malformed pay-pasca")

    def status_fields(self, order: Order) -> dict[str, object]:
        """A right status request of an order, field by field."""
        return self.fields("status-pasca", order.product, order.number, order.ref_id)

    def status(self, order: Order, *, sign: str | None = None) -> DigiswitchAnswer:
        """Ask the status of an order's payment; costs nothing."""
        self.require("status-pasca")
        fields = self.status_fields(order)
        if sign is not None:
            fields["sign"] = sign
        return self.ask(
            fields,
            order.product,
            promised_by="DIGISWITCH-STATUS-ANSWERED",
            right=sign is None,
        )

    def advance_clock(self, seconds: int) -> None:
        """Move the clock of a kontrak sandbox; only where the target names ``control_url``."""
        advance_clock(self._wire.transport, self.settings, seconds)
        self.advances += 1
        if self.unended:
            self.unended.clear()
            self.moves += 1

    def ask(
        self,
        fields: Mapping[str, object],
        product: Product,
        *,
        promised_by: str = "DIGISWITCH-INQ-SUCCESS",
        order: Order | None = None,
        right: bool = False,
    ) -> DigiswitchAnswer:
        """Send some fields as they are, right or wrong. What may move money names its ``order``.

        ``right`` reports that none of them was changed.
        """
        words = [str(fields.get(name, "")) for name in ("command", "code", "customer_no", "ref_id")]
        return self.ask_body(
            json.dumps(fields, indent=4).encode(),
            product,
            asked=fields,
            summary=" ".join(word for word in words if word),
            promised_by=promised_by,
            order=order,
            right=right,
        )

    def ask_body(  # noqa: PLR0913 - each is one fact of the request
        self,
        body: bytes,
        product: Product,
        *,
        asked: Mapping[str, object] | None = None,
        content_type: str = MEDIA_TYPE,
        summary: str = "a body of our own making",
        promised_by: str = "DIGISWITCH-INQ-SUCCESS",
        order: Order | None = None,
        right: bool = False,
    ) -> DigiswitchAnswer:
        """Send a body as it is and read the answer."""
        command = (asked or {}).get("command")
        operation = f"{command if command in COMMANDS else 'other'} {product.key}"
        request = _request(self.settings.url, body, summary, content_type)
        request = replace(request, operation=operation, right=right)
        spend = None
        if order is not None:
            self.moves += 1
            spend = _spend(order, asked or {})

        def read(exchange: Exchange) -> DigiswitchAnswer:
            got = read_json(exchange)
            facts = (asked or {}, product.key, promised_by)
            return DigiswitchAnswer(exchange, got.document, got.malformed, *facts)

        return self._wire.ask(
            request,
            read,
            spend=spend,
            pays=_PAYMENT in body.lower(),
            note=lambda answer: self._hear(answer, order),
            asked_for=lambda _: self._asked_for(product, asked or {}),
            sound=self._is_sound(asked or {}, product),
        )

    def _is_sound(self, asked: Mapping[str, object], product: Product) -> bool:
        """Whether some fields are those of an inquiry that nothing is wrong with.

        ``testing`` may be true, and a blank may follow the comma of a number with two halves.
        """
        number, ref_id = str(asked.get("customer_no")), str(asked.get("ref_id"))
        if not ref_id or number.replace(", ", ",") not in product.numbers.values():
            return False
        right = self.fields("inq-pasca", product, number, ref_id)
        return {"testing": True, **asked} == {"testing": True, **right}

    def _asked_for(self, product: Product, asked: Mapping[str, object]) -> Collection[str]:
        """Every code where the number is one that the target names for a failure; else none."""
        cases = [
            one for one, number in product.numbers.items() if number == asked.get("customer_no")
        ]
        failing = any("failed" in one for one in cases)
        return response_codes("digiswitch") if failing else ()

    def _hear(self, answer: DigiswitchAnswer, order: Order | None) -> None:
        """Keep account of the payments in process; one that has ended may have moved money."""
        if order is not None and answer.outcome is Outcome.PENDING:
            self.unended[order.ref_id] = order
            return
        ref_id = str(answer.sent.get("ref_id"))
        final = answer.outcome in (Outcome.SUCCESS, Outcome.FAILED) and answer.reports_transaction
        if final and ref_id in self.unended:
            del self.unended[ref_id]
            self.moves += 1


def promise(product: Product, case: str) -> str:
    """The clause that promises what a test case's payment leads to."""
    if case == "success":
        return f"DIGISWITCH-{product.key.upper()}-PAY"
    return f"DIGISWITCH-CASE-{case.upper().replace('_', '-')}"


def _spend(order: Order, fields: Mapping[str, object]) -> Spend:
    # What is sent decides what may be bought, not what was meant.
    return Spend(
        rupiah=order.rupiah,
        product=str(fields.get("code") or order.product.code),
        customer=str(fields.get("customer_no") or order.number),
        reference=order.ref_id,
    )


def _request(url: str, body: bytes, summary: str, content_type: str = MEDIA_TYPE) -> Request:
    headers = (("Content-Type", content_type), ("Accept", MEDIA_TYPE))
    return Request("POST", url, headers, body, summary)
