"""Tests with awkward parameters, for runs that tests start; KONTRAK_AWKWARD says how one ends.

Loaded beside a suite of kontrak's: ``pytest suites/iak/test_amounts.py tests/awkward/suite.py``.
"""

from __future__ import annotations

import os

import pytest

from kontrak.clauses.catalogue import clause
from kontrak.errors import Unreachable
from kontrak.judging.expect import Deviation, Drift, Finding

ODD = "IAK-AMOUNT-PRICE"
"""What a report shows of this run's other tests is theirs; this clause is judged here alone."""

VALUES = {
    "bytes": b"a",
    "other bytes": b"b",
    "equal": "same",
    "equal again": "same",
    "empty": "",
    "no bytes": b"",
    "nul": "\x00",
    "half": "\ud800",
    "other half": "\udfff",
    "control": "\x1b[2J\x9b",
    "bidi": "\u202egnp",
    "object": object(),
    "other object": object(),
    "markup": "<script>document.title = 'OWNED'</script>",
}


def _end(name: str, value: object) -> None:
    """End as KONTRAK_AWKWARD says for this name: ``name=failed,other=warned``."""
    wanted = dict(one.split("=") for one in os.environ["KONTRAK_AWKWARD"].split(",") if one)
    finding = Finding("right", f"wrong \ud800\x00 {value!r}")
    match wanted.get(name, "passed"):
        case "failed":
            raise Deviation([finding], [])
        case "group":
            raise ExceptionGroup("several", [Deviation([finding], []), Deviation([finding], [])])
        case "warned":
            raise Drift([finding], [])
        case "broken":
            raise Unreachable("no route", hint="look at the cable")
        case "ours":
            raise AssertionError("a fault of this test")
        case "died":
            os._exit(1)
        case "interrupted":
            raise KeyboardInterrupt


@clause(ODD)
@pytest.mark.parametrize("value", VALUES.values())
def test_values(value: object) -> None:
    _end(next(name for name, one in VALUES.items() if one is value), value)


@clause(ODD)
@pytest.mark.parametrize("raw", [b"{", b"[]", b"\x00", b"\xff"])
def test_bytes(raw: bytes) -> None:
    _end(str(raw), raw)


@clause(ODD)
@pytest.mark.parametrize("row", ["plain", "\x00", "\ud800"])
def test_a_parameter_called_row(row: str) -> None:
    _end(f"row {row!r}", row)
