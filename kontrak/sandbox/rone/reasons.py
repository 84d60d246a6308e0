"""Why an answer is what it is, and the response code and words that say so.

The documents name two codes, 00 and 94 (000_225173fa548c7a0b.txt:18 and :60). The others, and all
words, are this sandbox's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto


class Reason(Enum):
    """Every outcome that the platform knows."""

    SUCCESS = auto()
    PENDING = auto()
    FAILED = auto()
    WRONG_NUMBER = auto()
    DUPLICATE = auto()
    POOR = auto()
    UNKNOWN_PRODUCT = auto()
    CLOSED = auto()
    NO_INQUIRY = auto()
    MISMATCH = auto()
    EXPIRED = auto()
    UNKNOWN_REF = auto()
    CREDENTIALS = auto()
    MALFORMED = auto()
    MISSING = auto()
    FORMAT = auto()
    REPEATED = auto()
    PATH = auto()
    METHOD = auto()


@dataclass(frozen=True, slots=True)
class Saying:
    """How a reason is answered; ``http_status`` is that of the JSON interface."""

    rc: str
    message: str
    http_status: int = 200


SAYINGS = {
    Reason.SUCCESS: Saying("00", "success"),
    Reason.PENDING: Saying("68", "process"),
    Reason.FAILED: Saying("07", "TRANSAKSI GAGAL"),
    Reason.WRONG_NUMBER: Saying("14", "NOMOR TUJUAN SALAH"),
    Reason.DUPLICATE: Saying("94", "REF SUDAH DIGUNAKAN"),
    Reason.POOR: Saying("17", "SALDO TIDAK CUKUP"),
    Reason.UNKNOWN_PRODUCT: Saying("20", "PRODUK TIDAK DITEMUKAN"),
    Reason.CLOSED: Saying("06", "PRODUK SEDANG GANGGUAN"),
    Reason.NO_INQUIRY: Saying("42", "BELUM ADA CEK TAGIHAN"),
    Reason.MISMATCH: Saying("43", "TIDAK SAMA DENGAN CEK TAGIHAN"),
    Reason.EXPIRED: Saying("04", "CEK TAGIHAN KEDALUWARSA"),
    Reason.UNKNOWN_REF: Saying("40", "TRANSAKSI TIDAK DITEMUKAN"),
    Reason.CREDENTIALS: Saying("05", "AKSES DITOLAK", 401),
    Reason.MALFORMED: Saying("30", "FORMAT SALAH", 400),
    Reason.MISSING: Saying("30", "PARAMETER KURANG", 400),
    Reason.FORMAT: Saying("30", "PARAMETER SALAH", 400),
    Reason.REPEATED: Saying("30", "PARAMETER BERULANG", 400),
    Reason.PATH: Saying("30", "ALAMAT TIDAK DIKENAL", 404),
    Reason.METHOD: Saying("30", "METODE TIDAK DIIZINKAN", 405),
}


class Refusal(Exception):  # noqa: N818 - it carries an answer through the service, nothing went wrong
    """Ends a request for this reason."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.name)
        self.reason = reason
