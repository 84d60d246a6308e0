"""What a request is about, so that a fault may be one product's."""

from __future__ import annotations

import json

from kontrak.sandbox.digiswitch.bills import PRODUCTS
from kontrak.sandbox.digiswitch.interface import Answer
from kontrak.sandbox.digiswitch.transactions import Transaction
from kontrak.sandbox.http import SandboxRequest
from kontrak.sandbox.narrowed import Parts


def _subject(request: SandboxRequest) -> tuple[str, str]:
    try:
        fields = json.loads(request.body)
    except ValueError:
        return "", ""
    if not isinstance(fields, dict):
        return "", ""
    return str(fields.get("code", "")), str(fields.get("ref_id", ""))


def _of(argument: object) -> str | None:
    if isinstance(argument, Answer):
        argument = argument.transaction
    return argument.code if isinstance(argument, Transaction) else None


PARTS = Parts(tuple(PRODUCTS), _subject, _of)
