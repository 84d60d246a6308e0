"""Rupiah as people write them: with Rp, dots, commas, decimals and a minus."""

from __future__ import annotations

import re

_MARKS = re.compile(r"^Rp\.?\s*|\s+|,-$", re.IGNORECASE)
_WHOLE = re.compile(r"[0-9]+|[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]{1,3}(?:,[0-9]{3})+")
_SEN = re.compile(r"(.*[0-9])[.,]([0-9]{1,2})")
_MOST_DIGITS = 18
"""No amount is longer; what is cannot be kept in the ledger either."""


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
        raise ValueError(f"{text[:40]!r} is no amount of whole rupiah")
    digits = re.sub(r"[.,]", "", bare)
    if len(digits) > _MOST_DIGITS:
        raise ValueError(f"{text[:40]!r} is longer than any amount")
    return sign * int(digits)
