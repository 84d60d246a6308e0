"""Reference ids: by which a provider and we recognise one transaction."""

from __future__ import annotations

import secrets
import time

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_TIME_LENGTH = 8  # milliseconds in base 36 keep 8 digits until the year 2059
_MIN_LENGTH = 16


def new_ref_id(length: int = 20) -> str:
    """A new id of ``length`` (16 or more) characters A-Z and 0-9.

    It is unique across threads, workers, runs and machines: the time in milliseconds, then chance
    (at least 41 bits per millisecond). Ids of different milliseconds sort by age.
    Raises ``ValueError`` for a shorter length.
    """
    if length < _MIN_LENGTH:
        raise ValueError(f"a reference id of {length} characters is not unique enough")
    room = length - _TIME_LENGTH
    chance = secrets.randbelow(len(_DIGITS) ** room)
    moment = time.time_ns() // 1_000_000
    return _base36(moment).rjust(_TIME_LENGTH, "0") + _base36(chance).rjust(room, "0")


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits
