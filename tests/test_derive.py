"""The derivation: reading a document, mending it, inferring shapes, writing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from kontrak.errors import ConfigurationError
from tools.derive.command import derive
from tools.derive.document import read_sections
from tools.derive.fixtures import from_document
from tools.derive.repairs import Repair, as_printed, fix, load_repairs, numbered
from tools.derive.rules import load_rules
from tools.derive.schemas import from_fixtures
from tools.derive.shape import Annotator, infer
from tools.derive.write import differences, write

DOCUMENT = """Power

Prepaid

Product code example: token-50k

CheckoutOrder Details

Request payload:

{
"data": {"type": "order", "id": "a1", "attributes": {"product_code": "token-50k"}}
}

Request URL:

GET
https://{{base_url}}/v2/order/a1

Response payload:

Response  payload:

{
"data": {"status": "Pending"}
}

Response payload:
{
"data": {"status": "Success"}
}

Note: the value might be empty string here.
"""

DOCUMENT_TOML = """
chapters = ["Power"]
[rules]
may_be_empty = "might be empty string"
"""

SHAPES_TOML = """
[[shape]]
name = "order"
title = "Order"
description = "The answer."
examples = ["*/order_response.json"]
[shape.at.data]
description = "The document."
[shape.at."data.status"]
description = "The state."
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The hand-kept files of a small provider."""
    folder = tmp_path / "fixtures" / "small"
    folder.mkdir(parents=True)
    (folder / "document.toml").write_text(DOCUMENT_TOML)
    (folder / "shapes.toml").write_text(SHAPES_TOML)
    return folder


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "small.txt"
    path.write_text(DOCUMENT)
    return path


def _repair(line: int, was: str, now: str) -> Repair:
    return Repair("R-1", "token-50k", "order_response", line, was, now, "a reason")


def test_a_section_holds_headings_blocks_and_notes_with_their_lines() -> None:
    (section,) = read_sections(fix(DOCUMENT, []), chapters=["Power"])

    assert (section.chapter, section.headings) == ("Power", ("Power", "Prepaid"))
    assert [(block.kind, block.line) for block in section.blocks] == [
        ("request", 11),
        ("response", 24),
        ("response", 29),
    ]
    assert section.url == (18, "/v2/order/a1")
    assert section.empty_headings == [20]
    assert [line for line, _ in section.notes] == [33]


def test_fixtures_are_the_payloads_as_printed(home: Path, document: Path) -> None:
    files = from_document(document, home)

    assert files["token-50k/order_response.json"] == '{\n"data": {"status": "Success"}\n}\n'
    assert sorted(files) == [
        "index.json",
        "token-50k/checkout_request.json",
        "token-50k/checkout_response.json",
        "token-50k/order_response.json",
    ]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        pytest.param('"Success"}', '"Success"', "line 29 is not JSON", id="not-json"),
        pytest.param("CheckoutOrder", "InquiryCheckoutOrder", "incomplete", id="block-missing"),
        pytest.param("token-50k", "../up", "cannot name a directory", id="code-climbs-out"),
    ],
)
def test_a_document_that_cannot_be_read_is_refused(
    home: Path, document: Path, old: str, new: str, sentence: str
) -> None:
    document.write_text(DOCUMENT.replace(old, new))

    with pytest.raises(ConfigurationError, match=sentence):
        from_document(document, home)


def test_a_repair_replaces_lines_and_can_be_undone() -> None:
    repairs = [_repair(2, "b", "b\nc"), _repair(4, "e\nf", "g")]
    fixed = fix("a\nb\nd\ne\nf\nh", repairs)
    text = "\n".join(line for _, line in fixed)

    assert fixed == [(1, "a"), (2, "b"), (2, "c"), (3, "d"), (4, "g"), (6, "h")]
    assert list(numbered(text, 1, repairs)) == fixed
    assert as_printed(text, 1, repairs) == "a\nb\nd\ne\nf\nh"


def test_a_repair_that_finds_other_text_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="line 2 says 'x', not 'b'"):
        fix("a\nx", [_repair(2, "b", "c")])


@pytest.mark.parametrize(
    "table", ['[[repair]]\nid = "R-1"', '[[left]]\nid = "R-1"\nlines = "1"\nreasons = "typo"']
)
def test_a_repair_with_wrong_keys_is_refused(tmp_path: Path, table: str) -> None:
    path = tmp_path / "repairs.toml"
    path.write_text(table)

    with pytest.raises(ConfigurationError, match=r"repairs\.toml"):
        load_repairs(path)


def test_inference_unites_types_and_requires_what_is_always_there() -> None:
    schema = infer([{"a": 1, "b": None}, {"a": 2.5, "b": [{"c": "x"}, {}]}, {"a": True}])

    assert schema == {
        "type": "object",
        "required": ["a"],
        "properties": {
            "a": {"type": ["boolean", "number"]},
            "b": {
                "type": ["array", "null"],
                "items": {
                    "type": "object",
                    "required": [],
                    "properties": {"c": {"type": "string"}},
                },
            },
        },
    }


def test_keys_that_come_together_depend_on_one_another() -> None:
    at = {"a": {"description": "A."}, "b": {"description": "B."}, "o": {"description": "O."}}
    at |= {f"o.{key}": {"description": key} for key in "abc"}
    at["o"]["together"] = True  # type: ignore[assignment] # keywords are any JSON value
    annotator = Annotator(at, {})

    schema = annotator.annotate(infer([{"o": {"a": 1}}, {"o": {"a": 1, "b": 2, "c": 3}}]))

    assert schema["properties"]["o"]["dependentRequired"] == {"b": ["c"], "c": ["b"]}


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        pytest.param('[shape.at."data.status"]', '[at."data.x"]', "nothing describes", id="none"),
        pytest.param(
            "[shape.at.data]",
            '[shape.at.gone]\ndescription = ""\n[shape.at.data]',
            "lack: gone",
            id="unused",
        ),
        pytest.param(
            "[[shape]]",
            '[at.gone]\ndescription = ""\n[[shape]]',
            "no payload has: gone",
            id="unused-everywhere",
        ),
        pytest.param("order_response", "nothing", "no payload shows order", id="no-example"),
        pytest.param(
            'description = "The state."', 'ref = "gone"', r"no \[defs.gone\]", id="no-definition"
        ),
    ],
)
def test_shapes_that_do_not_fit_the_payloads_are_refused(
    home: Path, document: Path, old: str, new: str, sentence: str
) -> None:
    write(home, from_document(document, home))
    assert from_fixtures(home)
    (home / "shapes.toml").write_text(SHAPES_TOML.replace(old, new, 1))

    with pytest.raises(ConfigurationError, match=sentence):
        from_fixtures(home)


def test_rules_with_an_unknown_table_or_product_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "relations.toml"
    path.write_text("[[summ]]")
    with pytest.raises(ConfigurationError, match="unknown table summ"):
        load_rules(tmp_path)

    path.write_text('[[sum]]\nproducts = ["gone-*"]')
    with pytest.raises(ConfigurationError, match=r"no product is called gone-\*"):
        load_rules(tmp_path).check(["token-50k"])


def test_writing_makes_the_folder_as_derived(tmp_path: Path) -> None:
    old = tmp_path / "old.json"
    old.write_text("{}")
    files = {"a/new.json": "{}\n"}

    changed = write(tmp_path, files, present=[old])

    assert [change.what for change in changed] == ["missing", "stale"]
    assert differences(tmp_path, files, present=[tmp_path / "a/new.json"]) == []
    (tmp_path / "a/new.json").write_text("{}")
    assert [str(change) for change in differences(tmp_path, files)] == ["different: a/new.json"]


@pytest.fixture
def run(home: Path, tmp_path: Path) -> Callable[..., tuple[int, str]]:
    def call(*arguments: str) -> tuple[int, str]:
        folders = ["--fixtures", str(home.parent), "--schemas", str(tmp_path / "schemas")]
        result = CliRunner().invoke(derive, ["small", *folders, *arguments])
        return result.exit_code, result.output

    return call


def test_the_command_derives_checks_and_is_repeatable(
    run: Callable[..., tuple[int, str]], document: Path
) -> None:
    given = ("--document", str(document))

    assert run(*given) == (0, run_output(5, "changed"))
    assert run(*given, "--check") == (0, "small: 0 of the derived files differ\n")
    document.write_text(DOCUMENT.replace("Success", "Failed"))
    code, output = run(*given, "--check")
    assert (code, "different: token-50k/order_response.json" in output) == (1, True)


def run_output(count: int, word: str) -> str:
    names = ["checkout_request", "checkout_response", "order_response"]
    lines = [f"missing: token-50k/{name}.json" for name in names]
    lines += ["missing: small/index.json", "missing: small/order.json"]
    return "\n".join([*lines, f"small: {count} of the derived files {word}\n"])


def test_the_command_ends_with_4_when_hand_kept_files_are_missing(
    run: Callable[..., tuple[int, str]], home: Path
) -> None:
    (home / "shapes.toml").unlink()

    code, output = run()

    assert code == 4
    assert "no shapes.toml in small/\n  hint: " in output


def test_derive_finds_nothing_to_change() -> None:
    """The fixtures' schemas, facts and clauses in the repository are as derived."""
    result = CliRunner().invoke(derive, ["tokopedia", "--check"])

    assert (result.exit_code, result.output) == (0, "tokopedia: 0 of the derived files differ\n")
