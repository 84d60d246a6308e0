"""Trouble: answers which show that the target is out of order, so that nothing can be judged.

The one place that decides, for every provider and clause. 502, 503, 504, a gateway's page and a
redirect to another page count whatever was asked. Any other 5xx, 401, 403 and an RC of maintenance,
cut-off, limit, out of service or no deposit count in answer to a request that was right
(``Request.right``) once the probe has passed: a wrong request may be refused with just these, and a
500 in answer to it is judged by its clause. HTTP 429 is found by ``kontrak.http.transport``.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from kontrak.clauses.response_codes import ResponseCode
from kontrak.config.target import ProviderTarget
from kontrak.errors import AskingEnded, DeadlineExceeded, NoAnswer, OutOfOrder, Unreachable
from kontrak.exchange import Exchange, Reply
from kontrak.limits.ledger import WIB, Ledger

SILENT = 3
"""How many requests in a row may get no reply before nothing more is asked."""
_GATEWAY = frozenset({502, 503, 504, *range(520, 531)})
"""What a gateway returns in place of the service; 520 to 530 are those of a content network."""
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_REFUSED = frozenset({401, 403, 407})
_PAGE = (b"<!doctype html", b"<html")
_ALL = ""
"""In place of a provider's key: every provider of the run."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """One kind of trouble of one provider: ``what`` ("HTTP 503"), Unix times, and how often."""

    provider: str
    what: str
    first: float
    last: float
    count: int

    def line(self) -> str:
        """The same in words."""
        when, until = moment(self.first), moment(self.last)
        span = f"at {when}" if until == when else f"from {when} to {until}"
        many = "1 request" if self.count == 1 else f"{self.count} requests"
        return f"{self.provider} was out of order: {self.what} {span}, {many}"

    def to_json(self) -> dict[str, Any]:
        """The same for ``conformance.json``; times are WIB."""
        return {
            "provider": self.provider,
            "what": self.what,
            "first": moment(self.first),
            "last": moment(self.last),
            "count": self.count,
        }


class Watch:
    """What one process has noticed of one provider's trouble, shared with the run's workers.

    ``admitted`` becomes true when the probe has passed; ``count`` is how often this process has
    found trouble. The ``ledger`` is where workers meet; without one, a process knows its own part
    only. ``codes`` are the provider's response codes.
    """

    def __init__(
        self,
        ledger: Ledger | None = None,
        *,
        run: str = "",
        provider: str = "",
        codes: Mapping[str, ResponseCode] | None = None,
    ) -> None:
        self.admitted = False
        self.codes = codes or {}
        self._ledger, self._run, self._provider = ledger, run, provider
        self._silent = 0
        self._asked = 0
        self.count = 0
        self._ended: str | None = None
        self._lock = threading.Lock()

    def require_asking(self) -> None:
        """Count a request that is about to be sent. Raises ``AskingEnded`` where none may be."""
        why = self._ended or self._shared_end()
        if why is not None:
            self._ended = why
            raise AskingEnded(
                f"nothing more was asked of {self._provider or 'the target'}: {why}",
                hint="look at the target, then run again",
            )
        with self._lock:
            self._asked += 1

    def heard(self) -> None:
        """A reply came: the target is there."""
        with self._lock:
            self._silent = 0

    def silent(self, error: NoAnswer) -> None:
        """No reply came. After ``SILENT`` of them in a row the asking ends."""
        if not isinstance(error, Unreachable | DeadlineExceeded):
            return
        with self._lock:
            self._silent += 1
            blown = self._silent >= SILENT
        if blown:
            self.end(f"{SILENT} requests in a row got no reply ({error.sentence})")

    def end(self, why: str, *, everywhere: bool = False) -> None:
        """Let no further request be sent, to any provider if ``everywhere``."""
        if self._ended is None:
            self._ended = why
            row = (self._run, _ALL if everywhere else self._provider, why)
            self._write("INSERT INTO asking_ended (run, provider, why) VALUES (?, ?, ?)", row)

    def notice(self, what: str, at: float) -> str:
        """Keep one trouble; the sentence that says of it what a test's reader has to know."""
        with self._lock:
            self.count += 1
            counted = f"{self.count} of {max(self._asked, self.count)} requests"
        row = (self._run, self._provider, at, what)
        self._write("INSERT INTO trouble (run, provider, at, what) VALUES (?, ?, ?, ?)", row)
        return f"the target was out of order: {what} at {moment(at)}, {counted}"

    def _shared_end(self) -> str | None:
        if self._ledger is None:
            return None
        query = "SELECT why FROM asking_ended WHERE run = ? AND provider IN (?, ?) LIMIT 1"
        found = self._ledger.rows(query, (self._run, self._provider, _ALL))
        return str(found[0][0]) if found else None

    def _write(self, query: str, row: tuple[object, ...]) -> None:
        if self._ledger is None:
            return
        with self._ledger.transaction(durable=False) as database:
            database.execute(query, row)


def heed(
    watch: Watch,
    target: ProviderTarget,
    exchange: Exchange,
    rc: str | None = None,
    *,
    asked_for: Collection[str] = (),
    sound: bool = False,
) -> None:
    """Raise ``OutOfOrder`` where an answer is trouble. Called once it is settled in the ledger.

    ``rc`` is the answer's code, ``asked_for`` the codes that the target names for what was asked:
    these are what the request was for, or statuses as in "HTTP 401". ``sound`` means that nothing
    is wrong with a request that is not called right.
    """
    if not watch.admitted:
        return
    what = of_status(exchange, sound=sound)
    if what in asked_for:
        return
    if rc is not None and exchange.reply.status in _REFUSED:
        # The interface itself has refused: a door that is closed knows none of its codes.
        what = None
    right = exchange.request.right or sound
    if what is None and right and rc is not None and rc not in asked_for:
        what = of_rc(watch.codes, rc, target.options.get("trouble_rc", ()))
    if what is None:
        return
    error = OutOfOrder(
        watch.notice(what, exchange.started_at + exchange.seconds),
        hint="run again when the target is in order; what was not judged proves nothing",
    )
    error.request = exchange.request
    raise error


def of_status(exchange: Exchange, *, sound: bool = False) -> str | None:
    """The trouble that an answer's status or page shows, in words; None where it shows none.

    ``sound`` as in ``heed``.
    """
    reply, status = exchange.reply, exchange.reply.status
    right = exchange.request.right or sound
    page = is_page(reply)
    if status in _GATEWAY or (status >= 500 and (right or (page and status != 500))):
        return f"HTTP {status}" + (" with an HTML page" if page else "")
    if status in _REDIRECTS and _leads_elsewhere(exchange):
        return f"HTTP {status} to another page"
    if right and status in _REFUSED:
        return f"HTTP {status}"
    if page and status < 300:
        return f"an HTML page with HTTP {status}"
    return None


def of_rc(codes: Mapping[str, ResponseCode], rc: str, reported: Iterable[str] = ()) -> str | None:
    """The trouble that an RC means, in words; ``reported`` are the codes that the target adds.

    ``codes`` are those of the document.
    """
    known = codes.get(rc)
    if known is not None and known.trouble:
        return f"RC {rc} ({known.meaning})"
    return f"RC {rc}" if rc in reported else None


def is_page(reply: Reply) -> bool:
    """Whether a body is an HTML page, whatever its Content-Type says."""
    return reply.body[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_PAGE)


def troubles(ledger: Ledger, run: str) -> list[Trouble]:
    """All trouble of a run, by provider and kind, in the order in which it began."""
    query = (
        "SELECT provider, what, min(at), max(at), count(*) FROM trouble WHERE run = ?"
        " GROUP BY provider, what ORDER BY min(at)"
    )
    return [Trouble(*row) for row in ledger.rows(query, (run,))]


def endings(ledger: Ledger, run: str) -> list[str]:
    """Why the asking ended before everything was asked, a line for each provider."""
    query = "SELECT DISTINCT provider, why FROM asking_ended WHERE run = ?"
    return [f"{key or 'every provider'}: {why}" for key, why in ledger.rows(query, (run,))]


def moment(at: float) -> str:
    """A Unix time as a clock in western Indonesia shows it."""
    return f"{datetime.fromtimestamp(at, WIB):%H:%M:%S} WIB"


def _leads_elsewhere(exchange: Exchange) -> bool:
    """Whether a redirect names another path; the same one (with or without "/") is judged."""
    location = exchange.reply.header("Location")
    if not location:
        return False
    try:
        there = urlsplit(urljoin(exchange.request.url, location)).path
    except ValueError:
        return False
    return there.strip("/") != urlsplit(exchange.request.url).path.strip("/")
