"""Verdicts, results and exit codes: not run is never green, nothing hides behind what passed."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import pytest

from kontrak.clauses.catalogue import find
from kontrak.clauses.verdict import ExitCode, Verdict, exit_code, worst
from kontrak.errors import LedgerFailure
from kontrak.judging.expect import Reading, notebook, reading
from kontrak.judging.outcome import judged
from kontrak.judging.waivers import Waivers
from kontrak.masking.masker import Masker
from kontrak.reporting.results import Results, TestRecord
from kontrak.reporting.terminal import _red
from tests.test_waivers import TODAY, waiver

PRICE, ADMIN = "IAK-AMOUNT-PRICE", "IAK-AMOUNT-ADMIN"


def results(*records: TestRecord, planned: dict[str, str] | None = None) -> Results:
    plan = {one.test: one.clause for one in records} if planned is None else planned
    return Results(planned=plan, records=list(records))


def verdicts(found: Results) -> dict[str, str]:
    return {one.clause.id: one.verdict.word for one in found.clauses()}


def test_a_clause_takes_the_worst_of_its_tests() -> None:
    found = results(
        TestRecord("a", PRICE, "passed"),
        TestRecord("b", PRICE, "failed"),
        TestRecord("c", PRICE, "warned"),
    )
    assert verdicts(found) == {PRICE: "failed"}


def test_what_was_planned_and_never_ran_is_broken() -> None:
    found = results(TestRecord("a", PRICE, "passed"), planned={"a": PRICE, "b": ADMIN})
    assert verdicts(found) == {PRICE: "passed", ADMIN: "broken"}
    assert found.exit_code() is ExitCode.INCONCLUSIVE


def test_hiding_behind_a_failed_clause_is_a_skip() -> None:
    found = results(
        TestRecord("a", PRICE, "skipped", reason="hidden", blocked_by=ADMIN),
        TestRecord("b", ADMIN, "failed"),
    )
    assert verdicts(found) == {PRICE: "skipped", ADMIN: "failed"}


def test_hiding_behind_a_clause_that_passed_is_broken() -> None:
    found = results(
        TestRecord("a", PRICE, "skipped", reason="hidden", blocked_by=ADMIN),
        TestRecord("b", ADMIN, "passed"),
    )
    assert verdicts(found) == {PRICE: "broken", ADMIN: "passed"}


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["passed", "warned", "skipped"], ExitCode.CONFORMS),
        (["passed", "failed"], ExitCode.DEVIATES),
        (["failed", "broken"], ExitCode.DEVIATES),
        (["passed", "broken"], ExitCode.INCONCLUSIVE),
        (["skipped", "disabled"], ExitCode.INCONCLUSIVE),
        ([], ExitCode.NOTHING_SELECTED),
    ],
)
def test_verdicts_give_the_exit_code(words: list[str], code: ExitCode) -> None:
    assert exit_code(Verdict[word.upper()] for word in words) is code


def test_nothing_at_all_is_broken() -> None:
    assert worst([]) is Verdict.BROKEN


def test_catalogue_order_is_kept() -> None:
    found = results(TestRecord("b", ADMIN, "passed"), TestRecord("a", PRICE, "passed"))
    assert list(verdicts(found)) == [PRICE, ADMIN]


def test_a_record_survives_the_way_between_processes() -> None:
    record = TestRecord("a", PRICE, "failed", notes=("n",), findings=({"expected": "1"},))
    plain = {"test": "a", "clause": PRICE, "verdict": "failed", "notes": ["n"]}
    assert TestRecord.of({**plain, "findings": [{"expected": "1"}]}) == record


def test_readings_are_reported_once_and_two_answers_to_one_question_twice() -> None:
    def read(answer: str) -> dict[str, str]:
        return {"question": "nominal", "answer": answer, "about": ""}

    found = results(
        TestRecord("a", PRICE, "passed", readings=(read("with denda"),)),
        TestRecord("b", PRICE, "failed", readings=(read("with denda"), read("without denda"))),
    )
    assert found.to_json()["readings"] == [
        {"clause": PRICE, **read("with denda")},
        {"clause": PRICE, **read("without denda")},
    ]


def test_a_reading_that_the_document_suggests_less_warns() -> None:
    with notebook() as book:
        reading("nominal", "with denda", about="pln")
        reading("nominal", "with denda", about="pln")
        assert book.notes == []
        reading("nominal", "without denda", about="pln", warns=True)
    assert book.readings == [
        Reading("nominal", "with denda", "pln"),
        Reading("nominal", "without denda", "pln"),
    ]
    assert book.notes == ["reading: nominal: pln: without denda"]


def test_what_an_option_left_out_is_no_fault_and_not_green() -> None:
    plan = {"a": PRICE, "b": ADMIN}
    red = results(TestRecord("a", PRICE, "failed"), planned=plan)
    green = results(TestRecord("a", PRICE, "passed"), planned=plan)
    for found, code in ((red, ExitCode.DEVIATES), (green, ExitCode.INCONCLUSIVE)):
        found.stopped = "stopped at your wish (-x or --maxfail)"
        assert verdicts(found)[ADMIN] == "skipped"
        assert found.exit_code() is code
        assert found.cut_short is not None
        assert found.cut_short.endswith("1 of 2 tests judged")


def test_ctrl_c_decides_the_code_and_hides_no_deviation() -> None:
    found = results(TestRecord("a", PRICE, "failed"), planned={"a": PRICE, "b": ADMIN})
    found.interrupted, found.stopped = True, "interrupted by you"
    assert found.exit_code() is ExitCode.INTERRUPTED
    assert verdicts(found) == {PRICE: "failed", ADMIN: "skipped"}


def test_a_ledger_that_fails_in_the_middle_breaks_the_clause() -> None:
    clause = find(PRICE)
    report = pytest.TestReport("t", ("f", 1, "t"), {}, "failed", None, "call")
    failure = LedgerFailure("the ledger cannot be written", hint="look at the disk's space")

    class Item:
        stash = pytest.Stash()
        config = SimpleNamespace(
            option=SimpleNamespace(target=None, profile="full", fault=[], variant=[], seed=1)
        )

    call = pytest.CallInfo.from_call(lambda: raise_(failure), "call")
    record = judged(cast("pytest.Item", Item()), call, report, clause, Masker())
    assert record is not None
    assert record["verdict"] == "broken"
    assert results(TestRecord.of(record)).exit_code() is ExitCode.INCONCLUSIVE


def raise_(error: BaseException) -> None:
    raise error


def test_exit_1_says_whether_the_target_or_a_waiver_makes_it_red() -> None:
    assert _red(results(TestRecord("a", PRICE, "failed")), 1) == (
        "the target deviates from its document in 1 clause"
    )
    stale = results(TestRecord("a", PRICE, "passed"))
    stale.about["providers"] = ["iak"]
    stale.waivers = Waivers((waiver(),), TODAY)
    assert _red(stale, 0) == "1 waiver does not fit any more, and the target deviates nowhere else"
    both = "the target deviates from its document in 2 clauses, and 1 waiver does not fit any more"
    assert _red(stale, 2) == both
