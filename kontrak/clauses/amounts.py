"""Amounts in rupiah: read from what a provider sends, bounded before they are converted."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from kontrak.masking.masker import shorten

_THOUSANDS = re.compile(r"-?[0-9]{1,3}(?:(?:\.[0-9]{3})+|(?:,[0-9]{3})+)")
_MARKS = re.compile(r"^Rp\.?\s*|\s+|,-$", re.IGNORECASE)
_WHOLE = re.compile(r"[0-9]+|[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]{1,3}(?:,[0-9]{3})+")
_SEN = re.compile(r"(.*[0-9])[.,]([0-9]{1,2})")
_MOST_DIGITS = 18
"""No amount is longer; what is cannot be kept in the ledger either."""

LARGEST = 10**15 - 1
"""The largest amount that is read as one, in rupiah: fifteen digits, which a float holds too."""
LONGEST = 40
"""How many characters a number has at most."""
_SMALLEST_EXPONENT = -LONGEST


def as_number(found: object) -> Decimal | None:
    """A typed number, or digits in a string, as an exact number; None for anything else.

    None too for a number beyond ``LARGEST`` or of more than 40 characters: to convert one costs
    time and memory without bound, and no amount is that large.
    """
    if isinstance(found, bool) or not isinstance(found, int | float | str | Decimal):
        return None
    if isinstance(found, str) and len(found.strip()) > LONGEST:
        return None
    if isinstance(found, int) and abs(found) > LARGEST:
        return None
    try:
        number = Decimal(str(found))
    except InvalidOperation:
        return None
    if not number.is_finite() or number.adjusted() > LONGEST or abs(number) > LARGEST:
        return None
    exponent = number.as_tuple().exponent
    return number if isinstance(exponent, int) and exponent >= _SMALLEST_EXPONENT else None


def digits_of(text: str) -> int | None:
    """The amount that the digits of a text write, whatever separates them; None without a digit.

    None too for an amount beyond ``LARGEST``.
    """
    digits = re.sub(r"[^0-9]", "", text[: 2 * LONGEST])
    if not digits or len(text) > 2 * LONGEST:
        return None
    number = int(digits)
    return number if number <= LARGEST else None


def whole_rupiah(found: object) -> int | None:
    """An amount without sen, typed or in digits; None for anything else."""
    number = as_number(found)
    return int(number) if number is not None and number == number.to_integral_value() else None


def as_amount(found: object, *, may_be_empty: bool = False) -> Decimal | None:
    """An amount in rupiah as bills write it; None where it cannot be read.

    Beside what ``as_number`` reads, points or commas between thousands, and, where
    ``may_be_empty``, an empty text as 0: a fee that there is not. Whether an amount may be written
    so is the matter of a clause; it is read so that the sums can be judged all the same.
    """
    if not isinstance(found, str):
        return as_number(found)
    if may_be_empty and not found.strip():
        return Decimal(0)
    if _THOUSANDS.fullmatch(found.strip()):
        found = found.replace(".", "").replace(",", "")
    return as_number(found)


def read_money(text: str) -> int:
    """The whole rupiah of ``1000``, ``Rp1.000``, ``1,000.00``, ``1.000,-`` or ``-Rp 1.000``.

    A last group of one or two digits is sen, any other a thousand. Raises ``ValueError`` where the
    text is no amount, where it has sen, and where it is longer than any amount.
    """
    bare = text.strip()
    sign = -1 if "-" in bare.removesuffix(",-") else 1
    bare = _MARKS.sub("", bare.removesuffix(",-").replace("-", "", 1).strip())
    sen = _SEN.fullmatch(bare)
    if sen is not None and int(sen[2]) == 0:
        bare = sen[1]
    if len(bare) > _MOST_DIGITS * 2 or _WHOLE.fullmatch(bare) is None:
        raise ValueError(f"{shorten(text, 40)!r} is no amount of whole rupiah")
    digits = re.sub(r"[.,]", "", bare)
    if len(digits) > _MOST_DIGITS:
        raise ValueError(f"{shorten(text, 40)!r} is longer than any amount")
    return sign * int(digits)
