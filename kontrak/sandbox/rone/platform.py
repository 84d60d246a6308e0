"""The platform behind both interfaces: two partners, each with its own account."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kontrak.sandbox.clock import Clock
from kontrak.sandbox.rone.account import PartnerAccount


@dataclass(frozen=True, slots=True)
class Partner:
    """A partner as one interface knows it. ``signs``: its use_signature is not 0."""

    mmid: str
    api_key: str
    pin: str
    signs: bool
    account: PartnerAccount


class Platform:
    """One account for a partner that sends its keys, one for a partner that signs."""

    def __init__(self, clock: Clock) -> None:
        self.main = PartnerAccount(clock)
        self.signed = PartnerAccount(clock)

    def partners(self, credentials: Mapping[str, str], mmid: str, key: str) -> tuple[Partner, ...]:
        """The partners of a target whose credentials call mmid and api_key by these names."""
        return tuple(
            Partner(
                mmid=credentials[prefix + mmid],
                api_key=credentials[prefix + key],
                pin=credentials[f"{prefix}pin"],
                signs=bool(prefix),
                account=account,
            )
            for prefix, account in (("", self.main), ("signed_", self.signed))
        )
