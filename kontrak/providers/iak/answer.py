"""An answer of IAK, read the same way from JSON and from XML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeGuard

from kontrak.clauses.amounts import as_amount, as_number, whole_rupiah
from kontrak.clauses.response_codes import Outcome, response_codes
from kontrak.http.body import Answer
from kontrak.interface.settling import Reported
from kontrak.judging.expect import Blocked, clause_around
from kontrak.providers.iak.codec import Codec

ENVELOPES: Mapping[str, str] = {"json": "data", "xml": "mp"}
OTHER_COMMANDS: Mapping[str, str] = {"pay-pasca": "payment-json", "checkstatus": "checkstatus-json"}
FEES = frozenset({"admin", "denda"})
"""The amounts of a bill that there may not be."""
# The clauses that an answer breaks which cannot be read at all.
UNREADABLE: Mapping[tuple[str, Codec], str] = {
    ("pay-pasca", "json"): "IAK-PAY-FIELDS",
    ("pay-pasca", "xml"): "IAK-PAY-XML",
    ("checkstatus", "json"): "IAK-STATUS-FIELDS",
    ("checkstatus", "xml"): "IAK-STATUS-XML",
}


@dataclass(frozen=True, slots=True)
class IakAnswer(Answer):
    """An answer together with what was asked.

    ``promised_by`` is the clause that promises success here; what needs a bill is blocked behind it
    when the answer is not a success.
    """

    codec: Codec = "json"
    asked: Mapping[str, object] | None = None
    promised_by: str = "IAK-CASE-ONE-BILL"

    @property
    def sent(self) -> Mapping[str, object]:
        """The fields of the request."""
        return self.asked or {}

    @property
    def shape(self) -> str:
        """The name of the schema of a success."""
        command = str(self.sent.get("commands"))
        return OTHER_COMMANDS.get(command, f"inquiry-{self.codec}")

    @property
    def members(self) -> Mapping[str, Any]:
        """The fields of the answer, without envelope; empty where there are none to be read."""
        envelope = _members(self.document).get(ENVELOPES[self.codec])
        return _members(envelope) or self._bare_refusal()

    @property
    def rc(self) -> str | None:
        """The response code, or None where the answer has none that is a string."""
        return _code_of(self.members)

    @property
    def outcome(self) -> Outcome | None:
        """What the RC says has become of the request; None for an unknown or absent RC."""
        known = response_codes("iak").get(self.rc or "")
        return known.outcome if known else None

    @property
    def reported(self) -> Reported:
        """What it reports of a payment."""
        paid = self.outcome is Outcome.SUCCESS
        balance = as_number(self.members.get("balance"))
        return Reported(
            self.outcome,
            self.rc,
            explained=self.outcome is not None,
            debit=whole_rupiah(self.members.get("selling_price")) if paid else None,
            balance=int(balance) if paid and balance is not None else None,
        )

    @property
    def carries_bill(self) -> bool:
        """Whether the answer holds an amount to pay and the bills behind it."""
        return _is_positive(self.members.get("price")) and bool(self._bills())

    @property
    def is_success(self) -> bool:
        """RC 00; without a readable RC, the bill itself is the marker of success."""
        return self.rc == "00" if self.rc is not None else self.carries_bill

    @property
    def is_enveloped(self) -> bool:
        """Whether the fields stand where they belong: those that every answer has, or a bill's."""
        return self.status != 200 or bool({"response_code", "rc", "tr_id"} & self.members.keys())

    def require_readable(self) -> IakAnswer:
        """This answer, or ``Blocked`` behind the clause of its format or its envelope."""
        other = UNREADABLE.get((str(self.sent.get("commands")), self.codec))
        if self.malformed is not None:
            raise Blocked(other or f"IAK-{self.codec.upper()}-WELLFORMED")
        if not self.is_enveloped:
            raise Blocked(other or f"IAK-{self.codec.upper()}-ENVELOPE")
        return self

    def require_success(self) -> IakAnswer:
        """This answer, or ``Blocked`` behind the clause that promises its success."""
        self.require_readable()
        if not self.is_success:
            raise Blocked(self.promised_by)
        return self

    def value(self, place: str) -> Any:
        """The value at a place such as ``desc.daya``; ``Blocked`` where there is none."""
        found: Any = self.members
        for part in place.split("."):
            if not _is_object(found) or part not in found:
                raise Blocked(self._clause_at(place))
            found = found[part]
        return found

    def text(self, place: str) -> str:
        """A string; ``Blocked`` behind the place's own clause where it is not one."""
        found = self.value(place)
        if not isinstance(found, str) or not found:
            raise Blocked(self._clause_at(place))
        return found

    def number(self, place: str) -> Decimal:
        """A number, whether typed or in digits; ``Blocked`` where it is not one."""
        return self._number(self.value(place), place)

    def bills(self) -> list[Mapping[str, Any]]:
        """The elements of ``desc.tagihan.detail``; ``Blocked`` where there are none."""
        found = self._bills()
        if not found or not all(_is_object(bill) for bill in found):
            raise Blocked(self._clause_at("desc.tagihan.detail"))
        return found

    def bill_numbers(self, name: str) -> list[Decimal]:
        """One amount of every bill, in rupiah."""
        read = self._number if name == "total" else self._amount
        return [read(bill.get(name), f"desc.tagihan.detail[].{name}") for bill in self.bills()]

    def bill_texts(self, name: str) -> list[str]:
        """One text of every bill."""
        found = [bill.get(name) for bill in self.bills()]
        texts = [text for text in found if isinstance(text, str) and text]
        if len(texts) != len(found):
            raise Blocked(self._clause_at(f"desc.tagihan.detail[].{name}"))
        return texts

    def _bare_refusal(self) -> Mapping[str, Any]:
        """The members of a refusal without data around them: IAK writes such ones as well."""
        whole = _members(self.document)
        return whole if _code_of(whole) not in {None, "00"} else {}

    def _bills(self) -> list[Any]:
        found: Any = self.members
        for part in ("desc", "tagihan", "detail"):
            found = found.get(part) if _is_object(found) else None
        return found if isinstance(found, list) else []

    def _number(self, found: object, place: str) -> Decimal:
        number = as_number(found)
        if number is None:
            raise Blocked(self._clause_at(place))
        return number

    def _amount(self, found: object, place: str) -> Decimal:
        number = amount_of_bill(found, place.rpartition(".")[2])
        if number is None:
            raise Blocked("IAK-AMOUNT-DIGITS" if isinstance(found, str) else self._clause_at(place))
        return number

    def _clause_at(self, place: str) -> str:
        whole = f"{ENVELOPES[self.codec]}.{place}"
        around = clause_around("iak", self.shape, whole)
        return around.id if around else self.promised_by


def amount_of_bill(found: object, name: str) -> Decimal | None:
    """One amount of a bill in rupiah; None where it cannot be read.

    An empty admin or denda is 0: there is none.
    """
    return as_amount(found, may_be_empty=name in FEES)


def _is_object(found: object) -> TypeGuard[dict[str, Any]]:
    return isinstance(found, dict)


def _members(found: object) -> Mapping[str, Any]:
    return found if _is_object(found) else {}


def _code_of(members: Mapping[str, Any]) -> str | None:
    """The response code of some members; a refusal may write it as rc."""
    code = members.get("response_code")
    if "response_code" not in members and members.get("rc") != "00":
        code = members.get("rc")
    return code if isinstance(code, str) and code else None


def _is_positive(found: object) -> bool:
    number = as_number(found)
    return number is not None and number > 0
