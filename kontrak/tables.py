"""The layout of the ledger's file, and how an older one is brought to it."""

from __future__ import annotations

from collections.abc import Iterator

VERSION = 2

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
    closed INTEGER
);
CREATE INDEX entry_run ON entry (run, reference)
"""

_SINCE_1 = """
ALTER TABLE entry ADD COLUMN account TEXT NOT NULL DEFAULT '';
ALTER TABLE entry ADD COLUMN their_id TEXT NOT NULL DEFAULT '';
ALTER TABLE entry ADD COLUMN debit INTEGER;
ALTER TABLE entry ADD COLUMN closed INTEGER
"""

# stop, notice: kontrak.switch. balance: kontrak.balances. too_many, pause: kontrak.pace.
# closing: kontrak.books.
_OTHERS = """
CREATE INDEX entry_target ON entry (target, provider, account, at);
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


def statements(found: int) -> Iterator[str]:
    """What makes a file of layout ``found`` (0: an empty one, or 1) one of ``VERSION``."""
    for script in (_ENTRY if found == 0 else _SINCE_1, _OTHERS):
        yield from script.split(";")
