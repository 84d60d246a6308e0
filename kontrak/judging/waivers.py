"""Waivers: deviations that are known, accepted by someone, and accepted until a date only.

A TOML file holds them (``schemas/waivers.json``), by default ``waivers.toml`` beside the target
file. A waiver covers one clause of one target, one shape of deviation, and at most 90 days. What it
covers is *waived*, never green; ``kontrak.judging.waiver_status`` says whether it still fits.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from kontrak.clauses.catalogue import find
from kontrak.config.paths import SCHEMAS
from kontrak.config.table_check import check_table
from kontrak.config.toml import read_toml
from kontrak.errors import CatalogueError, ConfigurationError
from kontrak.judging.deviation_shape import shape_of
from kontrak.masking.masker import MASK

NAME = "waivers.toml"
MOST_DAYS = 90


@dataclass(frozen=True, slots=True)
class Waiver:
    """One entry: who accepts which deviation, why, and until when (the last day, inclusive)."""

    clause: str
    provider: str
    target: str
    deviation: tuple[str, ...]
    owner: str
    reason: str
    ticket: str
    expires: date
    product: str = ""

    @property
    def place(self) -> tuple[str, str, str]:
        """What at most one entry of a file may be about: target, clause, product."""
        return self.target, self.clause, self.product

    def is_about(self, clause_id: str, test: str) -> bool:
        """Whether a test (pytest's id) of a clause is one of those it was written for."""
        return clause_id == self.clause and (not self.product or names_product(test, self.product))

    def covers(
        self, findings: Iterable[Mapping[str, str]], hide: Callable[[str], str] = str
    ) -> bool:
        """Whether these findings are the deviation that was accepted, or a part of it.

        ``hide`` shortens what is personal: a waiver and a run may show it or not, each by itself.
        """
        found = shape_of({name: hide(text) for name, text in one.items()} for one in findings)
        # The shape of a shortened name, as shape_of gives it.
        accepted = {hide(one).replace(MASK, "#") for one in self.deviation}
        return bool(found) and set(found) <= accepted

    def returned(self) -> str:
        """Who accepted it and until when, in a line."""
        return f"waived until {self.expires} by {self.owner} ({self.ticket}): {self.reason}"

    def to_json(self) -> dict[str, Any]:
        """The entry as ``conformance.json`` repeats it."""
        return {
            "clause": self.clause,
            "product": self.product,
            "provider": self.provider,
            "target": self.target,
            "deviation": list(self.deviation),
            "owner": self.owner,
            "reason": self.reason,
            "ticket": self.ticket,
            "expires": self.expires.isoformat(),
        }


@dataclass(frozen=True, slots=True)
class Waivers:
    """The waivers that hold for the target of a run. ``today`` is the run's day, UTC."""

    entries: tuple[Waiver, ...] = ()
    today: date = field(default_factory=lambda: datetime.now(UTC).date())

    def covering(
        self,
        clause_id: str,
        test: str,
        findings: Sequence[Mapping[str, str]],
        hide: Callable[[str], str] = str,
    ) -> Waiver | None:
        """The waiver that covers this test's findings, or None; ``hide`` as of ``covers``."""
        for one in self.entries:
            known = one.is_about(clause_id, test) and one.expires >= self.today
            if known and one.covers(findings, hide):
                return one
        return None

    def of(self, providers: Iterable[str]) -> list[Waiver]:
        """The waivers of the providers that a run judges."""
        chosen = set(providers)
        return [one for one in self.entries if one.provider in chosen]


def names_product(test: str, product: str) -> bool:
    """Whether the row of a parametrised test (``...[pln-success]``) names a product."""
    row = test.partition("[")[2].rpartition("]")[0]
    return f"-{product}-" in f"-{row}-"


def load_waivers(
    given: Path | None, target_file: Path | None, target: str, *, today: date | None = None
) -> Waivers:
    """The waivers of a target, from the file given or from ``waivers.toml`` beside its own.

    ``target`` is the target's name. Raises ``ConfigurationError`` naming file, key and remedy, also
    for entries of other targets: a file is right as a whole.
    """
    day = today or datetime.now(UTC).date()
    path = given or (target_file.parent / NAME if target_file else None)
    if path is None or (given is None and not path.exists()):
        return Waivers((), day)
    entries = read_waivers(path, today=day)
    return Waivers(tuple(one for one in entries if one.target == target), day)


def read_waivers(path: Path, *, today: date) -> list[Waiver]:
    """Every entry of a file, checked; ``ConfigurationError`` as ``load_waivers`` says."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ConfigurationError(
            f"cannot read the waivers {path}: {error.strerror}",
            hint="name an existing file, or let `kontrak waive` write one",
        ) from error
    return parse_waivers(content, path.name, today=today)


def parse_waivers(content: bytes, file: str, *, today: date) -> list[Waiver]:
    """The entries of a file's content; ``file`` is its name, for errors."""
    data = read_toml(content, file)
    rules = json.loads((SCHEMAS / "waivers.json").read_text(encoding="utf-8"))
    rows = data.get("waiver", [])
    if set(data) - {"waiver"} or not isinstance(rows, list):
        check_table(file, "", rules, data)
    rule = rules["$defs"]["waiver"]
    found: list[Waiver] = []
    for number, row in enumerate(rows, 1):
        found.append(_entry(file, number, row, rule, today))
        if found[-1].place in [one.place for one in found[:-1]]:
            raise ConfigurationError(
                f"{file}: waiver {number}: {found[-1].clause} stands twice",
                hint="keep one entry per target, clause and product",
            )
    return found


def _entry(file: str, number: int, row: Any, rule: dict[str, Any], today: date) -> Waiver:
    if not isinstance(row, dict):
        raise ConfigurationError(
            f"{file}: waiver {number} is not a table", hint="write [[waiver]] above its keys"
        )
    name = f"waiver {number} ({row['clause']})" if "clause" in row else f"waiver {number}"
    expires = row.get("expires")
    # A date of TOML is a date; a datetime is one too, and means its day.
    plain = expires.isoformat()[:10] if isinstance(expires, date) else expires
    fields = {**row, "expires": plain} if "expires" in row else dict(row)
    check_table(file, f"{name}.", rule, fields)
    day = _day(file, name, fields["expires"], today)
    try:
        clause = find(fields["clause"])
    except CatalogueError as error:
        raise ConfigurationError(
            f"{file}: {name}: clause: {error.sentence}", hint=error.hint
        ) from error
    if clause.provider != fields["provider"]:
        raise ConfigurationError(
            f"{file}: {name}: provider: {clause.id} is a clause of {clause.provider}",
            hint=f'write provider = "{clause.provider}"',
        )
    return Waiver(**{**fields, "expires": day, "deviation": tuple(fields["deviation"])})


def _day(file: str, name: str, text: str, today: date) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise ConfigurationError(
            f"{file}: {name}: expires: there is no day {text}", hint="write it as 2026-12-31"
        ) from error
    latest = today + timedelta(days=MOST_DAYS)
    if day > latest:
        raise ConfigurationError(
            f"{file}: {name}: expires: {day} is more than {MOST_DAYS} days ahead",
            hint=f"write a day up to {latest}; renew it with `kontrak waive` when it comes",
        )
    return day
