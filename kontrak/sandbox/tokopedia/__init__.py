"""Tokopedia B2B digital, as document 002_39248943ca9b132d.txt and its public pages describe it."""

from kontrak.sandbox.tokopedia.faults import FAULTS
from kontrak.sandbox.tokopedia.service import ACCOUNT, TokopediaService
from kontrak.sandbox.tokopedia.variants import VARIANTS

__all__ = ["ACCOUNT", "FAULTS", "VARIANTS", "TokopediaService"]
