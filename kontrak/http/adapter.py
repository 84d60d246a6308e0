"""requests' adapter over connections that a deadline watches."""

from __future__ import annotations

from typing import Any

import urllib3
from requests import PreparedRequest
from requests.adapters import HTTPAdapter

from kontrak.http.connection import connections


class WatchedAdapter(HTTPAdapter):
    """Sends a prepared request as it is; connections, TLS and proxy are those of ``connections``.

    Raises ``ConfigurationError`` for an unusable ``ca_file`` or ``proxy``.
    """

    def __init__(self, *, ca_file: str | None, proxy: str | None) -> None:
        self._pools = connections(ca_file=ca_file, proxy=proxy)
        super().__init__(max_retries=urllib3.Retry(total=False, redirect=False))

    def init_poolmanager(self, *_: Any, **__: Any) -> None:
        """Use our pools in place of requests' own."""
        self.poolmanager = self._pools

    def get_connection_with_tls_context(
        self, request: PreparedRequest, *_: Any, **__: Any
    ) -> urllib3.HTTPConnectionPool:
        """The pool of the request's host; certificates are checked as ``connections`` says."""
        return self._pools.connection_from_url(str(request.url))

    def cert_verify(self, *_: Any) -> None:
        """Leave the pool's own checks alone."""

    def request_url(self, request: PreparedRequest, *_: Any) -> str:
        """The request's target: the whole address where a proxy asks for it."""
        url = str(request.url)
        if self._pools.proxy is not None and url.startswith("http:"):
            return url
        return urllib3.util.parse_url(url).request_uri
