"""Holds the conversations of the collected tests before the first of them judges anything."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from functools import partial

import pytest

from kontrak.asking.asker import AT_ONCE, Asker
from kontrak.asking.conversation import is_conversation
from kontrak.asking.run import Run
from kontrak.config.target import Target
from kontrak.pytest_plugin.selection import clause_of

ASKER = pytest.StashKey[Asker]()
BEGUN = pytest.StashKey[set[str]]()


def at_once(target: Target) -> int:
    """How many requests may be under way at the same time: ``[limits] at_once`` or the default."""
    kind = "embedded" if target.embedded else target.kind
    return int(target.limits.get("at_once", AT_ONCE[kind]))


def ask_of_all(session: pytest.Session) -> None:
    """Hold the conversations of all collected tests, whatever provider they ask."""
    for provider in {clause.provider for item in session.items if (clause := clause_of(item))}:
        _begin(session, provider)
    _wait(session)


def ask_of_provider(session: pytest.Session, provider: str) -> None:
    """Hold the conversations of one provider's tests, once."""
    if _begin(session, provider):
        _wait(session)


def _begin(session: pytest.Session, provider: str) -> bool:
    """Hand one provider's conversations to the asker; False where that has been done before.

    A conversation that cannot begin, because a fixture raises, is left to the tests that name it:
    pytest keeps what was raised and raises it again there.
    """
    begun = session.config.stash.setdefault(BEGUN, set())
    if provider in begun:
        return False
    begun.add(provider)
    # Session fixtures are set up on the session, which pytest itself sets up with the first test.
    session._setupstate.setup(session)  # type: ignore[arg-type]  # noqa: SLF001 - any node will do
    for item in session.items:
        clause = clause_of(item)
        if isinstance(item, pytest.Function) and clause and clause.provider == provider:
            for name in filter(partial(is_conversation, item), item.fixturenames):
                with suppress(Exception):
                    item._request.getfixturevalue(name)  # noqa: SLF001 - no public way to it
    return True


def _wait(session: pytest.Session) -> None:
    if (asker := session.config.stash.get(ASKER, None)) is not None:
        asker.wait()


@pytest.fixture(scope="session")
def kontrak_asker(pytestconfig: pytest.Config, kontrak_run: Run) -> Iterator[Asker]:
    """The asker of this process."""
    asker = pytestconfig.stash.get(ASKER, None) or Asker(at_once(kontrak_run.target))
    pytestconfig.stash[ASKER] = asker
    yield asker
    asker.stop()
