"""Calls a test once per row of the conversation that it judges, and combines what the rows show."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, get_origin

import pytest

from kontrak.asking.conversation import Held
from kontrak.errors import NotOffered, SpendingRefused
from kontrak.judging.expect import Blocked, Deviation, Drift, unjudged
from kontrak.pytest_plugin.selection import clause_of


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Call a test that cites a clause once per row of the conversation that it judges."""
    if clause_of(pyfuncitem) is None:
        return None
    names = pyfuncitem._fixtureinfo.argnames  # noqa: SLF001 - as pytest's own call does
    call_by_row(pyfuncitem.obj, {name: pyfuncitem.funcargs[name] for name in names})
    return True


_UNJUDGED = (Blocked, NotOffered, SpendingRefused)
"""What leaves one row unjudged; the other rows are judged all the same."""


def call_by_row(function: Callable[..., Any], arguments: Mapping[str, Any]) -> None:
    """Call a test with each row's results in place of the conversations that it names.

    A parameter annotated ``Held[...]`` is given all rows at once. Several conversations are joined
    by the axes that they have in common. Raises one ``Deviation`` for all deviating rows, else what
    broke the first row that broke, else what leaves every row unjudged.
    """
    whole = _taken_whole(function)
    by_row = {
        name: value
        for name, value in arguments.items()
        if isinstance(value, Held) and name not in whole
    }
    if not by_row:
        function(**arguments)
        return
    combined = _Combined()
    for row, results in _joined(by_row):
        combined.judge(row, partial(_judge, function, arguments, results))
    combined.conclude()


def _judge(
    function: Callable[..., Any],
    arguments: Mapping[str, Any],
    results: Callable[[], Mapping[str, Any]],
) -> None:
    function(**{**arguments, **results()})


def _taken_whole(function: Callable[..., Any]) -> set[str]:
    hints = inspect.get_annotations(function, eval_str=True)
    return {name for name, hint in hints.items() if Held in (hint, get_origin(hint))}


def _joined(
    held: Mapping[str, Held[Any]],
) -> Iterator[tuple[str, Callable[[], dict[str, Any]]]]:
    """Each row of the conversation with the most axes, and all results that belong to it."""
    leading = max(held.values(), key=lambda one: len(one.conversation.axes))
    axes = [name for name, _ in leading.conversation.axes]
    for labels in leading.rows():
        known = dict(zip(axes, labels, strict=True))

        def results(known: Mapping[str, str] = known) -> dict[str, Any]:
            return {
                name: one.of(*(known[axis] for axis, _ in one.conversation.axes))
                for name, one in held.items()
            }

        yield "-".join(labels), results


@dataclass(slots=True)
class _Combined:
    """What the rows of one test have shown so far."""

    passed: int = 0
    deviations: list[tuple[str, Deviation]] = field(default_factory=list)
    unjudged: list[tuple[str, Exception]] = field(default_factory=list)
    broken: list[tuple[str, Exception]] = field(default_factory=list)

    def judge(self, row: str, call: Callable[[], None]) -> None:
        """Judge one row and remember what came of it."""
        try:
            call()
        except Deviation as found:
            self.deviations.append((row, found))
        except _UNJUDGED as reason:
            self.unjudged.append((row, reason))
        except Exception as problem:  # noqa: BLE001 - raised again by conclude, after every row
            self.broken.append((row, problem))
        else:
            self.passed += 1

    def conclude(self) -> None:
        """Raise what decides, and say which rows were not judged."""
        hard = [one for one in self.deviations if not isinstance(one[1], Drift)]
        deciding = hard or ([] if self.broken else self.deviations)
        if deciding:
            self._tell([*self.unjudged, *self.broken])
            raise _together(deciding)
        if self.broken:
            raise self.broken[0][1]
        if self.unjudged and not self.passed:
            raise self.unjudged[0][1]
        self._tell(self.unjudged)

    @staticmethod
    def _tell(rows: list[tuple[str, Exception]]) -> None:
        reasons: dict[tuple[str, str | None], list[str]] = {}
        for row, reason in rows:
            behind = reason.clause_id if isinstance(reason, Blocked) else None
            reasons.setdefault((str(reason).splitlines()[0], behind), []).append(row)
        for (sentence, behind), names in reasons.items():
            unjudged(f"{', '.join(names)}: {sentence}", behind)


def _together(rows: list[tuple[str, Deviation]]) -> Deviation:
    """One deviation for several rows, each finding with the name of its row."""
    findings = [replace(one, row=row) for row, found in rows for one in found.findings]
    exchanges = [one for _, found in rows for one in found.exchanges]
    return type(rows[0][1])(findings, exchanges)
