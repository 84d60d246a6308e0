"""What the Digiswitch suite holds in common: its client, and purchases held once."""

from __future__ import annotations

from pathlib import Path

import pytest

from kontrak.asking.run import Run
from kontrak.providers.digiswitch import PRODUCTS, Digiswitch, DigiswitchAnswer, Order, Product
from kontrak.providers.digiswitch.account import DigiswitchAccount, Purchase
from kontrak.providers.digiswitch.inquiries import Inquiries
from kontrak.pytest_plugin.selection import conversation, planned_products


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let tests that make pending payments run last.

    A pending payment ends when the provider likes, which moves the balance under other tests.
    """
    items.sort(key=lambda item: "pending_payments" in getattr(item, "fixturenames", ()))


@pytest.fixture
def pending_payments() -> None:
    """Named by tests that make payments which stay pending."""


@pytest.fixture(scope="session")
def digiswitch(kontrak_run: Run) -> Digiswitch:
    """The client, once it is known that the target is a Digiswitch interface that knows us."""
    client = Digiswitch(kontrak_run.wire("digiswitch"))
    client.probe()
    return client


@conversation
def inquiries(digiswitch: Digiswitch) -> Inquiries:
    """The inquiries of the test cases, asked once."""
    return Inquiries(digiswitch)


@conversation
def account(
    request: pytest.FixtureRequest, digiswitch: Digiswitch, inquiries: Inquiries
) -> DigiswitchAccount:
    """The balance. All that moves money uses it, and so stays on one worker, in order."""
    planned = planned_products(request.session.items, Path(__file__).parent)
    return DigiswitchAccount(digiswitch, inquiries, planned)


@pytest.fixture(params=PRODUCTS)
def product(request: pytest.FixtureRequest, digiswitch: Digiswitch) -> Product:
    """Each product of the document that the target offers."""
    return digiswitch.product(str(request.param))


@pytest.fixture
def purchases(account: DigiswitchAccount, product: Product) -> list[Purchase]:
    """The successful purchases of a product."""
    return account.paid(product)


@pytest.fixture
def payments(purchases: list[Purchase]) -> list[DigiswitchAnswer]:
    """The answers of the successful payments of a product."""
    return [one.paid for one in purchases]


@pytest.fixture
def order(account: DigiswitchAccount) -> Order:
    """A bill that could be paid, once the like of it is known to be accepted."""
    account.purchase(account.client.usual, "success").paid.require_success()
    return account.client.order(account.client.usual)


@pytest.fixture
def orders(account: DigiswitchAccount) -> list[Order]:
    """A bill of every product that could be paid, the usual product's first."""
    return account.unpaid()


@pytest.fixture
def offers_status(account: DigiswitchAccount) -> None:
    """Skip where the target has no status-pasca."""
    account.require_status()
