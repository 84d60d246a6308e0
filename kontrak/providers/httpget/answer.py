"""An answer of the R-ONE HTTP-GET interface: a line of text, read leniently.

How exactly a text keeps its template has clauses of its own; whatever else is judged reads what it
needs from any text that says the same, so that one slip of the pen breaks one clause.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from kontrak.clauses.amounts import read_money
from kontrak.clauses.response_codes import Outcome
from kontrak.clauses.text_template import LONGEST_TEXT, Template
from kontrak.http.body import Answer
from kontrak.interface.settling import Reported
from kontrak.judging.expect import Blocked

COMMANDS: Mapping[str, tuple[str, ...]] = {
    "trx": ("TRX",),
    "cek": ("CEK",),
    "bayar": ("BAYAR",),
    # A status may repeat the last message of its transaction (001_c00a3ef8cdb59c68.txt:458).
    "status": ("STATUS", "TRX", "BAYAR"),
}
TEMPLATES: Mapping[str, tuple[str, ...]] = {
    "trx": ("trx",),
    "cek": ("cek",),
    "bayar": ("bayar",),
    "status": ("status", "status_bill", "trx", "bayar"),
}
_HEAD = re.compile(r"\s*([A-Z]+)\s+([^\s.]+)\.(\S+)\s+SUKSES\b")
_AMOUNT = r"\s*:\s*(?:Rp\.?\s*)?([0-9][0-9.,]*)"
"""The dot at the end of a text may be caught with it: ``_whole`` cuts it off."""
_AMOUNTS: Mapping[str, re.Pattern[str]] = {
    "price": re.compile(rf"\bHRG{_AMOUNT}"),
    "bill": re.compile(rf"\bTAGIHAN{_AMOUNT}"),
    "admin": re.compile(rf"\bADMIN{_AMOUNT}"),
    "total": re.compile(rf"\bTOTAL{_AMOUNT}"),
}
_AMOUNT_NAMES = {*_AMOUNTS, "balance"}
_MOST_DIGITS = 18
_SERIAL = re.compile(r"\bSN\s*:\s*(.+?)(?=\s+REFID|\.?\s*$)")
_REFERENCE = re.compile(r"\bREFID\s*:\s*([A-Za-z0-9_-]+)")
_PENDING = re.compile(r"PROSES|PROCESS|PENDING|MENUNGGU", re.IGNORECASE)
# "tidak dapat diproses" is a failure, whatever else it says.
_FAILED = re.compile(
    r"GAGAL|FAIL|TOLAK|REFUSED|DENIED|SALAH|TIDAK|\bTDK\b|INVALID|ERROR|DUPLI[CK]A|SUDAH PERNAH"
    r"|BATAL|CANCEL|KOSONG|GANGGUAN|KURANG|TUTUP|CLOSE",
    re.IGNORECASE,
)
_BALANCE = re.compile(r"saldo\s*=\s*(-?\s*(?:Rp\.?\s*)?-?[0-9][0-9.,]*)", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_JSON_AROUND = re.compile(r"^\s*[\[{].*?:\s*\"|\"?\s*[\]}]\s*$")


@dataclass(frozen=True, slots=True)
class TextAnswer(Answer):
    """A text together with what was asked.

    ``command`` is trx, cek, bayar, status or balance; ``asked`` holds the parameters;
    ``promised_by`` is the clause that promises success here.
    """

    command: str = "trx"
    asked: Mapping[str, str] = field(default_factory=dict)
    promised_by: str = "HTTPGET-TOPUP-SUCCESS"
    templates: Mapping[str, Template] = field(default_factory=dict, repr=False)
    texts: Mapping[str, Template] = field(default_factory=dict, repr=False)

    @property
    def text(self) -> str:
        """The text, without a line break at its end; what is not UTF-8 becomes U+FFFD."""
        text = self.exchange.reply.body.decode("utf-8", "replace")
        return text.removesuffix("\n").removesuffix("\r")

    @property
    def is_plain(self) -> bool:
        """Whether it is a text at all: something in UTF-8, and neither HTML nor JSON."""
        marks = {"\ufffd", "\0"} & set(self.text)
        return self.text.lstrip()[:1] not in ("", "<", "{", "[") and not marks

    @property
    def returned(self) -> str:
        """The text without the HTML or JSON that may stand around it, whatever its encoding.

        Empty for one that is longer than any text of this interface.
        """
        if self.is_plain:
            return self.text if len(self.text) <= LONGEST_TEXT else ""
        body = self.exchange.reply.body
        text = body.decode("utf-16", "replace") if b"\0" in body else self.text
        text = _TAG.sub("", text).strip()
        return _JSON_AROUND.sub("", text).strip() if len(text) <= LONGEST_TEXT else ""

    @property
    def values(self) -> Mapping[str, Any]:
        """What the text says: product, dest, price, bill, admin, serial, ref, where they stand."""
        returned = self.returned
        for name in TEMPLATES.get(self.command, ()):
            if self.templates[name].reads(returned):
                return dict(_amounts(self.templates[name].read(returned)))
        return self._read()

    def _read(self) -> dict[str, Any]:
        text = self.returned
        found: dict[str, Any] = {}
        head = _HEAD.match(text)
        if head is not None:
            found |= {"product": head[2], "dest": head[3]}
        for name, pattern in _AMOUNTS.items():
            amount = pattern.search(text)
            if amount is not None and (rupiah := _whole(amount[1])) is not None:
                found[name] = rupiah
        for name, pattern in (("serial", _SERIAL), ("ref", _REFERENCE)):
            word = pattern.search(text)
            if word is not None:
                found[name] = word[1]
        return found

    @property
    def is_success(self) -> bool:
        """Whether the text is one of success for what was asked, in its template or nearly so."""
        returned = self.returned
        if any(self.templates[name].reads(returned) for name in TEMPLATES.get(self.command, ())):
            return True
        head = _HEAD.match(returned)
        return head is not None and head[1] in COMMANDS.get(self.command, ())

    @property
    def outcome(self) -> Outcome:
        """What has become of the request; a text that says nothing known is a failure."""
        if self.is_success:
            return Outcome.SUCCESS
        returned = self.returned
        for name, outcome in (("pending", Outcome.PENDING), ("failed", Outcome.FAILED)):
            stated = self.texts.get(name)
            if stated is not None and stated.reads(returned):
                return outcome
        pending = _PENDING.search(returned) and not _FAILED.search(returned)
        return Outcome.PENDING if pending else Outcome.FAILED

    @property
    def is_explained(self) -> bool:
        """Whether the document, or the target, says what this text of a purchase means.

        A refusal by HTTP status leaves nothing to explain, whatever its text.
        """
        stated = self.texts.get("failed")
        failed = stated is not None and stated.reads(self.text)
        return failed or self.outcome is not Outcome.FAILED or self.status >= 400

    @property
    def reported(self) -> Reported:
        """What it reports of a purchase. A text that nothing explains may mean anything."""
        stated = self.texts.get("failed")
        unknown = self.outcome is Outcome.FAILED and not (stated and stated.reads(self.text))
        price = self.values.get("price") if self.is_success else None
        return Reported(
            None if unknown else self.outcome,
            explained=self.is_explained,
            debit=price if isinstance(price, int) else None,
            balance=self.saldo if self.is_success else None,
        )

    @property
    def saldo(self) -> int | None:
        """The amount of a balance, however it is written; None where there is none."""
        returned, template = self.returned, self.templates.get("balance")
        if template is not None and "balance" in template.fields and template.reads(returned):
            return dict(_amounts(template.read(returned))).get("balance")
        found = _BALANCE.search(returned)
        return _whole(found[1]) if found else None

    def require_success(self) -> Self:
        """This answer, or ``Blocked`` behind the clause that promises its success."""
        if not self.is_success:
            raise Blocked(self.promised_by)
        return self

    def value(self, name: str) -> Any:
        """A value of the text; ``Blocked`` behind its template's clause where it is not one."""
        found = self.values.get(name)
        if found is None:
            raise Blocked(self.text_clause)
        return found

    @property
    def text_clause(self) -> str:
        """The clause that judges how exactly this text keeps its template."""
        return {
            "trx": "HTTPGET-TOPUP-TEXT",
            # Which amounts a bill has to report is part of its family's own clause.
            "cek": self.promised_by,
            "status": self.promised_by,
            "balance": "HTTPGET-BALANCE-TEXT",
        }.get(self.command, "HTTPGET-BILL-TEXT")


def _whole(text: str) -> int | None:
    """Whole rupiah, however they are written; None for what is no amount or longer than any."""
    text = text.rstrip(".,")
    try:
        return read_money(text)
    except ValueError:
        digits = re.sub(r"\D", "", text)
        sign = -1 if "-" in text else 1
        return sign * int(digits) if 0 < len(digits) <= _MOST_DIGITS else None


def _amounts(values: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The values of a template, with amounts as numbers even where their field is a text."""
    for name, value in values.items():
        if name not in _AMOUNT_NAMES:
            yield name, value
        elif (rupiah := value if isinstance(value, int) else _whole(str(value))) is not None:
            yield name, rupiah
