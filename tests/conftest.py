"""Common settings, and fixtures of the sandbox tests: one server for a module."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from hypothesis import settings

from kontrak.sandbox import Sandbox
from tests.iak_partner import Partner

# How long an example takes says more of the machine than of the code.
settings.register_profile("tests", deadline=None)
settings.load_profile("tests")


@pytest.fixture(scope="module")
def running() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def iak(running: Sandbox) -> Partner:
    running.reset()
    return Partner(running)


@pytest.fixture
def iak_with(running: Sandbox) -> Callable[[str], Partner]:
    """A partner of a sandbox with this fault."""

    def make(fault: str) -> Partner:
        running.reset(faults=[fault])
        return Partner(running)

    return make


def pytest_configure(config: pytest.Config) -> None:
    """Let no warning pass in our own tests; a user's plugins may warn as they like in theirs."""
    config.addinivalue_line("filterwarnings", "error")
