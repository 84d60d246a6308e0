"""``products.json``: the facts of every product, from its fixtures and the hand-kept rules."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kontrak.providers.tokopedia.relations import LISTS, Relation
from tools.derive.expand import expand
from tools.derive.fixtures import load_index
from tools.derive.product import Product, read_product
from tools.derive.repairs import load_repairs
from tools.derive.rules import load_rules


def from_fixtures(home: Path) -> str:
    """The text of ``products.json``: one product after the other, one entry or relation a line."""
    index, rules = load_index(home), load_rules(home)
    rules.check(index["products"])
    repairs = load_repairs(home / "repairs.toml")
    products = {}
    for code, shown in index["products"].items():
        product = read_product(home, code, index, rules, repairs)
        products[code] = _facts(product, shown, expand(product, rules))
    return _dump({"document": index["document"], "products": products})


def _facts(
    product: Product, shown: Mapping[str, Any], relations: Sequence[Relation]
) -> dict[str, Any]:
    request = product.messages["request"]["data"]["attributes"]
    notes = {note["rule"]: note["line"] for note in shown["notes"]}
    return {
        "codes": [product.code, *shown["also_called"]],
        "line": shown["line"],
        "inquiry": "inquiry" in product.messages,
        "amount": "amount" in request,
        "inquiry_amount": product.has("asked.amount"),
        "downline_id": "downline_id" in request,
        "fields": [field["name"] for field in request.get("fields") or []],
        "notes": notes,
        **{
            key: [entry.as_json() for entry in product.lists.get(message, ())] or None
            for message, key in LISTS.items()
        },
        "relations": [relation.as_json() for relation in relations],
    }


def _dump(facts: Mapping[str, Any]) -> str:
    """JSON with every entry and relation on a line of its own."""
    products = ",\n".join(
        f"    {_text(code)}: {{\n{_product(product)}\n    }}"
        for code, product in facts["products"].items()
    )
    return (
        f'{{\n  "document": {_text(facts["document"])},\n  "products": {{\n{products}\n  }}\n}}\n'
    )


def _product(product: Mapping[str, Any]) -> str:
    return ",\n".join(f"      {_text(key)}: {_value(value)}" for key, value in product.items())


def _value(value: object) -> str:
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "[\n" + ",\n".join(f"        {_text(item)}" for item in value) + "\n      ]"
    return _text(value)


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
