"""An answer of Digiswitch, read leniently: what is misshapen is judged by its own clause."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeGuard

from kontrak.clauses.amounts import as_amount, as_number, whole_rupiah
from kontrak.clauses.response_codes import Outcome, response_codes
from kontrak.http.body import Answer
from kontrak.interface.settling import Reported
from kontrak.judging.expect import Blocked, clause_around

SHAPES: Mapping[str, str] = {"inq-pasca": "inquiry", "status-pasca": "status"}
STATUSES: Mapping[str, Outcome] = {
    "sukses": Outcome.SUCCESS,
    "gagal": Outcome.FAILED,
    "pending": Outcome.PENDING,
}
WORDS: tuple[tuple[Outcome, re.Pattern[str]], ...] = tuple(
    (outcome, re.compile(rf"(?:(?:transaksi|pembayaran|inquiry) )?(?:{words})\b", re.IGNORECASE))
    for outcome, words in (
        (Outcome.SUCCESS, "sukses|berhasil|success"),
        (Outcome.FAILED, "gagal|failed"),
        (Outcome.PENDING, "pending|sedang diproses"),
    )
)
"""How a message begins that names an outcome; any other message says nothing about it."""
BILL_AMOUNT = "nilai_tagihan"
"""The one amount of a bill that is never empty."""
NEVER_EMPTY = frozenset({"ref_id", "customer_no", "code"})
NO_TRANSACTION = frozenset({"40", "41", "42", "43", "45", "49", "88"})
"""Codes of requests that are refused before they are looked at (digiflazz-response-code)."""


@dataclass(frozen=True, slots=True)
class DigiswitchAnswer(Answer):
    """An answer together with what was asked.

    ``product`` is the key of the product asked for. ``promised_by`` is the clause that promises
    success here; what needs a success is blocked behind it when the answer is not a success.
    """

    asked: Mapping[str, object] | None = None
    product: str = "pln"
    promised_by: str = "DIGISWITCH-INQ-SUCCESS"

    @property
    def sent(self) -> Mapping[str, object]:
        """The fields of the request."""
        return self.asked or {}

    @property
    def shape(self) -> str:
        """The name of the schema of what every product has in common."""
        return SHAPES.get(str(self.sent.get("command")), "payment")

    @property
    def members(self) -> Mapping[str, Any]:
        """The fields of the answer; empty where there are none to be read.

        A missing envelope has a clause of its own (DIGISWITCH-ENVELOPE), so fields are also found
        without one and inside another.
        """
        found = _inner(self.document)
        while "rc" not in found and len(found) == 1:
            (only,) = found.values()
            found = _inner(only)
        data = found.get("data")
        return data if _is_object(data) else found

    @property
    def rc(self) -> str | None:
        """The response code, or None where the answer has none that is a string."""
        code = self.members.get("rc")
        return code if isinstance(code, str) and code else None

    @property
    def stated(self) -> Outcome | None:
        """What ``status`` says, whatever its letter case; None for any other value."""
        status = self.members.get("status")
        return STATUSES.get(status.strip().lower()) if isinstance(status, str) else None

    @property
    def worded(self) -> Outcome | None:
        """The outcome that the message names; None where it names none."""
        message = self.members.get("message")
        text = message.strip() if isinstance(message, str) else ""
        return next((outcome for outcome, begins in WORDS if begins.match(text)), None)

    @property
    def voices(self) -> list[Outcome]:
        """What rc, status and message each say has become of the request."""
        known = response_codes("digiswitch").get(self.rc or "")
        returned = [known.outcome if known else None, self.stated, self.worded]
        return [one for one in returned if one is not None]

    @property
    def outcome(self) -> Outcome | None:
        """What most of rc, status and message say; that they agree has clauses of its own."""
        counts = Counter(self.voices)
        if not counts:
            return Outcome.SUCCESS if self.carries_bill else None
        most = max(counts.values())
        first = {outcome for outcome, count in counts.items() if count == most}
        if len(first) > 1 and Outcome.SUCCESS in first and not self.carries_bill:
            first.discard(Outcome.SUCCESS)
        order = (Outcome.SUCCESS, Outcome.PENDING, Outcome.FAILED)
        return next(one for one in order if one in first)

    @property
    def is_success(self) -> bool:
        """Whether the request succeeded."""
        return self.malformed is None and self.outcome is Outcome.SUCCESS

    @property
    def reports_transaction(self) -> bool:
        """Whether the answer speaks of a transaction at all, and not only of the request."""
        return self.malformed is None and bool(self.voices) and self.rc not in NO_TRANSACTION

    @property
    def carries_bill(self) -> bool:
        """Whether the answer holds a price and a description of the product."""
        price = as_number(self.members.get("price"))
        return price is not None and price > 0 and _is_object(self.members.get("desc"))

    @property
    def reported(self) -> Reported:
        """What it reports of a payment. Its outcome is one that rc, status and message agree on."""
        named = set(self.voices)
        paid = named == {Outcome.SUCCESS}
        return Reported(
            named.pop() if len(named) == 1 else None,
            self.rc,
            explained=(self.rc or "") in response_codes("digiswitch"),
            debit=whole_rupiah(self.members.get("price")) if paid else None,
            balance=whole_rupiah(self.members.get("balance")) if self.is_success else None,
        )

    @property
    def returned(self) -> str:
        """The answer in a few words, for messages."""
        status = self.members.get("status")
        return self.malformed or f"status {status}, rc {self.rc}, HTTP {self.status}"

    def require_success(self) -> DigiswitchAnswer:
        """This answer, or ``Blocked`` behind the clause that promises its success."""
        self.require_wellformed()
        if not self.is_success:
            raise Blocked(self.promised_by)
        return self

    def require_wellformed(self) -> DigiswitchAnswer:
        """This answer, or ``Blocked`` where it cannot be read as JSON."""
        if self.malformed is not None:
            raise Blocked("DIGISWITCH-WELLFORMED")
        return self

    def value(self, place: str) -> Any:
        """The value at a place such as ``desc.tarif``; ``Blocked`` where there is none."""
        found: Any = self.members
        for part in place.split("."):
            if not _is_object(found) or part not in found:
                raise Blocked(self._clause_at(place))
            found = found[part]
        return found

    def text(self, place: str) -> str:
        """A string; ``Blocked`` behind its place's clause where it is not one or wrongly empty."""
        found = self.value(place)
        lacks = found == "" and place in NEVER_EMPTY
        if not isinstance(found, str) or lacks:
            raise Blocked(self._clause_at(place))
        return found

    def number(self, place: str) -> Decimal:
        """A number, whether typed or in digits; ``Blocked`` where it is not one."""
        return self._number(self.value(place), place)

    def amount(self, place: str) -> Decimal:
        """An amount that desc writes as text; ``Blocked`` where it cannot be read."""
        return self._amount(self.value(place), place.rpartition(".")[2], place)

    def bills(self) -> list[Mapping[str, Any]]:
        """The elements of ``desc.detail``; ``Blocked`` where there are none."""
        found = self.value("desc.detail")
        if not isinstance(found, list) or not found or not all(map(_is_object, found)):
            raise Blocked(self._clause_at("desc.detail"))
        return found

    def bill_numbers(self, name: str) -> list[Decimal]:
        """One amount of every bill, in rupiah."""
        return [self._amount(bill.get(name), name, "desc.detail") for bill in self.bills()]

    def bill_texts(self, name: str) -> list[str]:
        """One text of every bill."""
        found = [bill.get(name) for bill in self.bills()]
        texts = [text for text in found if isinstance(text, str) and text]
        if len(texts) != len(found):
            raise Blocked(self._clause_at("desc.detail"))
        return texts

    def _number(self, found: object, place: str) -> Decimal:
        number = as_number(found)
        if number is None:
            raise Blocked(self._clause_at(place))
        return number

    def _amount(self, found: object, name: str, place: str) -> Decimal:
        # There may be no fine and no other costs: then the text is empty.
        number = as_amount(found, may_be_empty=name != BILL_AMOUNT)
        if number is None:
            wrong = "DIGISWITCH-AMOUNT-DIGITS" if isinstance(found, str) else None
            raise Blocked(wrong or self._clause_at(place))
        return number

    def _clause_at(self, place: str) -> str:
        shape = self.product if place.split(".", maxsplit=1)[0] == "desc" else self.shape
        around = clause_around("digiswitch", shape, f"data.{place}")
        return around.id if around else self.promised_by


def _is_object(found: object) -> TypeGuard[dict[str, Any]]:
    return isinstance(found, dict)


def _inner(found: object) -> Mapping[str, Any]:
    """The object in a value: itself, the only one in an array, or one written as text."""
    if isinstance(found, list) and len(found) == 1:
        (found,) = found
    if isinstance(found, str):
        try:
            found = json.loads(found)
        except (ValueError, RecursionError):
            return {}
    return found if _is_object(found) else {}
