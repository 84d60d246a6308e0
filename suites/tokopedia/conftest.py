"""What the Tokopedia suite holds in common: its client, and what it asks and orders once."""

from __future__ import annotations

from pathlib import Path

import pytest

from kontrak.asking.run import Run
from kontrak.providers.tokopedia import Tokopedia, TokopediaAnswer
from kontrak.providers.tokopedia.shop import Order, Shop
from kontrak.pytest_plugin.selection import conversation, planned_products


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let tests that order what was not inquired run first: later, all is inquired."""
    items.sort(key=lambda item: "before_inquiries" not in getattr(item, "fixturenames", ()))


@pytest.fixture
def before_inquiries() -> None:
    """Named by tests that run before anything is inquired."""


@pytest.fixture(scope="session")
def tokopedia(kontrak_run: Run) -> Tokopedia:
    """The client, once it is known that the target is the interface and knows us."""
    client = Tokopedia(kontrak_run.wire("tokopedia"))
    client.probe()
    return client


@conversation
def shop(request: pytest.FixtureRequest, tokopedia: Tokopedia) -> Shop:
    """Inquiries and orders. All that asks or orders uses it, and so stays on one worker."""
    return Shop(tokopedia, planned_products(request.session.items, Path(__file__).parent))


@pytest.fixture
def bills(shop: Shop) -> list[TokopediaAnswer]:
    """The answer to every inquiry that has a bill."""
    return shop.inquiries()


@pytest.fixture
def placed(shop: Shop) -> list[Order]:
    """Every order whose checkout was answered with the order."""
    orders = shop.orders()
    found = [one for one in orders if one.checkout.is_accepted]
    if not found:
        orders[0].checkout.require("CHECKOUT")
    return found


@pytest.fixture
def asked(tokopedia: Tokopedia, shop: Shop) -> list[Order]:
    """Every order that was taken, where the target has order details."""
    tokopedia.require("order")
    orders = shop.orders()
    found = [one for one in orders if one.is_taken]
    if not found:
        orders[0].require_taken()
    return found


@pytest.fixture
def fulfilled(shop: Shop) -> list[Order]:
    """Every order that ended as Success."""
    orders = shop.orders()
    found = [one for one in orders if one.final and one.final.order_status == "Success"]
    if not found:
        orders[0].require_success()
    return found
