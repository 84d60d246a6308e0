"""Judging refusals: no document, and nothing ordered. How a refusal looks has its own clauses."""

from __future__ import annotations

from kontrak.judge import expect, note
from kontrak.providers.tokopedia.answer import TokopediaAnswer
from kontrak.providers.tokopedia.client import Tokopedia


def expect_refused(*answers: TokopediaAnswer) -> None:
    """Raise ``Deviation`` for every answer that bears data."""
    with expect(*answers) as that:
        for answer in answers:
            that.that(not answer.bears_data, "a refusal: no data", answer.told)
    for answer in answers:
        if answer.status >= 500:
            note(f"refused with HTTP {answer.status}, which leaves the outcome unknown")
        elif answer.status < 400:
            note(f"refused with HTTP {answer.status}")


def expect_not_ordered(client: Tokopedia, refused: TokopediaAnswer, order_id: str) -> None:
    """A refused checkout has left nothing behind under its id."""
    expect_refused(refused)
    if "order" in client.settings.operations:
        details = client.order(order_id)
        with expect(refused, details) as that:
            that.that(not details.bears_data, f"no order {order_id}", details.told)
