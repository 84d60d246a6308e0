"""What one test says of its clause, in the form that crosses process boundaries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class TestRecord:
    """The result of one test of a clause. All text in it is masked already.

    ``verdict`` is a verdict's word; ``message`` the whole failure text; ``notes`` the warnings;
    ``readings`` the questions that the document leaves open, with the target's answers;
    ``blocked_by`` the clause behind which this one could not be seen; ``doubt`` the answers of a
    deviation that an outage at the same time would explain (``what``, as in "HTTP 500", and ``at``,
    a Unix time); ``seconds`` its duration.
    """

    __test__ = False  # pytest looks at names

    test: str
    clause: str
    verdict: str
    reason: str = ""
    message: str = ""
    notes: tuple[str, ...] = ()
    readings: tuple[Mapping[str, str], ...] = ()
    findings: tuple[Mapping[str, str], ...] = ()
    sent: tuple[str, ...] = ()
    repeat: str = ""
    blocked_by: str | None = None
    doubt: tuple[Mapping[str, Any], ...] = ()
    seconds: float = 0.0

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> TestRecord:
        """Read a record back from what crossed a process boundary."""
        plain: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in data.items()
        }
        return cls(**plain)
