"""IAK's way through the scenario that compares billers."""

from __future__ import annotations

from kontrak.clauses.amounts import as_number
from kontrak.interface.compare_steps import Returned
from kontrak.interface.concurrency import together
from kontrak.interface.session import Wire
from kontrak.judging.expect import Blocked
from kontrak.providers.iak.answer import IakAnswer
from kontrak.providers.iak.client import Iak

WRONG_SIGN = "0123456789abcdef0123456789abcdef"


class IakScenario:
    """The document's test case of one bill, in JSON."""

    def __init__(self, client: Iak) -> None:
        self._client = client
        self._held: IakAnswer | None = None

    def balance(self) -> int:
        """The balance that check-balance reports."""
        document = self._client.check_balance().document
        data = document.get("data") if isinstance(document, dict) else None
        found = as_number(data.get("balance")) if isinstance(data, dict) else None
        if found is None:
            raise Blocked("IAK-BALANCE-SHAPE")
        return int(found)

    def inquire(self) -> Returned:
        """Inquire the bill."""
        self._held = self._client.inquiry(self._client.case("one_bill"))
        return _returned(self._held)

    def pay(self) -> Returned:
        """Pay its tr_id."""
        self._client.require(operation="pay-pasca")
        return _returned(self._client.pay(self._bill()))

    def pay_again(self) -> Returned:
        """Pay the same tr_id."""
        return self.pay()

    def status(self) -> Returned:
        """checkstatus of its ref_id."""
        self._client.require(operation="checkstatus")
        return _returned(self._client.checkstatus(str(self._bill().sent["ref_id"])))

    def unknown_customer(self) -> Returned:
        """The document's test case of a wrong number."""
        return _returned(self._client.inquiry(self._client.case("wrong_number")))

    def wrong_signature(self) -> Returned:
        """A right inquiry whose sign is no signature of it."""
        fields = self._client.inquiry_fields(self._client.case("one_bill").number)
        return _returned(self._client.ask({**fields, "sign": WRONG_SIGN}))

    def same_instant(self) -> tuple[Returned, ...]:
        """One tr_id, paid twice at once."""
        self._client.require(operation="pay-pasca")
        bill = self._client.inquiry(self._client.case("one_bill")).require_success()
        return tuple(map(_returned, together([lambda: self._client.pay(bill)] * 2)))

    def _bill(self) -> IakAnswer:
        if self._held is None:
            raise Blocked("IAK-CASE-ONE-BILL")
        return self._held.require_success()


def begin(wire: Wire) -> IakScenario:
    """A way through the scenario, once it is known that the target answers us."""
    client = Iak(wire)
    client.probe()
    return IakScenario(client)


def _returned(answer: IakAnswer) -> Returned:
    balance = as_number(answer.members.get("balance"))
    return Returned(
        answer.status, answer.rc, answer.outcome, None if balance is None else int(balance)
    )
