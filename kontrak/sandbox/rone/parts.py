"""What a request is about, so that a fault may be one product's."""

from __future__ import annotations

import json

from kontrak.sandbox.http import SandboxRequest
from kontrak.sandbox.narrowed import Parts
from kontrak.sandbox.rone.json_interface import Answer
from kontrak.sandbox.rone.text_service import Line
from kontrak.sandbox.rone.transactions import Transaction

JSON_PRODUCTS = ("IS5", "IS10", "PLN", "PDAMKLT")
TEXT_PRODUCTS = (
    *("IS5", "IS10", "PLNPASC", "PLNNONTGL", "PDAMKLT", "BPJSKS", "BPJSTKPU", "INDIHOME", "HALO"),
    *("TOPTV", "FNADIRA", "PGN", "PERTAGAS", "PKBJATENG", "PBBKLT", "KKBCA"),
)


def _json_subject(request: SandboxRequest) -> tuple[str, str]:
    try:
        fields = json.loads(request.body)
    except ValueError:
        return "", ""
    if not isinstance(fields, dict):
        return "", ""
    return str(fields.get("product_code", "")), str(fields.get("ref_1", ""))


def _text_subject(request: SandboxRequest) -> tuple[str, str]:
    return request.parameter("product") or "", request.parameter("refID") or ""


def _of(argument: object) -> str | None:
    if isinstance(argument, Answer | Line):
        argument = argument.transaction
    return argument.code.partition("@")[0] if isinstance(argument, Transaction) else None


JSON_PARTS = Parts(JSON_PRODUCTS, _json_subject, _of)
TEXT_PARTS = Parts(TEXT_PRODUCTS, _text_subject, _of)
