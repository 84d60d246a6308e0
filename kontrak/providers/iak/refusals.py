"""Requests that are refused for one reason each, sent once and judged by many tests."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from kontrak.interface.refid import new_ref_id
from kontrak.providers.iak.answer import IakAnswer
from kontrak.providers.iak.client import Iak
from kontrak.providers.iak.codec import Codec, encode
from kontrak.providers.iak.conversations import Inquiries

_FAR_AWAY = 1_000_000_007
"""Added to a tr_id, it makes one that no inquiry gave."""


class Refusals:
    """The answers to ``SITUATIONS``, each asked once per codec."""

    def __init__(self, iak: Iak, inquiries: Inquiries) -> None:
        self.iak = iak
        self.inquiries = inquiries
        self._held: dict[tuple[str, Codec], IakAnswer] = {}

    def held(self, situation: str, codec: Codec) -> IakAnswer:
        """The answer to a situation; blocked where even the right inquiry is not accepted."""
        key = (situation, codec)
        if key not in self._held:
            self._held[key] = SITUATIONS[situation](self, codec)
        return self._held[key]

    def unknown_payment(self, codec: Codec) -> IakAnswer:
        """The answer to paying a tr_id that no inquiry gave."""
        key = ("unknown payment", codec)
        if key not in self._held:
            bill = self.bill(codec)
            self._held[key] = self.iak.pay_id(int(bill.number("tr_id")) + _FAR_AWAY, bill, codec)
        return self._held[key]

    def bill(self, codec: Codec) -> IakAnswer:
        """A bill that was inquired with success."""
        return self.inquiries.held("one_bill", codec).require_success()

    def fields(self, codec: Codec, ref_id: str | None = None) -> dict[str, object]:
        """A right inquiry, to be changed in one place."""
        return self.iak.inquiry_fields(str(self.bill(codec).sent["hp"]), ref_id)


def _wrong_sign(refusals: Refusals, codec: Codec) -> IakAnswer:
    wrong = {"sign": "0123456789abcdef0123456789abcdef"}
    return refusals.iak.ask({**refusals.fields(codec), **wrong}, codec)


def _unknown_command(refusals: Refusals, codec: Codec) -> IakAnswer:
    return refusals.iak.ask({**refusals.fields(codec), "commands": "no-such-command"}, codec)


def _unknown_code(refusals: Refusals, codec: Codec) -> IakAnswer:
    return refusals.iak.ask({**refusals.fields(codec), "code": "KONTRAKNOSUCHCODE"}, codec)


def _dash_in_ref_id(refusals: Refusals, codec: Codec) -> IakAnswer:
    made = new_ref_id()
    return refusals.iak.ask(refusals.fields(codec, f"{made[:8]}-{made[8:]}"), codec)


def _used_ref_id(refusals: Refusals, codec: Codec) -> IakAnswer:
    used = str(refusals.bill(codec).sent["ref_id"])
    return refusals.iak.ask(refusals.fields(codec, used), codec)


def _unknown_username(refusals: Refusals, codec: Codec) -> IakAnswer:
    stranger = "080000000000"
    fields = refusals.fields(codec)
    sign = refusals.iak.sign_as(stranger, str(fields["ref_id"]))
    return refusals.iak.ask({**fields, "username": stranger, "sign": sign}, codec)


def _status_of_nothing(refusals: Refusals, codec: Codec) -> IakAnswer:
    refusals.iak.require(operation="checkstatus", codec=codec)
    return refusals.iak.checkstatus(new_ref_id(), codec)


def _missing_field(refusals: Refusals, codec: Codec) -> IakAnswer:
    fields = refusals.fields(codec)
    del fields["hp"]
    return refusals.iak.ask(fields, codec)


def _malformed_body(refusals: Refusals, codec: Codec) -> IakAnswer:
    body = encode(refusals.fields(codec), codec)
    # Without its last character nothing but the form is wrong: every value is whole.
    return refusals.iak.ask_body(body[:-1], codec, summary=f"a cut body, {codec.upper()}")


SITUATIONS: Mapping[str, Callable[[Refusals, Codec], IakAnswer]] = {
    "wrong sign": _wrong_sign,
    "unknown command": _unknown_command,
    "unknown code": _unknown_code,
    "ref_id with a dash": _dash_in_ref_id,
    "ref_id used before": _used_ref_id,
    "unknown username": _unknown_username,
    "status of an unused ref_id": _status_of_nothing,
    "missing field": _missing_field,
    "malformed body": _malformed_body,
}

REFUSED_BY: Mapping[str, str] = {
    "time_out": "IAK-CASE-TIME-OUT",
    "already_paid": "IAK-CASE-ALREADY-PAID",
    "wrong_number": "IAK-CASE-WRONG-NUMBER",
    "wrong sign": "IAK-SIGN-WRONG",
    "unknown command": "IAK-REQ-COMMANDS-VALUE",
    "unknown code": "IAK-REQ-CODE-VALUE",
    "ref_id with a dash": "IAK-REQ-REF-ID-FORMAT",
    "ref_id used before": "IAK-IDEM-REF-REUSED",
    "unknown username": "IAK-REQ-USERNAME-VALUE",
    "status of an unused ref_id": "IAK-STATUS-UNKNOWN",
    "missing field": "IAK-REQ-HP-MANDATORY",
    "malformed body": "IAK-GEN-JSON",
    "unknown payment": "IAK-PAY-UNKNOWN",
}
"""The clause that has each of them refused, test cases included."""


def refused_by(situation: str, codec: Codec) -> str:
    """The clause that is broken when a situation is not refused."""
    if situation == "malformed body" and codec == "xml":
        return "IAK-GEN-XML"
    return REFUSED_BY[situation]
