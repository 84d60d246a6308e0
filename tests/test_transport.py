"""What exactly is sent and returned, and what money-moving requests leave in the ledger."""

from __future__ import annotations

import gzip
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from kontrak.errors import ReplyCut, SpendingRefused, Unreachable
from kontrak.exchange import Exchange, Spend
from kontrak.http import connection
from kontrak.http.transport import USER_AGENT, Transport
from kontrak.limits.ledger import Ledger, State
from kontrak.limits.spend_guard import Gate
from kontrak.masking.masker import Masker
from tests.rawserver import OK, closed_port, raw_server, read_request, replies
from tests.wire import AMPLE, a_request, get


@pytest.fixture
def transport() -> Iterator[Transport]:
    with Transport(AMPLE) as transport:
        yield transport


def test_the_request_goes_out_as_given() -> None:
    kept: list[bytes] = []
    headers = (("Content-Type", "application/json"), ("sign", "AbC="), ("Nama", "Budi é"))
    with raw_server(replies(OK, kept=kept)) as server, Transport(AMPLE) as transport:
        url = server.url("/trx//a/../b?dest=0812&x=%2f&y=%2F&empty=&q=a+b~'!?")
        transport.send(a_request(url, "POST", headers=headers, body=b'{"a": 1}\n'))
    expected = [
        "POST /trx//a/../b?dest=0812&x=%2f&y=%2F&empty=&q=a+b~'!? HTTP/1.1",
        f"Host: 127.0.0.1:{server.port}",
        "Content-Length: 9",
        f"User-Agent: {USER_AGENT}",
        "Accept: */*",
        "Content-Type: application/json",
        "sign: AbC=",
        "Nama: Budi é",
        "",
        '{"a": 1}\n',
    ]
    assert kept[0].decode().split("\r\n") == expected


def test_given_headers_take_the_place_of_ours_and_may_repeat() -> None:
    kept: list[bytes] = []
    headers = (("user-agent", "me"), ("accept", "a/b"), ("X", "1"), ("X", "2"), ("Host", "h"))
    with raw_server(replies(OK, kept=kept)) as server, Transport(AMPLE) as transport:
        transport.send(a_request(server.url("?"), headers=headers))
    assert kept[0].split(b"\r\n") == [
        b"GET /? HTTP/1.1",
        b"user-agent: me",
        b"accept: a/b",
        b"X: 1",
        b"X: 2",
        b"Host: h",
        b"",
        b"",
    ]


def test_the_reply_is_returned_as_it_came() -> None:
    answer = b"HTTP/1.1 207 Some Words\r\nSet-Cookie: a=1\r\nset-cookie: b=2\r\nX-Y: z\r\n"
    answer += b"Content-Length: 4\r\n\r\n\xff\x00\r\n"
    with raw_server(replies(answer)) as server:
        reply = get(server.url()).reply
    assert (reply.status, reply.reason, reply.body) == (207, "Some Words", b"\xff\x00\r\n")
    assert [value for name, value in reply.headers if name.lower() == "set-cookie"] == [
        "a=1",
        "b=2",
    ]
    assert reply.header("x-y") == "z"


def test_a_compressed_body_is_unpacked() -> None:
    packed = gzip.compress(b"hello")
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed)
    with raw_server(replies(head + packed)) as server:
        assert get(server.url()).reply.body == b"hello"


def test_a_redirect_is_returned_and_not_followed() -> None:
    answer = b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n"
    with raw_server(replies(answer, OK)) as server:
        reply = get(server.url()).reply
        assert (reply.status, reply.header("location")) == (302, "/elsewhere")
        assert server.connections == 1


def test_cookies_are_not_sent_back(transport: Transport) -> None:
    kept: list[bytes] = []
    cookie = b"HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nContent-Length: 0\r\n\r\n"
    with raw_server(replies(cookie, OK, kept=kept)) as server:
        transport.send(a_request(server.url()))
        transport.send(a_request(server.url()))
    assert b"cookie" not in kept[1].lower()


def test_connections_are_kept(transport: Transport) -> None:
    with raw_server(replies(OK, OK, OK)) as server:
        for _ in range(3):
            transport.send(a_request(server.url()))
        assert server.connections == 1


def test_no_connection_is_kept_of_a_server_that_closes_without_notice(transport: Transport) -> None:
    with raw_server(replies(OK)) as server:
        for _ in range(50):
            assert transport.send(a_request(server.url())).reply.status == 200
        assert server.connections == 50


def test_an_idle_connection_is_not_used_again(
    transport: Transport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "IDLE_SECONDS", 0.0)
    with raw_server(replies(OK, OK)) as server:
        transport.send(a_request(server.url()))
        transport.send(a_request(server.url()))
        assert server.connections == 2


def test_every_exchange_is_shown_to_the_observer() -> None:
    seen: list[Exchange] = []
    with raw_server(replies(OK)) as server, Transport(AMPLE, observer=seen.append) as transport:
        exchange = transport.send(a_request(server.url()))
    assert seen == [exchange]
    assert exchange.seconds > 0


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
def test_the_environment_names_no_proxy(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, f"http://127.0.0.1:{closed_port()}")
    with raw_server(replies(OK)) as server:
        assert get(server.url()).reply.status == 200


# Money.

SPEND = Spend(rupiah=10_000, product="PLN20", customer="530000000001", reference="REF1")


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        yield ledger


def a_gate(ledger: Ledger, *, kind: str = "sandbox") -> Gate:
    return Gate(ledger, Masker(), run="run", provider="iak", target="here", kind=kind)


def test_a_spending_request_is_in_the_ledger_when_it_arrives(ledger: Ledger) -> None:
    states: list[State] = []

    def handler(connection: socket.socket) -> None:
        read_request(connection)
        states.extend(entry.state for entry in ledger.entries())
        connection.sendall(OK)

    with raw_server(handler) as server, Transport(AMPLE, gate=a_gate(ledger)) as transport:
        transport.send(a_request(server.url()), SPEND)
    assert states == [State.SENT]
    (entry,) = ledger.entries()
    assert (entry.state, entry.http_status) == (State.ANSWERED, 200)


def test_a_spending_request_without_an_answer_is_unknown(ledger: Ledger) -> None:
    with (
        raw_server(replies(b"")) as server,
        Transport(AMPLE, gate=a_gate(ledger)) as transport,
        pytest.raises(ReplyCut),
    ):
        transport.send(a_request(server.url()), SPEND)
    (entry,) = ledger.entries()
    assert (entry.state, entry.error) == (State.UNKNOWN, "ReplyCut")
    assert ledger.spent("run") == 10_000


def test_a_spending_request_without_a_connection_is_unsent(ledger: Ledger) -> None:
    with Transport(AMPLE, gate=a_gate(ledger)) as transport, pytest.raises(Unreachable):
        transport.send(a_request(f"http://127.0.0.1:{closed_port()}/"), SPEND)
    (entry,) = ledger.entries()
    assert entry.state is State.UNSENT
    assert ledger.spent("run") == 0


def test_a_refused_spending_request_is_not_sent(ledger: Ledger) -> None:
    gate = a_gate(ledger, kind="live")
    with (
        raw_server(replies(OK)) as server,
        Transport(AMPLE, gate=gate) as transport,
        pytest.raises(SpendingRefused),
    ):
        transport.send(a_request(server.url()), SPEND)
    assert server.connections == 0
    assert ledger.entries() == ()


def test_a_spending_request_without_a_gate_is_not_sent(transport: Transport) -> None:
    with raw_server(replies(OK)) as server, pytest.raises(SpendingRefused, match="no gate"):
        transport.send(a_request(server.url()), SPEND)
    assert server.connections == 0
