"""Derived faults: every documented place of every documented answer, wrong in every usual way.

The hand-made faults break what someone thought of. These are made by rule: a provider names its
documented answers (``Documented``) and their schemas, and every place of a schema is crossed with
every family of damage that suits its type. No one says beforehand which clause such a fault breaks:
whatever turns red has killed it. What no clause forbids is listed with its reason in
``suites/<provider>/freedoms.toml``.
"""

from __future__ import annotations

import copy
import json
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from kontrak.config.paths import SCHEMAS
from kontrak.sandbox.changes import Wrapper
from kontrak.sandbox.damage import FAMILIES, Family, Seen
from kontrak.sandbox.http import SandboxRequest, SandboxResponse

Schema = Mapping[str, Any]

MARK = "~"
"""Parts the words of a derived fault's id, which no other id has."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place of an answer, ``desc.detail[].total``, and the JSON types it may have."""

    path: str
    types: frozenset[str]
    listed: bool


@dataclass(frozen=True, slots=True)
class Documented:
    """A documented answer of a provider.

    ``schema`` names a file of ``schemas/<provider>/`` without its ending; ``inside`` is the member
    in which the service's own tree stands in the schema ("" where it is the whole document).
    ``when`` decides by a service's answer (and what else its ``finish`` is given) whether it is
    this one; ``content`` is the attribute of the answer that holds the tree. ``without`` are
    families that its encoding cannot show; ``only`` are the places where there is no schema.
    """

    provider: str
    name: str
    schema: str
    when: Callable[..., bool]
    inside: str = ""
    content: str = "fields"
    without: frozenset[str] = frozenset()
    only: tuple[Place, ...] = ()


@dataclass(slots=True)
class FamilyCount:
    """How often a fault has changed an answer."""

    changes: int = 0


@dataclass(frozen=True, slots=True)
class Derived:
    """A fault made by rule: ``family`` is the kind of damage, ``place`` where ``answer`` has it."""

    id: str
    provider: str
    answer: str
    place: str
    family: str
    text: str
    make: Callable[[FamilyCount], Mapping[str, Wrapper]] = field(compare=False, repr=False)
    counts: FamilyCount = field(default_factory=FamilyCount, compare=False, repr=False)
    clause: str = ""
    """The clause that will most likely turn red, where one is known."""

    @property
    def wraps(self) -> Mapping[str, Wrapper]:
        """Fresh wrappers, which remember nothing of an earlier sandbox."""
        return self.make(self.counts)


def derive(answers: Iterable[Documented]) -> Iterator[Derived]:
    """Every derived fault of some documented answers."""
    for answer in answers:
        for place in places(answer):
            for family in FAMILIES:
                if family.name not in answer.without and family.suits(place.types, place.listed):
                    yield _at(answer, place, family)
        for damage in _WHOLE:
            yield _whole(answer, damage)


@cache
def places(answer: Documented) -> tuple[Place, ...]:
    """The places of an answer's schema, without those that hold what stands around its tree."""
    if answer.only:
        return answer.only
    path = SCHEMAS / answer.provider / f"{answer.schema}.json"
    contents: Schema = json.loads(path.read_text(encoding="utf-8"))
    found: dict[str, Place] = {}
    for place in _walk(contents, contents, answer.provider, ""):
        inside = f"{answer.inside}." if answer.inside else ""
        if place.path.startswith(inside) and place.path != inside:
            known = replace(place, path=place.path.removeprefix(inside))
            before = found.get(known.path)
            types = known.types | (before.types if before else frozenset())
            found[known.path] = replace(known, types=types)
    return tuple(found.values())


def _walk(rule: Schema, whole: Schema, provider: str, path: str) -> Iterator[Place]:
    rule, whole = _resolved(rule, whole, provider)
    for part in (*rule.get("allOf", ()), *rule.get("oneOf", ()), *rule.get("anyOf", ())):
        yield from _walk(part, whole, provider, path)
    for name, inner in rule.get("properties", {}).items():
        at = f"{path}.{name}" if path else name
        types, listed = _types(inner, whole, provider)
        yield Place(at, types, listed)
        yield from _walk(inner, whole, provider, at)
    if isinstance(rule.get("items"), dict):
        yield from _walk(rule["items"], whole, provider, f"{path}[]")


def _resolved(rule: Schema, whole: Schema, provider: str) -> tuple[Schema, Schema]:
    """The rule that a reference leads to, and the file that it stands in."""
    while "$ref" in rule:
        file, _, pointer = str(rule["$ref"]).partition("#")
        if file:
            whole = json.loads((SCHEMAS / provider / file).read_text(encoding="utf-8"))
        target: Any = whole
        for step in filter(None, pointer.split("/")):
            target = target[step]
        rule = target
    return rule, whole


def _types(rule: Schema, whole: Schema, provider: str) -> tuple[frozenset[str], bool]:
    rule, whole = _resolved(rule, whole, provider)
    values = list(rule.get("enum", [rule["const"]] if "const" in rule else []))
    named = rule.get("type", [])
    found = {named} if isinstance(named, str) else set(named)
    found |= {_type_of(value) for value in values}
    for part in (*rule.get("allOf", ()), *rule.get("oneOf", ()), *rule.get("anyOf", ())):
        types, listed = _types(part, whole, provider)
        found |= types
        values += [None] if listed else []
    return frozenset("number" if one == "integer" else one for one in found), bool(values)


def _type_of(value: object) -> str:
    kinds = {bool: "boolean", int: "number", float: "number", str: "string", list: "array"}
    return kinds.get(type(value), "object" if isinstance(value, dict) else "null")


def _at(answer: Documented, place: Place, family: Family) -> Derived:
    def damage(tree: Any, seen: Seen) -> Any:
        return tree if family.change(tree, place.path, seen) else None

    text = f"In {answer.name}, {place.path} {family.text}."
    return derived_at(answer, place.path, family.name, text, damage)


def derived_at(
    answer: Documented,
    place: str,
    family: str,
    text: str,
    damage: Callable[[Any, Seen], Any],
) -> Derived:
    """A derived fault whose ``damage`` gets a copy of the answer's content and returns another.

    It returns None where there is nothing to change.
    """

    def make(counts: FamilyCount) -> Mapping[str, Wrapper]:
        seen = Seen()

        def edit(reported: Any) -> Any:
            content = getattr(reported, answer.content)
            changed = damage(copy.deepcopy(content), seen)
            seen.remember(content)
            if changed is None:
                return reported
            counts.changes += 1
            return replace(reported, **{answer.content: changed})

        return {"finish": _finishing(answer, edit)}

    return _derived(answer, place, family, text, make)


def _finishing(answer: Documented, edit: Callable[[Any], Any]) -> Wrapper:
    """Wraps ``finish``, whose last argument is the answer."""

    def finish(_service: object, original: Callable[..., Any], *arguments: Any) -> Any:
        reported = original(*arguments)
        return edit(reported) if answer.when(reported, *arguments[:-1]) else reported

    return finish


@dataclass(frozen=True, slots=True)
class _Damage:
    """Damage to the response as a whole."""

    family: str
    text: str
    change: Callable[[SandboxResponse], SandboxResponse]


def _typed(response: SandboxResponse, value: str) -> SandboxResponse:
    others = [(name, old) for name, old in response.headers if name.lower() != "content-type"]
    return replace(response, headers=(("Content-Type", value), *others))


_WHOLE = (
    _Damage(
        "content type",
        "comes as text/html",
        lambda response: _typed(response, "text/html"),
    ),
    _Damage("http status", "comes with HTTP 500", lambda response: replace(response, status=500)),
    _Damage(
        "charset",
        "is written in UTF-16",
        lambda response: replace(response, body=response.body.decode().encode("utf-16")),
    ),
    _Damage(
        "truncated body",
        "ends in the middle",
        lambda response: replace(response, body=response.body[: len(response.body) // 2]),
    ),
)


def _whole(answer: Documented, damage: _Damage) -> Derived:
    def make(counts: FamilyCount) -> Mapping[str, Wrapper]:
        # Requests may come at the same instant, each on a thread of its own.
        mine = threading.local()

        def mark(reported: Any) -> Any:
            mine.waits = True
            return reported

        def respond(
            _service: object,
            original: Callable[[SandboxRequest], SandboxResponse],
            request: SandboxRequest,
        ) -> SandboxResponse:
            response = original(request)
            if not getattr(mine, "waits", False):
                return response
            mine.waits = False
            counts.changes += 1
            return damage.change(response)

        return {"finish": _finishing(answer, mark), "answer": respond}

    return _derived(answer, "", damage.family, f"{answer.name} {damage.text}.", make)


def _derived(
    answer: Documented,
    place: str,
    family: str,
    text: str,
    make: Callable[[FamilyCount], Mapping[str, Wrapper]],
) -> Derived:
    words = (answer.provider, answer.name, place.replace("[]", "") or "all", family)
    name = MARK.join(words).replace(" ", "-")
    return Derived(name, answer.provider, answer.name, place, family, text, make)
