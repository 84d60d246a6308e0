"""One change between two runs, and what it means."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What sort of change it is; the first ones are shown first."""

    GONE = "gone"
    NARROWED = "narrowed"
    TURNED = "turned"
    READING = "reading"
    NEW = "new"
    SLOWER = "slower"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Change:
    """One change. ``fails`` distinguishes a failure from a warning.

    ``where`` is the operation; the clause, where a verdict has turned or a reading switched.
    """

    provider: str
    kind: Kind
    what: str
    where: str = ""
    fails: bool = False
