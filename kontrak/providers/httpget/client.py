"""The operations of the R-ONE HTTP-GET interface. Amounts are rupiah.

Every request is a GET of ``V1/http-get`` with its parameters in the document's order; jenis=5 reads
a bill, jenis=6 pays it, cek=1 asks a status, none of them buys a prepaid product.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from urllib.parse import quote

from kontrak.config.profiles import asks_every_product
from kontrak.errors import NotOffered
from kontrak.exchange import Exchange, Request, Spend
from kontrak.interface.refid import new_ref_id
from kontrak.interface.sandbox_clock import advance_clock
from kontrak.interface.session import Result, Wire
from kontrak.interface.settling import settle
from kontrak.masking.masker import shorten
from kontrak.providers.httpget.answer import TextAnswer
from kontrak.providers.httpget.probe import require_interface
from kontrak.providers.httpget.settings import Family, Partner, Settings
from kontrak.providers.rqid.client import SIGNED
from kontrak.providers.rqid.settling import settled
from kontrak.providers.rqid.signing import sign

Pairs = tuple[tuple[str, str], ...]
Quote = Callable[[str], str]
PATH = "/V1/http-get"
_READING = (("jenis", "5"), ("cek", "1"))


def plainly(value: str) -> str:
    """A value as the document writes it: @ stands for itself."""
    return quote(value, safe="@")


def escaped(value: str) -> str:
    """A value with @ percent encoded like everything else that is no letter and no digit."""
    return quote(value, safe="")


def fully(value: str) -> str:
    """A value with every character percent encoded, letters and digits too."""
    return "".join(f"%{byte:02X}" for byte in value.encode())


class HttpGet:
    """A client of one target for one partner. Nothing is retried; every call is one exchange."""

    def __init__(self, wire: Wire, partner: Partner | None = None) -> None:
        self.settings = Settings.of(wire.target)
        self.partner = partner or self.settings.partner
        self._wire = wire
        wire.gate.looks(self.balance, self.account)

    def buy_side_by_side(self, calls: Sequence[Callable[[], Result]]) -> list[Result]:
        """Ask what may buy, and does not depend on order, several at a time."""
        return self._wire.buy_side_by_side(calls)

    def other(self) -> HttpGet:
        """A client for the target's other partner, which signs."""
        if self.settings.other is None:
            raise NotOffered(
                "the target names no partner that signs",
                hint="set [httpget] signed_member_id and its keys",
            )
        return HttpGet(self._wire, self.settings.other)

    @property
    def account(self) -> str:
        """By which name the ledger distinguishes our partners: "" for the usual one."""
        return "" if self.partner == self.settings.partner else SIGNED

    def family(self, key: str) -> Family:
        """A bill family; ``NotOffered`` when the target has none of that key."""
        if key not in self.settings.bills:
            raise NotOffered(
                f"the target offers no {key}", hint=f"give it in the target: [httpget.bills] {key}"
            )
        return self.settings.bills[key]

    def family_with(self, case: str) -> Family:
        """The first bill family with a number for that case."""
        for family in self.settings.bills.values():
            if case in family.configured:
                return family
        raise NotOffered(
            f"the target names no {case} for any bill",
            hint=f"give it in [httpget.bills]: {case} = ...",
        )

    def first_family(self) -> Family:
        """The first bill family with a number that succeeds; PLN postpaid if it can be."""
        return self.family_with("success")

    def families(self) -> list[Family]:
        """The bill families that wrong requests and repetitions are tried on, each with a number.

        All of them, the first first; on a live target, whose money is real, the first and a card.
        Raises ``NotOffered`` where there is none.
        """
        first = self.first_family()
        others = [one for one in self.settings.bills.values() if one != first]
        others = [one for one in others if "success" in one.configured]
        if self.settings.is_live:
            others = [one for one in others if one.key == "credit_card"]
        # The last ones have a part behind an @.
        return [first, *(others if asks_every_product() else others[-2:])]

    def probe(self) -> None:
        """Raise ``NoAnswer`` unless an R-ONE interface answers that knows us: the balance."""
        require_interface(self.balance())
        self._wire.trouble.admitted = True

    # Requests

    def pairs(self, product: str, dest: str, ref: str, **more: str) -> Pairs:
        """The parameters of a right request, in the document's order."""
        asked = {"product": product, "dest": dest, "refID": ref}
        return (*asked.items(), *self.who(asked, more))

    def who(self, asked: Mapping[str, str], more: Mapping[str, str]) -> Pairs:
        """memberID, what else is asked, and by what the partner is known."""
        partner = self.partner
        head = (("memberID", partner.member_id), *more.items())
        if not partner.signs:
            return (*head, ("pin", partner.pin), ("password", partner.password))
        names = ("product", "dest", "refID")
        made = sign(
            self.settings.signature_string,
            memberID=partner.member_id,
            pin=partner.pin,
            password=partner.password,
            **{name: asked.get(name, "") for name in names},
        )
        self._wire.masker.learn(made)
        return (*head, ("sign", made))

    def ask(
        self,
        command: str,
        pairs: Iterable[tuple[str, str]],
        *,
        promised_by: str = "HTTPGET-TOPUP-SUCCESS",
        spend: Spend | None = None,
        path: str = PATH,
        write: Quote = plainly,
        right: bool = False,
    ) -> TextAnswer:
        """Send some parameters as they are, right or wrong; ``right``: none was changed."""
        pairs = tuple(pairs)
        query = "&".join(f"{name}={write(value)}" for name, value in pairs)
        asked = dict(pairs)
        words = [
            command.upper(),
            *(shorten(asked.get(name, ""), 60) for name in ("product", "dest", "refID")),
        ]
        url = f"{self.settings.base_url}{path}?{query}"
        product = asked.get("product", "").partition("@")[0] if right else ""
        request = Request(
            "GET",
            url,
            (("Accept", "text/plain"),),
            b"",
            " ".join(filter(None, words)),
            operation=f"{command} {product}".strip(),
            right=right,
        )
        if spend is not None:
            spend = replace(spend, account=self.account)
        known = (self.settings.templates, self.settings.texts)

        def read(exchange: Exchange) -> TextAnswer:
            return TextAnswer(exchange, None, None, command, asked, promised_by, *known)

        return self._wire.ask(request, read, spend=spend, pays=path == PATH and _pays(pairs))

    def settle(self, reference: str, answer: TextAnswer) -> None:
        """Note in the ledger what has become of a purchase, by the answer to its status."""
        settle(self._wire.gate, reference, answer, self.account)

    # Operations

    def topup(
        self,
        dest: str,
        *,
        product: str | None = None,
        ref: str | None = None,
        right: bool = True,
    ) -> TextAnswer:
        """Buy a prepaid product.

        ``right`` means that it is neither wrong on purpose nor for a number that is to fail: what
        such a one is refused with has no need to be documented.
        """
        product = product or self.settings.topup.get("product")
        pairs = self.pairs(product, dest, ref or new_ref_id(), qty="1")
        return self.ask("trx", pairs, spend=self.spend(pairs), right=right)

    def spend(self, pairs: Pairs, rupiah: int | None = None) -> Spend:
        """What a request may cost: a topup's most, or what the bill announced."""
        asked = dict(pairs)
        amount = self.settings.most_rupiah if rupiah is None else rupiah
        return Spend(
            amount, asked.get("product", ""), asked.get("dest", ""), asked.get("refID", "")
        )

    def inquiry(
        self,
        family: Family,
        case: str = "success",
        *,
        ref: str | None = None,
        part: str | None = None,
    ) -> TextAnswer:
        """Read the bill of a number; costs nothing. ``part`` takes the place of the @ part."""
        product, dest = family.product(part=part), family.dest(case, part=part)
        pairs = self.pairs(product, dest, ref or new_ref_id(), jenis="5")
        return self.inquire(family, pairs, right=part is None)

    def inquire(
        self, family: Family, pairs: Pairs, write: Quote = plainly, *, right: bool = False
    ) -> TextAnswer:
        """Read a bill with parameters as they are."""
        promised_by = f"{clause_prefix(family)}-CEK"
        return self.ask("cek", pairs, promised_by=promised_by, write=write, right=right)

    def pay(
        self, family: Family, bill: TextAnswer, *, right: bool = True, **changes: str
    ) -> TextAnswer:
        """Pay a bill that was read, with some parameters changed, which may be refused."""
        names = ("product", "dest", "refID")
        returned = {name: bill.asked[name] for name in names} | changes
        pairs = self.pairs(returned["product"], returned["dest"], returned["refID"], jenis="6")
        return self.ask(
            "bayar",
            pairs,
            promised_by=f"{clause_prefix(family)}-BAYAR",
            spend=self.spend(pairs, bill.value("bill") + bill.value("admin")),
            right=right and not changes,
        )

    def status(self, bought: TextAnswer, **changes: str) -> TextAnswer:
        """Ask the status of a purchase; costs nothing."""
        names = ("product", "dest", "refID")
        returned = {name: bought.asked[name] for name in names} | changes
        pairs = self.pairs(returned["product"], returned["dest"], returned["refID"], cek="1")
        about_bill = bought.command == "bayar"
        promised_by = f"HTTPGET-STATUS-{'BILL' if about_bill else 'TEXT'}"
        return self.ask("status", pairs, promised_by=promised_by, right=not changes)

    def balance(self) -> TextAnswer:
        """Ask the balance."""
        answer = self.ask_balance(self.who({}, {}), right=True)
        if answer.saldo is not None:
            self._wire.gate.saw_balance(answer.saldo, self.account, answer.exchange.started_at)
        return answer

    def ask_balance(self, pairs: Pairs, *, right: bool = False) -> TextAnswer:
        """Ask the balance with parameters as they are."""
        return self.ask(
            "balance",
            pairs,
            promised_by="HTTPGET-BALANCE-TEXT",
            path=f"{PATH}/balance",
            right=right,
        )

    # Time

    def advance_clock(self, seconds: int) -> None:
        """Move the clock of a kontrak sandbox; only where the target names ``control_url``."""
        advance_clock(self._wire.transport, self.settings, seconds)

    def settled(self, bought: TextAnswer) -> TextAnswer:
        """Poll a purchase in process until it is settled or its time is over; the last status.

        Raises ``NotOffered`` when the target does not say how long that may take.
        """
        clock = None if self.settings.control_url is None else self.advance_clock
        return settled(
            lambda: self.status(bought), self.settings.settle_seconds, clock, provider="httpget"
        )


def clause_prefix(family: Family) -> str:
    """What the ids of a family's own clauses begin with."""
    return f"HTTPGET-{family.key.upper().replace('_', '-')}"


def _pays(pairs: Pairs) -> bool:
    """Whether parameters may buy something: whatever neither reads a bill nor asks a status."""
    return not any(one in pairs for one in _READING)
