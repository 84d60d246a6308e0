"""The answering side: honest imitations of the documented interfaces, with faults on request.

It knows nothing of ``kontrak.providers``: the two sides meet over HTTP only.
"""

from kontrak.sandbox.app import Sandbox, account_keys
from kontrak.sandbox.faults import (
    Derived,
    Fault,
    Variant,
    all_faults,
    all_variants,
    derived_faults,
    narrowed_faults,
)
from kontrak.sandbox.http import SandboxRequest

__all__ = [
    "Derived",
    "Fault",
    "Sandbox",
    "SandboxRequest",
    "Variant",
    "account_keys",
    "all_faults",
    "all_variants",
    "derived_faults",
    "narrowed_faults",
]
