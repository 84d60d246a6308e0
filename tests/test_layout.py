"""The project's shape: one declared object per provider, and two sides that share no code."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import entry_points, packages_distributions, version
from pathlib import Path

import pytest

from kontrak.clauses.catalogue import clauses
from kontrak.config.paths import FIXTURES, ROOT, SCHEMAS, SUITES, TARGETS
from kontrak.config.registry import GROUP, PROVIDERS
from kontrak.interface.provider import provider

LONGEST_MODULE = 400
LONGEST_FUNCTION = 40
# One platform behind two interfaces: its vectors stand with the first of them.
SIGNS_LIKE = {"httpget": "rqid"}
PYTHON = sorted(
    path
    for folder in ("kontrak", "suites", "tests", "tools", "benchmarks")
    for path in (ROOT / folder).rglob("*.py")
    # What others wrote is kept as it was written (tests/foreign/README.md).
    if "__pycache__" not in path.parts and path.name != "server.py"
)


def folders(parent: Path) -> set[str]:
    return {path.name for path in parent.iterdir() if path.is_dir() and path.name[0] not in "._"}


def imports(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = {one.module or "" for one in ast.walk(tree) if isinstance(one, ast.ImportFrom)}
    for one in ast.walk(tree):
        if isinstance(one, ast.Import):
            found |= {alias.name for alias in one.names}
    return found


@pytest.mark.parametrize("key", PROVIDERS)
def test_a_provider_fills_its_places(key: str) -> None:
    # The parts, suites/ and schemas/ are checked when the object is loaded.
    assert provider(key).key == key
    places = [
        FIXTURES / SIGNS_LIKE.get(key, key) / "vectors.toml",
        TARGETS / f"{key}.toml",
    ]
    missing = [str(path.relative_to(ROOT)) for path in places if not path.exists()]
    assert not missing, f"add {', '.join(missing)}"
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"| `{key}` |" in readme, f"add a row for {key} to the README's table"


def test_the_installed_entry_points_are_those_of_the_source() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = project["entry-points"][GROUP]
    assert {one.name: one.value for one in entry_points(group=GROUP)} == declared, (
        "install kontrak again: pip install -e ."
    )
    for key, place in declared.items():
        assert place == f"kontrak.providers.{key}.provider:PROVIDER"


def test_no_module_is_imported_by_a_name_that_is_put_together() -> None:
    for path in (ROOT / "kontrak").rglob("*.py"):
        assert "importlib" not in imports(path), f"{path.relative_to(ROOT)} imports importlib"


def test_no_folder_is_without_its_row() -> None:
    for parent in (SUITES, SCHEMAS, ROOT / "kontrak" / "providers"):
        assert folders(parent) == set(PROVIDERS), f"{parent.name}/ and kontrak/providers differ"
    assert folders(FIXTURES) == {*PROVIDERS, "targets"}


@pytest.mark.parametrize("key", PROVIDERS)
def test_the_suite_is_the_table_of_contents(key: str) -> None:
    data = tomllib.loads((SUITES / key / "clauses.toml").read_text(encoding="utf-8"))
    files = {path.name for path in (SUITES / key).glob("test_*.py")}
    assert set(data["sections"]) == files
    assert {row["file"] for row in data["clause"]} == files


def test_only_the_transport_opens_connections() -> None:
    allowed = {"transport.py", "connection.py", "adapter.py", "deadline.py"}
    wire = {"socket", "requests", "urllib3", "http.client"}
    for path in (ROOT / "kontrak").rglob("*.py"):
        if "sandbox" in path.parts or path.name in allowed:
            continue
        found = {name for name in imports(path) if name.split(".")[0] in wire or name in wire}
        assert not found, f"{path.relative_to(ROOT)} imports {found}"


@pytest.mark.parametrize("path", PYTHON, ids=lambda path: str(path.relative_to(ROOT)))
def test_modules_and_functions_are_short(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LONGEST_MODULE
    for one in ast.walk(ast.parse(text)):
        if isinstance(one, ast.FunctionDef):
            size = (one.end_lineno or 0) - one.lineno + 1
            assert size <= LONGEST_FUNCTION, f"{one.name} has {size} lines"


@pytest.mark.parametrize("path", PYTHON, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_exemption_has_its_reason(path: Path) -> None:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if re.search(r"#\s*(noqa|type: ignore)", line) and path.name != "test_layout.py":
            assert re.search(r"noqa: [A-Z0-9, ]+ - \S|ignore\[[a-z, -]+\]\s+# \S", line), (
                f"line {number}: {line.strip()}"
            )


def test_everything_imported_is_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    optional = project["optional-dependencies"]
    given = [*project["dependencies"], *optional["report"], *optional["pdf"]]
    declared = {_plain(re.split(r"[^\w.-]", one)[0]) for one in given}
    by_module = packages_distributions()
    for path in [*(ROOT / "kontrak").rglob("*.py"), *(ROOT / "suites").rglob("*.py")]:
        for name in {one.split(".")[0] for one in imports(path)} - {"kontrak", "tests", ""}:
            if name not in sys.stdlib_module_names:
                # What is not installed goes by its own name.
                packages = {_plain(one) for one in by_module.get(name, [name])}
                assert packages & declared, f"{path.relative_to(ROOT)} imports {name}"


def _plain(name: str) -> str:
    return name.lower().replace("_", "-")


def test_errors_live_in_one_module() -> None:
    # Not errors: what was observed of a target, on its way to a Deviation.
    allowed = {"errors.py", "expect.py", "body.py", "text_template.py"}
    for path in (ROOT / "kontrak").rglob("*.py"):
        if "sandbox" in path.parts or path.name in allowed:
            continue
        for one in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(one, ast.ClassDef):
                bases = {ast.unparse(base) for base in one.bases}
                assert not bases & {"Exception", "RuntimeError", "ValueError"}, one.name


def test_the_changelog_begins_with_this_version() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    first = re.search(r"^## ([0-9.]+)", changelog, re.MULTILINE)
    assert first is not None
    assert first[1] == version("kontrak")


def test_the_readme_has_the_commands_that_ci_runs() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    commands = re.findall(r"^python3 -m venv .*$", readme, re.MULTILINE)
    assert len(commands) == 2
    for command in commands:
        assert command in ci


STYLE = re.compile(
    r"\b(should|test that (?!loads)|verify|verifies|correctly|properly)\b", re.IGNORECASE
)


def test_clauses_state_what_is() -> None:
    texts: set[str] = set()
    for key in PROVIDERS:
        for one in clauses(key).values():
            assert not STYLE.search(one.text), one.id
            printed = f"{one.section}: {one.text}"
            assert printed not in texts, f"{one.id} says what another clause of its section says"
            texts.add(printed)


@pytest.mark.parametrize("path", PYTHON, ids=lambda path: str(path.relative_to(ROOT)))
def test_docstrings_and_names_state_what_is(path: Path) -> None:
    for one in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(one, ast.FunctionDef) and one.name.startswith("test_"):
            printed = f"{one.name.replace('_', ' ')} {ast.get_docstring(one) or ''}"
            assert not STYLE.search(printed), one.name
            empty = [
                line for line in ast.walk(one) if isinstance(line, ast.Return) and not line.value
            ]
            assert not empty, f"{one.name} returns early"


PLAIN_SENSE = "plain-sense"
"""The source of a promise that no document spells: a free request is free, a failed order too."""


def test_sources_name_known_documents() -> None:
    for key, info in PROVIDERS.items():
        for one in clauses(key).values():
            for source in one.source.split("; "):
                document = source.partition(":")[0]
                known = document in {*info.documents, PLAIN_SENSE} or re.fullmatch(
                    r"C(00\d|X)-\d\d", document
                )
                assert known, f"{one.id}: {source}"


INDONESIAN_PROSE = re.compile(
    r"\b(harus(?:nya)?|seharusnya|sebaiknya|memastikan|pastikan|memverifikasi|verifikasi)\b",
    re.IGNORECASE,
)
# Words that only the English sentence has: a sentence with two of them was not translated.
ENGLISH = re.compile(r"\b(the|and|is|are|of|with|without|that|which|has|in|an)\b")


@pytest.mark.parametrize("key", PROVIDERS)
def test_every_clause_says_the_same_in_indonesian(key: str) -> None:
    known = list(clauses(key).values())
    for one in known:
        text = one.text_id
        assert text.endswith("."), f"{one.id}: {text!r}"
        assert text != one.text, one.id
        assert not INDONESIAN_PROSE.search(text), f"{one.id}: {text}"
        assert len(ENGLISH.findall(text)) < 2, f"{one.id}: {text}"
        # What is named in code is named alike in both.
        assert _names(one.text) <= _names(text), f"{one.id}: {_names(one.text) - _names(text)}"
    texts = [one.text_id for one in known]
    assert len(set(texts)) == len(texts), [one for one in texts if texts.count(one) > 1]


def _names(text: str) -> set[str]:
    """Fields, places and numbers in a sentence."""
    return set(re.findall(r"\w+_\w+|\bdata\.[\w.\[\]]+|\b\d+\b", text.rstrip(".")))
