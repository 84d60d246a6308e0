"""Faults that generated payments and checkstatus find: requests that are read too generously."""

from __future__ import annotations

import re
from collections.abc import Callable

from kontrak.sandbox.changes import Fault, Wrapper
from kontrak.sandbox.iak.codec import Codec, Fields
from kontrak.sandbox.iak.codes import Refusal
from kontrak.sandbox.iak.making import fault
from kontrak.sandbox.iak.service import IakService

Complete = Callable[[Fields], Fields]
SALTS = {"pay-pasca": "tr_id", "checkstatus": "ref_id"}


def _any_command(command: str) -> Wrapper:
    """Wraps ``complete``: whatever has the fields of this command is this command."""

    def complete(_service: object, original: Complete, fields: Fields) -> Fields:
        fields = original(fields)
        named = fields.get("commands")
        mine = SALTS[command] in fields and "hp" not in fields
        if mine and named not in ("", "inq-pasca", *SALTS) and named is not None:
            return {**fields, "commands": command}
        return fields

    return complete


def _any_username(command: str) -> Wrapper:
    """Wraps ``complete``: every username is the account's own, in this command."""

    def complete(service: IakService, original: Complete, fields: Fields) -> Fields:
        fields = original(fields)
        if fields.get("commands") != command or not fields.get("username"):
            return fields
        name = fields["username"]
        salt = "cs" if command == "checkstatus" else str(fields.get("tr_id"))
        theirs = IakService({"username": str(name), "api_key": service.api_key}, service.clock)
        if name == service.username or fields.get("sign") != theirs.sign(salt):
            return fields
        return {**fields, "username": service.username, "sign": service.sign(salt)}

    return complete


def _no_text(command: str) -> Wrapper:
    """Wraps ``complete``: what is no text stands for the latest transaction."""

    def complete(service: IakService, original: Complete, fields: Fields) -> Fields:
        fields = original(fields)
        name = SALTS[command]
        if fields.get("commands") != command or not service.by_ref_id:
            return fields
        if name not in fields or isinstance(fields[name], str | int):
            return fields
        latest = list(service.by_ref_id.values())[-1]
        if command == "checkstatus":
            return {**fields, "ref_id": latest.ref_id}
        return {**fields, "tr_id": str(latest.tr_id), "sign": service.sign(str(latest.tr_id))}

    return complete


def _first_characters(command: str) -> Wrapper:
    """Wraps ``complete``: a reference may have more after it, as a cut column would have it."""

    def complete(service: IakService, original: Complete, fields: Fields) -> Fields:
        fields = original(fields)
        value = fields.get(SALTS[command])
        if fields.get("commands") != command or not isinstance(value, str):
            return fields
        known = service.by_tr_id if command == "pay-pasca" else service.by_ref_id
        found = next((one for one in known if value.startswith(one) and value != one), None)
        if found is None:
            return fields
        sign = {"sign": service.sign(found)} if fields.get("sign") == service.sign(value) else {}
        return {**fields, SALTS[command]: found, **(sign if command == "pay-pasca" else {})}

    return complete


_PATTERNS = {
    Codec.JSON: re.compile(r'"(\w+)"\s*:\s*"([^"]*)"'),
    Codec.XML: re.compile(r"<(\w+)>([^<]*)</?\1>"),
}


def _searched(command: str) -> Wrapper:
    """Wraps ``read``: the fields of a malformed request of this command are searched for in it."""

    def read(
        _service: object, original: Callable[[Codec, bytes], Fields], codec: Codec, body: bytes
    ) -> Fields:
        try:
            return original(codec, body)
        except Refusal:
            found: Fields = dict(_PATTERNS[codec].findall(body.decode("utf-8", "replace")))
            if found.get("commands") != command:
                raise
            return found

    return read


FAULTS: tuple[Fault, ...] = (
    fault("generated-payment-any-command", "IAK-GEN-PAYMENT",
          "A request with a tr_id is a payment, whatever its command is.",
          complete=_any_command("pay-pasca")),
    fault("generated-payment-any-username", "IAK-GEN-PAYMENT",
          "A payment in another username's name is paid.",
          complete=_any_username("pay-pasca")),
    fault("generated-payment-no-text", "IAK-GEN-PAYMENT",
          "A payment whose tr_id is no text pays the latest bill.",
          complete=_no_text("pay-pasca")),
    fault("generated-payment-longer-tr-id", "IAK-GEN-PAYMENT",
          "A tr_id with more characters after it is paid.",
          complete=_first_characters("pay-pasca")),
    fault("generated-payment-malformed", "IAK-GEN-PAYMENT-BODY",
          "A malformed payment is carried out if its fields can be found in it.",
          read=_searched("pay-pasca")),
    fault("generated-status-any-command", "IAK-GEN-STATUS",
          "A request with a ref_id and no customer is a checkstatus, whatever its command is.",
          complete=_any_command("checkstatus")),
    fault("generated-status-any-username", "IAK-GEN-STATUS",
          "checkstatus is answered to another username.",
          complete=_any_username("checkstatus")),
    fault("generated-status-no-text", "IAK-GEN-STATUS",
          "A checkstatus whose ref_id is no text reports the latest transaction.",
          complete=_no_text("checkstatus")),
    fault("generated-status-longer-ref-id", "IAK-GEN-STATUS",
          "A ref_id with more characters after it is found.",
          complete=_first_characters("checkstatus")),
    fault("generated-status-malformed", "IAK-GEN-STATUS-BODY",
          "A malformed checkstatus is answered if its fields can be found in it.",
          read=_searched("checkstatus")),
)  # fmt: skip
