"""What of the collected tests a run plans, and which tests share a worker."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

import pytest

from kontrak.catalogue import Clause, clauses, find
from kontrak.errors import CatalogueError
from kontrak.target import Target

Result = TypeVar("Result")

_conversations: dict[tuple[str, str], str] = {}
"""The name that shares a worker, by the suite's folder and the fixture's name."""


def conversation(function: Callable[..., Result]) -> Callable[..., Result]:
    """Make a session fixture of what is held once and judged by many tests.

    All tests that use it stay on one worker, so that it is held once per run.
    """
    return _shared(function, Path(function.__code__.co_filename).parent.name)


def conversation_of(scope: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The same for what several suites have in common, such as one purse behind two interfaces.

    Fixtures of one name and scope stay on one worker, whatever suite they belong to.
    """
    return lambda function: _shared(function, scope)


def _shared(function: Callable[..., Result], scope: str) -> Callable[..., Result]:
    suite = Path(function.__code__.co_filename).parent.name
    _conversations[suite, function.__name__] = f"{scope}:{function.__name__}"
    fixture: Callable[..., Result] = pytest.fixture(scope="session")(function)
    return fixture


def clause_of(item: pytest.Item) -> Clause | None:
    """The clause that a test cites, or None for a test that is none of ours."""
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


def disable(items: list[pytest.Item], target: Target) -> None:
    """Take out the tests of clauses that the target disables.

    Raises ``CatalogueError`` when the target disables what is no clause.
    """
    for clause_id in target.disabled:
        find(clause_id)
    items[:] = [item for item in items if _id(item) not in target.disabled]


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
                reasons[clause.id] = "not selected by this run"
    return reasons


def share_workers(items: Iterable[pytest.Item]) -> None:
    """Keep the tests that share a conversation on one worker.

    Tests that use a common conversation, directly or through others, get the same xdist group.
    """
    parents: dict[str, str] = {}

    def root(name: str) -> str:
        while parents.setdefault(name, name) != name:
            name = parents[name]
        return name

    used = {item: _used(item) for item in items}
    for names in used.values():
        for name in names[1:]:
            parents[root(name)] = root(names[0])
    for item, names in used.items():
        if names:
            item.add_marker(pytest.mark.xdist_group(root(names[0])))


def write_plan(items: Iterable[pytest.Item], path: Path) -> None:
    """Write which test judges which clause, before the first one runs."""
    plan = {item.nodeid: clause_id for item in items if (clause_id := _id(item))}
    temporary = path.with_suffix(f".{id(plan)}.tmp")
    temporary.write_text(json.dumps(plan), encoding="utf-8")
    temporary.replace(path)


def read_plan(path: Path) -> dict[str, str]:
    """The plan that ``write_plan`` wrote; empty when there is none."""
    if not path.exists():
        return {}
    plan: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return plan


def _id(item: pytest.Item) -> str | None:
    clause = clause_of(item)
    return clause.id if clause else None


def _used(item: pytest.Item) -> list[str]:
    names: tuple[str, ...] = getattr(item, "fixturenames", ())
    suite = item.path.parent.name
    return [_conversations[suite, name] for name in names if (suite, name) in _conversations]
