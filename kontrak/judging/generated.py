"""Requests by rule: drawn by Hypothesis, asked side by side, judged one by one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from kontrak.judging.expect import Deviation

A = TypeVar("A")
Ask = Callable[[], A]


def ask_generated(
    side_by_side: Callable[[Sequence[Ask[A]]], list[A]],
    request: Callable[[st.DataObject], Ask[A]],
    judge: Callable[[A], None],
) -> None:
    """Draw requests, ask them side by side, and judge every answer.

    ``request`` draws one and returns what asks it; what it asks may not depend on another's answer.
    ``judge`` raises ``Deviation``: the requests are then asked anew, one by one, so that Hypothesis
    finds the smallest that deviates. One that keeps the clause the second time is raised as it was.
    """
    asks: list[Ask[A]] = []

    @settings(phases=(Phase.explicit, Phase.generate), database=None)
    @given(data=st.data())
    def draw(data: st.DataObject) -> None:
        asks.append(request(data))

    @given(data=st.data())
    def ask(data: st.DataObject) -> None:
        judge(request(data)())

    draw()
    try:
        for answer in side_by_side(asks):
            judge(answer)
    except Deviation:
        ask()
        raise
