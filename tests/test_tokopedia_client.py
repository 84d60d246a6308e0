"""tokopedia, asking side: what the target allows, tokens, and what is ordered."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kontrak.asking.run import Run
from kontrak.config.paths import TARGETS
from kontrak.config.target import load_target
from kontrak.errors import ConfigurationError, NotOffered, NotTheInterface, SpendingRefused
from kontrak.interface.session import Wire
from kontrak.judging.expect import Deviation
from kontrak.providers.tokopedia import Settings, Tokopedia
from kontrak.providers.tokopedia.documents import order_document
from kontrak.providers.tokopedia.products import products
from kontrak.providers.tokopedia.shop import Shop
from kontrak.providers.tokopedia.till import Till
from kontrak.sandbox import Sandbox

RIGHT = "sandbox-secret"
OFFERS = """
[tokopedia.products.50k-simpati]
client_number = "081211311111"
at_most = 60000
[tokopedia.products.pasca-telkomsel]
client_number = "081222308111"
at_most = 1000
[tokopedia.products.pgn]
client_number = "11111418111"
"""
TARGET = """
name = "a test's own"
kind = "sandbox"
[tokopedia]
base_url = "{url}/api"
token_url = "{url}/token"
control_url = "{url}/_sandbox"
control_token = "{token}"
client_id = "sandbox-partner"
client_secret = "{secret}"
private_key = "fixtures/tokopedia/keys/partner-private.pem"
"""


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


def _wire(
    folder: Path, sandbox: Sandbox, more: str = "", secret: str = RIGHT, *, clock: bool = True
) -> Wire:
    """``clock`` says whether the clock may be moved; without it nothing is waited for."""
    path = folder / "target.toml"
    text = TARGET.format(url=sandbox.url, token=sandbox.token, secret=secret)
    if not clock:
        text = text.replace("control_url", "settle_seconds = 0 #")
    path.write_text(text + more, "utf-8")
    return Run("test", load_target(path), folder).wire("tokopedia")


def _ledger(folder: Path) -> list[tuple[str, str, int]]:
    from kontrak.limits.ledger import Ledger

    with Ledger(folder / "ledger.sqlite") as ledger:
        return [(one.product, str(one.state), one.rupiah) for one in ledger.entries()]


def test_the_documented_products_are_seventy() -> None:
    settings = Settings.of(load_target().provider("tokopedia", sandbox_url="http://127.0.0.1"))

    assert list(settings.offers) == list(products())
    assert len(settings.offers) == 70
    assert all(offer.buy for offer in settings.offers.values())
    assert settings.offers["pbb-dki-jakarta"].fields == (("period", "2022"),)
    assert settings.offers["topup-dana"].amount is not None


def test_a_product_of_open_amount_needs_one(sandbox: Sandbox, tmp_path: Path) -> None:
    table = '[tokopedia.products.topup-dana]\nclient_number = "081711112222"\n'
    with pytest.raises(ConfigurationError, match=r"products\.topup-dana.*\n.*`amount`"):
        Settings.of(_wire(tmp_path, sandbox, table).target)


def test_the_template_is_a_right_target(monkeypatch: pytest.MonkeyPatch) -> None:
    pem = (TARGETS.parent / "tokopedia/keys/partner-private.pem").read_text("utf-8")
    for name in ("CLIENT_ID", "CLIENT_SECRET"):
        monkeypatch.setenv(f"TOKOPEDIA_{name}", "something")
    monkeypatch.setenv("TOKOPEDIA_PRIVATE_KEY", pem)

    table = load_target(TARGETS / "tokopedia.toml").provider("tokopedia")
    settings = Settings.of(table)

    assert pem in table.secrets
    assert {code: one.at_most for code, one in settings.offers.items() if one.buy} == {
        "50k-simpati": 60000
    }
    assert settings.offers["50k-simpati"].code == "25k-xl"


@pytest.mark.parametrize(
    ("more", "key"),
    [
        ('[tokopedia.products.no-such]\nclient_number = "1"', "tokopedia.products.no-such"),
        (OFFERS + '[tokopedia.failing]\nproduct = "pgn"\nclient_number = "1"', "failing.product"),
        ('provider_key = "no-such.pem"', "tokopedia.provider_key"),
        ('paddings = ["none"]', "tokopedia.paddings"),
        ("[tokopedia.products.pgn]\nat_most = 5", "tokopedia.products"),
    ],
)
def test_a_wrong_target_is_reported_by_its_key(
    tmp_path: Path, sandbox: Sandbox, more: str, key: str
) -> None:
    with pytest.raises(ConfigurationError, match=key):
        Tokopedia(_wire(tmp_path, sandbox, more))


def test_a_token_is_fetched_once_and_renewed_before_it_ends(
    tmp_path: Path, sandbox: Sandbox
) -> None:
    client = Tokopedia(_wire(tmp_path, sandbox))
    first = client.tokens.current()

    assert client.account().is_accepted
    assert client.tokens.current() == first
    client.advance_clock(86_400 - 599)
    assert client.tokens.current() != first


def test_a_token_that_ended_early_is_renewed_once(tmp_path: Path, sandbox: Sandbox) -> None:
    client = Tokopedia(_wire(tmp_path, sandbox))
    first = client.tokens.current()
    sandbox.advance(100_000)

    assert client.account().is_accepted
    assert client.tokens.current() != first


def test_no_secret_is_written(tmp_path: Path, sandbox: Sandbox) -> None:
    wire = _wire(tmp_path, sandbox)
    client = Tokopedia(wire)
    token = client.tokens.current()
    answer = client.account()

    printed = json.dumps([wire.masker.headers(answer.exchange.request.headers)])
    written = wire.masker.text(f"{token} sandbox-secret {client.settings.private_key}")

    assert token not in printed + written
    assert "sandbox-secret" not in written
    assert "PRIVATE KEY" not in written


@pytest.mark.parametrize(
    ("secret", "url", "printed"),
    [("wrong", "", "does not know us"), ("sandbox-secret", "/nowhere", "gives no access token")],
)
def test_a_stranger_is_reported_so_once(
    tmp_path: Path, sandbox: Sandbox, secret: str, url: str, printed: str
) -> None:
    path = tmp_path / "target.toml"
    text = TARGET.format(url=sandbox.url, token=sandbox.token, secret=secret).replace(
        "/token", url or "/token"
    )
    path.write_text(text, "utf-8")
    client = Tokopedia(Run("test", load_target(path), tmp_path).wire("tokopedia"))

    with pytest.raises(NotTheInterface, match=printed):
        client.probe()


def test_only_what_is_planned_is_ordered(tmp_path: Path, sandbox: Sandbox) -> None:
    wire = _wire(tmp_path, sandbox, 'products = "documented"')
    shop = Shop(Tokopedia(wire), ["samsat-jatim", "cbn"])

    orders = shop.orders()

    assert [one.offer.code for one in orders] == ["cbn", "samsat-jatim"]
    assert all(one.require_success().is_accepted for one in orders)
    # They are ordered side by side, so that any may be the first.
    ordered = sorted(row[:2] for row in _ledger(tmp_path))
    assert ordered == [("cbn", "paid"), ("samsat-jatim", "paid")]


def test_what_is_ordered_costs_what_was_inquired(tmp_path: Path, sandbox: Sandbox) -> None:
    shop = Shop(Tokopedia(_wire(tmp_path, sandbox, 'products = "documented"')), ["cbn"])
    (order,) = shop.orders()

    assert order.inquiry is not None
    assert order.document["data"]["attributes"]["amount"] == order.price
    assert order.price == order.inquiry.attributes["sales_price"] == _ledger(tmp_path)[0][2]


def test_nothing_is_ordered_that_the_target_does_not_let_us_buy(
    tmp_path: Path, sandbox: Sandbox
) -> None:
    shop = Shop(Tokopedia(_wire(tmp_path, sandbox, OFFERS)))

    with pytest.raises(NotOffered, match="does not let us buy pgn"):
        shop.order("pgn")
    with pytest.raises(NotOffered, match="does not offer cbn"):
        shop.order("cbn")
    with pytest.raises(SpendingRefused, match="pasca-telkomsel for 102000 rupiah"):
        shop.order("pasca-telkomsel")
    assert [row[0] for row in _ledger(tmp_path) if row[0] != "50k-simpati"] == []


def test_a_refused_order_is_settled_as_refused(tmp_path: Path, sandbox: Sandbox) -> None:
    client = Tokopedia(_wire(tmp_path, sandbox, OFFERS))
    shop = Shop(client)
    offer = shop.simplest()
    document: dict[str, Any] = order_document(offer, "KONTRAKTEST0001", shop.price(offer))

    first = client.checkout(document, offer, shop.price(offer))
    second = client.checkout(document, offer, shop.price(offer))

    assert (first.order_status, second.codes) == ("Pending", ("P03",))
    assert [row[1] for row in _ledger(tmp_path)] == ["pending", "refused"]


def test_a_checkout_refused_for_its_token_is_not_sent_again(
    tmp_path: Path, sandbox: Sandbox
) -> None:
    client = Tokopedia(_wire(tmp_path, sandbox, OFFERS))
    shop = Shop(client)
    offer = shop.simplest()
    price = shop.price(offer)
    document: dict[str, Any] = order_document(offer, "KONTRAKTEST0002", price)
    sandbox.advance(100_000)

    answer = client.checkout(document, offer, price)

    assert answer.status == 401
    assert len(_ledger(tmp_path)) == 1


def test_all_that_may_be_bought_is_ordered_where_nothing_is_planned(
    tmp_path: Path, sandbox: Sandbox
) -> None:
    offers = OFFERS.replace("at_most = 1000", "at_most = 200000")
    shop = Shop(Tokopedia(_wire(tmp_path, sandbox, offers)))

    assert [one.offer.code for one in shop.orders()] == ["50k-simpati", "pasca-telkomsel"]
    assert [one.code for one in shop.inquirable()] == ["pasca-telkomsel", "pgn"]


def test_an_order_that_ends_by_looks_alone_is_followed_to_its_end(tmp_path: Path) -> None:
    with Sandbox(variants=["tokopedia-settles-by-looks"]) as slow:
        shop = Shop(Tokopedia(_wire(tmp_path, slow, OFFERS)))
        order = shop.place(shop.simplest())

        shop.settle([order])

        assert order.require_success().order_status == "Success"
        assert order.seen_at is not None
        assert order.placed_at <= order.seen_at


def test_the_till_reports_what_was_taken_once_every_order_has_ended(tmp_path: Path) -> None:
    with Sandbox(variants=["tokopedia-paid-at-the-end"]) as late:
        shop = Shop(Tokopedia(_wire(tmp_path, late, OFFERS)))
        offer = shop.simplest()
        till = Till(shop)

        order = shop.place(offer)

        assert till.taken() == order.price
        with pytest.raises(Deviation, match="money taken"):
            till.expect_nothing_taken(order.checkout)
        with pytest.raises(Deviation, match="less than"):
            till.expect_less_taken(order.price, order.checkout)


def test_the_till_sees_nothing_while_an_order_is_open(tmp_path: Path) -> None:
    with Sandbox(faults=["tokopedia-order-stays-pending"]) as stuck:
        more = OFFERS + "[tokopedia.products.cbn]\nclient_number = '1'\n"
        wire = _wire(tmp_path, stuck, more, clock=False)
        shop = Shop(Tokopedia(wire))
        till = Till(shop)

        shop.place(shop.simplest())

        assert till.taken() is None
