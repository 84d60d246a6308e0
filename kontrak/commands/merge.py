"""``kontrak merge``: the results of several runs, such as the shards of a night, as one."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from pathlib import Path

from kontrak.clauses.verdict import ExitCode
from kontrak.config.files import write_whole
from kontrak.drift import baseline, document
from kontrak.drift import chat_summary as digest
from kontrak.drift.difference import Record, differences
from kontrak.errors import ConfigurationError
from kontrak.masking.masker import Masker
from kontrak.masking.visible import echo, visible_data
from kontrak.reporting.merge import Results, merge_allure, merge_junit, merged_results
from kontrak.reporting.results_folder import ResultsFolder


def merge(
    folders: Sequence[Path], output: Path, expected: Sequence[str], accepted: Path | None
) -> int:
    """Write the results of ``folders`` as those of one run into ``output``; its exit code.

    A shard that ended without results, and a provider of ``expected`` that none has judged, make
    the whole inconclusive. Raises ``ConfigurationError`` for a folder that does not exist, cannot
    be read or is given twice.
    """
    _require_distinct(folders, output)
    whole = [one for one in folders if (one / baseline.RESULTS).is_file()]
    lost = [f"{one.name}: its run ended without results" for one in folders if one not in whole]
    if not whole:
        raise ConfigurationError(
            "none of the folders has results", hint="name what `kontrak run --output` wrote"
        )
    records = [baseline.read(one) for one in whole]
    results = merged_results([dict(one.results) for one in records])
    inventory = document.together(one.inventory for one in records)
    missing = [key for key in expected if key not in results["providers"]]
    lost += [f"{key}: no results" for key in missing]
    if lost and results["exit_code"] != ExitCode.DEVIATES:
        results["exit_code"] = int(ExitCode.INCONCLUSIVE)
    changes = None
    if accepted is not None and baseline.exists(accepted):
        changes = differences(baseline.read(accepted), Record(inventory, results))
    more = f"MISSING: {'; '.join(lost)}" if lost else ""
    text = digest.digest(results, changes, Masker(), more=more)
    _write(whole, output, results, inventory, text)
    echo(text, nl=False)
    return int(results["exit_code"])


def _write(
    folders: Sequence[Path],
    output: Path,
    results: Results,
    inventory: document.Document,
    summary: str,
) -> None:
    """Put the whole in the place of what ``output`` held, as a run does."""
    folder = ResultsFolder.begin(output.absolute(), uuid.uuid4().hex[:12])
    try:
        _fill(folders, folder.path, results, inventory)
        digest.write(summary, folder.path)
        folder.publish()
    finally:
        folder.discard()


def _fill(
    folders: Sequence[Path], output: Path, results: Results, inventory: document.Document
) -> None:
    document.write(inventory, output)
    text = json.dumps(visible_data(results), indent=2, ensure_ascii=False) + "\n"
    write_whole(text.encode(), output / baseline.RESULTS)
    junit = [one / "junit.xml" for one in folders if (one / "junit.xml").is_file()]
    merge_junit(junit, output / "junit.xml")
    merge_allure([one / "allure-results" for one in folders], output / "allure-results")


def _require_distinct(folders: Sequence[Path], output: Path) -> None:
    seen: set[Path] = {output.resolve()}
    for one in folders:
        if not one.is_dir():
            raise ConfigurationError(
                f"there is no folder {one}", hint="name what `kontrak run --output` wrote"
            )
        if one.resolve() in seen:
            raise ConfigurationError(
                f"{one} is given twice, or is the output", hint="name every folder once"
            )
        seen.add(one.resolve())
