"""Context managers around a test: ``Blocked`` becomes a skip, what only warns a warning."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

import pytest

from kontrak.clauses.catalogue import Clause
from kontrak.judging.expect import Blocked, Deviation
from kontrak.judging.outcome import SOFT, leaves, softened


@contextmanager
def blocked_skips(item: pytest.Item) -> Iterator[None]:
    """Turn what a conversation or a test is blocked by into a skip.

    Of generated requests several may be blocked; Hypothesis raises them as a group.
    """
    try:
        yield
    except (Blocked, BaseExceptionGroup) as problem:
        found = list(leaves(problem))
        if not all(isinstance(one, Blocked) for one in found):
            raise
        item.stash[SOFT] = blocked = cast("Blocked", found[0])
        pytest.skip(str(blocked))


@contextmanager
def softly(item: pytest.Item, clause: Clause | None, *, observed_fails: bool) -> Iterator[None]:
    """The same, and let a deviation that only warns pass, remembered for the test's record."""
    with blocked_skips(item):
        try:
            yield
        except (Deviation, BaseExceptionGroup) as problem:
            if clause is None:
                raise
            soft = softened(problem, clause, observed_fails=observed_fails)
            if soft is None:
                raise
            item.stash[SOFT] = soft
