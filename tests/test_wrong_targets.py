"""Dead and wrong targets: one clear message, the right verdict and exit code, never a traceback."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.rawserver import closed_port, raw_server, read_request, replies
from tests.runs import Ended, suite, write_target

FEW = "test_amounts or test_inquiry_json"


def answer(body: bytes, content_type: str = "application/json", status: str = "200 OK") -> bytes:
    """A whole HTTP reply."""
    lines = [
        f"HTTP/1.1 {status}",
        f"Content-Type: {content_type}",
        f"Content-Length: {len(body)}",
        "Connection: close",
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def run_against(url: str, folder: Path, chosen: str = FEW) -> Ended:
    target = write_target(folder, url)
    return suite("--target", str(target), "-k", chosen, output=folder / "out")


def expect_broken_once(ended: Ended, words: str) -> None:
    """Every clause is broken for one reason, shown once, and the exit code says inconclusive."""
    assert ended.code == 3, ended.printed
    assert set(ended.verdicts().values()) == {"broken"}
    assert ended.printed.count("BROKEN  ") == 1, ended.printed
    assert words in ended.printed
    assert "hint:" in ended.printed
    assert "Traceback" not in ended.printed


def test_a_closed_port(tmp_path: Path) -> None:
    ended = run_against(f"http://127.0.0.1:{closed_port()}", tmp_path)
    expect_broken_once(ended, "Connection refused")


def test_a_name_that_does_not_exist(tmp_path: Path) -> None:
    expect_broken_once(run_against("http://no-such-host.invalid", tmp_path), "is not known")


def test_tls_to_a_plain_port(tmp_path: Path) -> None:
    with raw_server(replies(answer(b"{}"))) as server:
        expect_broken_once(run_against(f"https://127.0.0.1:{server.port}", tmp_path), "TLS")


REPLIES: dict[str, tuple[bytes, str]] = {
    "http-401": (answer(b"{}", status="401 Unauthorized"), "does not let us in: HTTP 401"),
    "html": (answer(b"<html>It works</html>", "text/html"), "is not an IAK interface"),
    "http-404": (answer(b"not here", "text/plain", "404 Not Found"), "is not an IAK interface"),
    "http-503": (answer(b"{}", status="503 Service Unavailable"), "is out of order"),
    "wrong-signature": (
        answer(b'{"data":{"response_code":"100","message":"INVALID SIGNATURE"},"meta":[]}'),
        "it refuses our signature",
    ),
    "cut-body": (
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{",
        "incomplete",
    ),
    "no-http": (b"hello\r\n\r\n", "not an HTTP reply"),
}


@pytest.mark.parametrize("name", REPLIES)
def test_a_reply_from_which_nothing_can_be_concluded(name: str, tmp_path: Path) -> None:
    reply, words = REPLIES[name]
    with raw_server(replies(reply)) as server:
        expect_broken_once(run_against(server.url(), tmp_path), words)


def _endless(connection: socket.socket) -> None:
    read_request(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
    block = b"[" + b"0," * 32_768
    for _ in range(3_000):
        connection.sendall(block)


def _huge(connection: socket.socket) -> None:
    read_request(connection)
    size = 100 * 1024 * 1024
    connection.sendall(f"HTTP/1.1 200 OK\r\nContent-Length: {size}\r\n\r\n".encode())
    for _ in range(size // 65_536):
        connection.sendall(b"0" * 65_536)


def _silent(connection: socket.socket) -> None:
    read_request(connection)
    connection.recv(1)


HANDLERS: dict[str, tuple[Callable[[socket.socket], None], str]] = {
    "endless-body": (_endless, "larger than"),
    "body-of-100-megabytes": (_huge, "larger than"),
    "silence": (_silent, "1"),
}


@pytest.mark.parametrize("name", HANDLERS)
def test_a_reply_without_end(name: str, tmp_path: Path) -> None:
    handler, words = HANDLERS[name]
    with raw_server(handler) as server:
        expect_broken_once(run_against(server.url(), tmp_path), words)


MALFORMED = {
    "invalid-utf-8": b'{"data": {"tr_name": "\xff"}, "meta": []}',
    "repeated-name": b'{"data": {}, "data": {}, "meta": []}',
    "nan": b'{"data": {"price": NaN}, "meta": []}',
    "two-documents": b'{"data": {}} {"data": {}}',
}


@pytest.mark.parametrize("name", MALFORMED)
def test_json_that_is_none_is_a_deviation(name: str, tmp_path: Path) -> None:
    with raw_server(replies(answer(MALFORMED[name]))) as server:
        # With the clause of XML: what hides behind one that is not selected is broken.
        ended = run_against(server.url(), tmp_path, f"{FEW} or test_inquiry_xml")
    assert ended.code == 1, ended.printed
    assert "Traceback" not in ended.printed
    verdicts = ended.verdicts()
    failed = {verdicts.pop("IAK-JSON-WELLFORMED"), verdicts.pop("IAK-XML-WELLFORMED")}
    assert failed == {"failed"}
    assert set(verdicts.values()) == {"skipped"}
