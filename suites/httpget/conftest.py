"""What the httpget suite holds in common: its client, its balance, and conversations held once."""

from __future__ import annotations

import pytest

from kontrak.asking.run import Run
from kontrak.errors import NotOffered
from kontrak.providers.httpget import HttpGet, HttpGetAccount, TextAnswer
from kontrak.providers.httpget.wrong import Wrong
from kontrak.providers.rqid import Rqid
from kontrak.providers.rqid.waiting import waiting_last
from kontrak.pytest_plugin.selection import conversation_of


@pytest.fixture(scope="session")
def httpget(kontrak_run: Run) -> HttpGet:
    """The client, once it is known that the target is an R-ONE interface that knows us."""
    client = HttpGet(kontrak_run.wire("httpget"))
    client.probe()
    return client


@conversation_of("r-one")
def account(httpget: HttpGet, pytestconfig: pytest.Config) -> HttpGetAccount:
    """The balance. All that moves money through either interface stays on one worker, in order."""
    held = HttpGetAccount(httpget)
    if pytestconfig.getoption("profile") == "nightly" and httpget.settings.control_url is None:
        held.inquire_early()
    return held


@pytest.fixture(scope="session")
def wrong(httpget: HttpGet, account: HttpGetAccount) -> Wrong:
    """Wrong requests, each sent once and judged by several clauses."""
    return Wrong(httpget, account)


@pytest.fixture(params=["success", "other", "other_product"])
def paid(request: pytest.FixtureRequest, account: HttpGetAccount) -> TextAnswer:
    """The text of a topup that succeeded at once."""
    bought = account.topup(str(request.param))
    if not bought.paid.is_success and bought.settled.is_success:
        raise NotOffered(
            "the target settles late: its first text shows no success",
            hint="name a number whose purchase succeeds at once, if there is one",
        )
    return bought.paid.require_success()


@pytest.fixture(scope="session")
def rqid(kontrak_run: Run, httpget: HttpGet) -> Rqid:
    """The same partner through JSON, where the target file names it."""
    if "rqid" not in kontrak_run.target.tables:
        raise NotOffered(
            "the target has no [rqid] table, so nothing can be compared", hint="add the table"
        )
    client = Rqid(kontrak_run.wire("rqid"))
    if client.partner.mmid != httpget.partner.member_id:
        raise NotOffered(
            "[rqid] and [httpget] are two partners", hint="give both tables the same mmid"
        )
    client.probe()
    return client


@pytest.fixture(scope="session")
def early_bills(account: HttpGetAccount) -> list[TextAnswer]:
    """The inquiries that were made when the suite began."""
    if not account.early:
        raise NotOffered(
            "real waiting is for --profile nightly and a target whose clock cannot be moved",
            hint="run with that profile",
        )
    return [bill.require_success() for bill in account.early]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Ask early and judge late what is waited for; see test_bill_rules.py."""
    items[:] = waiting_last(items)
