"""Clauses: the testable promises of the documents, and the decorator by which tests cite them.

``suites/<provider>/clauses.toml`` holds them; ``schemas/clauses.json`` says what such a file may
contain. A test cites its clause with ``@clause("IAK-AMOUNT-PRICE")``, a parametrised test one per
row with ``cited("IAK-JSON-PRICE", ...)``; both look the id up while the module is imported.
"""

from __future__ import annotations

import difflib
import json
import tomllib
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

import pytest
from _pytest.mark.structures import ParameterSet
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from kontrak.clauses.verdict import Strength
from kontrak.config.paths import SCHEMAS, SUITES, require_data
from kontrak.config.registry import PROVIDERS
from kontrak.errors import CatalogueError

Test = TypeVar("Test", bound=Callable[..., object])


@dataclass(frozen=True, slots=True)
class Clause:
    """One testable promise of a document.

    ``source`` cites it as ``file:line`` (several, parted by "; "). ``shape`` and ``at`` are set
    where a JSON Schema judges it: the shape's name and the place in the answer, as in
    ``data.desc.tagihan.detail[].total``. ``untested`` is the reason why no test judges it.
    ``text_id`` and ``section_id`` are sentence and section in Indonesian.
    """

    id: str
    provider: str
    file: str
    section: str
    text: str
    source: str
    strength: Strength
    kind: str
    text_id: str
    section_id: str
    shape: str | None = None
    at: str | None = None
    untested: str | None = None


@cache
def clauses(provider: str) -> dict[str, Clause]:
    """The clauses of one provider by id, in the order of its file.

    Raises ``CatalogueError`` naming file and key when the file breaks ``schemas/clauses.json``.
    """
    require_data()
    path = SUITES / provider / "clauses.toml"
    name = f"suites/{provider}/clauses.toml"
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise CatalogueError(f"{name} does not exist", hint="add the provider's clauses") from error
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(
            f"{name} is not TOML: {error}", hint="fix the TOML syntax on that line"
        ) from error
    _check(name, data)
    sections = data["sections"]
    found: dict[str, Clause] = {}
    for row in data["clause"]:
        if row["id"] in found:
            raise CatalogueError(f"{name}: {row['id']} stands twice", hint="ids are unique")
        if not row["id"].startswith(f"{provider.upper()}-"):
            raise CatalogueError(
                f"{name}: {row['id']} does not begin with {provider.upper()}-", hint="rename it"
            )
        if row["file"] not in sections or row["file"] not in data["sections_id"]:
            raise CatalogueError(
                f"{name}: {row['id']}: file {row['file']!r} has no line in [sections]",
                hint="add the section's name under [sections], in Indonesian under [sections_id]",
            )
        found[row["id"]] = Clause(
            **{**row, "strength": Strength(row["strength"]), "provider": provider},
            section=sections[row["file"]],
            section_id=data["sections_id"][row["file"]],
        )
    return found


def all_clauses(providers: Collection[str] = PROVIDERS) -> Iterator[Clause]:
    """Every clause of some providers, in the order of the provider table."""
    for key in PROVIDERS:
        if key in providers:
            yield from clauses(key).values()


def find(clause_id: str) -> Clause:
    """The clause of that id; ``CatalogueError`` suggests the nearest one.

    An id begins with its provider's key in capitals, so one provider's file is enough to look in.
    """
    provider = clause_id.partition("-")[0].lower()
    if provider not in PROVIDERS:
        prefixes = ", ".join(f"{key.upper()}-" for key in PROVIDERS)
        raise CatalogueError(
            f"no clause has the id {clause_id}", hint=f"an id begins with one of {prefixes}"
        )
    known = clauses(provider)
    if clause_id in known:
        return known[clause_id]
    near = difflib.get_close_matches(clause_id, known, n=1)
    hint = f"did you mean {near[0]}?" if near else "see `kontrak clauses` for the ids"
    raise CatalogueError(f"no clause has the id {clause_id}", hint=hint)


def clause(clause_id: str) -> Callable[[Test], Test]:
    """Cite the clause that a test judges."""
    return pytest.mark.clause(find(clause_id).id)


def cited(clause_id: str, *values: object, id: str | None = None) -> ParameterSet:  # noqa: A002 - pytest's own name
    """One row of a parametrised test, citing its clause."""
    return pytest.param(*values, id=id or clause_id, marks=pytest.mark.clause(find(clause_id).id))


@cache
def of_shape(provider: str, shape: str) -> tuple[Clause, ...]:
    """The clauses that the schema of one shape judges."""
    return tuple(one for one in clauses(provider).values() if one.shape == shape)


@cache
def _rules() -> Draft202012Validator:
    schema = json.loads((SCHEMAS / "clauses.json").read_text(encoding="utf-8"))
    return Draft202012Validator(schema)


def _check(name: str, data: dict[str, Any]) -> None:
    error = best_match(_rules().iter_errors(data))
    if error is None:
        return
    place = ".".join(str(part) for part in error.absolute_path) or "the file"
    row = error.absolute_path[1] if len(error.absolute_path) > 1 else None
    if error.absolute_path and error.absolute_path[0] == "clause" and isinstance(row, int):
        place = f"{data['clause'][row].get('id', f'clause {row + 1}')}: {place}"
    raise CatalogueError(f"{name}: {place}: {error.message}", hint="see schemas/clauses.json")
