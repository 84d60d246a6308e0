"""Making Allure's page small: its program and data in one compressed part, unpacked by the browser.

Allure writes every datum as base64 into the page, some of them twice, and its own program too. Of
about 36 MB of a run of all providers, under 5 remain.
"""

from __future__ import annotations

import base64
import gzip
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypedDict

from kontrak.errors import ReportError
from kontrak.reporting.html.node import OTHERWISE

_UNPACK = Path(__file__).with_name("unpack.js")
_PROGRAM = re.compile(r'<script\s+src="data:text/javascript;base64,([^"]*)"></script>')
_DATA = re.compile(
    r"<script defer>\s*Promise\.allSettled\(\[(d\(.*\))\]\)\s*"
    r"\.then\(function\(\)\{\s*window\.allureReportDataReady = true;\s*\}\)\s*</script>",
    re.DOTALL,
)
_DATUM = re.compile(r'd\("([^"\\]*)","([^"\\]*)"\)')
_RESULT = "data/test-results/"
_UNUSED = ("data/history/", "widgets/timeline.json")
"""Whole earlier runs, for which Allure's program does not ask, and a section that is left out."""
_ENVIRONMENT = "widgets/default/"
"""Allure writes every widget for the whole and for each environment. kontrak has one, so that these
are the whole's again, in another order."""


class Packed(TypedDict):
    """What the page unpacks. ``same`` names data that are another datum's copy."""

    programs: list[str]
    texts: dict[str, str]
    encoded: dict[str, str]
    same: dict[str, str]


def packed(page: str, first: Callable[[Mapping[str, str]], str] = lambda _links: "") -> str:
    """The page with its program and data compressed.

    ``first`` makes what is shown before Allure's part is opened, from the address in that part of
    each test by test id. Raises ``ReportError`` if Allure's program and data are not where the
    pinned version writes them.
    """
    data = _DATA.search(page)
    programs = list(_PROGRAM.finditer(page))
    if data is None or not programs:
        raise _changed("its program or its data are not where they were")
    content = _content(data[1])
    content["programs"] = [base64.b64decode(one[1]).decode("utf-8") for one in programs]
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    inside = base64.b64encode(gzip.compress(text.encode("utf-8"), mtime=0)).decode("ascii")
    unpack = _UNPACK.read_text(encoding="utf-8")
    part = (
        f'<script type="text/plain" id="kontrak-packed">{inside}</script>\n'
        f"    <script>\n{unpack}    </script>"
    )
    # Not by ``re.sub``: what is put in may hold backslashes.
    page = _PROGRAM.sub("", page[: data.start()] + part + page[data.end() :])
    head, body, rest = page.partition("<body>")
    if not body:
        raise _changed("it has no body to begin with")
    return head + body + first(_links(content["texts"])) + rest


def _links(texts: Mapping[str, str]) -> dict[str, str]:
    found = {}
    for name, text in texts.items():
        if name.startswith(_RESULT):
            result = json.loads(text)
            for label in result.get("labels", ()):
                if label["name"] == "test":
                    found[label["value"]] = str(result["id"])
    return found


def _content(calls: str) -> Packed:
    """The data of the page's calls ``d("name","base64"),d(...)``."""
    content = Packed(programs=[], texts={}, encoded={}, same={})
    known: dict[str, str] = {}
    end = 0
    data = {match[1]: match for match in _DATUM.finditer(calls)}
    for match in data.values():
        if calls[end : match.start()].strip() not in {"", ","}:
            raise _changed("its data are not written as they were")
        end = match.end()
        name, value = match[1], match[2]
        whole = name.replace(_ENVIRONMENT, "widgets/")
        if whole != name and whole in data:
            content["same"][name] = whole
            continue
        if name.startswith(_UNUSED):
            continue
        first = known.setdefault(value, name)
        if first != name:
            content["same"][name] = first
            continue
        try:
            text = base64.b64decode(value).decode("utf-8")
            content["texts"][name] = _shorter(text) if name.startswith(_RESULT) else text
        except UnicodeDecodeError:
            content["encoded"][name] = value
    if end != len(calls):
        raise _changed("its data are not written as they were")
    return content


def _shorter(result: str) -> str:
    """A test with its earlier results as [start, status, duration]; times in milliseconds."""
    data = json.loads(result)
    data["history"] = [
        [one["start"], one["status"], one["duration"]] for one in data.get("history", [])
    ]
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def _changed(reason: str) -> ReportError:
    return ReportError(
        f"Allure's page is not as expected and was not kept: {reason}",
        hint=f"pin the Allure version of reports/allure/package.json again; {OTHERWISE}",
    )
