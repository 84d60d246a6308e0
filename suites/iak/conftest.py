"""What the IAK suite holds in common: its client, its balance, and conversations held once."""

from __future__ import annotations

import pytest

from kontrak.asking.run import Run
from kontrak.providers.iak import Iak, IakAnswer
from kontrak.providers.iak.account import IakAccount
from kontrak.providers.iak.codec import CODECS, Codec
from kontrak.providers.iak.conversations import PAYABLE, Inquiries
from kontrak.providers.iak.refusals import Refusals
from kontrak.pytest_plugin.selection import conversation


@pytest.fixture(scope="session")
def iak(kontrak_run: Run) -> Iak:
    """The client, once it is known that the target is an IAK interface that knows us."""
    client = Iak(kontrak_run.wire("iak"))
    client.probe()
    return client


@conversation
def inquiries(iak: Iak) -> Inquiries:
    """The inquiries of the test cases, asked once."""
    return Inquiries(iak)


@conversation
def account(iak: Iak) -> IakAccount:
    """The balance. All that moves money uses it, and so stays on one worker, in order."""
    iak.require(operation="pay-pasca")
    return IakAccount(iak, iak.case("one_bill"))


@pytest.fixture
def bills(inquiries: Inquiries, codec: Codec) -> list[IakAnswer]:
    """The inquired bill of every payable test case, in every encoding."""
    return inquiries.bills(codec)


@pytest.fixture(params=PAYABLE)
def payable(request: pytest.FixtureRequest) -> str:
    """Each test case whose inquiry succeeds."""
    return str(request.param)


@pytest.fixture(params=CODECS)
def codec(request: pytest.FixtureRequest, iak: Iak) -> Codec:
    """Each encoding that the target offers."""
    wanted: Codec = request.param
    iak.require(codec=wanted)
    return wanted


@pytest.fixture
def offers_status(iak: Iak) -> None:
    """Skip where the target has no checkstatus."""
    iak.require(operation="checkstatus")


@conversation
def refusals(iak: Iak, inquiries: Inquiries) -> Refusals:
    """Requests that are refused for one reason each, asked once."""
    return Refusals(iak, inquiries)
