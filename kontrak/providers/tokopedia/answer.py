"""An answer of Tokopedia: a JSON:API document with data, or with errors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kontrak.clauses.amounts import whole_rupiah
from kontrak.clauses.response_codes import Outcome, response_codes
from kontrak.http.body import Answer
from kontrak.interface.settling import Reported
from kontrak.judging.expect import Blocked

SHAPES: Mapping[str, str] = {
    "Pending": "order-pending",
    "Success": "order-success",
    "Failed": "order-failed",
}
"""The shape of order details by status."""
OUTCOMES: Mapping[str, Outcome] = {
    "Pending": Outcome.PENDING,
    "Success": Outcome.SUCCESS,
    "Failed": Outcome.FAILED,
}


@dataclass(frozen=True, slots=True)
class TokopediaAnswer(Answer):
    """An answer together with the document that was sent (empty for a GET)."""

    sent: Mapping[str, Any] = field(default_factory=dict)

    @property
    def data(self) -> Mapping[str, Any]:
        """The member ``data``, or nothing where it is no object."""
        return _object(_object(self.document).get("data"))

    @property
    def attributes(self) -> Mapping[str, Any]:
        """``data.attributes``, or nothing where there are none."""
        return _object(self.data.get("attributes"))

    @property
    def asked(self) -> Mapping[str, Any]:
        """``data.attributes`` of what was sent."""
        return _object(_object(self.sent.get("data")).get("attributes"))

    @property
    def is_accepted(self) -> bool:
        """Whether the answer has the attributes of a document."""
        return bool(self.attributes)

    @property
    def has_data(self) -> bool:
        """Whether the answer has any data: what no refusal may do."""
        return bool(_object(self.document).get("data"))

    @property
    def is_refused(self) -> bool:
        """Whether the answer is a refusal by status or by its errors."""
        return self.status >= 400 or "errors" in _object(self.document)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of its errors, as far as they can be read."""
        errors = _object(self.document).get("errors")
        found = [_object(one).get("code") for one in errors] if isinstance(errors, list) else []
        return tuple(code for code in found if isinstance(code, str))

    @property
    def order_status(self) -> str | None:
        """The status of an order; None where it has none that is known."""
        status = self.attributes.get("status")
        return status if isinstance(status, str) and status in SHAPES else None

    @property
    def reported(self) -> Reported:
        """What it reports of an order: by its status, else by the code of its error."""
        status, code = self.order_status, next(iter(self.codes), None)
        if status is not None:
            paid = status == "Success"
            price = whole_rupiah(self.attributes.get("sales_price")) if paid else None
            return Reported(OUTCOMES[status], status, debit=price)
        known = response_codes("tokopedia").get(code or "")
        refused = code is not None and (known is None or known.outcome is Outcome.FAILED)
        explained = known is not None or self.status >= 400
        return Reported(Outcome.FAILED if refused else None, code, explained=explained)

    @property
    def stated(self) -> str:
        """The answer in a few words, for messages."""
        if self.malformed is not None:
            return f"HTTP {self.status}, {self.malformed}"
        what = self.attributes.get("status") or (
            "a document" if self.is_accepted else "no document"
        )
        codes = f", {' '.join(self.codes)}" if self.codes else ""
        return f"HTTP {self.status}, {what}{codes}"

    @property
    def lacking(self) -> str:
        """What an answer without attributes lacks: DATA, or ATTRIBUTES where it has data."""
        data = _object(self.document).get("data")
        return "ATTRIBUTES" if isinstance(data, dict) else "DATA"

    def require(self, kind: str) -> TokopediaAnswer:
        """This answer, or ``Blocked`` behind the clause that is broken where it has no document.

        ``kind`` is INQUIRY, CHECKOUT or ORDER.
        """
        if self.is_accepted:
            return self
        if not 200 <= self.status < 300 or self.is_refused:
            raise Blocked(f"TOKOPEDIA-{kind}-ACCEPTED")
        if self.malformed is not None:
            raise Blocked(f"TOKOPEDIA-{kind}-WELLFORMED")
        shape = {"CHECKOUT": "PENDING", "ORDER": "SUCCESS"}.get(kind, kind)
        raise Blocked(f"TOKOPEDIA-{shape}-{self.lacking}")


def _object(found: object) -> Mapping[str, Any]:
    return found if isinstance(found, dict) else {}
