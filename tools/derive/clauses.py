"""The clauses of every product, as the last part of ``suites/<provider>/clauses.toml``.

A product has up to four: the ordered names of its two lists, the amounts they show, and how their
values are written and tied to the customer. What they demand is in ``products.json``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kontrak.errors import ConfigurationError
from kontrak.providers.tokopedia.product_clauses import clause_id, is_amount, on_entries
from kontrak.providers.tokopedia.relations import LISTS, Relation
from tools.derive.sentences import amounts_reported, values_reported

MARK = "# Products (derived)"
"""The line of ``clauses.toml`` behind which everything is derived."""

TEST_FILE = "test_products.py"


def with_products(text: str, facts: Mapping[str, Any], provider: str) -> str:
    """``clauses.toml`` with its derived part made anew from ``products.json``.

    Raises ``ConfigurationError`` when the line that begins the derived part is missing.
    """
    kept, mark, _ = text.partition(MARK)
    if not mark:
        raise ConfigurationError(
            f"suites/{provider}/clauses.toml has no line {MARK!r}", hint="add it at the end"
        )
    rows = [
        row
        for code, product in facts["products"].items()
        for row in _rows(provider, code, product, facts["document"])
    ]
    return f"{kept}{MARK}\n" + "".join(f"\n[[clause]]\n{_table(row)}" for row in rows)


def _rows(
    provider: str, code: str, product: Mapping[str, Any], document: str
) -> Iterator[dict[str, str]]:
    for message, key in LISTS.items():
        if entries := product[key]:
            yield {
                "id": clause_id(provider, code, f"{message.upper()}-NAMES"),
                "file": TEST_FILE,
                "text": f"{key} of {code} has its {_count(entries)} in the documented order.",
                "text_id": (f"{key} untuk {code} memuat {_entri(entries)} dalam urutan dokumen."),
                "source": f"{document}:{entries[0]['line'] - 1}",
                "strength": "observed",
                "kind": "template",
            }
    reported = [relation for one in product["relations"] if on_entries(relation := _relation(one))]
    amounts = [one for one in reported if is_amount(one)]
    if amounts:
        sentences = amounts_reported(code, amounts)
        yield _about(clause_id(provider, code, "AMOUNTS"), sentences, amounts, "arithmetic")
    texts = [one for one in reported if not is_amount(one)]
    if texts or amounts:
        sentences = values_reported(code, product, texts)
        yield _about(clause_id(provider, code, "VALUES"), sentences, texts or amounts, "format")


def _about(
    clause: str, sentences: tuple[str, str], relations: Sequence[Relation], kind: str
) -> dict[str, str]:
    """The clause of some relations; its sentence comes in English and in Indonesian."""
    first = next((one for one in relations if one.reading == "strict"), relations[0])
    return {
        "id": clause,
        "file": TEST_FILE,
        "text": sentences[0],
        "text_id": sentences[1],
        "source": "; ".join(part for part in (first.source, first.register) if part),
        "strength": "observed",
        "kind": kind,
    }


def _relation(reported: Mapping[str, Any]) -> Relation:
    return Relation.from_json(reported)


def _count(entries: Sequence[Mapping[str, Any]]) -> str:
    optional = sum("optional" in entry for entry in entries)
    words = f"{len(entries)} entries" if len(entries) > 1 else "one entry"
    return f"{words} ({optional} optional)" if optional else words


def _entri(entries: Sequence[Mapping[str, Any]]) -> str:
    """The same count in Indonesian, whose nouns have no plural."""
    optional = sum("optional" in entry for entry in entries)
    return f"{len(entries)} entri ({optional} opsional)" if optional else f"{len(entries)} entri"


def _table(row: Mapping[str, str]) -> str:
    # A JSON string is a basic TOML string.
    return "".join(
        f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in row.items()
    )
