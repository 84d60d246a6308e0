"""The steps for one provider, each as the files it gives."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from tools.derive import clauses, fixtures, products, schemas
from tools.derive.write import Difference

Put = Callable[..., list[Difference]]
"""``write`` or ``differences``."""


def fixtures_step(document: Path, home: Path, put: Put) -> list[Difference]:
    """Document to fixtures: ``home`` gets the payloads and ``index.json``."""
    present = [path for name in fixtures.PAYLOADS for path in home.glob(f"*/{name}.json")]
    return put(home, fixtures.from_document(document, home), present=present)


def schemas_step(home: Path, schemas_home: Path, put: Put) -> list[Difference]:
    """Fixtures to schemas, and to ``products.json`` where the provider has rules for it."""
    return put(schemas_home, schema_files(home))


def schema_files(home: Path) -> dict[str, str]:
    """The files of the second step: name and contents."""
    files = schemas.from_fixtures(home)
    if (home / "relations.toml").is_file():
        files["products.json"] = products.from_fixtures(home)
    return files


def clauses_step(schemas_home: Path, suite: Path, put: Put) -> list[Difference]:
    """``products.json`` to the derived part of ``clauses.toml``, where there are both."""
    facts, path = schemas_home / "products.json", suite / "clauses.toml"
    if not (facts.is_file() and path.is_file()):
        return []
    reported = json.loads(facts.read_text("utf-8"))
    text = clauses.with_products(path.read_text("utf-8"), reported, suite.name)
    return put(suite, {path.name: text})
