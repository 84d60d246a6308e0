"""Every endpoint's right request, to be sent with one thing changed."""

from __future__ import annotations

from collections.abc import Mapping

from kontrak.clauses.response_codes import Outcome
from kontrak.exchange import Headers, Spend
from kontrak.interface.refid import new_ref_id
from kontrak.judging.expect import Blocked
from kontrak.providers.rqid.account import RqidAccount
from kontrak.providers.rqid.answer import RqidAnswer
from kontrak.providers.rqid.client import Rqid
from kontrak.providers.rqid.settings import Kind

MONEY = ("topup", "payment")
_OF_PURCHASES = ("status", "history/ref_1")
READING = (
    "price",
    "product-categories",
    "products",
    "status",
    "history/ref_1",
    "history",
    "balance",
    "mutations",
)


class Endpoints:
    """The endpoints that the target offers, each with a request that it answers."""

    def __init__(self, rqid: Rqid, account: RqidAccount) -> None:
        self.rqid = rqid
        self._account = account
        self._right: dict[str, RqidAnswer] = {}
        self.names = [one for one in _ORDER if one in rqid.settings.operations]
        if not rqid.numbers("postpaid").configured:
            self.names = [one for one in self.names if one not in ("inquiry", "payment")]

    def right(self, name: str) -> RqidAnswer:
        """The answer to the right request, asked once."""
        if name not in self._right:
            self._right[name] = self._ask_rightly(name)
        return self._right[name]

    def reading(self) -> list[RqidAnswer]:
        """The answers of the endpoints that change nothing."""
        names = [name for name in self.names if name in READING]
        if not self._can_buy():
            # What was not bought has no status: that has a clause of its own.
            names = [name for name in names if name not in _OF_PURCHASES]
        return [self.right(name) for name in names]

    def _can_buy(self) -> bool:
        if "topup" not in self.names or "success" not in self.rqid.numbers("prepaid").configured:
            return False
        try:
            bought = self._account.purchase("prepaid", "success")
        except Blocked:
            return False  # what blocks it is among the others
        return bought.paid.outcome is not Outcome.FAILED

    def all_right(self) -> list[RqidAnswer]:
        """The answers of all endpoints to right requests, as far as they can be asked."""
        found = []
        for name in self.names:
            try:
                found.append(self.right(name))
            except Blocked:
                continue  # what blocks it is among the others
        return found

    def without(self, name: str, field: str) -> list[RqidAnswer]:
        """The right request anew, once without a field and once with an empty one."""
        empty = {**self.fields(name), field: ""}
        return [self.changed(name, drop=field), self._send(name, empty, None)]

    def changed(
        self, name: str, *, headers: Headers | None = None, drop: str = "", **changes: object
    ) -> RqidAnswer:
        """The right request anew, with other headers, without a field, or with other fields."""
        fields = {**self.fields(name), **changes}
        fields.pop(drop, None)
        return self._send(name, fields, headers)

    def with_values(self, name: str, values: Mapping[str, object]) -> RqidAnswer:
        """The right request anew, with other values."""
        return self._send(name, {**self.fields(name), **values}, None)

    def _send(self, name: str, fields: dict[str, object], headers: Headers | None) -> RqidAnswer:
        right = self.right(name)
        spend = None
        if name in MONEY:
            kind: Kind = "prepaid" if name == "topup" else "postpaid"
            bill = self._account.purchase(kind, "success").bill
            product = self.rqid.numbers("prepaid").get("product")
            rupiah = bill.number("total_price") if bill else self.rqid.price_of(product)
            spend = Spend(
                rupiah,
                str(right.sent["product_code"]),
                str(right.sent["customer_id"]),
                str(fields.get("ref_1")),
            )
        return self.rqid.ask(name, fields, headers=headers, ref_1=self._in_path(name), spend=spend)

    def fields(self, name: str) -> dict[str, object]:
        """The body of a right request, with a reference that is free where it buys."""
        fields = dict(self.right(name).sent)
        if name in ("topup", "inquiry"):
            fields["ref_1"] = new_ref_id()
        if name == "payment":
            number = self.rqid.numbers("postpaid").get("success")
            fields["ref_1"] = self.rqid.inquiry(number).require_success().sent["ref_1"]
        return fields

    def _in_path(self, name: str) -> str | None:
        return self._account.purchase("prepaid", "success").ref_1 if "ref_1" in name else None

    def _ask_rightly(self, name: str) -> RqidAnswer:
        rqid = self.rqid
        if name in ("topup", "status"):
            bought = self._account.purchase("prepaid", "success")
            return bought.paid if name == "topup" else bought.settled
        if name in ("inquiry", "payment"):
            bought = self._account.purchase("postpaid", "success")
            return bought.paid if bought.bill is None or name == "payment" else bought.bill
        if name == "mutations":
            return rqid.recent_mutations()
        if name == "price":
            return rqid.price(rqid.numbers("prepaid").get("product"))
        return rqid.ask(name, rqid.fields(), ref_1=self._in_path(name))


_ORDER = (
    "price",
    "product-categories",
    "products",
    "topup",
    "inquiry",
    "payment",
    "status",
    "history/ref_1",
    "history",
    "balance",
    "mutations",
)
