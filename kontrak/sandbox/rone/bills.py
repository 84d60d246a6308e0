"""What a customer number leads to, and the bill that waits under it.

The same number has the same bill every time, paid or not.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from enum import Enum, auto

from kontrak.sandbox.rone.products import BY_CODE, Part, Product
from kontrak.sandbox.rone.reasons import Reason, Refusal

NAMES = ("Siti Rahayu", "Budi Santoso", "Dewi Lestari", "Agus Wijaya", "Sri Wahyuni")


class Scenario(Enum):
    """What becomes of a purchase for a number, by the last sign of the number."""

    SUCCESS = auto()
    PENDING_SUCCESS = auto()
    PENDING_FAILED = auto()
    FAILED = auto()
    WRONG_NUMBER = auto()


ENDINGS = {
    "1": Scenario.PENDING_SUCCESS,
    "2": Scenario.PENDING_FAILED,
    "3": Scenario.FAILED,
    "4": Scenario.WRONG_NUMBER,
}


@dataclass(frozen=True, slots=True)
class Aim:
    """What is bought and for whom: ``part`` is what stands behind an ``@``, "" without one."""

    product: Product
    customer: str
    part: str

    @property
    def scenario(self) -> Scenario:
        """What a purchase of it leads to."""
        return ENDINGS.get(self.customer[-1:], Scenario.SUCCESS)


@dataclass(frozen=True, slots=True)
class Bill:
    """What is owed, in rupiah: ``tagihan`` without the admin fee. ``bl_th`` as in APR26."""

    nama: str
    bl_th: str
    tagihan: int
    admin: int

    @property
    def total(self) -> int:
        """What is to be paid."""
        return self.tagihan + self.admin


def aim_of(code: str, customer: str, *, part_required: bool) -> Aim:
    """Read a product code and a customer number, with what stands behind an ``@``.

    Raises ``Refusal`` for an unknown product, and for an ``@`` where the family has none. Without
    ``part_required`` a family may leave its part out: one month, this year, no fixed amount.
    """
    code, _, code_part = code.partition("@")
    customer, at, customer_part = customer.partition("@")
    product = BY_CODE.get(code)
    if product is None or not product.active:
        raise Refusal(Reason.UNKNOWN_PRODUCT)
    kind = product.part
    part = code_part if kind is not None and kind.in_product else customer_part
    stray = customer_part or at if kind is None or kind.in_product else code_part
    if stray or (kind is None and code_part):
        raise Refusal(Reason.FORMAT)
    if kind is not None and (part or part_required) and not _is_part(kind, part):
        raise Refusal(Reason.FORMAT)
    return Aim(product, customer, part)


def _is_part(kind: Part, part: str) -> bool:
    pattern = {
        Part.MONTHS: r"[1-9]|1[0-2]",
        Part.PLATE_YEAR: r"20[0-9]{2}",
        Part.YEAR: r"20[0-9]{2}",
        Part.NOMINAL: r"[1-9][0-9]{3,9}",
    }[kind]
    return re.fullmatch(pattern, part) is not None


def fits(aim: Aim) -> bool:
    """Whether the number can be one of the product's customers."""
    pattern = r"[A-Z0-9]{4,12}" if aim.product.part is Part.PLATE_YEAR else r"[0-9]{6,20}"
    return re.fullmatch(pattern, aim.customer) is not None


def bill_of(aim: Aim) -> Bill:
    """The bill of a customer."""
    seed = zlib.crc32(f"{aim.product.operator} {aim.customer}".encode())
    nama, tagihan = NAMES[seed % len(NAMES)], 50_000 + seed % 400_000
    if aim.customer == "546302215889":  # the documents' own customer
        nama, tagihan = "Anto", 300_000
    match aim.product.part:
        case Part.MONTHS:
            tagihan = 35_000 * (1 + seed % 4) * int(aim.part or 1)
        case Part.NOMINAL:
            tagihan = int(aim.part or 100_000)
        case Part.YEAR | Part.PLATE_YEAR:
            tagihan += 1_000 * (int(aim.part or 2026) - 2000)
        case None:
            pass
    return Bill(nama, "APR26", tagihan, aim.product.price)
