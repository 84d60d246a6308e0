"""Why an answer is what it is, and the error that says so."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto


class Reason(Enum):
    """Every refusal that this service knows, and every cause of a failed order."""

    UNKNOWN_ORDER = auto()
    DUPLICATE = auto()
    UNKNOWN_PRODUCT = auto()
    UNAVAILABLE = auto()
    WRONG_NUMBER = auto()
    AUTHORIZATION = auto()
    SIGNATURE = auto()
    MALFORMED = auto()
    MISSING = auto()
    TYPE = auto()
    AMOUNT = auto()
    POOR = auto()
    PATH = auto()
    METHOD = auto()


@dataclass(frozen=True, slots=True)
class Saying:
    """How a reason is answered."""

    code: str
    detail: str
    http_status: int = 400


SAYINGS = {
    # These four, and S02 inside a failed order, are the provider's own.
    Reason.UNKNOWN_ORDER: Saying("P02", "Transaction is not found"),
    Reason.DUPLICATE: Saying("P03", "Duplicate Request ID, please check your system"),
    Reason.UNKNOWN_PRODUCT: Saying("P04", "Product not found"),
    Reason.UNAVAILABLE: Saying("S02", "Product is not available"),
    # No public page names the codes of the others: these are the sandbox's policy. P is the
    # family of the partner's errors, U the family of the user's.
    Reason.WRONG_NUMBER: Saying("U00", "Client number is not found"),
    Reason.AUTHORIZATION: Saying("P00", "Access token is missing, unknown or expired", 401),
    Reason.SIGNATURE: Saying("P00", "Signature is missing or does not match the body"),
    Reason.MALFORMED: Saying("P00", "The body is not a JSON:API document"),
    Reason.MISSING: Saying("P00", "A mandatory field is missing"),
    Reason.TYPE: Saying("P00", "The document has the wrong type"),
    Reason.AMOUNT: Saying("P00", "The amount is not the price"),
    Reason.POOR: Saying("P00", "The balance is not enough"),
    Reason.PATH: Saying("P00", "There is nothing at this path", 404),
    Reason.METHOD: Saying("P00", "The path does not know this method", 405),
}


class Refusal(Exception):  # noqa: N818 - it carries an answer through the service, nothing went wrong
    """Ends a request with the error of a reason."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.name)
        self.reason = reason
