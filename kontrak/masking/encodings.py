"""Finding known secrets in text, however they are spelt.

What a spelling adds or changes without changing the value is left out of the comparison: letter
case, blanks and line breaks, quotes, backslashes, NUL. Encodings are undone by
``kontrak.masking.layers``.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator

from kontrak.masking.layers import Reading, readings

SHORT = 8
"""Characters; a shorter value turns up by chance, so it counts where it stands as a value only."""

Span = tuple[int, int]

# ZERO WIDTH and other format signs are as invisible as blanks.
_LEFT_OUT = {
    *range(0x21),
    *map(ord, "\"'`\\+\x7f\x85\xa0\xad\u1680\u2028\u2029\u202f\u205f\u3000\ufeff"),
    *range(0x2000, 0x2010),
    *range(0x2060, 0x2065),
}
_TABLE = dict.fromkeys(_LEFT_OUT)
_MOST_NEW = 200
"""Forms; looking for more of them one by one takes longer than reading a text anew."""
_STEP = 9
_LONG = SHORT + _STEP - 1
"""From this length on every ninth place of a text is enough to find a value by eight characters."""


def bare(text: str) -> str:
    """A text without letter case and without what a spelling adds."""
    return text.translate(_TABLE).casefold()


class LongSecrets:
    """Values of at least 8 characters, found anywhere.

    A run learns thousands of signatures: looking a text's places up costs the same for one as for
    all.
    """

    def __init__(self) -> None:
        self._parts: dict[str, list[tuple[int, str]]] = {}
        self._few: dict[str, None] = {}
        self.forms: list[str] = []
        """Every form that is looked for in a bare text, in the order in which they were added."""

    def add(self, secret: str) -> None:
        """Find this value from now on."""
        for form in _forms(secret):
            if len(form) < SHORT or not form.strip("*"):
                continue
            if len(form) < _LONG:
                if form not in self._few:
                    self._few[form] = None
                    self.forms.append(form)
            elif (0, form) not in self._parts.get(form[:SHORT], ()):
                self.forms.append(form)
                for offset in range(_STEP):
                    part = form[offset : offset + SHORT]
                    self._parts.setdefault(part, []).append((offset, form))

    def spans(self, reading: Reading, text: str) -> Iterator[Span]:
        """Where values stand in a reading, whose bare text is given."""
        found = list(self._found(text))
        if not found:
            return
        if len(text) == len(reading.text):
            yield from found
            return
        kept = [
            place
            for place, sign in enumerate(reading.text)
            if ord(sign) not in _LEFT_OUT
            for _ in sign.casefold()
        ]
        for start, end in found:
            yield kept[start], kept[end - 1] + 1

    def _found(self, text: str) -> Iterator[Span]:
        for form in list(self._few):
            start = text.find(form)
            while start >= 0:
                yield start, start + len(form)
                start = text.find(form, start + 1)
        parts = self._parts
        places = range(0, len(text) - SHORT + 1, _STEP)
        for at in [each for each in places if text[each : each + SHORT] in parts]:
            for offset, form in list(parts[text[at : at + SHORT]]):
                if text.startswith(form, at - offset) and at >= offset:
                    yield at - offset, at - offset + len(form)


def _forms(secret: str) -> set[str]:
    found = {bare(secret)}
    if not secret.isascii():
        # Bytes that were read by another rule than they were written by.
        for codec in ("utf-16-le", "utf-16-be", "latin-1", "cp1252"):
            raw = secret.encode(codec, "replace")
            found |= {bare(raw.decode("latin-1")), bare(raw.decode("utf-8", "replace"))}
    if not re.fullmatch("[0-9a-f]{32,}", secret):
        found.add(bare(secret)[::-1])
    return found


_CREDENTIAL = (
    r"(?:pin|sandi|pass(?:word|wd|phrase)?|pwd|user(?:[ _-]?(?:name|id))?|member[ _-]?id|mmid|otp"
    r"|secret|token|api[ _-]?key|client[ _-]?id|rqid)"
)
_BETWEEN = r"(?:[\W_]|is|was|adalah|anda|kamu|your|yang|wrong|invalid|salah|string){1,16}?"
# Names under which a number is an amount, a count or a date, however like a PIN it looks.
_ORDINARY = re.compile(
    r".*(?:pri[cs]e|harga|hrg|nominal|amount|jumlah|admin|fee|saldo|balance|total|tagihan|denda"
    r"|penalty|bill|biaya|debit|[ck]redit|pokok|nilai|value|daya|meter|stand|period|tahun|tanggal"
    r"|date|time|year|count|page|lembar|commission|code|kode|\brc|status|length|number|nomor|size)"
    r".*",
    re.IGNORECASE | re.DOTALL,
)


class ShortSecrets:
    """Values of fewer than 8 characters, found where they stand as a value.

    One with a letter in it: as a word of its own. One of digits only, which may be any number:
    behind a credential's name, as the whole text of a member that is no amount or count, and in
    what was written as base64 or hexadecimal.
    """

    def __init__(self) -> None:
        self._values: dict[str, None] = {}
        self._words: re.Pattern[str] | None = None
        self._packed: re.Pattern[str] | None = None
        self._numbers: tuple[re.Pattern[str], ...] = ()

    def add(self, secret: str) -> None:
        """Find this value from now on."""
        if not secret.strip("* ") or secret in self._values:
            return
        self._values[secret] = None
        words = [one for one in self._values if not one.isdigit() and len(one) > 2]
        self._words = _token([*words, *(one for each in self._values for one in _coded(each))])
        self._packed = _token(self._values)
        numbers = _options(one for one in self._values if one.isdigit() or len(one) <= 2)
        self._numbers = tuple(
            re.compile(one, re.IGNORECASE)
            for one in (
                # Not of a number in JSON: the rule for its name puts quotes around the mask.
                rf"""(?<![^\W_]){_CREDENTIAL}(?!["']\s*:\s*\d){_BETWEEN}({numbers})(?![^\W_])""",
                rf"""["'](?P<name>[\w .-]{{1,40}})["']\s*:\s*b?["']\s*({numbers})\s*["']""",
                rf"<(?P<name>[\w:.-]{{1,40}})(?:\s[^<>]*)?>\s*({numbers})\s*</",
            )
            if numbers
        )

    @property
    def count(self) -> int:
        """How many values are known."""
        return len(self._values)

    def is_one(self, text: str) -> bool:
        """Whether a text is nothing but one of these values."""
        return text.strip() in self._values

    def spans(self, reading: Reading) -> Iterator[Span]:
        """Where values stand in a reading."""
        pattern = self._packed if reading.packed else self._words
        if pattern is not None:
            yield from (found.span() for found in pattern.finditer(reading.text))
        for number in self._numbers:
            for found in number.finditer(reading.text):
                name = found.groupdict().get("name")
                if name is None or not _ORDINARY.fullmatch(name):
                    yield found.span(number.groups)


def _coded(secret: str) -> Iterator[str]:
    """The value alone in base64 and hexadecimal: too short a run to be looked into."""
    raw = secret.encode("utf-8", "surrogatepass")
    whole = base64.b64encode(raw).decode("ascii").rstrip("=")
    yield from (one for one in (whole, raw.hex()) if len(one) > SHORT // 2)


def _options(values: Iterable[str]) -> str:
    return "|".join(re.escape(one) for one in sorted(values, key=len, reverse=True))


def _token(values: Iterable[str]) -> re.Pattern[str] | None:
    options = _options(values)
    return re.compile(rf"(?<![^\W_])(?:{options})(?![^\W_])", re.IGNORECASE) if options else None


class Secrets:
    """All values that are known to be secret."""

    def __init__(self) -> None:
        self._long = LongSecrets()
        self._short = ShortSecrets()

    def add(self, secret: str) -> None:
        """Find this value from now on."""
        (self._long if len(bare(secret)) >= SHORT else self._short).add(secret)

    @property
    def state(self) -> tuple[int, int]:
        """How many short values are known, and how many forms of long ones."""
        return self._short.count, len(self._long.forms)

    def may_be_new(self, bares: Iterable[str], since: tuple[int, int]) -> bool:
        """Whether what was learnt since a ``state`` stands in some bare texts, or may do so."""
        if self._short.count != since[0]:
            return True
        new = self._long.forms[since[1] :]
        return len(new) > _MOST_NEW or any(form in text for text in bares for form in new)

    def is_short_one(self, text: str) -> bool:
        """Whether a text is nothing but a short value."""
        return self._short.is_one(text)

    def spans(self, text: str, bares: list[str] | None = None) -> list[Span]:
        """Where values stand in a text, in order, overlapping ones as one.

        The bare texts of all that was read are added to ``bares``.
        """
        found: list[Span] = []
        for reading in readings(text):
            plain = bare(reading.text)
            if bares is not None:
                bares.append(plain)
            found += [reading.place(*span) for span in self._long.spans(reading, plain)]
            found += [reading.place(*span) for span in self._short.spans(reading)]
        return _joined(found)


def _joined(spans: Iterable[Span]) -> list[Span]:
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined
