"""Targets of kind live that are kontrak sandboxes, and a post between that can hold an answer."""

from __future__ import annotations

import http.client
import re
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from kontrak.config.paths import TARGETS
from tests.rawserver import Handler, pause, read_request


def live_target(
    folder: Path,
    url: str,
    *,
    kind: str = "live",
    spend: int = 50_000_000,
    limits: str = "",
    customers: tuple[str, ...] = ("530000000001", "530000000002"),
    balance: bool = True,
) -> Path:
    """A target file for IAK whose ledger lies beside it. ``limits`` are further lines.

    ``balance`` reports whether it has check-balance.
    """
    asked = f'balance_url = "{url}/api/check-balance"\n' if balance else ""
    bought = "".join(
        f'[[limits.may_buy]]\nproduct = "PLNPOSTPAID"\ncustomer = "{one}"\n' for one in customers
    )
    text = (
        f'name = "rehearsal"\nkind = "{kind}"\n'
        f'[iak]\nbase_url = "{url}"\n{asked}'
        'username = "081200000000"\napi_key = "sandbox-key"\n'
        f'[limits]\nledger = "ledger.sqlite"\ndeadline_seconds = 20\nspend_rupiah = {spend}\n'
        f"{limits}\n{bought}"
    )
    return _written(folder, text)


def rehearsal(folder: Path, url: str, *, token: str = "", limits: str = "") -> Path:
    """The embedded target's file for a sandbox that goes on after the run: every provider.

    ``token`` opens its control door; without one its clock is not ours to move.
    """
    text = (TARGETS / "embedded.toml").read_text(encoding="utf-8")
    opened = rf'\g<0>control_token = "{token}"\n' if token else ""
    text = re.sub(r"control_url = .*\n", opened, text)
    text = text.replace("http://embedded", url).replace("embedded = true\n", "")
    return _written(
        folder, text.replace("[limits]", f'[limits]\nledger = "ledger.sqlite"\n{limits}')
    )


def _written(folder: Path, text: str) -> Path:
    path = folder / "live.toml"
    path.write_text(text, encoding="utf-8")
    return path


def passing_on(url: str, *, hold: Callable[[bytes], bool], held: threading.Event) -> Handler:
    """Pass every request on to ``url``. The answer to one that ``hold`` names is never given back.

    ``held`` is set once that request has been carried out.
    """

    def handler(connection: socket.socket) -> None:
        while True:
            request = read_request(connection)
            answer = _answer(url, request)
            if hold(request):
                held.set()
                while pause(connection):
                    pass
                return
            connection.sendall(answer)

    return handler


def lying(url: str, change: Callable[[bytes, bytes], tuple[int, bytes]]) -> Handler:
    """Pass every request on to ``url``, and give back what ``change`` makes of its answer.

    ``change`` is given the request and the body of the answer, and returns a status and a body.
    """

    def handler(connection: socket.socket) -> None:
        while True:
            request = read_request(connection)
            _, _, body = _answer(url, request).partition(b"\r\n\r\n")
            status, changed = change(request, body)
            head = f"HTTP/1.1 {status} Given\r\nContent-Type: application/json\r\n"
            connection.sendall(f"{head}Content-Length: {len(changed)}\r\n\r\n".encode() + changed)

    return handler


def _answer(url: str, request: bytes) -> bytes:
    head, _, body = request.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    method, path, _ = first.split(" ")
    headers = dict(line.split(": ", 1) for line in lines)
    connection = http.client.HTTPConnection(urlsplit(url).netloc)
    try:
        connection.request(method, path, body, headers)
        reply = connection.getresponse()
        content = reply.read()
        reported = "".join(
            f"{name}: {value}\r\n"
            for name, value in reply.getheaders()
            if name.lower() not in {"content-length", "transfer-encoding", "connection"}
        )
    finally:
        connection.close()
    status = f"HTTP/1.1 {reply.status} {reply.reason}"
    start = f"{status}\r\n{reported}Content-Length: {len(content)}\r\n\r\n"
    return start.encode("latin-1") + content
