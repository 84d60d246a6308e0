"""The typed operations of Tokopedia's B2B digital interface. Amounts are rupiah.

Addresses, headers and signatures are public (tokopedia-web-service-security and -detail); the
documents are those of 002_39248943ca9b132d.txt.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import formatdate
from typing import Any
from urllib.parse import quote

from kontrak.answer import read_json
from kontrak.errors import NotOffered, SpendingRefused
from kontrak.exchange import Exchange, Headers, Request, Spend
from kontrak.ledger import Outcome as Settled
from kontrak.movable_clock import advance_clock
from kontrak.providers.tokopedia.answer import TokopediaAnswer
from kontrak.providers.tokopedia.documents import (
    Document,
    encode,
    inquiry_document,
    order_document,
    whole_rupiah,
    words,
)
from kontrak.providers.tokopedia.probe import require_interface
from kontrak.providers.tokopedia.settings import Offer, Settings
from kontrak.providers.tokopedia.signing import padding_named, private_key, public_key, sign
from kontrak.providers.tokopedia.tokens import Tokens
from kontrak.rc import Outcome, response_codes
from kontrak.wire import Wire

_OUTCOMES: Mapping[str, Settled] = {"Pending": "pending", "Success": "paid", "Failed": "refused"}


class Tokopedia:
    """A client of one target. Every call is one exchange, but for a token that has ended early."""

    def __init__(self, wire: Wire) -> None:
        self.settings = Settings.of(wire.target)
        self.key = private_key(self.settings.private_key)
        named = self.settings.provider_key
        self.provider_key = public_key(named) if named else None
        self._wire = wire
        self.tokens = Tokens(wire, self.settings)
        self.open: set[str] = set()
        """The ids of orders that were taken and are not known to have ended."""
        wire.masker.learn(self.settings.private_key)
        self._ordered: dict[str, str] = {}

    def require(self, *operations: str) -> None:
        """Raise ``NotOffered`` unless the target offers these operations."""
        for operation in operations:
            if operation not in self.settings.operations:
                raise NotOffered(
                    f"the target does not offer {operation}",
                    hint="see [tokopedia] operations in the target",
                )

    def probe(self) -> None:
        """Raise ``NoAnswer`` unless the interface answers us: a token, and one reading request."""
        self.tokens.current()
        operations = self.settings.operations
        reading = "account" if "account" in operations else "product-list"
        if reading in operations:
            require_interface(self.get(f"/v2/{reading}", reading))

    def ping(self) -> TokopediaAnswer:
        """How the service is."""
        self.require("ping")
        return self.get("/ping", "ping", operation="ping")

    def account(self) -> TokopediaAnswer:
        """The account and its balance."""
        self.require("account")
        answer = self.get("/v2/account", "account", operation="account")
        saldo = whole_rupiah(answer.attributes.get("saldo"))
        if saldo is not None:
            self._wire.gate.saw_balance(saldo)
        return answer

    def product_list(self, codes: Sequence[str] = (), *, slash: bool = False) -> TokopediaAnswer:
        """The price list, or the part of it that has these product codes."""
        self.require("product-list")
        query = f"?product_code={','.join(quote(code, safe='') for code in codes)}" if codes else ""
        end = "/" if slash else ""
        summary = f"product list {' '.join(codes)}".strip()
        part = "product-list part" if codes else "product-list"
        return self.get(f"/v2/product-list{end}{query}", summary, operation=part)

    def inquire(self, document: Document) -> TokopediaAnswer:
        """Ask what a customer owes; costs nothing."""
        self.require("inquiry")
        return self.post(
            "/v2/inquiry", encode(document), document, operation=self._inquiry(document)
        )

    def order(self, order_id: str) -> TokopediaAnswer:
        """The details of an order; costs nothing."""
        self.require("order")
        product = self._ordered.get(order_id)
        answer = self.get(
            f"/v2/order/{quote(order_id, safe='')}",
            f"order {order_id}",
            operation=f"order {product}" if product else "",
        )
        ended = answer.order_status in ("Success", "Failed")
        if ended or answer.is_refused:
            self.open.discard(order_id)
        if ended and answer.data.get("id") == order_id:
            debit = whole_rupiah(answer.attributes.get("sales_price"))
            status = str(answer.order_status)
            self._wire.gate.settle(order_id, status, _OUTCOMES[status], debit)
        return answer

    def checkout(self, document: Document, offer: Offer, price: int) -> TokopediaAnswer:
        """Order, signed; ``price`` is what the order may cost.

        Raises ``SpendingRefused`` where the target does not let us buy, or not for that much.
        """
        body = encode(document)
        signature = sign(body, self.key, padding_named(self.settings.paddings[0]))
        order_id = _order_id(document)
        operation = ""
        if document == order_document(offer, order_id, price):
            operation = f"checkout {offer.product.code}"
            self._ordered.setdefault(order_id, offer.product.code)
        return self.checkout_body(body, signature, document, offer, price, operation=operation)

    def checkout_body(
        self,
        body: bytes,
        signature: str | None,
        document: Document,
        offer: Offer,
        price: int,
        *,
        token: str | None = None,
        operation: str = "",
    ) -> TokopediaAnswer:
        """Send a checkout as it is; ``document`` says what it orders, ``token`` replaces ours.

        ``operation`` is its name where nothing in it was changed.
        """
        self.require("checkout")
        spend = _spend(document, offer, price)
        headers = () if signature is None else (("Signature", signature),)
        answer = self.post(
            "/v2/order",
            body,
            document,
            headers=headers,
            token=token,
            spend=spend,
            operation=operation,
        )
        if not answer.is_refused and answer.order_status not in ("Success", "Failed"):
            self.open.add(spend.reference)
        self._settle(spend, answer)
        return answer

    def advance_clock(self, seconds: int) -> None:
        """Move the clock of a kontrak sandbox; only where the target names ``control_url``."""
        self._advance(seconds)
        self.tokens.advance(seconds)

    def now(self) -> datetime:
        """The present moment in UTC: of a kontrak sandbox that of its own clock, else ours."""
        if self.settings.control_url is None:
            return datetime.now(tz=UTC)
        told = json.loads(self._advance(0).reply.body)
        return datetime.fromisoformat(told["now"]).astimezone(UTC)

    def get(
        self, path: str, summary: str, *, token: str | None = None, operation: str = ""
    ) -> TokopediaAnswer:
        """A reading request; ``token`` takes the place of ours, "" sends none.

        ``operation`` is its name where nothing in it was changed.
        """
        request = self._request("GET", path, (), b"", summary, operation)
        return _answer(self._send(request, token), {})

    def post(
        self,
        path: str,
        body: bytes,
        document: Mapping[str, Any],
        *,
        headers: Headers = (),
        token: str | None = None,
        spend: Spend | None = None,
        operation: str = "",
    ) -> TokopediaAnswer:
        """A request with a body; ``document`` is what the body means."""
        headers = (("Content-Type", "application/json"), *headers)
        request = self._request("POST", path, headers, body, words(document), operation)
        return _answer(self._send(request, token, spend), document)

    def _advance(self, seconds: int) -> Exchange:
        return advance_clock(self._wire.transport, self.settings, seconds)

    def _inquiry(self, document: Document) -> str:
        """The name of a right inquiry; "" for one that was changed."""
        for offer in self.settings.offers.values():
            if document == inquiry_document(offer):
                return f"inquiry {offer.product.code}"
        return ""

    def _request(
        self, method: str, path: str, headers: Headers, body: bytes, summary: str, operation: str
    ) -> Request:
        """A request without what every request bears."""
        url = self.settings.base_url + path
        named = operation or path.removeprefix("/v2").split("?")[0].split("/")[1]
        return Request(method, url, headers, body, summary, named, right=bool(operation))

    def _send(self, request: Request, token: str | None, spend: Spend | None = None) -> Exchange:
        held = self.tokens.current() if token is None else token
        exchange = self._once(request, held, spend)
        if token is None and exchange.reply.status == 401:
            # Our own token has ended early: the next request takes a new one. What only reads is
            # sent again with it; what may move money is not, whatever the reply says.
            self.tokens.drop(held)
            if spend is None:
                renewed = self.tokens.current()
                exchange = self._once(request, renewed, None)
        return exchange

    def _once(self, request: Request, token: str, spend: Spend | None) -> Exchange:
        bearer = (("Authorization", f"Bearer {token}"),) if token else ()
        common = (("Accept", "application/json"), ("Date", formatdate(usegmt=True)))
        whole = replace(request, headers=(*common, *bearer, *request.headers))
        return self._wire.transport.send(whole, spend)

    def _settle(self, spend: Spend, answer: TokopediaAnswer) -> None:
        # Without a known status the ledger keeps the entry open: it may have cost money.
        if answer.order_status:
            outcome = _OUTCOMES[answer.order_status]
            self._wire.gate.settle(spend.reference, answer.order_status, outcome)
        elif answer.codes and answer.status < 500 and not _may_be_done(answer.codes[0]):
            self._wire.gate.settle(spend.reference, answer.codes[0], "refused")
        if not answer.order_status and answer.status < 400:
            code = answer.codes[0] if answer.codes else None
            if code not in response_codes("tokopedia"):
                self._wire.gate.undocumented(spend.reference, code)


def _may_be_done(code: str) -> bool:
    """Whether an error of this code leaves it open what became of the order."""
    known = response_codes("tokopedia").get(code)
    return known is not None and known.outcome is not Outcome.FAILED


def _spend(document: Document, offer: Offer, price: int) -> Spend:
    if not offer.buy or (offer.at_most is not None and price > offer.at_most):
        raise SpendingRefused(
            f"the target does not let us buy {offer.code} for {price} rupiah",
            hint="see at_most of that product in [tokopedia.products]",
        )
    return Spend(price, offer.code, offer.number, _order_id(document))


def _order_id(document: Document) -> str:
    data = document.get("data")
    return str(data.get("id", "")) if isinstance(data, dict) else ""


def _answer(exchange: Exchange, document: Mapping[str, Any]) -> TokopediaAnswer:
    read = read_json(exchange)
    return TokopediaAnswer(exchange, read.document, read.malformed, document)
