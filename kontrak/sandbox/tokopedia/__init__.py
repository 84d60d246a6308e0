"""Tokopedia B2B digital, as document 002_39248943ca9b132d.txt and its public pages describe it."""

from kontrak.sandbox.derived import Derived, derive
from kontrak.sandbox.narrowed import narrow
from kontrak.sandbox.tokopedia.documented import DOCUMENTED, list_faults
from kontrak.sandbox.tokopedia.faults import FAULTS
from kontrak.sandbox.tokopedia.parts import PARTS
from kontrak.sandbox.tokopedia.service import ACCOUNT, TokopediaService
from kontrak.sandbox.tokopedia.variants import VARIANTS

__all__ = ["ACCOUNT", "FAULTS", "VARIANTS", "TokopediaService", "derived"]


def derived() -> tuple[Derived, ...]:
    """The faults made by rule."""
    return (*derive(DOCUMENTED), *list_faults(), *narrow(FAULTS, PARTS))
