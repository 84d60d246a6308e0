"""Digiswitch postpaid: document 003_9b3f16432d5cddec.txt and the family's public pages."""

from kontrak.sandbox.derived import Derived, derive
from kontrak.sandbox.digiswitch.documented import DOCUMENTED
from kontrak.sandbox.digiswitch.faults import FAULTS
from kontrak.sandbox.digiswitch.parts import PARTS
from kontrak.sandbox.digiswitch.service import ACCOUNT, DigiswitchService
from kontrak.sandbox.digiswitch.variants import VARIANTS
from kontrak.sandbox.narrowed import narrow

__all__ = ["ACCOUNT", "FAULTS", "VARIANTS", "DigiswitchService", "derived"]


def derived() -> tuple[Derived, ...]:
    """The faults made by rule."""
    return (*derive(DOCUMENTED), *narrow(FAULTS, PARTS))
