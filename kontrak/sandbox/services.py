"""The table of services: one row per provider that the sandbox imitates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from kontrak.sandbox import digiswitch, iak, tokopedia
from kontrak.sandbox.changes import Fault, Variant
from kontrak.sandbox.clock import Clock
from kontrak.sandbox.http import SandboxRequest, SandboxResponse


class Service(Protocol):
    """One provider's interface, with all its state."""

    def owns(self, path: str) -> bool:
        """Whether this path belongs to the interface."""
        ...

    def answer(self, request: SandboxRequest) -> SandboxResponse:
        """The answer to one request; called by several threads at once."""
        ...


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """How one provider joins the sandbox.

    ``account`` holds the keys of its account with their default values, ``make`` builds the
    service from an account and the clock.
    """

    provider: str
    account: Mapping[str, str]
    make: Callable[[Mapping[str, str], Clock], Service]
    faults: tuple[Fault, ...]
    variants: tuple[Variant, ...]


SERVICES: tuple[ServiceRow, ...] = (
    ServiceRow("iak", iak.ACCOUNT, iak.IakService, iak.FAULTS, iak.VARIANTS),
    ServiceRow(
        "digiswitch",
        digiswitch.ACCOUNT,
        digiswitch.DigiswitchService,
        digiswitch.FAULTS,
        digiswitch.VARIANTS,
    ),
    ServiceRow(
        "tokopedia",
        tokopedia.ACCOUNT,
        tokopedia.TokopediaService,
        tokopedia.FAULTS,
        tokopedia.VARIANTS,
    ),
)
