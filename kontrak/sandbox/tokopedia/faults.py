"""All faults of Tokopedia, in the order of the clauses' file."""

from __future__ import annotations

from kontrak.sandbox.changes import Fault

FAULTS: tuple[Fault, ...] = ()
