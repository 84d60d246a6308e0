"""IAK's documented answers, for derived faults."""

from __future__ import annotations

from collections.abc import Callable

from kontrak.sandbox.derived import Documented
from kontrak.sandbox.iak.codec import Codec
from kontrak.sandbox.iak.interface import Answer, Kind

# In XML all is text, and an empty element says both "" and null.
TEXT_ONLY = frozenset({"retype", "null"})


def _of(kind: Kind, used: Codec) -> Callable[[Answer, Codec], bool]:
    return lambda answer, codec: answer.kind is kind and codec is used


def _json(name: str, schema: str, kind: Kind, inside: str = "data") -> Documented:
    return Documented("iak", name, schema, _of(kind, Codec.JSON), inside)


DOCUMENTED = (
    _json("inquiry in JSON", "inquiry-json", Kind.INQUIRY),
    Documented(
        "iak",
        "inquiry in XML",
        "inquiry-xml",
        _of(Kind.INQUIRY, Codec.XML),
        "mp",
        without=TEXT_ONLY,
    ),
    _json("payment", "payment-json", Kind.PAYMENT),
    _json("checkstatus", "checkstatus-json", Kind.STATUS),
    _json("check-balance", "balance-json", Kind.BALANCE),
    _json("refusal", "failure-json", Kind.REFUSAL),
)
