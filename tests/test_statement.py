"""The statement for a partner: its data, its pages in both languages, and its manifest."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from kontrak.clauses.verdict import ExitCode
from kontrak.commands.statement import statement as statement_command
from kontrak.commands.statement import verify
from kontrak.config.paths import SCHEMAS
from kontrak.errors import ConfigurationError, ReportError
from kontrak.judging.waivers import Waiver, Waivers
from kontrak.reporting.html.page import self_contained
from kontrak.reporting.results import Results, TestRecord
from kontrak.reporting.statement import LANGUAGES, write_statement
from kontrak.reporting.statement.data import statement
from tests.test_waivers import TODAY, waiver

PRICE, ADMIN, NOMINAL = "IAK-AMOUNT-PRICE", "IAK-AMOUNT-ADMIN", "IAK-AMOUNT-NOMINAL"
HOSTILE = '<script>alert("&")</script>'
ABOUT = {
    "run": "0123456789ab",
    "started": "2026-11-25T09:10:11+00:00",
    "target": {
        "name": f"partner {HOSTILE}",
        "file": "my.toml",
        "kind": "live",
        "addresses": {"iak": "https://partner.example"},
    },
    "versions": {"kontrak": "0.1.0"},
    "python": "3.11.7",
    "seed": 7,
    "profile": "full",
    "providers": ["iak"],
}


def failing(test: str = "t", clause: str = PRICE, verdict: str = "failed") -> TestRecord:
    return TestRecord(
        test,
        clause,
        verdict,
        findings=({"expected": f"price = 1 {HOSTILE}", "received": "price = 2"},),
        sent=(f"POST /check {HOSTILE} -> HTTP 200",),
        repeat="curl -sS https://partner.example",
    )


def run(
    *records: TestRecord, entries: tuple[Waiver, ...] = (), stopped: str | None = None
) -> dict[str, Any]:
    known = Results(
        unfinished=stopped,
        about=ABOUT,
        planned={one.test: one.clause for one in records},
        unselected={NOMINAL: "not selected by this run"},
        records=list(records),
        waivers=Waivers(entries, TODAY),
    )
    reported: dict[str, Any] = json.loads(json.dumps(known.to_json()))
    return reported


FAILED = run(
    failing(),
    failing("u"),
    TestRecord("v", ADMIN, "warned", notes=("n",)),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of results with two pieces of evidence."""
    results = tmp_path / "allure-results"
    results.mkdir()
    (results / "a-result.json").write_text("{}", encoding="utf-8")
    write_run(tmp_path, FAILED)
    return tmp_path


def write_run(folder: Path, reported: dict[str, Any]) -> None:
    (folder / "conformance.json").write_text(json.dumps(reported), encoding="utf-8")


def write(folder: Path, language: str = "en", *, days: int = 90) -> str:
    statement_command(folder, language, pdf=False, days=days)
    return (folder / f"statement.{language}.html").read_text(encoding="utf-8")


def data(folder: Path) -> dict[str, Any]:
    reported: dict[str, Any] = json.loads((folder / "statement.json").read_text(encoding="utf-8"))
    return reported


class _Text(HTMLParser):
    """The text of a page and its tags."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text = ""
        self.tags: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the base class sets the signature
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize(
    ("reported", "verdict"),
    [
        (FAILED, "deviates"),
        (run(TestRecord("v", ADMIN, "passed")), "conforms"),
        (run(failing(verdict="waived"), entries=(waiver(),)), "conforms with waivers"),
        (run(TestRecord("v", ADMIN, "broken", reason="no network")), "inconclusive"),
        (run(TestRecord("v", ADMIN, "skipped", reason="not offered")), "inconclusive"),
        (run(failing(), TestRecord("v", ADMIN, "broken", reason="no network")), "deviates"),
        (run(TestRecord("v", ADMIN, "passed"), stopped="limit reached"), "inconclusive"),
        (run(failing(), stopped="limit reached"), "deviates"),
    ],
)
def test_the_data_fits_its_schema_and_says_what_follows(
    reported: dict[str, Any], verdict: str
) -> None:
    schema = json.loads((SCHEMAS / "statement.json").read_text(encoding="utf-8"))
    found = statement(reported, [{"file": "a", "bytes": 1, "sha256": "0" * 64}], 90)
    assert list(Draft202012Validator(schema).iter_errors(found)) == []
    assert found["verdict"] == verdict
    assert not Draft202012Validator(schema).is_valid({**found, "verdict": "well"})


def test_it_ends_after_its_days_or_with_the_first_waiver() -> None:
    assert statement(FAILED, [], 90)["validity"] == {"from": "2026-11-25", "until": "2027-02-23"}
    waived = run(failing(verdict="waived"), entries=(waiver(),))
    assert statement(waived, [], 90)["validity"]["until"] == TODAY.isoformat()
    unrelated = run(TestRecord("v", ADMIN, "passed"), entries=(waiver(),))
    assert statement(unrelated, [], 1)["validity"]["until"] == "2026-11-26"


def test_a_document_is_named_with_the_hash_of_its_file() -> None:
    hashes = {one["name"]: one["sha256"] for one in statement(FAILED, [], 90)["documents"]}
    assert hashes["004_aa804b5916536fc5.txt"].startswith("01f2d5b6")
    assert hashes["iak-response-codes"] == ""


def test_a_page_reports_everything(folder: Path) -> None:
    text = _Text(write(folder, "en")).text
    reported = data(folder)
    for part in (
        *("partner.example", "25 November 2026 09:10 UTC", "kontrak 0.1.0", "0123456789ab"),
        *("23 February 2027", reported["documents"][0]["sha256"], "Inquiry response: amounts"),
        *(PRICE, "price is nominal plus admin.", "004_aa804b5916536fc5.txt:62"),
        *("price = 1", "price = 2", "curl -sS https://partner.example"),
        *("Tests that saw the same besides: 1", ADMIN, "Not selected by this run.", NOMINAL),
    ):
        assert part in text, part


def test_the_two_languages_say_the_same_in_other_words(folder: Path) -> None:
    pages = {language: write(folder, language) for language in LANGUAGES}
    assert _Text(pages["id"]).tags == _Text(pages["en"]).tags
    assert 'lang="id"' in pages["id"]
    for word, other in (("deviates", "menyimpang"), ("Documents", "Dokumen acuan")):
        assert f">{word}<" in pages["en"]
        assert f">{other}<" in pages["id"]
        assert f">{word}<" not in pages["id"]
    seals = {re.search(r"\b[0-9a-f]{64}(?=</code></p>)", page)[0] for page in pages.values()}  # type: ignore[index]  # no seal fails here
    assert len(seals) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_loads_nothing_and_escapes_what_a_target_says(folder: Path, language: str) -> None:
    page = write(folder, language)
    self_contained(page)
    assert "script" not in _Text(page).tags
    assert HOSTILE in _Text(page).text
    assert "default-src 'none'" in page


def test_the_manifest_is_one_that_sha256sum_reads(folder: Path) -> None:
    write(folder, "id")
    write(folder, "en")
    assert verify(folder) == ExitCode.CONFORMS
    program = shutil.which("sha256sum") or pytest.skip("no sha256sum here")
    ended = subprocess.run(  # noqa: S603 - a program of the system on our own file
        [program, "-c", "--strict", "manifest.sha256"], cwd=folder, check=False, stdout=-1
    )
    assert ended.returncode == 0
    assert ended.stdout.count(b": OK") == 5


@pytest.mark.parametrize(
    "name",
    [
        "conformance.json",
        "allure-results/a-result.json",
        "statement.json",
        "statement.en.html",
    ],
)
def test_an_altered_file_is_named(
    folder: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write(folder)
    path = folder / name
    path.write_bytes(path.read_bytes() + b" ")
    assert verify(folder) == ExitCode.DEVIATES
    assert capsys.readouterr().out.splitlines()[-1] == f"altered: {name}"
    path.unlink()
    assert verify(folder) == ExitCode.DEVIATES
    assert capsys.readouterr().out.strip() == f"missing: {name}"


def test_added_evidence_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(folder)
    (folder / "allure-results" / "b-result.json").write_text("{}", encoding="utf-8")
    assert verify(folder) == ExitCode.DEVIATES
    assert capsys.readouterr().out.splitlines()[-1] == "added: allure-results/b-result.json"


def test_pages_of_another_run_do_not_stay(folder: Path) -> None:
    write(folder, "id")
    write_run(folder, run(TestRecord("v", ADMIN, "passed")))
    write(folder, "en")
    assert not (folder / "statement.id.html").exists()
    assert verify(folder) == ExitCode.CONFORMS


@pytest.mark.parametrize("line", ["no hash", f"{'0' * 64}  ../x", f"{'0' * 64}  /etc/passwd"])
def test_a_manifest_of_another_form_is_an_error(folder: Path, line: str) -> None:
    write(folder)
    with (folder / "manifest.sha256").open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")
    with pytest.raises(ConfigurationError, match="is not a hash and a file of this folder"):
        verify(folder)


def test_without_run_or_manifest_there_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"no readable conformance\.json"):
        statement_command(tmp_path, "en", pdf=False, days=90)
    with pytest.raises(ConfigurationError, match=r"no readable manifest\.sha256"):
        verify(tmp_path)


def test_a_pdf_without_its_library_is_a_clear_error(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "weasyprint", None)
    with pytest.raises(ReportError, match="no PDF"):
        write_statement(folder, FAILED, "en", days=90, pdf=True)


def test_a_pdf_is_printed_from_the_page(folder: Path) -> None:
    pytest.importorskip("weasyprint", exc_type=ImportError)
    write_statement(folder, FAILED, "id", days=90, pdf=True)
    assert (folder / "statement.id.pdf").read_bytes().startswith(b"%PDF")
    assert verify(folder) == ExitCode.CONFORMS


@pytest.mark.parametrize("name", ["report.html", "summary.txt", "plan.json", "history/t-iak.jsonl"])
def test_every_file_that_the_folder_shows_is_covered(
    folder: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "history").mkdir()
    (folder / name).write_text("as it was", encoding="utf-8")
    (folder / "ledger.sqlite").write_text("goes on", encoding="utf-8")
    write(folder)
    (folder / "ledger.sqlite").write_text("went on", encoding="utf-8")
    assert verify(folder) == ExitCode.CONFORMS
    assert "(not covered: the ledger, " in capsys.readouterr().out
    (folder / name).write_text("altered", encoding="utf-8")
    assert verify(folder) == ExitCode.DEVIATES
    assert capsys.readouterr().out.splitlines() == [f"altered: {name}"]


def test_another_run_in_the_folder_is_one_line(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(folder)
    capsys.readouterr()
    write_run(folder, {**FAILED, "run": "another"})
    (folder / "allure-results" / "a-result.json").unlink()
    assert verify(folder) == ExitCode.DEVIATES
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("the results are of run another, the statement is of run 0123456789ab")


def test_many_altered_files_are_a_number(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(folder)
    capsys.readouterr()
    for number in range(30):
        (folder / "allure-results" / f"{number}-result.json").write_text("{}", encoding="utf-8")
    assert verify(folder) == ExitCode.DEVIATES
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 11
    assert lines[-1] == "and 20 more files"


def test_without_the_library_of_pdf_the_rest_is_written_and_checked(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "weasyprint", None)
    assert statement_command(folder, "en", pdf=True, days=90) == ExitCode.INCONCLUSIVE
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("no PDF: WeasyPrint cannot be used")
    assert verify(folder) == ExitCode.CONFORMS
