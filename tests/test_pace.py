"""How often a provider is asked: rates, silence after HTTP 429, workers."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest

from kontrak.errors import TooManyRequests
from kontrak.exchange import Exchange, Reply, Request
from kontrak.limits.ledger import Ledger
from kontrak.limits.rate_limit import Pace, rates, refusals, retry_after

NOW = 1_800_000_000.0
REQUEST = Request("GET", "http://127.0.0.1/", (), b"", "a request")

# Run by another worker: argv is the folder. It says how long it has to wait first, if at all.
ASKS = """
import sys
from pathlib import Path
from kontrak.limits.ledger import Ledger
from kontrak.limits.rate_limit import Pace

class Waited(Exception):
    pass

def sleep(seconds):
    raise Waited(round(seconds, 3))

folder = Path(sys.argv[1])
pace = Pace(Ledger(folder / "ledger.sqlite"), {"requests_per_second": 2}, folder, run="run",
            target="there", provider="iak", clock=lambda: 1_800_000_000.0, sleep=sleep)
for turn in range(3):
    try:
        pace.wait()
    except Waited as waited:
        print("waits", waited)
        break
    print("asks")
"""


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = NOW
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        yield ledger


def a_pace(
    ledger: Ledger, folder: Path, clock: Clock, provider: str = "iak", **limits: Any
) -> Pace:
    return Pace(
        ledger,
        limits,
        folder,
        run="run",
        target="there",
        provider=provider,
        clock=clock,
        sleep=clock.sleep,
    )


def too_many(seconds: float | None) -> TooManyRequests:
    error = TooManyRequests("x", hint="y")
    error.seconds = seconds
    return error


def test_without_a_rate_nothing_is_waited_for(ledger: Ledger, tmp_path: Path) -> None:
    clock = Clock()
    pace = a_pace(ledger, tmp_path, clock)
    for _ in range(100):
        pace.wait()
    assert clock.slept == []
    assert not (tmp_path / "rate.sqlite").exists()


def test_a_rate_holds_in_every_window(ledger: Ledger, tmp_path: Path) -> None:
    clock, asked = Clock(), []
    pace = a_pace(ledger, tmp_path, clock, requests_per_second=5)
    for _ in range(40):
        pace.wait()
        asked.append(clock.now)
    for moment in asked:
        assert sum(moment <= one < moment + 1 for one in asked) <= 5
    assert clock.slept


def test_processes_share_a_rate(ledger: Ledger, tmp_path: Path) -> None:
    mine = a_pace(ledger, tmp_path, Clock(), requests_per_second=2)
    mine.wait()
    command = [sys.executable, "-c", ASKS, str(tmp_path)]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603 - our own text
    first, second = printed.splitlines()
    assert first == "asks"
    assert second.startswith("waits 1.")


def test_providers_have_a_rate_each(ledger: Ledger, tmp_path: Path) -> None:
    clock = Clock()
    for provider in ("iak", "rqid"):
        a_pace(ledger, tmp_path, clock, provider, requests_per_second=1).wait()
    assert clock.slept == []


@pytest.mark.parametrize(
    ("limits", "found"),
    [
        ({}, []),
        ({"requests_per_second": 5}, [(5, 1000)]),
        ({"requests_per_second": 0.5}, [(1, 2000)]),
        ({"requests_per_second": 2.5}, [(5, 2000)]),
        ({"requests_per_minute": 90}, [(90, 60_000)]),
        ({"requests_per_second": 5, "requests_per_minute": 90}, [(5, 1000), (90, 60_000)]),
        ({"requests_per_second": 1, "requests_per_minute": 90}, [(1, 1000)]),
        ({"requests_per_second": 5, "requests_per_minute": 4}, [(4, 60_000)]),
    ],
)
def test_rates_are_read(limits: dict[str, Any], found: list[tuple[int, int]]) -> None:
    assert [(one.limit, one.interval) for one in rates(limits)] == found


def test_every_worker_is_silent_when_one_is_reported_to_be(ledger: Ledger, tmp_path: Path) -> None:
    mine, other = Clock(), Clock()
    assert a_pace(ledger, tmp_path, mine).refused(too_many(30))
    a_pace(ledger, tmp_path, other).wait()
    assert other.slept == [30]
    stranger = Clock()
    a_pace(ledger, tmp_path, stranger, "rqid").wait()
    assert stranger.slept == []


def test_a_longer_silence_is_not_shortened(ledger: Ledger, tmp_path: Path) -> None:
    clock = Clock()
    pace = a_pace(ledger, tmp_path, clock)
    pace.refused(too_many(60))
    pace.refused(too_many(5))
    pace.wait()
    assert clock.slept == [60]


def test_too_long_a_silence_is_given_up(ledger: Ledger, tmp_path: Path) -> None:
    clock = Clock()
    pace = a_pace(ledger, tmp_path, clock, longest_pause_seconds=10)
    assert not pace.refused(too_many(3600))
    pace.wait()
    assert clock.slept == []


def test_too_many_are_not_answered_by_asking_again(ledger: Ledger, tmp_path: Path) -> None:
    pace = a_pace(ledger, tmp_path, Clock(), too_many_429=2)
    assert [pace.refused(too_many(1)) for _ in range(3)] == [True, True, False]
    assert refusals(ledger, "run") == 3
    assert refusals(ledger, "other") == 0


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7.0),
        (" 0 ", 0.0),
        (formatdate(NOW + 90, usegmt=True), 90.0),
        (formatdate(NOW - 90, usegmt=True), 0.0),
        ("soon", None),
        ("-5", None),
        (None, None),
    ],
)
def test_retry_after_is_read(header: str | None, seconds: float | None) -> None:
    headers = () if header is None else (("retry-after", header),)
    assert retry_after(Exchange(REQUEST, Reply(429, "", headers, b""), NOW, 0.0)) == seconds
