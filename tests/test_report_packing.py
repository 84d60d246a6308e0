"""The packed report: all that Allure wrote is in it once, and a changed page is refused."""

from __future__ import annotations

import base64
import json

import pytest

from kontrak.errors import ReportError
from kontrak.reporting.html.packing import packed
from tests.report_page import unpacked

PROGRAM = "window.allure = 'ö';"
RESULT = {
    "id": "a",
    "history": [{"id": "x", "start": 10, "stop": 12, "duration": 2, "status": "passed"}],
}


def encoded(content: str | bytes) -> str:
    return base64.b64encode(content.encode() if isinstance(content, str) else content).decode()


def page(data: dict[str, str | bytes], *, program: str = PROGRAM, more: str = "") -> str:
    """A page as Allure writes it."""
    calls = ",".join(f'd("{name}","{encoded(content)}")' for name, content in data.items())
    return (
        f'<body><script   src="data:text/javascript;base64,{encoded(program)}"></script>'
        f"<script defer>\n Promise.allSettled([{calls}{more}])\n .then(function(){{\n"
        " window.allureReportDataReady = true;\n })\n </script>"
    )


def test_program_and_data_are_packed_and_gone_from_the_page() -> None:
    html = packed(page({"widgets/a.json": "{}", "data/attachments/b.bin": b"\xff\xfe"}))

    assert unpacked(html) == {
        "programs": [PROGRAM],
        "texts": {"widgets/a.json": "{}"},
        "encoded": {"data/attachments/b.bin": encoded(b"\xff\xfe")},
        "same": {},
    }
    assert "data:text/javascript" not in html
    assert "allSettled" not in html


def test_what_is_there_twice_is_packed_once() -> None:
    data: dict[str, str | bytes] = {
        "widgets/default/tree.json": "[2, 1]",
        "widgets/tree.json": "[1, 2]",
        "widgets/c.json": "[1, 2]",
        "widgets/default/only.json": "{}",
    }

    content = unpacked(packed(page(data)))

    assert content["texts"] == {"widgets/tree.json": "[1, 2]", "widgets/default/only.json": "{}"}
    assert content["same"] == {
        "widgets/default/tree.json": "widgets/tree.json",
        "widgets/c.json": "widgets/tree.json",
    }


def test_earlier_results_are_short_and_whole_earlier_runs_are_left_out() -> None:
    data: dict[str, str | bytes] = {
        "data/test-results/a.json": json.dumps(RESULT),
        "data/history/u.json": "{}",
    }

    texts = unpacked(packed(page(data)))["texts"]

    assert json.loads(texts.pop("data/test-results/a.json"))["history"] == [[10, "passed", 2]]
    assert texts == {}


@pytest.mark.parametrize(
    "changed",
    [
        "<html></html>",
        page({"a": "{}"}).replace("allSettled", "all"),
        page({"a": "{}"}).replace("text/javascript", "application/javascript"),
        page({"a": "{}"}, more=',e("b")'),
        page({"a": "{}"}).replace('),d("', ') d("').replace("([d", "([x,d"),
    ],
)
def test_a_page_of_another_form_is_refused(changed: str) -> None:
    with pytest.raises(ReportError, match="not as expected"):
        packed(changed)
