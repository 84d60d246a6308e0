"""What every command has in common: reading a request, its signature, writing an answer."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

from kontrak.sandbox import json_body
from kontrak.sandbox.digiswitch.codes import SAYINGS, Reason, Refusal
from kontrak.sandbox.digiswitch.transactions import Transaction
from kontrak.sandbox.http import SandboxRequest, SandboxResponse
from kontrak.sandbox.json_body import Fields, Malformed

PATH = "/v1/user/api/transaction"
COMMANDS = ("inq-pasca", "pay-pasca", "status-pasca")
MANDATORY = ("command", "username", "code", "customer_no", "ref_id", "sign")
ECHOED = ("ref_id", "customer_no", "code")


class Kind(Enum):
    """Which command an answer is for; ``REFUSAL``: one that was not carried out."""

    INQUIRY = auto()
    PAYMENT = auto()
    STATUS = auto()
    REFUSAL = auto()


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer before it is written. ``reason`` is why it is what it is."""

    kind: Kind
    reason: Reason
    fields: Fields
    status: int = 200
    transaction: Transaction | None = field(default=None, compare=False)


class DigiswitchInterface:
    """The way from a request to its answer; ``perform`` carries the request out."""

    def __init__(self, account: Mapping[str, str]) -> None:
        self.username = account["username"]
        self.api_key = account["api_key"]

    def owns(self, path: str) -> bool:
        """Whether the path is the interface's, with or without a slash at its end."""
        return path.rstrip("/") == PATH

    def answer(self, request: SandboxRequest) -> SandboxResponse:
        """The response to one request."""
        fields: Fields = {}
        try:
            self.require_post(request.method)
            fields = self.complete(self.read(request.body))
            answer = self.perform(fields)
        except Refusal as refusal:
            answer = self.refused(refusal.reason, fields)
        answer = self.finish(answer)
        headers = (("Content-Type", self.content_type()),)
        return SandboxResponse(answer.status, headers, self.write(answer))

    def perform(self, fields: Fields) -> Answer:
        """Carry the request out, or raise ``Refusal``."""
        raise NotImplementedError

    # Reading

    def require_post(self, method: str) -> None:
        """Refuse any other method."""
        if method != "POST":
            raise Refusal(Reason.METHOD)

    def read(self, body: bytes) -> Fields:
        """The fields of the request."""
        try:
            return json_body.read_json(body)
        except Malformed as error:
            raise Refusal(Reason.MALFORMED) from error

    def complete(self, fields: Fields) -> Fields:
        """The fields with what the service adds of itself: nothing."""
        return fields

    def command_of(self, fields: Fields) -> str:
        """The command that the request names."""
        self.require_text("command", fields)
        command: str = fields["command"]
        if command not in COMMANDS:
            raise Refusal(Reason.COMMAND)
        return command

    def require(self, fields: Fields) -> None:
        """Refuse a request that lacks a mandatory field, or has a field of another type."""
        for name in MANDATORY:
            if name == "sign" and fields.get(name, "") == "":
                continue  # judged with the signature
            self.require_text(name, fields)
        if "testing" in fields and not isinstance(fields["testing"], bool):
            raise Refusal(Reason.TYPE)

    def require_text(self, name: str, fields: Fields) -> None:
        """Refuse a request in which this field is absent, empty or no String."""
        if fields.get(name, "") == "":
            raise Refusal(Reason.MISSING)
        if not isinstance(fields[name], str):
            raise Refusal(Reason.TYPE)

    # Signatures

    def authenticate(self, command: str, fields: Fields) -> None:
        """Refuse a request of another user, or one that this user did not sign."""
        if not self.knows_username(fields["username"]):
            raise Refusal(Reason.USERNAME)
        sign = fields.get("sign")
        if not self.accepts_sign(command, fields["ref_id"], sign, fields):
            raise Refusal(Reason.SIGN if sign else Reason.NO_SIGN)

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

    def finish(self, answer: Answer) -> Answer:
        """The answer as it leaves the service."""
        return answer

    def refused(self, reason: Reason, fields: Fields) -> Answer:
        """The answer to a request that is not carried out: what it asked, and why not."""
        echoed = {name: fields[name] for name in ECHOED if isinstance(fields.get(name), str)}
        return Answer(Kind.REFUSAL, reason, self.returned(echoed, reason), self.http_status(reason))

    def returned(self, fields: Fields, reason: Reason) -> Fields:
        """The fields with the message, status and rc that say the reason."""
        return fields | {
            "message": self.message_of(reason),
            "status": self.status_of(reason),
            "rc": self.code_of(reason),
        }

    def code_of(self, reason: Reason) -> str:
        """The response code that says this."""
        return SAYINGS[reason].rc

    def message_of(self, reason: Reason) -> str:
        """The message that says this."""
        return SAYINGS[reason].message

    def status_of(self, reason: Reason) -> str:
        """The status that says this: Sukses, Gagal or Pending."""
        return SAYINGS[reason].status

    def http_status(self, reason: Reason) -> int:
        """The HTTP status of a refusal."""
        return SAYINGS[reason].http_status

    def content_type(self) -> str:
        """The Content-Type of every answer."""
        return "application/json"

    def envelope(self, fields: Fields) -> Fields:
        """What stands around the fields."""
        return {"data": fields}

    def write(self, answer: Answer) -> bytes:
        """The body of an answer."""
        return json_body.write_json(self.envelope(answer.fields))
