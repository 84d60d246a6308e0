"""Rupiah as the lists print it: ``Rp52.940``, ``Rp 52.000``, ``Rp 100000``, ``90500``."""

from __future__ import annotations

import re

_MONEY = re.compile(r"Rp ?(\d{4,}|\d{1,3}(\.\d{3})*)")


def amount_of(text: str | None) -> int | None:
    """The rupiah that a text says, or None if it is no amount with ``Rp`` before it."""
    if text is None or _MONEY.fullmatch(text) is None:
        return None
    return int(re.sub(r"\D", "", text))


def written_like(text: str, rupiah: int) -> str:
    """An amount in the hand of another one."""
    prefix = re.match(r"(Rp ?)?", text)
    plain = re.search(r"\d{4}", text) is not None or not text.startswith("Rp")
    digits = str(rupiah) if plain else f"{rupiah:,}".replace(",", ".")
    return f"{prefix.group() if prefix else ''}{digits}"
