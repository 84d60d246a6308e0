"""JSON bodies: how requests are read and answers are written."""

from __future__ import annotations

import json
from typing import Any, Never

Fields = dict[str, Any]
"""The fields of a request or an answer, nested as in JSON; amounts are numbers, in rupiah."""


class Malformed(ValueError):  # noqa: N818 - named after what the body is
    """The body is not a document of its kind."""


def read_json(body: bytes) -> Fields:
    """The fields of a JSON object: UTF-8, no repeated names, no NaN. Raises ``Malformed``."""
    try:
        fields = json.loads(
            body.decode("utf-8"), object_pairs_hook=_unrepeated, parse_constant=_refuse_constant
        )
        # A lone surrogate passes the parser but is no text.
        json.dumps(fields, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError) as error:
        raise Malformed("not JSON") from error
    if not isinstance(fields, dict):
        raise Malformed("not a JSON object")
    return fields


def write_json(answer: Fields) -> bytes:
    """One JSON document."""
    return json.dumps(answer).encode("ascii")


def _unrepeated(pairs: list[tuple[str, object]]) -> dict[str, object]:
    if len({key for key, _ in pairs}) < len(pairs):
        raise Malformed("a name stands twice")
    return dict(pairs)


def _refuse_constant(word: str) -> Never:
    raise Malformed(f"{word} is not JSON")
