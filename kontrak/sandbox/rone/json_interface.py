"""The JSON interface as a door: from a request to fields, and from an answer to a response.

Every step is a method of its own, because faults and variants wrap them one by one.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any, Never
from urllib.parse import unquote

from kontrak.sandbox.http import SandboxRequest, SandboxResponse
from kontrak.sandbox.rone.access import REFERENCE, same, sign
from kontrak.sandbox.rone.account import PartnerAccount
from kontrak.sandbox.rone.platform import Partner, Platform
from kontrak.sandbox.rone.reasons import SAYINGS, Reason, Refusal
from kontrak.sandbox.rone.transactions import Transaction

Fields = dict[str, Any]
ROOT = "/V1/api/"
LONGEST = 64


class Kind(Enum):
    """What an answer is about; every refusal is a ``REFUSAL``."""

    PRICE = auto()
    CATEGORIES = auto()
    PRODUCTS = auto()
    TOPUP = auto()
    INQUIRY = auto()
    PAYMENT = auto()
    STATUS = auto()
    HISTORY_ONE = auto()
    HISTORY = auto()
    BALANCE = auto()
    MUTATIONS = auto()
    REFUSAL = auto()


OPERATIONS = {
    "price": Kind.PRICE,
    "product-categories": Kind.CATEGORIES,
    "products": Kind.PRODUCTS,
    "topup": Kind.TOPUP,
    "inquiry": Kind.INQUIRY,
    "payment": Kind.PAYMENT,
    "status": Kind.STATUS,
    "history": Kind.HISTORY,
    "balance": Kind.BALANCE,
    "mutations": Kind.MUTATIONS,
}


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer before it is written; ``asked`` are the values of the request."""

    kind: Kind
    reason: Reason
    document: Fields
    http_status: int = 200
    transaction: Transaction | None = field(default=None, compare=False)
    asked: Fields = field(default_factory=dict, compare=False)


class JsonInterface:
    """What every operation has in common; ``perform`` carries a request out."""

    def __init__(self, platform: Platform, partners: tuple[Partner, ...]) -> None:
        self.platform = platform
        self.partners = partners

    # From request to answer

    def owns(self, path: str) -> bool:
        """Whether the path is one of this interface."""
        return path.startswith(ROOT)

    def answer(self, request: SandboxRequest) -> SandboxResponse:
        """The response to one request."""
        try:
            answer = self.perform(request)
        except Refusal as refusal:
            answer = self.refused(refusal.reason)
        answer = self.finish(answer)
        return self.written(answer)

    def finish(self, answer: Answer) -> Answer:
        """The answer as it leaves the service."""
        return answer

    def perform(self, request: SandboxRequest) -> Answer:
        """Read the request and carry it out, or raise ``Refusal``."""
        kind, ref = self.route(request)
        fields = self.read(request.body)
        if ref is not None:
            fields = {**fields, "ref_1": ref}
        partner = self.partner_of(request, fields)
        return self.carry_out(kind, fields, partner.account)

    def carry_out(self, kind: Kind, fields: Fields, account: PartnerAccount) -> Answer:
        """Do what the request asks for."""
        raise NotImplementedError

    # Reading

    def route(self, request: SandboxRequest) -> tuple[Kind, str | None]:
        """The operation of the path, and the reference that ends it, if any."""
        operation, _, ref = request.path.removeprefix(ROOT).rstrip("/").partition("/")
        kind = OPERATIONS.get(operation)
        if kind is None or (ref and kind is not Kind.HISTORY):
            raise Refusal(Reason.PATH)
        if request.method != "POST":
            raise Refusal(Reason.METHOD)
        return (Kind.HISTORY_ONE, unquote(ref)) if ref else (kind, None)

    def read(self, body: bytes) -> Fields:
        """The fields of a JSON object: UTF-8, no repeated names, no NaN."""
        try:
            fields = json.loads(
                body.decode(), object_pairs_hook=_unrepeated, parse_constant=_no_constant
            )
            # A lone surrogate passes the parser but is no text.
            json.dumps(fields, ensure_ascii=False).encode()
        except (ValueError, RecursionError) as error:
            raise Refusal(Reason.MALFORMED) from error
        if not isinstance(fields, dict):
            raise Refusal(Reason.MALFORMED)
        return fields

    def text(self, fields: Fields, name: str) -> str:
        """A text that the request has to have."""
        value = fields.get(name)
        if value is None or value == "":
            raise Refusal(Reason.MISSING)
        if not isinstance(value, str) or len(value) > LONGEST:
            raise Refusal(Reason.FORMAT)
        return value

    def reference(self, fields: Fields) -> str:
        """The request's ref_1."""
        ref = self.text(fields, "ref_1")
        if not REFERENCE.fullmatch(ref):
            raise Refusal(Reason.FORMAT)
        return ref

    # Who asks

    def partner_of(self, request: SandboxRequest, fields: Fields) -> Partner:
        """The partner whose request this is, or a refusal."""
        partner = self.partner_named(fields.get("mmid"))
        if partner is None or not self.accepts(partner, request, fields):
            raise Refusal(Reason.CREDENTIALS)
        return partner

    def partner_named(self, mmid: object) -> Partner | None:
        """The partner that the body names."""
        return next((one for one in self.partners if one.mmid == mmid), None)

    def accepts(self, partner: Partner, request: SandboxRequest, fields: Fields) -> bool:
        """Whether the header has the partner's key or, where it signs, its signature."""
        if partner.signs:
            return self.accepts_sign(partner, request.header("sign"), fields)
        return self.accepts_key(partner, request.header("rqid"))

    def accepts_key(self, partner: Partner, key: str | None) -> bool:
        """Whether this is the partner's key."""
        return same(key, partner.api_key)

    def accepts_sign(self, partner: Partner, given: str | None, fields: Fields) -> bool:
        """Whether this is the partner's signature of these fields."""
        return same(given, self.sign(partner, fields))

    def sign(self, partner: Partner, fields: Fields) -> str:
        """The signature of a request; what it has no field for stays empty."""
        names = ("product_code", "customer_id", "ref_1")
        parts = (str(fields.get(name, "")) for name in names)
        return sign(partner.mmid, *parts, partner.pin, partner.api_key)

    # Writing

    def envelope(self, kind: Kind, reason: Reason, data: object) -> Fields:  # noqa: ARG002 - changes wrap this
        """What stands around the data of an answer that is no refusal."""
        status = "failed" if reason in {Reason.FAILED, Reason.WRONG_NUMBER} else "success"
        return {"status": status, "code": 200, "message": self.message_of(reason), "data": data}

    def with_rc(self, kind: Kind, reason: Reason, data: object) -> Fields:
        """The same with the response code, in the document's order."""
        whole = self.envelope(kind, reason, data)
        data = whole.pop("data")
        return {**whole, "rc": self.rc_of(reason), "data": data}

    def refused(self, reason: Reason) -> Answer:
        """The answer to a request that is not carried out."""
        status = self.http_status(reason)
        whole = {
            "status": "failed",
            "code": status,
            "message": self.message_of(reason),
            "rc": self.rc_of(reason),
        }
        return Answer(Kind.REFUSAL, reason, whole, status)

    def rc_of(self, reason: Reason) -> str:
        """The response code that says this."""
        return SAYINGS[reason].rc

    def message_of(self, reason: Reason) -> str:
        """The message that says this."""
        return SAYINGS[reason].message

    def http_status(self, reason: Reason) -> int:
        """The HTTP status of a refusal."""
        return SAYINGS[reason].http_status

    def content_type(self) -> str:
        """The Content-Type of an answer."""
        return "application/json"

    def write(self, document: Fields) -> bytes:
        """The body of an answer."""
        return json.dumps(document).encode()

    def written(self, answer: Answer) -> SandboxResponse:
        """The response that carries an answer."""
        headers = (("Content-Type", self.content_type()),)
        return SandboxResponse(answer.http_status, headers, self.write(answer.document))


def _unrepeated(pairs: list[tuple[str, object]]) -> dict[str, object]:
    if len({key for key, _ in pairs}) < len(pairs):
        raise ValueError("a name stands twice")
    return dict(pairs)


def _no_constant(word: str) -> Never:
    raise ValueError(f"{word} is not JSON")
