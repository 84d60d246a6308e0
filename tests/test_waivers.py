"""Waivers: what they cover is waived, and what no longer fits is red with what to do."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from kontrak.clauses.verdict import ExitCode
from kontrak.commands.waive import Acceptance, waive
from kontrak.errors import ConfigurationError
from kontrak.judging.deviation_shape import shape_of
from kontrak.judging.waiver_status import State
from kontrak.judging.waivers import Waiver, Waivers, load_waivers, read_waivers
from kontrak.reporting.results import Results, TestRecord
from tests.runs import suite

TODAY = date(2026, 11, 25)
PRICE, ADMIN = "IAK-AMOUNT-PRICE", "IAK-AMOUNT-ADMIN"
OFF_BY_ONE = {"expected": "price = 302500 (nominal 300000 + admin 2500)", "received": "price = 1"}
ENTRY = {
    "clause": PRICE,
    "provider": "iak",
    "target": "test",
    "deviation": list(shape_of([OFF_BY_ONE])),
    "owner": "Tim QA",
    "reason": "fixed in the next release",
    "ticket": "IAK-42",
    "expires": "2026-12-24",
}


def write(path: Path, *entries: dict[str, Any]) -> Path:
    rows = [
        "".join(f"{key} = {json.dumps(value)}\n" for key, value in one.items()) for one in entries
    ]
    path.write_text("# ours\n" + "".join(f"[[waiver]]\n{row}" for row in rows), encoding="utf-8")
    return path


def shape(expected: str, received: str) -> str:
    return shape_of([{"expected": expected, "received": received}])[0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("price = 302500", "price = 302501"), ("price = 1.500", "price = 7")),
        (("ref_id = K7AB12CD99", "ref_id = k7ab12cd99"), ("ref_id = K1XX22YY33", "ref_id = 1234")),
        (("periode = NOV 2026", "periode = 202611"), ("periode = DES 2027", "periode = 202712")),
        (("data.detail[0].x: a text", "3"), ("data.detail[7].x: a text", "11")),
        (("two", '"A-1"'), ("two", '"B-27"')),
    ],
)
def test_what_varies_from_run_to_run_has_one_shape(
    one: tuple[str, str], other: tuple[str, str]
) -> None:
    assert shape(*one) == shape(*other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("price = 1", "price = 2"), ("admin = 1", "admin = 2")),
        (("ref_1 = 1", "ref_1 = 2"), ("ref_2 = 1", "ref_2 = 2")),
        (("RC 14", "RC 20"), ("RC 14", "RC 39")),
        (("response_code = 00", "response_code = 14"), ("response_code = 00", "response_code = 7")),
        (("HTTP 200", "HTTP 500"), ("HTTP 200", "HTTP 404")),
        (("an integer", '"302500"'), ("an integer", "302500")),
        (("status = Sukses", "status = Gagal"), ("status = Sukses", "status = Pending")),
        (("500 rupiah taken", "0 rupiah taken"), ("500 rupiah taken", "1000 rupiah taken")),
    ],
)
def test_another_place_or_kind_has_another_shape(
    one: tuple[str, str], other: tuple[str, str]
) -> None:
    assert shape(*one) != shape(*other)


def failed(
    clause: str = PRICE, test: str = "t", finding: dict[str, str] = OFF_BY_ONE
) -> TestRecord:
    return TestRecord(test, clause, "failed", findings=(finding,))


def waiver(**fields: Any) -> Waiver:
    plain = {**ENTRY, "deviation": tuple(ENTRY["deviation"]), "expires": TODAY, **fields}
    return Waiver(**plain)


def test_a_waiver_holds_on_its_last_day_and_no_longer() -> None:
    record = failed()
    for expires, covered in ((TODAY, True), (TODAY - timedelta(days=1), False)):
        known = Waivers((waiver(expires=expires),), TODAY)
        assert bool(known.covering(record.clause, record.test, record.findings)) is covered


def test_a_waiver_for_a_product_covers_its_tests_only() -> None:
    known = Waivers((waiver(product="pln"),), TODAY)
    for test, covered in (
        ("a.py::t[pln]", True),
        ("a.py::t[pln-success]", True),
        ("a.py::t[json-pln]", True),
        ("a.py::t[plnnontaglis]", False),
        ("a.py::t", False),
    ):
        assert bool(known.covering(PRICE, test, [OFF_BY_ONE])) is covered, test


def test_one_finding_beyond_the_waiver_uncovers_all() -> None:
    known = Waivers((waiver(),), TODAY)
    other = {"expected": "admin = 1", "received": "admin = 2"}
    assert known.covering(PRICE, "t", [OFF_BY_ONE])
    assert known.covering(PRICE, "t", [OFF_BY_ONE, other]) is None
    assert known.covering(ADMIN, "t", [OFF_BY_ONE]) is None
    assert known.covering(PRICE, "t", []) is None


def results(*records: TestRecord, whole: bool = True, **fields: Any) -> Results:
    return Results(
        about={"providers": ["iak"]},
        planned={one.test: one.clause for one in records},
        records=list(records),
        waivers=Waivers((waiver(**fields),), TODAY),
        whole=whole,
    )


YESTERDAY = TODAY - timedelta(days=1)
WAIVED = TestRecord("t", PRICE, "waived")
KEPT = TestRecord("t", PRICE, "passed")
OTHER = TestRecord("u", ADMIN, "passed")


@pytest.mark.parametrize(
    ("found", "state", "code", "words"),
    [
        (results(WAIVED, OTHER), State.WAIVED, ExitCode.CONFORMS, ""),
        (results(failed()), State.CHANGED, ExitCode.DEVIATES, "accept it anew"),
        (results(failed(), expires=YESTERDAY), State.EXPIRED, ExitCode.DEVIATES, "renew it"),
        (results(KEPT), State.FIXED, ExitCode.DEVIATES, "remove the entry and close IAK-42"),
        (results(KEPT, expires=YESTERDAY), State.FIXED, ExitCode.DEVIATES, "remove the entry"),
        (results(OTHER), State.NOT_EXERCISED, ExitCode.DEVIATES, "no test of it ran"),
        (
            results(TestRecord("t", PRICE, "skipped", reason="no test number"), OTHER),
            State.NOT_EXERCISED,
            ExitCode.DEVIATES,
            "no test number: let the target offer",
        ),
        (results(OTHER, whole=False), State.UNDECIDED, ExitCode.CONFORMS, ""),
        (results(KEPT, whole=False), State.UNDECIDED, ExitCode.CONFORMS, ""),
        (
            results(TestRecord("t", PRICE, "broken"), OTHER),
            State.UNDECIDED,
            ExitCode.INCONCLUSIVE,
            "",
        ),
    ],
)
def test_a_waiver_that_no_longer_fits_is_red(
    found: Results, state: State, code: ExitCode, words: str
) -> None:
    (standing,) = found.standings()
    assert standing.state is state
    assert words in standing.advice
    assert bool(standing.advice) is standing.state.is_red
    assert found.exit_code() is code


def test_a_waiver_of_a_provider_that_is_not_judged_is_left_alone() -> None:
    found = results(OTHER)
    found.about["providers"] = ["rqid"]
    assert found.standings() == []


def test_a_waived_clause_hides_what_is_blocked_behind_it() -> None:
    behind = TestRecord("u", ADMIN, "skipped", reason="hidden", blocked_by=PRICE)
    assert [one.verdict.word for one in results(WAIVED, behind).clauses()] == ["waived", "skipped"]


def test_waivers_stand_beside_the_target_and_are_its_own(tmp_path: Path) -> None:
    target = tmp_path / "my.toml"
    assert load_waivers(None, target, "test", today=TODAY).entries == ()
    write(tmp_path / "waivers.toml", ENTRY, {**ENTRY, "target": "another"})
    assert [one.target for one in load_waivers(None, target, "test", today=TODAY).entries] == [
        "test"
    ]
    assert load_waivers(None, None, "test", today=TODAY).entries == ()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"ownr": "x"}, "waiver 1 (IAK-AMOUNT-PRICE).ownr: unknown key"),
        ({"owner": None}, "the key owner is missing"),
        ({"expires": "2027-03-01"}, "expires: 2027-03-01 is more than 90 days ahead"),
        ({"expires": "2026-02-30"}, "expires: there is no day 2026-02-30"),
        ({"expires": "soon"}, "(IAK-AMOUNT-PRICE).expires"),
        ({"clause": "IAK-AMOUNT-PRIC"}, "clause: no clause has the id IAK-AMOUNT-PRIC"),
        ({"provider": "rqid"}, "provider: IAK-AMOUNT-PRICE is a clause of iak"),
        ({"deviation": []}, ".deviation"),
        ({"deviation": [3]}, ".deviation.0: a whole number where a string in quotes belongs"),
    ],
)
def test_a_wrong_entry_is_one_error_with_file_key_and_remedy(
    tmp_path: Path, change: dict[str, Any], words: str
) -> None:
    entry = {key: value for key, value in {**ENTRY, **change}.items() if value is not None}
    path = write(tmp_path / "mine.toml", entry)
    with pytest.raises(ConfigurationError) as caught:
        read_waivers(path, today=TODAY)
    assert caught.value.sentence.startswith("mine.toml: ")
    assert words in caught.value.sentence
    assert caught.value.hint


@pytest.mark.parametrize("text", ["[[waiver]", "waiver = 3", "wavier = []", "[waiver]\nx = 1"])
def test_a_file_of_another_form_is_an_error(tmp_path: Path, text: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"^mine\.toml"):
        read_waivers(path, today=TODAY)


def test_an_entry_stands_once_per_target_clause_and_product(tmp_path: Path) -> None:
    read_waivers(write(tmp_path / "w.toml", ENTRY, {**ENTRY, "product": "x"}), today=TODAY)
    with pytest.raises(ConfigurationError, match="stands twice"):
        read_waivers(write(tmp_path / "w.toml", ENTRY, ENTRY), today=TODAY)


def test_a_missing_file_that_is_named_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot read the waivers"):
        load_waivers(tmp_path / "none.toml", None, "test", today=TODAY)


def run_of(folder: Path, *findings: dict[str, str]) -> Path:
    tests = [{"test": "t[pln]", "verdict": "failed", "findings": list(findings)}]
    clauses = [{"id": PRICE, "verdict": "failed", "tests": tests}]
    data = {"target": {"name": "test"}, "clauses": clauses}
    (folder / "conformance.json").write_text(json.dumps(data), encoding="utf-8")
    return folder


def accept(folder: Path, file: Path, *ids: str, days: int = 30, product: str = "") -> int:
    printed = Acceptance("Tim QA", "fixed in the next release", "IAK-42", days, product, TODAY)
    return waive(folder, ids or [PRICE], printed, file=file)


def test_an_entry_is_written_from_the_last_run_and_the_rest_is_kept(tmp_path: Path) -> None:
    file = write(tmp_path / "w.toml", {**ENTRY, "target": "another"})
    before = file.read_text(encoding="utf-8")
    assert accept(run_of(tmp_path, OFF_BY_ONE), file) == 0
    assert file.read_text(encoding="utf-8").startswith(before)
    _, written = read_waivers(file, today=TODAY)
    assert written == waiver(expires=TODAY + timedelta(days=30))
    accept(tmp_path, file, days=90)
    _, renewed = read_waivers(file, today=TODAY)
    assert renewed.expires == TODAY + timedelta(days=90)


def test_an_entry_can_be_for_one_product(tmp_path: Path) -> None:
    file = tmp_path / "w.toml"
    accept(run_of(tmp_path, OFF_BY_ONE), file, product="pln")
    assert [one.product for one in read_waivers(file, today=TODAY)] == ["pln"]
    with pytest.raises(ConfigurationError, match=r"\(pdam\) did not fail"):
        accept(tmp_path, file, product="pdam")


def test_what_did_not_fail_is_not_waived(tmp_path: Path) -> None:
    file = tmp_path / "w.toml"
    with pytest.raises(ConfigurationError) as caught:
        accept(run_of(tmp_path, OFF_BY_ONE), file, ADMIN)
    assert f"failed were {PRICE}" in caught.value.hint
    assert not file.exists()


def test_a_reason_that_says_nothing_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    printed = Acceptance("Tim QA", "later", "IAK-42", 30, today=TODAY)
    file = tmp_path / "w.toml"
    with pytest.raises(ConfigurationError, match=r"w\.toml: .*reason"):
        waive(run_of(tmp_path, OFF_BY_ONE), [PRICE], printed, file=file)
    assert not file.exists()


def test_without_a_run_there_is_nothing_to_waive(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no readable conformance"):
        accept(tmp_path, tmp_path / "w.toml")


def test_a_waived_deviation_is_waived_everywhere_and_fixed_is_red(tmp_path: Path) -> None:
    chosen = ["--clause", PRICE, "--clause", ADMIN]
    fault = ["--fault", "iak-price-off-by-one"]
    first = suite(*chosen, *fault, output=tmp_path / "out")
    assert first.code == ExitCode.DEVIATES
    file = tmp_path / "w.toml"
    printed = Acceptance("Tim QA", "fixed in the next release", "IAK-42", days=1)
    waive(first.output, [PRICE], printed, file=file)
    again = suite(*chosen, *fault, f"--waivers={file}", "-n", "2", output=first.output)
    assert again.code == ExitCode.CONFORMS
    assert again.verdicts() == {PRICE: "waived", ADMIN: "passed"}
    assert re.search(r"IAK-AMOUNT-PRICE: waived until .* by Tim QA \(IAK-42\)", again.printed)
    (standing,) = again.result["waivers"]
    assert standing["state"] == "waived"
    junit = ET.parse(again.output / "junit.xml").getroot()  # noqa: S314 - our own file
    assert not junit.findall(".//failure")
    assert junit.findall(".//skipped[@type='pytest.xfail']")
    allure = [
        json.loads(path.read_text(encoding="utf-8"))
        for path in (again.output / "allure-results").glob("*-result.json")
    ]
    assert {one["status"] for one in allure if "[waived]" in one["name"]} == {"skipped"}

    path = file.read_text(encoding="utf-8").replace("price = #", "price = ##", 1)
    file.write_text(path, encoding="utf-8")
    changed = suite(*chosen, *fault, f"--waivers={file}", output=first.output)
    assert changed.code == ExitCode.DEVIATES
    assert "waiver IAK-AMOUNT-PRICE: changed: " in changed.printed
