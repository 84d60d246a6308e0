"""The partner's price plan: categories and products. Prices are in whole rupiah."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto


class Part(Enum):
    """What stands behind the ``@`` of a bill family (001_c00a3ef8cdb59c68.txt:118, 366, 397, 428).

    The first two stand behind the customer number, the others behind the product code.
    """

    MONTHS = auto()
    PLATE_YEAR = auto()
    YEAR = auto()
    NOMINAL = auto()

    @property
    def in_product(self) -> bool:
        """Whether it stands behind the product code."""
        return self in {Part.YEAR, Part.NOMINAL}


@dataclass(frozen=True, slots=True)
class Category:
    """A category of products; ``type`` is the product group."""

    id: int
    code: str
    name: str
    type: str


@dataclass(frozen=True, slots=True)
class Product:
    """One product. ``price`` of a bill family is its admin fee; ``active`` ones are in the plan.

    ``part`` is what the family takes behind an ``@``.
    """

    code: str
    name: str
    operator: str
    category: Category
    price: int
    nominal: str = ""
    disturbed: bool = False
    empty: bool = False
    active: bool = True
    part: Part | None = None

    @property
    def is_bill(self) -> bool:
        """Whether it is paid after an inquiry."""
        return self.category.type == "PASCABAYAR"

    @property
    def is_open(self) -> bool:
        """Whether it can be bought now."""
        return not (self.disturbed or self.empty)


_PULSA = Category(22, "PULSA", "PULSA", "PRABAYAR")
_DATA = Category(23, "DATA", "PAKET DATA", "PRABAYAR")
_TOKEN = Category(24, "PLNTOKEN", "TOKEN PLN", "PRABAYAR")
_GAME = Category(25, "GAME", "VOUCHER GAME", "PRABAYAR")
_CARD = Category(31, "VFISIK", "VOUCHER FISIK", "VOUCHER FISIK")
_POWER = Category(41, "PLN", "TAGIHAN PLN", "PASCABAYAR")
_WATER = Category(42, "PDAM", "TAGIHAN AIR", "PASCABAYAR")
_HEALTH = Category(43, "BPJS", "IURAN BPJS", "PASCABAYAR")
_PHONE = Category(44, "TELEPON", "TAGIHAN TELEPON", "PASCABAYAR")
_OTHER = Category(45, "TAGIHAN", "TAGIHAN LAIN", "PASCABAYAR")

CATEGORIES = (_PULSA, _DATA, _TOKEN, _GAME, _CARD, _POWER, _WATER, _HEALTH, _PHONE, _OTHER)

_OPERATORS = {
    "I": ("INDOSAT", "INDOSAT SMS", 500),
    "T": ("THREE", "THREE", 1000),
    "S": ("TELKOMSEL", "SIMPATI", 275),
    "X": ("XL", "XL", 310),
    "A": ("AXIS", "AXIS", 290),
    "M": ("SMARTFREN", "SMARTFREN", 180),
}
_THOUSANDS = (1, 2, 3, 5, 10, 15, 20, 25, 30, 50, 75, 100)
_DISTURBED = {"I100", "S75"}
_EMPTY = {"X50", "A100"}
_INACTIVE = {"M1", "A2"}


def _credit() -> list[Product]:
    made = []
    for letter, (operator, name, margin) in _OPERATORS.items():
        for thousand in _THOUSANDS:
            short = f"{letter}{thousand}"
            made.append(
                Product(
                    code=f"IS{thousand}" if letter == "I" else short,
                    name=f"{name} {thousand}.000",
                    operator=operator,
                    category=_PULSA,
                    price=thousand * 1000 + margin,
                    nominal="" if letter == "I" else str(thousand * 1000),
                    disturbed=short in _DISTURBED,
                    empty=short in _EMPTY,
                    active=short not in _INACTIVE,
                )
            )
    return made


def _series(category: Category, operator: str, prefix: str, name: str, fee: int) -> list[Product]:
    return [
        Product(f"{prefix}{n}", f"{name} {n}", operator, category, n * 950 + fee, str(n * 1000))
        for n in (5, 12, 20, 50, 100)
    ]


def _bill(code: str, name: str, operator: str, category: Category, admin: int) -> Product:
    return Product(code, name, operator, category, admin)


_BILLS = (
    _bill("PLN", "PLN PASCABAYAR", "PLN", _POWER, 2750),
    _bill("PLNPASC", "PLN PASCABAYAR", "PLN", _POWER, 2750),
    _bill("PLNNONTGL", "PLN NON TAGLIS", "PLN", _POWER, 3000),
    _bill("PDAMKLT", "PDAM KLATEN", "PDAM", _WATER, 2000),
    Product("BPJSKS", "BPJS KESEHATAN", "BPJS", _HEALTH, 2500, part=Part.MONTHS),
    _bill("BPJSTKPU", "BPJS KETENAGAKERJAAN PU", "BPJS", _HEALTH, 2500),
    _bill("BPJSTKBPU", "BPJS KETENAGAKERJAAN BPU", "BPJS", _HEALTH, 2500),
    _bill("INDIHOME", "INDIHOME / TELEPON", "TELKOM", _PHONE, 2500),
    _bill("HALO", "TELKOMSEL HALO", "TELKOMSEL", _PHONE, 1500),
    _bill("MATRIX", "INDOSAT MATRIX", "INDOSAT", _PHONE, 1500),
    _bill("XPLOR", "XL XPLOR", "XL", _PHONE, 1500),
    _bill("SMARTFREEN", "SMARTFREN PASCABAYAR", "SMARTFREN", _PHONE, 1500),
    _bill("THREE", "THREE PASCABAYAR", "THREE", _PHONE, 1500),
    _bill("TOPTV", "TOP TV", "TOPTV", _OTHER, 2500),
    _bill("FNADIRA", "ADIRA FINANCE", "ADIRA", _OTHER, 3500),
    _bill("PGN", "GAS PGN", "PGN", _OTHER, 2500),
    _bill("PERTAGAS", "GAS PERTAGAS", "PERTAGAS", _OTHER, 2500),
    Product(
        "PKBJATENG", "PAJAK KENDARAAN JAWA TENGAH", "SAMSAT", _OTHER, 7500, part=Part.PLATE_YEAR
    ),
    Product("PBBKLT", "PBB KLATEN", "PBB", _OTHER, 3000, part=Part.YEAR),
    Product("KKBCA", "KARTU KREDIT BCA", "BCA", _OTHER, 4000, part=Part.NOMINAL),
)

PRODUCTS: tuple[Product, ...] = (
    *_credit(),
    *_series(_DATA, "TELKOMSEL", "SD", "TELKOMSEL DATA", 150),
    *_series(_DATA, "INDOSAT", "ID", "INDOSAT DATA", 125),
    *_series(_TOKEN, "PLN", "PLN", "TOKEN PLN", 250),
    *_series(_GAME, "GARENA", "FF", "FREE FIRE", 75),
    *_series(_GAME, "MOONTON", "ML", "MOBILE LEGENDS", 90),
    *_series(_CARD, "TELKOMSEL", "VS", "VOUCHER FISIK SIMPATI", 60),
    *_BILLS,
)
"""Every product, also the few that are no longer in the plan."""

BY_CODE = {product.code: product for product in PRODUCTS}
