"""The interface as a door: from a request to an answer, and from an answer to a response.

Every step is a method of its own, because faults and variants wrap them one by one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any
from urllib.parse import parse_qsl

from kontrak.sandbox.clock import Clock
from kontrak.sandbox.http import Pairs, SandboxRequest, SandboxResponse
from kontrak.sandbox.tokopedia.bills import Bill
from kontrak.sandbox.tokopedia.catalogue import HOME
from kontrak.sandbox.tokopedia.codes import SAYINGS, Reason, Refusal
from kontrak.sandbox.tokopedia.orders import Order
from kontrak.sandbox.tokopedia.signing import accepts, private_key, public_key, signed
from kontrak.sandbox.tokopedia.tokens import Tokens, basic, bearer, same

TOKEN_PATH = "/token"  # noqa: S105 - a path
PING, ACCOUNT_PATH = "/api/ping", "/api/v2/account"
PRODUCTS, INQUIRY, ORDER = "/api/v2/product-list", "/api/v2/inquiry", "/api/v2/order"
METHODS = {
    TOKEN_PATH: "POST",
    PING: "GET",
    ACCOUNT_PATH: "GET",
    PRODUCTS: "GET",
    INQUIRY: "POST",
    ORDER: "POST",
}
TOKEN_SECONDS = 86_400

Document = dict[str, Any]
"""A JSON document; amounts in rupiah."""


class Kind(Enum):
    """What an answer is about; every refusal is a ``REFUSAL``."""

    TOKEN = auto()
    PING = auto()
    ACCOUNT = auto()
    PRODUCTS = auto()
    INQUIRY = auto()
    CHECKOUT = auto()
    STATUS = auto()
    REFUSAL = auto()


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer before it is written. ``path`` is what was asked, ``reason`` why it was refused."""

    kind: Kind
    document: Document
    status: int = 200
    path: str = ""
    reason: Reason | None = None
    bill: Bill | None = field(default=None, compare=False)
    order: Order | None = field(default=None, compare=False)

    @property
    def product(self) -> str:
        """The code of the product it is about, or ""."""
        return self.bill.asked.product.code if self.bill else ""


class TokopediaInterface:
    """What every request has in common; ``perform`` carries it out."""

    def __init__(self, account: Mapping[str, str], clock: Clock) -> None:
        self.client_id = account["client_id"]
        self.client_secret = account["client_secret"]
        self.partner_key = public_key(account["partner_public_key"])
        self.own_key = private_key((HOME / "keys/provider-private.pem").read_bytes())
        self.clock = clock
        self.tokens = Tokens(clock)

    # From request to response

    def owns(self, path: str) -> bool:
        """Whether the path is one of this interface's, with or without a slash at its end."""
        return path.rstrip("/") in METHODS or path.startswith(f"{ORDER}/")

    def answer(self, request: SandboxRequest) -> SandboxResponse:
        """The response to one request."""
        path = request.path.rstrip("/")
        try:
            answer = self.perform(request, path)
        except Refusal as refusal:
            answer = self.refused(refusal.reason, path)
        answer = self.finish(answer)
        body = self.write(answer)
        return SandboxResponse(answer.status, self.headers(answer, body), body)

    def perform(self, request: SandboxRequest, path: str) -> Answer:
        """Carry the request out, or raise ``Refusal``."""
        raise NotImplementedError

    def finish(self, answer: Answer) -> Answer:
        """The answer as it leaves the service."""
        return answer

    def refused(self, reason: Reason, path: str) -> Answer:
        """The answer to a request that is not carried out."""
        document = {"errors": [self.error(reason)]}
        return Answer(Kind.REFUSAL, document, self.http_status(reason), path, reason)

    def error(self, reason: Reason) -> dict[str, str]:
        """The error that says this."""
        saying = SAYINGS[reason]
        return {
            "code": saying.code,
            "detail": saying.detail,
            "status": str(self.http_status(reason)),
        }

    def http_status(self, reason: Reason) -> int:
        """The HTTP status of a refusal."""
        return SAYINGS[reason].http_status

    def write(self, answer: Answer) -> bytes:
        """The body of an answer."""
        return json.dumps(answer.document, separators=(",", ":")).encode("ascii")

    def headers(self, answer: Answer, body: bytes) -> Pairs:
        """The headers of an answer: order details, also refused ones, are signed."""
        headers = (("Content-Type", self.content_type(answer)),)
        if not answer.path.startswith(f"{ORDER}/"):
            return headers
        signature = self.sign(answer, body)
        return headers if signature is None else (*headers, ("Signature", signature))

    def content_type(self, answer: Answer) -> str:  # noqa: ARG002 - changes wrap this
        """The Content-Type of an answer."""
        return "application/json"

    # Who asks

    def token(self, request: SandboxRequest) -> Answer:
        """POST /token: an access token for the client's credentials."""
        form = dict(parse_qsl(request.body.decode("utf-8", "replace")))
        given = basic(request.header("Authorization"))
        if given is None or not self.knows_client(*given):
            return Answer(Kind.REFUSAL, {"error": "invalid_client"}, 401, TOKEN_PATH)
        if form.get("grant_type") != "client_credentials":
            return Answer(Kind.REFUSAL, {"error": "unsupported_grant_type"}, 400, TOKEN_PATH)
        seconds = self.token_seconds()
        document = {
            "access_token": self.tokens.issue(seconds),
            "expires_in": seconds,
            "token_type": "Bearer",
        }
        return Answer(Kind.TOKEN, document, path=TOKEN_PATH)

    def knows_client(self, client_id: str, client_secret: str) -> bool:
        """Whether these are the account's credentials."""
        return same(client_id, self.client_id) and same(client_secret, self.client_secret)

    def token_seconds(self) -> int:
        """How long a token lives."""
        return TOKEN_SECONDS

    def authorize(self, request: SandboxRequest) -> None:
        """Refuse a request without a valid token."""
        token = bearer(request.header("Authorization"))
        if not self.accepts_token(token, request):
            raise Refusal(Reason.AUTHORIZATION)

    def accepts_token(self, token: str | None, request: SandboxRequest) -> bool:  # noqa: ARG002 - changes wrap this
        """Whether the token is valid; it is None if the request has none."""
        return token is not None and self.tokens.knows(token)

    def accepts_signature(self, signature: str | None, body: bytes) -> bool:
        """Whether the signature is the partner's over this body; None if there is none."""
        return accepts(self.partner_key, signature, body)

    def sign(self, answer: Answer, body: bytes) -> str | None:  # noqa: ARG002 - changes wrap this
        """The signature of an answer, or None to leave it out."""
        return signed(self.own_key, body)

    # What is asked

    def document(self, wanted: str, body: bytes) -> Document:  # noqa: ARG002 - changes wrap this
        """The ``data`` of the request's document, with attributes; it is to be of this type."""
        try:
            data = json.loads(body.decode("utf-8"))["data"]
            attributes = data["attributes"]
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise Refusal(Reason.MALFORMED) from error
        if not isinstance(data, dict) or not isinstance(attributes, dict):
            raise Refusal(Reason.MALFORMED)
        return data
