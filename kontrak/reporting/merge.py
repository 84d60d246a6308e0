"""Several runs' results as one: the shards of a night, or a baseline of which a part is new."""

from __future__ import annotations

import shutil
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import defusedxml.ElementTree as SafeXml

from kontrak.clauses.verdict import ExitCode, Verdict, worst
from kontrak.config.registry import PROVIDERS
from kontrak.errors import ConfigurationError

Results = dict[str, Any]
"""The contents of conformance.json."""

_WORST_CODE = (ExitCode.DEVIATES, ExitCode.INCONCLUSIVE, ExitCode.CONFORMS)


def merged_results(parts: Sequence[Results]) -> Results:
    """The results of several runs as those of one.

    Raises ``ConfigurationError`` when two of them hold the same test.
    """
    total = dict(parts[0])
    for one in parts[1:]:
        for key, value in one.items():
            total[key] = _joined(total.get(key), value)
    clauses = _clauses(parts)
    counts = Counter(one["verdict"] for one in clauses)
    total.update(
        run="+".join(dict.fromkeys(one["run"] for one in parts)),
        started=min(one["started"] for one in parts),
        target=_target([one["target"] for one in parts]),
        versions=parts[0]["versions"],
        profile=" + ".join(dict.fromkeys(one["profile"] for one in parts)),
        providers=[key for key in PROVIDERS if any(key in one["providers"] for one in parts)],
        exit_code=int(_exit_code(one["exit_code"] for one in parts)),
        counts={verdict.word: counts[verdict.word] for verdict in Verdict},
        planned=sum(one["planned"] for one in parts),
        executed=sum(one["executed"] for one in parts),
        clauses=clauses,
    )
    return total


def _joined(held: Any, more: Any) -> Any:
    """What neither part can speak for alone: lists one behind the other, tables as one."""
    if isinstance(held, list) and isinstance(more, list):
        return held + [one for one in more if one not in held]
    if isinstance(held, dict) and isinstance(more, dict):
        return {**held, **more}
    return more if held is None else held


def _target(targets: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    addresses: dict[str, str] = {}
    for one in targets:
        addresses.update(one["addresses"])
    return {
        "name": " + ".join(dict.fromkeys(one["name"] for one in targets)),
        "file": " + ".join(dict.fromkeys(one["file"] for one in targets)),
        "kind": "live" if any(one["kind"] == "live" for one in targets) else "sandbox",
        "addresses": addresses,
    }


def _exit_code(codes: Iterable[int]) -> ExitCode:
    # A shard that was interrupted or could not begin has not judged all of its tests.
    unfinished = (ExitCode.INTERRUPTED, ExitCode.CONFIGURATION)
    seen = {ExitCode.INCONCLUSIVE if one in unfinished else one for one in codes}
    return next((one for one in _WORST_CODE if one in seen), ExitCode.NOTHING_SELECTED)


def _clauses(parts: Sequence[Results]) -> list[dict[str, Any]]:
    rows: dict[str, list[dict[str, Any]]] = {}
    for part in parts:
        for clause in part["clauses"]:
            rows.setdefault(clause["id"], []).append(clause)
    places = list(PROVIDERS)
    ordered = sorted(rows.values(), key=lambda found: places.index(found[0]["provider"]))
    return [_clause(found) for found in ordered]


def _clause(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """A clause that several shards have judged, each with some of its tests."""
    judged = [one for one in rows if one["verdict"] != Verdict.DISABLED.word] or rows[:1]
    if len(judged) == 1:
        return judged[0]
    tests = [test for one in judged for test in one["tests"]]
    twice = [name for name, count in Counter(one["test"] for one in tests).items() if count > 1]
    if twice:
        raise ConfigurationError(
            f"{twice[0]} stands in two of the results",
            hint="name every folder once, and give each shard tests of its own",
        )
    word = worst(Verdict[one["verdict"].upper()] for one in judged).word
    decisive = next(one for one in judged if one["verdict"] == word)
    return {**decisive, "tests": tests}


def merge_junit(files: Iterable[Path], into: Path) -> None:
    """Put the suites of several junit.xml files into one; none leaves none."""
    total = ET.Element("testsuites", name="kontrak")
    for file in files:
        try:
            root = SafeXml.parse(file).getroot()
        except (OSError, ET.ParseError) as error:
            raise ConfigurationError(
                f"{file} is no junit.xml: {error}", hint="let the run write it again"
            ) from error
        if root is not None:
            total.extend([root] if root.tag == "testsuite" else list(root))
    if len(total):
        ET.ElementTree(total).write(into, encoding="utf-8", xml_declaration=True)


def merge_allure(folders: Iterable[Path], into: Path) -> None:
    """Put the files of several allure-results folders into a new one; none leaves none."""
    given = [one for one in folders if one.is_dir()]
    if not given:
        return
    shutil.rmtree(into, ignore_errors=True)
    into.mkdir(parents=True)
    environment: dict[str, None] = {}
    for folder in given:
        for file in sorted(folder.iterdir()):
            if file.name == "environment.properties":
                environment.update(dict.fromkeys(file.read_text(encoding="utf-8").splitlines()))
            else:
                # Allure's file names are random: those of two runs never meet.
                shutil.copy(file, into / file.name)
    text = "".join(f"{line}\n" for line in environment)
    (into / "environment.properties").write_text(text, encoding="utf-8")
