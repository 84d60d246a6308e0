"""What a target says of Tokopedia, as typed values."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from kontrak.config.paths import FIXTURES, ROOT
from kontrak.config.target import ProviderTarget
from kontrak.errors import ConfigurationError
from kontrak.providers.tokopedia.products import Product, products

OPERATIONS = ("ping", "account", "product-list", "inquiry", "checkout", "order")
PADDINGS = ("pss", "pkcs1v15")
DOCUMENTED = "documented"


@dataclass(frozen=True, slots=True)
class Offer:
    """A product that the target lets us ask for, and for whom.

    ``code`` is the target's own product code. ``at_most`` is the most an order may cost, in rupiah;
    ``buy`` is false where the product may be inquired only. ``other_number`` is another customer,
    who is inquired and never paid for; None where it may not be asked about one.
    """

    product: Product
    code: str
    number: str
    fields: tuple[tuple[str, str], ...] = ()
    amount: int | None = None
    buy: bool = False
    at_most: int | None = None
    other_number: str | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """The ``[tokopedia]`` table of a target. ``offers`` go by documented product code."""

    base_url: str
    token_url: str
    client_id: str = field(repr=False)
    client_secret: str = field(repr=False)
    private_key: str = field(repr=False)
    provider_key: str | None
    operations: frozenset[str]
    paddings: tuple[str, ...]
    offers: Mapping[str, Offer]
    failing: Offer | None
    control_url: str | None
    control_token: str | None = field(repr=False)
    settle_seconds: int
    is_live: bool = False

    @classmethod
    def of(cls, target: ProviderTarget) -> Settings:
        """Read a checked target table and the key files it names.

        Raises ``ConfigurationError`` for a product that is not documented or a missing key file.
        """
        options = target.options
        offers = _offers(options.get("products", DOCUMENTED), invent=not target.is_live)
        provider_key = options.get("provider_key")
        return cls(
            base_url=options["base_url"].rstrip("/"),
            token_url=options["token_url"],
            client_id=options["client_id"],
            client_secret=options["client_secret"],
            private_key=_pem("private_key", options["private_key"]),
            provider_key=_pem("provider_key", provider_key) if provider_key else None,
            operations=frozenset(options.get("operations", OPERATIONS)),
            paddings=tuple(options.get("paddings", PADDINGS)),
            offers=offers,
            failing=_failing(options.get("failing"), offers),
            control_url=options.get("control_url"),
            control_token=options.get("control_token"),
            settle_seconds=options.get("settle_seconds", 120),
            is_live=target.is_live,
        )


def _offers(stated: Any, *, invent: bool) -> dict[str, Offer]:
    """What the target offers; ``invent`` another customer where it names none.

    On a live target, an invented number is a real customer, whose bill is none of our business.
    """
    if stated == DOCUMENTED:
        found = {code: _documented(product) for code, product in products().items()}
    else:
        found = {code: _offer(_known(code), one) for code, one in stated.items()}
    if not invent:
        return found
    return {
        code: one if one.other_number else replace(one, other_number=other_number(one.number))
        for code, one in found.items()
    }


def other_number(number: str) -> str | None:
    """Another number of the same length; None of a product without numbers."""
    return number[:-1] + ("1" if number[-1] != "1" else "2") if number else None


def _known(code: str) -> Product:
    if code not in products():
        raise ConfigurationError(
            f"tokopedia.products.{code}: the document has no such product",
            hint="name a product of the document, and its code on your target as `code`",
        )
    return products()[code]


def _offer(product: Product, stated: Mapping[str, Any]) -> Offer:
    if product.open_amount and "amount" not in stated:
        raise ConfigurationError(
            f"tokopedia.products.{product.code}: the customer chooses what to pay for this product",
            hint="name it as `amount`, in rupiah",
        )
    return Offer(
        product=product,
        code=stated.get("code", product.code),
        number=stated["client_number"],
        fields=tuple(stated.get("fields", {}).items()),
        amount=stated.get("amount"),
        buy="at_most" in stated,
        at_most=stated.get("at_most"),
        other_number=stated.get("other_number"),
    )


def needs_number(product: Product) -> bool:
    """Whether the document's own request of the product names a customer."""
    return bool(_example(product)["client_number"])


def _example(product: Product) -> Mapping[str, Any]:
    """The attributes of the first request that the document shows for the product."""
    name = "inquiry_request" if product.inquired else "checkout_request"
    path = FIXTURES / "tokopedia" / product.code / f"{name}.json"
    attributes: Mapping[str, Any] = json.loads(path.read_text("utf-8"))["data"]["attributes"]
    return attributes


def _documented(product: Product) -> Offer:
    """The offer that the document's own example makes."""
    asked = _example(product)
    return Offer(
        product=product,
        code=asked["product_code"],
        number=asked["client_number"],
        fields=tuple((one["name"], one["value"]) for one in asked.get("fields") or ()),
        amount=asked["amount"] if product.open_amount else None,
        buy=True,
    )


def _failing(stated: Any, offers: Mapping[str, Offer]) -> Offer | None:
    if stated is None:
        return None
    offer = offers.get(stated["product"])
    if offer is None or not offer.buy:
        raise ConfigurationError(
            "tokopedia.failing.product: the target does not let us buy it",
            hint="name one of [tokopedia.products] that has at_most",
        )
    return Offer(
        offer.product,
        offer.code,
        stated["client_number"],
        offer.fields,
        offer.amount,
        buy=True,
        at_most=offer.at_most,
    )


def _pem(key: str, stated: str) -> str:
    """A key's PEM text, whether the target holds it or names its file."""
    if stated.lstrip().startswith("-----BEGIN"):
        return stated
    for path in (Path(stated), ROOT / stated):
        if path.is_file():
            return path.read_text(encoding="utf-8")
    raise ConfigurationError(
        f"tokopedia.{key}: neither a key in PEM nor the path of a file that exists",
        hint="openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out private.pem",
    )
