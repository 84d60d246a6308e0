"""A post between kontrak and a sandbox that changes what the answers say."""

from __future__ import annotations

import contextlib
import http.client
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

Meddle = Callable[[bytes], bytes]

_OWN = ("content-length", "transfer-encoding", "connection", "date", "server")


@contextlib.contextmanager
def meddling(url: str, meddle: Meddle, headers: tuple[tuple[str, str], ...] = ()) -> Iterator[str]:
    """Pass requests on to ``url`` and give the answers back with their bodies changed.

    ``headers`` are added to every answer. Gives the post's own address.
    """
    behind = urlsplit(url)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _pass(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            connection = http.client.HTTPConnection(behind.hostname or "", behind.port or 80)
            given = {name: value for name, value in self.headers.items() if name != "Host"}
            connection.request(self.command, self.path, body, given)
            reply = connection.getresponse()
            changed = meddle(reply.read())
            self.send_response(reply.status, reply.reason)
            for name, value in reply.getheaders():
                if name.lower() not in _OWN:
                    self.send_header(name, value)
            for name, value in headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(changed)))
            self.end_headers()
            self.wfile.write(changed)
            connection.close()

        do_GET = do_POST = _pass  # noqa: N815 - http.server's names

        def log_message(self, *_: object) -> None:
            """Nothing: the test's output is no log."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
