"""Movements of money: rows of mutations, read in either convention and either order.

The document's sample books a purchase as credit while the balance falls (C000-10). Both readings
are accepted, as long as one of them holds for the whole list.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any

from kontrak.providers.rqid.answer import RqidAnswer

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reading:
    """How a list is read: ``newest_first``, and ``sample`` for debit as what comes in."""

    newest_first: bool
    sample: bool


READINGS = tuple(
    Reading(newest_first, sample) for sample in (True, False) for newest_first in (False, True)
)
"""The sample's convention first."""


def change(answer: RqidAnswer, row: Row, reading: Reading) -> int:
    """By how many rupiah a movement raises the balance."""
    raised = answer.row_number(row, "debit") - answer.row_number(row, "credit")
    return raised if reading.sample else -raised


def breaks(answer: RqidAnswer, reading: Reading) -> Iterator[str]:
    """The places where the running balance does not hold, in words."""
    for old, new in pairwise(in_time(answer, reading)):
        before, after = (answer.row_number(row, "balance") for row in (old, new))
        moved = change(answer, new, reading)
        if after != before + moved:
            yield (
                f"at {new.get('created_at')}: balance {before}, then {after}, "
                f"with a movement of {moved}"
            )


def in_time(answer: RqidAnswer, reading: Reading) -> list[Row]:
    """The rows, oldest first. Rows of one second are put in the order in which they run on.

    A list that is sorted by time alone may have them in any order.
    """
    rows = answer.rows()
    ordered: list[Row] = []
    for _, group in groupby(rows[::-1] if reading.newest_first else rows, key=_moment):
        left = list(group)
        while left:
            before = answer.row_number(ordered[-1], "balance") if ordered else None
            ordered.append(left.pop(_following(answer, left, before, reading)))
    return ordered


def _following(
    answer: RqidAnswer, rows: Sequence[Row], before: int | None, reading: Reading
) -> int:
    """Which of some rows comes next after a balance; the first one where none fits."""
    starts = [answer.row_number(row, "balance") - change(answer, row, reading) for row in rows]
    if before is not None:
        return starts.index(before) if before in starts else 0
    ends = {answer.row_number(row, "balance") for row in rows}
    return next((place for place, start in enumerate(starts) if start not in ends), 0)


def _moment(row: Row) -> str:
    return str(row.get("created_at"))


def best_reading(answer: RqidAnswer) -> Reading:
    """The reading with the fewest breaks, the sample's convention first."""
    return min(READINGS, key=lambda one: sum(1 for _ in breaks(answer, one)))


def new_rows(before: RqidAnswer, after: RqidAnswer) -> list[Row]:
    """The rows that a later list has and an earlier one has not."""
    old, rows = before.rows(), after.rows()
    more = len(rows) - len(old)
    if more > 0:
        return in_time(after, best_reading(after))[-more:]
    # A list of limited length drops as many rows as come.
    left = Counter(_key(row) for row in old)
    found = []
    for row in rows:
        key = _key(row)
        if left[key]:
            left[key] -= 1
        else:
            found.append(row)
    return found


def new_movements(before: RqidAnswer, after: RqidAnswer) -> list[int]:
    """What the new rows of a list move, in rupiah, with the sample's sign."""
    sample = Reading(newest_first=False, sample=True)
    return [change(after, row, sample) for row in new_rows(before, after)]


def _key(row: Row) -> str:
    return json.dumps({name: str(value) for name, value in row.items()}, sort_keys=True)
