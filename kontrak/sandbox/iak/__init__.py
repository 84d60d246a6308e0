"""IAK PLN postpaid, as document 004_aa804b5916536fc5.txt and IAK's public pages describe it."""

from kontrak.sandbox.derived import Derived, derive
from kontrak.sandbox.iak.documented import DOCUMENTED
from kontrak.sandbox.iak.faults import FAULTS
from kontrak.sandbox.iak.parts import PARTS
from kontrak.sandbox.iak.service import ACCOUNT, IakService
from kontrak.sandbox.iak.variants import VARIANTS
from kontrak.sandbox.narrowed import narrow

__all__ = ["ACCOUNT", "FAULTS", "VARIANTS", "IakService", "derived"]


def derived() -> tuple[Derived, ...]:
    """The faults made by rule."""
    return (*derive(DOCUMENTED), *narrow(FAULTS, PARTS))
