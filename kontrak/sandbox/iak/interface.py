"""The IAK interface as a door: from a request to fields, and from an answer to a response.

Every step is a method of its own, because faults and variants wrap them one by one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

from kontrak.sandbox.http import SandboxRequest, SandboxResponse
from kontrak.sandbox.iak import codec as codecs
from kontrak.sandbox.iak.codec import CONTENT_TYPES, Codec, Fields, Malformed
from kontrak.sandbox.iak.codes import SAYINGS, Reason, Refusal
from kontrak.sandbox.iak.transactions import Transaction

BILL_PATH = "/api/v1/bill/check"
BALANCE_PATH = "/api/check-balance"

MANDATORY = {
    "inq-pasca": ("commands", "username", "code", "hp", "ref_id", "sign"),
    "pay-pasca": ("commands", "username", "tr_id", "sign"),
    "checkstatus": ("commands", "username", "ref_id", "sign"),
    "check-balance": ("username", "sign"),
}


class Kind(Enum):
    """What an answer is about; every refusal is a ``REFUSAL``."""

    INQUIRY = auto()
    PAYMENT = auto()
    STATUS = auto()
    BALANCE = auto()
    REFUSAL = auto()


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer before it is written. ``reason`` is why it is what it is."""

    kind: Kind
    reason: Reason
    fields: Fields
    status: int = 200
    transaction: Transaction | None = field(default=None, compare=False)


class IakInterface:
    """What every command has in common; ``perform`` carries a request out."""

    def __init__(self, account: Mapping[str, str]) -> None:
        self.username = account["username"]
        self.api_key = account["api_key"]

    # From request to answer

    def owns(self, path: str) -> bool:
        """Whether the path is one of IAK's, with or without a slash at its end."""
        return path.rstrip("/") in {BILL_PATH, BALANCE_PATH}

    def answer(self, request: SandboxRequest) -> SandboxResponse:
        """The response to one request."""
        codec = Codec.JSON
        try:
            codec = self.codec_of(request)
            answer = self.perform(request, codec)
        except Refusal as refusal:
            answer = self.refused(refusal.reason, refusal.known, request.path.rstrip("/"))
        answer = self.finish(codec, answer)
        headers = (("Content-Type", self.content_type(codec)),)
        return SandboxResponse(answer.status, headers, self.write(codec, answer))

    def finish(self, codec: Codec, answer: Answer) -> Answer:  # noqa: ARG002 - changes wrap this
        """The answer as it leaves the service."""
        return answer

    def perform(self, request: SandboxRequest, codec: Codec) -> Answer:
        """Read the request and carry it out, or raise ``Refusal``."""
        raise NotImplementedError

    # Reading

    def codec_of(self, request: SandboxRequest) -> Codec:
        """The codec that the Content-Type names."""
        named = (request.header("Content-Type") or "").partition(";")[0].strip().lower()
        if named not in CONTENT_TYPES:
            raise Refusal(Reason.CONTENT_TYPE)
        return CONTENT_TYPES[named]

    def read(self, codec: Codec, body: bytes) -> Fields:
        """The fields of the request."""
        try:
            return codecs.read_json(body) if codec is Codec.JSON else codecs.read_xml(body)
        except Malformed as error:
            raise Refusal(Reason.MALFORMED) from error

    def complete(self, fields: Fields) -> Fields:
        """The fields with what the service adds of itself: nothing."""
        return fields

    def command_of(self, fields: Fields) -> str:
        """The command that the request names."""
        self.require_text("commands", fields)
        command: str = fields["commands"]
        if command not in {"inq-pasca", "pay-pasca", "checkstatus"}:
            raise Refusal(Reason.COMMAND, **self.known(fields))
        return command

    def require(self, command: str, fields: Fields) -> None:
        """Refuse a request that lacks a mandatory field, or has another type than String."""
        for name in MANDATORY[command]:
            if name == "tr_id" and type(fields.get(name)) is int:
                continue
            if name == "sign" and fields.get(name, "") == "":
                continue  # judged with the signature
            self.require_text(name, fields)

    def require_text(self, name: str, fields: Fields) -> None:
        """Refuse a request in which this field is absent, empty or no String."""
        if fields.get(name, "") == "":
            raise Refusal(Reason.MISSING, **self.known(fields))
        if not isinstance(fields[name], str):
            raise Refusal(Reason.TYPE, **self.known(fields))

    def known(self, fields: Fields) -> Fields:
        """The request's own values that a refusal repeats."""
        names = ("ref_id", "code", "hp")
        return {name: fields[name] for name in names if isinstance(fields.get(name), str)}

    # Signatures

    def authenticate(self, command: str, salt: str, fields: Fields) -> None:
        """Refuse a request of another user, or one that this user did not sign."""
        if not self.knows_username(fields["username"]):
            raise Refusal(Reason.USERNAME, **self.known(fields))
        sign = fields.get("sign")
        if not self.accepts_sign(command, salt, sign, fields):
            raise Refusal(Reason.SIGN if sign else Reason.NO_SIGN, **self.known(fields))

    def knows_username(self, username: str) -> bool:
        """Whether the account of that name exists."""
        return username == self.username

    def accepts_sign(self, command: str, salt: str, sign: str | None, fields: Fields) -> bool:  # noqa: ARG002 - changes wrap this
        """Whether the sign is the right one; it is None if the request has none."""
        return sign == self.sign(salt)

    def sign(self, salt: str) -> str:
        """md5(username + api_key + salt), in lower-case hexadecimal digits."""
        text = f"{self.username}{self.api_key}{salt}"
        return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()

    # Writing

    def refused(self, reason: Reason, known: Fields, path: str) -> Answer:
        """The answer to a request that is not carried out."""
        name = "rc" if path == BALANCE_PATH else "response_code"
        shown = {**known, name: self.code_of(reason), "message": self.message_of(reason)}
        return Answer(Kind.REFUSAL, reason, shown, self.http_status(reason))

    def code_of(self, reason: Reason) -> str:
        """The response code that says this."""
        return SAYINGS[reason].rc

    def message_of(self, reason: Reason) -> str:
        """The message that says this."""
        return SAYINGS[reason].message

    def http_status(self, reason: Reason) -> int:
        """The HTTP status of a refusal."""
        return SAYINGS[reason].http_status

    def content_type(self, codec: Codec) -> str:
        """The Content-Type of an answer."""
        return codec.value

    def envelope(self, fields: Fields) -> Fields:
        """What stands around the fields in JSON."""
        return {"data": fields, "meta": []}

    def write(self, codec: Codec, answer: Answer) -> bytes:
        """The body of an answer."""
        if codec is Codec.XML:
            return codecs.write_xml(answer.fields)
        return codecs.write_json(self.envelope(answer.fields))
