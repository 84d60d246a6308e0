"""The typed operations of Tokopedia's B2B digital interface. Amounts are rupiah.

Addresses, headers and signatures are public (tokopedia-web-service-security and -detail); the
documents are those of 002_39248943ca9b132d.txt.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import formatdate
from typing import Any
from urllib.parse import quote

from kontrak.answer import read_json
from kontrak.errors import NotOffered, SpendingRefused
from kontrak.exchange import Exchange, Headers, Request, Spend
from kontrak.ledger import Outcome as Settled
from kontrak.providers.tokopedia.answer import TokopediaAnswer
from kontrak.providers.tokopedia.documents import Document, encode, words
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
        return self.get("/ping", "ping")

    def account(self) -> TokopediaAnswer:
        """The account and its balance."""
        self.require("account")
        return self.get("/v2/account", "account")

    def product_list(self, codes: Sequence[str] = (), *, slash: bool = False) -> TokopediaAnswer:
        """The price list, or the part of it that has these product codes."""
        self.require("product-list")
        query = f"?product_code={','.join(quote(code, safe='') for code in codes)}" if codes else ""
        end = "/" if slash else ""
        return self.get(f"/v2/product-list{end}{query}", f"product list {' '.join(codes)}".strip())

    def inquire(self, document: Document) -> TokopediaAnswer:
        """Ask what a customer owes; costs nothing."""
        self.require("inquiry")
        return self.post("/v2/inquiry", encode(document), document)

    def order(self, order_id: str) -> TokopediaAnswer:
        """The details of an order; costs nothing."""
        self.require("order")
        answer = self.get(f"/v2/order/{quote(order_id, safe='')}", f"order {order_id}")
        ended = answer.order_status in ("Success", "Failed")
        if ended or answer.is_refused:
            self.open.discard(order_id)
        if ended and answer.data.get("id") == order_id:
            status = str(answer.order_status)
            self._wire.gate.settle(order_id, status, _OUTCOMES[status])
        return answer

    def checkout(self, document: Document, offer: Offer, price: int) -> TokopediaAnswer:
        """Order, signed; ``price`` is what the order may cost.

        Raises ``SpendingRefused`` where the target does not let us buy, or not for that much.
        """
        body = encode(document)
        padding = padding_named(self.settings.paddings[0])
        return self.checkout_body(body, sign(body, self.key, padding), document, offer, price)

    def checkout_body(
        self,
        body: bytes,
        signature: str | None,
        document: Document,
        offer: Offer,
        price: int,
        *,
        token: str | None = None,
    ) -> TokopediaAnswer:
        """Send a checkout as it is; ``document`` says what it orders, ``token`` replaces ours."""
        self.require("checkout")
        spend = _spend(document, offer, price)
        headers = () if signature is None else (("Signature", signature),)
        answer = self.post("/v2/order", body, document, headers=headers, token=token, spend=spend)
        if not answer.is_refused and answer.order_status not in ("Success", "Failed"):
            self.open.add(spend.reference)
        self._settle(spend, answer)
        return answer

    def advance_clock(self, seconds: int) -> None:
        """Move the clock of a kontrak sandbox; only where the target names ``control_url``."""
        if self.settings.control_url is None:
            raise NotOffered(
                "the target's clock cannot be moved", hint="only a kontrak sandbox has control_url"
            )
        self._advance(seconds)
        self.tokens.advance(seconds)

    def now(self) -> datetime:
        """The present moment in UTC: of a kontrak sandbox that of its own clock, else ours."""
        if self.settings.control_url is None:
            return datetime.now(tz=UTC)
        told = json.loads(self._advance(0).reply.body)
        return datetime.fromisoformat(told["now"]).astimezone(UTC)

    def get(self, path: str, summary: str, *, token: str | None = None) -> TokopediaAnswer:
        """A reading request; ``token`` takes the place of ours, "" sends none."""
        return _answer(self._send("GET", path, (), b"", summary, token=token), {})

    def post(
        self,
        path: str,
        body: bytes,
        document: Mapping[str, Any],
        *,
        headers: Headers = (),
        token: str | None = None,
        spend: Spend | None = None,
    ) -> TokopediaAnswer:
        """A request with a body; ``document`` is what the body means."""
        headers = (("Content-Type", "application/json"), *headers)
        exchange = self._send(
            "POST", path, headers, body, words(document), token=token, spend=spend
        )
        return _answer(exchange, document)

    def _send(
        self,
        method: str,
        path: str,
        headers: Headers,
        body: bytes,
        summary: str,
        *,
        token: str | None,
        spend: Spend | None = None,
    ) -> Exchange:
        held = self.tokens.current() if token is None else token
        exchange = self._once(method, path, headers, body, summary, held, spend)
        if token is None and exchange.reply.status == 401:
            # Our own token has ended early: the next request takes a new one. What only reads is
            # sent again with it; what may move money is not, whatever the reply says.
            self.tokens.drop(held)
            if spend is None:
                renewed = self.tokens.current()
                exchange = self._once(method, path, headers, body, summary, renewed, None)
        return exchange

    def _once(
        self,
        method: str,
        path: str,
        headers: Headers,
        body: bytes,
        summary: str,
        token: str,
        spend: Spend | None,
    ) -> Exchange:
        bearer = (("Authorization", f"Bearer {token}"),) if token else ()
        common = (("Accept", "application/json"), ("Date", formatdate(usegmt=True)))
        url = self.settings.base_url + path
        request = Request(method, url, (*common, *bearer, *headers), body, summary)
        return self._wire.transport.send(request, spend)

    def _advance(self, seconds: int) -> Exchange:
        url = f"{self.settings.control_url}/advance"
        body = json.dumps({"seconds": seconds}).encode()
        headers = (("Content-Type", "application/json"),)
        request = Request("POST", url, headers, body, f"advance by {seconds} s")
        return self._wire.transport.send(request)

    def _settle(self, spend: Spend, answer: TokopediaAnswer) -> None:
        # Without a known status the ledger keeps the entry open: it may have cost money.
        if answer.order_status:
            outcome = _OUTCOMES[answer.order_status]
            self._wire.gate.settle(spend.reference, answer.order_status, outcome)
        elif answer.codes and answer.status < 500 and not _may_be_done(answer.codes[0]):
            self._wire.gate.settle(spend.reference, answer.codes[0], "refused")


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
    data = document.get("data")
    reference = str(data.get("id", "")) if isinstance(data, dict) else ""
    return Spend(price, offer.code, offer.number, reference)


def _answer(exchange: Exchange, document: Mapping[str, Any]) -> TokopediaAnswer:
    read = read_json(exchange)
    return TokopediaAnswer(exchange, read.document, read.malformed, document)
