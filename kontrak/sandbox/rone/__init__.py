"""R-ONE: one platform behind a JSON interface and a text interface.

As documents 000_225173fa548c7a0b.txt and 001_c00a3ef8cdb59c68.txt describe it.
"""

from kontrak.sandbox.rone.platform import Platform
from kontrak.sandbox.rone.services import (
    HTTPGET_ACCOUNT,
    RQID_ACCOUNT,
    httpget_service,
    rqid_service,
)

__all__ = ["HTTPGET_ACCOUNT", "RQID_ACCOUNT", "Platform", "httpget_service", "rqid_service"]
