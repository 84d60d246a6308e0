"""The report's first page: verdict, deviations and every clause over the last runs."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from kontrak.errors import ReportError
from kontrak.reporting import html as report
from kontrak.reporting.html import build_report
from kontrak.reporting.html.first_page import first_page
from kontrak.reporting.html.trend import RUNS, remember


def clause(name: str, verdict: str, section: str = "Inquiry", **more: Any) -> dict[str, Any]:
    test = {
        "test": f"suites/iak/test_x.py::test_{name}[one <row>]",
        "verdict": verdict,
        "reason": "expected 1; received 2",
        "message": f"{name}\n  expected  1 < 2" if verdict == "failed" else "",
        "notes": ["a note"],
    }
    return {
        "id": name, "provider": "iak", "section": section, "text": f"{name} is kept & shown.",
        "source": "004.txt:1", "strength": "must", "verdict": verdict, "reason": "why",
        "tests": [test],
    } | more  # fmt: skip


def run(*clauses: dict[str, Any], **more: Any) -> dict[str, Any]:
    counts = {one["verdict"]: 1 for one in clauses}
    return {
        "format": 1, "run": "r1", "started": "2026-12-01T17:30:00+00:00", "exit_code": 1,
        "target": {
            "name": "T <b>", "kind": "sandbox", "addresses": {"iak": "http://x", "rqid": "http://x"},
        },
        "versions": {"kontrak": "0.3.0"}, "profile": "full", "seed": 1, "providers": ["iak"],
        "executed": 3, "planned": 3, "counts": counts, "waivers": [], "clauses": list(clauses),
    } | more  # fmt: skip


def test_it_says_what_was_found_where_and_when() -> None:
    page = first_page(run(clause("A", "failed"), clause("B", "passed")), [], {})
    assert "<h1>DEVIATES</h1>" in page
    assert "1 clause failed." in page
    assert "T &lt;b&gt;" in page
    assert "http://x (iak, rqid)" in page
    assert "2026-12-02 00:30 WIB (2026-12-01 17:30 UTC)" in page
    assert "expected  1 &lt; 2" in page
    assert "A is kept &amp; shown." in page


@pytest.mark.parametrize(
    ("code", "word"),
    [(0, "KEEPS"), (1, "DEVIATES"), (3, "INCONCLUSIVE"), (130, "INTERRUPTED"), (4, "NOT JUDGED")],
)
def test_every_end_has_its_word(code: int, word: str) -> None:
    assert f"<h1>{word}</h1>" in first_page(run(clause("A", "passed"), exit_code=code), [], {})


def test_why_it_is_not_green_is_shown() -> None:
    page = first_page(
        run(clause("A", "broken"), exit_code=3, stopped="limit reached",
            trouble=[{"what": "HTTP 503", "times": 4}]),
        [], {},
    )  # fmt: skip
    assert "Stopped: limit reached" in page
    assert "Trouble: what HTTP 503, times 4" in page
    assert "broken: why" in page


def test_a_clause_shows_its_last_runs_and_links_to_its_tests() -> None:
    test = clause("A", "failed")["tests"][0]["test"]
    page = first_page(run(clause("A", "failed")), [{"A": "P"}, {}, {"A": "W"}], {test: "abc"})
    assert 'data-past="PDWF"' in page
    assert 'href="#abc"' in page
    assert "over the last 4 runs" in page


def test_sections_stand_in_their_order_and_open_where_something_failed() -> None:
    page = first_page(
        run(
            clause("A", "passed", "Zeta"),
            clause("B", "failed", "Alpha"),
            clause("C", "passed", "Zeta"),
        ),
        [],
        {},
    )
    sections = re.findall(r"<details( open)?>\s*<summary><b>iak</b>: (\w+)", page)
    assert sections == [("", "Zeta"), (" open", "Alpha")]


def test_the_trend_counts_a_run_once_and_keeps_the_last_ones(tmp_path: Path) -> None:
    file, reported = tmp_path / "h" / "t.jsonl", list[str]()
    for number in range(RUNS + 5):
        one = run(clause("A", "passed"), run=f"r{number}")
        past = remember(one, file, notify=reported.append)
        assert remember(one, file, notify=reported.append) == past
    assert len(past) == RUNS - 1
    assert len(file.read_text(encoding="utf-8").splitlines()) == RUNS
    file.write_text("not json\n[]\n", encoding="utf-8")
    assert remember(one, file, notify=reported.append) == []
    assert reported == []


def test_a_trend_that_cannot_be_written_is_a_warning(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    reported: list[str] = []
    assert remember(run(), tmp_path / "file" / "t.jsonl", notify=reported.append) == []
    assert "cannot be written" in reported[0]


def test_without_node_there_is_the_first_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing() -> None:
        raise ReportError("there is no Node.js", hint="install it")

    monkeypatch.setattr(report, "find_node", missing)
    results = tmp_path / "allure-results"
    results.mkdir()
    (results / "a-result.json").write_text('{"start": 1}', encoding="utf-8")
    history, reported = tmp_path / "h.jsonl", list[str]()
    with pytest.raises(ReportError, match="no Node"):
        build_report(results, tmp_path, history=history, notify=reported.append)
    (tmp_path / "conformance.json").write_text(json.dumps(run(clause("A", "failed"))), "utf-8")
    page = build_report(results, tmp_path, history=history, notify=reported.append)
    text = page.read_text(encoding="utf-8")
    assert "<h1>DEVIATES</h1>" in text
    assert "default-src 'none'" in text
    assert "needs Node.js" in text
    assert "first page only: there is no Node.js" in reported[0]
