"""What a statement says, as data: ``statement.json``, published as ``schemas/statement.json``.

It is made from ``conformance.json`` alone, so one run has one statement, whenever it is written and
in whichever language it is then printed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from kontrak.clauses.catalogue import Clause, find
from kontrak.clauses.verdict import ExitCode, Verdict, worst
from kontrak.config.documents import SHA256
from kontrak.config.registry import PROVIDERS
from kontrak.errors import CatalogueError
from kontrak.masking.visible import visible_data

_JUDGED = ("passed", "warned", "waived", "failed")
_DEVIATING = ("failed", "waived")
_UNTESTED = ("skipped", "disabled")

Clauses = Sequence[Mapping[str, Any]]


def statement(run: Mapping[str, Any], evidence: Sequence[Mapping[str, Any]], days: int) -> Any:
    """The statement of one run.

    ``run`` is its ``conformance.json``, ``evidence`` the files it rests on with their hashes,
    ``days`` the longest it holds: a waiver that ends sooner ends it.
    """
    # A file of results may have been written by another version, or by hand.
    run = visible_data(run)
    clauses: Clauses = run["clauses"]
    return {
        "format": 1,
        "run": {key: run[key] for key in ("run", "started", "seed", "profile", "python")},
        "versions": run["versions"],
        "target": {key: run["target"][key] for key in ("name", "kind", "addresses")},
        "validity": _validity(run, days),
        "verdict": _verdict(run),
        "counts": run["counts"],
        "documents": _documents(run["providers"]),
        "providers": [_provider(key, clauses) for key in run["providers"]],
        "deviations": [_deviation(one) for one in clauses if one["verdict"] in _DEVIATING],
        "waivers": run["waivers"],
        "readings": run["readings"],
        "warnings": [_warning(one) for one in clauses if one["verdict"] == "warned"],
        "not_judged": _by_reason(one for one in clauses if one["verdict"] == "broken"),
        "not_tested": _by_reason(one for one in clauses if one["verdict"] in _UNTESTED),
        "evidence": list(evidence),
    }


def _validity(run: Mapping[str, Any], days: int) -> dict[str, str]:
    begin = datetime.fromisoformat(run["started"]).date()
    ends = [begin + timedelta(days=days)]
    ends += [
        date.fromisoformat(one["expires"]) for one in run["waivers"] if one["state"] == "waived"
    ]
    return {"from": begin.isoformat(), "until": min(ends).isoformat()}


def _verdict(run: Mapping[str, Any]) -> str:
    """``conforms``, ``conforms with waivers``, ``deviates`` or ``inconclusive``."""
    if run["counts"]["failed"]:
        return "deviates"
    judged = sum(run["counts"][word] for word in _JUDGED)
    # A run that stopped buying or was interrupted has proven nothing of the rest.
    stopped = run["exit_code"] in (ExitCode.INCONCLUSIVE, ExitCode.INTERRUPTED)
    if stopped or run["counts"]["broken"] or not judged:
        return "inconclusive"
    return "conforms with waivers" if run["counts"]["waived"] else "conforms"


def _documents(providers: Iterable[str]) -> list[dict[str, str]]:
    """The documents of some providers, each once; a public page has no hash."""
    found: dict[str, dict[str, str]] = {}
    for key in providers:
        for name, page in PROVIDERS[key].documents.items():
            found.setdefault(name, {"name": name, "sha256": SHA256.get(name, ""), "page": page})
    return list(found.values())


def _provider(key: str, clauses: Clauses) -> dict[str, Any]:
    own = [one for one in clauses if one["provider"] == key]
    sections = list(dict.fromkeys(one["section"] for one in own))
    return {
        "key": key,
        "title": PROVIDERS[key].title,
        "verdict": _worst(own),
        "counts": _counts(own),
        "sections": [
            {
                "name": name,
                "name_id": _section(part, name),
                "verdict": _worst(part),
                "counts": _counts(part),
            }
            for name in sections
            for part in [[one for one in own if one["section"] == name]]
        ],
    }


def _worst(clauses: Clauses) -> str:
    return worst(Verdict[one["verdict"].upper()] for one in clauses).word


def _counts(clauses: Clauses) -> dict[str, int]:
    counts = Counter(one["verdict"] for one in clauses)
    return {one.word: counts[one.word] for one in Verdict}


def _deviation(one: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **_sentence(one),
        "section": one["section"],
        "source": one["source"],
        "strength": one["strength"],
        "verdict": one["verdict"],
        "reason": one["reason"] if one["verdict"] == "waived" else "",
        "evidence": [
            {key: test[key] for key in ("test", "sent", "findings", "repeat")}
            for test in one["tests"]
            if test["verdict"] in _DEVIATING
        ],
    }


def _warning(one: Mapping[str, Any]) -> dict[str, Any]:
    notes = [note for test in one["tests"] for note in test["notes"]]
    return {**_sentence(one), "notes": list(dict.fromkeys(notes))}


def _by_reason(clauses: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Clauses by the reason why they were not judged, in the order of the catalogue."""
    found: dict[str, list[dict[str, str]]] = {}
    for one in clauses:
        found.setdefault(one["reason"], []).append(_sentence(one))
    return [{"reason": reason, "clauses": facts} for reason, facts in found.items()]


def _sentence(one: Mapping[str, Any]) -> dict[str, str]:
    """A clause's id and its sentence in both languages."""
    known = _known(one)
    indonesian = known.text_id if known else one["text"]
    return {"clause": one["id"], "text": one["text"], "text_id": indonesian}


def _section(clauses: Clauses, name: str) -> str:
    """The name of some clauses' section in Indonesian."""
    known = _known(clauses[0])
    return known.section_id if known else name


def _known(one: Mapping[str, Any]) -> Clause | None:
    """The clause as the catalogue has it now; None for one retired since that run."""
    try:
        return find(one["id"])
    except CatalogueError:
        return None
