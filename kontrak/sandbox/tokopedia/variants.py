"""Variants of Tokopedia: correct but different answers, which no clause may mind."""

from __future__ import annotations

from kontrak.sandbox.changes import Variant
from kontrak.sandbox.wire import wire_variants

VARIANTS: tuple[Variant, ...] = (*wire_variants("tokopedia"),)
