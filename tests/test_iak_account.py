"""IAK's balance: a payment in process that ends by itself is no other request's doing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kontrak.asking.run import Run
from kontrak.config.target import load_target
from kontrak.providers.iak import Iak
from kontrak.providers.iak.account import IakAccount
from kontrak.sandbox import Sandbox

TARGET = """
name = "a test's own"
kind = "sandbox"
[iak]
base_url = "{url}"
balance_url = "{url}/api/check-balance"
username = "081200000000"
api_key = "sandbox-key"
"""
AN_HOUR = 3_600


@pytest.fixture(params=["iak-pending-costs-later", "iak-pending-fails"])
def sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """One that takes the money of a payment in process at its end, or gives it back then."""
    with Sandbox(variants=[request.param]) as running:
        yield running


def a_account(folder: Path, sandbox: Sandbox, *, asks_balance: bool) -> tuple[Iak, IakAccount]:
    """A balance of a target whose clock we cannot move."""
    text = TARGET.format(url=sandbox.url)
    if not asks_balance:
        text = text.replace("balance_url", "# balance_url")
    path = folder / "target.toml"
    path.write_text(text, "utf-8")
    iak = Iak(Run("test", load_target(path), folder).wire("iak"))
    return iak, IakAccount(iak, iak.case("one_bill"))


@pytest.mark.parametrize("asks_balance", [True, False])
def test_what_ends_by_itself_is_not_counted(
    tmp_path: Path, sandbox: Sandbox, *, asks_balance: bool
) -> None:
    iak, account = a_account(tmp_path, sandbox, asks_balance=asks_balance)
    account.fresh_purchase(iak.case("payment_pending"))
    mark = account.mark()
    sandbox.advance(AN_HOUR)
    assert account.spent_since(mark) == 0


def test_what_another_request_takes_is_counted_all_the_same(
    tmp_path: Path, sandbox: Sandbox
) -> None:
    iak, account = a_account(tmp_path, sandbox, asks_balance=True)
    account.fresh_purchase(iak.case("payment_pending"))
    bill = iak.inquiry(iak.case("one_bill")).require_success()
    mark = account.mark()
    iak.pay(bill)
    sandbox.advance(AN_HOUR)
    assert account.spent_since(mark) == bill.number("selling_price")
