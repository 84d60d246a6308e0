"""The R-ONE JSON interface's way through the scenario that compares billers."""

from __future__ import annotations

from kontrak.interface.compare_steps import Said
from kontrak.interface.concurrency import together
from kontrak.interface.refid import new_ref_id
from kontrak.interface.session import Wire
from kontrak.judging.expect import Blocked
from kontrak.providers.rqid.answer import RqidAnswer
from kontrak.providers.rqid.client import Rqid

WRONG_KEY = "0123456789abcdef0123456789abcdef01234567"


class RqidScenario:
    """The target's postpaid product."""

    def __init__(self, client: Rqid) -> None:
        self._client = client
        self._held: RqidAnswer | None = None

    def balance(self) -> int:
        """The endpoint balance."""
        return self._client.balance().require_success().number("saldo")

    def inquire(self) -> Said:
        """Inquire the bill."""
        self._held = self._inquiry("success")
        return _said(self._held)

    def pay(self) -> Said:
        """Pay it under the ref_1 of its inquiry."""
        self._client.require("payment")
        return _said(self._client.pay(self._bill()))

    def pay_again(self) -> Said:
        """The same payment under the same ref_1."""
        return self.pay()

    def status(self) -> Said:
        """The endpoint status, by ref_1."""
        return _said(self._client.status(str(self._bill().sent["ref_1"])))

    def unknown_customer(self) -> Said:
        """The number that the target calls wrong."""
        return _said(self._inquiry("wrong_number"))

    def wrong_signature(self) -> Said:
        """A right inquiry whose header, sign or rqid, has another value."""
        numbers = self._client.numbers("postpaid")
        fields = self._client.fields(
            product_code=numbers.get("product"),
            customer_id=numbers.get("success"),
            ref_1=new_ref_id(),
        )
        headers = tuple((name, WRONG_KEY) for name, _ in self._client.headers(fields))
        return _said(self._client.ask("inquiry", fields, headers=headers))

    def same_instant(self) -> tuple[Said, ...]:
        """One ref_1, paid twice at once."""
        self._client.require("payment")
        bill = self._inquiry("success").require_success()
        return tuple(map(_said, together([lambda: self._client.pay(bill)] * 2)))

    def _inquiry(self, case: str) -> RqidAnswer:
        return self._client.inquiry(self._client.numbers("postpaid").get(case))

    def _bill(self) -> RqidAnswer:
        if self._held is None:
            raise Blocked("RQID-INQUIRY-SUCCESS")
        return self._held.require_success()


def begin(wire: Wire) -> RqidScenario:
    """A way through the scenario, once it is known that the target answers us."""
    client = Rqid(wire)
    client.probe()
    return RqidScenario(client)


def _said(answer: RqidAnswer) -> Said:
    return Said(answer.status, answer.rc, answer.outcome)
