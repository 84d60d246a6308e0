"""``kontrak waive``: write a waiver for what the last run saw fail."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.items import AoT, Table

from kontrak.clauses.catalogue import find
from kontrak.clauses.verdict import ExitCode, Verdict
from kontrak.config.files import write_whole
from kontrak.errors import ConfigurationError
from kontrak.judging.deviation_shape import shape_of
from kontrak.judging.waivers import Waiver, names_product, parse_waivers, read_waivers
from kontrak.masking.visible import echo

_BAD = (Verdict.FAILED.word, Verdict.WAIVED.word)


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What someone says when accepting a deviation; ``days`` is how long it holds from today."""

    owner: str
    reason: str
    ticket: str
    days: int
    product: str = ""
    today: date = field(default_factory=lambda: datetime.now(UTC).date())


def waive(folder: Path, clause_ids: Sequence[str], returned: Acceptance, *, file: Path) -> int:
    """Write an entry per clause into ``file`` and keep the rest of it as it is.

    ``folder`` holds the run's ``conformance.json``. An entry for the same target, clause and
    product is renewed. Raises ``ConfigurationError`` for a clause that did not fail in that run.
    """
    _require_text(returned)
    run = read_conformance(folder)
    entries = [_entry(run, clause_id, returned) for clause_id in dict.fromkeys(clause_ids)]
    if file.exists():
        read_waivers(file, today=returned.today)
    document = _document(file)
    for one in entries:
        _put(document, one)
    content = (tomlkit.dumps(document).rstrip("\n") + "\n").encode()
    parse_waivers(content, file.name, today=returned.today)
    write_whole(content, file)
    for one in entries:
        echo(f"{file.name}: {one.clause}: {one.returned()}")
    return ExitCode.CONFORMS


def _require_text(returned: Acceptance) -> None:
    """A terminal hands bytes that are not UTF-8 on as half surrogates, which no file can hold."""
    for name in ("owner", "reason", "ticket", "product"):
        try:
            getattr(returned, name).encode()
        except UnicodeEncodeError as error:
            raise ConfigurationError(
                f"--{name} is not text in UTF-8", hint="write it in UTF-8, as the terminal is set"
            ) from error


def _entry(run: Mapping[str, Any], clause_id: str, returned: Acceptance) -> Waiver:
    return Waiver(
        clause=clause_id,
        provider=find(clause_id).provider,
        target=run["target"]["name"],
        product=returned.product,
        deviation=_shape(run, clause_id, returned.product),
        owner=returned.owner,
        reason=returned.reason,
        ticket=returned.ticket,
        expires=returned.today + timedelta(days=returned.days),
    )


def read_conformance(folder: Path) -> dict[str, Any]:
    """The record of the last run in a folder; ``ConfigurationError`` when there is none."""
    path = folder / "conformance.json"
    try:
        data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigurationError(
            f"there is no readable conformance.json in {folder.name}/",
            hint="judge a target first with `kontrak run`, or name the folder of its results",
        ) from error
    return data


def _shape(run: Mapping[str, Any], clause_id: str, product: str) -> tuple[str, ...]:
    """The shape of what the run saw of a clause, in the tests of a product if one is named."""
    reported = next((one for one in run["clauses"] if one["id"] == find(clause_id).id), None)
    tests = [
        test
        for test in (reported["tests"] if reported else ())
        if not product or names_product(test["test"], product)
    ]
    findings = [one for test in tests if test["verdict"] in _BAD for one in test["findings"]]
    if not findings:
        what = f"{clause_id} ({product})" if product else clause_id
        failed = [one["id"] for one in run["clauses"] if one["verdict"] in _BAD]
        raise ConfigurationError(
            f"{what} did not fail in the last run, so there is nothing to waive",
            hint=f"failed were {', '.join(failed)}" if failed else "no clause failed in that run",
        )
    return shape_of(findings)


def _document(file: Path) -> tomlkit.TOMLDocument:
    if not file.exists():
        document = tomlkit.document()
        document.add(
            tomlkit.comment("Known deviations, accepted until a date: schemas/waivers.json")
        )
        return document
    # A blank line, so that what is appended stands apart.
    return tomlkit.parse(file.read_text(encoding="utf-8").rstrip("\n") + "\n\n")


def _put(document: tomlkit.TOMLDocument, waiver: Waiver) -> None:
    rows = document.setdefault("waiver", tomlkit.aot())
    assert isinstance(rows, AoT)  # noqa: S101 - read_waivers has checked the file
    place = waiver.target, waiver.clause, waiver.product
    for row in rows:
        if (row["target"], row["clause"], row.get("product", "")) == place:
            _fill(row, waiver)
            return
    row = tomlkit.table()
    _fill(row, waiver)
    rows.append(row)


def _fill(row: Table, waiver: Waiver) -> None:
    fields = waiver.to_json()
    if not waiver.product:
        del fields["product"]
    shape = tomlkit.array()
    shape.extend(fields["deviation"])
    fields |= {"deviation": shape.multiline(multiline=True), "expires": waiver.expires}
    for key, value in fields.items():
        row[key] = value
