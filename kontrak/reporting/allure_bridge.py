"""What Allure gets to see: labels from the clause, evidence from the test, and nothing secret.

Allure 3 takes results of equal name and parameters for attempts of one test and counts the last
only, and allure-pytest writes all bytes alike. So a result is written here under the id of its
test, which is unique in a run, with the verdict that kontrak has found; and what a run knows of
tests that wrote no result (their worker died, the run was interrupted) is added at its end.
"""

from __future__ import annotations

import hashlib
import json
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import allure
import allure_commons
import attrs
from allure_commons.logger import AllureFileLogger
from allure_commons.model2 import Label, Link, Parameter, Status, StatusDetails, TestResult

from kontrak.clauses.catalogue import Clause, find
from kontrak.clauses.verdict import Strength, Verdict, worst
from kontrak.config.files import write_whole
from kontrak.config.registry import PROVIDERS, ProviderInfo
from kontrak.judging.expect import Notebook
from kontrak.judging.failure_text import http_attachment
from kontrak.judging.test_record import TestRecord
from kontrak.masking.masker import Masker
from kontrak.masking.visible import visible
from kontrak.reporting.results import ClauseResult

_SEVERITIES = {
    Strength.MUST: allure.severity_level.CRITICAL,
    Strength.OBSERVED: allure.severity_level.NORMAL,
    Strength.INFERRED: allure.severity_level.MINOR,
}
_MOST_EVIDENCE = 4
_MOST_OF_PASSED = 1
"""Thousands of tests pass: with all that they saw the report would take a browser's breath away."""
_MARKED = (Verdict.WARNED.word, Verdict.WAIVED.word)


_STATUSES = {
    Verdict.PASSED: Status.PASSED,
    Verdict.WARNED: Status.PASSED,
    Verdict.WAIVED: Status.SKIPPED,
    Verdict.SKIPPED: Status.SKIPPED,
    Verdict.FAILED: Status.FAILED,
    Verdict.BROKEN: Status.BROKEN,
}
_TEST, _VERDICT = "test", "verdict"
"""Labels: the id of the test, known from its start on, and what was found, known at its end."""
_INTERRUPTED = "not judged: the run was interrupted during this test"
_GLOBALS = "kontrak-globals.json"
"""Where Allure looks for what concerns a whole run: ``*-globals.json``."""


def announce(test: str, parameters: Iterable[str]) -> None:
    """Name the running test, by pytest's id of it, before anything can interrupt it.

    ``parameters`` are the names of its own: allure-pytest would make a digest of their values,
    which fails for half a surrogate pair. The test's id stands for them.
    """
    allure.dynamic.label(_TEST, test)
    for name in parameters:
        allure.dynamic.parameter(name, "", excluded=True)


def describe(clause: Clause, provider: ProviderInfo, verdict: str, row: str) -> None:
    """Label the running test: epic provider, feature section, story clause, severity, source.

    ``row`` names a parametrised test's row.
    """
    allure.dynamic.title(_title(clause, verdict, row))
    for name, value in _labels(clause, provider, verdict):
        allure.dynamic.label(name, value)
    for name, url in _links(clause, provider):
        allure.dynamic.link(url, name=name)


def _title(clause: Clause, verdict: str, row: str) -> str:
    """Allure shows a warned test in green and a waived one as skipped, so its title says it."""
    mark = f"[{verdict}] " if verdict in _MARKED else ""
    return f"{mark}{clause.id}  {clause.text}{f'  [{row}]' if row else ''}"


def _labels(clause: Clause, provider: ProviderInfo, verdict: str) -> list[tuple[str, str]]:
    """The verdict's label puts a result into a category of its own."""
    return [
        (_VERDICT, verdict),
        ("epic", f"{provider.key}: {provider.title}"),
        ("feature", clause.section),
        ("story", f"{clause.id}: {clause.text}"),
        ("severity", _SEVERITIES[clause.strength].value),
        ("strength", clause.strength.value),
        ("clause", clause.id),
    ]


def _links(clause: Clause, provider: ProviderInfo) -> list[tuple[str, str]]:
    return [
        (source, provider.documents.get(source.partition(":")[0]) or provider.home)
        for source in clause.source.split("; ")
    ]


def attach_evidence(record: Mapping[str, Any], book: Notebook, masker: Masker) -> None:
    """Attach what a test saw: its words, the exchanges it judged, and a curl line for the last."""
    if record["verdict"] == Verdict.WARNED.word:
        allure.dynamic.tag("warned")
        _attach_text("what was noticed", "\n".join(record["notes"]))
    if record["verdict"] == Verdict.WAIVED.word:
        allure.dynamic.tag("waived")
        _attach_text("waiver", record["reason"])
    if record["readings"]:
        lines = [": ".join(filter(None, one.values())) for one in record["readings"]]
        _attach_text("readings", "\n".join(lines))
    if record["message"]:
        _attach_text("deviation", record["message"])
    if record["repeat"]:
        _attach_text("repeat", record["repeat"])
    passed = record["verdict"] == Verdict.PASSED.word
    for exchange in book.exchanges[-(_MOST_OF_PASSED if passed else _MOST_EVIDENCE) :]:
        media_type, body = http_attachment(exchange, masker)
        name = masker.text(exchange.request.summary)
        allure.attach(body, name, attachment_type=media_type, extension="httpexchange")


def _attach_text(name: str, text: str) -> None:
    allure.attach(text, name, attachment_type=allure.attachment_type.TEXT)


def mask_allure(masker: Masker, run: str, unwritten: Callable[[str], None]) -> Callable[[], None]:
    """Replace Allure's writer by one that masks; the result puts things back as they were.

    ``run`` is the run's id. ``unwritten`` is called with the reason when a file cannot be written;
    the run goes on.

    allure-pytest insists on taking its own writer down, so it has to be there at the end.
    """
    plugins = allure_commons.plugin_manager
    writers = [one for one in plugins.get_plugins() if type(one) is AllureFileLogger]
    folders = [one._report_dir for one in writers]  # noqa: SLF001 - Allure has no public way to ask
    masking = [MaskingWriter(folder, masker, run, unwritten) for folder in folders]

    def replace(old: Sequence[AllureFileLogger], new: Sequence[AllureFileLogger]) -> None:
        for one in old:
            plugins.unregister(one)
        for one in new:
            plugins.register(one)

    replace(writers, masking)
    return lambda: replace(masking, writers)


class MaskingWriter(AllureFileLogger):
    """Allure's own writer behind the masker; fixtures' set-up and tear-down are left out.

    A file of results is named after run and test, so that of several attempts one stays: the worst,
    as everywhere in kontrak.
    """

    def __init__(
        self,
        folder: Path,
        masker: Masker,
        run: str,
        unwritten: Callable[[str], None] | None = None,
    ) -> None:
        super().__init__(folder)
        self._unwritten = unwritten
        self._folder = folder
        self._masker = masker
        self._run = run
        self._written: dict[str, Verdict] = {}

    def lacks(self, test: str, verdict: Verdict) -> bool:
        """Whether no result of this test, by whatever process of the run, has that verdict.

        Only what turns a run red or inconclusive is looked up in the file: a worker may have
        written that a test passed, and died before it could report it.
        """
        try:
            if verdict < Verdict.FAILED:
                return not self._place(test).exists()
            labels = json.loads(self._place(test).read_bytes())["labels"]
        except FileNotFoundError:
            return True
        return {"name": _VERDICT, "value": verdict.word} not in labels

    @allure_commons.hookimpl
    def report_result(self, result: TestResult) -> None:
        """Write a result of ours as what it was; another's as it is, but masked."""
        test = _label(result, _TEST)
        details = result.statusDetails
        if details is not None:
            result.statusDetails = _own_words(details)
        if test is None:
            self._write(result, self._folder / f"{uuid.uuid4()}-result.json")
            return
        verdict = self._judged(result)
        if verdict < self._written.get(test, Verdict.DISABLED):
            return
        self._written[test] = verdict
        row = _row(test)
        result.testCaseId = result.historyId = _digest(test)
        result.parameters = [Parameter(name="row", value=row)] if row else []
        self._write(result, self._place(test))

    @allure_commons.hookimpl
    def report_container(self, container: object) -> None:
        """Nothing: a container only names the fixtures of a test."""

    @allure_commons.hookimpl
    def report_attached_data(self, body: str | bytes, file_name: str) -> None:
        """Mask an attachment, and write whatever is in it."""
        text = body if isinstance(body, str) else body.decode("utf-8", "replace")
        with self._noticed():
            super().report_attached_data(self._masker.text(text).encode(), file_name)

    @contextmanager
    def _noticed(self) -> Iterator[None]:
        """Hand over the reason why a file could not be written, where a caller wants to know."""
        try:
            yield
        except OSError as error:
            if self._unwritten is None:
                raise
            self._unwritten(error.strerror or type(error).__name__)

    def _judged(self, result: TestResult) -> Verdict:
        """Give a result the status of its verdict; without one it is skipped, as in the JSON."""
        word = _label(result, _VERDICT)
        if word is None:
            verdict = Verdict.SKIPPED
            result.labels.append(Label(name=_VERDICT, value=verdict.word))
            result.statusDetails = StatusDetails(message=_INTERRUPTED)
        else:
            verdict = Verdict[word.upper()]
        result.status = _STATUSES[verdict]
        return verdict

    def _place(self, test: str) -> Path:
        return self._folder / f"{_digest(f'{self._run} {test}')}-result.json"

    def _write(self, result: TestResult, place: Path) -> None:
        data = attrs.asdict(result, filter=lambda _, value: bool(value) or value is False)
        text = json.dumps(self._cleaned(data), ensure_ascii=False)
        with self._noticed():
            write_whole(text.encode(), place)

    def _cleaned(self, value: object) -> object:
        if isinstance(value, str):
            return visible(self._masker.text(value))
        if isinstance(value, dict):
            return {key: self._cleaned(one) for key, one in value.items()}
        return [self._cleaned(one) for one in value] if isinstance(value, list) else value


def _own_words(details: StatusDetails) -> StatusDetails:
    """A failure's own text is its message; a trace of Python would only hide it."""
    trace = details.trace or ""
    ours = "  source    " in trace or "\n  hint: " in trace
    return StatusDetails(
        message=trace if ours else details.message or "", trace=None if ours else trace
    )


def _label(result: TestResult, name: str) -> str | None:
    """The last label of that name: a test may break while it is taken down."""
    return next((one.value for one in reversed(result.labels) if one.name == name), None)


def _digest(text: str) -> str:
    return hashlib.md5(text.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()


def _row(test: str) -> str:
    """What stands in the brackets of a test's id."""
    return test.partition("[")[2].removesuffix("]")


def complete(
    clauses: Iterable[ClauseResult],
    folder: Path,
    masker: Masker,
    *,
    run: str,
    trouble: str = "",
    later: AbstractSet[str] = frozenset(),
) -> None:
    """Add to Allure's results what a run has found and no test has written.

    These are tests without a result, and clauses that are worse than their tests: what was hidden
    behind a clause that passed. ``trouble`` says in a sentence why the run is not green whatever
    its tests are. Tests in ``later`` are left to ``add_unwritten``, since whoever presses Ctrl-C
    does not wait for two thousand files. Nothing happens where there is no folder of results.
    """
    if not folder.is_dir():
        return
    writer = MaskingWriter(folder, masker, run)
    for clause in clauses:
        for test, verdict, reason in _missing(clause, writer):
            if test not in later:
                _add(writer, clause, test, verdict, reason)
    if trouble:
        reported = {"errors": [{"message": visible(masker.text(trouble))}], "attachments": []}
        write_whole(json.dumps(reported).encode(), folder / _GLOBALS)


def add_unwritten(conformance: Mapping[str, Any], folder: Path) -> None:
    """Add what an interrupted run left out, from its ``conformance.json``, where all is masked.

    What is cited in clauses that kontrak no longer has is left out.
    """
    writer = MaskingWriter(folder, Masker(), str(conformance.get("run", "")))
    if not conformance.get("stopped"):
        return
    for one in conformance["clauses"]:
        with suppress(LookupError):
            clause, verdict = find(one["id"]), Verdict[one["verdict"].upper()]
            tests = tuple(map(TestRecord.of, one["tests"]))
            judged = ClauseResult(clause, verdict, one["reason"], tests)
            for test, each, reason in _missing(judged, writer):
                _add(writer, judged, test, each, reason)


def _missing(result: ClauseResult, writer: MaskingWriter) -> list[tuple[str, Verdict, str]]:
    """Tests of a clause, each with a verdict and a reason that Allure does not know yet."""
    tests: dict[str, list[TestRecord]] = {}
    for record in result.tests:
        tests.setdefault(record.test, []).append(record)
    found = {
        test: max(records, key=lambda one: Verdict[one.verdict.upper()])
        for test, records in tests.items()
    }
    rows = [
        (test, Verdict[one.verdict.upper()], one.message or one.reason)
        for test, one in found.items()
        if writer.lacks(test, Verdict[one.verdict.upper()])
    ]
    if found and result.verdict > worst(Verdict[one.verdict.upper()] for one in found.values()):
        hidden = [test for test, one in found.items() if one.blocked_by] or list(found)
        rows += [(test, result.verdict, result.reason) for test in hidden]
    return rows


def _add(
    writer: MaskingWriter, judged: ClauseResult, test: str, verdict: Verdict, reason: str
) -> None:
    clause, provider = judged.clause, PROVIDERS[judged.clause.provider]
    file, _, name = test.partition("::")
    now = int(time.time() * 1000)
    labels = [(_TEST, test), *_labels(clause, provider, verdict.word)]
    writer.report_result(
        TestResult(
            uuid=str(uuid.uuid4()),
            name=_title(clause, verdict.word, _row(test)),
            fullName=f"{file.removesuffix('.py').replace('/', '.')}#{name.partition('[')[0]}",
            statusDetails=StatusDetails(message=reason),
            start=now,
            stop=now,
            labels=[Label(name=name, value=value) for name, value in labels],
            links=[Link(url=url, name=name) for name, url in _links(clause, provider)],
        )
    )


def write_environment(about: Mapping[str, Any], folder: Path) -> None:
    """Write the environment block of the report beside Allure's results."""
    if not folder.is_dir():
        return
    target = about["target"]
    lines = {
        "target": f"{target['name']} ({target['kind']})",
        **{f"address.{key}": value for key, value in target["addresses"].items()},
        **{f"version.{key}": value for key, value in about["versions"].items()},
        "python": about["python"],
        "seed": about["seed"],
        "profile": about["profile"],
        "run": about["run"],
    }
    text = "".join(f"{key}={visible(str(value))}\n" for key, value in lines.items())
    (folder / "environment.properties").write_text(text, encoding="utf-8")
