"""The typed operations of the R-ONE JSON interface. Amounts are rupiah.

Every operation is a POST of JSON under ``V1/api/`` with the header rqid, or sign for a partner that
signs (000_225173fa548c7a0b.txt:2).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone

from kontrak.clauses.amounts import whole_rupiah
from kontrak.errors import NotOffered
from kontrak.exchange import Exchange, Headers, Spend
from kontrak.http.body import read_json
from kontrak.interface.refid import new_ref_id
from kontrak.interface.sandbox_clock import advance_clock
from kontrak.interface.session import Result, Wire
from kontrak.interface.settling import settle
from kontrak.providers.rqid.answer import RqidAnswer
from kontrak.providers.rqid.probe import require_interface
from kontrak.providers.rqid.requests import post, shape_of
from kontrak.providers.rqid.settings import Kind, Numbers, Partner, Settings
from kontrak.providers.rqid.settling import settled
from kontrak.providers.rqid.signing import sign

WIB = timezone(timedelta(hours=7))
SIGNED = "signed"
"""The ledger's name for the partner that signs."""
_PAYING = frozenset({"topup", "payment"})
_CREDENTIALS_ALONE = ("product-categories", "products", "balance", "history")


def recent_days() -> tuple[str, str]:
    """Yesterday and tomorrow as YYYY-MM-DD, whatever time zone a server keeps."""
    today = datetime.now(tz=WIB).date()
    first, last = (today + timedelta(days=step) for step in (-1, 1))
    return first.isoformat(), last.isoformat()


class Rqid:
    """A client of one R-ONE target for one partner. Nothing is retried; a call is one exchange."""

    def __init__(self, wire: Wire, partner: Partner | None = None) -> None:
        self.settings = Settings.of(wire.target)
        self.partner = partner or self.settings.partner
        self._wire = wire
        self._prices: dict[str, int] = {}
        if "balance" in self.settings.operations:
            wire.gate.looks(self.balance, self.account)

    def side_by_side(self, calls: Sequence[Callable[[], Result]]) -> list[Result]:
        """Ask what costs nothing, and does not depend on order, several at a time."""
        return self._wire.side_by_side(calls)

    def other(self) -> Rqid:
        """A client for the target's other partner, which signs."""
        if self.settings.other is None:
            raise NotOffered(
                "the target names no partner that signs", hint="set [rqid] signed_mmid and its keys"
            )
        return Rqid(self._wire, self.settings.other)

    @property
    def account(self) -> str:
        """By which name the ledger distinguishes our partners: "" for the usual one."""
        return "" if self.partner == self.settings.partner else SIGNED

    def numbers(self, kind: Kind) -> Numbers:
        """The product and the customer numbers of a kind."""
        return self.settings.numbers[kind]

    def require(self, *operations: str) -> None:
        """Raise ``NotOffered`` unless the target offers these endpoints."""
        for operation in operations:
            if operation not in self.settings.operations:
                raise NotOffered(
                    f"the target does not offer {operation}",
                    hint="see [rqid] operations in the target",
                )

    def probe(self) -> None:
        """Raise ``NoAnswer`` unless an R-ONE interface answers that knows us: a price check."""
        require_interface(self.price(self.numbers("prepaid").get("product")), self._is_known)
        self._wire.trouble.admitted = True

    def _is_known(self) -> bool:
        """Whether a request that has nothing but credentials succeeds."""
        offered = (one for one in _CREDENTIALS_ALONE if one in self.settings.operations)
        operation = next(offered, None)
        if operation is None:
            return False
        answer = self.ask(operation, self.fields(), right=True)
        return answer.says_success and answer.is_success

    # Requests

    def fields(self, **more: object) -> dict[str, object]:
        """The body of a request: mmid and what else it has."""
        return {"mmid": self.partner.mmid, **more}

    def headers(self, fields: Mapping[str, object], ref_1: str | None = None) -> Headers:
        """The header by which the partner is known; ``ref_1`` where it stands in the address."""
        if not self.partner.signs:
            return (("rqid", self.partner.api_key),)
        names = ("product_code", "customer_id", "ref_1")
        values = {name: str(fields.get(name, "")) for name in names}
        if ref_1 is not None:
            values["ref_1"] = ref_1
        made = sign(
            self.settings.signature_string,
            mmid=self.partner.mmid,
            pin=self.partner.pin,
            api_key=self.partner.api_key,
            **values,
        )
        self._wire.masker.learn(made)
        return (("sign", made),)

    def ask(
        self,
        operation: str,
        fields: Mapping[str, object],
        *,
        headers: Headers | None = None,
        ref_1: str | None = None,
        promised_by: str = "RQID-ACCESS-ANSWERED",
        spend: Spend | None = None,
        right: bool = False,
    ) -> RqidAnswer:
        """Send some fields as they are, right or wrong. ``headers`` takes the right one's place.

        ``right`` means that nothing was changed.
        """
        body = json.dumps(fields).encode()
        headers = self.headers(fields, ref_1) if headers is None else headers
        return self.ask_body(
            operation,
            body,
            headers=headers,
            ref_1=ref_1,
            asked=fields,
            promised_by=promised_by,
            spend=spend,
            right=right,
        )

    def ask_body(  # noqa: PLR0913 - each is one fact of the request
        self,
        operation: str,
        body: bytes,
        *,
        headers: Headers,
        ref_1: str | None = None,
        asked: Mapping[str, object] | None = None,
        promised_by: str = "RQID-ACCESS-ANSWERED",
        spend: Spend | None = None,
        right: bool = False,
    ) -> RqidAnswer:
        """Send a body as it is."""
        self.require(operation)
        fields = asked or {}
        shape = shape_of(operation, fields)
        request = post(self.settings.base_url, operation, body, headers, ref_1, fields, right=right)

        def read(exchange: Exchange) -> RqidAnswer:
            got = read_json(exchange)
            return RqidAnswer(exchange, got.document, got.malformed, shape, fields, promised_by)

        return self._wire.ask(
            request,
            read,
            spend=None if spend is None else replace(spend, account=self.account),
            pays=operation in _PAYING,
            asked_for=lambda answer: self._asked_for(fields, answer),
        )

    def _asked_for(self, asked: Mapping[str, object], answer: RqidAnswer) -> Collection[str]:
        """The answer's code where the number is one that the target names for a failure."""
        reported = [
            name
            for one in self.settings.numbers.values()
            for name, number in one.configured.items()
            if number == asked.get("customer_id")
        ]
        return {answer.rc or ""} if any("wrong" in one or "fail" in one for one in reported) else ()

    def settle(self, reference: str, answer: RqidAnswer) -> None:
        """Note in the ledger what has become of a purchase, by the answer to its status."""
        settle(self._wire.gate, reference, answer, self.account)

    # Operations

    def price(self, product: str) -> RqidAnswer:
        """Check the price of a prepaid product."""
        fields = self.fields(product_code=product)
        return self.ask("price", fields, promised_by="RQID-PRICE-SUCCESS", right=True)

    def price_of(self, product: str) -> int:
        """What a prepaid product costs; asked once."""
        if product not in self._prices:
            self._prices[product] = self.price(product).require_success().number("harga")
        return self._prices[product]

    def topup(
        self,
        customer: str,
        *,
        product: str | None = None,
        ref_1: str | None = None,
        right: bool = True,
    ) -> RqidAnswer:
        """Buy a prepaid product."""
        product = product or self.numbers("prepaid").get("product")
        ref_1 = ref_1 or new_ref_id()
        return self.purchase("topup", product, customer, ref_1, right=right)

    def purchase(
        self,
        operation: str,
        product: str,
        customer: str,
        ref_1: str,
        rupiah: int | None = None,
        *,
        right: bool = True,
    ) -> RqidAnswer:
        """Topup or payment of what costs so much; a prepaid product's price is asked for.

        ``right`` means that it is neither wrong on purpose nor for a number that is to fail: what
        such a one is refused with has no need to be documented.
        """
        rupiah = self.price_of(product) if rupiah is None else rupiah
        return self.ask(
            operation,
            self.fields(product_code=product, customer_id=customer, ref_1=ref_1),
            promised_by="RQID-TOPUP-SUCCESS" if operation == "topup" else "RQID-PAYMENT-SUCCESS",
            spend=Spend(rupiah, product, customer, ref_1),
            right=right,
        )

    def inquiry(
        self, customer: str, *, product: str | None = None, ref_1: str | None = None
    ) -> RqidAnswer:
        """Inquire a bill; costs nothing."""
        product = product or self.numbers("postpaid").get("product")
        fields = self.fields(
            product_code=product, customer_id=customer, ref_1=ref_1 or new_ref_id()
        )
        return self.ask("inquiry", fields, promised_by="RQID-INQUIRY-SUCCESS", right=True)

    def pay(self, bill: RqidAnswer, *, right: bool = True, **changes: str) -> RqidAnswer:
        """Pay an inquired bill, with some fields changed, which may be refused."""
        names = ("product_code", "customer_id", "ref_1")
        returned = {name: str(bill.sent[name]) for name in names} | changes
        return self.purchase(
            "payment",
            returned["product_code"],
            returned["customer_id"],
            returned["ref_1"],
            bill.number("total_price"),
            right=right and not changes,
        )

    def status(self, ref_1: str) -> RqidAnswer:
        """Ask the status of a reference; costs nothing."""
        fields = self.fields(ref_1=ref_1)
        return self.ask("status", fields, promised_by="RQID-STATUS-SUCCESS", right=True)

    def history_of(self, ref_1: str) -> RqidAnswer:
        """Look up one reference in the history."""
        return self.ask(
            "history/ref_1", self.fields(), ref_1=ref_1, promised_by="RQID-BYREF-FOUND", right=True
        )

    def history(self, **filters: object) -> RqidAnswer:
        """List transactions; without filters those of today, in a flat array."""
        fields = self.fields(**filters)
        return self.ask("history", fields, promised_by="RQID-HISTORY-TODAY", right=True)

    def products(self, **filters: object) -> RqidAnswer:
        """List products."""
        fields = self.fields(**filters)
        return self.ask("products", fields, promised_by="RQID-PRODUCTS-ALL", right=True)

    def balance(self) -> RqidAnswer:
        """Ask the balance."""
        answer = self.ask("balance", self.fields(), right=True)
        saldo = whole_rupiah(answer.record.get("saldo"))
        if answer.is_success and saldo is not None:
            self._wire.gate.saw_balance(saldo, self.account, answer.exchange.started_at)
        return answer

    def mutations(self, start: str, end: str) -> RqidAnswer:
        """List the movements of money from one day to another, as YYYY-MM-DD."""
        return self.ask("mutations", self.fields(start_date=start, end_date=end), right=True)

    def recent_mutations(self) -> RqidAnswer:
        """The movements of yesterday, today and tomorrow, whatever time zone the server keeps."""
        return self.mutations(*recent_days())

    # Time

    def advance_clock(self, seconds: int) -> None:
        """Move the clock of a kontrak sandbox; only where the target names ``control_url``."""
        advance_clock(self._wire.transport, self.settings, seconds)

    def settled(self, ref_1: str) -> RqidAnswer:
        """Poll a purchase in process until it is settled or its time is over; the last status.

        Raises ``NotOffered`` when the target does not say how long that may take.
        """
        clock = None if self.settings.control_url is None else self.advance_clock
        return settled(
            lambda: self.status(ref_1), self.settings.settle_seconds, clock, provider="rqid"
        )
