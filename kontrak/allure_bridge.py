"""What Allure gets to see: labels from the clause, evidence from the test, and nothing secret."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import allure
import allure_commons
from allure_commons.logger import AllureFileLogger
from allure_commons.model2 import StatusDetails, TestResult

from kontrak.catalogue import Clause
from kontrak.judge import Notebook
from kontrak.masking import Masker
from kontrak.message import http_attachment
from kontrak.providers import Provider
from kontrak.verdict import Strength, Verdict
from kontrak.visible import visible

_SEVERITIES = {
    Strength.MUST: allure.severity_level.CRITICAL,
    Strength.OBSERVED: allure.severity_level.NORMAL,
    Strength.INFERRED: allure.severity_level.MINOR,
}
_MOST_EVIDENCE = 4
_MOST_OF_PASSED = 1
"""Thousands of tests pass: with all that they saw the report would take a browser's breath away."""
_MARKED = (Verdict.WARNED.word, Verdict.WAIVED.word)


def describe(clause: Clause, provider: Provider, verdict: str, row: str) -> None:
    """Label the running test: epic provider, feature section, story clause, severity, source.

    ``row`` names a parametrised test's row. Allure shows a warned test in green and a waived one
    as skipped, so its title says it, and a label puts it into a category of its own.
    """
    mark = f"[{verdict}] " if verdict in _MARKED else ""
    allure.dynamic.title(f"{mark}{clause.id}  {clause.text}{f'  [{row}]' if row else ''}")
    allure.dynamic.label("verdict", verdict)
    allure.dynamic.epic(f"{provider.key}: {provider.title}")
    allure.dynamic.feature(clause.section)
    allure.dynamic.story(f"{clause.id}: {clause.text}")
    allure.dynamic.severity(_SEVERITIES[clause.strength])
    allure.dynamic.label("strength", clause.strength.value)
    allure.dynamic.label("clause", clause.id)
    for source in clause.source.split("; "):
        document = source.partition(":")[0]
        allure.dynamic.link(provider.documents.get(document) or provider.home, name=source)


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


def mask_allure(masker: Masker, unwritten: Callable[[str], None]) -> Callable[[], None]:
    """Replace Allure's writer by one that masks; the result puts things back as they were.

    ``unwritten`` is called with the reason when a file cannot be written; the run goes on.

    allure-pytest insists on taking its own writer down, so it has to be there at the end.
    """
    plugins = allure_commons.plugin_manager
    writers = [one for one in plugins.get_plugins() if type(one) is AllureFileLogger]
    masking = [MaskingWriter(writer, masker, unwritten) for writer in writers]

    def replace(old: Sequence[AllureFileLogger], new: Sequence[AllureFileLogger]) -> None:
        for one in old:
            plugins.unregister(one)
        for one in new:
            plugins.register(one)

    replace(writers, masking)
    return lambda: replace(masking, writers)


class MaskingWriter(AllureFileLogger):
    """Allure's own writer behind the masker; fixtures' set-up and tear-down are left out."""

    def __init__(
        self, writer: AllureFileLogger, masker: Masker, unwritten: Callable[[str], None]
    ) -> None:
        super().__init__(writer._report_dir)  # noqa: SLF001 - Allure has no public way to ask
        self._masker = masker
        self._unwritten = unwritten

    @allure_commons.hookimpl
    def report_result(self, result: TestResult) -> None:
        """Mask a test's words; a failure's own text is its message."""
        result.name = self._masker.text(result.name)
        details = result.statusDetails
        if details is not None:
            trace = details.trace or ""
            ours = "  source    " in trace or "\n  hint: " in trace
            message = trace if ours else details.message or ""
            rest = None if ours else self._masker.text(trace)
            result.statusDetails = StatusDetails(message=self._masker.text(message), trace=rest)
        for parameter in result.parameters or ():
            parameter.value = self._masker.text(str(parameter.value))
        with self._noticed():
            super().report_result(result)

    @allure_commons.hookimpl
    def report_container(self, container: object) -> None:
        """Nothing: a container only names the fixtures of a test."""

    @allure_commons.hookimpl
    def report_attached_data(self, body: str | bytes, file_name: str) -> None:
        """Mask an attachment."""
        text = body if isinstance(body, str) else body.decode("utf-8", "replace")
        with self._noticed():
            super().report_attached_data(self._masker.text(text), file_name)

    @contextmanager
    def _noticed(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            self._unwritten(error.strerror or type(error).__name__)


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
