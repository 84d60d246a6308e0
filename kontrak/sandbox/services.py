"""The table of services: one row per provider that the sandbox imitates."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from kontrak.sandbox import digiswitch, iak, rone, tokopedia
from kontrak.sandbox.changes import Fault, Variant
from kontrak.sandbox.clock import Clock
from kontrak.sandbox.derived import Derived
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
    service from an account and the clock, ``derived`` the faults made by rule. Rows that name the
    same ``platform`` share one of it, made from the clock at every reset; it is then what ``make``
    is given in place of the clock.
    """

    provider: str
    account: Mapping[str, str]
    make: Callable[[Mapping[str, str], Any], Service]
    faults: tuple[Fault, ...]
    variants: tuple[Variant, ...]
    derived: Callable[[], Sequence[Derived]]
    platform: Callable[[Clock], object] | None = None


SERVICES: tuple[ServiceRow, ...] = (
    ServiceRow("iak", iak.ACCOUNT, iak.IakService, iak.FAULTS, iak.VARIANTS, iak.derived),
    ServiceRow(
        "digiswitch",
        digiswitch.ACCOUNT,
        digiswitch.DigiswitchService,
        digiswitch.FAULTS,
        digiswitch.VARIANTS,
        digiswitch.derived,
    ),
    ServiceRow(
        "tokopedia",
        tokopedia.ACCOUNT,
        tokopedia.TokopediaService,
        tokopedia.FAULTS,
        tokopedia.VARIANTS,
        tokopedia.derived,
    ),
    ServiceRow(
        "rqid",
        rone.RQID_ACCOUNT,
        rone.rqid_service,
        rone.RQID_FAULTS,
        rone.RQID_VARIANTS,
        rone.rqid_derived,
        rone.Platform,
    ),
    ServiceRow(
        "httpget",
        rone.HTTPGET_ACCOUNT,
        rone.httpget_service,
        rone.HTTPGET_FAULTS,
        rone.HTTPGET_VARIANTS,
        rone.httpget_derived,
        rone.Platform,
    ),
)


def build(
    accounts: Mapping[str, Mapping[str, str]],
) -> tuple[dict[str, Service], dict[str, Clock]]:
    """Every provider's service and clock by its key, fresh, in the order of the table.

    Rows that name one platform share its clock; all others have one each.
    """
    platforms: dict[Callable[[Clock], object], tuple[object, Clock]] = {}
    services: dict[str, Service] = {}
    clocks: dict[str, Clock] = {}
    for row in SERVICES:
        clock = Clock()
        behind: object = clock
        if row.platform is not None:
            behind, clock = platforms.setdefault(row.platform, (row.platform(clock), clock))
        services[row.provider] = row.make(accounts[row.provider], behind)
        clocks[row.provider] = clock
    return services, clocks
