"""A reply read as a document: JSON or XML, strictly, or the reason why it cannot be."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Never
from xml.etree.ElementTree import Element, ParseError

import defusedxml.ElementTree as SafeXml
from defusedxml.common import DefusedXmlException

from kontrak.clauses.amounts import LONGEST
from kontrak.exchange import Exchange

_TEXT_TYPES = re.compile(r"[;,].*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Answer:
    """An exchange and its reply's document.

    ``document`` is plain data (dict, list, str, int, float, bool, None), or None when
    ``malformed`` says why there is none.
    """

    exchange: Exchange
    document: Any
    malformed: str | None = None

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.exchange.reply.status

    @property
    def media_type(self) -> str:
        """The reply's Content-Type without parameters, in lower case."""
        return _TEXT_TYPES.sub("", self.exchange.reply.header("Content-Type") or "").strip().lower()


class _MalformedError(ValueError):
    pass


def read_json(exchange: Exchange) -> Answer:
    """Read a reply as JSON: UTF-8, one document, no repeated names, no NaN or Infinity."""
    try:
        text = exchange.reply.body.decode("utf-8")
        document = json.loads(
            text, object_pairs_hook=_members, parse_constant=_no_constant, parse_int=_integer
        )
    except UnicodeDecodeError as error:
        return Answer(exchange, None, f"not UTF-8: byte {error.start} of the body")
    except RecursionError:
        return Answer(exchange, None, "nested too deeply")
    except ValueError as error:
        return Answer(exchange, None, f"not JSON: {error}")
    return Answer(exchange, document)


def read_xml(exchange: Exchange, *, lists: Collection[str] = ()) -> Answer:
    """Read a reply as XML, with DTDs and entities refused.

    The document is ``{root tag: value}``; an element with children is a dict, one without is its
    text, repeated siblings are a list. Elements named in ``lists`` are always a list, so that one
    and several give the same shape.
    """
    try:
        root = SafeXml.fromstring(exchange.reply.body, forbid_dtd=True)
    except DefusedXmlException as error:
        return Answer(exchange, None, f"XML with a forbidden part: {type(error).__name__}")
    except (ParseError, ValueError, LookupError) as error:
        return Answer(exchange, None, f"not XML: {error}")
    try:
        return Answer(exchange, {root.tag: _plain(root, frozenset(lists))})
    except RecursionError:
        return Answer(exchange, None, "nested too deeply")


def _plain(element: Element, lists: frozenset[str]) -> Any:
    if len(element) == 0:
        return element.text or ""
    found: dict[str, Any] = {}
    for child in element:
        value = _plain(child, lists)
        if child.tag in found:
            earlier = found[child.tag]
            found[child.tag] = [*earlier, value] if isinstance(earlier, list) else [earlier, value]
        else:
            found[child.tag] = [value] if child.tag in lists else value
    return found


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _MalformedError(f"the name {twice!r} stands twice in one object")
    return members


def _integer(digits: str) -> int | float:
    # A document may write any integer, and one of thousands of digits is no fault of its form.
    # As a float it stays cheap; its place is judged by its own clause.
    return int(digits) if len(digits) <= LONGEST else float(digits)


def _no_constant(name: str) -> Never:
    raise _MalformedError(f"{name} is not JSON")
