"""The layout of the ledger's file, how an older one is brought to it, and whether one is whole."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator

VERSION = 3

_ENTRY = """
CREATE TABLE entry (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    run TEXT NOT NULL,
    at REAL NOT NULL,
    provider TEXT NOT NULL,
    target TEXT NOT NULL,
    operation TEXT NOT NULL,
    product TEXT NOT NULL,
    customer TEXT NOT NULL,
    reference TEXT NOT NULL,
    rupiah INTEGER NOT NULL,
    state TEXT NOT NULL,
    http_status INTEGER,
    rc TEXT,
    error TEXT,
    account TEXT NOT NULL DEFAULT '',
    their_id TEXT NOT NULL DEFAULT '',
    debit INTEGER,
    closed INTEGER,
    settled REAL,
    cleared INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX entry_run ON entry (run, reference)
"""

_SINCE_1 = """
ALTER TABLE entry ADD COLUMN account TEXT NOT NULL DEFAULT '';
ALTER TABLE entry ADD COLUMN their_id TEXT NOT NULL DEFAULT '';
ALTER TABLE entry ADD COLUMN debit INTEGER;
ALTER TABLE entry ADD COLUMN closed INTEGER
"""

# stop, notice: kill_switch. balance: balance_check. too_many, pause: rate_limit.
# closing: reconciliation. trouble, asking_ended: kontrak.http.trouble.
_OTHERS = """
CREATE TABLE stop (run TEXT PRIMARY KEY, at REAL NOT NULL, why TEXT NOT NULL);
CREATE TABLE notice (
    run TEXT NOT NULL, at REAL NOT NULL, what TEXT NOT NULL, UNIQUE (run, what)
);
CREATE TABLE balance (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    run TEXT NOT NULL,
    at REAL NOT NULL,
    provider TEXT NOT NULL,
    target TEXT NOT NULL,
    account TEXT NOT NULL,
    rupiah INTEGER NOT NULL,
    entry INTEGER NOT NULL
);
CREATE TABLE too_many (run TEXT NOT NULL, at REAL NOT NULL, provider TEXT NOT NULL);
CREATE TABLE pause (
    target TEXT NOT NULL, provider TEXT NOT NULL, until REAL NOT NULL,
    PRIMARY KEY (target, provider)
);
CREATE TABLE closing (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at REAL NOT NULL,
    provider TEXT NOT NULL,
    target TEXT NOT NULL,
    account TEXT NOT NULL,
    verdict TEXT NOT NULL,
    words TEXT NOT NULL
)
"""

_SINCE_2 = """
ALTER TABLE entry ADD COLUMN settled REAL;
ALTER TABLE entry ADD COLUMN cleared INTEGER NOT NULL DEFAULT 0
"""

_TROUBLE = """
CREATE TABLE trouble (
    run TEXT NOT NULL, provider TEXT NOT NULL, at REAL NOT NULL, what TEXT NOT NULL
);
CREATE TABLE asking_ended (run TEXT NOT NULL, provider TEXT NOT NULL, why TEXT NOT NULL);
CREATE INDEX trouble_run ON trouble (run);
CREATE INDEX asking_ended_run ON asking_ended (run)
"""

# The sum of a day; what no closing has taken up; what is refused and not cleared; the rows of a
# reference; a run's answers with HTTP 429; the balances of an account.
_INDEXES = """
DROP INDEX IF EXISTS entry_target;
CREATE INDEX entry_day ON entry (target, at);
CREATE INDEX entry_unclosed ON entry (target, account, provider, state) WHERE closed IS NULL;
CREATE INDEX entry_refused ON entry (target, account) WHERE state = 'refused' AND cleared = 0;
CREATE INDEX entry_reference ON entry (reference);
CREATE INDEX too_many_run ON too_many (run);
CREATE INDEX balance_account ON balance (target, account)
"""

_SCRIPTS = {
    0: (_ENTRY, _OTHERS, _TROUBLE, _INDEXES),
    1: (_SINCE_1, _OTHERS, _SINCE_2, _TROUBLE, _INDEXES),
    2: (_SINCE_2, _TROUBLE, _INDEXES),
}
OLDER = frozenset(_SCRIPTS)
"""The layouts that can be brought to this one; 0 is that of an empty file."""
_CHECKED_BYTES = 16 * 1024 * 1024
"""Up to this size, every page of a file is looked at when it is opened."""


def statements(found: int) -> Iterator[str]:
    """What makes a file of layout ``found``, one of ``OLDER``, one of ``VERSION``."""
    for script in _SCRIPTS[found]:
        yield from script.split(";")


def damage(database: sqlite3.Connection) -> str | None:
    """What a file of this layout lacks or where it is broken, in words; None where it is whole.

    Raises ``sqlite3.Error`` where it cannot be read at all.
    """
    there = {name for (name,) in database.execute("SELECT name FROM sqlite_master")}
    whole = re.findall(r"CREATE (?:TABLE|INDEX) (\w+)", "".join(_SCRIPTS[0]))
    missing = [name for name in whole if name not in there]
    if missing:
        return f"it has no {', '.join(missing)}"
    (pages,), (size,) = (
        database.execute(f"PRAGMA {name}").fetchone() for name in ("page_count", "page_size")
    )
    if pages * size > _CHECKED_BYTES:
        return None
    (first,) = database.execute("PRAGMA quick_check(1)").fetchone()
    return None if first == "ok" else " ".join(str(first).split())
