"""The formats of the text values in result lists: recognised in examples, checked in answers.

A format says how a value is written, not what it means. Where several fit, the first of the table
is taken, so the table goes from narrow to wide.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from kontrak.clauses.amounts import digits_of

_MONTH = "(Januari|Februari|Maret|April|Mei|Juni|Juli|Agustus|September|Oktober|November|Desember)"
_MON = "(JAN|FEB|MAR|APR|MEI|MAY|JUN|JUL|AGU|AUG|SEP|OKT|OCT|NOV|DES|DEC)"
_DAY = r"(0[1-9]|[12]\d|3[01])(0[1-9]|1[0-2])(19|20)\d{2}"
# The examples name months that are short for both languages' names, and one English May.
_SHORT = "(Jan|Feb|Mar|Apr|Mei|May|Jun|Jul|Agu|Aug|Sep|Okt|Oct|Nov|Des|Dec)"

FORMATS: Mapping[str, str] = {
    "rp_plain": r"Rp ?\d{4,}",
    "rp_blank": r"Rp \d{1,3}(\.\d{3})*",
    "rp": r"Rp\d{1,3}(\.\d{3})*",
    "date": r"\d{4}-\d{2}-\d{2}",
    "date_dmy": r"\d{2}-\d{2}-\d{4}",
    "date_slash": r"\d{2}/\d{2}/\d{4}",
    "date_words": rf"\d{{1,2}} ({_MONTH}|{_SHORT}) \d{{4}}",
    "date_code": rf"\d{{2}}-?{_MON}-?\d{{2}}",
    "datetime_dash": r"\d{4}-\d{2}-\d{2} \d{2}-\d{2}-\d{2}",
    "datetime_words": rf"\d{{2}} {_SHORT} \d{{4}} \d{{2}}:\d{{2}}",
    "date_range": rf"{_DAY}-{_DAY}|\d{{1,2}} {_SHORT} \d{{4}} - \d{{1,2}} {_SHORT} \d{{4}}",
    "month": rf"{_MONTH} \d{{4}}",
    "month_code": rf"{_MON}\d{{2}}",
    "token": r"\d{4}( \d{4}){4}",
    "digits": r"\d+",
    "volume": r"\d+ [mM]3",
    "count": r"\d+ (orang|bulan|BULAN)",
    "meter_range": r"\d+-\d+( m3)?",
    "url": r"https?://\S+",
    "masked": r"(?s).*\*.*",
    "free": r"(?s).*",
}
"""Each format's regular expression, for the whole value."""

MONEY = frozenset({"rp", "rp_blank", "rp_plain"})
"""The three ways to write rupiah: ``Rp1.000``, ``Rp 1.000``, ``Rp 1000``."""

_OTHER_MONEY = re.compile(
    r"(?P<open>\()?(?P<minus>-)? ?Rp ?(?P<inner>-)?(?P<digits>\d{1,3}(\.\d{3})*|\d{4,})(,0{1,2})?"
    r"(?(open)\))"
)
"""Rupiah as no example shows it: taken off (``-Rp5.000``, ``(Rp5.000)``), or with ``,00``."""

OF_TIME = frozenset({"month", "month_code", "date", "date_dmy", "date_slash", "date_words"})
"""The formats of days and months, which may be those of several bills."""

STRICT_FORMATS = MONEY | {
    "date",
    "date_dmy",
    "date_slash",
    "date_words",
    "date_code",
    "datetime_dash",
    "datetime_words",
    "date_range",
    "month",
    "month_code",
    "token",
    "volume",
}
"""The formats that say enough of a value to hold an answer to them."""

UNKNOWN = "unknown"
"""The format of an entry that is empty in every example."""

_CALENDAR: Mapping[str, str] = {
    "date": "%Y-%m-%d",
    "date_dmy": "%d-%m-%Y",
    "date_slash": "%d/%m/%Y",
    "datetime_dash": "%Y-%m-%d %H-%M-%S",
}
_SEPARATOR = ", "


def is_strict_format(name: str) -> bool:
    """Whether an answer's value must be written in this format."""
    return name.removeprefix("list:") in STRICT_FORMATS


def recognise(value: str) -> str:
    """The format of an example's value; ``list:FORMAT`` for several of one format and ", "."""
    if not value:
        return UNKNOWN
    parts = value.split(_SEPARATOR)
    if len(parts) > 1:
        kinds = {_first(part) for part in parts} - {"free", "masked"}
        if len(kinds) == 1 and all(matches(min(kinds), part) for part in parts):
            return f"list:{min(kinds)}"
    return _first(value)


def _first(value: str) -> str:
    return next(name for name, pattern in FORMATS.items() if re.fullmatch(pattern, value))


def matches(name: str, value: str) -> bool:
    """Whether ``value`` is written in the format; dates must also exist in the calendar."""
    if name == UNKNOWN:
        return True
    if name.startswith("list:"):
        return all(matches(name[5:], part) for part in value.split(_SEPARATOR))
    if not re.fullmatch(FORMATS[name], value):
        return False
    return name not in _CALENDAR or _exists(value, _CALENDAR[name])


def _exists(value: str, pattern: str) -> bool:
    try:
        datetime.strptime(value, pattern)  # noqa: DTZ007 - a calendar check, no moment in time
    except ValueError:
        return False
    return True


def amount(value: str) -> int | None:
    """The number a value has: rupiah, a count with or without its unit, the sum of a list.

    ``None`` for an empty value and for text.
    """
    parts = [_number(part) for part in value.split(_SEPARATOR)]
    known = [part for part in parts if part is not None]
    return sum(known) if len(known) == len(parts) else None


def is_other_money(value: str) -> bool:
    """Whether it is rupiah in a style that no example has: taken off, or with two decimals."""
    return _OTHER_MONEY.fullmatch(value) is not None


def _number(value: str) -> int | None:
    if money := _OTHER_MONEY.fullmatch(value):
        less = bool(money["open"] or money["minus"] or money["inner"])
        number = digits_of(money["digits"])
        return -number if less and number is not None else number
    found = re.fullmatch(
        r"(?:Rp ?)?(\d+|\d{1,3}(?:\.\d{3})+)(?: (?:m3|M3|orang|bulan|BULAN))?", value
    )
    return digits_of(found[1]) if found else None


_MONTHS = ("jan", "feb", "mar", "apr", "mei", "jun", "jul", "agu", "sep", "okt", "nov", "des")
_ENGLISH = {"may": "mei", "aug": "agu", "oct": "okt", "dec": "des"}
_DATES = (
    r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})",
    r"(?P<day>\d{2})[-/](?P<month>\d{2})[-/](?P<year>\d{4})",
    r"(?P<day>\d{1,2}) (?P<month>[A-Za-z]+) (?P<year>\d{4})",
    r"(?P<day>\d{2})-?(?P<month>[A-Z]{3})-?(?P<year>\d{2})",
    r"(?P<month>[A-Za-z]+) (?P<year>\d{4})",
    r"(?P<month>[A-Z]{3})(?P<year>\d{2})",
    r"(?P<year>20\d{2})(?P<month>\d{2})",
)


def moment(value: str) -> tuple[int, ...] | None:
    """The year, month and (where it has one) day that a value names, however it is written."""
    for pattern in _DATES:
        if found := re.fullmatch(pattern, value):
            parts = found.groupdict()
            month = _month(parts["month"])
            year = int(parts["year"]) + (2000 if len(parts["year"]) == 2 else 0)
            day = (int(parts["day"]),) if "day" in parts else ()
            return None if month is None else (year, month, *day)
    return None


def _month(text: str) -> int | None:
    if text.isdecimal():
        return int(text) if 1 <= int(text) <= 12 else None
    short = text[:3].lower()
    short = _ENGLISH.get(short, short)
    return _MONTHS.index(short) + 1 if short in _MONTHS else None
