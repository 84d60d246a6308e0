"""The pytest side of the inventory: a worker hands over what it has counted, the controller adds it.

A worker that dies takes its counts with it; the tests that it ran are then broken as well, so
nothing is concluded from what is missing.
"""

from __future__ import annotations

from typing import Any

import pytest

from kontrak.drift import document
from kontrak.drift.inventory import Raw, added
from kontrak.run import Run

_KEY = "kontrak_inventory"


class Giver:
    """Registered in every xdist worker."""

    def __init__(self, run: Run) -> None:
        self._run = run

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Give the counts to the controller with what xdist sends at the end."""
        output: dict[str, Any] = getattr(session.config, "workeroutput", {})
        output[_KEY] = self._run.inventory.raw(self._run.masker)


class Gatherer:
    """Registered once per run, in the process that started it."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._parts: list[Raw] = []

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take a worker's counts, if it lived to give them."""
        self._parts.append(getattr(node, "workeroutput", {}).get(_KEY, {}))

    def document(self, about: dict[str, Any]) -> document.Document:
        """The inventory of the whole run."""
        own = self._run.inventory.raw(self._run.masker)
        return document.document(added(iter([own, *self._parts])), about)
