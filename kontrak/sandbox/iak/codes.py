"""Why an answer is what it is, and the response code and message that say so."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto


class Reason(Enum):
    """Every outcome that this service knows."""

    INQUIRED = auto()
    PAID = auto()
    ALREADY_PAID = auto()
    REF_ID_FORMAT = auto()
    EXPIRED = auto()
    UNKNOWN_TR_ID = auto()
    UNKNOWN_REF_ID = auto()
    DUPLICATE = auto()
    WRONG_NUMBER = auto()
    POOR = auto()
    UNKNOWN_CODE = auto()
    PAID_BEFORE = auto()
    PAYMENT_FAILED = auto()
    PENDING = auto()
    UNPAID = auto()
    USERNAME = auto()
    NO_SIGN = auto()
    SIGN = auto()
    BALANCE_SIGN = auto()
    COMMAND = auto()
    TIME_OUT = auto()
    BILLER_ERROR = auto()
    MALFORMED = auto()
    MISSING = auto()
    TYPE = auto()
    CONTENT_TYPE = auto()
    METHOD = auto()


@dataclass(frozen=True, slots=True)
class Saying:
    """How a reason is answered."""

    rc: str
    message: str
    http_status: int = 200


SAYINGS = {
    Reason.INQUIRED: Saying("00", "INQUIRY SUCCESS"),
    Reason.PAID: Saying("00", "PAYMENT SUCCESS"),
    Reason.ALREADY_PAID: Saying("01", "INVOICE HAS BEEN PAID"),
    Reason.REF_ID_FORMAT: Saying("03", "INVALID REF ID"),
    Reason.EXPIRED: Saying("04", "BILLING ID EXPIRED"),
    Reason.UNKNOWN_TR_ID: Saying("06", "TRANSACTION NOT FOUND"),
    Reason.UNKNOWN_REF_ID: Saying("06", "TRANSACTION NOT FOUND"),
    Reason.DUPLICATE: Saying("11", "DUPLICATE REF ID"),
    Reason.WRONG_NUMBER: Saying("14", "INCORRECT DESTINATION NUMBER"),
    Reason.POOR: Saying("17", "BALANCE NOT ENOUGH"),
    Reason.UNKNOWN_CODE: Saying("20", "PRODUCT UNREGISTERED"),
    Reason.PAID_BEFORE: Saying("34", "BILL HAS BEEN PAID"),
    Reason.PAYMENT_FAILED: Saying("37", "PEMBAYARAN GAGAL"),
    Reason.PENDING: Saying("39", "PENDING / TRANSAKSI SEDANG DIPROSES"),
    Reason.UNPAID: Saying("42", "REQUEST PEMBAYARAN BELUM DITERIMA"),
    Reason.USERNAME: Saying("100", "INVALID SIGNATURE"),
    Reason.NO_SIGN: Saying("100", "INVALID SIGNATURE"),
    Reason.SIGN: Saying("100", "INVALID SIGNATURE"),
    # check-balance belongs to the prepaid interface, which has another code for this.
    Reason.BALANCE_SIGN: Saying("204", "WRONG AUTHENTICATION"),
    Reason.COMMAND: Saying("101", "INVALID COMMAND"),
    Reason.TIME_OUT: Saying("103", "TIMEOUT"),
    Reason.BILLER_ERROR: Saying("105", "MISC ERROR / BILLER SYSTEM ERROR"),
    Reason.MALFORMED: Saying("107", "FORMAT ERROR", 400),
    Reason.MISSING: Saying("107", "MANDATORY FIELD IS MISSING", 400),
    Reason.TYPE: Saying("107", "FIELD IS NOT A STRING", 400),
    Reason.CONTENT_TYPE: Saying("107", "UNKNOWN CONTENT TYPE", 400),
    Reason.METHOD: Saying("117", "PAGE NOT FOUND", 400),
}


class Refusal(Exception):  # noqa: N818 - it carries an answer through the service, nothing went wrong
    """Ends a request with the reason's response code.

    ``known`` holds the request's fields that the answer repeats.
    """

    def __init__(self, reason: Reason, **known: object) -> None:
        super().__init__(reason.name)
        self.reason = reason
        self.known = known
