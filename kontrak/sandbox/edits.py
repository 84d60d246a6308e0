"""Edits of an answer's fields, named by their path: ``desc.detail[].periode``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kontrak.sandbox.json_body import Fields

Edit = Callable[[Fields], None]
Retype = Callable[[Any], Any]


def holders(fields: Fields, path: str) -> list[tuple[Fields, str]]:
    """The objects that have the field at ``desc.tagihan.detail[].total``, with its name."""
    *way, name = path.split(".")
    found = [fields]
    for step in way:
        inside = [one[step.removesuffix("[]")] for one in found]
        found = [e for one in inside for e in one] if step.endswith("[]") else inside
    return [(one, name) for one in found]


def dropped(path: str) -> Edit:
    """Leaves the field out."""

    def edit(fields: Fields) -> None:
        for holder, name in holders(fields, path):
            del holder[name]

    return edit


def retyped(path: str, change: Retype, place: int | None = None) -> Edit:
    """Gives the field another value, everywhere or at one place of a list."""

    def edit(fields: Fields) -> None:
        found = holders(fields, path)
        for holder, name in found if place is None else [found[place]]:
            holder[name] = change(holder[name])

    return edit


def as_number(value: object) -> object:
    """The number that the text writes; 7 where it writes none."""
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() else 7
