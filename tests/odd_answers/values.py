"""Odd values of JSON, as the text that is written: most of them are what no encoder writes."""

from __future__ import annotations

import json
from collections.abc import Mapping

MARK = "@odd@"
_DIGITS = "7" * 5_000

NUMBERS: Mapping[str, str] = {
    "0": "0",
    "-1": "-1",
    "1": "1",
    "-0.0": "-0.0",
    "fraction": "0.1",
    "1e308": "1e308",
    "1e400": "1e400",
    "1e-400": "1e-400",
    "10^15": str(10**15),
    "10^30": str(10**30),
    "2^63": str(2**63),
    "5,000 digits": _DIGITS,
    "5,000 digits below zero": f"-{_DIGITS}",
    "5,000 places": f"0.{_DIGITS}",
    "NaN": "NaN",
    "Infinity": "-Infinity",
}
"""Numbers as JSON text; the last ones are not valid, though some encoders write them."""

TEXTS: Mapping[str, str] = {
    "empty": "",
    "blank": " ",
    "exponent": "1e10000000",
    "far exponent": "1e9999999999",
    "small exponent": "1e-9999999999",
    "not a number": "NaN",
    "signalling": "sNaN",
    "infinite": "-Infinity",
    "10^30": str(10**30),
    "digits": _DIGITS,
    "below zero": "-302500",
    "plus": "+5",
    "underscore": "1_000",
    "sen": "302500.50",
    "hexadecimal": "0x10",
    "superscript": "\u00b2",
    "Arabic digits": "\u0661\u0662\u0663",
    "wide digits": "\uff11\uff12\uff13",
    "long": "A" * 3_000,
    "dots": "1." * 1_500,
    "blanks": " " * 3_000,
    "half a pair": "\ud800x",
    "other half": "x\udc00",
    "cut emoji": "RINA \ud83d",
    "NUL": "a\0b",
    "terminal": "\x1b[2J\x1b]0;OWNED\x07\x9b31m\u202e",
    "workflow command": "x\n::error::x\r\n::add-mask::x",
    "markup": "[/bold][link=x]<script>alert(1)</script>&amp;",
    "percent": "%s %(x)d {0} {} ${HOME}",
    "last day": "9999-12-31 23:59:59",
    "no day": "2026-13-45 25:61:61",
    "first day": "0001-01-01T00:00:00+14:00",
    "no month": "202600",
    "months": "202613,202614,,",
    "path": "../../etc/passwd",
    "address": "http://[::1",
    "period": ".",
}
"""Texts, unescaped."""

STRUCTURES: Mapping[str, str] = {
    "null": "null",
    "true": "true",
    "false": "false",
    "array": "[]",
    "array of null": "[null]",
    "array of 1": "[1]",
    "array of arrays": "[[]]",
    "array of empty objects": "[{}, {}]",
    "array of unlike": '[{"a": 1}, 1, "x", null, []]',
    "object": "{}",
    "object of null": '{"a": null}',
    "object in object": '{"0": {"1": {}}}',
    "nameless": '{"": ""}',
    "half a name": '{"\\ud800": "\\udfff"}',
    "nested": "[" * 200 + "]" * 200,
    "nested objects": '{"a":' * 400 + "1" + "}" * 400,
    "nested too deeply": "[" * 10_000 + "]" * 10_000,
    "many": "[" + ",".join(["0"] * 5_000) + "]",
}
"""Values that are neither a number nor a text, as JSON text."""

VALUES: Mapping[str, str] = {
    **NUMBERS,
    **{f"text {name}": json.dumps(text) for name, text in TEXTS.items()},
    **STRUCTURES,
}
