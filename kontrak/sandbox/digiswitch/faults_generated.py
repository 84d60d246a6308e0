"""Faults that generated payments and statuses find: requests that are read too generously."""

from __future__ import annotations

import re
from collections.abc import Callable

from kontrak.sandbox.changes import Fault, Wrapper
from kontrak.sandbox.digiswitch.codes import Reason, Refusal
from kontrak.sandbox.digiswitch.making import fault
from kontrak.sandbox.digiswitch.service import DigiswitchService
from kontrak.sandbox.digiswitch.transactions import State, Transaction
from kontrak.sandbox.json_body import Fields

Complete = Callable[[Fields], Fields]
STATUS = "status-pasca"


def _searched(command: str) -> Wrapper:
    """Wraps ``read``: the fields of a malformed request of this command are searched for in it."""

    def read(_service: object, original: Callable[[bytes], Fields], body: bytes) -> Fields:
        try:
            return original(body)
        except Refusal:
            pairs = re.findall(r'"(\w+)"\s*:\s*"([^"]*)"', body.decode("utf-8", "replace"))
            found: Fields = dict(pairs)
            if found.get("command") != command:
                raise
            return found

    return read


def _status_by_default(_service: object, original: Complete, fields: Fields) -> Fields:
    fields = original(fields)
    known = {"inq-pasca", "pay-pasca", STATUS}
    named = fields.get("command")
    if isinstance(named, str) and named and named not in known:
        return {**fields, "command": STATUS}
    return fields


def _status_for_anybody(service: DigiswitchService, original: Complete, fields: Fields) -> Fields:
    fields = original(fields)
    if fields.get("command") != STATUS or not fields.get("username"):
        return fields
    ref_id = str(fields.get("ref_id"))
    return {**fields, "username": service.username, "sign": service.sign(ref_id)}


def _status_of_the_first(service: DigiswitchService, original: Complete, fields: Fields) -> Fields:
    fields = original(fields)
    if fields.get("command") != STATUS or isinstance(fields.get("ref_id", ""), str):
        return fields
    paid = (one for one in service.by_ref_id.values() if one.state is State.PAID)
    first = next(paid, None)
    if first is None:
        return fields
    shown = {"ref_id": first.ref_id, "code": first.code, "customer_no": first.customer_no}
    return {**fields, **shown, "sign": service.sign(first.ref_id)}


def _unpaid_is_success(
    _service: object, original: Callable[[Transaction], Reason], transaction: Transaction
) -> Reason:
    reason = original(transaction)
    return Reason.PAID if reason is Reason.NOT_PAID else reason


FAULTS: tuple[Fault, ...] = (
    fault("generated-payment-malformed", "DIGISWITCH-GEN-PAYMENT-BODY",
          "A malformed payment is carried out if its fields can be found in it.",
          read=_searched("pay-pasca")),
    fault("generated-status-malformed", "DIGISWITCH-GEN-STATUS",
          "A malformed status-pasca is answered if its fields can be found in it.",
          read=_searched(STATUS)),
    fault("generated-status-any-command", "DIGISWITCH-GEN-STATUS",
          "A command that does not exist is a status-pasca.",
          complete=_status_by_default),
    fault("generated-status-any-username", "DIGISWITCH-GEN-STATUS",
          "status-pasca is answered to every username and sign.",
          also=("DIGISWITCH-SIGN-STATUS",), because="the sign is not looked at either",
          complete=_status_for_anybody),
    fault("generated-status-no-text", "DIGISWITCH-GEN-STATUS",
          "A status-pasca whose ref_id is no text reports the first payment.",
          complete=_status_of_the_first),
    fault("status-of-an-inquiry", "DIGISWITCH-STATUS-INQUIRED",
          "status-pasca says Sukses of a bill that was only inquired.",
          reason_of=_unpaid_is_success),
)  # fmt: skip
