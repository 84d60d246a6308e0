"""How xdist spreads the tests: what shares a conversation stays together, the rest goes anywhere.

xdist has groups of its own (``--dist loadgroup``), which it writes into test ids; pytest 9.2 does
not see an id that is changed after collection.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]  # has no types

from kontrak.pytest_plugin.selection import Plan


class ConversationScheduling(LoadScopeScheduling):  # type: ignore[misc]  # as above
    """xdist's scheduling by scope, where a scope is a conversation or a single test."""

    def __init__(self, config: pytest.Config, log: Any, plan: Path) -> None:
        super().__init__(config, log)
        self._path = plan
        self._plan: Plan | None = None

    def _split_scope(self, nodeid: str) -> str:
        # Workers write the plan before they report what they have collected.
        if self._plan is None:
            self._plan = Plan.read(self._path)
        return self._plan.groups.get(nodeid, nodeid)
