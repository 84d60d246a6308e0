"""What a provider's client is given: its target, the only door to the wire, and the masker."""

from __future__ import annotations

from dataclasses import dataclass, field

from kontrak.gate import Gate
from kontrak.masking import Masker
from kontrak.target import ProviderTarget
from kontrak.transport import Transport
from kontrak.trouble import Watch


@dataclass(frozen=True, slots=True)
class Wire:
    """One provider's way to its target, shared by every test of a worker."""

    target: ProviderTarget
    transport: Transport
    masker: Masker
    gate: Gate
    trouble: Watch = field(default_factory=Watch)
