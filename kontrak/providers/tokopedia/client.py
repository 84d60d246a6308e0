"""The typed operations of Tokopedia's B2B digital interface. Amounts are rupiah.

Addresses, headers and signatures are public (tokopedia-web-service-security and -detail); the
documents are those of 002_39248943ca9b132d.txt.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import formatdate
from typing import Any
from urllib.parse import quote, urlsplit

from kontrak.errors import NotOffered, SpendingRefused
from kontrak.exchange import Exchange, Headers, Request, Spend
from kontrak.http.body import read_json
from kontrak.interface.sandbox_clock import advance_clock
from kontrak.interface.session import Result, Wire
from kontrak.interface.settling import settle
from kontrak.masking.masker import shorten
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

_ORDERS = "/v2/order"


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
        self._announced: dict[str, int] = {}
        if "account" in self.settings.operations:
            wire.gate.looks(self.account)

    def side_by_side(self, calls: Sequence[Callable[[], Result]]) -> list[Result]:
        """Ask what costs nothing, and does not depend on order, several at a time."""
        return self._wire.side_by_side(calls)

    def buy_side_by_side(self, calls: Sequence[Callable[[], Result]]) -> list[Result]:
        """The same for orders: one by one on a live target."""
        return self._wire.buy_side_by_side(calls)

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
        self._wire.trouble.admitted = True

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
            self._wire.gate.saw_balance(saldo, asked_at=answer.exchange.started_at)
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
        """Ask what a customer owes; costs nothing.

        A document of type order is no inquiry: it may cost what was announced for its product.
        """
        self.require("inquiry")
        answer = self.post(
            "/v2/inquiry",
            encode(document),
            document,
            spend=self._misplaced(document),
            operation=self._inquiry(document),
        )
        price = whole_rupiah(answer.attributes.get("sales_price"))
        if price is not None:
            self._announced[str(answer.asked.get("product_code"))] = price
        return answer

    def order(self, order_id: str) -> TokopediaAnswer:
        """The details of an order; costs nothing."""
        self.require("order")
        product = self._ordered.get(order_id)
        answer = self.get(
            f"{_ORDERS}/{quote(order_id, safe='')}",
            f"order {order_id}",
            operation=f"order {product}" if product else "",
        )
        ended = answer.order_status in ("Success", "Failed")
        if ended or answer.is_refused:
            self.open.discard(order_id)
        if ended and answer.data.get("id") == order_id:
            settle(self._wire.gate, order_id, answer)
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
        return self.post(
            _ORDERS,
            body,
            document,
            headers=headers,
            token=token,
            spend=spend,
            operation=operation,
        )

    def advance_clock(self, seconds: int) -> None:
        """Move the clock of a kontrak sandbox; only where the target names ``control_url``."""
        self._advance(seconds)
        self.tokens.advance(seconds)

    def now(self) -> datetime:
        """The present moment in UTC: of a kontrak sandbox that of its own clock, else ours."""
        if self.settings.control_url is None:
            return datetime.now(tz=UTC)
        stated = json.loads(self._advance(0).reply.body)
        return datetime.fromisoformat(stated["now"]).astimezone(UTC)

    def get(
        self, path: str, summary: str, *, token: str | None = None, operation: str = ""
    ) -> TokopediaAnswer:
        """A reading request; ``token`` takes the place of ours, "" sends none.

        ``operation`` is its name where nothing in it was changed.
        """
        request = self._request("GET", path, (), b"", summary, operation)
        return self._send(request, {}, token)

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
        return self._send(request, document, token, spend)

    def _advance(self, seconds: int) -> Exchange:
        return advance_clock(self._wire.transport, self.settings, seconds)

    def _misplaced(self, document: Document) -> Spend | None:
        """What a document costs that orders, wherever it is sent; None for one that does not."""
        data = document.get("data")
        if not (isinstance(data, dict) and data.get("type") == "order"):
            return None
        code = str(data.get("attributes", {}).get("product_code"))
        for offer in self.settings.offers.values():
            if offer.code == code and code in self._announced:
                return _spend(document, offer, self._announced[code])
        raise SpendingRefused(
            f"what an order of {shorten(code, 40)} costs was not announced before",
            hint="an inquiry of the same product comes first",
        )

    def _inquiry(self, document: Document) -> str:
        """The name of a right inquiry; "" for one that was changed."""
        failing = self.settings.failing
        for offer in (*self.settings.offers.values(), *((failing,) if failing else ())):
            if document == inquiry_document(offer):
                return f"inquiry {offer.product.code}"
        return ""

    def _request(
        self, method: str, path: str, headers: Headers, body: bytes, summary: str, operation: str
    ) -> Request:
        """A request without what every request has."""
        url = self.settings.base_url + path
        named = operation or path.removeprefix("/v2").split("?")[0].split("/")[1]
        return Request(method, url, headers, body, summary, named, right=bool(operation))

    def _send(
        self,
        request: Request,
        document: Mapping[str, Any],
        token: str | None,
        spend: Spend | None = None,
    ) -> TokopediaAnswer:
        held = self.tokens.current() if token is None else token
        answer = self._once(request, document, held, spend, asked_for={"HTTP 401"})
        if token is None and answer.status == 401:
            # Our own token has ended early: the next request takes a new one. What only reads is
            # sent again with it; what may move money is not, whatever the reply says.
            self.tokens.drop(held)
            if spend is not None:
                self._wire.heed(answer.exchange)
            else:
                answer = self._once(request, document, self.tokens.current(), None)
        return answer

    def _once(
        self,
        request: Request,
        document: Mapping[str, Any],
        token: str,
        spend: Spend | None,
        *,
        asked_for: Collection[str] = (),
    ) -> TokopediaAnswer:
        bearer = (("Authorization", f"Bearer {token}"),) if token else ()
        common = (("Accept", "application/json"), ("Date", formatdate(usegmt=True)))
        whole = replace(request, headers=(*common, *bearer, *request.headers))

        def read(exchange: Exchange) -> TokopediaAnswer:
            got = read_json(exchange)
            return TokopediaAnswer(exchange, got.document, got.malformed, document)

        def note(answer: TokopediaAnswer) -> None:
            ended = answer.is_refused or answer.order_status in ("Success", "Failed")
            if spend is not None and not ended:
                self.open.add(spend.reference)

        return self._wire.ask(
            whole,
            read,
            spend=spend,
            pays=self._pays(request),
            note=note,
            asked_for=lambda _: asked_for,
        )

    def _pays(self, request: Request) -> bool:
        """Whether it may order something: what is sent to the orders, or says that it orders."""
        addresses = (request.url, self.settings.base_url + _ORDERS)
        path, orders = (urlsplit(one).path.rstrip("/") for one in addresses)
        return path == orders or b'"order"' in request.body


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
