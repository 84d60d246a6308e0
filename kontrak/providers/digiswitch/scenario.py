"""Digiswitch's way through the scenario that compares billers."""

from __future__ import annotations

from kontrak.clauses.amounts import as_number
from kontrak.errors import NotOffered
from kontrak.interface.compare_steps import Returned
from kontrak.interface.concurrency import together
from kontrak.interface.refid import new_ref_id
from kontrak.interface.session import Wire
from kontrak.judging.expect import Blocked
from kontrak.providers.digiswitch.answer import DigiswitchAnswer
from kontrak.providers.digiswitch.client import Digiswitch, Order

WRONG_SIGN = "0123456789abcdef0123456789abcdef"


class DigiswitchScenario:
    """The first product that the target offers."""

    def __init__(self, client: Digiswitch) -> None:
        self._client = client
        self._order: Order | None = None

    def balance(self) -> int:
        """Nothing but the answer of a payment reports it."""
        raise NotOffered(
            "Digiswitch returns the balance in the answers of payments only",
            hint="compare the balances in the two answers to see what the second one took",
        )

    def inquire(self) -> Returned:
        """Inquire the bill; without an inquiry, payments go without."""
        client = self._client
        client.require("inq-pasca")
        bill = client.inquiry(client.usual, "success")
        if bill.is_success:
            shared = client.settings.payment_ref_id == "inquiry"
            ref_id = str(bill.sent["ref_id"]) if shared else new_ref_id()
            number = client.usual.number("success")
            self._order = Order(client.usual, "success", number, ref_id, bill)
        return _returned(bill)

    def pay(self) -> Returned:
        """Pay it."""
        return _returned(self._client.pay(self._ordered()))

    def pay_again(self) -> Returned:
        """The same payment under the same ref_id."""
        return self.pay()

    def status(self) -> Returned:
        """status-pasca of its ref_id."""
        return _returned(self._client.status(self._ordered()))

    def unknown_customer(self) -> Returned:
        """The test case whose inquiry is refused."""
        return _returned(self._client.inquiry(self._client.usual, "inquiry_failed"))

    def wrong_signature(self) -> Returned:
        """A right inquiry whose sign is no signature of it."""
        client = self._client
        client.require("inq-pasca")
        fields = client.fields("inq-pasca", client.usual, client.usual.number("success"))
        return _returned(client.ask({**fields, "sign": WRONG_SIGN}, client.usual))

    def same_instant(self) -> tuple[Returned, ...]:
        """One ref_id, paid twice at once."""
        order = self._client.order(self._client.usual)
        return tuple(map(_returned, together([lambda: self._client.pay(order)] * 2)))

    def _ordered(self) -> Order:
        if self._order is None:
            if self._client.inquires:
                raise Blocked("DIGISWITCH-INQ-SUCCESS")
            self._order = self._client.order(self._client.usual)
        return self._order


def begin(wire: Wire) -> DigiswitchScenario:
    """A way through the scenario, once it is known that the target answers us."""
    client = Digiswitch(wire)
    client.probe()
    return DigiswitchScenario(client)


def _returned(answer: DigiswitchAnswer) -> Returned:
    balance = as_number(answer.members.get("balance"))
    return Returned(
        answer.status, answer.rc, answer.outcome, None if balance is None else int(balance)
    )
