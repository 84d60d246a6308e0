"""An answer of the R-ONE JSON interface, read leniently: its types have clauses of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kontrak.clauses.amounts import as_number, whole_rupiah
from kontrak.clauses.response_codes import Outcome, response_codes
from kontrak.clauses.shapes import shape as compiled
from kontrak.http.body import Answer
from kontrak.interface.settling import Reported
from kontrak.judging.expect import Blocked, clause_around

STATUSES: Mapping[int, Outcome] = {
    1: Outcome.SUCCESS,
    2: Outcome.PENDING,
    3: Outcome.PENDING,
    11: Outcome.FAILED,
}
LABELS: Mapping[str, Outcome] = {
    "success": Outcome.SUCCESS,
    "process": Outcome.PENDING,
    "pending": Outcome.PENDING,
    "failed": Outcome.FAILED,
}
DUPLICATE = "94"


@dataclass(frozen=True, slots=True)
class RqidAnswer(Answer):
    """An answer together with what was asked.

    ``shape`` names the schema of its success; ``promised_by`` is the clause that promises success
    here: what needs a success is blocked behind it when the answer is not a success.
    """

    shape: str = "status"
    asked: Mapping[str, object] | None = None
    promised_by: str = "RQID-ACCESS-ANSWERED"

    @property
    def sent(self) -> Mapping[str, object]:
        """The fields of the request."""
        return self.asked or {}

    @property
    def members(self) -> Mapping[str, Any]:
        """The members of the envelope; empty where there is no object."""
        return _object(self.document)

    @property
    def data(self) -> Any:
        """What stands under data."""
        return self.members.get("data")

    @property
    def record(self) -> Mapping[str, Any]:
        """The members of data; empty where it is no object."""
        return _object(self.data)

    @property
    def rc(self) -> str | None:
        """The response code, or None where there is none that is a string."""
        code = self.members.get("rc")
        return code if isinstance(code, str) and code else None

    @property
    def says_success(self) -> bool:
        """Whether the envelope has a mark of success."""
        if self.rc is not None:
            return self.rc == "00"
        status = self.members.get("status")
        return isinstance(status, str) and status.casefold() == "success"

    @property
    def outcome(self) -> Outcome | None:
        """What has become of the request; None where the answer cannot be read at all."""
        if self.malformed is not None or not self.members:
            return None
        if self.rc == DUPLICATE:
            return Outcome.FAILED
        stated = outcome_of(self.record)
        if stated is not None:
            return stated
        if not self.says_success and self._says_pending():
            return Outcome.PENDING
        kept = self.says_success or (self.rc is None and self._has_data())
        return Outcome.SUCCESS if kept and self.status < 400 else Outcome.FAILED

    @property
    def is_explained(self) -> bool:
        """Whether the document says what the answer to a purchase means, or it came to none.

        A refusal by HTTP status leaves nothing to explain, whatever its body.
        """
        known = self.rc in response_codes("rqid") or outcome_of(self.record) is not None
        return known or self.status >= 400

    @property
    def reported(self) -> Reported:
        """What it reports of a purchase, be it the answer to the purchase or to its status."""
        paid = self.outcome is Outcome.SUCCESS
        return Reported(
            self.outcome,
            self.rc,
            explained=self.is_explained,
            debit=whole_rupiah(self.record.get("total_price")) if paid else None,
            balance=whole_rupiah(self.record.get("saldo")) if paid else None,
        )

    @property
    def is_success(self) -> bool:
        """Whether the request succeeded."""
        return self.outcome is Outcome.SUCCESS

    def require_success(self) -> RqidAnswer:
        """This answer, or ``Blocked`` behind the clause that promises its success."""
        if self.malformed is not None or not self.members:
            raise Blocked("RQID-ACCESS-WELLFORMED")
        if not self.is_success:
            raise Blocked(self.promised_by)
        return self

    def text(self, name: str) -> str:
        """A text of data; ``Blocked`` behind its own clause where it is not one."""
        found = self.record.get(name)
        if not isinstance(found, str) or not found:
            raise Blocked(self.clause_at(self._place(name)))
        return found

    def number(self, name: str) -> int:
        """A whole number of data, typed or in digits; ``Blocked`` where it is not one."""
        return self.whole(self.record.get(name), self._place(name))

    def whole(self, found: object, place: str) -> int:
        """A whole number, typed or in digits; ``Blocked`` behind the clause of its place."""
        number = as_number(found)
        if number is None or number != int(number):
            raise Blocked(self.clause_at(place))
        return int(number)

    def rows(self) -> list[Mapping[str, Any]]:
        """The records of a list, in an envelope or without; ``Blocked`` where there are none."""
        if self.malformed is not None or not self.members:
            raise Blocked("RQID-ACCESS-WELLFORMED")
        place, found = "data", self.data
        if isinstance(found, dict):
            place, found = "data.data", found.get("data")
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            raise Blocked(self.clause_at(place))
        return found

    def meta(self, name: str) -> int:
        """A number of data.meta; ``Blocked`` where it is not one."""
        return self.whole(_object(self.record.get("meta")).get(name), f"data.meta.{name}")

    def row_text(self, row: Mapping[str, Any], name: str) -> str:
        """A text of a record; ``Blocked`` behind its own clause where it is not one."""
        found = row.get(name)
        if not isinstance(found, str) or not found:
            raise Blocked(self.clause_at(self._row_place(name)))
        return found

    def row_number(self, row: Mapping[str, Any], name: str) -> int:
        """A whole number of a record; ``Blocked`` behind its own clause where it is not one."""
        return self.whole(row.get(name), self._row_place(name))

    def row_time(self, row: Mapping[str, Any], name: str) -> datetime:
        """A time of a record, as the server counts it; ``Blocked`` where it is not one."""
        try:
            return datetime.fromisoformat(self.row_text(row, name))
        except ValueError:
            raise Blocked(self.clause_at(self._row_place(name))) from None

    def clause_at(self, place: str) -> str:
        """The clause of the narrowest documented place around a place of this answer."""
        around = clause_around("rqid", self.shape, place)
        return around.id if around else self.promised_by

    def _says_pending(self) -> bool:
        """Whether the envelope alone says that something is in process."""
        words = (self.members.get(name) for name in ("status", "message"))
        stated = [LABELS.get(word.casefold()) for word in words if isinstance(word, str)]
        return Outcome.PENDING in stated

    def _place(self, name: str) -> str:
        return f"data.{name}" if isinstance(self.data, dict) else "data"

    def _has_data(self) -> bool:
        """Whether data holds what a success holds: marks of success may be broken themselves."""
        schema = compiled("rqid", self.shape).contents["properties"]["data"]
        if isinstance(self.data, list):
            names = schema.get("items", {}).get("properties", {})
            return bool(self.data) and len(names.keys() & _object(self.data[0]).keys()) > 1
        names = schema.get("properties", {})
        return bool(names) and len(names.keys() & self.record.keys()) >= min(2, len(names))

    def _row_place(self, name: str) -> str:
        return f"data.data[].{name}" if isinstance(self.data, dict) else f"data[].{name}"


def outcome_of(record: Mapping[str, Any]) -> Outcome | None:
    """What a record says has become of its transaction: by status, else by status_label."""
    number = as_number(record.get("status"))
    if number is not None and number == int(number) and int(number) in STATUSES:
        return STATUSES[int(number)]
    label = record.get("status_label")
    return LABELS.get(label.lower()) if isinstance(label, str) else None


def _object(found: object) -> Mapping[str, Any]:
    return found if isinstance(found, dict) else {}
