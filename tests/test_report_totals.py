"""The HTML report in a browser: every test is counted as what it was, as in conformance.json."""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import subprocess
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, NoReturn

import pytest

from kontrak.clauses.verdict import Verdict
from kontrak.config.paths import ROOT
from kontrak.errors import ReportError
from kontrak.masking.masker import Masker
from kontrak.reporting.allure_bridge import complete
from kontrak.reporting.html import build_report, install, node
from kontrak.reporting.results import Results
from tests.report_page import unpacked
from tests.runs import Ended, pytest_suite

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
IN_CI = "KONTRAK_NEEDS_BROWSER"
SUITE = str(Path(__file__).parent / "awkward" / "suite.py")
STATUSES = {"warned": "passed", "waived": "skipped"}


@pytest.fixture(scope="session")
def browser() -> str:
    """A headless browser; in CI it has to be there."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        _absent(f"no browser to open the report with: install one of {', '.join(BROWSERS)}")
    return found


def _absent(what: str) -> NoReturn:
    if os.environ.get(IN_CI):
        pytest.fail(what)
    pytest.skip(what)


@pytest.fixture(scope="session")
def _allure() -> None:
    """The installed Allure."""
    try:
        install.allure_program(node.find_node(), notify=lambda _text: None)
    except ReportError as error:
        _absent(f"no Allure to build with: {error.sentence}")


class Words(HTMLParser):
    """The texts of a page by the ``data-testid`` of the elements around them."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self._around: list[str | None] = []
        self.found: dict[str, list[str]] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"meta", "link", "br", "img", "input", "hr", "path", "use"}:
            return
        name = dict(attrs).get("data-testid")
        self._around.append(name)
        if name:
            self.found.setdefault(name, []).append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element without an inside holds no text."""

    def handle_endtag(self, tag: str) -> None:
        if self._around and tag not in {"meta", "link", "br", "img", "input", "hr", "path", "use"}:
            self._around.pop()

    def handle_data(self, data: str) -> None:
        for name in filter(None, self._around):
            self.found[name][-1] += f" {data.strip()}"


def opened(browser: str, page: Path, profile: Path, place: str = "#all") -> str:
    """The page's DOM once its scripts have run: Allure's part, the first page for no ``place``."""
    done = subprocess.run(  # noqa: S603 - the program was found on PATH, the page is ours
        [
            browser,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            f"--user-data-dir={profile}",
            "--dump-dom",
            "--virtual-time-budget=20000",
            page.as_uri() + place,
        ],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=240,
        check=True,
    )
    return done.stdout


def numbers(words: Words, name: str) -> int:
    """The number in an element of the report's head, 0 if there is none."""
    texts = words.found.get(name, ["0"])
    return int(re.sub(r"\D", "", texts[0]) or 0)


def shown(words: Words) -> Counter[str]:
    """How many tests the page counts by status."""
    names = ("passed", "failed", "broken", "skipped", "unknown")
    return Counter(
        {one: count for one in names if (count := numbers(words, f"metadata-item-{one}"))}
    )


def verdicts(result: dict[str, Any]) -> dict[str, Verdict]:
    """Every test of conformance.json with its worst verdict."""
    found: dict[str, Verdict] = {}
    for one in result["clauses"]:
        for record in one["tests"]:
            verdict = Verdict[record["verdict"].upper()]
            found[record["test"]] = max(verdict, found.get(record["test"], verdict))
    return found


def titles(page: Path, status: str) -> Counter[str]:
    """The titles of the tests of a status, from the data that the page carries."""
    texts = unpacked(page.read_text(encoding="utf-8"))["texts"]
    data = [json.loads(texts[name]) for name in texts if name.startswith("data/test-results/")]
    return Counter(one["name"] for one in data if one["status"] == status and not one["isRetry"])


def run(folder: Path, endings: str, *more: str) -> Ended:
    """Run the awkward suite beside one of ours, and build the report."""
    ended = pytest_suite(
        SUITE,
        "-o",
        "strict_parametrization_ids=false",  # so that equal texts may be parameters
        "--clause=IAK-AMOUNT-PRICE",
        "--seed=1",
        *more,
        output=folder,
        KONTRAK_AWKWARD=endings,
    )
    build_report(folder / "allure-results", folder, history=folder / "history.jsonl")
    return ended


RED = "other bytes=failed,half=failed,b'['=passed,b'[]'=failed,row '\\x00'=failed,empty=group"
RUNS = [
    pytest.param("", 0, id="green"),
    pytest.param("equal=failed", 1, id="one of two equal texts failed"),
    pytest.param(RED, 1, id="red"),
    pytest.param("bytes=warned,nul=warned,b'{'=warned", 0, id="warned"),
    pytest.param("no bytes=broken,other half=broken,object=ours", 3, id="broken"),
    pytest.param("equal=failed,equal again=warned", 1, id="failed and warned"),
]


@pytest.mark.usefixtures("_allure")
@pytest.mark.parametrize(("endings", "code"), RUNS)
def test_the_page_counts_every_test_as_what_it_was(
    tmp_path: Path, browser: str, endings: str, code: int
) -> None:
    ended = run(tmp_path, endings)
    assert ended.code == code, ended.printed
    found = verdicts(ended.result)
    page = tmp_path / "report.html"
    dom = opened(browser, page, tmp_path / "profile")
    words = Words(dom)
    wanted = Counter(STATUSES.get(one.word, one.word) for one in found.values())
    assert shown(words) == wanted
    assert numbers(words, "metadata-item-total") == len(found) == ended.result["executed"]
    assert numbers(words, "metadata-item-retries") == 0
    assert "OWNED" not in dom.partition("</title>")[0]
    first = opened(browser, page, tmp_path / "profile", place="")
    word = {0: "KEEPS", 1: "DEVIATES", 3: "INCONCLUSIVE"}[code]
    assert f"<h1>{word}</h1>" in first
    assert "metadata-item-total" not in first
    for verdict in (Verdict.FAILED, Verdict.BROKEN):
        rows = Counter(
            test.partition("[")[2].removesuffix("]")
            for test, one in found.items()
            if one is verdict
        )
        # A title ends with the row, which is pytest's: unique within a test function.
        reported = Counter(
            name.partition("  [")[2].removesuffix("]") for name in titles(page, verdict.word)
        )
        assert reported == rows
    warned = [one for one in titles(page, "passed") if one.startswith("[warned] ")]
    assert len(warned) == sum(one is Verdict.WARNED for one in found.values())


@pytest.mark.usefixtures("_allure")
@pytest.mark.parametrize("status", ["failed", "broken"])
def test_the_page_lists_what_failed(tmp_path: Path, browser: str, status: str) -> None:
    """The tree marks these tests and no others."""
    run(tmp_path, f"half={status},other bytes={status},b'[]'={status}")
    page = tmp_path / "report.html"
    leaves = opened(browser, page, tmp_path / "profile").split('data-testid="tree-leaf"')[1:]
    marked = [one for one in leaves if f'data-testid="tree-leaf-status-{status}"' in one]
    seen = [
        html.unescape(found[1].strip())
        for one in marked
        if (found := re.search(r'data-testid="tree-leaf-title"[^>]*>([^<]*)', one))
    ]
    assert len(leaves) == 23
    assert sorted(seen) == sorted(titles(page, status).elements())
    assert len(seen) == 3


@pytest.mark.usefixtures("_allure")
@pytest.mark.parametrize(
    ("ending", "more", "left"),
    [
        ("died", ("-n", "2", "--max-worker-restart=0"), Verdict.BROKEN),
        ("interrupted", (), Verdict.SKIPPED),
    ],
)
def test_what_never_ran_is_in_the_page_too(
    tmp_path: Path, browser: str, ending: str, more: tuple[str, ...], left: Verdict
) -> None:
    """A worker that dies leaves broken tests, a run that is interrupted skipped ones."""
    ended = run(tmp_path, f"empty={ending}", *more)
    found = verdicts(ended.result)
    assert left in found.values()
    words = Words(opened(browser, tmp_path / "report.html", tmp_path / "profile"))
    wanted = Counter(STATUSES.get(one.word, one.word) for one in found.values())
    assert shown(words) == wanted


@pytest.mark.usefixtures("_allure")
def test_a_run_that_is_not_green_for_another_reason_says_so(tmp_path: Path, browser: str) -> None:
    """Why stands where Allure shows what concerns the whole run."""
    results = Results(unsure="STOPPED: \x1b[2J the balance fell", unfinished="secret-canary")
    run(tmp_path, "")
    folder = tmp_path / "allure-results"
    complete([], folder, Masker(["secret-canary"]), run="one", trouble=results.not_green())
    page = build_report(folder, tmp_path, history=tmp_path / "history.jsonl")
    words = Words(opened(browser, page, tmp_path / "profile"))
    assert numbers(words, "nav-tab-globalErrors") == 1
    texts = unpacked(page.read_text(encoding="utf-8"))["texts"]
    reported = json.loads(texts["widgets/globals.json"])["errors"]
    assert [one["message"] for one in reported] == ["STOPPED: \\x1b[2J the balance fell\n****"]


def test_ci_cannot_leave_the_browser_out() -> None:
    """Elsewhere these tests are skipped where there is none."""
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert f"export {IN_CI}=1" in ci
