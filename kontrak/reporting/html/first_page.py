"""The first page of the HTML report: the verdict in words, and every clause over the last runs.

It is made from ``conformance.json`` alone, so that it exists without Node.js too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from kontrak.clauses.verdict import ExitCode, Verdict
from kontrak.masking.visible import visible_data

WIB = timezone(timedelta(hours=7), "WIB")
LETTERS = {
    Verdict.PASSED.word: "P",
    Verdict.WARNED.word: "W",
    Verdict.WAIVED.word: "V",
    Verdict.FAILED.word: "F",
    Verdict.BROKEN.word: "B",
    Verdict.SKIPPED.word: "S",
    Verdict.DISABLED.word: "D",
}
"""One letter per verdict, as a trend keeps them."""

_MOST_ROWS = 10
_LISTS = (
    ("Deviations", Verdict.FAILED.word),
    ("Waived deviations", Verdict.WAIVED.word),
    ("Warnings", Verdict.WARNED.word),
)
_UNJUDGED = (Verdict.BROKEN.word, Verdict.SKIPPED.word)
_WORDS: Mapping[int, tuple[str, str, str]] = {
    ExitCode.CONFORMS: ("KEEPS", "keeps", "The target keeps every clause that was judged."),
    ExitCode.DEVIATES: ("DEVIATES", "deviates", "The target deviates from its document."),
    ExitCode.INCONCLUSIVE: ("INCONCLUSIVE", "unsure", "Nothing may be concluded from this run."),
    ExitCode.INTERRUPTED: ("INTERRUPTED", "unsure", "The run was interrupted; this is its part."),
    ExitCode.NOTHING_SELECTED: ("NOTHING JUDGED", "unsure", "No test was selected."),
}


def first_page(
    run: Mapping[str, Any],
    past: Sequence[Mapping[str, str]],
    links: Mapping[str, str],
    *,
    details: bool = True,
) -> str:
    """The page's elements as HTML.

    ``run`` is ``conformance.json``; ``past`` the verdict letters of earlier runs by clause, oldest
    first; ``links`` the address of each test in Allure's part by test id, where ``details`` says
    that there is one.
    """
    # A file of results may have been written by another version, or by hand.
    run = visible_data(run)
    clauses = [one for one in run["clauses"] if one["provider"] in run["providers"]]
    folder = FileSystemLoader(Path(__file__).parent)
    template = Environment(loader=folder, autoescape=True, undefined=StrictUndefined).get_template(
        "first_page.html.j2"
    )
    return template.render(
        run=run,
        details=details,
        verdict=_verdict(run, clauses),
        addresses=_addresses(run["target"]["addresses"]),
        when=_when(run["started"]),
        counts={word: count for word, count in run["counts"].items() if count},
        lists=[(title, word, _listed(clauses, word, links)) for title, word in _LISTS],
        waivers=run["waivers"],
        unjudged=_unjudged(clauses),
        sections=_sections(clauses, past),
        runs=len(past) + 1,
        letters={letter: word for word, letter in LETTERS.items()},
    )


def _verdict(run: Mapping[str, Any], clauses: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    word, mood, sentence = _WORDS.get(
        run["exit_code"], ("NOT JUDGED", "unsure", "The run never began.")
    )
    found = Counter(one["verdict"] for one in clauses)
    reasons = [f"Stopped: {run['stopped']}"] if run.get("stopped") else []
    reasons += [str(one) for one in _troubles(run.get("trouble", ()))]
    failed, waived, warned = found["failed"], found["waived"], found["warned"]
    reasons += [f"{_clauses(failed)} failed."] if failed else []
    reasons += [f"{_clauses(waived)} deviated and were accepted by a waiver."] if waived else []
    reasons += [f"{_clauses(warned)} warned."] if warned else []
    return {"word": word, "mood": mood, "sentence": sentence, "reasons": reasons}


def _clauses(count: int) -> str:
    return "1 clause" if count == 1 else f"{count} clauses"


def _troubles(troubles: Iterable[Any]) -> Iterable[str]:
    for one in troubles:
        yield "Trouble: " + (
            ", ".join(f"{key} {value}" for key, value in one.items())
            if isinstance(one, Mapping)
            else str(one)
        )


def _addresses(addresses: Mapping[str, str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for key, address in addresses.items():
        found.setdefault(address, []).append(key)
    return found


def _when(started: str) -> str:
    moment = datetime.fromisoformat(started)
    there = moment.astimezone(WIB)
    return f"{there:%Y-%m-%d %H:%M} WIB ({moment:%Y-%m-%d %H:%M} UTC)"


def _listed(
    clauses: Iterable[Mapping[str, Any]], word: str, links: Mapping[str, str]
) -> list[dict[str, Any]]:
    """The clauses with a verdict, each with the tests that gave it."""
    found = []
    for clause in clauses:
        if clause["verdict"] != word:
            continue
        tests = [one for one in clause["tests"] if one["verdict"] == word]
        rows = [
            {
                "name": one["test"].rpartition("::")[2],
                "link": links.get(one["test"], ""),
                "text": one["message"] or "\n".join([one["reason"], *one["notes"]]).strip(),
            }
            for one in tests[:_MOST_ROWS]
        ]
        found.append({**clause, "tests": rows, "more": max(0, len(tests) - _MOST_ROWS)})
    return found


def _unjudged(clauses: Iterable[Mapping[str, Any]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in clauses:
        if one["verdict"] in _UNJUDGED:
            found.setdefault(f"{one['verdict']}: {one['reason']}", []).append(one["id"])
    return found


def _sections(
    clauses: Iterable[Mapping[str, Any]], past: Sequence[Mapping[str, str]]
) -> list[dict[str, Any]]:
    """The clauses by section, in the order of the document."""
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for one in clauses:
        letters = [each.get(one["id"], LETTERS["disabled"]) for each in past]
        row = {
            "id": one["id"],
            "text": one["text"],
            "verdict": one["verdict"],
            "past": "".join([*letters, LETTERS[one["verdict"]]]),
        }
        found.setdefault((one["provider"], one["section"]), []).append(row)
    return [
        {
            "provider": provider,
            "name": name,
            "clauses": rows,
            "counts": Counter(row["verdict"] for row in rows),
            "open": any(row["verdict"] == Verdict.FAILED.word for row in rows),
        }
        for (provider, name), rows in found.items()
    ]
