"""Deviations that an outage explains: nothing can be concluded from them.

A wrong request may be refused with HTTP 500, 401 or 403 for a reason of its own, so these are no
trouble by themselves. While right requests of the same provider met the same status, they are.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from kontrak.clauses.verdict import Verdict
from kontrak.http.trouble import Trouble
from kontrak.judging.test_record import TestRecord

NEAR_SECONDS = 60.0
"""How long before or after an outage a deviation with its status is taken for it."""


def without_doubt(records: Iterable[TestRecord], troubles: Iterable[Trouble]) -> list[TestRecord]:
    """The records, with what an outage explains *broken* in place of failed."""
    known = list(troubles)
    return [_judged(record, known) for record in records]


def _judged(record: TestRecord, troubles: Iterable[Trouble]) -> TestRecord:
    if record.verdict != Verdict.FAILED.word:
        return record
    provider = record.clause.partition("-")[0].lower()
    for one in troubles:
        status = " ".join(one.what.split()[:2])
        near = (one.first - NEAR_SECONDS, one.last + NEAR_SECONDS)
        doubtful = any(
            answer["what"] == status and near[0] <= answer["at"] <= near[1]
            for answer in record.doubt
        )
        if one.provider == provider and doubtful:
            return replace(record, verdict=Verdict.BROKEN.word, reason=one.line(), message="")
    return record
