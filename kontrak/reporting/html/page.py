"""Making Allure's page self-contained: no analytics, no outside address, and a browser's word."""

from __future__ import annotations

import base64
import binascii
import re
from html.parser import HTMLParser

from kontrak.errors import ReportError
from kontrak.reporting.html.node import OTHERWISE

_ANALYTICS = re.compile(
    r'<script async src="https://www\.googletagmanager\.com/[^"]*"></script>'
    r"\s*<script>\s*window\.dataLayer\b[^<]*</script>"
)
_TRACKERS = re.compile(r"googletagmanager|google-analytics|\bgtag\(")
_STYLE_LOAD = re.compile(r"@import|url\(\s*['\"]?(?!data:|#|['\"\s])", re.IGNORECASE)
_LOADING = frozenset(
    {"action", "background", "data", "formaction", "href", "poster", "src", "srcset"}
)

_CHARSET = '<meta charset="utf-8">'
# Blobs are how Allure shows attachments, data: is how it carries itself. A reply's own HTML,
# shown as an attachment, inherits the policy: it cannot load anything either.
_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' data:; style-src 'unsafe-inline' data:; "
    "img-src data: blob:; media-src data: blob:; font-src data:; connect-src data: blob:; "
    "frame-src data: blob:; worker-src blob:; form-action 'none'"
)

FORBID = f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
"""The element by which a page forbids itself every network request."""


def self_contained(html: str) -> str:
    """The page without its analytics tag and with a policy that forbids every network request.

    Raises ``ReportError`` if anything in it still names an outside address to load from, or if the
    policy finds no place: then the page is not the one that the pinned Allure writes.
    """
    page = _ANALYTICS.sub("", html)
    if page.count(_CHARSET) != 1:
        raise _changed("its head is not where the content policy goes")
    page = page.replace(_CHARSET, f"{_CHARSET}\n    {FORBID}")
    reader = _Loads()
    reader.feed(page)
    reader.close()
    if reader.found:
        raise _changed(f"it still loads {', '.join(sorted(reader.found))}")
    return page


class _Loads(HTMLParser):
    """Collects what a page would load from elsewhere: addresses, and trackers in its scripts."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: set[str] = set()
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag
        for name, value in attrs:
            if name.rpartition(":")[2] in _LOADING and value:
                self._look_at_address(tag, value)
            elif name == "style" and value and _STYLE_LOAD.search(value):
                self.found.add("a style's address")

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002 - the base class sets the signature
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "style" and _STYLE_LOAD.search(data):
            self.found.add("a style's address")
        if self._inside == "script" and _TRACKERS.search(data):
            self.found.add("an analytics script")

    def _look_at_address(self, tag: str, value: str) -> None:
        if not value.startswith(("data:", "#")):
            self.found.add(value[:120])
        elif tag == "script" and _TRACKERS.search(_decoded(value)):
            self.found.add("an analytics script")


def _decoded(data_url: str) -> str:
    head, _, body = data_url.partition(",")
    if not head.endswith(";base64"):
        return body
    try:
        return base64.b64decode(body).decode("utf-8", errors="replace")
    except binascii.Error:
        return body


def _changed(reason: str) -> ReportError:
    return ReportError(
        f"Allure's page is not as expected and was not kept: {reason}",
        hint=f"pin the Allure version of reports/allure/package.json again; {OTHERWISE}",
    )
