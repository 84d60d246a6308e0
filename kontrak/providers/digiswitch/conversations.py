"""Every answer that a product has given."""

from __future__ import annotations

from collections.abc import Iterator

from kontrak.errors import NotOffered
from kontrak.judging.expect import Blocked, reading
from kontrak.providers.digiswitch.account import DigiswitchAccount, Purchase
from kontrak.providers.digiswitch.answer import DigiswitchAnswer
from kontrak.providers.digiswitch.inquiries import Inquiries
from kontrak.providers.digiswitch.settings import CASES, Product

PAYABLE = tuple(case for case in CASES if case != "inquiry_failed")
"""The test cases whose inquiry succeeds."""


def bought(account: DigiswitchAccount, product: Product) -> list[Purchase]:
    """Every purchase of a product, however it went; what cannot be bought is left out."""
    found = []
    for case in PAYABLE:
        try:
            found.append(account.purchase(product, case))
        except (Blocked, NotOffered):
            continue
    return found


def everything(purchases: list[Purchase]) -> list[DigiswitchAnswer]:
    """The answers of some purchases: inquiry, payment, status."""
    return [
        answer
        for one in purchases
        for answer in (one.order.bill, one.pending, one.paid, one.status)
        if answer is not None
    ]


def reported(
    account: DigiswitchAccount, inquiries: Inquiries, product: Product
) -> list[DigiswitchAnswer]:
    """Every readable answer about a transaction of a product: inquiry, payment, status.

    Raises ``Blocked`` behind the product's own clause where there is none.
    """
    answers = everything(bought(account, product))
    if account.client.inquires and "inquiry_failed" in product.numbers:
        answers.append(inquiries.held(product, "inquiry_failed"))
    found = [one for one in answers if one.reports_transaction]
    if not found:
        raise Blocked(f"DIGISWITCH-{product.key.upper()}-PAY")
    return found


def report_transport(answer: DigiswitchAnswer, what: str) -> None:
    """Say with which Content-Type and HTTP status an answer came: no page names either."""
    media_type = answer.media_type or "none"
    reading(f"Content-Type of {what}", media_type, warns=media_type != "application/json")
    refuses = not answer.is_success and 400 <= answer.status < 500
    unusual = answer.status != 200 and not refuses
    reading(f"HTTP status of {what}", f"HTTP {answer.status}", warns=unusual)


def shared_values(
    place: str, later: object, earlier: object
) -> Iterator[tuple[str, object, object]]:
    """The values that two descriptions of a bill have in common, with their place.

    Either may report less than the other. A list is compared where both are as long.
    """
    if isinstance(later, dict) and isinstance(earlier, dict):
        for name in later.keys() & earlier.keys():
            yield from shared_values(f"{place}.{name}", later[name], earlier[name])
    elif isinstance(later, list) and isinstance(earlier, list) and len(later) == len(earlier):
        for number, (one, other) in enumerate(zip(later, earlier, strict=True)):
            yield from shared_values(f"{place}[{number}]", one, other)
    elif type(later) is type(earlier):
        yield place, later, earlier
