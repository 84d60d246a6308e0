"""The sandbox among strangers: web pages, other programs, broken requests and slow clients."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from kontrak.config.paths import ROOT
from kontrak.sandbox import Sandbox
from kontrak.sandbox.http import MOST_CONNECTIONS

TOKEN = "a token of this test"  # noqa: S105 - of a sandbox that ends with the test
SLOW_CLIENTS = 500
ADVANCE = '{"seconds": 60}'


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(token=TOKEN) as running:
        yield running


def knock(sandbox: Sandbox, body: str = ADVANCE, **headers: str) -> requests.Response:
    """Ask the control door to move the clock; ``headers`` replace those of a client that may."""
    own = {"X-Sandbox-Token": TOKEN, "Content-Type": "application/json"}
    sent = own | {name.replace("_", "-"): value for name, value in headers.items()}
    url = f"{sandbox.url}/_sandbox/advance"
    return requests.post(url, data=body, headers=sent, timeout=30)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Content_Type": "application/json; charset=utf-8"}, 200),
        ({"Content_Type": "text/plain"}, 415),
        ({"Content_Type": "application/x-www-form-urlencoded"}, 415),
        ({"Content_Type": "multipart/form-data; boundary=application/json"}, 415),
        ({"Content_Type": ""}, 415),
        ({"X_Sandbox_Token": ""}, 401),
        ({"X_Sandbox_Token": TOKEN[:-1]}, 401),
        ({"X_Sandbox_Token": f"{TOKEN}x"}, 401),
        ({"Host": "attacker.example"}, 403),
        ({"Host": "attacker.example:80"}, 403),
        ({"Host": "127.0.0.1.attacker.example"}, 403),
        ({"Host": "localhost.attacker.example:127"}, 403),
        ({"Host": "localhost"}, 200),
        ({"Host": "LOCALHOST:9"}, 200),
        ({"Host": "[::1]:9"}, 200),
        ({"Host": "[::1]"}, 200),
        ({"Host": "::1"}, 403),
    ],
)
def test_the_clock_moves_for_a_client_of_this_machine_that_has_the_token(
    sandbox: Sandbox, headers: dict[str, str], status: int
) -> None:
    before = sandbox.clock.now()
    answer = knock(sandbox, **headers)
    moved = (sandbox.clock.now() - before).total_seconds() >= 60
    assert (answer.status_code, moved) == (status, status == 200)


def test_what_the_sandbox_is_stays_behind_the_token(sandbox: Sandbox) -> None:
    answer = requests.get(f"{sandbox.url}/_sandbox", timeout=30)
    assert answer.status_code == 401
    assert "faults" not in answer.text
    assert TOKEN not in answer.text


def test_a_request_without_host_does_not_pass(sandbox: Sandbox) -> None:
    head = f"GET /_sandbox HTTP/1.0\r\nX-Sandbox-Token: {TOKEN}\r\n\r\n"
    with socket.create_connection(_place(sandbox.url), timeout=30) as connection:
        connection.sendall(head.encode())
        assert b" 403 " in connection.recv(65536)


def test_every_sandbox_has_a_token_of_its_own() -> None:
    assert len({Sandbox().token, Sandbox().token}) == 2
    assert len(Sandbox().token) >= 16


@pytest.mark.parametrize(
    ("line", "status"),
    [
        (b"GET http://[/x HTTP/1.1", b"400"),
        (b"POST http://[::1/x HTTP/1.1", b"400"),
        (b"GET //[ HTTP/1.1", b"404"),
        (b"GET http://[x]/ HTTP/1.1", b"400"),
        (b"GET http://a\xe2\x84\x80b/ HTTP/1.1", b"404"),
        (b"GET /x HTTP/9.9", b"505"),
        (b"GET /x HTTP/one", b"400"),
        (b"GET", b"400"),
        (b"GET /\x00\xff%00%zz HTTP/1.1", b"404"),
        (b"BREW /x HTTP/1.1", b"501"),
        (b"GET " + b"/" * 70_000 + b" HTTP/1.1", b"414"),
    ],
)
def test_a_request_line_that_cannot_be_read_is_refused_without_a_traceback(
    sandbox: Sandbox, capfd: pytest.CaptureFixture[str], line: bytes, status: bytes
) -> None:
    with socket.create_connection(_place(sandbox.url), timeout=30) as connection:
        connection.sendall(line + b"\r\nHost: x\r\nConnection: close\r\n\r\n")
        answer = connection.recv(65536)
    assert answer.startswith(b"HTTP/1.1 " + status)
    assert requests.get(f"{sandbox.url}/nowhere", timeout=30).status_code == 404
    sandbox.stop()
    assert capfd.readouterr().err == ""


@dataclass(slots=True)
class Served:
    """A sandbox in a process of its own, and the file that its stderr goes to."""

    process: subprocess.Popen[bytes]
    url: str
    errors: Path

    def end(self) -> str:
        """Stop it and return what it wrote to stderr."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(60)
        return self.errors.read_text(encoding="utf-8")


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    errors = tmp_path / "stderr"
    command = [sys.executable, "-u", "-m", "kontrak", "sandbox"]
    environment = {**os.environ, "KONTRAK_CONTROL_TOKEN": TOKEN}
    with (
        errors.open("wb") as sink,
        subprocess.Popen(  # noqa: S603 - our own interpreter and arguments
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=sink
        ) as process,
    ):
        assert process.stdout is not None
        url = process.stdout.readline().decode().split(" on ")[1].split()[0]
        yield Served(process, url, errors)
        process.kill()


@pytest.mark.skipif(os.name != "posix", reason="Ctrl-C is sent as a POSIX signal")
def test_slow_clients_do_not_stop_the_next_one(served: Served) -> None:
    """Some send nothing, some half a request line, some half a head, some half a body."""
    starts = [
        b"",
        b"POST /api/v1/bill",
        b"GET /x HTTP/1.1\r\nHost: x\r\nX-Slow: ",
        b"POST /api/v1/bill/check HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{",
    ]
    with contextlib.ExitStack() as held:
        for number in range(SLOW_CLIENTS):
            slow = held.enter_context(socket.create_connection(_place(served.url), timeout=30))
            # The oldest of them may be gone by now.
            with contextlib.suppress(OSError):
                slow.sendall(starts[number % len(starts)])
        for path, status in (("/nowhere", 404), ("/_sandbox", 200)):
            headers = {"X-Sandbox-Token": TOKEN}
            answer = requests.get(f"{served.url}{path}", headers=headers, timeout=30)
            assert answer.status_code == status
    assert served.end() == ""


def test_a_connection_that_waits_for_its_answer_is_kept(sandbox: Sandbox) -> None:
    """However many come after it: only silent ones are closed, the oldest first."""
    with contextlib.ExitStack() as held, requests.Session() as session:
        assert session.get(f"{sandbox.url}/nowhere", timeout=30).status_code == 404
        first = held.enter_context(socket.create_connection(_place(sandbox.url), timeout=30))
        for _ in range(MOST_CONNECTIONS - 1):
            held.enter_context(socket.create_connection(_place(sandbox.url), timeout=30))
            assert session.get(f"{sandbox.url}/nowhere", timeout=30).status_code == 404
        assert first.recv(1) == b""


def _place(url: str) -> tuple[str, int]:
    host, port = url.removeprefix("http://").split(":")
    return host, int(port)
