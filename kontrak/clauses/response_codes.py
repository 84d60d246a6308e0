"""Response codes as data: ``fixtures/<provider>/response_codes.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from kontrak.config.paths import FIXTURES


class Outcome(StrEnum):
    """What has become of a request."""

    SUCCESS = "success"
    PENDING = "pending"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ResponseCode:
    """One code of a provider's table.

    ``trouble`` marks a code that says the target is out of order: see ``kontrak.http.trouble``.
    """

    rc: str
    meaning: str
    outcome: Outcome
    source: str
    trouble: bool = False


@cache
def response_codes(provider: str) -> dict[str, ResponseCode]:
    """The provider's table by code."""
    path = FIXTURES / provider / "response_codes.toml"
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    return {
        row["rc"]: ResponseCode(
            row["rc"],
            row["meaning"],
            Outcome(row["outcome"]),
            row.get("source", data["source"]),
            row.get("trouble", False),
        )
        for row in data["code"]
    }
