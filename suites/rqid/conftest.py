"""What the rqid suite holds in common: its client, its balance, and conversations held once."""

from __future__ import annotations

import pytest

from kontrak.asking.run import Run
from kontrak.providers.rqid import Rqid, RqidAccount
from kontrak.providers.rqid.catalogue import Catalogue
from kontrak.providers.rqid.endpoints import Endpoints
from kontrak.providers.rqid.records import Records
from kontrak.providers.rqid.waiting import waiting_last
from kontrak.pytest_plugin.selection import conversation, conversation_of


@pytest.fixture(scope="session")
def rqid(kontrak_run: Run) -> Rqid:
    """The client, once it is known that the target is an R-ONE interface that knows us."""
    client = Rqid(kontrak_run.wire("rqid"))
    client.probe()
    return client


@conversation_of("r-one")
def account(rqid: Rqid, pytestconfig: pytest.Config) -> RqidAccount:
    """What was bought. All that moves money by either interface stays on one worker, in order."""
    held = RqidAccount(rqid)
    if pytestconfig.getoption("profile") == "nightly" and rqid.settings.control_url is None:
        held.inquire_early()
    return held


@pytest.fixture(scope="session")
def endpoints(rqid: Rqid, account: RqidAccount) -> Endpoints:
    """Every endpoint's right request."""
    return Endpoints(rqid, account)


@conversation
def catalogue(rqid: Rqid) -> Catalogue:
    """The partner's products, listed once."""
    return Catalogue(rqid)


@pytest.fixture(scope="session")
def records(rqid: Rqid, account: RqidAccount) -> Records:
    """The history after one purchase of every kind, listed once."""
    return Records(rqid, account)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Ask early and judge late what is waited for; see test_expiry.py."""
    items[:] = waiting_last(items)
