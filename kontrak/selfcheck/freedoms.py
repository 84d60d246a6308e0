"""What no document forbids: derived faults that may survive, each with its reason, as data.

``suites/<provider>/freedoms.toml`` lists them; ``schemas/freedoms.json`` says what it may contain.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from kontrak.config.paths import SCHEMAS, SUITES
from kontrak.errors import CatalogueError
from kontrak.sandbox import Derived


@dataclass(frozen=True, slots=True)
class Freedom:
    """Families of damage that the document leaves open at some places of some answers.

    Each is a list of patterns as in file names; a place is written without ``[]``.
    """

    answers: tuple[str, ...]
    places: tuple[str, ...]
    families: tuple[str, ...]
    reason: str

    def covers(self, fault: Derived) -> bool:
        """Whether this fault does what is left open."""
        place = fault.place.replace("[]", "")
        return (
            _matches(fault.answer, self.answers)
            and _matches(place, self.places)
            and _matches(fault.family, self.families)
        )


@cache
def freedoms(provider: str) -> tuple[Freedom, ...]:
    """The freedoms of one provider, none where it has no such file.

    Raises ``CatalogueError`` naming file and key when the file breaks ``schemas/freedoms.json``.
    """
    path = SUITES / provider / "freedoms.toml"
    name = f"suites/{provider}/freedoms.toml"
    if not path.exists():
        return ()
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(
            f"{name} is not TOML: {error}", hint="fix the TOML syntax on that line"
        ) from error
    rules = json.loads((SCHEMAS / "freedoms.json").read_text(encoding="utf-8"))
    wrong = best_match(Draft202012Validator(rules).iter_errors(data))
    if wrong is not None:
        place = ".".join(str(part) for part in wrong.absolute_path) or "the file"
        raise CatalogueError(f"{name}: {place}: {wrong.message}", hint="see schemas/freedoms.json")
    return tuple(
        Freedom(tuple(row["answers"]), tuple(row["places"]), tuple(row["families"]), row["reason"])
        for row in data["freedom"]
    )


def freedom_of(fault: Derived) -> Freedom | None:
    """The freedom that covers a derived fault, if there is one."""
    return next((one for one in freedoms(fault.provider) if one.covers(fault)), None)


def _matches(text: str, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(text, pattern) for pattern in patterns)
