"""Every clause about one field cites lines of its document that hold the field's name.

A line that is cited and not in the table means that the table is old: make it anew with the
documents at hand (``tests/citations.py``).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from kontrak.clauses.catalogue import Clause
from tests.citations import COMMAND, Table, all_clauses, cited, made, read, words

ALL = all_clauses()
ECHOES = [one for one in ALL if one.kind == "echo"]
OF_RONE = [one for one in ALL if one.provider in ("rqid", "httpget")]
PLACES = [one for one in ALL if one.at is not None]


@pytest.fixture(scope="module")
def table() -> Table:
    return read()


def _names(table: Table, clause: Clause) -> list[set[str]]:
    """The names on each cited place of a document."""
    found = []
    for document, lines in cited(clause):
        known = table.get(document, {})
        missing = [line for line in lines if str(line) not in known]
        assert not missing, f"{document}:{missing} is not in the table; run {COMMAND}"
        found.append({name for line in lines for name in known[str(line)]})
    return found


def test_every_cited_line_is_in_the_table(table: Table) -> None:
    for clause in ALL:
        _names(table, clause)


@pytest.mark.parametrize("clause", ECHOES, ids=lambda one: one.id)
def test_an_echo_cites_lines_with_its_field(table: Table, clause: Clause) -> None:
    for names in _names(table, clause):
        assert names & words(clause.text), f"{clause.source} holds {sorted(names)}"


@pytest.mark.parametrize("clause", OF_RONE, ids=lambda one: one.id)
def test_a_field_in_a_sentence_is_on_a_cited_line(table: Table, clause: Clause) -> None:
    documents = {document for document, _ in cited(clause)}
    fields = {
        name
        for document in documents
        for names in table[document].values()
        for name in names
        if "_" in name
    }
    wanted = words(clause.text) & fields
    found = set().union(*_names(table, clause))
    assert not wanted or wanted & found, f"{clause.source} holds {sorted(found)}"


@pytest.mark.parametrize("clause", PLACES, ids=lambda one: one.id)
def test_a_place_is_on_a_cited_line(table: Table, clause: Clause) -> None:
    found = _names(table, clause)
    wanted = words(clause.at or "") | words(clause.text)
    assert not found or any(names & wanted for names in found), f"{clause.source} holds {found}"


def test_the_table_holds_names_and_no_sentences(table: Table) -> None:
    assert all(name.isidentifier() or name[0].isdigit() for one in table.values()
               for names in one.values() for name in names)  # fmt: skip


def test_a_table_is_made_of_a_folder(tmp_path: Path) -> None:
    line = '{ "ref_1": "x" } tr_idIntegerThe number of some words\n'
    for name in {name for clause in ALL for name, _ in cited(clause)}:
        (tmp_path / name).write_text(line * 60, encoding="utf-8")
    text = "\n".join(made(tmp_path))
    assert '= ["ref_1", "tr_id"' in text
    assert "some" not in text
    assert " = []" in text  # a line behind the document's end
