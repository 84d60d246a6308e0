"""The sandbox's server, clock, balance and registry, whichever provider it imitates."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from kontrak.errors import ConfigurationError
from kontrak.sandbox import Sandbox
from kontrak.sandbox.changes import Fault, install
from kontrak.sandbox.clock import Clock
from kontrak.sandbox.deposit import Deposit
from kontrak.sandbox.http import MAX_BODY_BYTES


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


def about(sandbox: Sandbox) -> dict[str, Any]:
    """What the control door says."""
    token = {"X-Sandbox-Token": sandbox.token}
    printed: dict[str, Any] = requests.get(
        f"{sandbox.url}/_sandbox", headers=token, timeout=10
    ).json()
    return printed


def advance(sandbox: Sandbox, body: str, **headers: str | None) -> requests.Response:
    """Post to the control door as a client that may; ``headers`` replace its own."""
    own = {"X-Sandbox-Token": sandbox.token, "Content-Type": "application/json"}
    sent = own | {name.replace("_", "-"): value for name, value in headers.items()}
    url = f"{sandbox.url}/_sandbox/advance"
    return requests.post(
        url, data=body, headers={k: v for k, v in sent.items() if v is not None}, timeout=10
    )


def raw(sandbox: Sandbox, request: bytes) -> bytes:
    """What the server sends until it closes, after a request written by hand."""
    host, port = sandbox.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def test_the_control_door_says_what_this_is() -> None:
    """Its faults, variants and time are reported at /_sandbox."""
    with Sandbox(faults=["iak-price-off-by-one"], variants=["iak-floats"]) as sandbox:
        reported = about(sandbox)
    assert reported["sandbox"] == "kontrak"
    assert "iak" in reported["providers"]
    assert reported["faults"] == ["iak-price-off-by-one"]
    assert reported["variants"] == ["iak-floats"]
    assert reported["now"].endswith("+07:00")


def test_the_clock_is_advanced_through_the_control_door(sandbox: Sandbox) -> None:
    """An hour more is shown at once, and the day changes with it."""
    before = sandbox.clock.now()
    answer = advance(sandbox, '{"seconds": 86400}')
    assert answer.status_code == 200
    assert (sandbox.clock.now().date() - before.date()).days == 1


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{}",
        "[]",
        '{"seconds": -1}',
        '{"seconds": "60"}',
        '{"seconds": NaN}',
        '{"seconds": 1e99}',
    ],
)
def test_a_bad_advance_is_refused(sandbox: Sandbox, body: str) -> None:
    """The clock stands as it did."""
    before = sandbox.clock.now()
    answer = advance(sandbox, body)
    assert answer.status_code == 400
    assert (sandbox.clock.now() - before).total_seconds() < 3600


def test_an_unknown_path_belongs_to_no_one(sandbox: Sandbox) -> None:
    """It is answered with 404."""
    assert requests.get(f"{sandbox.url}/nowhere", timeout=10).status_code == 404


def test_the_clock_starts_at_nine_in_wib() -> None:
    """So a short run never meets midnight by accident."""
    now = Clock().now()
    assert now.utcoffset() is not None
    assert (now.hour, str(now.tzinfo)) == (9, "WIB")


def test_the_deposit_debits_once_per_key() -> None:
    """The second debit of one key takes nothing, and a refund gives back what was taken."""
    deposit = Deposit(1_000)
    assert deposit.debit("a", 400)
    assert deposit.debit("a", 400)
    assert deposit.balance == 600
    deposit.refund("a")
    deposit.refund("a")
    assert deposit.balance == 1_000
    assert [mutation.rupiah for mutation in deposit.mutations] == [-400, 400]


def test_the_deposit_does_not_go_below_zero() -> None:
    """A debit of more than there is fails and leaves no trace."""
    deposit = Deposit(10)
    assert not deposit.debit("a", 11)
    assert deposit.balance == 10
    assert deposit.mutations == ()


@pytest.mark.parametrize("word", ["faults", "variants"])
def test_an_unknown_change_is_refused_with_the_nearest(word: str) -> None:
    """The hint names the id that was meant."""
    near = {"faults": "iak-price-off-by-one", "variants": "iak-floats"}[word]
    with pytest.raises(ConfigurationError) as caught:
        Sandbox(**{word: [near + "s"]})  # type: ignore[arg-type]  # either list, by its name
    assert near in caught.value.hint


@pytest.mark.parametrize("accounts", [{"iakk": {}}, {"iak": {"apikey": "x"}}])
def test_an_unknown_account_is_refused(accounts: dict[str, dict[str, str]]) -> None:
    """Neither a provider nor a key is made up."""
    with pytest.raises(ConfigurationError):
        Sandbox(accounts=accounts)


def test_a_failed_reset_changes_nothing(sandbox: Sandbox) -> None:
    """The sandbox goes on as it was."""
    sandbox.reset(faults=["iak-price-off-by-one"])
    with pytest.raises(ConfigurationError):
        sandbox.reset(faults=["no-such-fault"])
    assert about(sandbox)["faults"] == ["iak-price-off-by-one"]


def test_a_stopped_sandbox_has_no_url_and_may_start_again() -> None:
    """Its port is free again."""
    sandbox = Sandbox()
    with pytest.raises(ConfigurationError):
        _ = sandbox.url
    url = sandbox.start()
    port = int(url.rpartition(":")[2])
    with pytest.raises(ConfigurationError):
        sandbox.start()
    with pytest.raises(ConfigurationError):
        Sandbox().start(port)
    sandbox.stop()
    sandbox.stop()
    assert sandbox.start(port) == url
    sandbox.stop()


def test_a_kept_connection_serves_many_requests_and_ends_with_the_server() -> None:
    """HTTP/1.1 keeps the connection; stopping hangs up."""
    with Sandbox() as sandbox, requests.Session() as session:
        url = f"{sandbox.url}/nowhere"
        assert session.get(url, timeout=10).status_code == 404
        assert session.get(url, timeout=10).status_code == 404
        sandbox.stop()
        with pytest.raises(requests.ConnectionError):
            session.get(url, timeout=10)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (b"Content-Length: many", b"400"),
        (b"Content-Length: -1", b"400"),
        (f"Content-Length: {MAX_BODY_BYTES + 1}".encode(), b"413"),
        (b"Content-Length: 99999999999999999999", b"413"),
        (b"Transfer-Encoding: chunked", b"411"),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(
    sandbox: Sandbox, headers: bytes, status: bytes
) -> None:
    """The answer says so and the connection ends."""
    request = b"POST /api/v1/bill/check HTTP/1.1\r\nHost: x\r\n" + headers + b"\r\n\r\n"
    answer = raw(sandbox, request)
    assert answer.split(b" ")[1] == status
    assert b"Connection: close" in answer


def test_broken_requests_leave_the_server_alive(sandbox: Sandbox) -> None:
    """A body that ends early, a line that is not HTTP: the next request is served."""
    raw(sandbox, b"POST /api/v1/bill/check HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc")
    raw(sandbox, b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n")
    raw(sandbox, b"")
    assert about(sandbox)["sandbox"] == "kontrak"


def test_framing_variants_arrive_as_announced() -> None:
    """Chunks, HTTP/1.0 and lower-case names are seen on the wire and read by any client."""
    request = (
        b"POST /api/check-balance HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
        b"Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
    )
    with Sandbox() as sandbox:
        sandbox.reset(variants=["iak-chunked"])
        assert b"Transfer-Encoding: chunked" in raw(sandbox, request)
        assert requests.post(
            f"{sandbox.url}/api/check-balance", json={"username": "x"}, timeout=10
        ).json()["data"]["rc"]
        sandbox.reset(variants=["iak-http-1-0"])
        answer = raw(sandbox, request)
        assert answer.startswith(b"HTTP/1.0 ")
        assert b"Content-Length" not in answer
        sandbox.reset(variants=["iak-lower-case-headers"])
        assert b"\r\ncontent-type: application/json" in raw(sandbox, request)


def test_a_change_wraps_one_instance_only() -> None:
    """The class and its other instances stay as they were; a later change wraps the earlier."""

    class Greeter:
        def word(self) -> str:
            return "hello"

    twice = Fault(
        "x-twice",
        "x",
        ("X-WORD",),
        "Words come twice.",
        {"word": lambda _service, original: original() * 2},
    )
    changed, honest = Greeter(), Greeter()
    install(changed, twice)
    install(changed, twice)
    assert changed.word() == "hello" * 4
    assert honest.word() == "hello"


def test_a_fault_has_a_clause_and_a_reason_for_more() -> None:
    """A fault without a clause, or with unexplained consequences, cannot be made."""
    with pytest.raises(ValueError, match="no clause"):
        Fault("x", "x", (), "Nothing.", {})
    with pytest.raises(ValueError, match="reason"):
        Fault("x", "x", ("A", "B"), "Two.", {})
