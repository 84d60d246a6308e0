"""What of the collected tests a run plans, and which tests share a worker."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import pytest

from kontrak.clauses.catalogue import Clause, clauses, find
from kontrak.clauses.verdict import NOT_SELECTED
from kontrak.config.target import Target
from kontrak.errors import CatalogueError

Result = TypeVar("Result")

_conversations: dict[tuple[str, str], str] = {}
"""The name that shares a worker, by the suite's folder and the fixture's name."""


def conversation(function: Callable[..., Result]) -> Callable[..., Result]:
    """Make a session fixture of what is held once and judged by many tests.

    All tests that use it stay on one worker, so that it is held once per run.
    """
    return _shared(function, Path(function.__code__.co_filename).parent.name)


def conversation_of(scope: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The same for what several suites have in common, such as one balance behind two interfaces.

    Fixtures of one name and scope stay on one worker, whatever suite they belong to.
    """
    return lambda function: _shared(function, scope)


def _shared(function: Callable[..., Result], scope: str) -> Callable[..., Result]:
    suite = Path(function.__code__.co_filename).parent.name
    _conversations[suite, function.__name__] = f"{scope}:{function.__name__}"
    fixture: Callable[..., Result] = pytest.fixture(scope="session")(function)
    return fixture


def planned_products(items: Iterable[pytest.Item], suite: Path) -> set[str] | None:
    """The products that the tests of a suite are about, by their parameter ``product``.

    None for all, so that a clause that is no product's is judged alone just as in a whole run.
    """
    products = {_product(item) for item in items if item.path.parent == suite}
    return None if None in products else {one for one in products if one}


def _product(item: pytest.Item) -> str | None:
    call = getattr(item, "callspec", None)
    product = call.params.get("product") if call else None
    return str(product) if product else None


def clause_of(item: pytest.Item) -> Clause | None:
    """The clause that a test cites, or None for a test that is not ours."""
    mark = item.get_closest_marker("clause")
    return find(mark.args[0]) if mark else None


def require_clauses(items: Iterable[pytest.Item], suites: Path) -> None:
    """Raise ``CatalogueError`` for a test of a suite that cites no clause."""
    for item in items:
        if suites in item.path.parents and clause_of(item) is None:
            raise CatalogueError(
                f"{item.nodeid} cites no clause",
                hint='add @clause("...") or use cited(...) for its rows',
            )


def choose(items: list[pytest.Item], target: Target, wanted: Collection[str]) -> list[pytest.Item]:
    """Keep the tests that the target does not disable, and of these the wanted clauses' if any.

    Returns the others. Raises ``CatalogueError`` when target or command line name no clause.
    """
    for named in (*target.disabled, *wanted):
        find(named)
    kept: list[pytest.Item] = []
    left: list[pytest.Item] = []
    for item in items:
        clause_id = _id(item)
        good = clause_id not in target.disabled and (not wanted or clause_id in wanted)
        (kept if good else left).append(item)
    items[:] = kept
    return left


def left_out(providers: Iterable[str], target: Target) -> dict[str, str]:
    """The clauses that this run does not judge, each with the reason."""
    reasons: dict[str, str] = {}
    for provider in providers:
        for clause in clauses(provider).values():
            if clause.untested:
                reasons[clause.id] = f"no test judges it: {clause.untested}"
            elif clause.id in target.disabled:
                reasons[clause.id] = f"disabled by the target: {target.disabled[clause.id]}"
            else:
                reasons[clause.id] = NOT_SELECTED
    return reasons


def groups(items: Iterable[pytest.Item]) -> dict[str, str]:
    """The tests that share a conversation, directly or through others: test id to group."""
    parents: dict[str, str] = {}

    def root(name: str) -> str:
        while parents.setdefault(name, name) != name:
            name = parents[name]
        return name

    used = {item.nodeid: _used(item) for item in items}
    for names in used.values():
        for name in names[1:]:
            parents[root(name)] = root(names[0])
    return {test: root(names[0]) for test, names in used.items() if names}


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run is going to do: test ids to clause ids, and to groups that stay together.

    ``unoffered`` are tests of which it is known that they will be skipped, with the reason.
    """

    clauses: dict[str, str]
    groups: dict[str, str]
    unoffered: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        items: Sequence[pytest.Item],
        ahead: Callable[[pytest.Item, Clause], str | None] = lambda *_: None,
    ) -> Plan:
        """The plan for the collected tests; ``ahead`` returns why one of them will be skipped."""
        cited = {item.nodeid: clause_id for item in items if (clause_id := _id(item))}
        reasons = {
            item.nodeid: reason
            for item in items
            if (clause := clause_of(item)) and (reason := ahead(item, clause))
        }
        return cls(cited, groups(items), reasons)

    @classmethod
    def read(cls, path: Path) -> Plan:
        """The plan that a worker wrote; an empty one when there is none."""
        if not path.exists():
            return cls({}, {})
        return cls(**json.loads(path.read_text(encoding="utf-8")))

    def write(self, path: Path) -> None:
        """Write the plan at once; every worker writes the same."""
        temporary = path.with_suffix(f".{os.getpid()}.tmp")
        temporary.write_text(json.dumps(asdict(self)), encoding="utf-8")
        temporary.replace(path)


def _id(item: pytest.Item) -> str | None:
    clause = clause_of(item)
    return clause.id if clause else None


def _used(item: pytest.Item) -> list[str]:
    names: tuple[str, ...] = getattr(item, "fixturenames", ())
    suite = item.path.parent.name
    return [_conversations[suite, name] for name in names if (suite, name) in _conversations]
