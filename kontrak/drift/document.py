"""``inventory.json``: the inventory of a run on disk, published as ``schemas/inventory.json``.

A provider's part names the run that it is from, since a baseline may hold providers of several.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from kontrak.config.paths import SCHEMAS
from kontrak.errors import ConfigurationError
from kontrak.interface.inventory import Raw, add_answers

NAME = "inventory.json"
ALWAYS = "always"
SOMETIMES = "sometimes"

Document = dict[str, Any]


def document(raw: Raw, about: Mapping[str, Any]) -> Document:
    """The published form of a run's counts; ``about`` is what its results say of it."""
    run = {
        "run": about["run"],
        "started": about["started"],
        "target": about["target"]["name"],
        "kontrak": about["versions"]["kontrak"],
        "profile": about["profile"],
        "seed": about["seed"],
    }
    return {
        "format": 1,
        "providers": {
            provider: {**run, **_provider(operations)} for provider, operations in raw.items()
        },
    }


def _provider(operations: Raw) -> Document:
    kinds: dict[str, list[float]] = {}
    for name, operation in operations.items():
        kinds.setdefault(name.partition(" ")[0], []).extend(operation["milliseconds"])
    return {
        "latency_ms": {
            kind: quantiles(reported) for kind, reported in sorted(kinds.items()) if reported
        },
        "operations": {
            name: {
                "latency_ms": quantiles(operation["milliseconds"]),
                "answers": [_answers(one) for one in sorted(operation["answers"], key=_order)],
            }
            for name, operation in sorted(operations.items())
        },
    }


def _order(answers: Mapping[str, Any]) -> tuple[str, int, str, str]:
    return (
        _ASKED[answers["asked"]],
        answers["http"],
        answers["rc"] or "",
        answers["template"] or "",
    )


_ASKED = {"right": "0", "changed": "1", "generated": "2"}


def _answers(answers: Raw) -> Document:
    fields = answers["fields"]
    reported = {
        at: {"presence": _presence(at, fields), "n": sum(place["types"].values()), **place}
        for at, place in sorted(fields.items())
    }
    return {**answers, "fields": reported}


def _presence(at: str, fields: Mapping[str, Any]) -> str:
    if at == "" or at.endswith("[]"):
        return ALWAYS
    parent = fields[parent_of(at)]["types"].get("object", 0)
    return ALWAYS if sum(fields[at]["types"].values()) >= parent else SOMETIMES


def parent_of(at: str) -> str:
    """The place around a place: ``data.detail[]`` around ``data.detail[].total``."""
    return at.removesuffix("[]") if at.endswith("[]") else at.rpartition(".")[0]


def quantiles(milliseconds: Sequence[float]) -> Document:
    """``n``, ``p50``, ``p90`` and ``p99`` of some durations in milliseconds; 0 for none."""
    ordered = sorted(milliseconds)

    def rank(percent: int) -> float:
        # The nearest rank: always one that was measured.
        return ordered[max(0, -(-len(ordered) * percent // 100) - 1)] if ordered else 0.0

    return {"n": len(ordered), "p50": rank(50), "p90": rank(90), "p99": rank(99)}


def together(documents: Iterable[Document]) -> Document:
    """Several inventories as one.

    A provider in several of them (its tests were shared out) has all answers; of latencies, which
    cannot be added, the slowest.
    """
    total: Document = {"format": 1, "providers": {}}
    for one in documents:
        for provider, reported in one["providers"].items():
            held = total["providers"].setdefault(provider, reported)
            if held is not reported:
                _add(held, reported)
    return total


def _add(held: Document, reported: Document) -> None:
    _slowest(held["latency_ms"], reported["latency_ms"])
    for name, operation in reported["operations"].items():
        mine = held["operations"].setdefault(name, operation)
        if mine is operation:
            continue
        _slowest({"": mine["latency_ms"]}, {"": operation["latency_ms"]})
        answers = [_bare(one) for one in mine["answers"]]
        add_answers(answers, [_bare(one) for one in operation["answers"]])
        mine["answers"] = [_answers(one) for one in sorted(answers, key=_order)]


def _slowest(held: Document, reported: Document) -> None:
    for kind, more in reported.items():
        if kind not in held:
            held[kind] = more
            continue
        mine = held[kind]
        slowest = {name: max(mine[name], more[name]) for name in ("p50", "p90", "p99")}
        mine.update(slowest, n=mine["n"] + more["n"])


def _bare(answers: Document) -> Raw:
    fields = {
        at: {"types": Counter(place["types"]), "values": Counter(place["values"])}
        for at, place in answers["fields"].items()
    }
    return {**answers, "fields": fields}


def write(inventory: Document, folder: Path) -> Path:
    """Write an inventory into a folder and return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / NAME
    path.write_text(text(inventory), encoding="utf-8")
    return path


def text(inventory: Document) -> str:
    """An inventory as it is written: a line for each operation, for version control."""
    parts = []
    for key, reported in inventory["providers"].items():
        head = json.dumps({name: one for name, one in reported.items() if name != "operations"})
        operations = ",\n".join(
            f"{json.dumps(name)}: {json.dumps(one)}" for name, one in reported["operations"].items()
        )
        parts.append(f'{json.dumps(key)}: {head[:-1]}, "operations": {{\n{operations}\n}}}}')
    joined = ",\n".join(parts)
    return f'{{"format": {inventory["format"]}, "providers": {{\n{joined}\n}}}}\n'


def read(path: Path) -> Document:
    """The inventory of a file. Raises ``ConfigurationError`` for one that is not valid."""
    return checked(path, "inventory.json")


def checked(path: Path, schema: str) -> Document:
    """A JSON file that keeps a published schema; ``ConfigurationError`` names file and place."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigurationError(
            f"cannot read {path}: {error.strerror}",
            hint="name a folder of results, or an accepted baseline",
        ) from error
    except ValueError as error:
        raise ConfigurationError(
            f"{path} is not JSON: {error}", hint="let `kontrak run` write it again"
        ) from error
    problem = best_match(_rules(schema).iter_errors(found))
    if problem is not None:
        place = ".".join(str(part) for part in problem.absolute_path) or "the file"
        raise ConfigurationError(
            f"{path}: {place}: {problem.message[:200]}",
            hint=f"it does not keep schemas/{schema}; write it again with `kontrak accept`",
        )
    kept: Document = found
    return kept


@cache
def _rules(schema: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads((SCHEMAS / schema).read_text(encoding="utf-8")))
