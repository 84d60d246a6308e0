"""HTTP 429 on the wire: it answers nothing, and nothing that moves money is sent again."""

from __future__ import annotations

import time
from collections.abc import Iterator
from email.utils import formatdate
from pathlib import Path

import pytest

from kontrak.errors import TooManyRequests
from kontrak.exchange import Spend
from kontrak.http.transport import Limits, Transport
from kontrak.limits.ledger import Ledger, State
from kontrak.limits.spend_guard import Gate
from kontrak.masking.masker import Masker
from tests.rawserver import OK, raw_server, replies
from tests.runs import suite
from tests.test_pace import Clock, a_pace
from tests.wire import AMPLE, a_request

SPEND = Spend(1000, "P", "C", "REF1")


def refusal(header: str) -> bytes:
    return f"HTTP/1.1 429 Slow Down\r\n{header}Content-Length: 0\r\n\r\n".encode()


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        yield ledger


def a_gate(ledger: Ledger) -> Gate:
    return Gate(ledger, Masker(), run="run", provider="iak", target="there", kind="sandbox")


def test_what_only_reads_is_asked_again_after_the_seconds_reported(
    ledger: Ledger, tmp_path: Path
) -> None:
    clock, kept = Clock(), list[bytes]()
    pace = a_pace(ledger, tmp_path, clock)
    answers = refusal("Retry-After: 7\r\n"), OK
    # The deadline is shorter than the silence: waiting does not count towards it.
    with (
        raw_server(replies(*answers, kept=kept)) as server,
        Transport(Limits(deadline_seconds=5), pace=pace) as transport,
    ):
        assert transport.send(a_request(server.url())).reply.status == 200
    assert clock.slept == [7]
    assert len(kept) == 2


def test_a_date_is_understood_as_well(ledger: Ledger, tmp_path: Path) -> None:
    clock = Clock()
    pace = a_pace(ledger, tmp_path, clock, longest_pause_seconds=10**9)
    # A day ahead by the machine's clock, which reads the date; ``clock`` only counts what is slept.
    header = f"Retry-After: {formatdate(_tomorrow(), usegmt=True)}\r\n"
    with (
        raw_server(replies(refusal(header), OK)) as server,
        Transport(AMPLE, pace=pace) as transport,
    ):
        assert transport.send(a_request(server.url())).reply.status == 200
    (slept,) = clock.slept
    assert 80_000 < slept <= 86_400


def test_a_payment_is_not_sent_again(ledger: Ledger, tmp_path: Path) -> None:
    kept = list[bytes]()
    pace = a_pace(ledger, tmp_path, Clock())
    with (
        raw_server(replies(refusal(""), OK, kept=kept)) as server,
        Transport(AMPLE, gate=a_gate(ledger), pace=pace) as transport,
        pytest.raises(TooManyRequests, match="HTTP 429"),
    ):
        transport.send(a_request(server.url(), "POST"), SPEND)
    assert len(kept) == 1
    (entry,) = ledger.entries()
    assert (entry.state, entry.error) == (State.UNKNOWN, "TooManyRequests")


def test_without_a_pace_it_is_no_answer() -> None:
    with (
        raw_server(replies(refusal("Retry-After: 7\r\n"))) as server,
        Transport(AMPLE) as transport,
        pytest.raises(TooManyRequests, match="After: 7"),
    ):
        transport.send(a_request(server.url()))


def test_a_target_that_is_always_too_busy_makes_a_run_inconclusive(tmp_path: Path) -> None:
    answers = [refusal("Retry-After: 0\r\n")] * 100
    with raw_server(replies(*answers)) as server:
        target = tmp_path / "busy.toml"
        target.write_text(
            'name = "busy"\nkind = "sandbox"\n'
            f'[iak]\nbase_url = "{server.url("")}"\nusername = "0812"\napi_key = "some-key"\n',
            encoding="utf-8",
        )
        ended = suite("--target", str(target), "-k", "test_amounts", output=tmp_path / "out")
    assert ended.code == 3, ended.printed
    assert "failed" not in ended.verdicts().values()
    assert "11 answers with HTTP 429, and the target allows 10" in ended.printed
    assert ended.result["money"]["answers_429"] == 11


def _tomorrow() -> float:
    return time.time() + 86_400
