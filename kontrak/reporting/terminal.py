"""What a run says on the terminal: deviations in full, the rest in a line each, then the table."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterable, Sequence

from _pytest.terminal import TerminalReporter
from rich.console import Console
from rich.table import Table
from rich.text import Text

from kontrak.asking.run import Run
from kontrak.clauses.verdict import NOT_SELECTED, ExitCode, Verdict
from kontrak.reporting.results import ClauseResult, Results, readings

_MOMENTS = re.compile(r" at \d\d:\d\d:\d\d WIB, \d+ of \d+ requests")
_LETTERS = {
    Verdict.PASSED: ".",
    Verdict.WARNED: "w",
    Verdict.SKIPPED: "s",
    Verdict.WAIVED: "W",
    Verdict.FAILED: "F",
    Verdict.BROKEN: "B",
}
_STYLES = {
    Verdict.PASSED: "green",
    Verdict.WARNED: "yellow",
    Verdict.WAIVED: "magenta",
    Verdict.FAILED: "bold red",
    Verdict.BROKEN: "bold cyan",
    Verdict.SKIPPED: "dim",
    Verdict.DISABLED: "dim",
}
_MEANINGS = {
    ExitCode.CONFORMS: "the target keeps every clause that was judged",
    ExitCode.INCONCLUSIVE: "inconclusive: the network, the configuration or kontrak is at fault",
    ExitCode.NOTHING_SELECTED: "no test was selected",
}


def status(verdict: str) -> tuple[str, str, str]:
    """pytest's category, letter and word of a verdict."""
    found = Verdict[verdict.upper()]
    return verdict, _LETTERS.get(found, "?"), verdict.upper()


def summary(reporter: TerminalReporter, results: Results, run: Run) -> None:
    """Write the whole summary, masked."""
    clauses = [one for one in results.clauses() if one.reason != NOT_SELECTED]
    reached = {record.clause for record in results.records}
    # A run that was stopped shows what it has judged; the rest is a number in the last lines.
    shown = [one for one in clauses if not results.stopped or one.clause.id in reached]
    blocks = [
        *_deviations(shown),
        *_broken(shown),
        *_lines("waived", shown, Verdict.WAIVED),
        *_lines("warnings", shown, Verdict.WARNED),
        *_lines("skipped", shown, Verdict.SKIPPED),
        *_partly(shown),
        *_readings(shown),
        "",
        table(shown, width=max(reporter._tw.fullwidth, 80), color=reporter._tw.hasmarkup),  # noqa: SLF001 - pytest has no public way to ask
    ]
    for block in blocks:
        for line in run.masker.text(block).split("\n"):
            reporter.write_line(line)
    for line in _closing(results, clauses, run):
        reporter.write_line(line)
    for one in results.standings():
        if one.state.is_red:
            reporter.write_line(f"waiver {run.masker.text(one.line())}", red=True)


def table(clauses: Sequence[ClauseResult], *, width: int, color: bool) -> str:
    """The table of clauses and verdicts."""
    grid = Table(box=None, padding=(0, 2, 0, 0), show_header=True, header_style="bold")
    longest = max((len(one.clause.id) for one in clauses), default=0)
    grid.add_column("verdict", no_wrap=True, width=8)
    grid.add_column("clause", no_wrap=True, width=longest)
    # Fixed width: when space is short, rich drops the first column instead of cutting the last.
    room = width - 8 - longest - 6
    grid.add_column("sentence", no_wrap=True, width=room, overflow="ellipsis")
    for one in clauses:
        word = Text(one.verdict.word, style=_STYLES[one.verdict])
        grid.add_row(word, one.clause.id, Text(one.clause.text))
    sink = io.StringIO()
    console = Console(file=sink, width=width, force_terminal=color, no_color=not color)
    console.print(grid)
    return sink.getvalue().rstrip("\n")


def _deviations(clauses: Iterable[ClauseResult]) -> list[str]:
    """Every deviation, each text once: parametrised tests often see the same."""
    blocks = [
        message
        for one in clauses
        for message in dict.fromkeys(
            test.message for test in one.tests if test.verdict == Verdict.FAILED.word
        )
    ]
    return ["", *(f"{block}\n" for block in blocks)] if blocks else []


def _broken(clauses: Iterable[ClauseResult]) -> list[str]:
    """What could not be judged, shown once per reason."""
    reasons: dict[str, list[str]] = {}
    for one in clauses:
        if one.verdict is Verdict.BROKEN:
            # An outage is one block, whenever each of its answers came.
            reason = _MOMENTS.sub("", one.reason)
            reasons.setdefault(reason, []).append(one.clause.id)
    blocks = [f"BROKEN  {reason}\n  clauses   {_few(ids)}\n" for reason, ids in reasons.items()]
    return ["", *blocks] if blocks else []


def _lines(title: str, clauses: Iterable[ClauseResult], verdict: Verdict) -> list[str]:
    reported: dict[str, list[str]] = {}
    for one in clauses:
        if one.verdict is verdict:
            for text in dict.fromkeys(_words(one)):
                reported.setdefault(text, []).append(one.clause.id)
    if not reported:
        return []
    return ["", f"{title}:", *(f"  {_few(ids)}: {text}" for text, ids in reported.items())]


def _partly(clauses: Iterable[ClauseResult]) -> list[str]:
    """What was judged by some of its tests only, a line per reason."""
    reported: dict[str, list[str]] = {}
    for one in clauses:
        if one.partly:
            reported.setdefault(one.partly, []).append(one.clause.id)
    lines = [f"  {_few(ids)}: {text}" for text, ids in reported.items()]
    return ["", "judged in part:", *lines] if lines else []


def _readings(clauses: Iterable[ClauseResult]) -> list[str]:
    """What the document leaves open, by the target's answer, a line each."""
    reported: dict[tuple[str, str, str], list[str]] = {}
    for one in readings(clauses):
        key = one["clause"], one["question"], one["answer"]
        reported.setdefault(key, []).append(one["about"])
    lines = [
        f"  {clause}: {question}: {answer}{f' ({_few(about)})' if any(about) else ''}"
        for (clause, question, answer), about in reported.items()
    ]
    return ["", "readings of what the document leaves open:", *lines] if lines else []


def _words(one: ClauseResult) -> list[str]:
    if one.verdict is Verdict.WAIVED:
        return [test.reason for test in one.tests if test.verdict == Verdict.WAIVED.word]
    notes = [note for test in one.tests for note in test.notes]
    return notes or [one.reason]


def _few(ids: Sequence[str], most: int = 4) -> str:
    more = f" and {len(ids) - most} more" if len(ids) > most else ""
    return ", ".join(ids[:most]) + more


def _closing(results: Results, clauses: Sequence[ClauseResult], run: Run) -> list[str]:
    """What came of the run. Our numbers are not masked: a PIN may stand in any seed by chance."""
    mask = run.masker.text
    counts = Counter(one.verdict for one in clauses)
    apart = len(results.clauses()) - len(clauses)
    reported = ", ".join(f"{counts[one]} {one.word}" for one in Verdict if counts[one])
    code = results.exit_code(clauses)
    waived, failed = counts[Verdict.WAIVED], counts[Verdict.FAILED]
    meaning = _meaning(code, results, waived=waived, failed=failed)
    name, folder = mask(run.target.name), mask(str(run.output))
    return [
        "",
        f"{len(clauses)} {'clause' if len(clauses) == 1 else 'clauses'}: {reported}"
        + (f"; {apart} not selected" if apart else ""),
        f"target {name}, seed {results.about['seed']}, results in {folder}",
        f"exit {int(code)}: {mask(meaning)}",
    ]


def _red(results: Results, failed: int) -> str:
    """Which of the two makes the run red: what the target does, or a waiver that has to go."""
    stale = sum(one.state.is_red for one in results.standings())
    waivers = f"{stale} {'waiver does' if stale == 1 else 'waivers do'} not fit any more"
    if not failed:
        return f"{waivers}, and the target deviates nowhere else"
    clauses = f"{failed} {'clause' if failed == 1 else 'clauses'}"
    words = f"the target deviates from its document in {clauses}"
    return f"{words}, and {waivers}" if stale else words


def _meaning(code: ExitCode, results: Results, *, waived: int, failed: int) -> str:
    if code is ExitCode.INTERRUPTED:
        return f"interrupted by you; {results.executed} of {len(results.planned)} tests judged"
    if code is ExitCode.DEVIATES:
        return _red(results, failed)
    why = results.unsure or results.unfinished or results.cut_short
    if code is ExitCode.INCONCLUSIVE and why:
        return f"inconclusive: {why}"
    but = ", but for what is waived" if waived and code is ExitCode.CONFORMS else ""
    return _MEANINGS.get(code, "") + but
