"""Wrong requests: a right one with one thing changed, sent once and judged by several clauses."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from kontrak.exchange import Spend
from kontrak.interface.refid import new_ref_id
from kontrak.providers.httpget.account import HttpGetAccount
from kontrak.providers.httpget.answer import TextAnswer
from kontrak.providers.httpget.client import HttpGet, Pairs

Ask = Callable[[], TextAnswer]
MANDATORY = ("product", "dest", "refID", "memberID", "pin", "password")
ODD = ("'", "' OR '1'='1", '"><script>alert(1)</script>', "\r\nX: y", "\0X", "{{7*7}}", "%00")
"""What is put behind a product code."""
LONGEST = 4_000


@dataclass(frozen=True, slots=True)
class Tried:
    """The answers to some wrong requests, and what left the balance meanwhile, in rupiah."""

    answers: list[TextAnswer]
    spent: int


class Wrong:
    """The wrong requests by name. They are made of a topup that is known to succeed."""

    def __init__(self, client: HttpGet, account: HttpGetAccount) -> None:
        self.client = client
        self._account = account
        self._held: dict[str, Tried] = {}

    def tried(self, name: str) -> Tried:
        """The answers to the wrong requests of one name."""
        if name not in self._held:
            _ = self._account.topup().reported
            asked = list(SITUATIONS[name](self))
            mark = self._account.mark()
            answers = self.client.buy_side_by_side(asked)
            self._held[name] = Tried(answers, self._account.spent_since(mark))
        return self._held[name]

    def all_answers(self) -> list[TextAnswer]:
        """The answers to all of them."""
        return [answer for name in SITUATIONS for answer in self.tried(name).answers]

    def right(self) -> Pairs:
        """A right topup, with a reference of its own."""
        topup = self.client.settings.topup
        return self.client.pairs(topup.get("product"), topup.get("success"), new_ref_id(), qty="1")

    def topup(self, pairs: Pairs) -> TextAnswer:
        """Send a topup with these parameters."""
        return self.client.ask("trx", pairs, spend=self.client.spend(pairs))

    def later(self, pairs: Pairs) -> Ask:
        """A topup with these parameters, to be sent when it is called."""
        return partial(self.topup, pairs)

    def names(self) -> tuple[str, ...]:
        """The mandatory parameters of the partner, who may sign."""
        if not self.client.partner.signs:
            return MANDATORY
        return (*MANDATORY[:4], "sign")


def changed(pairs: Pairs, **changes: str) -> Pairs:
    """The parameters with some values changed."""
    return tuple((name, changes.get(name, value)) for name, value in pairs)


def without(pairs: Pairs, name: str) -> Pairs:
    """The parameters without one."""
    return tuple(pair for pair in pairs if pair[0] != name)


def _missing(wrong: Wrong) -> Iterator[Ask]:
    for name in wrong.names():
        yield wrong.later(without(wrong.right(), name))
        for pairs in _inquiries(wrong):
            yield partial(wrong.client.ask, "cek", without(pairs, name))


def _missing_in_payment(wrong: Wrong) -> Iterator[Ask]:
    client = wrong.client
    for family in client.families():
        bill = client.inquiry(family)
        if family == client.first_family():
            bill.require_success()
        if not bill.is_success:
            continue  # a clause of its own
        for name in wrong.names():
            pairs, spend = payment_of(client, bill)
            yield partial(client.ask, "bayar", without(pairs, name), spend=spend)


def _empty(wrong: Wrong) -> Iterator[Ask]:
    for name in wrong.names():
        yield wrong.later(changed(wrong.right(), **{name: ""}))
        for pairs in _inquiries(wrong):
            yield partial(wrong.client.ask, "cek", changed(pairs, **{name: ""}))


def _inquiries(wrong: Wrong) -> list[Pairs]:
    """A right inquiry of every bill family that the target offers."""
    client = wrong.client
    if not any("success" in one.configured for one in client.settings.bills.values()):
        return []
    return [
        client.pairs(one.product(), one.dest(), new_ref_id(), jenis="5")
        for one in client.families()
    ]


def payment_of(client: HttpGet, bill: TextAnswer) -> tuple[Pairs, Spend]:
    """The right payment of a bill that was read, to be changed, and what it may cost."""
    asked = bill.asked
    pairs = client.pairs(asked["product"], asked["dest"], asked["refID"], jenis="6")
    return pairs, client.spend(pairs, bill.value("bill") + bill.value("admin"))


def _unknown_product(wrong: Wrong) -> Iterator[Ask]:
    product = wrong.client.settings.topup.get("product")
    for value in ("KONTRAKNOSUCHCODE", f"{product}ZQX", f"ZQX{product}"):
        yield wrong.later(changed(wrong.right(), product=value))


def _repeated(wrong: Wrong) -> Iterator[Ask]:
    for name in ("product", "pin"):
        if name in wrong.names():
            pairs = wrong.right()
            yield wrong.later((*pairs, (name, "KONTRAKNOSUCHVALUE")))
            yield wrong.later(((name, "KONTRAKNOSUCHVALUE"), *pairs))


def _jenis(wrong: Wrong) -> Iterator[Ask]:
    for value in ("4", "7", "x"):
        yield wrong.later((*wrong.right(), ("jenis", value)))


def _odd(wrong: Wrong) -> Iterator[Ask]:
    product = wrong.client.settings.topup.get("product")
    for tail in ODD:
        yield wrong.later(changed(wrong.right(), product=product + tail))


def _long(wrong: Wrong) -> Iterator[Ask]:
    product = wrong.client.settings.topup.get("product")
    yield wrong.later(changed(wrong.right(), product="A" * LONGEST))
    yield wrong.later(changed(wrong.right(), product=product + "0" * LONGEST))


SITUATIONS: Mapping[str, Callable[[Wrong], Iterator[Ask]]] = {
    "missing": _missing,
    "missing in payment": _missing_in_payment,
    "empty": _empty,
    "unknown product": _unknown_product,
    "repeated": _repeated,
    "jenis": _jenis,
    "odd": _odd,
    "long": _long,
}
