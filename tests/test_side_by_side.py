"""Requests side by side: as many at once as allowed, results in order, the first error counts."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from hypothesis import strategies as st

from kontrak.asking.run import Run
from kontrak.config.target import load_target
from kontrak.exchange import Exchange
from kontrak.interface.concurrency import side_by_side
from kontrak.judging.expect import Deviation, Finding
from kontrak.judging.generated import ask_generated
from tests.live import live_target

WAIT_SECONDS = 20


def test_results_come_in_the_order_of_the_calls() -> None:
    numbers = list(range(50))
    assert side_by_side([partial(abs, one) for one in numbers], 8) == numbers
    assert side_by_side([], 8) == []


def test_so_many_calls_are_under_way_at_once() -> None:
    """Three meet at a barrier that opens for three only."""
    barrier = threading.Barrier(3)
    assert sorted(side_by_side([lambda: barrier.wait(WAIT_SECONDS)] * 6, 3)) == [0, 0, 1, 1, 2, 2]


def test_one_at_a_time_stays_in_the_thread() -> None:
    assert side_by_side([threading.current_thread] * 3, 1) == [threading.current_thread()] * 3


def test_after_an_error_no_call_begins() -> None:
    begun: list[int] = []

    def call(place: int) -> Callable[[], None]:
        def run() -> None:
            begun.append(place)
            raise ValueError(str(place))

        return run

    with pytest.raises(ValueError, match="0"):
        side_by_side([call(place) for place in range(40)], 2)
    assert 1 <= len(begun) <= 2


def _judge(answer: int) -> None:
    if answer >= 1000:
        raise Deviation([Finding("below 1000", str(answer))], [])


def _generated(judge: Callable[[int], None]) -> list[int]:
    asked: list[int] = []

    def request(data: st.DataObject) -> Callable[[], int]:
        number = data.draw(st.integers(0, 10_000))

        def ask() -> int:
            asked.append(number)
            return number

        return ask

    ask_generated(lambda calls: side_by_side(calls, 4), request, judge)
    return asked


def test_what_keeps_the_clause_is_asked_once() -> None:
    asked = _generated(lambda _answer: None)
    assert len(asked) >= 5


def test_what_deviates_is_made_as_small_as_possible() -> None:
    with pytest.raises(Deviation) as raised:
        _generated(_judge)
    assert raised.value.findings[0].received == "1000"


def test_what_deviates_only_once_is_raised_all_the_same() -> None:
    seen: list[int] = []

    def judge(answer: int) -> None:
        seen.append(answer)
        if len(seen) == 1:
            raise Deviation([Finding("nothing", "something")], list[Exchange]())

    with pytest.raises(Deviation, match="something"):
        _generated(judge)


@pytest.mark.parametrize(("written", "at_once", "buys"), [("", 2, 1), ("at_once = 6\n", 6, 1)])
def test_a_live_target_is_bought_from_one_by_one(
    tmp_path: Path, written: str, at_once: int, buys: int
) -> None:
    path = live_target(tmp_path, "http://127.0.0.1:9", limits=written)
    wire = Run("run", load_target(path), tmp_path / "out").wire("iak")
    assert (wire.at_once, wire.buys) == (at_once, buys)


def test_the_embedded_sandbox_is_asked_by_eight(tmp_path: Path) -> None:
    wire = Run("run", load_target(), tmp_path, "http://127.0.0.1:9").wire("iak")
    assert (wire.at_once, wire.buys) == (8, 8)
