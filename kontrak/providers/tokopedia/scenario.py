"""Tokopedia's way through the scenario that compares billers."""

from __future__ import annotations

from kontrak.clauses.response_codes import Outcome
from kontrak.errors import NotOffered
from kontrak.interface.compare_steps import Returned
from kontrak.interface.concurrency import together
from kontrak.interface.refid import new_ref_id
from kontrak.interface.session import Wire
from kontrak.judging.expect import Blocked
from kontrak.providers.tokopedia.answer import TokopediaAnswer
from kontrak.providers.tokopedia.client import Tokopedia
from kontrak.providers.tokopedia.documents import (
    Document,
    changed,
    encode,
    inquiry_document,
    order_document,
    whole_rupiah,
)
from kontrak.providers.tokopedia.settings import Offer
from kontrak.providers.tokopedia.signing import padding_named, sign

NO_ONE = "000000000000"
_OUTCOMES = {
    "Success": Outcome.SUCCESS,
    "Pending": Outcome.PENDING,
    "Failed": Outcome.FAILED,
}


class TokopediaScenario:
    """The first product of the target that is inquired and may be bought."""

    def __init__(self, client: Tokopedia) -> None:
        self._client = client
        self._price: int | None = None
        self._document: Document | None = None

    def balance(self) -> int:
        """The account's saldo."""
        saldo = whole_rupiah(self._client.account().attributes.get("saldo"))
        if saldo is None:
            raise Blocked("TOKOPEDIA-ACCOUNT-SALDO")
        return saldo

    def inquire(self) -> Returned:
        """Inquire the bill."""
        answer = self._client.inquire(inquiry_document(self._offer()))
        self._price = whole_rupiah(answer.attributes.get("sales_price"))
        return _returned(answer)

    def pay(self) -> Returned:
        """Order it for the price that was inquired."""
        offer, price = self._offer(), self._priced()
        self._document = order_document(offer, new_ref_id(), price)
        return _returned(self._client.checkout(self._document, offer, price))

    def pay_again(self) -> Returned:
        """The same order under the same id."""
        return _returned(self._client.checkout(self._ordered(), self._offer(), self._priced()))

    def status(self) -> Returned:
        """The details of the order."""
        return _returned(self._client.order(str(self._ordered()["data"]["id"])))

    def unknown_customer(self) -> Returned:
        """The inquiry for a number of zeros."""
        document = changed(inquiry_document(self._offer()), client_number=NO_ONE)
        return _returned(self._client.inquire(document))

    def wrong_signature(self) -> Returned:
        """A right order with the signature of another text."""
        offer, price = self._offer(), self._priced()
        document = order_document(offer, new_ref_id(), price)
        padding = padding_named(self._client.settings.paddings[0])
        wrong = sign(b"another text", self._client.key, padding)
        answer = self._client.checkout_body(encode(document), wrong, document, offer, price)
        return _returned(answer)

    def same_instant(self) -> tuple[Returned, ...]:
        """One order id, ordered twice at once."""
        offer, price = self._offer(), self._priced()
        document = order_document(offer, new_ref_id(), price)
        calls = [lambda: self._client.checkout(document, offer, price)] * 2
        return tuple(map(_returned, together(calls)))

    def _offer(self) -> Offer:
        for offer in self._client.settings.offers.values():
            if offer.product.inquired and offer.buy:
                return offer
        raise NotOffered(
            "the target offers no product that is inquired and may be bought",
            hint="give one of [tokopedia.products] at_most",
        )

    def _priced(self) -> int:
        if self._price is None:
            raise Blocked("TOKOPEDIA-INQUIRY-SALES-PRICE")
        return self._price

    def _ordered(self) -> Document:
        if self._document is None:
            raise Blocked("TOKOPEDIA-CHECKOUT-ACCEPTED")
        return self._document


def begin(wire: Wire) -> TokopediaScenario:
    """A way through the scenario, once it is known that the target answers us."""
    client = Tokopedia(wire)
    client.probe()
    return TokopediaScenario(client)


def _returned(answer: TokopediaAnswer) -> Returned:
    code = answer.order_status or " ".join(answer.codes) or None
    outcome = _OUTCOMES.get(answer.order_status or "")
    if outcome is None:
        outcome = Outcome.SUCCESS if answer.is_accepted and not answer.is_refused else None
        outcome = Outcome.FAILED if answer.is_refused else outcome
    return Returned(answer.status, code, outcome)
