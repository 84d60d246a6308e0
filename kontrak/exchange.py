"""What goes over the wire: one request, its reply and the time it took."""

from __future__ import annotations

from dataclasses import dataclass

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request, exactly as it is sent.

    ``summary`` is the same request in a person's words ("inq-pasca PLNPOSTPAID 530000000001").
    ``operation`` is the client's name for what it asks, with nothing of a customer in it ("" for
    what is not the provider's); ``right`` means that nothing in it was changed on purpose.
    """

    method: str
    url: str
    headers: Headers
    body: bytes
    summary: str
    operation: str = ""
    right: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """One HTTP reply. ``body`` is decoded from its content encoding, nothing else is changed."""

    status: int
    reason: str
    headers: Headers
    body: bytes

    def header(self, name: str) -> str | None:
        """The first header of that name, whatever its case."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and its reply. ``started_at`` is a Unix time, ``seconds`` the whole duration."""

    request: Request
    reply: Reply
    started_at: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Spend:
    """What a money-moving request may cost: declared before it is sent.

    ``rupiah`` is the amount the inquiry announced, ``reference`` the id by which the provider and
    we recognise the transaction (ref_id, tr_id). ``account`` names which of the target's accounts
    pays, "" being the usual one; ``their_id`` is the provider's own id where it has reported one.
    """

    rupiah: int
    product: str
    customer: str
    reference: str
    account: str = ""
    their_id: str = ""
