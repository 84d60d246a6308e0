"""A clause hides only behind one that failed or is waived; every id that hides another exists."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from kontrak.clauses.catalogue import all_clauses, find
from kontrak.clauses.verdict import ExitCode
from kontrak.config.paths import ROOT, SUITES
from kontrak.errors import CatalogueError
from kontrak.judging.expect import Blocked
from kontrak.reporting.results import Results, TestRecord

PRICE, ADMIN, NOMINAL = "IAK-AMOUNT-PRICE", "IAK-AMOUNT-ADMIN", "IAK-AMOUNT-NOMINAL"


def hidden(test: str = "a", clause: str = PRICE, behind: str = ADMIN) -> TestRecord:
    return TestRecord(test, clause, "skipped", reason="hidden", blocked_by=behind)


def found(*records: TestRecord, unselected: dict[str, str] | None = None) -> Results:
    plan = {one.test: one.clause for one in records}
    return Results(planned=plan, records=list(records), unselected=unselected or {})


def verdict_of(results: Results, clause_id: str = PRICE) -> tuple[str, str]:
    one = next(one for one in results.clauses() if one.clause.id == clause_id)
    return one.verdict.word, one.reason


@pytest.mark.parametrize("verdict", ["failed", "waived"])
def test_a_clause_hides_behind_a_deviation(verdict: str) -> None:
    results = found(hidden(), TestRecord("b", ADMIN, verdict))
    assert verdict_of(results)[0] == "skipped"


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        ("passed", "passed"),
        ("warned", "warned"),
        ("skipped", "was skipped"),
        ("broken", "is broken"),
    ],
)
def test_behind_anything_else_it_is_broken(verdict: str, words: str) -> None:
    results = found(hidden(), TestRecord("b", ADMIN, verdict, reason="for a reason"))
    word, reason = verdict_of(results)
    assert word == "broken"
    assert ADMIN in reason
    assert words in reason
    assert results.exit_code() is ExitCode.INCONCLUSIVE


def test_behind_a_clause_that_was_not_selected_it_is_broken() -> None:
    word, reason = verdict_of(found(hidden(), unselected={ADMIN: "not selected by this run"}))
    assert (word, "not selected" in reason) == ("broken", True)


def test_behind_a_disabled_clause_it_is_broken() -> None:
    word, reason = verdict_of(found(hidden(), unselected={ADMIN: "disabled by the target: why"}))
    assert (word, "is disabled" in reason) == ("broken", True)


def test_behind_a_clause_outside_the_run_it_is_broken() -> None:
    assert verdict_of(found(hidden()))[0] == "broken"


def test_behind_itself_it_is_broken() -> None:
    assert verdict_of(found(hidden(behind=PRICE)))[0] == "broken"


def test_in_a_circle_both_are_broken() -> None:
    results = found(hidden(), hidden("b", ADMIN, PRICE))
    assert verdict_of(results)[0] == verdict_of(results, ADMIN)[0] == "broken"


def test_what_is_hidden_itself_passes_on_what_hides_it() -> None:
    results = found(hidden(), hidden("b", ADMIN, NOMINAL), TestRecord("c", NOMINAL, "failed"))
    assert verdict_of(results)[0] == verdict_of(results, ADMIN)[0] == "skipped"


def test_a_clause_with_one_hidden_and_one_passed_test_says_so() -> None:
    results = found(TestRecord("a", PRICE, "passed"), hidden("b"), TestRecord("c", ADMIN, "failed"))
    assert verdict_of(results) == ("passed", "1 of 2 tests skipped: hidden")


def test_a_clause_with_one_passed_test_and_one_behind_what_passed_is_broken() -> None:
    results = found(TestRecord("a", PRICE, "passed"), hidden("b"), TestRecord("c", ADMIN, "passed"))
    assert verdict_of(results)[0] == "broken"


def test_a_proven_deviation_stays_proven_beside_a_broken_test() -> None:
    results = found(TestRecord("a", PRICE, "failed"), TestRecord("b", PRICE, "broken"))
    assert verdict_of(results)[0] == "failed"
    assert results.exit_code() is ExitCode.DEVIATES


def test_an_unknown_id_cannot_hide_anything() -> None:
    with pytest.raises(CatalogueError, match="IAK-NO-SUCH-CLAUSE"):
        Blocked("IAK-NO-SUCH-CLAUSE")


SOURCES = sorted((*(ROOT / "kontrak" / "providers").rglob("*.py"), *SUITES.rglob("*.py")))
_ID = re.compile(r"(IAK|DIGISWITCH|TOKOPEDIA|RQID|HTTPGET)-[A-Z0-9-]*[A-Z0-9]")


def test_every_id_in_the_asking_code_names_a_clause() -> None:
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            text = node.value if isinstance(node, ast.Constant) else None
            if isinstance(text, str) and _ID.fullmatch(text):
                find(text)


def test_every_composed_id_can_name_a_clause() -> None:
    known = [one.id for one in all_clauses()]
    for path in SOURCES:
        for pattern in _composed(path):
            matching = [one for one in known if re.fullmatch(pattern, one)]
            assert matching, f"{path.name}: no clause is called {pattern}"


def _composed(path: Path) -> Iterator[str]:
    """The patterns of the ids that ``Blocked`` and ``promised_by`` are given as f-strings."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            given = [one.value for one in node.keywords if one.arg == "promised_by"]
            if isinstance(node.func, ast.Name) and node.func.id == "Blocked":
                given += node.args
            for one in given:
                if isinstance(one, ast.JoinedStr):
                    parts = [list(_choices(part)) for part in one.values]
                    yield from map("".join, itertools.product(*parts))


def _choices(part: ast.expr) -> Iterator[str]:
    """What a part of an f-string may be: either word of a condition, else anything."""
    inner = part.value if isinstance(part, ast.FormattedValue) else part
    if isinstance(inner, ast.Constant):
        yield re.escape(str(inner.value))
    elif isinstance(inner, ast.IfExp):
        yield from _choices(inner.body)
        yield from _choices(inner.orelse)
    else:
        yield "[A-Z0-9-]+"
