"""A failure in words: the clause, its source, what was sent, expected, received, how to repeat it.

Everything here is masked where it is made into text; nothing downstream sees a secret.
"""

from __future__ import annotations

import json
import shlex
import textwrap
from collections.abc import Sequence

from kontrak.clauses.catalogue import Clause
from kontrak.clauses.verdict import Strength
from kontrak.exchange import Exchange
from kontrak.judging.expect import Finding
from kontrak.masking.masker import Fit, Masker, shorten

_LONGEST_BODY = 2_000
_LONGEST_REPLY = 600
_LONGEST_READ = 8_000
_LONGEST_ATTACHED = 65_536
_SHORTENED = "# put in the customer's number: it is shortened here"
_HTTP_TYPE = "application/vnd.allure.http+json"


def deviation_text(
    clause: Clause,
    findings: Sequence[Finding],
    exchanges: Sequence[Exchange],
    masker: Masker,
    again: str = "",
) -> str:
    """The whole failure message of one test, masked. The last exchange is the one to repeat.

    ``again`` is the command that judges the clause again.
    """
    lines = [f"{clause.id}  {clause.text}", f"  section   {clause.section}"]
    lines += [f"  source    {clause.source}"]
    if clause.strength is Strength.OBSERVED:
        lines.append("            (only an example shows it; a target may lower it to a warning)")
    lines += [f"  sent      {sent_line(one)}" for one in exchanges]
    for finding in findings:
        expected, received = masker.pair(finding.expected, finding.received)
        lines += _wrapped("expected", expected) + _wrapped("received", received)
    if exchanges:
        lines += [f"  reply     {_first_lines(exchanges[-1], masker)}"]
        lines += [f"  repeat    {curl(exchanges[-1], masker)}"]
    lines += [f"  again     {again}"] if again else []
    return masker.text("\n".join(lines))


def sent_line(exchange: Exchange) -> str:
    """One exchange in a line: method, path, what it asks and the status that came."""
    request = exchange.request
    path = "/" + request.url.split("://", 1)[-1].partition("/")[2].partition("?")[0]
    return f"{request.method} {path}  {request.summary}  -> HTTP {exchange.reply.status}"


def curl(exchange: Exchange, masker: Masker) -> str:
    """A shell line that repeats the request, its secrets masked."""
    request = exchange.request
    parts = ["curl", "-sS", "-X", request.method, shlex.quote(masker.text(request.url))]
    for name, value in masker.headers(request.headers):
        parts += ["-H", shlex.quote(f"{name}: {value}")]
    if request.body:
        # One line per request: line breaks between the parts of a body mean nothing.
        body = " ".join(masker.bytes(request.body).split())
        parts += ["--data-raw", shlex.quote(shorten(body, _LONGEST_BODY, masker))]
    # A comment, so that the line stays one that a shell takes.
    return " ".join([*parts, _SHORTENED] if masker.shortens(request) else parts)


def http_attachment(exchange: Exchange, masker: Masker) -> tuple[str, str]:
    """An exchange for Allure's viewer: the attachment's media type and its JSON text, masked."""
    request, reply = exchange.request, exchange.reply
    start = int(exchange.started_at * 1000)
    data = {
        "schemaVersion": 1,
        "start": start,
        "stop": start + int(exchange.seconds * 1000),
        "request": {
            "method": request.method,
            "url": masker.text(request.url),
            "headers": _pairs(masker, exchange.request.headers),
            "body": _body(masker, request.body, dict(request.headers).get("Content-Type", "")),
        },
        "response": {
            "status": reply.status,
            "statusText": masker.text(reply.reason),
            "headers": _pairs(masker, reply.headers),
            "body": _body(masker, reply.body, reply.header("Content-Type") or ""),
        },
    }
    return _HTTP_TYPE, Fit(json.dumps(data, ensure_ascii=False, indent=1))


def _pairs(masker: Masker, headers: tuple[tuple[str, str], ...]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in masker.headers(headers)]


def _body(masker: Masker, body: bytes, content_type: str) -> dict[str, object]:
    return {
        "contentType": masker.text(content_type),
        "encoding": "utf8",
        "value": masker.bytes(body, _LONGEST_ATTACHED),
        "size": len(body),
        "truncated": len(body) > _LONGEST_ATTACHED,
    }


def _wrapped(label: str, text: str) -> list[str]:
    lines = textwrap.wrap(text, width=100, break_long_words=False, break_on_hyphens=False) or [""]
    return [f"  {label:<10}{lines[0]}", *(f"            {line}" for line in lines[1:])]


def _first_lines(exchange: Exchange, masker: Masker) -> str:
    # Blanks are joined behind the masker: half a megabyte of them hides nothing.
    body = " ".join(masker.bytes(exchange.reply.body, _LONGEST_READ).split())
    return f"HTTP {exchange.reply.status}  {shorten(body, _LONGEST_REPLY, masker)}"
