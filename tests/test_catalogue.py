"""The catalogue: ids are looked up at import, wrong files name the place."""

from __future__ import annotations

from pathlib import Path

import pytest

from kontrak.clauses import catalogue
from kontrak.clauses.catalogue import cited, clause, clauses, find, of_shape
from kontrak.errors import CatalogueError

HEAD = '[sections]\n"test_a.py" = "Section A"\n[sections_id]\n"test_a.py" = "Bagian A"\n'
ROW = '[[clause]]\nid = "IAK-A"\nfile = "test_a.py"\ntext = "A thing is so."\n'
INDONESIAN = 'text_id = "Suatu hal demikian."\n'
REST = f'{INDONESIAN}source = "doc.txt:1"\nstrength = "must"\nkind = "echo"\n'


@pytest.fixture
def suite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty suites folder in place of the real one."""
    (tmp_path / "iak").mkdir()
    monkeypatch.setattr(catalogue, "SUITES", tmp_path)
    return tmp_path / "iak" / "clauses.toml"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("sections = 1", "the file"),
        ("[sections", "is not TOML"),
        (HEAD + ROW.replace("IAK-A", "iak-a") + REST, "does not match"),
        (HEAD + ROW + REST.replace("must", "maybe"), "IAK-A"),
        (HEAD + ROW + REST + ROW + REST, "stands twice"),
        (HEAD + ROW.replace("test_a.py", "test_b.py") + REST, "has no line in"),
        (HEAD + ROW.replace("IAK-A", "XYZ-A") + REST, "does not begin with IAK-"),
        (HEAD + ROW + REST.replace(INDONESIAN, ""), "'text_id' is a required property"),
        (HEAD.replace("[sections_id]", "[retired]") + ROW + REST, "'sections_id' is a required"),
        (HEAD + ROW + REST + 'shape = "x"\n', "dependency"),
    ],
)
def test_a_wrong_file_is_refused_by_name(suite: Path, text: str, words: str) -> None:
    suite.write_text(text, encoding="utf-8")
    with pytest.raises(CatalogueError) as caught:
        clauses.__wrapped__("iak")
    assert "suites/iak/clauses.toml" in str(caught.value)
    assert words in str(caught.value)
    assert caught.value.hint


def test_an_absent_file_is_named(suite: Path) -> None:
    suite.unlink(missing_ok=True)
    with pytest.raises(CatalogueError, match="does not exist"):
        clauses.__wrapped__("iak")


def test_an_unknown_id_suggests_the_nearest() -> None:
    with pytest.raises(CatalogueError, match="did you mean IAK-AMOUNT-PRICE"):
        clause("IAK-AMOUNT-PRISE")


def test_an_id_of_no_provider_names_the_prefixes() -> None:
    with pytest.raises(LookupError, match="IAK-"):
        find("UNKNOWN-X")


def test_a_row_cites_its_clause() -> None:
    row = cited("IAK-ECHO-HP", "hp")
    assert row.id == "IAK-ECHO-HP"
    assert [mark.name for mark in row.marks] == ["clause"]


def test_clauses_of_a_shape_have_places() -> None:
    assert all(one.at for one in of_shape("iak", "inquiry-json"))
