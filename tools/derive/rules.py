"""The hand-kept rules of ``relations.toml``, and which of them a product is under."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from kontrak.errors import ConfigurationError

Table = Mapping[str, Any]

_KINDS = frozenset(
    {
        "names",
        "register",
        "attribute",
        "amount",
        "sum",
        "each",
        "carried",
        "optional",
        "dynamic",
        "per_bill",
        "spelling",
        "other_numbers",
        "exception",
    }
)


@dataclass(frozen=True, slots=True)
class Rules:
    """``relations.toml`` by kind of table."""

    tables: Mapping[str, Any]

    def names(self, of: str) -> Sequence[str]:
        """The entry names that repeat an attribute, or to be ``counted``."""
        names: Sequence[str] = self.tables["names"][of]
        return names

    def register(self, of: str) -> str | None:
        """The register's entry that softens what is judged of these names, if any."""
        found: str | None = self.tables["register"].get(of)
        return found

    def under(self, kind: str, product: str, message: str | None = None) -> Iterator[Table]:
        """The tables of a kind that apply to a product, and to one of its lists if given."""
        for table in self.tables.get(kind, []):
            patterns = table.get("products", ["*"])
            messages = table.get("messages", ["inquiry", "order"])
            if any(fnmatchcase(product, pattern) for pattern in patterns) and (
                message is None or message in messages
            ):
                yield table

    def spellings(self, product: str) -> list[Sequence[str]]:
        """The groups of names that are one name, in a product's lists."""
        return [table["names"] for table in self.under("spelling", product)]

    def exceptions(self, product: str) -> dict[str, Table]:
        """What is known of single relations of a product, by relation id."""
        return {
            table["relation"]: table
            for table in self.tables.get("exception", [])
            if table["product"] == product
        }

    def check(self, products: Iterable[str]) -> None:
        """Raises ``ConfigurationError`` when a table names a product that does not exist."""
        known = list(products)
        patterns = {
            pattern
            for kind in _KINDS - {"names", "register"}
            for table in self.tables.get(kind, [])
            for pattern in (*table.get("products", []), *_single(table))
        }
        for pattern in sorted(patterns):
            if not any(fnmatchcase(product, pattern) for product in known):
                raise ConfigurationError(
                    f"relations.toml: no product is called {pattern}",
                    hint="index.json lists the products",
                )


def _single(table: Table) -> list[str]:
    return [table["product"]] if "product" in table else []


def load_rules(home: Path) -> Rules:
    """Reads ``relations.toml`` in ``home``; raises ``ConfigurationError`` for an unknown table."""
    path = home / "relations.toml"
    if not path.is_file():
        raise ConfigurationError(
            f"no relations.toml in {home.name}/", hint="it says which values belong together"
        )
    tables = tomllib.loads(path.read_text("utf-8"))
    if unknown := sorted(tables.keys() - _KINDS):
        raise ConfigurationError(
            f"relations.toml: unknown table {unknown[0]}",
            hint=f"known tables: {', '.join(sorted(_KINDS))}",
        )
    return Rules(tables)
