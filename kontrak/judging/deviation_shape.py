"""The shape of a deviation: its findings without what varies from run to run.

Two runs that see the same deviation have the same shape, whatever the ref ids, amounts, dates and
customers. Places, types, response codes, HTTP statuses and a bare 0 stay: another one is another
deviation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from kontrak.masking.masker import MASK
from kontrak.masking.personal import HIDDEN

_MONTHS = (
    "jan(?:uar[iy])?|feb(?:ruar[iy])?|mar(?:et|ch)?|apr(?:il)?|mei|may|jun[ie]?|jul[iy]?"
    "|agu(?:s|stus)?|aug(?:ust)?|sep(?:t|tember)?|okt(?:ober)?|oct(?:ober)?|nov(?:ember)?"
    "|des(?:ember)?|dec(?:ember)?"
)
_TOKENS = re.compile(
    "|".join(
        (
            # a response code or an HTTP status says what kind of deviation it is
            r"(?P<code>\b(?:rc|response_code|http|status)\b(?:\s*=)?\s*[\"']?\d{1,3}\b[\"']?)",
            r"(?P<double>\"[^\"]*\")",
            r"(?P<single>'[^']*')",
            # a member's name, such as ref_1; a place such as data[3].total
            r"(?P<name>\b[a-z]+(?:_[a-z0-9]+)+\b)",
            r"(?P<index>\[\d+\])",
            rf"(?P<month>\b(?:{_MONTHS})\b(?=[ -]*\d)|(?<=\d)[ -]*(?:{_MONTHS})\b)",
            # an id: letters and digits together, at least eight of them
            r"(?P<id>\b(?=[a-z-]*\d)[a-z0-9][a-z0-9-]{6,}[a-z0-9]\b)",
            r"(?P<number>[-+]?\d(?:[\d.,]*\d)?)",
        )
    ),
    re.IGNORECASE,
)
# A customer's number, as reports show it.
_SHORTENED = re.compile(r"(?<![^\W_])[0-9]+\*{3,}[0-9]+(?![^\W_])")
# That nothing came, or was taken, is another kind than a wrong amount.
_NOTHING = re.compile(r"((?:^|= ))0(?= rupiah|$)")
_KEPT = frozenset({"code", "name"})
_PLAIN = {"double": '"..."', "single": "'...'", "index": "[]"}


def shape_of(findings: Iterable[Mapping[str, str]]) -> tuple[str, ...]:
    """The distinct shapes of some findings (``expected`` and ``received``), sorted."""
    return tuple(sorted({_line(one) for one in findings}))


def _line(finding: Mapping[str, str]) -> str:
    received = _plain(_NOTHING.sub(r"\1none", finding["received"].removesuffix(HIDDEN)))
    return f"expected {_plain(finding['expected'])}; received {received}"


def _plain(text: str) -> str:
    whole = _SHORTENED.sub("0", text)
    plain = _TOKENS.sub(_replaced, whole.replace(MASK, "#"))
    return " ".join(re.sub(r"#(?:[\s:/#.,-]*#)+", "#", plain).split())


def _replaced(found: re.Match[str]) -> str:
    kind = found.lastgroup or ""
    if kind in _KEPT or found[0] in ('""', "''"):
        return found[0]
    if kind in ("double", "single") and not re.search(r"\d", found[0]):
        # A word such as "Sukses" or "string" is no id.
        return found[0]
    return _PLAIN.get(kind, "#")
