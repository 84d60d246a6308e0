"""The R-ONE JSON interface's way through the scenario that compares billers."""

from __future__ import annotations

from kontrak.interface.compare_steps import Returned
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

    def inquire(self) -> Returned:
        """Inquire the bill."""
        self._held = self._inquiry("success")
        return _returned(self._held)

    def pay(self) -> Returned:
        """Pay it under the ref_1 of its inquiry."""
        self._client.require("payment")
        return _returned(self._client.pay(self._bill()))

    def pay_again(self) -> Returned:
        """The same payment under the same ref_1."""
        return self.pay()

    def status(self) -> Returned:
        """The endpoint status, by ref_1."""
        return _returned(self._client.status(str(self._bill().sent["ref_1"])))

    def unknown_customer(self) -> Returned:
        """The number that the target calls wrong."""
        return _returned(self._inquiry("wrong_number"))

    def wrong_signature(self) -> Returned:
        """A right inquiry whose header, sign or rqid, has another value."""
        numbers = self._client.numbers("postpaid")
        fields = self._client.fields(
            product_code=numbers.get("product"),
            customer_id=numbers.get("success"),
            ref_1=new_ref_id(),
        )
        headers = tuple((name, WRONG_KEY) for name, _ in self._client.headers(fields))
        return _returned(self._client.ask("inquiry", fields, headers=headers))

    def same_instant(self) -> tuple[Returned, ...]:
        """One ref_1, paid twice at once."""
        self._client.require("payment")
        bill = self._inquiry("success").require_success()
        return tuple(map(_returned, together([lambda: self._client.pay(bill)] * 2)))

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


def _returned(answer: RqidAnswer) -> Returned:
    return Returned(answer.status, answer.rc, answer.outcome)
