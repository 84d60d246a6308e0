"""The R-ONE HTTP-GET interface's way through the scenario that compares billers."""

from __future__ import annotations

from kontrak.interface.compare_steps import Returned
from kontrak.interface.concurrency import together
from kontrak.interface.refid import new_ref_id
from kontrak.interface.session import Wire
from kontrak.judging.expect import Blocked
from kontrak.providers.httpget.answer import TEMPLATES, TextAnswer
from kontrak.providers.httpget.client import HttpGet
from kontrak.providers.httpget.wrong import changed

WRONG_KEY = "0123456789abcdef0123456789abcdef01234567"


class TextScenario:
    """The first bill family that the target offers a number of."""

    def __init__(self, client: HttpGet) -> None:
        self._client = client
        self._held: TextAnswer | None = None

    def balance(self) -> int:
        """The text of the balance."""
        saldo = self._client.balance().saldo
        if saldo is None:
            raise Blocked("HTTPGET-BALANCE-TEXT")
        return saldo

    def inquire(self) -> Returned:
        """Read the bill."""
        self._held = self._client.inquiry(self._client.first_family())
        return _returned(self._held)

    def pay(self) -> Returned:
        """Pay it under the refID it was read with."""
        return _returned(self._client.pay(self._client.first_family(), self._bill()))

    def pay_again(self) -> Returned:
        """The same payment under the same refID."""
        return self.pay()

    def status(self) -> Returned:
        """Its status, by cek=1."""
        return _returned(self._client.status(self._bill()))

    def unknown_customer(self) -> Returned:
        """The number that the target calls wrong."""
        return _returned(self._client.inquiry(self._client.first_family(), "wrong_number"))

    def wrong_signature(self) -> Returned:
        """A right inquiry with another sign or, without one, another password."""
        family = self._client.first_family()
        pairs = self._client.pairs(family.product(), family.dest(), new_ref_id(), jenis="5")
        name = "sign" if self._client.partner.signs else "password"
        return _returned(self._client.inquire(family, changed(pairs, **{name: WRONG_KEY})))

    def same_instant(self) -> tuple[Returned, ...]:
        """One refID, paid twice at once."""
        family = self._client.first_family()
        bill = self._client.inquiry(family).require_success()
        return tuple(map(_returned, together([lambda: self._client.pay(family, bill)] * 2)))

    def _bill(self) -> TextAnswer:
        if self._held is None:
            raise Blocked("HTTPGET-PLN-POSTPAID-CEK")
        return self._held.require_success()


def begin(wire: Wire) -> TextScenario:
    """A way through the scenario, once it is known that the target answers us."""
    client = HttpGet(wire)
    client.probe()
    return TextScenario(client)


def _returned(answer: TextAnswer) -> Returned:
    """A text has no code: the name of the template that it keeps stands for it."""
    names = TEMPLATES.get(answer.command, ())
    known = {name: answer.templates[name] for name in names} | dict(answer.texts)
    kept = (f"text {name}" for name, one in known.items() if one.reads(answer.text))
    return Returned(answer.status, next(kept, None), answer.outcome)
