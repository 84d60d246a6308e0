"""R-ONE's documented answers, for derived faults: the JSON interface's and the texts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from kontrak.sandbox.derived import Derived, Documented, Place, derived_at
from kontrak.sandbox.rone import text_service
from kontrak.sandbox.rone.json_interface import Answer, Kind
from kontrak.sandbox.rone.reasons import Reason
from kontrak.sandbox.rone.text_service import TEMPLATES, Line


def _of(kind: Kind) -> Callable[[Answer], bool]:
    return lambda answer: answer.kind is kind and answer.reason is Reason.SUCCESS


def _history(*, paged: bool) -> Callable[[Answer], bool]:
    listed = _of(Kind.HISTORY)
    return lambda answer: listed(answer) and isinstance(answer.document["data"], dict) is paged


def _json(name: str, schema: str, when: Callable[[Answer], bool]) -> Documented:
    return Documented("rqid", name, schema, when, content="document")


RQID_DOCUMENTED = (
    _json("price", "price", _of(Kind.PRICE)),
    _json("product categories", "categories", _of(Kind.CATEGORIES)),
    _json("products", "products", _of(Kind.PRODUCTS)),
    _json("topup", "topup", _of(Kind.TOPUP)),
    _json("inquiry", "inquiry", _of(Kind.INQUIRY)),
    _json("payment", "payment", _of(Kind.PAYMENT)),
    _json("status", "status", _of(Kind.STATUS)),
    _json("history", "history", _history(paged=False)),
    _json("history page", "history-page", _history(paged=True)),
    _json("balance", "balance", _of(Kind.BALANCE)),
    _json("mutations", "mutations", _of(Kind.MUTATIONS)),
)

# A text has no types and cannot leave a value out but with its words.
_NO_TEXT = frozenset({"drop", "rename", "retype", "null"})
_TEXT = frozenset({"string"})
_PIECE = re.compile(r"[ ,]*[A-Za-z]*[:.=]?\{\w+\}")


def _texts(kind: text_service.Kind) -> Callable[[Line], bool]:
    return lambda line: line.kind is kind and line.is_success


def _text(kind: text_service.Kind, content: str) -> Documented:
    names = re.findall(r"\{(\w+)\}", TEMPLATES[kind])
    return Documented(
        "httpget",
        f"{kind.name} text",
        "",
        _texts(kind),
        content=content,
        without=_NO_TEXT,
        only=tuple(Place(name, _TEXT, listed=False) for name in names),
    )


HTTPGET_DOCUMENTED = tuple(_text(kind, "values") for kind in TEMPLATES)


def text_faults() -> Iterator[Derived]:
    """Damage to the words and marks of the texts, piece by piece."""
    for kind, template in TEMPLATES.items():
        answer = _text(kind, "template")
        for family, place, damaged in _damaged(template):
            text = f"The {answer.name} reads {damaged!r}."
            yield derived_at(answer, place, family, text, _always(damaged))


def _always(damaged: str) -> Callable[[Any, object], str]:
    return lambda _template, _seen: damaged


def _damaged(template: str) -> Iterator[tuple[str, str, str]]:
    """Family, place and what becomes of the template."""
    pieces = _PIECE.findall(template)
    for piece in pieces:
        name = piece[piece.index("{") + 1 : -1]
        yield "drop", name, template.replace(piece, "", 1)
        yield "duplicated element", name, template.replace(piece, piece + piece, 1)
        label = piece[: piece.index("{")]
        if label.strip(" ,.:="):
            word = label.strip(" ,.:=")
            yield "rename", f"{name} label", template.replace(word, f"{word}X", 1)
            yield "wrong case", f"{name} label", template.replace(word, word.swapcase(), 1)
    first, second = pieces[-2], pieces[-1]
    yield "reordered list", "pieces", template.replace(first + second, second + first, 1)
    for place, char in enumerate(template):
        if char == " ":
            yield "extra blanks", f"blank {place}", f"{template[:place]} {template[place:]}"
            yield "drop", f"blank {place}", template[:place] + template[place + 1 :]
        elif char in ",." and "{" not in template[place:]:
            yield "drop", f"mark {place}", template[:place] + template[place + 1 :]
    yield "wrong case", "whole", _outside(template, str.swapcase)
    yield "empty", "whole", ""
    yield "duplicated element", "whole", template + template


def _outside(template: str, change: Callable[[str], str]) -> str:
    """The template with everything but its fields changed."""
    return re.sub(r"[^{}]+(?![^{}]*\})", lambda found: change(found[0]), template)
