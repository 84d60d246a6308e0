"""Around a test: what another clause blocks becomes a skip, what only warns does not fail."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from kontrak.clauses.catalogue import Clause
from kontrak.judging.expect import Blocked, Deviation
from kontrak.judging.outcome import SOFT, softened


@contextmanager
def blocked_skips(item: pytest.Item) -> Iterator[None]:
    """Turn what a conversation or a test is blocked by into a skip."""
    try:
        yield
    except Blocked as blocked:
        item.stash[SOFT] = blocked
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
