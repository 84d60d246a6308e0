"""Narrowed faults: there for one product only, and for what was begun with it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kontrak.errors import ConfigurationError
from kontrak.sandbox import all_faults, narrowed_faults
from kontrak.sandbox.changes import Fault, install
from kontrak.sandbox.faults import choose_faults
from kontrak.sandbox.http import SandboxRequest, SandboxResponse
from kontrak.sandbox.narrowed import Parts, narrow


class Shop:
    """Sells by name: a price for a request that names a product, then by its reference."""

    def answer(self, request: SandboxRequest) -> SandboxResponse:
        """The price, as text; whatever is asked."""
        del request
        return SandboxResponse(200, (), str(self.price(5)).encode())

    def price(self, rupiah: int) -> int:
        """What is asked for."""
        return rupiah


def _dearer(_shop: object, original: Callable[[int], int], rupiah: int) -> int:
    return original(rupiah) + 1


def _unchanged(_shop: object, original: Callable[[int], int], rupiah: int) -> int:
    return original(rupiah)


def _subject(request: SandboxRequest) -> tuple[str, str]:
    return request.parameter("product") or "", request.parameter("ref") or ""


PARTS = Parts(("apples", "pears"), _subject)


def _ask(shop: Shop, **query: str) -> str:
    request = SandboxRequest("GET", "/", tuple(query.items()), (), b"")
    return shop.answer(request).body.decode()


def _narrowed(wrapper: Callable[..., object]) -> tuple[Shop, Callable[[], int]]:
    fault = Fault("iak-dearer", "iak", ("IAK-ECHO-HP",), "Dearer.", {"price": wrapper})
    apples = next(iter(narrow([fault], PARTS)))
    shop = Shop()
    install(shop, apples)
    return shop, lambda: apples.counts.changes


def test_a_narrowed_fault_is_there_for_its_product_only() -> None:
    shop, changes = _narrowed(_dearer)

    assert [_ask(shop, product=one) for one in ("pears", "apples", "")] == ["5", "6", "5"]
    assert changes() == 1


def test_what_was_begun_with_the_product_is_about_it_later() -> None:
    shop, _ = _narrowed(_dearer)
    _ask(shop, product="apples", ref="1")
    _ask(shop, product="pears", ref="2")

    assert [_ask(shop, ref=one) for one in ("1", "2", "3")] == ["6", "5", "5"]


def test_a_wrapper_that_changes_nothing_is_not_counted() -> None:
    shop, changes = _narrowed(_unchanged)

    assert _ask(shop, product="apples") == "5"
    assert changes() == 0


@pytest.mark.parametrize("provider", ["iak", "digiswitch", "tokopedia", "rqid", "httpget"])
def test_every_fault_is_narrowed_and_found_by_its_id(provider: str) -> None:
    found = narrowed_faults(provider)

    assert len(found) % len(all_faults(provider)) == 0
    assert choose_faults([found[-1].id]) == (found[-1],)
    with pytest.raises(ConfigurationError, match="no derived fault"):
        choose_faults([f"{found[-1].id}-not"])
