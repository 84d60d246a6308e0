"""R-ONE: one platform behind a JSON interface and a text interface.

As documents 000_225173fa548c7a0b.txt and 001_c00a3ef8cdb59c68.txt describe it.
"""

from kontrak.sandbox.derived import Derived, derive
from kontrak.sandbox.narrowed import narrow
from kontrak.sandbox.rone.documented import HTTPGET_DOCUMENTED, RQID_DOCUMENTED, text_faults
from kontrak.sandbox.rone.faults import HTTPGET_FAULTS, RQID_FAULTS
from kontrak.sandbox.rone.parts import JSON_PARTS, TEXT_PARTS
from kontrak.sandbox.rone.platform import Platform
from kontrak.sandbox.rone.services import (
    HTTPGET_ACCOUNT,
    RQID_ACCOUNT,
    httpget_service,
    rqid_service,
)
from kontrak.sandbox.rone.variants import HTTPGET_VARIANTS, RQID_VARIANTS

__all__ = [
    "HTTPGET_ACCOUNT",
    "HTTPGET_FAULTS",
    "HTTPGET_VARIANTS",
    "RQID_ACCOUNT",
    "RQID_FAULTS",
    "RQID_VARIANTS",
    "Platform",
    "httpget_derived",
    "httpget_service",
    "rqid_derived",
    "rqid_service",
]


def rqid_derived() -> tuple[Derived, ...]:
    """The JSON interface's faults made by rule."""
    return (*derive(RQID_DOCUMENTED), *narrow(RQID_FAULTS, JSON_PARTS))


def httpget_derived() -> tuple[Derived, ...]:
    """The text interface's faults made by rule."""
    return (*derive(HTTPGET_DOCUMENTED), *text_faults(), *narrow(HTTPGET_FAULTS, TEXT_PARTS))
