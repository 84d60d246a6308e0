"""Why an answer is what it is, and the response code, status and message that say so.

The document gives no list of codes; these are the ones of the family's public pages.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

SUKSES, GAGAL, PENDING = "Sukses", "Gagal", "Pending"


class Reason(Enum):
    """Every outcome that this service knows."""

    INQUIRED = auto()
    PAID = auto()
    INQUIRY_FAILED = auto()
    PAYMENT_FAILED = auto()
    PENDING = auto()
    MALFORMED = auto()
    METHOD = auto()
    COMMAND = auto()
    MISSING = auto()
    TYPE = auto()
    NO_SIGN = auto()
    SIGN = auto()
    USERNAME = auto()
    UNKNOWN_CODE = auto()
    POOR = auto()
    DUPLICATE = auto()
    NOT_INQUIRED = auto()
    NOT_PAID = auto()
    EXPIRED = auto()
    WRONG_NUMBER = auto()


@dataclass(frozen=True, slots=True)
class Saying:
    """How a reason is answered."""

    rc: str
    message: str
    status: str = GAGAL
    http_status: int = 200


SAYINGS = {
    Reason.INQUIRED: Saying("00", "Transaksi Sukses", SUKSES),
    Reason.PAID: Saying("00", "Transaksi Sukses", SUKSES),
    Reason.INQUIRY_FAILED: Saying("02", "Transaksi Gagal"),
    Reason.PAYMENT_FAILED: Saying("02", "Transaksi Gagal"),
    Reason.PENDING: Saying("03", "Transaksi Pending", PENDING),
    Reason.MALFORMED: Saying("40", "Payload Error", http_status=400),
    Reason.METHOD: Saying("40", "Payload Error", http_status=400),
    Reason.COMMAND: Saying("40", "Payload Error"),
    Reason.MISSING: Saying("40", "Payload Error"),
    Reason.TYPE: Saying("40", "Payload Error"),
    Reason.NO_SIGN: Saying("41", "Signature tidak valid"),
    Reason.SIGN: Saying("41", "Signature tidak valid"),
    Reason.USERNAME: Saying("42", "Gagal memproses API Buyer"),
    Reason.UNKNOWN_CODE: Saying("43", "SKU tidak di temukan atau Non-Aktif"),
    Reason.POOR: Saying("44", "Saldo tidak cukup"),
    Reason.DUPLICATE: Saying("49", "Ref ID tidak unik"),
    Reason.NOT_INQUIRED: Saying("50", "Transaksi Tidak Ditemukan"),
    Reason.NOT_PAID: Saying("50", "Transaksi Tidak Ditemukan"),
    Reason.EXPIRED: Saying("50", "Transaksi Tidak Ditemukan"),
    Reason.WRONG_NUMBER: Saying("54", "Nomor Tujuan Salah"),
}


class Refusal(Exception):  # noqa: N818 - it carries an answer through the service, nothing went wrong
    """Ends a request with the reason's response code."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.name)
        self.reason = reason
